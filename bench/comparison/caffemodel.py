"""Reads the arrays of a .caffemodel file."""
import mmap

import numpy as np

# Field numbers in caffe.proto.
_NET_LAYER = 100
_LAYER_NAME, _LAYER_BLOBS = 1, 7
_BLOB_DATA, _BLOB_SHAPE = 5, 7
_SHAPE_DIM = 1

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5


def _varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at


def _fields(data, at, end):
    """Gives (number, begin, end) of each field that has a length, and skips the others."""
    while at < end:
        tag, at = _varint(data, at)
        wire_type = tag & 7
        if wire_type == _VARINT:
            _, at = _varint(data, at)
        elif wire_type == _LENGTH:
            length, at = _varint(data, at)
            yield tag >> 3, at, at + length
            at += length
        elif wire_type in (_FIXED32, _FIXED64):
            at += 4 if wire_type == _FIXED32 else 8
        else:
            raise ValueError(f"wire type {wire_type} at byte {at}")


def _dims(data, begin, end):
    dims = []
    for number, at, field_end in _fields(data, begin, end):
        while number == _SHAPE_DIM and at < field_end:
            dim, at = _varint(data, at)
            dims.append(dim)
    return dims


def _blob(data, begin, end):
    shape, values = [], np.zeros(0, np.float32)
    for number, at, field_end in _fields(data, begin, end):
        if number == _BLOB_SHAPE:
            shape = _dims(data, at, field_end)
        elif number == _BLOB_DATA:
            values = np.frombuffer(data, "<f4", (field_end - at) // 4, at)
    return values.reshape(shape).copy()


def read_caffemodel(path):
    """The arrays of each layer that has some: {layer name: [array, ...]}."""
    layers = {}
    with open(path, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for number, begin, end in _fields(data, 0, len(data)):
            if number != _NET_LAYER:
                continue
            name, blobs = "", []
            for field, at, field_end in _fields(data, begin, end):
                if field == _LAYER_NAME:
                    name = data[at:field_end].decode()
                elif field == _LAYER_BLOBS:
                    blobs.append(_blob(data, at, field_end))
            if blobs:
                layers[name] = blobs
    return layers
