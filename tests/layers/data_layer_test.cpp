#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "demitasse/caffe.pb.h"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/io/lmdb_writer.hpp"
#include "tests/io/io_test_files.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using Shape = std::vector<int>;
using Values = std::vector<float>;

#ifndef DEMITASSE_WITH_LMDB

TEST(DataLayer, ABuildWithoutLmdbSaysSo) {
  const std::string path = TempPath("lmdb");
  std::filesystem::create_directory(path);
  WriteBytes(path + "/data.mdb", "");
  CheckErrors({{"name: 'l' type: 'Data' top: 'd'\ndata_param { source: '" + path +
                    "' backend: LMDB batch_size: 1 }",
                {},
                "layer:2:22: error: layer 'l' (Data): '" + path +
                    "': this build cannot read LMDB databases; configure it with "
                    "-DDEMITASSE_WITH_LMDB=ON"}});
}

#else

caffe::Datum Raw(int channels, int height, int width, const std::string& data, int label) {
  caffe::Datum datum;
  datum.set_channels(channels);
  datum.set_height(height);
  datum.set_width(width);
  datum.set_data(data);
  datum.set_label(label);
  return datum;
}

// A record of one pixel, which is the label too, for each number below `count`.
std::vector<caffe::Datum> Numbers(int count) {
  std::vector<caffe::Datum> datums;
  for (int i = 0; i < count; ++i) {
    datums.push_back(Raw(1, 1, 1, std::string(1, static_cast<char>(i)), i));
  }
  return datums;
}

std::string LmdbOf(const std::vector<caffe::Datum>& datums) {
  std::string path = TempPath("lmdb");
  LmdbWriter writer(path);
  int key = 100;
  for (const caffe::Datum& datum : datums) {
    writer.Put(std::to_string(key++), datum.SerializeAsString());
  }
  writer.Finish();
  return path;
}

std::string DataLayer(const std::string& source, const std::string& fields,
                      const std::string& rest = "top: 'data' top: 'label'") {
  return Cat("name: 'l' type: 'Data' ", rest, "\ndata_param { source: '", source,
             "' backend: LMDB ", fields, " }");
}

Values Forward(LayerHarness* harness, int top = 0) {
  harness->Forward();
  return Data(harness->top(top));
}

// What a layer of that text says when it is set up and run until it fails.
std::string ErrorOf(const std::string& layer) {
  try {
    LayerHarness harness(layer, {});
    for (int i = 0; i < 10; ++i) harness.Forward();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(DataLayer, GivesBatchesOfSamplesAndLabels) {
  LayerHarness harness(
      DataLayer(LmdbOf({Raw(2, 1, 2, "abcd", 5), Raw(2, 1, 2, "efgh", 6)}), "batch_size: 2"), {});
  EXPECT_EQ((Shape{2, 2, 1, 2}), harness.top(0).shape());
  EXPECT_EQ((Shape{2}), harness.top(1).shape());
  EXPECT_EQ((Values{'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'}), Forward(&harness));
  EXPECT_EQ((Values{5, 6}), Data(harness.top(1)));
}

TEST(DataLayer, StartsAgainBehindTheLastRecord) {
  LayerHarness harness(DataLayer(LmdbOf(Numbers(3)), "batch_size: 2"), {});
  EXPECT_EQ((Values{0, 1}), Forward(&harness));
  EXPECT_EQ((Values{2, 0}), Forward(&harness));
  EXPECT_EQ((Values{1, 2}), Forward(&harness));
  EXPECT_EQ((Values{1, 2}), Data(harness.top(1)));
}

TEST(DataLayer, NeedsNoLabels) {
  LayerHarness harness(DataLayer(LmdbOf(Numbers(3)), "batch_size: 4", "top: 'data'"), {});
  EXPECT_EQ((Values{0, 1, 2, 0}), Forward(&harness));
}

TEST(DataLayer, TransformsEachSampleByItself) {
  const std::string layer = DataLayer(LmdbOf({Raw(1, 1, 2, "\x01\x02", 0)}), "batch_size: 50",
                                      "top: 'data' transform_param { scale: 0.5 mirror: true }");
  LayerHarness harness(layer, {});
  const Values values = Forward(&harness);
  EXPECT_EQ(50, std::count(values.begin(), values.end(), 0.5f));
  EXPECT_NE(Forward(&harness), values);
  LayerHarness other(layer, {});
  EXPECT_EQ(values, Forward(&other));
}

TEST(DataLayer, GivesTheSameForAnyNumberOfThreads) {
  std::string bytes(3 * 64 * 64, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i % 251);
  const std::string layer = DataLayer(LmdbOf({Raw(3, 64, 64, bytes, 0)}), "batch_size: 200",
                                      "top: 'd' transform_param { mirror: true crop_size: 60 }");
  LayerHarness one(layer, {});
  LayerHarness four(layer, {});
  const ThreadScope one_thread(1);
  const Values expected = Forward(&one);
  const ThreadScope four_threads(4);
  EXPECT_EQ(expected, Forward(&four));
}

TEST(DataLayer, SkipsBatches) {
  const std::string layer = DataLayer(LmdbOf(Numbers(7)), "batch_size: 3");
  for (const int skipped : {1, 2, 3, 4, 1000}) {
    LayerHarness harness(layer, {});
    Forward(&harness);
    harness.layer().SkipBatches(skipped);
    const int first = 3 * (skipped + 1);
    EXPECT_EQ((Values{(first) % 7 * 1.f, (first + 1) % 7 * 1.f, (first + 2) % 7 * 1.f}),
              Forward(&harness));
  }
}

TEST(DataLayer, StartsAtARandomRecord) {
  const std::string layer = DataLayer(LmdbOf(Numbers(100)), "batch_size: 2 rand_skip: 50");
  LayerHarness harness(layer, {});
  const Values values = Forward(&harness);
  EXPECT_GT(values[0], 0);  // 1 in 50 seeds would give 0
  EXPECT_LT(values[0], 50);
  EXPECT_EQ(values[0] + 1, values[1]);
  LayerHarness other(layer, {});
  EXPECT_EQ(values, Forward(&other));
}

TEST(DataLayer, TakesTheShapeOfEachBatchsFirstSample) {
  LayerHarness harness(
      DataLayer(LmdbOf({Raw(1, 1, 2, "ab", 0), Raw(1, 2, 2, "cdef", 0)}), "batch_size: 1"), {});
  EXPECT_EQ((Shape{1, 1, 1, 2}), harness.top().shape());
  Forward(&harness);
  EXPECT_EQ((Values{'c', 'd', 'e', 'f'}), Forward(&harness));
  EXPECT_EQ((Shape{1, 1, 2, 2}), harness.top().shape());
}

TEST(DataLayer, NamesTheBadRecord) {
  caffe::Datum bad = Raw(1, 1, 1, "ab", 0);
  const std::string path = LmdbOf({Raw(1, 1, 1, "a", 0), bad, Raw(1, 1, 3, "abc", 0)});
  EXPECT_EQ("layer:2:22: error: layer 'l' (Data): record '101' of '" + path +
                "': the datum is 1 x 1 x 1 and needs 1 values, got 2 in data",
            ErrorOf(DataLayer(path, "batch_size: 1")));
}

TEST(DataLayer, NamesTheRecordThatDoesNotFit) {
  const std::string path = LmdbOf({Raw(1, 2, 2, "abcd", 0), Raw(1, 2, 3, "abcdef", 0)});
  EXPECT_EQ("layer:2:22: error: layer 'l' (Data): record '101' of '" + path +
                "': its shape is 1 2 3 (6), that of the batch's first one 1 2 2 (4); cut or resize "
                "all to one size, or use batch_size: 1",
            ErrorOf(DataLayer(path, "batch_size: 2")));
  EXPECT_EQ(
      "layer:1:62: error: layer 'l' (Data): crop_size must not be larger than the picture, "
      "got 3 for one of 2 x 2 (record '100' of '" +
          path + "')",
      ErrorOf(DataLayer(path, "batch_size: 2", "top: 'd' transform_param { crop_size: 3 }")));
}

TEST(DataLayer, RefusesBadParameters) {
  const std::string path = LmdbOf({});
  CheckErrors({
      {DataLayer(path, "batch_size: 1"),
       {},
       "layer:2:22: error: layer 'l' (Data): '" + path + "' holds no records"},
      {DataLayer(path, ""),
       {},
       "layer:2:1: error: layer 'l' (Data): batch_size must be greater than 0, got 0"},
      {DataLayer(path, "batch_size: 1 prefetch: 0"),
       {},
       Cat("layer:2:", 63 + path.size(),
           ": error: layer 'l' (Data): prefetch must be greater than 0, got 0")},
      {DataLayer("missing_lmdb", "batch_size: 1"),
       {},
       "layer:2:22: error: layer 'l' (Data): there is no file 'missing_lmdb'"},
      {DataLayer("", "batch_size: 1"),
       {},
       "layer:2:22: error: layer 'l' (Data): source is missing or empty"},
      {"name: 'l' type: 'Data' top: 'd'\ndata_param { source: '" + path + "' batch_size: 1 }",
       {},
       "layer:2:22: error: layer 'l' (Data): '" + path +
           "': this is no LevelDB database: it has no file CURRENT; it is one of LMDB: use "
           "`backend: LMDB`"},
  });
}

TEST(DataLayer, WarnsThatOnlyEncodedPicturesCanBeForced) {
  const std::string path = LmdbOf(Numbers(1));
  const WarningLog log;
  LayerHarness harness(
      DataLayer(path, "batch_size: 1", "top: 'd' transform_param { force_color: true }"), {});
  EXPECT_THAT(log.messages,
              ElementsAre("layer 'l' (Data): force_color and force_gray are for encoded pictures; "
                          "those of '" +
                          path + "' are not encoded, and stay as they are"));
  EXPECT_EQ((Values{0}), Forward(&harness));
}

#ifdef DEMITASSE_WITH_PICTURES

TEST(DataLayer, DecodesPictures) {
  caffe::Datum datum;
  datum.set_data(ReadBytes(DEMITASSE_SOURCE_DIR "/tests/io/data/grey.jpg"));
  datum.set_encoded(true);
  datum.set_label(3);
  const std::string path = LmdbOf({datum});
  LayerHarness gray(DataLayer(path, "batch_size: 1"), {});
  EXPECT_EQ(1, gray.top().shape(1));
  LayerHarness color(DataLayer(path, "batch_size: 1 force_encoded_color: true"), {});
  EXPECT_EQ(3, color.top().shape(1));
  Forward(&gray);
  Values expected = Data(gray.top());
  const size_t plane = expected.size();
  for (size_t i = 0; i < 2 * plane; ++i) expected.push_back(expected[i]);
  EXPECT_EQ(expected, Forward(&color));
  EXPECT_EQ((Values{3}), Data(color.top(1)));
}

#endif
#endif

}  // namespace
}  // namespace demitasse
