// Parameters: sharing by name, multipliers of learning rate and weight decay.
#include <gmock/gmock.h>

#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Two layers of four weights each, with the given param entries.
std::string TwoLayers(const std::string& first, const std::string& second, int num_output = 2) {
  return InputText("x", "1, 2") + InnerProductText("a: InnerProduct x -> y", 2, first) +
         "layer { " + second + " name: 'b' type: 'InnerProduct' bottom: 'y' top: 'z' " +
         "inner_product_param { num_output: " + std::to_string(num_output) + " } }";
}

TEST(Parameters, AreListedInOrderWithTheirMultipliers) {
  const auto net = MakeNet(TwoLayers("param { lr_mult: 2 decay_mult: 3 } param { lr_mult: 0 }",
                                     "param { decay_mult: 0 }"));
  ASSERT_EQ(net->params().size(), 4U);
  EXPECT_EQ(net->params()[2], net->layer_by_name("b")->blobs()[0]);
  EXPECT_EQ(net->learnable_params()[3], net->layer_by_name("b")->blobs()[1].get());
  EXPECT_THAT(net->params_lr(), ElementsAre(2, 0, 1, 1));
  EXPECT_THAT(net->params_weight_decay(), ElementsAre(3, 1, 0, 1));
}

TEST(Parameters, StatisticsAreLeftAloneByTheSolver) {
  const auto net =
      MakeNet(InputText("x", "2, 3") + LayerText("bn: BatchNorm x -> y"), ForPhase(caffe::TRAIN));
  EXPECT_EQ(net->learnable_params().size(), 3U) << "a solverstate has a history of each";
  EXPECT_THAT(net->params_lr(), ElementsAre(0, 0, 0));
  EXPECT_THAT(net->params_weight_decay(), ElementsAre(0, 0, 0));
}

TEST(Parameters, OfOneNameAreOne) {
  const auto net = MakeNet(TwoLayers("param { name: 'w' }", "param { name: 'w' }"));
  EXPECT_EQ(Param(net.get(), "a").data(), Param(net.get(), "b").data());
  EXPECT_EQ(Param(net.get(), "a").diff(), Param(net.get(), "b").diff());
  EXPECT_NE(Param(net.get(), "a", 1).data(), Param(net.get(), "b", 1).data());
  EXPECT_EQ(net->params().size(), 4U);
  EXPECT_THAT(net->learnable_params(),
              ElementsAre(net->params()[0].get(), net->params()[1].get(), net->params()[3].get()));
}

TEST(Parameters, SharedTakeTheFirstLayersFiller) {
  const auto net = MakeNet(TwoLayers("param { name: 'w' }", "param { name: 'w' }"));
  EXPECT_NE(Values(Param(net.get(), "b")), std::vector<float>(4)) << "b's own filler is constant 0";
}

TEST(Parameters, SharedGetTheSumOfTheGradients) {
  const auto net = MakeNet(TwoLayers("param { name: 'w' }", "param { name: 'w' }"));
  std::copy_n(std::vector<float>{2, 0, 0, 3}.begin(), 4, Param(net.get(), "a").mutable_cpu_data());
  Set(net.get(), "x", {1, 10});
  net->ForwardBackward();
  // b: its input (2, 30) for each output; a: its input (1, 10), times 2 and 3.
  EXPECT_THAT(Gradient(Param(net.get(), "a")), ElementsAre(2 + 2, 30 + 20, 2 + 3, 30 + 30));
}

TEST(Parameters, MustHaveOneShapeToBeShared) {
  EXPECT_EQ(BuildError(TwoLayers("param { name: 'w' }", "param { name: 'w' }", 3)),
            "net:3:23: error: layer 'b' (InnerProduct): parameter 'w', shared with layer 'a', is 3 "
            "2 (6) here and 2 2 (4) there; they need the same shape");
  EXPECT_EQ(
      BuildError(TwoLayers("param { name: 'w' }", "param { share_mode: PERMISSIVE name: 'w' }", 3)),
      "net:3:46: error: layer 'b' (InnerProduct): parameter 'w', shared with layer 'a', is 3 "
      "2 (6) here and 2 2 (4) there; they need the same number of values");
}

TEST(Parameters, PermissiveSharingTakesAnyShapeOfAsManyValues) {
  const std::string text = InputText("x", "1, 4") +
                           InnerProductText("a: InnerProduct x -> y", 2, "param { name: 'w' }") +
                           InnerProductText("b: InnerProduct y -> z", 4, "param { name: 'w' ");
  EXPECT_EQ(
      BuildError(text.substr(0, text.rfind('}')) + "} }"),
      "net:3:148: error: layer 'b' (InnerProduct): parameter 'w', shared with layer 'a', is 4 "
      "2 (8) here and 2 4 (8) there; they need the same shape");
  const auto net = MakeNet(text.substr(0, text.rfind('}')) + "share_mode: PERMISSIVE } }");
  EXPECT_EQ(Param(net.get(), "a").data(), Param(net.get(), "b").data());
  EXPECT_EQ(Param(net.get(), "b").shape(), (std::vector<int>{4, 2}));
}

TEST(Parameters, MultipliersOfSharedOnesMayBeGivenAnywhere) {
  const auto net =
      MakeNet(TwoLayers("param { name: 'w' }", "param { name: 'w' lr_mult: 5 decay_mult: 0.5 }"));
  EXPECT_THAT(net->params_lr(), ElementsAre(5, 1, 1));
  EXPECT_THAT(net->params_weight_decay(), ElementsAre(0.5f, 1, 1));
  const auto first = MakeNet(TwoLayers("param { name: 'w' lr_mult: 5 }", "param { name: 'w' }"));
  EXPECT_THAT(first->params_lr(), ElementsAre(5, 1, 1));
  const auto both =
      MakeNet(TwoLayers("param { name: 'w' lr_mult: 5 }", "param { name: 'w' lr_mult: 5 }"));
  EXPECT_THAT(both->params_lr(), ElementsAre(5, 1, 1));
}

TEST(Parameters, MultipliersOfSharedOnesMustAgree) {
  EXPECT_EQ(
      BuildError(TwoLayers("param { name: 'w' lr_mult: 5 }", "param { name: 'w' lr_mult: 1 }")),
      "net:3:36: error: layer 'b' (InnerProduct): parameter 'w', shared with layer 'a', has "
      "lr_mult 1 here and 5 above; give it once");
  EXPECT_EQ(BuildError(TwoLayers("param { name: 'w' decay_mult: 5 }",
                                 "param { name: 'w' decay_mult: 1 }")),
            "net:3:39: error: layer 'b' (InnerProduct): parameter 'w', shared with layer 'a', has "
            "decay_mult 1 here and 5 above; give it once");
}

TEST(Parameters, MultipliersMustAgreeBetweenAllThatShare) {
  const auto param = [](const std::string& multiplier) {
    return "param { name: 'w' " + multiplier + " }";
  };
  EXPECT_EQ(
      BuildError(InputText("x", "1, 2") + InnerProductText("a: InnerProduct x -> y", 2, param("")) +
                 InnerProductText("b: InnerProduct y -> z", 2, param("lr_mult: 2")) + "layer { " +
                 param("lr_mult: 3") +
                 " name: 'c' type: 'InnerProduct' bottom: 'z' top: 'p'"
                 " inner_product_param { num_output: 2 } }"),
      "net:4:36: error: layer 'c' (InnerProduct): parameter 'w', shared with layer 'a', has "
      "lr_mult 3 here and 2 above; give it once");
}

TEST(Parameters, MustNotBeFewerThanTheParamEntries) {
  EXPECT_EQ(
      BuildError(TwoLayers("", "param { } param { } param { lr_mult: 2 }")),
      "net:3:29: error: layer 'b' (InnerProduct): has 2 parameter blobs, but 3 param entries; "
      "give at most one for each blob");
  EXPECT_EQ(BuildError(InputText("x", "1") +
                       "layer { param { } type: 'ReLU' name: 'r' bottom: 'x' top: 'y' }"),
            "net:2:9: error: layer 'r' (ReLU): has 0 parameter blobs, but 1 param entries; give at "
            "most one for each blob");
}

TEST(Parameters, ANetWithoutAnyHasNone) {
  const auto net = MakeNet(InputText("x", "1"));
  EXPECT_THAT(net->params(), IsEmpty());
  EXPECT_THAT(net->learnable_params(), IsEmpty());
  net->ClearParamDiffs();
}

}  // namespace
}  // namespace demitasse
