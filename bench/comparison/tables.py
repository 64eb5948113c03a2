"""The results as Markdown."""
from .frameworks import OURS
from .targets import geometric_mean, title

# Forward multiplies once; backward twice, for the input and for the weights.
_PASSES = {"forward": 1, "training": 3}
_PICTURE = f"![Time of other frameworks, as multiples of {OURS}'s](performance.svg)\n\n"


def _significant(value):
    """Three digits: 0.0712, 7.12, 712"""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.{1 if value >= 10 else 2 if value >= 1 else 3}f}"


def _milliseconds(timing):
    if timing is None:
        return "-"
    median, low, high = map(_significant, (timing.median, timing.low, timing.high))
    return median if low == high else f"{median} ({low}-{high})"


def _row(cells):
    return "| " + " | ".join(cells) + " |\n"


def _head(cells):
    return _row(cells) + "|---" * len(cells) + "|\n"


def _result_row(result, names, machine):
    ratio, ours = result.ratio(), result.times[OURS]
    gflops = 2 * _PASSES[result.task] * result.multiply_adds / ours.median / 1e6
    return _row([result.net] + [_milliseconds(result.times.get(name)) for name in names] +
                [f"{ratio:.2f}" if ratio else "-", f"{gflops:.0f}",
                 f"{100 * gflops / machine.sgemm_gflops:.0f}%"])


def _group(key, results, machine):
    names = [OURS] + sorted({name for result in results for name in result.times} - {OURS})
    text = f"### {title(*key)}\n\n"
    text += _head(["ms"] + names + ["fastest peer / ours", "GFLOP/s", "of sgemm"])
    text += "".join(_result_row(result, names, machine) for result in results)
    mean = geometric_mean(results)
    if mean:
        text += f"\nGeometric mean of the ratios: {mean:.2f}.\n"
    notes = [f"- {result.net}: {note}\n" for result in results for note in result.notes]
    return text + ("\n" + "".join(notes) if notes else "") + "\n"


def _machine(machine, threads, versions):
    peers = [f"{name} {version}" for name, version in versions.items() if version]
    return (f"{machine.processor}, {machine.cores} cores, {', '.join(machine.vector_units)}; "
            f"{threads} threads. Limits: product of matrices {machine.sgemm_gflops:.0f} GFLOP/s, "
            f"copy {machine.copy_gbytes:.1f} GB/s.\n"
            f"{OURS} with {' and '.join(machine.libraries)}, beside {', '.join(peers) or 'none'}."
            "\n\n")


def _once(startup, memory):
    if not startup and not memory:
        return ""
    text = "### A process from start to result\n\n"
    text += _head(["", "LeNet, batch 1, ms", "ResNet-50, batch 16, peak MB"])
    for name in {**startup, **memory}:
        text += _row([name, f"{startup[name][0]:.0f}" if name in startup else "-",
                      f"{memory[name][1]:.0f}" if name in memory else "-"])
    return text + "\n"


def _variants(groups):
    """How often each of a framework's variants was its fastest."""
    counts = {}
    for results in groups.values():
        for result in results:
            for name, variant in result.variants.items():
                if variant and result.task == "forward":
                    counts[name, variant] = counts.get((name, variant), 0) + 1
    if not counts:
        return ""
    words = [f"{name} as {variant} ({count})" for (name, variant), count in counts.items()]
    return f"Taken forward, as the fastest of its kind: {', '.join(words)}.\n\n"


def report(groups, startup, memory, machine, threads, versions, missed):
    text = _machine(machine, threads, versions) + _PICTURE
    for key, results in groups.items():
        text += _group(key, results, machine)
    text += _variants(groups) + _once(startup, memory)
    if not missed:
        return text + "No target was missed.\n"
    return text + "Targets missed:\n\n" + "".join(f"- {line}\n" for line in missed)
