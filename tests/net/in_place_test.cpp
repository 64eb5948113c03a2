// In place or not, a net computes the same.
#include "src/net/in_place.hpp"

#include <gmock/gmock.h>

#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

const std::vector<float> kInput = {-2, -1, -0.5f, 0.25f, 1, 2};

struct Results {
  std::vector<float> output;
  std::vector<float> input_gradient;
};

Results RunNet(const std::string& layers) {
  NetOptions options;
  options.force_backward = true;
  options.engine = Engine::kReference;
  const auto net = MakeNet(InputText("x", "1, 6") + layers, options);
  Set(net.get(), "x", kInput);
  net->ForwardBackward();
  return {Values(*net->output_blobs().at(0)), Gradient(*net->blob_by_name("x"))};
}

void ExpectEqual(const Results& a, const Results& b) {
  EXPECT_EQ(a.output, b.output);
  EXPECT_EQ(a.input_gradient, b.input_gradient);
}

// A layer behind changes signs and sizes.
constexpr char kPower[] = "power_param { scale: -3 shift: 1 }";

class InPlaceBehind : public testing::TestWithParam<std::string> {};

TEST_P(InPlaceBehind, DoesNotChangeTheGradient) {
  const std::string& type = GetParam();
  const Results expected =
      RunNet(LayerText("a: " + type + " x -> y") + LayerText("p: Power y -> z", kPower));
  ExpectEqual(RunNet(LayerText("a: " + type + " x -> y") + LayerText("p: Power y -> y", kPower)),
              expected);
}

TEST_P(InPlaceBehind, DoesNotChangeTheGradientOfALayerInPlace) {
  const std::string& type = GetParam();
  const std::string copy = LayerText("c: Power x -> y");
  const Results expected =
      RunNet(copy + LayerText("a: " + type + " y -> z") + LayerText("p: Power z -> q", kPower));
  ExpectEqual(
      RunNet(copy + LayerText("a: " + type + " y -> y") + LayerText("p: Power y -> y", kPower)),
      expected);
}

INSTANTIATE_TEST_SUITE_P(Types, InPlaceBehind,
                         testing::Values("ReLU", "PReLU", "Sigmoid", "TanH", "Dropout", "Power",
                                         "Scale", "Bias", "BatchNorm"));

TEST(InPlace, BehindAProductDoesNotChangeItsGradient) {
  const std::string two = LayerText("a: TanH x -> a") + LayerText("b: Sigmoid x -> b");
  const std::string param = "eltwise_param { operation: PROD stable_prod_grad: false }";
  ExpectEqual(
      RunNet(two + LayerText("e: Eltwise a b -> c", param) + LayerText("p: Power c -> c", kPower)),
      RunNet(two + LayerText("e: Eltwise a b -> c", param) + LayerText("p: Power c -> d", kPower)));
}

TEST(InPlace, BehindASoftmaxDoesNotChangeItsGradient) {
  const std::string square = "power_param { power: 2 shift: 1 }";
  ExpectEqual(RunNet(LayerText("s: Softmax x -> y") + LayerText("p: Power y -> y", square)),
              RunNet(LayerText("s: Softmax x -> y") + LayerText("p: Power y -> z", square)));
}

TEST(InPlace, BehindAViewDoesNotChangeTheGradientOfWhatIsViewed) {
  const std::string view = LayerText("s: Sigmoid x -> y") + LayerText("f: Flatten y -> f");
  ExpectEqual(RunNet(view + LayerText("p: Power f -> f", kPower)),
              RunNet(view + LayerText("p: Power f -> z", kPower)));
}

TEST(InPlace, BehindAViewDoesNotChangeWhatOthersRead) {
  const std::string view = LayerText("p: Power x -> y") + LayerText("f: Flatten y -> f");
  const std::string product = "eltwise_param { operation: PROD }";
  ExpectEqual(RunNet(view + LayerText("q: Power f -> f", kPower) +
                     LayerText("e: Eltwise f y -> z", product)),
              RunNet(view + LayerText("q: Power f -> g", kPower) +
                     LayerText("e: Eltwise g y -> z", product)));
}

TEST(InPlace, AnOwnTopTakesOverTheName) {
  const auto net = MakeNet(InputText("x", "1, 6") + LayerText("s: Sigmoid x -> y") +
                           LayerText("p: Power y -> y"));
  EXPECT_THAT(net->blob_names(), testing::ElementsAre("x", "y", "y"));
  EXPECT_EQ(net->blob_by_name("y").get(), net->top_vecs()[2][0]);
  EXPECT_NE(net->top_vecs()[1][0], net->top_vecs()[2][0]);
}

}  // namespace
}  // namespace demitasse
