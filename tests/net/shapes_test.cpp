#include "src/net/shapes.hpp"

#include <gmock/gmock.h>

#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using Shape = std::vector<int>;

constexpr char kData[] = "layer { name: 'd' type: 'Data' top: 'data' top: 'label' ";

std::string ProblemsOf(const std::string& text) {
  Diagnostics diagnostics;
  BuildShapes(Parse(text), {}, {}, &diagnostics);
  return AllErrors(diagnostics);
}

std::unique_ptr<NetState> ShapesOf(const std::string& text, const GivenShapes& shapes = {}) {
  Diagnostics diagnostics;
  auto state = BuildShapes(Parse(text), ForPhase(caffe::TRAIN), shapes, &diagnostics);
  EXPECT_EQ(AllErrors(diagnostics), "");
  return state;
}

const Blob& BlobOf(const NetState& state, const std::string& name) {
  return *state.blobs.at(state.blob_index.at(name));
}

TEST(Shapes, AreThoseOfTheNetWithoutItsMemory) {
  const std::string text = InputText("x", "2, 3") + InnerProductText("ip: InnerProduct x -> y", 5) +
                           LayerText("r: ReLU y -> y") +
                           LayerText("z: DummyData -> z",
                                     "dummy_data_param { shape { dim: 7 } data_filler { value: 1 "
                                     "} }");
  const auto state = ShapesOf(text);
  EXPECT_EQ(BlobOf(*state, "y").shape(), (Shape{2, 5}));
  EXPECT_EQ(BlobOf(*state, "z").shape(), (Shape{7}));
  EXPECT_EQ(state->params.at(0)->shape(), (Shape{5, 3}));
  EXPECT_EQ(state->budget->used(), 0);
}

TEST(Shapes, OfDataAreUnknownAndFlowOn) {
  const std::string net = std::string(kData) + "data_param { source: 'none' batch_size: 8 } }\n" +
                          InnerProductText("ip: InnerProduct data -> y", 5) +
                          LayerText("loss: SoftmaxWithLoss y label");
  const auto state = ShapesOf(net);
  EXPECT_FALSE(BlobOf(*state, "data").has_shape());
  EXPECT_FALSE(BlobOf(*state, "y").has_shape());
  EXPECT_EQ(BlobOf(*state, "label").shape(), (Shape{8}));
  EXPECT_EQ(state->is_set_up, (std::vector<bool>{true, false, false}));
  EXPECT_THAT(SourceTops(*state), ElementsAre("data", "label"));

  const auto given = ShapesOf(net, {{"data", {8, 1, 28, 28}}});
  EXPECT_EQ(BlobOf(*given, "y").shape(), (Shape{8, 5}));
  EXPECT_EQ(given->params.at(0)->shape(), (Shape{5, 784}));
}

TEST(Shapes, OfDataAreKnownWhereFieldsTellThem) {
  const auto data = [](const std::string& transform) {
    const auto state =
        ShapesOf(std::string(kData) + "data_param { source: 'none' batch_size: 8 } " +
                 "transform_param { " + transform + " } }\n");
    const Blob& blob = BlobOf(*state, "data");
    return blob.has_shape() ? blob.shape() : Shape{};
  };
  EXPECT_EQ(data("crop_size: 227"), Shape{});
  EXPECT_EQ(data("force_gray: true"), Shape{});
  EXPECT_EQ(data("crop_size: 227 force_gray: true"), (Shape{8, 1, 227, 227}));
  EXPECT_EQ(data("crop_size: 9 mean_value: [1, 2, 3]"), (Shape{8, 3, 9, 9}));
  const auto images =
      ShapesOf(LayerText("d: ImageData -> data label",
                         "image_data_param { source: 'none' new_height: 30 new_width: 40 }"));
  EXPECT_EQ(BlobOf(*images, "data").shape(), (Shape{1, 3, 30, 40}));
}

TEST(Shapes, DataLayersCheckTheirFieldsAllTheSame) {
  EXPECT_EQ(ProblemsOf(std::string(kData) + "}"),
            "net:1:1: error: layer 'd' (Data): batch_size must be greater than 0, got 0\n");
  EXPECT_EQ(ProblemsOf(std::string(kData) + "data_param { batch_size: 1 } }"),
            "net:1:57: error: layer 'd' (Data): source is missing or empty\n");
  EXPECT_EQ(ProblemsOf(LayerText("d: ImageData -> data label",
                                 "image_data_param { source: 'none' new_height: 9 new_width: 9 } "
                                 "transform_param { crop_size: 10 }")),
            "net:1:154: error: layer 'd' (ImageData): crop_size must not be larger than the "
            "picture, got 10 for one of 9 x 9\n");
}

TEST(Shapes, AllProblemsAreFoundAndNoneThatFollowFromThem) {
  EXPECT_EQ(
      ProblemsOf(InputText("x", "2, 3") + LayerText("a: ReLu x -> a") +
                 LayerText("b: ReLU a -> b") + LayerText("c: ReLU a b -> c") +
                 LayerText("d: ReLU unknown -> d") + InnerProductText("e: InnerProduct x -> e", 0) +
                 LayerText("f: Softmax x -> f", "loss_weight: [1, 2]") +
                 InnerProductText("g: InnerProduct x -> g", 2, "param {} param {} param {}")),
      "net:5:40: error: layer 'd' (ReLU): bottom[0] 'unknown' is not produced by any layer "
      "above; known blobs: x, a, b, c\n"
      "net:2:25: error: layer 'a': unknown layer type 'ReLu'; did you mean 'ReLU'?\n"
      "net:4:52: error: layer 'c' (ReLU): takes exactly 1 bottom blob, got 2: a_a_0_split_1, "
      "b\n"
      "net:6:95: error: layer 'e' (InnerProduct): num_output must be greater than 0, got 0\n"
      "net:7:73: error: layer 'f' (Softmax): loss_weight must be given once for each top or "
      "not at all, got 2 for 1 top\n"
      "net:8:152: error: layer 'g' (InnerProduct): has 2 parameter blobs, but 3 param "
      "entries; give at most one for each blob\n");
}

}  // namespace
}  // namespace demitasse
