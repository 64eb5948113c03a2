"""PyTorch as a worker; its task "export" writes a network in the forms that need no converter."""
import sys
import warnings

import torch

from . import worker
from .caffemodel import read_caffemodel
from .torch_net import TorchNet, Unsupported

_ONNX_OPSET = 13


def _module(job):
    return TorchNet(job["model"], read_caffemodel(job["weights"]),
                    [name for name, _, _ in job["inputs"]], [top for top, _ in job["outputs"]])


def _export(job, inputs):
    """model.pt, frozen TorchScript, and model.onnx."""
    net = _module(job).eval()
    with torch.no_grad():
        frozen = torch.jit.freeze(torch.jit.trace(net, inputs))
        torch.jit.save(frozen, job["model"] + ".pt")
        torch.onnx.export(net, inputs, job["model"] + ".onnx", opset_version=_ONNX_OPSET,
                          input_names=[name for name, _, _ in job["inputs"]],
                          output_names=[f"output{i}" for i in range(len(job["outputs"]))])


def _once(job, inputs):
    with torch.no_grad():
        worker.write_outputs(job, torch.jit.load(job["model"] + ".pt")(*inputs))


def _forward(job, inputs):
    net = _module(job).eval()
    variants = {}
    with torch.no_grad():
        traced = torch.jit.trace(net, inputs)
        modules = {"eager": net, "TorchScript": torch.jit.freeze(traced),
                   "TorchScript, optimized": torch.jit.optimize_for_inference(traced)}
        worker.write_outputs(job, net(*inputs))
        for name, module in modules.items():
            variants[name] = lambda module=module: module(*inputs)
        variant = worker.fastest(variants)
        worker.serve(variants[variant], torch.__version__, variant)


def _training(job, inputs):
    net = _module(job).train()

    def step():
        net.zero_grad(set_to_none=True)
        outputs = net(*inputs)
        torch.autograd.backward(outputs, [torch.ones_like(y) for y in outputs])

    step()
    worker.serve(step, torch.__version__, "eager")


def main():
    warnings.simplefilter("ignore")
    job = worker.job()
    torch.set_num_threads(job["threads"])
    inputs = tuple(torch.from_numpy(array) for array in worker.load_inputs(job))
    tasks = {"export": _export, "once": _once, "forward": _forward, "training": _training}
    try:
        tasks[job["task"]](job, inputs)
    except Unsupported as what:
        sys.exit(f"the converter does not know {what}")


if __name__ == "__main__":
    main()
