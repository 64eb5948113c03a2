"""A network of phase TEST, ready to be run by any framework: prototxt, weights, inputs."""
import os

import numpy as np

from .message import Message

_CALIBRATION_BATCH = 4
# Values keep their scale from layer to layer, so that a wrong layer shows in the result.
_FILLERS = {
    ("Convolution", "weight_filler"): {"type": '"msra"'},
    ("Convolution", "bias_filler"): {"type": '"gaussian"', "std": "0.1"},
    ("Scale", "filler"): {"type": '"uniform"', "min": "0.5", "max": "1.5"},
    ("Scale", "bias_filler"): {"type": '"gaussian"', "std": "0.1"},
    ("PReLU", "filler"): {"type": '"uniform"', "min": "0.1", "max": "0.4"},
}
_FILLERS.update({("InnerProduct", name): _FILLERS["Convolution", name]
                 for name in ("weight_filler", "bias_filler")})
_PARAM = {"Convolution": "convolution_param", "InnerProduct": "inner_product_param",
          "Scale": "scale_param", "PReLU": "prelu_param"}


def _in_test(layer):
    def matches(rule):
        return rule.text("phase", "TEST") == "TEST" and not rule.all("stage")

    included = layer.all("include")
    return (not included or any(map(matches, included))) and \
        not any(map(matches, layer.all("exclude")))


def _without_fillers(layer):
    for param in _PARAM.values():
        layer.message(param).remove("filler", "weight_filler", "bias_filler")


def _for_calibration(layer):
    """Random weights of a fixed scale; averages of BatchNorm from the data."""
    layer.message("batch_norm_param").remove("use_global_stats")
    param = _PARAM.get(layer.text("type"))
    if param is None:
        return
    fields = layer.message(param)
    for (layer_type, filler), values in _FILLERS.items():
        if layer_type == layer.text("type"):
            fields.set(filler, Message(values.items()))
    layer.set(param, fields)


class Network:
    """The layers of phase TEST of a prototxt file, with weights that are made once, in `folder`."""

    def __init__(self, setting, prototxt, folder):
        self.name = os.path.splitext(os.path.basename(prototxt))[0]
        self.folder = os.path.join(folder, self.name)
        os.makedirs(self.folder)
        self._setting = setting
        upgraded = self._path("upgraded.prototxt")
        setting.output_of([setting.tool, "upgrade", prototxt, upgraded, "--minloglevel=1"])
        with open(upgraded, encoding="utf-8") as file:
            net = Message.parse(file.read())
        self.layers = [layer for layer in net.all("layer") if _in_test(layer)]
        for layer in self.layers:
            layer.remove("include", "exclude")
        self.weights = self._path("weights.caffemodel")
        self._calibrate()

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _write(self, file_name, layers, batch):
        for layer in layers:
            for shape in layer.message("input_param").all("shape"):
                dims = [str(batch)] + shape.texts("dim")[1:]
                shape.fields = [("dim", dim) for dim in dims]
        net = Message([("name", f'"{self.name}"')] + [("layer", layer) for layer in layers])
        with open(self._path(file_name), "w", encoding="utf-8") as file:
            file.write(net.to_text())
        return file.name

    def _calibrate(self):
        layers = [layer.copy() for layer in self.layers]
        for layer in layers:
            _for_calibration(layer)
        model = self._write("calibration.prototxt", layers, _CALIBRATION_BATCH)
        self._setting.output_of([self._setting.tool, "run", f"--model={model}", "--phase=TRAIN",
                                 "--minloglevel=2", f"--save_params={self.weights}"])

    def prototxt(self, batch):
        """The net for so many images, without fillers: its weights come from the file."""
        layers = [layer.copy() for layer in self.layers]
        for layer in layers:
            _without_fillers(layer)
        return self._write(f"batch{batch}.prototxt", layers, batch)

    def inputs(self, batch):
        """[name, file of normal random numbers, shape] of each input."""
        random = np.random.default_rng(1)
        inputs = []
        for layer in self.layers:
            if layer.text("type") != "Input":
                continue
            shapes = layer.message("input_param").all("shape")
            for index, name in enumerate(layer.texts("top")):
                # One shape may stand for all tops.
                dims = shapes[min(index, len(shapes) - 1)].numbers("dim")
                shape = [batch] + dims[1:]
                path = self._path(f"input{len(inputs)}_{batch}.npy")
                np.save(path, random.standard_normal(shape, np.float32))
                inputs.append([name, path, shape])
        return inputs

    def outputs(self):
        """[blob, the layer that writes it last] of each blob that no layer reads."""
        writer, read = {}, set()
        for layer in self.layers:
            tops, bottoms = layer.texts("top"), layer.texts("bottom")
            read.update(bottoms)
            read.difference_update(tops)
            writer.update((top, layer.text("name")) for top in tops)
        return [[top, name] for top, name in writer.items() if top not in read]
