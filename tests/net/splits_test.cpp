#include "src/net/splits.hpp"

#include "src/net/filter.hpp"
#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

// The plan with splits, one line for each layer: "name: bottoms -> tops", and the loss weights.
std::string Split(const std::string& text) {
  const NetSource read = Parse(text);
  Diagnostics diagnostics;
  std::vector<PlannedLayer> layers = FilterLayers(read.net, *read.source, &diagnostics);
  const Wiring wiring = Connect(layers, read.net, *read.source, &diagnostics);
  EXPECT_EQ(AllErrors(diagnostics), "");
  std::string lines;
  for (const PlannedLayer& layer : InsertSplits(std::move(layers), wiring)) {
    lines += layer.param.name() + ":";
    for (const std::string& bottom : layer.param.bottom()) lines += " " + bottom;
    lines += " ->";
    for (const std::string& top : layer.param.top()) lines += " " + top;
    for (const float weight : layer.param.loss_weight()) {
      lines += " " + std::to_string(static_cast<int>(weight));
    }
    lines += "\n";
  }
  return lines;
}

TEST(Splits, LeaveAloneWhatIsReadOnce) {
  EXPECT_EQ(Split("layer { name: 'in' top: 'x' top: 'y' } layer { name: 'a' bottom: 'x' }"),
            "in: -> x y\n"
            "a: x ->\n");
}

TEST(Splits, GiveEachReaderACopyNamedAsInCaffe) {
  EXPECT_EQ(Split("layer { name: 'in' top: 'x' }"
                  "layer { name: 'a' bottom: 'x' top: 'ax' } layer { name: 'b' bottom: 'x' }"),
            "in: -> x\n"
            "x_in_0_split: x -> x_in_0_split_0 x_in_0_split_1 0 0\n"
            "a: x_in_0_split_0 -> ax\n"
            "b: x_in_0_split_1 ->\n");
}

TEST(Splits, GiveALayerThatReadsTwiceTwoCopies) {
  EXPECT_EQ(Split("layer { name: 'in' top: 'x' } layer { name: 'a' bottom: 'x' bottom: 'x' }"),
            "in: -> x\n"
            "x_in_0_split: x -> x_in_0_split_0 x_in_0_split_1 0 0\n"
            "a: x_in_0_split_0 x_in_0_split_1 ->\n");
}

TEST(Splits, NumberTheTopsOfALayer) {
  EXPECT_EQ(Split("layer { name: 'in' top: 'x' top: 'y' }"
                  "layer { name: 'a' bottom: 'x' bottom: 'y' }"
                  "layer { name: 'b' bottom: 'y' bottom: 'x' }"),
            "in: -> x y\n"
            "x_in_0_split: x -> x_in_0_split_0 x_in_0_split_1 0 0\n"
            "y_in_1_split: y -> y_in_1_split_0 y_in_1_split_1 0 0\n"
            "a: x_in_0_split_0 y_in_1_split_0 ->\n"
            "b: y_in_1_split_1 x_in_0_split_1 ->\n");
}

TEST(Splits, StandBehindTheLayerThatWroteInPlace) {
  EXPECT_EQ(Split("layer { name: 'in' top: 'x' } layer { name: 'relu' bottom: 'x' top: 'x' }"
                  "layer { name: 'a' bottom: 'x' } layer { name: 'b' bottom: 'x' }"),
            "in: -> x\n"
            "relu: x -> x\n"
            "x_relu_0_split: x -> x_relu_0_split_0 x_relu_0_split_1 0 0\n"
            "a: x_relu_0_split_0 ->\n"
            "b: x_relu_0_split_1 ->\n");
}

TEST(Splits, ALossThatIsReadGoesToACopyOfItsOwn) {
  EXPECT_EQ(Split("layer { name: 'ip' top: 'x' top: 'y' loss_weight: 3 loss_weight: 4 }"
                  "layer { name: 'a' bottom: 'x' }"),
            "ip: -> x y 0 4\n"
            "x_ip_0_split: x -> x_ip_0_split_0 x_ip_0_split_1 3 0\n"
            "a: x_ip_0_split_1 ->\n");
}

TEST(Splits, ALossThatNobodyReadsNeedsNone) {
  EXPECT_EQ(Split("layer { name: 'ip' top: 'x' loss_weight: 3 }"), "ip: -> x 3\n");
}

TEST(Splits, TakeThePhaseAndPlaceOfTheWriter) {
  const NetSource read = Parse(
      "layer { name: 'in' top: 'x' phase: TRAIN }"
      "layer { name: 'a' bottom: 'x' } layer { name: 'b' bottom: 'x' }");
  Diagnostics diagnostics;
  std::vector<PlannedLayer> layers = FilterLayers(read.net, *read.source, &diagnostics);
  const Wiring wiring = Connect(layers, read.net, *read.source, &diagnostics);
  const auto split = InsertSplits(std::move(layers), wiring).at(1);
  EXPECT_TRUE(split.is_split);
  EXPECT_EQ(split.param.type(), "Split");
  EXPECT_EQ(split.param.phase(), caffe::TRAIN);
  EXPECT_EQ(split.path, "layer[0]");
}

}  // namespace
}  // namespace demitasse
