"""Tests what bench/compare does without any framework."""
import os
import sys
import unittest
import xml.dom.minidom

TREE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(TREE, "bench"))

from comparison.caffemodel import read_caffemodel  # noqa: E402
from comparison.frameworks import OURS  # noqa: E402
from comparison.machine import Machine  # noqa: E402
from comparison.measure import Result, Timing  # noqa: E402
from comparison.message import Message  # noqa: E402
from comparison.picture import picture  # noqa: E402
from comparison.tables import report  # noqa: E402
from comparison.targets import missed_targets  # noqa: E402

LAYER = """layer {
  name: "conv1"
  convolution_param {
    kernel_size: 3
    kernel_size: 5
    bias_term: false
  }
}
"""


def result(net, ours, peer, task="forward", batch=1):
    times = {OURS: Timing(ours, ours, ours), "PyTorch": Timing(peer, peer, peer)}
    return Result(net, task, batch, times, multiply_adds=10**6)


class MessageTest(unittest.TestCase):
    def test_reads_fields(self):
        layer = Message.parse(LAYER).message("layer")
        self.assertEqual(layer.text("name"), "conv1")
        param = layer.message("convolution_param")
        self.assertEqual(param.numbers("kernel_size"), [3, 5])
        self.assertFalse(param.flag("bias_term", True))
        self.assertEqual(param.number("group", 1), 1)

    def test_writes_what_it_read(self):
        self.assertEqual(Message.parse(LAYER).to_text(), LAYER)


class CaffemodelTest(unittest.TestCase):
    def test_reads_shapes_and_values(self):
        folder = os.path.join(TREE, "models", "digits_prelu")
        layers = read_caffemodel(os.path.join(folder, "digits_prelu.caffemodel"))
        self.assertEqual([blob.shape for blob in layers["conv1"]], [(8, 1, 5, 5), (8,)])
        self.assertEqual(layers["prelu1"][0].shape, (8,))
        self.assertGreater(abs(layers["conv1"][0]).max(), 0)


class TimingTest(unittest.TestCase):
    def test_is_median_and_quartiles(self):
        timing = Timing.of([5, 1, 2, 4, 3])
        self.assertEqual((timing.low, timing.median, timing.high), (2, 3, 4))

    def test_of_one_round_has_no_spread(self):
        self.assertEqual(Timing.of([7]), Timing(7, 7, 7))


class TargetsTest(unittest.TestCase):
    def test_slower_net_and_mean_are_named(self):
        missed = missed_targets({("forward", 1): [result("a", 2, 1), result("b", 1, 2)]}, {}, {})
        self.assertEqual(len(missed), 2)
        self.assertIn("a is 0.50 times as fast", missed[0])
        self.assertIn("1.00 times in the geometric mean, wanted 1.4", missed[1])

    def test_startup_and_memory(self):
        self.assertEqual(missed_targets({}, {OURS: (39, 0)}, {OURS: (0, 699)}), [])
        self.assertEqual(len(missed_targets({}, {OURS: (41, 0)}, {OURS: (0, 701)})), 2)


class ReportTest(unittest.TestCase):
    def setUp(self):
        self.groups = {("training", 16): [result("a", 2, 5, "training", 16)]}

    def test_table_has_ratio_and_share_of_limit(self):
        machine = Machine("P", 2, ["AVX2"], ["oneDNN"], sgemm_gflops=6, copy_gbytes=20)
        text = report(self.groups, {}, {}, machine, 2, {"PyTorch": "1.13"}, [])
        self.assertIn("| a | 2.00 | 5.00 | 2.50 | 3 | 50% |", text)

    def test_picture_is_xml_with_a_bar(self):
        svg = xml.dom.minidom.parseString(picture(self.groups))
        labels = [text.firstChild.data for text in svg.getElementsByTagName("text")]
        self.assertIn("2.50", labels)

    def test_nothing_compared_gives_no_picture(self):
        alone = Result("a", "forward", 1, {OURS: Timing(1, 1, 1)})
        self.assertEqual(picture({("forward", 1): [alone]}), "")


if __name__ == "__main__":
    unittest.main()
