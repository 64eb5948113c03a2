#include "src/io/datum.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

caffe::Datum Sized(int channels, int height, int width) {
  caffe::Datum datum;
  datum.set_channels(channels);
  datum.set_height(height);
  datum.set_width(width);
  return datum;
}

PixelArray Pixels(const caffe::Datum& datum) {
  return DatumToPixels(datum, PictureColor::kAsStored, "datum");
}

TEST(DatumTest, GivesBytes) {
  caffe::Datum datum = Sized(2, 1, 3);
  datum.set_data("\x01\x02\x03\x80\xfe\xff");
  const PixelArray pixels = Pixels(datum);
  EXPECT_EQ(2, pixels.channels);
  EXPECT_EQ(1, pixels.height);
  EXPECT_EQ(3, pixels.width);
  EXPECT_THAT(pixels.bytes, ElementsAre(1, 2, 3, 128, 254, 255));
  EXPECT_THAT(pixels.floats, IsEmpty());
}

TEST(DatumTest, GivesFloatsWhereThereAreNoBytes) {
  caffe::Datum datum = Sized(1, 1, 2);
  datum.add_float_data(-1.5f);
  datum.add_float_data(300);
  EXPECT_THAT(Pixels(datum).floats, ElementsAre(-1.5f, 300));
  datum.set_data("ab");
  EXPECT_THAT(Pixels(datum).bytes, ElementsAre('a', 'b'));
  EXPECT_THAT(Pixels(datum).floats, IsEmpty());
}

TEST(DatumTest, RefusesSizesThatDoNotFit) {
  caffe::Datum datum = Sized(1, 2, 2);
  datum.set_data("abc");
  EXPECT_EQ("the datum is 1 x 2 x 2 and needs 4 values, got 3 in data",
            ErrorAt("", [&] { Pixels(datum); }));
  datum.clear_data();
  EXPECT_EQ("the datum is 1 x 2 x 2 and needs 4 values, got 0 in float_data",
            ErrorAt("", [&] { Pixels(datum); }));
  EXPECT_EQ("the datum's channels, height and width must be at least 1, got 1 x 0 x 2",
            ErrorAt("", [&] { Pixels(Sized(1, 0, 2)); }));
}

TEST(DatumTest, SizesMayNotOverflow) {
  constexpr int kMost = 0x7fffffff;
  EXPECT_NE("no error", ErrorAt("", [&] { Pixels(Sized(kMost, kMost, kMost)); }));
}

TEST(DatumTest, ParsesAMessage) {
  caffe::Datum datum = Sized(1, 1, 1);
  datum.set_label(7);
  EXPECT_EQ(7, ParseDatum(datum.SerializeAsString()).label());
  EXPECT_EQ("its 3 bytes are no Datum message, or damaged", ErrorAt("", [] { ParseDatum("abc"); }));
}

TEST(DatumTest, AnEncodedDatumNeedsData) {
  caffe::Datum datum;
  datum.set_encoded(true);
  EXPECT_EQ("the datum is encoded, but its data is empty", ErrorAt("", [&] { Pixels(datum); }));
}

#ifdef DEMITASSE_WITH_PICTURES

caffe::Datum Encoded(const std::string& file) {
  caffe::Datum datum;
  datum.set_data(ReadBytes(DEMITASSE_SOURCE_DIR "/tests/io/data/" + file));
  datum.set_encoded(true);
  return datum;
}

TEST(DatumTest, DecodesAPicture) {
  const PixelArray pixels = Pixels(Encoded("colour.jpg"));
  EXPECT_EQ(3, pixels.channels);
  EXPECT_EQ(3U * pixels.height * pixels.width, pixels.bytes.size());
  EXPECT_EQ(1, Pixels(Encoded("grey.jpg")).channels);
}

TEST(DatumTest, DecodesToTheChannelsAskedFor) {
  const PixelArray gray = DatumToPixels(Encoded("colour.jpg"), PictureColor::kGray, "datum");
  EXPECT_EQ(1, gray.channels);
  const PixelArray color = DatumToPixels(Encoded("grey.jpg"), PictureColor::kColor, "datum");
  EXPECT_EQ(3, color.channels);
  EXPECT_EQ(color.bytes.front(), color.bytes[color.bytes.size() / 3]);
}

TEST(DatumTest, SaysWhatIsNoPicture) {
  caffe::Datum datum;
  datum.set_data("abc");
  datum.set_encoded(true);
  EXPECT_EQ(
      "this is neither a PNG nor a JPEG picture, whatever its name says; convert it to one of them",
      ErrorAt("datum", [&] { Pixels(datum); }));
}

#endif

}  // namespace
}  // namespace demitasse
