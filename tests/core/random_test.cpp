#include "demitasse/random.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "demitasse/error.hpp"

namespace demitasse {
namespace {

constexpr int kDraws = 100000;

TEST(Rng, GivesTheSameNumbersOnEveryMachine) {
  Rng rng(42);
  EXPECT_EQ(13930160852258120406ull, rng.Next());  // of mt19937_64, by its definition
  EXPECT_FLOAT_EQ(0.63903141f, rng.Uniform());
  EXPECT_FLOAT_EQ(0.39797738f, rng.Gaussian());
}

TEST(Rng, RepeatsItselfForTheSameSeedOnly) {
  Rng a(1);
  Rng b(1);
  Rng c(2);
  const uint64_t first = a.Next();
  EXPECT_EQ(first, b.Next());
  EXPECT_NE(first, c.Next());
}

TEST(Rng, GoesOnFromItsState) {
  Rng rng(7);
  rng.Gaussian();  // leaves a number over
  const std::string state = rng.State();
  Rng other;
  other.SetState(state);
  EXPECT_EQ(rng.Gaussian(), other.Gaussian());
  EXPECT_EQ(rng.Next(), other.Next());
  EXPECT_THROW(other.SetState("7"), Error);
}

TEST(Rng, UniformLiesInItsRange) {
  Rng rng;
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) {
    const float value = rng.Uniform();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
    const float scaled = rng.Uniform(-2, 0.1f);
    ASSERT_GE(scaled, -2);
    ASSERT_LE(scaled, 0.1f);
  }
  EXPECT_NEAR(0.5, sum / kDraws, 0.01);
}

TEST(Rng, UniformStaysInTheWidestRange) {
  Rng rng;
  const float most = std::numeric_limits<float>::max();
  for (int i = 0; i < 100; ++i) EXPECT_LE(std::abs(rng.Uniform(-most, most)), most);
}

TEST(Rng, GaussianHasMeanAndDeviation) {
  Rng rng;
  double sum = 0;
  double squares = 0;
  int within_one_deviation = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = rng.Gaussian(3, 2);
    sum += value;
    squares += (value - 3) * (value - 3);
    if (std::abs(value - 3) < 2) ++within_one_deviation;
  }
  EXPECT_NEAR(3, sum / kDraws, 0.05);
  EXPECT_NEAR(4, squares / kDraws, 0.1);
  EXPECT_NEAR(0.6827, within_one_deviation / double{kDraws}, 0.01);
}

TEST(Rng, BernoulliIsTrueAsOftenAsItShould) {
  Rng rng;
  int hits = 0;
  for (int i = 0; i < kDraws; ++i) {
    if (rng.Bernoulli(0.3f)) ++hits;
    ASSERT_FALSE(rng.Bernoulli(0));
    ASSERT_TRUE(rng.Bernoulli(1));
  }
  EXPECT_NEAR(0.3, hits / double{kDraws}, 0.01);
}

TEST(Rng, BelowTakesEveryNumberEquallyOften) {
  Rng rng;
  std::array<int, 7> hits{};
  for (int i = 0; i < kDraws; ++i) ++hits.at(rng.Below(7));
  for (const int count : hits) EXPECT_NEAR(1.0 / 7, count / double{kDraws}, 0.01);
  EXPECT_EQ(0u, rng.Below(1));
}

}  // namespace
}  // namespace demitasse
