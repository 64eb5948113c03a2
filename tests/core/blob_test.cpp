#include "demitasse/blob.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "demitasse/buffer.hpp"
#include "demitasse/error.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::Property;
using testing::StrEq;
using testing::ThrowsMessage;

std::vector<float> Data(const Blob& blob) {
  return std::vector<float>(blob.cpu_data(), blob.cpu_data() + blob.size());
}

std::vector<float> Diff(const Blob& blob) {
  return std::vector<float>(blob.cpu_diff(), blob.cpu_diff() + blob.size());
}

// Data first, first + 1, ...; the gradient is ten times as large.
void Count(float first, Blob* blob) {
  for (int64_t i = 0; i < blob->size(); ++i) {
    blob->mutable_cpu_data()[i] = first + static_cast<float>(i);
    blob->mutable_cpu_diff()[i] = 10 * blob->cpu_data()[i];
  }
}

TEST(Blob, IsEmptyAtFirst) {
  const Blob blob;
  EXPECT_EQ(0, blob.size());
  EXPECT_THAT(blob.shape(), ElementsAre(0));
}

TEST(Blob, OfNoAxesHoldsOneValue) {
  const Blob blob(std::vector<int>{});
  EXPECT_EQ(1, blob.size());
  EXPECT_EQ("(1)", blob.shape_string());
}

TEST(Blob, KnowsItsShape) {
  const Blob blob(2, 3, 4, 5);
  EXPECT_THAT(blob.shape(), ElementsAre(2, 3, 4, 5));
  EXPECT_EQ(4, blob.num_axes());
  EXPECT_EQ(120, blob.count());
  EXPECT_EQ(20, blob.count(2));
  EXPECT_EQ(12, blob.count(1, 3));
  EXPECT_EQ(1, blob.count(2, 2));
  EXPECT_EQ(5, blob.shape(-1));
  EXPECT_EQ("2 3 4 5 (120)", blob.shape_string());
}

TEST(Blob, ReportsAxesItDoesNotHave) {
  const Blob blob(std::vector<int>{2, 3});
  EXPECT_EQ(1, blob.CanonicalAxisIndex(-1));
  EXPECT_THAT([&] { blob.CanonicalAxisIndex(2); },
              ThrowsMessage<Error>("error: axis 2 is outside a blob of 2 axes, 2 3 (6)"));
  EXPECT_THAT([&] { blob.shape(-3); },
              ThrowsMessage<Error>("error: axis -3 is outside a blob of 2 axes, 2 3 (6)"));
  EXPECT_THAT(
      [&] { blob.size(1, 3); },
      ThrowsMessage<Error>("error: axes [1, 3) are not within the 2 axes of a blob of 2 3 (6)"));
}

TEST(Blob, HasTheFourAxesOfOld) {
  const Blob blob(std::vector<int>{2, 3});
  EXPECT_EQ(2, blob.num());
  EXPECT_EQ(3, blob.channels());
  EXPECT_EQ(1, blob.height());
  EXPECT_EQ(1, blob.width());
  EXPECT_EQ(3, blob.LegacyShape(-1));
  EXPECT_EQ(1, blob.LegacyShape(-3));
  EXPECT_THAT([&] { blob.LegacyShape(4); },
              ThrowsMessage<Error>("error: no axis 4 in a blob of 4 axes"));
  const Blob five(std::vector<int>{1, 1, 1, 1, 1});
  EXPECT_THAT([&] { five.num(); },
              ThrowsMessage<Error>("error: num, channels, height and width are not defined for a "
                                   "blob of 5 axes, 1 1 1 1 1 (1)"));
}

TEST(Blob, RefusesShapesNoMachineCanHold) {
  EXPECT_THAT(
      [] {
        Blob(std::vector<int>{2, -1});
      },
      ThrowsMessage<Error>("error: a dimension must not be negative, got -1"));
  EXPECT_THAT([] { Blob(std::vector<int>(33, 1)); },
              ThrowsMessage<Error>("error: a blob has at most 32 axes, got 33"));
  const int most = std::numeric_limits<int>::max();
  EXPECT_THAT([&] { Blob(most, most, most, 1); },
              ThrowsMessage<Error>("error: a blob of 2147483647 x 2147483647 x 2147483647 x 1 is "
                                   "too large for any machine"));
  EXPECT_THROW(Blob(0, most, most, most), Error) << "size(1, 4) would overflow";
}

TEST(Blob, KeepsItsShapeWhenANewOneIsRefused) {
  Blob blob(std::vector<int>{2, 3});
  EXPECT_THROW(blob.Reshape({-1}), Error);
  EXPECT_THAT(blob.shape(), ElementsAre(2, 3));
}

TEST(Blob, TakesMemoryOnlyWhenUsed) {
  const Blob blob(1 << 20, 1 << 10, 1 << 10, 1);  // 4 TB
  EXPECT_EQ(int64_t{1} << 40, blob.size());
  EXPECT_THAT(
      [&] { blob.count(); },
      ThrowsMessage<Error>("error: 1099511627776 elements are more than 2147483647, the most "
                           "that one axis can have and count() can tell (size() tells any "
                           "number)"));
}

TEST(Blob, IsZeroAtFirst) {
  const Blob blob(std::vector<int>{3});
  EXPECT_THAT(Data(blob), ElementsAre(0, 0, 0));
  EXPECT_THAT(Diff(blob), ElementsAre(0, 0, 0));
}

TEST(Blob, FindsElements) {
  Blob blob(2, 3, 4, 5);
  Count(0, &blob);
  EXPECT_EQ(60 + 40 + 15 + 4, blob.offset(1, 2, 3, 4));
  EXPECT_EQ(60 + 20, blob.offset({1, 1}));
  EXPECT_EQ(119, blob.data_at(1, 2, 3, 4));
  EXPECT_EQ(1190, blob.diff_at(1, 2, 3, 4));
  EXPECT_EQ(80, blob.data_at({1, 1, 0, 0}));
  EXPECT_EQ(800, blob.diff_at({1, 1}));
  EXPECT_THAT(
      [&] {
        blob.offset({0, 3});
      },
      ThrowsMessage<Error>("error: index 3 on axis 1 is outside a blob of 2 3 4 5 (120)"));
  EXPECT_THAT(
      [&] {
        blob.offset({0, 0, 0, 0, 0});
      },
      ThrowsMessage<Error>("error: 5 indices for a blob of 2 3 4 5 (120)"));
}

TEST(Blob, KeepsItsMemoryWhereANewShapeFits) {
  Blob blob(std::vector<int>{2, 3});
  Count(1, &blob);
  const float* const memory = blob.cpu_data();
  blob.Reshape({4});
  EXPECT_EQ(memory, blob.cpu_data());
  EXPECT_THAT(Data(blob), ElementsAre(1, 2, 3, 4));
  blob.Reshape({3, 2});
  EXPECT_THAT(Data(blob), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Blob, GrowsIntoZeros) {
  Blob blob(std::vector<int>{2});
  Count(1, &blob);
  blob.Reshape({3});
  EXPECT_THAT(Data(blob), ElementsAre(0, 0, 0));
}

TEST(Blob, SharesDataAndGradient) {
  Blob a(std::vector<int>{2, 2});
  Blob b(std::vector<int>{4});
  b.ShareData(a);
  b.ShareDiff(a);
  Count(1, &a);
  EXPECT_THAT(Data(b), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(Diff(b), ElementsAre(10, 20, 30, 40));
  EXPECT_THAT([&] { Blob(std::vector<int>{3}).ShareData(a); },
              ThrowsMessage<Error>("error: cannot share between blobs of 2 2 (4) and 3 (3): they "
                                   "need as many elements"));
}

TEST(Blob, CopiesDataOrGradient) {
  Blob source(std::vector<int>{2});
  Count(1, &source);
  Blob blob(std::vector<int>{2});
  blob.CopyFrom(source);
  EXPECT_THAT(Data(blob), ElementsAre(1, 2));
  EXPECT_THAT(Diff(blob), ElementsAre(0, 0));
  blob.CopyFrom(source, true);
  EXPECT_THAT(Diff(blob), ElementsAre(10, 20));
}

TEST(Blob, CopiesAnotherShapeOnlyOnDemand) {
  Blob source(std::vector<int>{2});
  Count(1, &source);
  Blob blob(std::vector<int>{3});
  EXPECT_THAT([&] { blob.CopyFrom(source); },
              ThrowsMessage<Error>("error: cannot copy a blob of 2 (2) to one of 3 (3)"));
  blob.CopyFrom(source, false, true);
  EXPECT_THAT(blob.shape(), ElementsAre(2));
  EXPECT_THAT(Data(blob), ElementsAre(1, 2));
}

TEST(Blob, Computes) {
  Blob blob(std::vector<int>{3});
  Count(-1, &blob);  // -1, 0, 1 and -10, 0, 10
  EXPECT_EQ(2, blob.asum_data());
  EXPECT_EQ(20, blob.asum_diff());
  EXPECT_EQ(2, blob.sumsq_data());
  EXPECT_EQ(200, blob.sumsq_diff());
  blob.scale_data(3);
  blob.scale_diff(0.5f);
  EXPECT_THAT(Data(blob), ElementsAre(-3, 0, 3));
  EXPECT_THAT(Diff(blob), ElementsAre(-5, 0, 5));
  blob.Update();
  EXPECT_THAT(Data(blob), ElementsAre(2, 0, -2));
}

TEST(Blob, ShapeStringsOfAnyNumbers) {
  EXPECT_EQ("-1 3 (-3)", ShapeString({-1, 3}));
  EXPECT_EQ("2000000000 2000000000 2000000000 0 (0)",
            ShapeString({2000000000, 2000000000, 2000000000, 0}));
}

TEST(Blob, LiesInMemoryThatIsLargeEnough) {
  Blob blob(std::vector<int>{2, 3});
  EXPECT_THAT([&] { blob.UseMemory(std::make_shared<Buffer>(5)); },
              testing::ThrowsMessage<Error>("error: a blob of 2 3 (6) does not fit into 5 values"));
  const auto memory = std::make_shared<Buffer>(7);
  blob.UseMemory(memory);
  blob.mutable_cpu_data()[5] = 4;
  EXPECT_EQ(4, memory->plain()[5]);
}

TEST(Blob, MayLieInTheCallersArray) {
  float array[] = {1, 2, 3};
  Blob blob(std::vector<int>{3});
  blob.set_cpu_data(array);
  EXPECT_EQ(array, blob.cpu_data());
  blob.Reshape({4});
  EXPECT_EQ(0, blob.cpu_data()[3]);
  EXPECT_EQ(3, array[2]);
}

}  // namespace
}  // namespace demitasse
