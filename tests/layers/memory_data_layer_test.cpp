#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "demitasse/memory_data.hpp"
#include "tests/io/io_test_files.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using Shape = std::vector<int>;
using Values = std::vector<float>;

const std::string kTops = "name: 'l' type: 'MemoryData' top: 'data' top: 'label'\n";
const std::string kPairs =
    kTops + "memory_data_param { batch_size: 2 channels: 1 height: 1 width: 1 }";

std::string ErrorOf(const std::string& layer, const float* data, const float* labels,
                    int64_t samples) {
  try {
    LayerHarness harness(layer, {});
    SetMemoryData(&harness.layer(), data, labels, samples);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(MemoryDataLayer, HasTheShapeOfItsParameters) {
  LayerHarness harness(kTops + "memory_data_param { batch_size: 2 channels: 3 height: 4 width: 5 }",
                       {});
  EXPECT_EQ((Shape{2, 3, 4, 5}), harness.top(0).shape());
  EXPECT_EQ((Shape{2}), harness.top(1).shape());
}

TEST(MemoryDataLayer, GivesOneBatchAfterTheOther) {
  const Values data = {1, 2, 3, 4, 5, 6};
  const Values labels = {10, 20, 30, 40, 50, 60};
  LayerHarness harness(kPairs, {});
  SetMemoryData(&harness.layer(), data.data(), labels.data(), 6);
  harness.Forward();
  harness.Forward();
  EXPECT_EQ((Values{3, 4}), Data(harness.top(0)));
  EXPECT_EQ((Values{30, 40}), Data(harness.top(1)));
  harness.Forward();
  harness.Forward();
  EXPECT_EQ((Values{1, 2}), Data(harness.top(0)));
}

TEST(MemoryDataLayer, TakesOtherArraysAtAnyTime) {
  const Values data = {1, 2, 3, 4};
  LayerHarness harness(kPairs, {});
  SetMemoryData(&harness.layer(), data.data(), data.data(), 4);
  harness.Forward();
  const Values other = {7, 8};
  SetMemoryData(&harness.layer(), other.data(), other.data(), 2);
  harness.Forward();
  EXPECT_EQ((Values{7, 8}), Data(harness.top(0)));
}

TEST(MemoryDataLayer, SkipsBatches) {
  const Values data = {1, 2, 3, 4, 5, 6};
  LayerHarness harness(kPairs, {});
  SetMemoryData(&harness.layer(), data.data(), data.data(), 6);
  harness.layer().SkipBatches(5);
  harness.Forward();
  EXPECT_EQ((Values{5, 6}), Data(harness.top(0)));
}

TEST(MemoryDataLayer, DoesNotTransform) {
  const Values data = {1, 2};
  const WarningLog log;
  LayerHarness harness(kPairs + " transform_param { scale: 2 }", {});
  SetMemoryData(&harness.layer(), data.data(), data.data(), 2);
  harness.Forward();
  EXPECT_EQ((Values{1, 2}), Data(harness.top(0)));
  EXPECT_THAT(log.messages, testing::ElementsAre("layer 'l' (MemoryData): transform_param has no "
                                                 "effect on data from memory"));
}

TEST(MemoryDataLayer, RefusesArraysThatDoNotFit) {
  const Values data = {1, 2, 3, 4};
  EXPECT_EQ(
      "layer:2:33: error: layer 'l' (MemoryData): needs a multiple of batch_size, 2, samples, got "
      "3",
      ErrorOf(kPairs, data.data(), data.data(), 3));
  EXPECT_EQ(
      "layer:2:33: error: layer 'l' (MemoryData): needs a multiple of batch_size, 2, samples, got "
      "0",
      ErrorOf(kPairs, data.data(), data.data(), 0));
  EXPECT_EQ("layer: error: layer 'l' (MemoryData): needs an array of data, got null",
            ErrorOf(kPairs, nullptr, data.data(), 2));
  EXPECT_EQ("layer: error: layer 'l' (MemoryData): needs an array of labels, got null",
            ErrorOf(kPairs, data.data(), nullptr, 2));
  EXPECT_EQ(
      "layer:1:17: error: layer 'l' (DummyData): is fed from memory, which only a layer of type "
      "MemoryData can be",
      ErrorOf("name: 'l' type: 'DummyData' top: 'd' dummy_data_param { shape { dim: 1 } }",
              data.data(), data.data(), 1));
}

TEST(MemoryDataLayer, RefusesNoLayer) {
  const Values data = {1, 2};
  EXPECT_EQ("there is no layer to give data to, got null",
            ErrorAt("", [&] { SetMemoryData(nullptr, data.data(), data.data(), 2); }));
}

TEST(MemoryDataLayer, RefusesBadParameters) {
  CheckErrors({
      {kPairs,
       {},
       "layer: error: layer 'l' (MemoryData): has no data; hand it over with "
       "SetMemoryData first"},
      {kTops + "memory_data_param { batch_size: 0 channels: 3 height: 4 width: 5 }",
       {},
       "layer:2:33: error: layer 'l' (MemoryData): batch_size must be greater than 0, got 0"},
      {kTops + "memory_data_param { batch_size: 2 channels: 3 height: 4 }",
       {},
       "layer:2:1: error: layer 'l' (MemoryData): width must be greater than 0, got 0"},
      {"name: 'l' type: 'MemoryData' top: 'data'\n",
       {},
       "layer:1:35: error: layer 'l' (MemoryData): takes exactly 2 top blobs, got 1: data"},
  });
}

}  // namespace
}  // namespace demitasse
