// The fuzz targets, without a fuzzer: on every file that one of them ever failed with, and on
// changed seeds. What is tested is that they come back, and with sanitizers that all is in order.
#include <gtest/gtest.h>

#include <cstdlib>

#include "demitasse/random.hpp"
#include "fuzz/mutate.hpp"
#include "fuzz/target.hpp"

namespace demitasse {
namespace {

class FuzzTargetTest : public testing::TestWithParam<FuzzTarget> {};

TEST_P(FuzzTargetTest, SurvivesWhatItOnceFailedWith) {
  for (const std::string& bytes : FilesOfTree("tests/corpus/fuzz/" + GetParam().name, "")) {
    RunFuzzTarget(GetParam(), bytes);
  }
}

TEST_P(FuzzTargetTest, ReadsSeedsAndRefusesSomeOfTheirMutations) {
  const char* const wanted = std::getenv("DEMITASSE_MUTATIONS");  // with sanitizers, say
  const int mutations = wanted != nullptr ? std::atoi(wanted) : 600;
  const std::vector<std::string> seeds = GetParam().seeds();
  ASSERT_FALSE(seeds.empty());
  Rng rng(1);
  for (int i = 0; i < mutations; ++i) {
    const std::string& seed = seeds[static_cast<size_t>(i) % seeds.size()];
    RunFuzzTarget(GetParam(), Mutated(seed, &rng));
  }
}

INSTANTIATE_TEST_SUITE_P(All, FuzzTargetTest, testing::ValuesIn(FuzzTargets()),
                         [](const auto& test) { return test.param.name; });

// Targets that judge no file by themselves: nets may be built or not.
TEST(FuzzTargets, ReadTheirSeeds) {
  for (const FuzzTarget& target : FuzzTargets()) {
    if (target.name == "binary_net") continue;
    for (const std::string& seed : target.seeds()) {
      EXPECT_EQ(RunFuzzTarget(target, seed), kNoFuzzError) << target.name;
    }
  }
}

}  // namespace
}  // namespace demitasse
