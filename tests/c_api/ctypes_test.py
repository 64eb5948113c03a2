"""demitasse.h from Python, through nothing but the shared library: ctypes_test.py LIBRARY"""

import ctypes
import pathlib
import sys
import tempfile
import unittest

MODELS = pathlib.Path(__file__).parent.parent.parent / "models"
MODEL = str(MODELS / "digits_prelu" / "digits_prelu")
PICTURE = str(MODELS / "digits_prelu" / "seven.png")

LOG_FUNCTION = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)


def load(path):
    library = ctypes.CDLL(path)
    handle, text = ctypes.c_void_p, ctypes.c_char_p
    floats = ctypes.POINTER(ctypes.c_float)
    for name, result, arguments in [
            ("last_error", text, []),
            ("version", text, []),
            ("layer_types", text, []),
            ("set_log", ctypes.c_int, [LOG_FUNCTION, ctypes.c_void_p]),
            ("options_create", handle, []),
            ("options_set", ctypes.c_int, [handle, text, text]),
            ("options_free", None, [handle]),
            ("net_create", ctypes.c_int, [text, handle, ctypes.POINTER(handle)]),
            ("net_create_from_text", ctypes.c_int, [text, text, handle, ctypes.POINTER(handle)]),
            ("net_free", None, [handle]),
            ("net_load_weights", ctypes.c_int, [handle, text]),
            ("net_save_weights", ctypes.c_int, [handle, text]),
            ("net_forward", ctypes.c_int, [handle, floats]),
            ("net_input", handle, [handle, ctypes.c_int]),
            ("net_output", handle, [handle, ctypes.c_int]),
            ("blob_shape", ctypes.c_int, [handle, ctypes.c_int]),
            ("blob_size", ctypes.c_int64, [handle]),
            ("blob_data", floats, [handle]),
            ("blob_load_picture", ctypes.c_int, [handle, ctypes.c_int, text, floats, ctypes.c_int64,
                                                 ctypes.c_float, ctypes.c_int])]:
        function = getattr(library, "demitasse_" + name)
        function.restype, function.argtypes = result, arguments
    return library


class CtypesTest(unittest.TestCase):
    def check(self, status):
        self.assertEqual(0, status, LIBRARY.demitasse_last_error())

    def digits(self):
        net = ctypes.c_void_p()
        options = LIBRARY.demitasse_options_create()
        self.check(LIBRARY.demitasse_options_set(options, b"threads", b"1"))
        self.check(LIBRARY.demitasse_net_create((MODEL + ".prototxt").encode(), options,
                                                ctypes.byref(net)))
        LIBRARY.demitasse_options_free(options)
        self.addCleanup(LIBRARY.demitasse_net_free, net)
        return net

    def test_classifies_a_picture(self):
        net = self.digits()
        self.check(LIBRARY.demitasse_net_load_weights(net, (MODEL + ".caffemodel").encode()))
        blob = LIBRARY.demitasse_net_input(net, 0)
        self.assertEqual(28 * 28, LIBRARY.demitasse_blob_size(blob))
        if LIBRARY.demitasse_blob_load_picture(blob, 0, PICTURE.encode(), None, 0, 1 / 255, 0) != 0:
            self.skipTest(LIBRARY.demitasse_last_error().decode())
        self.check(LIBRARY.demitasse_net_forward(net, None))
        output = LIBRARY.demitasse_net_output(net, 0)
        scores = LIBRARY.demitasse_blob_data(output)[:LIBRARY.demitasse_blob_shape(output, 1)]
        self.assertEqual(7, scores.index(max(scores)))
        self.assertAlmostEqual(1, sum(scores), places=5)

    def test_errors_are_text(self):
        net = ctypes.c_void_p()
        status = LIBRARY.demitasse_net_create_from_text(b"layer { type: 'ReLu' }", b"n", None,
                                                        ctypes.byref(net))
        self.assertEqual(1, status)
        self.assertIn("did you mean 'ReLU'?", LIBRARY.demitasse_last_error().decode())
        self.assertIsNone(net.value)

    def test_logs_to_a_function(self):
        lines = []
        log = LOG_FUNCTION(lambda level, message, user: lines.append((level, message)))
        LIBRARY.demitasse_set_log(log, None)
        self.digits()
        LIBRARY.demitasse_set_log(LOG_FUNCTION(), None)
        self.assertTrue(lines)

    def test_knows_its_layers_and_saves_weights(self):
        self.assertIn(b"Convolution", LIBRARY.demitasse_layer_types().split(b"\n"))
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "saved.caffemodel"
            self.check(LIBRARY.demitasse_net_save_weights(self.digits(), str(path).encode()))
            self.assertGreater(path.stat().st_size, 1000)


if __name__ == "__main__":
    LIBRARY = load(sys.argv.pop(1))
    unittest.main()
