#include "demitasse/buffer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <vector>

#include "demitasse/error.hpp"
#include "src/core/conversions.hpp"
#include "tests/support/blocked_layout.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::ThrowsMessage;

// One image of 3 channels and 2 places, in blocks of 2 channels: 8 floats.
std::shared_ptr<BlockedLayout> Blocks() { return std::make_shared<BlockedLayout>(1, 3, 2, 2); }

class BrokenLayout : public BlockedLayout {
 public:
  BrokenLayout() : BlockedLayout(1, 3, 2, 2) {}
  void ToPlain(const float* /*stored*/, float* /*plain*/) const override {
    throw Error("cannot convert");
  }
};

TEST(Buffer, IsZeroAtFirst) {
  const Buffer buffer(3);
  EXPECT_EQ(3, buffer.size());
  EXPECT_THAT(Values(buffer), ElementsAre(0, 0, 0));
}

TEST(Buffer, MayHoldNothing) {
  Buffer buffer(0);
  EXPECT_NE(nullptr, buffer.plain());
  EXPECT_NE(nullptr, buffer.Overwrite(nullptr));
}

TEST(Buffer, RefusesImpossibleSizes) {
  EXPECT_THAT([] { Buffer(-1); }, ThrowsMessage<Error>("error: a buffer cannot hold -1 values"));
  EXPECT_THROW(Buffer(std::numeric_limits<int64_t>::max()), Error);
}

TEST(Buffer, UsesACallersMemory) {
  float memory[] = {1, 2, 3};
  Buffer buffer(memory, 3);
  EXPECT_EQ(memory, buffer.plain());
  buffer.mutable_plain()[1] = 20;
  EXPECT_EQ(20, memory[1]);
  EXPECT_EQ(memory, buffer.Overwrite(nullptr));
}

TEST(Buffer, LeavesACallersMemoryInPlainOrder) {
  float memory[] = {1, 2, 3, 4, 5, 6};
  Buffer buffer(memory, 6);
  buffer.BringInto(Blocks());
  EXPECT_THAT(Values(buffer), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(memory, ElementsAre(1, 2, 3, 4, 5, 6));
  Buffer other(memory, 6);
  EXPECT_NE(memory, other.Overwrite(Blocks()));
}

TEST(Buffer, ExchangesACallersMemory) {
  float memory[] = {1, 2};
  Buffer theirs(memory, 2);
  Buffer own(2, nullptr);
  own.mutable_plain()[0] = 7;
  own.Exchange(&theirs);
  EXPECT_EQ(memory, own.plain());
  EXPECT_THAT(Values(theirs), ElementsAre(7, 0));
}

TEST(Buffer, MayBePartOfAnother) {
  const auto whole = std::make_shared<Buffer>(20, nullptr);
  Buffer first(whole, 0, 4), second(whole, 4, 8);
  std::fill_n(second.Overwrite(Blocks()), 8, 2.0f);
  std::fill_n(first.Overwrite(nullptr), 4, 1.0f);
  EXPECT_EQ(whole->plain(), first.plain());
  EXPECT_EQ(whole->plain() + 4, second.stored());
  const std::vector<float> values = Values(*whole);
  EXPECT_EQ(4, std::count(values.begin(), values.begin() + 4, 1.0f));
  EXPECT_EQ(8, std::count(values.begin() + 4, values.begin() + 12, 2.0f));
}

TEST(Buffer, APartHasMemoryOfItsOwnInAnotherOrder) {
  const auto budget = std::make_shared<MemoryBudget>();
  const auto whole = std::make_shared<Buffer>(8, budget);
  Buffer part(whole, 2, 6);
  EXPECT_EQ(budget, part.budget());
  EXPECT_THAT(Values(part), ElementsAre(0, 0, 0, 0, 0, 0));  // before it is overwritten
  std::fill_n(part.Overwrite(nullptr), 6, 3.0f);
  EXPECT_EQ(whole->plain() + 2, part.plain());
  part.BringInto(Blocks());  // takes 8 floats
  EXPECT_EQ(2 * 64, budget->used());
  EXPECT_THAT(Values(part), ElementsAre(3, 3, 3, 3, 3, 3));
  EXPECT_EQ(3, whole->plain()[7]);
  EXPECT_NE(whole->plain() + 2, part.Overwrite(Blocks()));
}

TEST(Buffer, StartsAtACacheLine) {
  const Buffer buffer(5);
  EXPECT_EQ(0u, reinterpret_cast<uintptr_t>(buffer.plain()) % 64);
}

TEST(Buffer, TurnsALayoutIntoPlainOrderWhenAskedForIt) {
  const auto buffer = BlockedBuffer(Blocks(), {1, 2, 3, 4, 5, 6});
  EXPECT_EQ("blocked", buffer->layout()->name());
  EXPECT_EQ(3, buffer->stored()[1]);
  EXPECT_THAT(Values(*buffer), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(nullptr, buffer->layout());
  EXPECT_EQ(buffer->plain(), buffer->stored());
}

TEST(Buffer, KeepsALayoutWhileNobodyAsksForPlainOrder) {
  const auto buffer = BlockedBuffer(Blocks(), {1, 2, 3, 4, 5, 6});
  buffer->mutable_stored()[1] = 30;
  EXPECT_NE(nullptr, buffer->layout());
  EXPECT_THAT(Values(*buffer), ElementsAre(1, 2, 30, 4, 5, 6));
}

TEST(Buffer, KeepsMemoryThatIsLargerThanTheArray) {
  Buffer buffer(100);
  float* const memory = buffer.Overwrite(Blocks());
  const float stored[] = {1, 3, 2, 4, 5, 0, 6, 0};
  std::copy(std::begin(stored), std::end(stored), memory);
  EXPECT_EQ(memory, buffer.plain());
  EXPECT_EQ(nullptr, buffer.layout());
  EXPECT_THAT(std::vector<float>(memory, memory + 6), ElementsAre(1, 2, 3, 4, 5, 6));
  buffer.BringInto(Blocks());
  EXPECT_EQ(memory, buffer.stored());
  EXPECT_THAT(std::vector<float>(memory, memory + 8), ElementsAre(1, 3, 2, 4, 5, 0, 6, 0));
}

TEST(Buffer, CountsConversions) {
  const auto buffer = BlockedBuffer(Blocks(), {1, 2, 3, 4, 5, 6});
  const int64_t before = Conversions();
  buffer->stored();
  EXPECT_EQ(before, Conversions());
  buffer->plain();
  buffer->plain();
  EXPECT_EQ(before + 1, Conversions());
  buffer->Overwrite(Blocks());
  EXPECT_EQ(before + 1, Conversions());
}

TEST(Buffer, IsPlainAgainAfterBeingOverwritten) {
  const auto buffer = BlockedBuffer(Blocks(), {1, 2, 3, 4, 5, 6});
  std::fill_n(buffer->Overwrite(nullptr), 6, 7.0f);
  EXPECT_EQ(nullptr, buffer->layout());
  EXPECT_THAT(Values(*buffer), ElementsAre(7, 7, 7, 7, 7, 7));
}

TEST(Buffer, KeepsItsElementsWhenTheyCannotBeConverted) {
  const auto buffer = BlockedBuffer(std::make_shared<BrokenLayout>(), {1, 2, 3, 4, 5, 6});
  EXPECT_THAT([&] { buffer->plain(); }, ThrowsMessage<Error>("error: cannot convert"));
  EXPECT_NE(nullptr, buffer->layout());
  EXPECT_EQ(3, buffer->stored()[1]);
}

TEST(Buffer, IsBroughtIntoALayout) {
  const auto layout = Blocks();
  const auto buffer = PlainBuffer({1, 2, 3, 4, 5, 6});
  buffer->BringInto(layout);
  EXPECT_EQ(layout.get(), buffer->layout());
  EXPECT_EQ(3, buffer->stored()[1]);
  EXPECT_EQ(0, buffer->stored()[5]) << "padding";
  buffer->BringInto(Blocks());
  EXPECT_EQ(layout.get(), buffer->layout()) << "an equal one";
  buffer->BringInto(nullptr);
  EXPECT_EQ(nullptr, buffer->layout());
  EXPECT_THAT(Values(*buffer), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Buffer, ExchangesItsElements) {
  const auto a = BlockedBuffer(Blocks(), {1, 2, 3, 4, 5, 6});
  Buffer b(6);
  const float* const memory = a->stored();
  const uint64_t version = a->version();
  a->Exchange(&b);
  EXPECT_EQ(memory, b.stored());
  EXPECT_NE(nullptr, b.layout());
  EXPECT_EQ(nullptr, a->layout());
  EXPECT_LT(version, a->version());
  EXPECT_THAT(Values(b), ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(Values(*a), ElementsAre(0, 0, 0, 0, 0, 0));
}

TEST(Buffer, TheVersionGrowsWithEveryWrite) {
  Buffer buffer(2);
  EXPECT_EQ(0u, buffer.version());
  buffer.plain();
  buffer.stored();
  EXPECT_EQ(0u, buffer.version());
  buffer.mutable_plain();
  EXPECT_EQ(1u, buffer.version());
  buffer.Overwrite(nullptr);
  EXPECT_EQ(2u, buffer.version());
  buffer.mutable_stored();
  EXPECT_EQ(3u, buffer.version());
}

TEST(Buffer, HasAnIdOfItsOwn) {
  const Buffer a(1);
  const Buffer b(1);
  EXPECT_NE(0u, a.id());
  EXPECT_NE(a.id(), b.id());
}

TEST(Buffer, GivesItsMemoryBackToTheBudget) {
  const auto budget = std::make_shared<MemoryBudget>(1024);
  const MemoryBudget::Scope scope(budget);
  {
    const auto buffer = BlockedBuffer(Blocks(), {1, 2, 3, 4, 5, 6});
    EXPECT_EQ(64, budget->used());
    buffer->plain();
    EXPECT_EQ(64, budget->used());
    buffer->Overwrite(std::make_shared<BlockedLayout>(1, 17, 1, 16));
    EXPECT_EQ(128, budget->used());
  }
  EXPECT_EQ(0, budget->used());
}

TEST(Buffer, IsUnchangedWhenTheBudgetForAConversionIsUsedUp) {
  const auto budget = std::make_shared<MemoryBudget>(100);
  const MemoryBudget::Scope scope(budget);
  const auto buffer = BlockedBuffer(Blocks(), {1, 2, 3, 4, 5, 6});
  EXPECT_THROW(buffer->plain(), Error);
  EXPECT_EQ(64, budget->used());
  EXPECT_EQ(3, buffer->stored()[1]);
}

// The sanitizers' allocators end the program instead of returning null.
#if !defined(__SANITIZE_ADDRESS__) && !defined(_GLIBCXX_TSAN)
TEST(Buffer, ReportsWhatTheMachineRefuses) {
  const auto unlimited = std::make_shared<MemoryBudget>(std::numeric_limits<int64_t>::max());
  const MemoryBudget::Scope scope(unlimited);
  const Buffer buffer(int64_t{1} << 58);
  try {
    buffer.plain();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ("error: out of memory: the machine refused 1152921504606846976 bytes",
                 error.what());
    EXPECT_EQ(ErrorKind::kRun, error.kind());
  }
  EXPECT_EQ(0, unlimited->used());
}
#endif

}  // namespace
}  // namespace demitasse
