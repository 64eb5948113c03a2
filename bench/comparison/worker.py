"""What a worker does: one framework with one network in a process of its own.

A worker is started with its job as JSON: task, model (a prototxt file), weights, inputs (name,
file, shape), outputs (blob, layer), threads, and the folder of its results. It runs the network
once, writes the outputs, says on standard output what it is, and then answers each number on
standard input with the milliseconds that so many passes took. The task "once" ends after the first
pass; "training" writes no outputs.
"""
import json
import os
import sys
import time

import numpy as np

# How often a variant runs before it is timed; TorchScript needs some passes to settle.
_WARM_UPS = 3
_TRIALS = 3


def job():
    return json.loads(sys.argv[1])


def load_inputs(the_job):
    return [np.load(path) for _, path, _ in the_job["inputs"]]


def write_outputs(the_job, arrays):
    for index, array in enumerate(arrays):
        path = os.path.join(the_job["results"], f"{index}.f32")
        np.ascontiguousarray(array, np.float32).tofile(path)


def milliseconds(run):
    start = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - start)


def fastest(variants):
    """The name of the fastest of {name: run}."""
    times = {}
    for name, run in variants.items():
        for _ in range(_WARM_UPS):
            run()
        times[name] = min(milliseconds(run) for _ in range(_TRIALS))
    return min(times, key=times.get)


def serve(run, version, variant=""):
    print(json.dumps({"version": version, "variant": variant}), flush=True)
    for line in sys.stdin:
        print(json.dumps([milliseconds(run) for _ in range(int(line))]), flush=True)
