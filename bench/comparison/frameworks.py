"""The frameworks: their names, how to get them, and processes that run a network in them."""
import contextlib
import json
import os
import re
import statistics
import subprocess
import sys

import numpy as np

_HERE = os.path.dirname(os.path.abspath(__file__))
OURS = "Demitasse"


class Failure(Exception):
    """A framework could not run a network; the message says why in a line."""


def _last_message(path):
    """The last line that tells of an error, or else the last line."""
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = [line.strip() for line in file if line.strip()]
    errors = [line for line in lines if "error:" in line.lower()]
    return (errors or lines or ["no message"])[-1]


class Setting:
    """What all frameworks are started with."""

    def __init__(self, tool, threads, node_modules, folder):
        self.tool = tool
        self.threads = threads
        self.folder = folder
        count = str(threads)
        self.environment = dict(os.environ, OMP_NUM_THREADS=count, OPENBLAS_NUM_THREADS=count,
                                PYTHONPATH=os.path.dirname(_HERE),
                                NODE_PATH=os.path.abspath(node_modules))
        self._processes = 0

    def succeeds(self, command):
        with contextlib.suppress(FileNotFoundError):
            return subprocess.run(command, env=self.environment, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, check=False).returncode == 0
        return False

    def error_file(self):
        self._processes += 1
        return os.path.join(self.folder, f"stderr{self._processes}")

    def output_of(self, command):
        error_file = self.error_file()
        with open(error_file, "wb") as errors:
            done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE,
                                  stderr=errors, check=False)
        if done.returncode != 0:
            raise Failure(_last_message(error_file))
        return done.stdout.decode()

    def once(self, command):
        """(milliseconds, MB at the peak) of a command from its start to its end."""
        return tuple(json.loads(self.output_of(
            [sys.executable, "-S", os.path.join(_HERE, "once.py")] + command)))


class _Worker:
    """A process that answers as worker.py says, with its network loaded."""

    def __init__(self, command, setting):
        self._error_file = setting.error_file()
        with open(self._error_file, "wb") as errors:
            self._process = subprocess.Popen(command, env=setting.environment, text=True,
                                             stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                             stderr=errors)
        answer = self._answer()
        self.version, self.variant = answer["version"], answer["variant"]

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            self.close()
            raise Failure(_last_message(self._error_file))
        return json.loads(line)

    def round(self, iterations):
        """The median milliseconds of so many passes."""
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(f"{iterations}\n")
            self._process.stdin.flush()
        return statistics.median(self._answer())

    def close(self):
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


class Peer:
    """Another framework, whose worker takes a job (see worker.py) as its last argument."""

    def __init__(self, name, tasks, command, probe, how_to_get, needs_export=False):
        self.name = name
        self.tasks = tasks
        self.needs_export = needs_export
        self.how_to_get = how_to_get
        self._command = command
        self._probe = probe

    def missing(self, setting):
        return not setting.succeeds(self._probe)

    def start(self, job, setting):
        return _Worker(self._command + [json.dumps(job)], setting)

    def once(self, job, setting):
        return setting.once(self._command + [json.dumps(dict(job, task="once"))])

    @staticmethod
    def outputs(job):
        return [np.fromfile(os.path.join(job["results"], f"{index}.f32"), np.float32)
                for index in range(len(job["outputs"]))]


class _TimedByTool:
    """Demitasse as `demitasse time` sees it: each round is a process."""

    version = variant = ""

    def __init__(self, job, setting):
        self._setting = setting
        forward = job["task"] == "forward"
        shapes = ",".join(f"{name}={'x'.join(map(str, shape))}" for name, _, shape in job["inputs"])
        self._command = [setting.tool, "time", "--json", "--minloglevel=2",
                         f"--model={job['model']}", f"--weights={job['weights']}",
                         f"--threads={job['threads']}", f"--input_shape={shapes}",
                         "--optimize" if forward else "--phase=TRAIN"]
        self.multiply_adds = 0

    def round(self, iterations):
        report = json.loads(self._setting.output_of(
            self._command + [f"--iterations={iterations}"]))
        self.multiply_adds = sum(layer["multiply_adds"] for layer in report["layers"])
        return report["forward_ms"]["median"] + report["backward_ms"]["median"]

    def close(self):
        pass


class Ours:
    """Demitasse's tool."""

    name = OURS
    tasks = ("forward", "training")
    needs_export = False

    @staticmethod
    def _run(job, setting):
        inputs = ",".join(f"{name}={path}" for name, path, _ in job["inputs"])
        return [setting.tool, "run", "--optimize", "--minloglevel=2", f"--model={job['model']}",
                f"--weights={job['weights']}", f"--threads={job['threads']}", f"--input={inputs}",
                f"--output={job['results']}"]

    def start(self, job, setting):
        if job["task"] == "forward":
            setting.output_of(self._run(job, setting))
        return _TimedByTool(job, setting)

    def once(self, job, setting):
        return setting.once(self._run(job, setting))

    @staticmethod
    def outputs(job):
        files = [re.sub(r"[^A-Za-z0-9._-]", "_", top) + ".npy" for top, _ in job["outputs"]]
        return [np.load(os.path.join(job["results"], file)).ravel() for file in files]


_TORCH = [sys.executable, "-m", "comparison.torch_worker"]

PEERS = [
    Peer("PyTorch", ("forward", "training"), _TORCH, [sys.executable, "-c", "import torch"],
         "apt-get install python3-torch"),
    Peer("OpenCV", ("forward",), [sys.executable, "-m", "comparison.opencv_worker"],
         [sys.executable, "-c", "import cv2"], "apt-get install python3-opencv"),
    Peer("ONNX Runtime", ("forward",), ["node", os.path.join(_HERE, "onnxruntime_worker.js")],
         ["node", "-e", "require('onnxruntime-node')"],
         "npm install --ignore-scripts onnxruntime-node, and name its folder with "
         "--node_modules=DIR; it also needs PyTorch, which writes the ONNX file",
         needs_export=True),
]


def export(job, setting):
    """Writes what PyTorch starts from and what ONNX Runtime reads, beside the prototxt."""
    setting.output_of(_TORCH + [json.dumps(dict(job, task="export"))])
