"""The machine: what it is, and how fast it multiplies matrices and moves memory."""
import concurrent.futures
import dataclasses
import json
import os
import time

import numpy as np

_TRIALS = 7
_MATRIX = 2048
_COPY_FLOATS = 64 * 64 * 112 * 112

_PRODUCT_NET = """name: "product"
layer {{
  name: "a"
  type: "Input"
  top: "a"
  input_param {{ shape {{ dim: {0} dim: {0} }} }}
}}
layer {{
  name: "b"
  type: "InnerProduct"
  bottom: "a"
  top: "b"
  inner_product_param {{ num_output: {0} bias_term: false weight_filler {{ type: "msra" }} }}
}}
"""


@dataclasses.dataclass
class Machine:
    """The processor, and the limits that timings are compared with."""

    processor: str
    cores: int
    vector_units: list
    libraries: list
    sgemm_gflops: float
    copy_gbytes: float


def _fastest_seconds(run):
    def once():
        start = time.perf_counter()
        run()
        return time.perf_counter() - start

    run()
    return min(once() for _ in range(_TRIALS))


def _sgemm_gflops(setting):
    """The better of numpy's BLAS and the tool's inner product."""
    path = os.path.join(setting.folder, "product.prototxt")
    with open(path, "w", encoding="utf-8") as file:
        file.write(_PRODUCT_NET.format(_MATRIX))
    report = json.loads(setting.output_of(
        [setting.tool, "time", "--optimize", "--json", "--minloglevel=2", f"--model={path}",
         f"--iterations={_TRIALS}", f"--threads={setting.threads}"]))
    ours = report["forward_ms"]["min"] / 1000
    a, b = np.random.default_rng(1).standard_normal((2, _MATRIX, _MATRIX), np.float32)
    blas = _fastest_seconds(lambda: a @ b)
    return 2 * _MATRIX**3 / min(ours, blas) / 1e9


def _copy_gbytes(threads):
    """Bytes read and written by memcpy, which writes past the cache, in so many threads."""
    sources = np.array_split(np.ones(_COPY_FLOATS, np.float32), threads)
    targets = np.array_split(np.empty(_COPY_FLOATS, np.float32), threads)
    with concurrent.futures.ThreadPoolExecutor(threads) as pool:
        seconds = _fastest_seconds(lambda: list(pool.map(np.copyto, targets, sources)))
    return 2 * 4 * _COPY_FLOATS / seconds / 1e9


def measure_machine(setting):
    device = json.loads(setting.output_of([setting.tool, "device_query", "--json"]))
    libraries = [" ".join([library["name"], library["version"]]) for library in device["libraries"]
                 if library["built_in"] and library["name"] in ("oneDNN", "OpenBLAS")]
    return Machine(device["processor"], device["physical_cores"] or device["logical_cores"],
                   device["vector_units"], libraries, _sgemm_gflops(setting),
                   _copy_gbytes(setting.threads))
