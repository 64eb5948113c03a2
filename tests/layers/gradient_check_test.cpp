// The checker of gradients, on layers whose gradients are known to be right or wrong.
#include "src/layer/gradient_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

// y = f(x), element by element, with f' as given.
class MapLayer : public Layer {
 public:
  using Function = std::function<float(float x)>;
  MapLayer(Function f, Function slope)
      : Layer(LayerParameter()), f_(std::move(f)), slope_(std::move(slope)) {}

  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    top[0]->ReshapeLike(*bottom[0]);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    for (int64_t i = 0; i < top[0]->size(); ++i) {
      top[0]->mutable_cpu_data()[i] = f_(bottom[0]->cpu_data()[i]);
    }
  }
  void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& /*propagate_down*/,
                    const std::vector<Blob*>& bottom) override {
    for (int64_t i = 0; i < top[0]->size(); ++i) {
      bottom[0]->mutable_cpu_diff()[i] = top[0]->cpu_diff()[i] * slope_(bottom[0]->cpu_data()[i]);
    }
  }

 private:
  const Function f_;
  const Function slope_;
};

BlobGradientCheck Check(const std::vector<float>& values, const MapLayer::Function& f,
                        const MapLayer::Function& slope, const GradientCheckOptions& options = {}) {
  Blob x({static_cast<int>(values.size())});
  SetData(values, &x);
  Blob y;
  MapLayer layer(f, slope);
  layer.SetUp({&x}, {&y});
  const auto results = CheckLayerGradients(
      options, [] {}, {&x}, {&y}, &layer);
  EXPECT_EQ(1U, results.size());
  EXPECT_EQ(values, Data(x));
  return results.at(0);
}

float Square(float x) { return x * x; }
float Twice(float x) { return 2 * x; }

TEST(GradientCheck, PassesWhatIsRight) {
  const BlobGradientCheck check = Check({1, -2, 3, 0}, Square, Twice);
  EXPECT_EQ(4, check.checked);
  EXPECT_EQ(0, check.wrong + check.unclear + check.at_corners);
  EXPECT_LT(check.worst.error, 1e-3);
}

TEST(GradientCheck, NamesTheElementThatIsWrong) {
  const BlobGradientCheck check =
      Check({1, -2, 3, 0.5f}, Square, [](float x) { return x == 3 ? 3.0f : 2 * x; });
  EXPECT_EQ(1, check.wrong);
  EXPECT_EQ(2, check.worst_element);
  EXPECT_NEAR(0.5, check.worst.analytical / check.worst.numerical, 1e-3);
  EXPECT_NEAR(0.5, check.worst.error, 1e-3);
}

TEST(GradientCheck, AGradientThatIsLeftOutIsWrong) {
  const BlobGradientCheck check = Check({1, -2}, Square, [](float) { return 0.0f; });
  EXPECT_EQ(2, check.wrong);
  EXPECT_EQ(1, check.worst.error);
}

TEST(GradientCheck, SmallGradientsAreNotTakenForRight) {
  const auto f = [](float x) { return 1e-6f * x * x; };
  EXPECT_EQ(0, Check({1, -2}, f, [](float x) { return 2e-6f * x; }).wrong);
  EXPECT_EQ(2, Check({1, -2}, f, [](float x) { return 3e-6f * x; }).wrong);
}

TEST(GradientCheck, ShortensTheStepBesideACorner) {
  // 0.001 is within the first step of 0, at which |x| has its corner.
  const auto absolute = [](float x) { return std::abs(x); };
  const auto sign = [](float x) { return x < 0 ? -1.0f : 1.0f; };
  const BlobGradientCheck check = Check({0.001f, 1, -0.003f}, absolute, sign);
  EXPECT_EQ(0, check.wrong + check.unclear + check.at_corners);
}

TEST(GradientCheck, AtACornerAnySlopeBetweenBothSidesIsRight) {
  const auto relu = [](float x) { return x > 0 ? x : 0.0f; };
  for (const float slope : {0.0f, 0.5f, 1.0f}) {
    const BlobGradientCheck check = Check({0, 1, -1}, relu, [slope](float x) {
      return x == 0 ? slope : x > 0 ? 1.0f : 0.0f;
    });
    EXPECT_EQ(0, check.wrong + check.unclear) << slope;
    EXPECT_EQ(slope == 0.5f ? 0 : 1, check.at_corners) << slope;
  }
  const auto steep = [](float x) { return x == 0 ? 2.0f : x > 0 ? 1.0f : 0.0f; };
  EXPECT_EQ(1, Check({0, 1, -1}, relu, steep).wrong);
}

TEST(GradientCheck, LengthensTheStepWhereRoundingHidesTheDifference) {
  // 1000 + 0.001 x changes by less than a float of that size can show for a step of 0.01.
  const auto f = [](float x) { return 1000 + 0.001f * x; };
  EXPECT_EQ(0, Check({1000, 2000}, f, [](float) { return 0.001f; }).wrong);
  const BlobGradientCheck hidden = Check(
      {1, 2}, [](float x) { return 1e6f + 0.001f * x; }, [](float) { return 0.002f; });
  EXPECT_EQ(2, hidden.unclear);
  EXPECT_EQ(-1, hidden.worst_element);
}

TEST(GradientCheck, NaNIsWrongInTheGradientAndUnclearInTheTop) {
  const float nan = std::nanf("");
  EXPECT_EQ(2, Check({1, 2}, Square, [nan](float) { return nan; }).wrong);
  EXPECT_EQ(2, Check(
                   {1, 2}, [nan](float) { return nan; }, Twice)
                   .unclear);
}

TEST(GradientCheck, SamplesTheLargestGradientsAndOthersAtRandom) {
  std::vector<float> values(1000, 0.001f);
  values[700] = 5;
  GradientCheckOptions options;
  options.samples = 10;
  const auto wrong = [](float x) { return x == 5 ? 11.0f : 2 * x; };
  const BlobGradientCheck check = Check(values, Square, wrong, options);
  EXPECT_LE(check.checked, 10);
  EXPECT_GE(check.checked, 5);
  EXPECT_EQ(1, check.wrong);
  EXPECT_EQ(700, check.worst_element);
}

TEST(GradientCheck, RefusesALayerThatKeepsSomethingFromPassToPass) {
  float passes = 0;
  EXPECT_THAT(
      [&] {
        Check(
            {1}, [&](float x) { return x + passes++; }, Twice);
      },
      testing::ThrowsMessage<Error>(
          testing::HasSubstr("two passes over the same values differ, so no gradient can "
                             "be checked: the layer keeps something")));
}

TEST(GradientCheck, AnEmptyBlobHasNothingToCheck) {
  EXPECT_EQ(0, Check({}, Square, Twice).checked);
}

}  // namespace
}  // namespace demitasse
