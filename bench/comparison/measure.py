"""Runs a network in all frameworks, and times it in rounds in which each has its turn."""
import contextlib
import dataclasses
import os
import statistics
import time

import numpy as np

from . import frameworks
from .frameworks import OURS, Failure

# Of the largest value; the networks' sums have up to 25088 terms.
_TOLERANCE = 1e-3
# Time for threads that wait actively to go to sleep before the next framework's turn.
_PAUSE_SECONDS = 0.05
_MOST_ITERATIONS = 1000


@dataclasses.dataclass
class Timing:
    """Milliseconds: the median and the quartiles of the rounds' medians."""

    median: float
    low: float
    high: float

    @staticmethod
    def of(rounds):
        if len(rounds) == 1:
            return Timing(rounds[0], rounds[0], rounds[0])
        low, median, high = statistics.quantiles(rounds, n=4, method="inclusive")
        return Timing(median, low, high)


@dataclasses.dataclass
class Result:
    """One network at one batch size in one task, "forward" or "training"."""

    net: str
    task: str
    batch: int
    times: dict = dataclasses.field(default_factory=dict)
    multiply_adds: int = 0
    variants: dict = dataclasses.field(default_factory=dict)
    notes: list = dataclasses.field(default_factory=list)

    def fastest_peer(self):
        peers = [timing.median for name, timing in self.times.items() if name != OURS]
        return min(peers) if peers and OURS in self.times else None

    def ratio(self):
        """How many times our time the fastest peer takes."""
        fastest = self.fastest_peer()
        return fastest / self.times[OURS].median if fastest else None


@dataclasses.dataclass
class Bench:
    """What is the same for all networks of a run."""

    setting: frameworks.Setting
    participants: list
    rounds: int
    round_seconds: float
    versions: dict = dataclasses.field(default_factory=dict)
    # (network, framework) of results that differ.
    wrong: set = dataclasses.field(default_factory=set)

    def job(self, network, task, batch, framework):
        results = os.path.join(network.folder, f"{task}{batch} {framework}")
        os.makedirs(results, exist_ok=True)
        return {"task": task, "model": network.prototxt(batch), "weights": network.weights,
                "inputs": network.inputs(batch), "outputs": network.outputs(),
                "threads": self.setting.threads, "results": results}

    def export(self, network, batch):
        """Why there is no network for those that need an exported one; empty if there is."""
        if not any(framework.name == "PyTorch" for framework in self.participants):
            return "PyTorch, which would write the ONNX file, is not installed"
        try:
            frameworks.export(self.job(network, "forward", batch, "export"), self.setting)
        except Failure as failure:
            return f"not exported: {failure}"
        return ""

    def measure(self, network, task, batch, unexported=""):
        result = Result(network.name, task, batch)
        runners = self._start(network, result, unexported)
        try:
            rounds = self._rounds(runners)
        finally:
            for runner in runners.values():
                runner.close()
        result.times = {name: Timing.of(times) for name, times in rounds.items()}
        result.multiply_adds = runners[OURS].multiply_adds
        return result

    def _start(self, network, result, unexported):
        runners, expected = {}, None
        for framework in self.participants:
            if result.task not in framework.tasks or (network.name, framework.name) in self.wrong:
                continue
            job = self.job(network, result.task, result.batch, framework.name)
            try:
                if framework.needs_export and unexported:
                    raise Failure(unexported)
                runner = framework.start(job, self.setting)
            except Failure as failure:
                if framework.name == OURS:
                    raise
                result.notes.append(f"{framework.name}: {failure}")
                continue
            runners[framework.name] = runner
            if result.task == "forward":
                outputs = framework.outputs(job)
                expected = expected or outputs
                difference = max(map(_difference, outputs, expected))
                if difference > _TOLERANCE:
                    self._drop(framework.name, difference, runners, result)
            self.versions[framework.name] = runner.version
            result.variants[framework.name] = runner.variant
        return runners

    def _drop(self, name, difference, runners, result):
        if name == OURS:
            raise Failure("its result is not finite")
        self.wrong.add((result.net, name))
        runners.pop(name).close()
        result.notes.append(f"{name}: not timed, its result is another one (it differs by "
                            f"{difference:.2g} of the largest value)")

    def _rounds(self, runners):
        iterations, times = {}, {name: [] for name in runners}
        for name, runner in runners.items():
            first = runner.round(1)
            wanted = int(1000 * self.round_seconds / max(first, 1e-3))
            iterations[name] = min(max(wanted, 1), _MOST_ITERATIONS)
        for _ in range(self.rounds):
            for name, runner in runners.items():
                time.sleep(_PAUSE_SECONDS)
                times[name].append(runner.round(iterations[name]))
        return times

    def once(self, network, batch, times):
        """{framework: (milliseconds, MB)} from process start to result, each so often."""
        unexported = self.export(network, batch)
        jobs = {framework: self.job(network, "forward", batch, framework.name)
                for framework in self.participants}
        figures = {framework.name: [] for framework in self.participants}
        for _ in range(times):
            for framework, job in jobs.items():
                # PyTorch too starts from what was exported.
                if unexported and framework.name not in (OURS, "OpenCV"):
                    continue
                with contextlib.suppress(Failure):
                    figures[framework.name].append(framework.once(job, self.setting))
        return {name: tuple(map(statistics.median, zip(*each)))
                for name, each in figures.items() if each}


def _difference(one, other):
    if one.shape != other.shape or not np.all(np.isfinite(one)):
        return float("inf")
    return float(np.max(np.abs(one - other)) / max(float(np.max(np.abs(other))), 1e-30))
