// Which layers run backward, and which blobs get gradients.
#include <gmock/gmock.h>

#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

constexpr char kFrozen[] = "param { lr_mult: 0 } param { lr_mult: 0 }";

// The names of the layers that run backward, each with a space behind it.
std::string BackwardLayers(const Net& net) {
  std::string names;
  for (size_t i = 0; i < net.layers().size(); ++i) {
    if (net.layer_need_backward()[i]) names += net.layer_names()[i] + " ";
  }
  return names;
}

// The names of the blobs with a gradient, each with a space behind it.
std::string BlobsWithGradient(const Net& net) {
  std::string names;
  for (const std::string& name : net.blob_names()) {
    if (net.has_gradient(name)) names += name + " ";
  }
  return names;
}

std::string Tower(const std::string& rest_of_a, const std::string& rest_of_b) {
  return InputText("x", "1, 2") + InnerProductText("a: InnerProduct x -> y", 2, rest_of_a) +
         LayerText("r: ReLU y -> z") + InnerProductText("b: InnerProduct z -> p", 2, rest_of_b) +
         InputText("t", "1, 2") + LayerText("loss: EuclideanLoss p t -> loss");
}

TEST(BackwardPlan, RunsDownToTheLowestLayerThatLearns) {
  const auto net = MakeNet(Tower("", ""));
  EXPECT_EQ(BackwardLayers(*net), "a r b loss ");
  EXPECT_EQ(BlobsWithGradient(*net), "y z p loss ");
}

TEST(BackwardPlan, LeavesOutAFrozenLowerPart) {
  const auto net = MakeNet(Tower(kFrozen, ""));
  EXPECT_EQ(BackwardLayers(*net), "b loss ");
  EXPECT_EQ(BlobsWithGradient(*net), "p loss ");
}

TEST(BackwardPlan, GoesThroughAFrozenUpperPart) {
  const auto net = MakeNet(Tower("", kFrozen));
  EXPECT_EQ(BackwardLayers(*net), "a r b loss ");
  net->ForwardBackward();
  EXPECT_EQ(Gradient(Param(net.get(), "b")), std::vector<float>(4));
}

TEST(BackwardPlan, LeavesOutFrozenParametersOfALayerThatRuns) {
  const auto net = MakeNet(Tower("param { lr_mult: 0 }", ""));
  Set(net.get(), "x", {1, 2});
  Set(net.get(), "t", {5, -5});
  net->ForwardBackward();
  EXPECT_EQ(Gradient(Param(net.get(), "a", 0)), std::vector<float>(4));
  EXPECT_FALSE(net->layer_by_name("a")->param_propagate_down(0));
  EXPECT_TRUE(net->layer_by_name("a")->param_propagate_down(1));
}

TEST(BackwardPlan, DoesNothingWhereNothingLearns) {
  const auto net = MakeNet(Tower(kFrozen, kFrozen));
  EXPECT_EQ(BackwardLayers(*net), "");
  EXPECT_EQ(BlobsWithGradient(*net), "");
  net->ForwardBackward();
}

TEST(BackwardPlan, ComputesEverythingWhenForced) {
  NetOptions options;
  options.force_backward = true;
  const auto by_option = MakeNet(Tower(kFrozen, kFrozen), options);
  EXPECT_EQ(BackwardLayers(*by_option), "a r b loss ");
  const auto by_file = MakeNet("force_backward: true " + Tower(kFrozen, kFrozen));
  EXPECT_EQ(BlobsWithGradient(*by_file), "x y z p t loss ");
  EXPECT_TRUE(by_file->layer_by_name("a")->param_propagate_down(0));
}

TEST(BackwardPlan, GivesLabelsNoGradientEvenWhenForced) {
  const auto net =
      MakeNet("force_backward: true " + InputText("x", "2, 3") + InputText("label", "2") +
              LayerText("loss: SoftmaxWithLoss x label -> loss") +
              LayerText("acc: Accuracy x label -> acc"));
  EXPECT_TRUE(net->has_gradient("x"));
  EXPECT_FALSE(net->has_gradient("label"));
  EXPECT_FALSE(net->has_gradient("acc"));
}

TEST(BackwardPlan, ANetWithoutALossStartsAtEveryOutputThatCan) {
  const auto net =
      MakeNet(InputText("x", "1, 2") + InputText("label", "1") +
              InnerProductText("a: InnerProduct x -> y", 2) + LayerText("s: Softmax y -> prob") +
              LayerText("acc: Accuracy y label -> acc"));
  net->ForwardBackward();
  EXPECT_EQ(BackwardLayers(*net), "a y_a_0_split s ");
  EXPECT_THAT(Gradient(*net->blob_by_name("prob")), ElementsAre(1, 1));
}

TEST(BackwardPlan, PropagateDownFalseStopsAGradient) {
  const auto net = MakeNet(InputText("x", "1, 2") + InnerProductText("a: InnerProduct x -> y", 2) +
                           InnerProductText("b: InnerProduct y -> p", 2, "propagate_down: false"));
  EXPECT_EQ(BackwardLayers(*net), "b ");
  EXPECT_FALSE(net->has_gradient("y"));
}

TEST(BackwardPlan, PropagateDownTrueAsksForAGradient) {
  const auto net =
      MakeNet(InputText("x", "1, 2") + LayerText("s: Sigmoid x -> y", "propagate_down: true"));
  Set(net.get(), "x", {0, 0});
  net->ForwardBackward();
  EXPECT_THAT(Gradient(*net->blob_by_name("x")), ElementsAre(0.25f, 0.25f));
}

TEST(BackwardPlan, PropagateDownIsForEachBottom) {
  const auto net =
      MakeNet(InputText("x", "1, 2") + InnerProductText("a: InnerProduct x -> y", 2) +
              InnerProductText("b: InnerProduct x -> z", 2) +
              LayerText("sum: Eltwise y z -> p", "propagate_down: false propagate_down: true"));
  EXPECT_EQ(BackwardLayers(*net), "b sum ");
}

TEST(BackwardPlan, RefusesAnotherNumberOfPropagateDown) {
  EXPECT_EQ(
      BuildError(InputText("x", "1, 2") + InputText("y", "1, 2") +
                 "layer { propagate_down: true name: 'sum' type: 'Eltwise' bottom: 'x' "
                 "bottom: 'y' top: 'z' }"),
      "net:3:25: error: layer 'sum' (Eltwise): propagate_down must be given once for each bottom "
      "or not at all, got 1 for 2 bottoms");
}

TEST(BackwardPlan, RefusesPropagateDownForLabels) {
  EXPECT_EQ(BuildError(InputText("x", "1, 2") + InputText("label", "1") +
                       "layer { propagate_down: true propagate_down: true name: 'loss' "
                       "type: 'SoftmaxWithLoss' bottom: 'x' bottom: 'label' }"),
            "net:3:46: error: layer 'loss' (SoftmaxWithLoss): has no gradient with respect to "
            "bottom[1] 'label'; its propagate_down must be false");
}

TEST(BackwardPlan, AddsUpTheGradientsOfTwoLosses) {
  const auto net = MakeNet(InputText("x", "1, 2") + InnerProductText("a: InnerProduct x -> y", 2) +
                           InputText("t", "1, 2") + LayerText("one: EuclideanLoss y t -> one") +
                           LayerText("two: EuclideanLoss y t -> two", "loss_weight: 10"));
  Set(net.get(), "x", {1, 1});
  for (const size_t i : {0, 1}) {
    Blob& param = Param(net.get(), "a", i);
    std::fill_n(param.mutable_cpu_data(), param.size(), 0.0f);
  }
  Set(net.get(), "t", {1, 2});
  EXPECT_FLOAT_EQ(net->ForwardBackward(), (1 + 4) / 2.0f * 11);
  EXPECT_THAT(Gradient(*net->blob_by_name("y")), ElementsAre(-11, -22));
}

TEST(BackwardPlan, SilencedBlobsGetNoGradientThatCounts) {
  const auto net = MakeNet(InputText("x", "1, 4") + InnerProductText("a: InnerProduct x -> y", 4) +
                           LayerText("cut: Slice y -> p q") + LayerText("quiet: Silence q") +
                           InputText("t", "1, 2") + LayerText("loss: EuclideanLoss p t -> loss"));
  Set(net.get(), "x", {1, 1, 1, 1});
  Set(net.get(), "t", {100, 100});
  net->ForwardBackward();
  EXPECT_EQ(BackwardLayers(*net), "a cut loss ");
  EXPECT_FALSE(net->has_gradient("q"));
  const std::vector<float> gradient = Gradient(*net->blob_by_name("y"));
  EXPECT_NE(gradient[0], 0);
  EXPECT_EQ(gradient[2], 0);
  EXPECT_EQ(gradient[3], 0);
}

TEST(BackwardPlan, ZeroesTheGradientOfATopThatNoneReaches) {
  const auto net = MakeNet(InputText("x", "1, 4") + InnerProductText("a: InnerProduct x -> y", 4) +
                           LayerText("cut: Slice y -> p q") + InputText("t", "1, 2") +
                           LayerText("loss: EuclideanLoss p t -> loss"));
  Blob* const unread = net->blob_by_name("q").get();
  std::fill_n(unread->mutable_cpu_diff(), unread->size(), 7.0f);
  net->Forward();
  net->Backward();
  EXPECT_THAT(Gradient(*unread), ElementsAre(0, 0));
  EXPECT_EQ(Gradient(*net->blob_by_name("y"))[2], 0);
}

TEST(BackwardPlan, RefusesALossThatIsReadUnlessItsWeightIsWritten) {
  const auto text = [](const std::string& weight) {
    return InputText("x", "1, 2") + InnerProductText("a: InnerProduct x -> y", 2) +
           InputText("t", "1, 2") + LayerText("loss: EuclideanLoss y t -> loss", weight) +
           LayerText("half: Power loss -> half", "power_param { scale: 0.5 } loss_weight: 1");
  };
  EXPECT_EQ(BuildError(text("")),
            "net:4:73: error: layer 'loss' (EuclideanLoss): 'loss' is a loss and is read by layer "
            "'half' too; write its loss_weight (loss_weight: 1) so that both gradients count");
  const auto net = MakeNet(text("loss_weight: 1"));
  Set(net.get(), "t", {1, 1});
  const float loss = net->ForwardBackward();
  EXPECT_FLOAT_EQ(loss, net->blob_by_name("loss")->cpu_data()[0] * 1.5f);
  EXPECT_THAT(Gradient(*net->blob_by_name("loss")), ElementsAre(1.5f));
}

TEST(BackwardPlan, ALossMayBeReadWhereNoGradientFlows) {
  const auto net =
      MakeNet(InputText("x", "1, 2") + InputText("t", "1, 2") +
              InnerProductText("a: InnerProduct x -> y", 2) +
              LayerText("loss: EuclideanLoss y t -> loss") + LayerText("quiet: Silence loss"));
  EXPECT_EQ(BackwardLayers(*net), "a loss ");
}

}  // namespace
}  // namespace demitasse
