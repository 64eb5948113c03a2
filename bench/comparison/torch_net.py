"""A network in Caffe's format as a torch.nn.Module, written as torch's users would write it."""
import torch
from torch import nn
from torch.nn import functional

from .message import Message


class Unsupported(Exception):
    """The network has something that this converter does not know."""


def _pair(param, name, default):
    """(height, width) of a sliding window's field: kernel_h and kernel_w, or kernel_size."""
    height, width = param.numbers(f"{name}_h"), param.numbers(f"{name}_w")
    if height or width:
        return (height or [default])[0], (width or [default])[0]
    values = param.numbers("kernel_size" if name == "kernel" else name) or [default]
    return values[0], values[-1]


def _set(target, values):
    with torch.no_grad():
        target.copy_(torch.from_numpy(values).reshape(target.shape))


class _FixedBatchNorm(nn.BatchNorm2d):
    """use_global_stats: the averages of the weights file, in training too."""

    def train(self, mode=True):
        return super().train(False)


class _Scale(nn.Module):
    def __init__(self, blobs, axis, dimensions):
        super().__init__()
        shape = [1] * axis + list(blobs[0].shape)
        shape += [1] * (dimensions - len(shape))
        self.weight = nn.Parameter(torch.from_numpy(blobs[0]).reshape(shape))
        self.bias = nn.Parameter(torch.from_numpy(blobs[1]).reshape(shape)) if blobs[1:] else None

    def forward(self, x):
        y = x * self.weight
        return y if self.bias is None else y + self.bias


class _Eltwise(nn.Module):
    def __init__(self, param):
        super().__init__()
        self.operation = param.text("operation", "SUM")
        self.coefficients = [float(value) for value in param.all("coeff")]

    def forward(self, x, *others):
        scales = self.coefficients or [1.0] * (1 + len(others))
        y = x if scales[0] == 1 else scales[0] * x
        for scale, other in zip(scales[1:], others):
            if self.operation == "PROD":
                y = y * other
            elif self.operation == "MAX":
                y = torch.maximum(y, other)
            else:
                y = y + (other if scale == 1 else scale * other)
        return y


class _Concat(nn.Module):
    def __init__(self, axis):
        super().__init__()
        self.axis = axis

    def forward(self, *x):
        return torch.cat(x, self.axis)


class _OnnxLrn(torch.autograd.Function):
    """Says to the exporter that ONNX has this operator; torch would write it as six others."""

    @staticmethod
    def forward(ctx, x, size, alpha, beta, k):
        return functional.local_response_norm(x, size, alpha, beta, k)

    @staticmethod
    def symbolic(g, x, size, alpha, beta, k):
        return g.op("LRN", x, size_i=size, alpha_f=alpha, beta_f=beta, bias_f=k).setType(x.type())


class _Lrn(nn.LocalResponseNorm):
    def forward(self, x):
        if torch.onnx.is_in_onnx_export():
            return _OnnxLrn.apply(x, self.size, self.alpha, self.beta, self.k)
        return super().forward(x)


def _convolution(layer, blobs):
    param = layer.message("convolution_param")
    group = int(param.number("group", 1))
    outputs, inputs = blobs[0].shape[:2]
    conv = nn.Conv2d(inputs * group, outputs, _pair(param, "kernel", 1),
                     _pair(param, "stride", 1), _pair(param, "pad", 0),
                     (param.numbers("dilation") or [1])[0], group, bias=len(blobs) > 1)
    _set(conv.weight, blobs[0])
    if len(blobs) > 1:
        _set(conv.bias, blobs[1])
    return conv


def _inner_product(layer, blobs):
    if layer.message("inner_product_param").flag("transpose"):
        raise Unsupported("a transposed InnerProduct")
    outputs, inputs = blobs[0].shape[-2:]
    linear = nn.Linear(inputs, outputs, bias=len(blobs) > 1)
    _set(linear.weight, blobs[0])
    if len(blobs) > 1:
        _set(linear.bias, blobs[1])
    return nn.Sequential(nn.Flatten(), linear)


def batch_norm(layer, blobs, scale_blobs=None):
    """BatchNorm, and the Scale behind it if there is one, which is half of torch's layer."""
    param = layer.message("batch_norm_param")
    make = _FixedBatchNorm if param.flag("use_global_stats") else nn.BatchNorm2d
    mean, variance, count = blobs
    norm = make(mean.size, eps=param.number("eps", 1e-5), affine=scale_blobs is not None)
    scale = 1 / count.item() if count.item() != 0 else 0
    _set(norm.running_mean, mean * scale)
    _set(norm.running_var, variance * scale)
    if scale_blobs is not None:
        _set(norm.weight, scale_blobs[0])
        if len(scale_blobs) > 1:
            _set(norm.bias, scale_blobs[1])
    return norm


def _prelu(layer, blobs):
    prelu = nn.PReLU(blobs[0].size)
    _set(prelu.weight, blobs[0])
    return prelu


def _pooling(layer, _):
    param = layer.message("pooling_param")
    pool = param.text("pool", "MAX")
    if pool not in ("MAX", "AVE"):
        raise Unsupported(f"{pool} pooling")
    if param.flag("global_pooling"):
        return nn.AdaptiveMaxPool2d(1) if pool == "MAX" else nn.AdaptiveAvgPool2d(1)
    window = (_pair(param, "kernel", 1), _pair(param, "stride", 1), _pair(param, "pad", 0))
    make = nn.MaxPool2d if pool == "MAX" else nn.AvgPool2d
    return make(*window, ceil_mode=param.text("round_mode", "CEIL") == "CEIL")


def _lrn(layer, _):
    param = layer.message("lrn_param")
    if param.text("norm_region", "ACROSS_CHANNELS") != "ACROSS_CHANNELS":
        raise Unsupported("LRN within channels")
    return _Lrn(int(param.number("local_size", 5)), param.number("alpha", 1),
                param.number("beta", 0.75), param.number("k", 1))


def _relu(layer, _):
    slope = layer.message("relu_param").number("negative_slope", 0)
    in_place = layer.texts("bottom") == layer.texts("top")
    return nn.LeakyReLU(slope, in_place) if slope else nn.ReLU(in_place)


def _concat(layer, _):
    param = layer.message("concat_param")
    return _Concat(int(param.number("axis", param.number("concat_dim", 1))))


_MODULES = {
    "Convolution": _convolution,
    "InnerProduct": _inner_product,
    "BatchNorm": batch_norm,
    "Scale": lambda layer, blobs: _Scale(
        blobs, int(layer.message("scale_param").number("axis", 1)), 4),
    "ReLU": _relu,
    "PReLU": _prelu,
    "Pooling": _pooling,
    "LRN": _lrn,
    "Concat": _concat,
    "Eltwise": lambda layer, _: _Eltwise(layer.message("eltwise_param")),
    "Dropout": lambda layer, _: nn.Dropout(layer.message("dropout_param").number(
        "dropout_ratio", 0.5)),
    "Softmax": lambda layer, _: nn.Softmax(int(layer.message("softmax_param").number("axis", 1))),
    "Sigmoid": lambda layer, _: nn.Sigmoid(),
    "TanH": lambda layer, _: nn.Tanh(),
    "Flatten": lambda layer, _: nn.Flatten(),
}


class TorchNet(nn.Module):
    """The layers in their order; forward takes the inputs and gives the outputs as tuples do."""

    def __init__(self, prototxt, weights, inputs, outputs):
        super().__init__()
        with open(prototxt, encoding="utf-8") as file:
            layers = Message.parse(file.read()).all("layer")
        self._inputs, self._outputs = inputs, outputs
        self._modules_in_order = nn.ModuleList()
        self._wires = []
        layers = [layer for layer in layers if layer.text("type") != "Input"]
        while layers:
            self._add(layers, weights)
        self._forget_after_last_use()

    def _add(self, layers, weights):
        """Takes a layer from the front, or a BatchNorm with its Scale."""
        layer = layers.pop(0)
        blobs = weights.get(layer.text("name"), [])
        tops, make = layer.texts("top"), _MODULES.get(layer.text("type"))
        if make is None:
            raise Unsupported(f"a layer {layer.text('type')}")
        behind = layers[0] if layers else Message()
        if layer.text("type") == "BatchNorm" and behind.text("type") == "Scale" and \
                behind.texts("bottom") == tops:
            module = batch_norm(layer, blobs, weights[behind.text("name")])
            tops = layers.pop(0).texts("top")
        else:
            module = make(layer, blobs)
        self._modules_in_order.append(module)
        self._wires.append((layer.texts("bottom"), tops[0]))

    def _forget_after_last_use(self):
        needed = set(self._outputs)
        self._forget = []
        for bottoms, _ in reversed(self._wires):
            self._forget.append([name for name in set(bottoms) if name not in needed])
            needed.update(bottoms)
        self._forget.reverse()

    def forward(self, *inputs):
        blobs = dict(zip(self._inputs, inputs))
        for module, (bottoms, top), forget in zip(self._modules_in_order, self._wires,
                                                  self._forget):
            y = module(*(blobs[name] for name in bottoms))
            for name in forget:
                del blobs[name]
            blobs[top] = y
        return tuple(blobs[name] for name in self._outputs)
