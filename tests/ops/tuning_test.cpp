#include "src/ops/tuning.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "src/core/threads.hpp"
#include "src/ops/winograd_kernels.hpp"

namespace demitasse {
namespace {

// 3x3 with padding: 4 tiles, of which the rule thinks too few for so many channels.
ConvolutionDesc FewTiles() {
  ConvolutionDesc desc{1, 96, 96, 1, true, {}};
  desc.window = {{8, 8}, {3, 3}, {1, 1}, {1, 1}, {1, 1}, {8, 8}};
  return desc;
}

// Computes nothing, and counts how often.
class Counted : public Convolution {
 public:
  explicit Counted(int* runs) : runs_(*runs) {}
  std::string name() const override { return "counted"; }
  void Forward(const Buffer& /*src*/, const Buffer& /*weights*/, const Buffer* /*bias*/,
               Buffer* /*dst*/) override {
    ++runs_;
  }
  void BackwardData(const Buffer& /*dst_diff*/, const Buffer& /*weights*/,
                    Buffer* /*src_diff*/) override {}
  void BackwardWeights(const Buffer& /*src*/, const Buffer& /*dst_diff*/, Buffer* /*weights_diff*/,
                       Buffer* /*bias_diff*/) override {}

 private:
  int& runs_;
};

TEST(TuningTest, TakesWhatIsKnownWithoutMeasuring) {
  const ConvolutionDesc desc = FewTiles();
  const auto none = []() -> std::unique_ptr<Convolution> {
    ADD_FAILURE() << "made for nothing";
    return nullptr;
  };
  for (const bool choice : {false, true}) {
    Tuning tuning({{TunedShapeOf(desc), choice}});
    EXPECT_EQ(choice, tuning.PrefersWinograd(desc, none, none));
  }
}

TEST(TuningTest, MeasuresAnUnknownShapeOnceAndRemembersIt) {
  const ConvolutionDesc desc = FewTiles();
  int first = 0, second = 0;
  const auto make_first = [&] { return std::make_unique<Counted>(&first); };
  const auto make_second = [&] { return std::make_unique<Counted>(&second); };
  Tuning tuning;
  const bool choice = tuning.PrefersWinograd(desc, make_first, make_second);
  EXPECT_GT(first, 1);
  EXPECT_EQ(first, second);
  const int runs = first;
  EXPECT_EQ(choice, tuning.PrefersWinograd(desc, make_first, make_second));
  EXPECT_EQ(runs, first);
  EXPECT_EQ((Tuning::Choices{{TunedShapeOf(desc), choice}}), tuning.choices());
}

TEST(TuningTest, TakesWinogradWhereThereIsNothingElse) {
  int runs = 0;
  Tuning tuning;
  EXPECT_TRUE(tuning.PrefersWinograd(
      FewTiles(), [&] { return std::make_unique<Counted>(&runs); }, [] { return nullptr; }));
  EXPECT_EQ(0, runs);
}

TEST(TuningTest, ShapesDifferByThreads) {
  const ThreadScope one(1);
  const TunedShape shape = TunedShapeOf(FewTiles());
  const ThreadScope two(2);
  if (ThreadCount() != 2) GTEST_SKIP() << "built without OpenMP";
  EXPECT_NE(shape, TunedShapeOf(FewTiles()));
}

#ifdef DEMITASSE_WITH_ONEDNN
TEST(TuningTest, DecidesInThePlaceOfTheRuleWhileItsScopeLives) {
  if (WinogradLanes() == 0) GTEST_SKIP() << "this processor has no wide vectors";
  const ConvolutionDesc desc = FewTiles();
  const auto takes_winograd = [&] {
    return MakeConvolution(desc, Engine::kAuto)->name().find("winograd") == 0;
  };
  EXPECT_FALSE(takes_winograd());
  for (const bool choice : {true, false}) {
    Tuning tuning({{TunedShapeOf(desc), choice}});
    const Tuning::Scope scope(&tuning);
    EXPECT_EQ(choice, takes_winograd());
  }
  EXPECT_FALSE(takes_winograd());
}
#endif

}  // namespace
}  // namespace demitasse
