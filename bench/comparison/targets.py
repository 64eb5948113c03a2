"""What the project wants to reach, and what of that a run has missed."""
import statistics

from .frameworks import OURS

# How many times our time the fastest peer must take at least: every network, and the geometric mean
# of all, by (task, batch).
EACH = {("forward", 1): 1.0, ("forward", 16): 1.0, ("training", 16): 2.0}
MEAN = {("forward", 1): 1.4, ("forward", 16): 1.4, ("training", 16): 2.5}
# More for some, by (network, task, batch).
MORE = {("vgg16", "forward", 16): 1.3, ("resnet50", "forward", 16): 1.3}

# ncnn beside ONNX Runtime at batch 1 on a processor with AVX-512, as times: what else is possible.
NCNN_AHEAD_OF_ONNX_RUNTIME = {
    "lenet": 1.67, "mtcnn_onet": 2.95, "mtcnn_pnet360": 1.71, "squeezenet11": 1.21,
    "mobilenet_v1": 0.77, "mobilenet_v2": 0.69, "sphereface20": 1.52, "alexnet": 1.71,
    "googlenet": 1.21, "resnet50": 0.85, "vgg16": 1.84,
}

STARTUP_MILLISECONDS = 40
PEAK_MEGABYTES = 700


def title(task, batch):
    return f"{'Forward' if task == 'forward' else 'Forward and backward'}, batch {batch}"


def geometric_mean(results):
    """Of the ratios to the fastest peer; None if there are none."""
    ratios = [result.ratio() for result in results if result.ratio()]
    return statistics.geometric_mean(ratios) if ratios else None


def _missed_by(result):
    key = (result.task, result.batch)
    where = f"{title(*key)}: {result.net}"
    ratio = result.ratio()
    if ratio is None:
        return []
    missed = []
    target = MORE.get((result.net, *key), EACH.get(key, 0))
    if ratio < target:
        missed.append(f"{where} is {ratio:.2f} times as fast as the fastest peer, wanted {target}")
    ort, ncnn = result.times.get("ONNX Runtime"), NCNN_AHEAD_OF_ONNX_RUNTIME.get(result.net)
    if key == ("forward", 1) and ort and ncnn:
        ahead = ort.median / result.times[OURS].median
        if ahead < ncnn:
            missed.append(f"{where} is {ahead:.2f} times as fast as ONNX Runtime, where ncnn is "
                          f"{ncnn}")
    return missed


def missed_targets(groups, startup, memory):
    """Lines for `groups`, {(task, batch): results}, and for what processes take once."""
    missed = []
    for key, results in groups.items():
        for result in results:
            missed += _missed_by(result)
        mean = geometric_mean(results)
        if mean and mean < MEAN.get(key, 0):
            missed.append(f"{title(*key)}: {mean:.2f} times in the geometric mean, wanted "
                          f"{MEAN[key]}")
    if OURS in startup and startup[OURS][0] > STARTUP_MILLISECONDS:
        missed.append(f"Start to result of LeNet: {startup[OURS][0]:.0f} ms, wanted "
                      f"{STARTUP_MILLISECONDS}")
    if OURS in memory and memory[OURS][1] > PEAK_MEGABYTES:
        missed.append(f"Peak memory of ResNet-50: {memory[OURS][1]:.0f} MB, wanted "
                      f"{PEAK_MEGABYTES}")
    return missed
