#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "demitasse/caffe.pb.h"
#include "layers/common/window_crop.hpp"
#include "src/core/text.hpp"
#include "tests/io/io_test_files.hpp"
#include "tests/support/layer_harness.hpp"

namespace demitasse {
namespace {

using testing::Each;
using Shape = std::vector<int>;
using Values = std::vector<float>;

const std::string kFolder = DEMITASSE_SOURCE_DIR "/tests/io/data/";

// A window file of the picture colour.jpg, which has 11 rows and 18 columns.
std::string WindowsOf(const std::vector<std::string>& windows) {
  std::string path = TempPath("windows");
  WriteBytes(path, Cat("# 0\ncolour.jpg\n3 11 18\n", windows.size(), "\n", Join(windows, "\n")));
  return path;
}

std::string WindowData(const std::string& source, const std::string& fields,
                       const std::string& transform = "crop_size: 4") {
  return Cat("name: 'l' type: 'WindowData' top: 'data' top: 'label'\ntransform_param { ", transform,
             " }\nwindow_data_param { source: '", source, "' root_folder: '", kFolder, "' ", fields,
             " }");
}

std::string ErrorOf(const std::string& layer) {
  return ErrorAt("layer", [&] { LayerHarness(layer, {}).Forward(); });
}

TEST(WindowDataLayer, RefusesBadParameters) {
  const std::string path = WindowsOf({"1 0.8 0 0 5 5"});
  const auto layer = [&](const std::string& fields) { return WindowData(path, fields); };
  const auto at = [&](size_t offset) {
    return Cat("layer:3:", path.size() + kFolder.size() + 48 + offset,
               ": error: layer 'l' (WindowData): ");
  };
  CheckErrors({
      {layer("batch_size: 0"), {}, at(12) + "batch_size must be greater than 0, got 0"},
      {layer("batch_size: 1 context_pad: 2"),
       {},
       at(27) + "context_pad must be less than half of crop_size, 4, got 2"},
      {layer("batch_size: 1 crop_mode: 'squar'"),
       {},
       at(25) + "unknown crop_mode 'squar'; did you mean 'square'? (known: square, warp)"},
      {layer("batch_size: 1 fg_fraction: 2"),
       {},
       at(27) + "fg_fraction must be from 0 to 1, got 2"},
      {layer("batch_size: 1 fg_fraction: nan"),
       {},
       at(27) + "fg_fraction must be from 0 to 1, got nan"},
      {WindowData(path, "batch_size: 1", ""),
       {},
       "layer:2:1: error: layer 'l' (WindowData): crop_size must be greater than 0, got 0"},
      {WindowData(path, "batch_size: 1", "crop_size: 4 mean_value: 1 mean_value: 2"),
       {},
       "layer:2:58: error: layer 'l' (WindowData): mean_value must be given once for all channels "
       "or once for each, got 2 for 3 channels"},
      {WindowData("missing", "batch_size: 1"),
       {},
       "layer:3:29: error: layer 'l' (WindowData): there is no file 'missing'"},
  });
}

// What is said of a mean of such a shape, where a crop of 4 x 4 is asked for.
std::string ErrorOfMean(const std::vector<int>& shape) {
  caffe::BlobProto mean;
  int elements = 1;
  for (const int size : shape) {
    mean.mutable_shape()->add_dim(size);
    elements *= size;
  }
  for (int i = 0; i < elements; ++i) mean.add_data(0);
  WriteBytes(TempPath("mean"), mean.SerializeAsString());
  return ErrorOf(WindowData(WindowsOf({}), "batch_size: 1",
                            "crop_size: 4 mean_file: '" + TempPath("mean") + "'"));
}

TEST(WindowDataLayer, TheMeanMustCoverTheCrop) {
  EXPECT_EQ("layer 'l' (WindowData): the mean is 4 x 3, smaller than crop_size, 4",
            ErrorOfMean({1, 3, 4, 3}));
}

TEST(WindowDataLayer, TheMeanHasAsManyChannelsAsThePictures) {
  EXPECT_EQ("layer 'l' (WindowData): the mean has 1 channel, the pictures 3",
            ErrorOfMean({1, 1, 4, 4}));
}

TEST(WindowDataLayer, SaysWhereItsFileIsNone) {
  const std::string path = TempPath("windows");
  WriteBytes(path, "colour.jpg\n");
  EXPECT_EQ("layer 'l' (WindowData): '" + path +
                ":1': '#', which begins a picture, is needed, got 'colour.jpg'",
            ErrorOf(WindowData(path, "batch_size: 1")));
}

TEST(WindowDataLayer, NeedsWindowsOfBothKinds) {
  const std::string objects = WindowsOf({"1 0.8 0 0 5 5", "1 0.5 0 0 5 5"});
  EXPECT_EQ("layer 'l' (WindowData): '" + objects +
                "' has no window that overlaps its objects by less than 0.5 (bg_threshold)",
            ErrorOf(WindowData(objects, "batch_size: 2")));
  EXPECT_EQ("layer 'l' (WindowData): '" + objects +
                "' has no window that overlaps an object by 0.9 (fg_threshold)",
            ErrorOf(WindowData(objects, "batch_size: 4 fg_threshold: 0.9")));
}

TEST(WindowDataLayer, AnObjectHasAClass) {
  const std::string path = WindowsOf({"1 0.8 0 0 5 5", "0 0.5 0 0 5 5"});
  EXPECT_EQ("layer 'l' (WindowData): '" + path +
                ":6': the class of a window that overlaps an object must be at least 1, got 0",
            ErrorOf(WindowData(path, "batch_size: 1")));
}

#ifdef DEMITASSE_WITH_PICTURES

// What a window shows as the net sees it: shape (3, size, size).
Values Shown(const Window& window, const CropOptions& options, bool mirror) {
  const Picture picture = ReadPicture(kFolder + "colour.jpg");
  const WindowCrop crop = PlaceWindow(window, picture, options, mirror);
  const Picture part = CutOut(picture, crop);
  Values values(static_cast<size_t>(3 * options.size * options.size));
  const Values pixels = PictureToArray(part, 3, part.height, part.width, ChannelOrder::kBgr).values;
  for (int c = 0; c < 3; ++c) {
    for (int y = 0; y < part.height; ++y) {
      for (int x = 0; x < part.width; ++x) {
        const int from = (c * part.height + y) * part.width + (mirror ? part.width - 1 - x : x);
        const int to = (c * options.size + crop.top + y) * options.size + crop.left + x;
        values[static_cast<size_t>(to)] = pixels[static_cast<size_t>(from)];
      }
    }
  }
  return values;
}

Window At(int x1, int y1, int x2, int y2) {
  Window window;
  window.x1 = x1;
  window.y1 = y1;
  window.x2 = x2;
  window.y2 = y2;
  return window;
}

TEST(WindowDataLayer, GivesWhatAWindowShows) {
  LayerHarness harness(WindowData(WindowsOf({"3 0.8 2 1 9 8"}), "batch_size: 1 fg_fraction: 1"),
                       {});
  EXPECT_EQ((Shape{1, 3, 4, 4}), harness.top(0).shape());
  EXPECT_EQ((Shape{1}), harness.top(1).shape());
  harness.Forward();
  EXPECT_EQ(Values{3}, Data(harness.top(1)));
  EXPECT_EQ(Shown(At(2, 1, 9, 8), {4, 0, false}, false), Data(harness.top(0)));
}

TEST(WindowDataLayer, AWindowFarBeyondThePictureShowsNothingAtWorst) {
  const Picture picture = ReadPicture(kFolder + "colour.jpg");
  // In floats, it begins behind the last column.
  const WindowCrop crop = PlaceWindow(At(17, 0, 563369604, 5), picture, {8, 0, true}, false);
  EXPECT_EQ(crop.width, 0);
  EXPECT_EQ(crop.scaled_width, 0);
}

TEST(WindowDataLayer, DrawsTheAskedForShareOfObjects) {
  const std::string path =
      WindowsOf({"3 0.8 2 1 9 8", "4 0.5 2 1 9 8", "5 0.49 2 1 9 8", "6 0.1 0 0 9 8"});
  LayerHarness harness(WindowData(path, "batch_size: 41 fg_fraction: 0.5 bg_threshold: 0.3"), {});
  harness.Forward();
  const Values labels = Data(harness.top(1));
  EXPECT_THAT(Values(labels.begin(), labels.begin() + 21), Each(0));
  EXPECT_EQ((std::set<float>{3, 4}), std::set<float>(labels.begin() + 21, labels.end()));
  const Values data = Data(harness.top(0));
  EXPECT_EQ(Shown(At(0, 0, 9, 8), {4, 0, false}, false), Values(data.begin(), data.begin() + 48));
}

TEST(WindowDataLayer, PadsAndMirrors) {
  const std::string path = WindowsOf({"3 0.8 0 0 5 5"});
  const CropOptions options{8, 2, true};
  const Values plain = Shown(At(0, 0, 5, 5), options, false);
  const Values mirrored = Shown(At(0, 0, 5, 5), options, true);
  LayerHarness harness(WindowData(path,
                                  "batch_size: 1 fg_fraction: 1 context_pad: 2 "
                                  "crop_mode: 'square' cache_images: true",
                                  "crop_size: 8 mirror: true"),
                       {});
  int mirrors = 0;
  for (int i = 0; i < 100; ++i) {
    harness.Forward();
    const Values values = Data(harness.top());
    if (values == mirrored)
      ++mirrors;
    else
      EXPECT_EQ(plain, values);
  }
  EXPECT_NEAR(50, mirrors, 25);
}

TEST(WindowDataLayer, SubtractsTheMeanAndScales) {
  const std::string path = WindowsOf({"3 0.8 2 1 9 8"});
  Values expected = Shown(At(2, 1, 9, 8), {4, 0, false}, false);
  for (size_t i = 0; i < expected.size(); ++i) {
    expected[i] = (expected[i] - static_cast<float>(i / 16)) * 0.5f;
  }
  const std::string fields = "batch_size: 1 fg_fraction: 1";
  LayerHarness values(WindowData(path, fields, "crop_size: 4 scale: 0.5 mean_value: [0, 1, 2]"),
                      {});
  values.Forward();
  EXPECT_EQ(expected, Data(values.top()));

  // The centre of 6 x 8 pixels is where the mean is not 99.
  caffe::BlobProto mean;
  for (const int size : {1, 3, 6, 8}) mean.mutable_shape()->add_dim(size);
  for (int i = 0; i < 3 * 6 * 8; ++i) {
    const int y = i / 8 % 6;
    const int x = i % 8;
    const bool centre = y >= 1 && y < 5 && x >= 2 && x < 6;
    mean.add_data(centre ? static_cast<float>(i / 48) : 99);
  }
  WriteBytes(TempPath("mean"), mean.SerializeAsString());
  LayerHarness file(
      WindowData(path, fields, "crop_size: 4 scale: 0.5 mean_file: '" + TempPath("mean") + "'"),
      {});
  file.Forward();
  EXPECT_EQ(expected, Data(file.top()));
}

TEST(WindowDataLayer, DependsOnTheSeedAndTheBatchAlone) {
  const std::string layer =
      WindowData(WindowsOf({"1 0.8 0 0 5 5", "2 0.8 0 0 6 6", "3 0.8 0 0 7 7", "0 0.1 3 3 7 7"}),
                 "batch_size: 8 fg_fraction: 0.75");
  LayerHarness harness(layer, {});
  for (int i = 0; i < 5; ++i) harness.Forward();
  LayerHarness other(layer, {});
  other.layer().SkipBatches(4);
  other.Forward();
  EXPECT_EQ(Data(harness.top(0)), Data(other.top(0)));
  EXPECT_EQ(Data(harness.top(1)), Data(other.top(1)));
}

TEST(WindowDataLayer, NamesThePictureAndTheWindow) {
  const std::string path = WindowsOf({"3 0.8 2 1 9 11"});
  EXPECT_EQ("layer 'l' (WindowData): picture 'colour.jpg', for the window of " + path +
                ":5: the window from (2, 1) to (9, 11) is beyond the picture, which has 18 columns "
                "and 11 rows",
            ErrorOf(WindowData(path, "batch_size: 1 fg_fraction: 1")));
}

#endif

}  // namespace
}  // namespace demitasse
