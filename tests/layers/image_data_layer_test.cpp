#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "src/core/text.hpp"
#include "src/io/encode_picture.hpp"
#include "src/io/picture.hpp"
#include "tests/io/io_test_files.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using Shape = std::vector<int>;
using Values = std::vector<float>;

const std::string kFolder = DEMITASSE_SOURCE_DIR "/tests/io/data/";

std::string ListOf(const std::string& lines) {
  std::string path = TempPath("list");
  WriteBytes(path, lines);
  return path;
}

std::string ImageData(const std::string& list, const std::string& fields,
                      const std::string& rest = "") {
  return Cat("name: 'l' type: 'ImageData' top: 'data' top: 'label' ", rest,
             "\nimage_data_param { source: '", list, "' ", fields, " }");
}

TEST(ImageDataLayer, RefusesPicturesBeyondTheMemoryLimitBeforeItMakesThem) {
  const std::string list = ListOf(kFolder + "colour.jpg 1\n");
  const MemoryBudget::Scope scope(std::make_shared<MemoryBudget>(1 << 20));
  CheckErrors(
      {{ImageData(list, "new_height: 100000 new_width: 100000"),
        {},
        "layer:2:28: error: layer 'l' (ImageData): picture '" + kFolder + "colour.jpg' of " + list +
            ":1: needs 57221 MB more memory, but 1 MB of the limit of 1 MB are "
            "taken; use smaller inputs or raise the memory limit"}});
}

// The second of two batches is of a picture of 1000 x 1000 pixels.
std::string ErrorOfALargeSecondPicture(int64_t limit) {
  const std::string large = TempPath("large.png");
  WriteBytes(large, EncodePng({1000, 1000, 3, std::vector<uint8_t>(3000000)}));
  const std::string list = ListOf(kFolder + "grey.jpg 1\n" + large + " 2\n");
  const MemoryBudget::Scope scope(std::make_shared<MemoryBudget>(limit));
  LayerHarness layer(ImageData(list, ""), {});
  layer.Forward();
  return ErrorAt("layer", [&] { layer.Forward(); });
}

TEST(ImageDataLayer, LaterPicturesCountAgainstTheMemoryLimit) {
  EXPECT_THAT(
      ErrorOfALargeSecondPicture(2 << 20),
      HasSubstr(":2: the picture of 1000 x 1000 pixels needs 3 MB more memory, but 1 MB of the "
                "limit of 2 MB are taken"));
  EXPECT_THAT(ErrorOfALargeSecondPicture(11 << 20),
              HasSubstr(":2: needs 12 MB more memory, but 1 MB of the limit of 11 MB are taken"));
}

TEST(ImageDataLayer, RefusesBadParameters) {
  const std::string list = ListOf("missing.png 1\n");
  const std::string empty = TempPath("empty");
  WriteBytes(empty, "");
  CheckErrors({
      {ImageData("missing", ""),
       {},
       "layer:2:28: error: layer 'l' (ImageData): there is no file 'missing'"},
      {ImageData(empty, ""),
       {},
       "layer:2:28: error: layer 'l' (ImageData): '" + empty + "': the list names no pictures"},
      {ImageData(list, "new_width: 5"),
       {},
       "layer:2:" + std::to_string(list.size() + 42) +
           ": error: layer 'l' (ImageData): give both new_height and new_width, or none of them, "
           "got 0 and 5"},
      {ImageData(list, "batch_size: 0"),
       {},
       "layer:2:" + std::to_string(list.size() + 43) +
           ": error: layer 'l' (ImageData): batch_size must be greater than 0, got 0"},
      {ImageData(list, "rand_skip: 2"),
       {},
       "layer:2:" + std::to_string(list.size() + 42) +
           ": error: layer 'l' (ImageData): rand_skip must be at most the number of pictures in '" +
           list + "', 1, got 2"},
      {ImageData(list, ""),
       {},
       "layer:2:28: error: layer 'l' (ImageData): picture 'missing.png' of " + list +
           ":1: there is no file 'missing.png', neither in the working directory nor in '" +
           std::filesystem::path(list).parent_path().string() + "'"},
  });
}

#ifdef DEMITASSE_WITH_PICTURES

std::string InFolder() { return "root_folder: '" + kFolder + "' "; }

Values PixelsOf(const std::string& file, int channels, int height, int width) {
  return PictureToArray(ReadPicture(kFolder + file), channels, height, width, ChannelOrder::kBgr)
      .values;
}

// The labels of the next `batches` batches.
Values Labels(LayerHarness* harness, int batches) {
  Values labels;
  for (int i = 0; i < batches; ++i) {
    harness->Forward();
    const Values batch = Data(harness->top(1));
    labels.insert(labels.end(), batch.begin(), batch.end());
  }
  return labels;
}

// A list of one picture under the labels 0 to `count` - 1.
std::string Numbered(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) lines += Cat("grey.jpg ", i, "\n");
  return ListOf(lines);
}

TEST(ImageDataLayer, ReadsPicturesAndLabels) {
  const Picture picture = ReadPicture(kFolder + "colour.jpg");
  LayerHarness harness(ImageData(ListOf("colour.jpg 5"), InFolder()), {});
  EXPECT_EQ((Shape{1, 3, picture.height, picture.width}), harness.top(0).shape());
  EXPECT_EQ(Shape{1}, harness.top(1).shape());
  EXPECT_EQ(Values{5}, Labels(&harness, 1));
  EXPECT_EQ(PixelsOf("colour.jpg", 3, picture.height, picture.width), Data(harness.top()));
}

TEST(ImageDataLayer, ScalesAndConverts) {
  LayerHarness harness(
      ImageData(ListOf("colour.jpg 0\ngrey.jpg 1"),
                InFolder() + "new_height: 5 new_width: 7 is_color: false batch_size: 2"),
      {});
  EXPECT_EQ((Shape{2, 1, 5, 7}), harness.top().shape());
  EXPECT_EQ((Values{0, 1}), Labels(&harness, 1));
  Values expected = PixelsOf("colour.jpg", 1, 5, 7);
  const Values second = PixelsOf("grey.jpg", 1, 5, 7);
  expected.insert(expected.end(), second.begin(), second.end());
  EXPECT_EQ(expected, Data(harness.top()));
}

TEST(ImageDataLayer, FindsPicturesBesideTheList) {
  std::filesystem::copy_file(kFolder + "grey.jpg", TempPath("my cat.jpg"));
  const std::string name = std::filesystem::path(TempPath("my cat.jpg")).filename();
  LayerHarness harness(ImageData(ListOf(name + " 3"), "is_color: false"), {});
  EXPECT_EQ(Values{3}, Labels(&harness, 1));
}

TEST(ImageDataLayer, AppliesTransformParam) {
  const Picture picture = ReadPicture(kFolder + "grey.jpg");
  Values expected = PixelsOf("grey.jpg", 1, picture.height, picture.width);
  for (float& value : expected) value = (value - 10) * 0.5f;
  LayerHarness harness(ImageData(ListOf("grey.jpg 0"), InFolder() + "is_color: false",
                                 "transform_param { mean_value: 10 scale: 0.5 }"),
                       {});
  harness.Forward();
  EXPECT_EQ(expected, Data(harness.top()));
}

TEST(ImageDataLayer, StartsAgainAtTheEnd) {
  LayerHarness harness(ImageData(Numbered(3), InFolder() + "batch_size: 2"), {});
  EXPECT_EQ((Values{0, 1, 2, 0, 1, 2}), Labels(&harness, 3));
}

TEST(ImageDataLayer, ShufflesEveryEpochAnew) {
  const std::string layer = ImageData(Numbered(8), InFolder() + "batch_size: 4 shuffle: true");
  LayerHarness harness(layer, {});
  Values first = Labels(&harness, 2);
  Values second = Labels(&harness, 2);
  EXPECT_NE(first, second);
  LayerHarness other(layer, {});
  EXPECT_EQ(first, Labels(&other, 2));
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  EXPECT_EQ((Values{0, 1, 2, 3, 4, 5, 6, 7}), first);
  EXPECT_EQ(first, second);
}

TEST(ImageDataLayer, SkipsBatches) {
  const std::string layer = ImageData(Numbered(5), InFolder() + "batch_size: 2 shuffle: true");
  LayerHarness harness(layer, {});
  Values all = Labels(&harness, 8);
  LayerHarness other(layer, {});
  Labels(&other, 1);
  other.layer().SkipBatches(5);
  EXPECT_EQ((Values{all[12], all[13], all[14], all[15]}), Labels(&other, 2));
}

TEST(ImageDataLayer, StartsAtARandomPicture) {
  const std::string layer = ImageData(Numbered(50), InFolder() + "rand_skip: 50");
  LayerHarness harness(layer, {});
  const float first = Labels(&harness, 1)[0];
  EXPECT_GT(first, 0);  // 1 in 50 seeds would give 0
  LayerHarness other(layer, {});
  EXPECT_EQ((Values{first, first + 1}), Labels(&other, 2));
}

TEST(ImageDataLayer, NamesThePictureThatDoesNotFit) {
  const std::string list = ListOf("grey.jpg 0\ncolour.jpg 0\nREADME.md 0");
  const auto error_of = [](const std::string& layer) {
    return ErrorAt("layer", [&] { LayerHarness(layer, {}).Forward(); });
  };
  EXPECT_THAT(error_of(ImageData(list, InFolder() + "batch_size: 2 new_height: 8 new_width: 8",
                                 "transform_param { crop_size: 9 }")),
              HasSubstr("crop_size must not be larger than the picture, got 9 for one of 8 x 8 "
                        "(picture 'grey.jpg' of " +
                        list + ":1)"));
  EXPECT_THAT(
      error_of(ImageData(list, InFolder() + "batch_size: 3 new_height: 8 new_width: 8")),
      HasSubstr("picture 'README.md' of " + list + ":3: this is neither a PNG nor a JPEG picture"));
}

#endif

}  // namespace
}  // namespace demitasse
