// LoadPicture: a picture becomes the input of a net.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "demitasse/picture.hpp"
#include "src/io/encode_picture.hpp"
#include "src/io/picture.hpp"
#include "tests/io/io_test_files.hpp"

#ifdef DEMITASSE_WITH_PICTURES

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::ThrowsMessage;

// A file of two pixels: red, green and blue are 10, 20, 30 and 40, 50, 60.
class LoadPictureTest : public testing::Test {
 protected:
  LoadPictureTest() : path_(TempPath("two.png")), blob_(std::vector<int>{2, 3, 1, 2}) {
    WriteBytes(path_, EncodePng(Picture{1, 2, 3, {10, 20, 30, 40, 50, 60}}));
  }
  ~LoadPictureTest() override { std::remove(path_.c_str()); }

  std::vector<float> Loaded(const PictureInput& input) {
    LoadPicture(path_, input, 1, &blob_);
    return {blob_.cpu_data() + 6, blob_.cpu_data() + 12};
  }

  std::string path_;
  Blob blob_;
};

TEST_F(LoadPictureTest, FillsOneItemBlueFirst) {
  EXPECT_THAT(Loaded({}), ElementsAre(30, 60, 20, 50, 10, 40));
  EXPECT_EQ(210, blob_.asum_data());  // the other item is untouched
}

TEST_F(LoadPictureTest, FillsRedFirstIfAsked) {
  PictureInput input;
  input.rgb = true;
  EXPECT_THAT(Loaded(input), ElementsAre(10, 40, 20, 50, 30, 60));
}

TEST_F(LoadPictureTest, SubtractsTheMeanThenScales) {
  EXPECT_THAT(Loaded({{10}, 0.5f}), ElementsAre(10, 25, 5, 20, 0, 15));
  EXPECT_THAT(Loaded({{30, 20, 10}, 2}), ElementsAre(0, 60, 0, 60, 0, 60));
  EXPECT_THAT(Loaded({{1, 2, 3, 4, 5, 6}, 1}), ElementsAre(29, 58, 17, 46, 5, 34));
}

TEST_F(LoadPictureTest, MakesGreyAndScalesToTheBlobsSize) {
  Blob grey(std::vector<int>{1, 1, 1, 1});
  LoadPicture(path_, {}, 0, &grey);
  EXPECT_EQ(33, grey.cpu_data()[0]);  // of 18 and 48
}

TEST_F(LoadPictureTest, RefusesWhatDoesNotFit) {
  EXPECT_THAT(
      [&] {
        LoadPicture(path_, {{1, 2}}, 0, &blob_);
      },
      ThrowsMessage<Error>("error: the mean of pictures has 2 values; for 3 x 1 x 2 it needs "
                           "1, 3 or 6"));
  EXPECT_THAT([&] { LoadPicture(path_, {}, 2, &blob_); },
              ThrowsMessage<Error>("error: there is no picture 2 in a blob of 2"));
  Blob flat(std::vector<int>{3});
  EXPECT_THAT([&] { LoadPicture(path_, {}, 0, &flat); },
              ThrowsMessage<Error>("error: a picture needs a blob of 4 axes (pictures, channels, "
                                   "height, width) with 1 or 3 channels, not one of 3 (3)"));
}

}  // namespace
}  // namespace demitasse

#endif  // DEMITASSE_WITH_PICTURES
