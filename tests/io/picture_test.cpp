#include "src/io/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/io/io_test_files.hpp"

#ifdef DEMITASSE_WITH_PICTURES
#include <png.h>
#endif

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::StartsWith;

#ifndef DEMITASSE_WITH_PICTURES

TEST(PictureTest, ABuildWithoutPicturesSaysSo) {
  EXPECT_EQ(
      "this build cannot read pictures; configure it with -DDEMITASSE_WITH_PICTURES=ON, or give "
      "the input as an npy file",
      ErrorAt("cat.jpg", [] { ReadPicture("cat.jpg"); }));
}

#else

std::string DataPath(const std::string& name) {
  return DEMITASSE_SOURCE_DIR "/tests/io/data/" + name;
}

// A number that changes with any value of the array and with their order.
int64_t Checksum(const NdArray& array) {
  int64_t sum = 0;
  for (size_t i = 0; i < array.values.size(); ++i) {
    sum += static_cast<int64_t>(array.values[i]) * static_cast<int64_t>(i % 31 + 1);
  }
  return sum;
}

NdArray AsBgr(const Picture& picture) {
  return PictureToArray(picture, 3, picture.height, picture.width, ChannelOrder::kBgr);
}

Picture DecodeBytes(const std::string& bytes) {
  const std::string path = TempPath("picture");
  WriteBytes(path, bytes);
  return ReadPicture(path);
}

std::string ErrorOfBytes(const std::string& bytes) {
  return ErrorAt(TempPath("picture"), [&] { DecodeBytes(bytes); });
}

std::string BigEndian(uint32_t value, int size) {
  std::string bytes;
  while (size-- > 0) bytes += static_cast<char>(value >> (8 * size) & 0xff);
  return bytes;
}

// EXIF data of one entry, the orientation.
std::string Tiff(int orientation) {
  return std::string("MM\0*\0\0\0\x08\0\x01", 10) + std::string("\x01\x12\0\x03\0\0\0\x01", 8) +
         BigEndian(orientation, 2) + std::string(6, '\0');
}

// The JPEG file with a marker APP1 as its first.
std::string WithApp1(const std::string& jpeg, const std::string& content) {
  return jpeg.substr(0, 2) + "\xff\xe1" + BigEndian(content.size() + 2, 2) + content +
         jpeg.substr(2);
}

struct PngContent {
  int width;
  int height;
  int bit_depth;
  int color_type;
  std::vector<std::vector<uint8_t>> rows;  // as the file stores them
  bool interlaced = false;
  std::vector<png_color> palette = {};
  std::vector<uint8_t> palette_alpha = {};
  std::string exif = {};
};

std::string EncodePng(const PngContent& content) {
  std::string bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &bytes,
      [](png_structp p, png_bytep data, size_t size) {
        static_cast<std::string*>(png_get_io_ptr(p))->append(reinterpret_cast<char*>(data), size);
      },
      nullptr);
  png_set_IHDR(png, info, content.width, content.height, content.bit_depth, content.color_type,
               content.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, 0, 0);
  if (!content.palette.empty()) {
    png_set_PLTE(png, info, content.palette.data(), static_cast<int>(content.palette.size()));
  }
  if (!content.palette_alpha.empty()) {
    png_set_tRNS(png, info, content.palette_alpha.data(),
                 static_cast<int>(content.palette_alpha.size()), nullptr);
  }
  std::string exif = content.exif;
  if (!exif.empty()) {
    png_set_eXIf_1(png, info, exif.size(), reinterpret_cast<png_bytep>(&exif[0]));
  }
  png_write_info(png, info);
  std::vector<png_bytep> rows;
  for (const auto& row : content.rows) rows.push_back(const_cast<png_bytep>(row.data()));
  png_write_image(png, rows.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

std::vector<int> PngPixels(const PngContent& content) {
  const Picture picture = DecodeBytes(EncodePng(content));
  EXPECT_EQ(content.width, picture.width);
  EXPECT_EQ(content.height, picture.height);
  EXPECT_EQ(size_t(picture.width * picture.height * picture.channels), picture.pixels.size());
  return {picture.pixels.begin(), picture.pixels.end()};
}

TEST(PngTest, ReadsGreyOfAllDepths) {
  EXPECT_THAT(PngPixels({3, 1, 1, PNG_COLOR_TYPE_GRAY, {{0xa0}}}), ElementsAre(255, 0, 255));
  EXPECT_THAT(PngPixels({3, 1, 2, PNG_COLOR_TYPE_GRAY, {{0x1b}}}), ElementsAre(0, 85, 170));
  EXPECT_THAT(PngPixels({2, 1, 4, PNG_COLOR_TYPE_GRAY, {{0x1f}}}), ElementsAre(17, 255));
  EXPECT_THAT(PngPixels({1, 2, 8, PNG_COLOR_TYPE_GRAY, {{7}, {200}}}), ElementsAre(7, 200));
  EXPECT_THAT(PngPixels({2, 1, 16, PNG_COLOR_TYPE_GRAY, {{7, 255, 8, 0}}}), ElementsAre(7, 8));
}

TEST(PngTest, ReadsColourAndDropsAlpha) {
  EXPECT_THAT(PngPixels({2, 1, 8, PNG_COLOR_TYPE_RGB, {{1, 2, 3, 4, 5, 6}}}),
              ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(PngPixels({1, 1, 16, PNG_COLOR_TYPE_RGB, {{1, 255, 2, 255, 3, 255}}}),
              ElementsAre(1, 2, 3));
  EXPECT_THAT(PngPixels({2, 1, 8, PNG_COLOR_TYPE_RGB_ALPHA, {{1, 2, 3, 0, 4, 5, 6, 128}}}),
              ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(PngPixels({2, 1, 8, PNG_COLOR_TYPE_GRAY_ALPHA, {{9, 0, 8, 128}}}), ElementsAre(9, 8));
}

TEST(PngTest, ReadsPalettes) {
  const std::vector<png_color> palette = {{1, 2, 3}, {250, 251, 252}};
  EXPECT_THAT(PngPixels({2, 1, 1, PNG_COLOR_TYPE_PALETTE, {{0x40}}, false, palette}),
              ElementsAre(1, 2, 3, 250, 251, 252));
  EXPECT_THAT(PngPixels({2, 1, 8, PNG_COLOR_TYPE_PALETTE, {{1, 0}}, false, palette, {0, 128}}),
              ElementsAre(250, 251, 252, 1, 2, 3));
}

TEST(PngTest, ReadsInterlacedFiles) {
  std::vector<std::vector<uint8_t>> rows(9, std::vector<uint8_t>(10));
  std::vector<int> all;
  for (int i = 0; i < 90; ++i) {
    rows[i / 10][i % 10] = static_cast<uint8_t>(2 * i);
    all.push_back(2 * i);
  }
  EXPECT_THAT(PngPixels({10, 9, 8, PNG_COLOR_TYPE_GRAY, rows, true}), ElementsAreArray(all));
}

TEST(PngTest, AppliesTheOrientation) {
  const PngContent content = {2, 1, 8, PNG_COLOR_TYPE_GRAY, {{1, 2}}, false, {}, {}, Tiff(3)};
  EXPECT_THAT(PngPixels(content), ElementsAre(2, 1));
}

TEST(PngTest, NamesTheDamage) {
  const std::string whole = EncodePng({2, 1, 8, PNG_COLOR_TYPE_RGB, {{1, 2, 3, 4, 5, 6}}});
  for (size_t size = 8; size < whole.size(); size += 5) {
    EXPECT_EQ("PNG: the file ends before the picture does", ErrorOfBytes(whole.substr(0, size)))
        << size << " of " << whole.size() << " bytes";
  }
  std::string damaged = whole;
  damaged[20] ^= 1;  // the width
  EXPECT_EQ("PNG: IHDR: CRC error", ErrorOfBytes(damaged));
}

TEST(PngTest, RefusesHugePicturesUnread) {
  const auto header = [](uint32_t width, uint32_t height, const std::string& crc) {
    return std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 16) + BigEndian(width, 4) +
           BigEndian(height, 4) + std::string("\x08\x02\0\0\0", 5) + crc +
           std::string("\0\0\0\0IDAT\x35\xaf\x06\x1e", 12);
  };
  EXPECT_EQ(
      "the picture is 65536 x 32768 pixels large; at most 1048576 a side and 1073741824 in all are "
      "allowed",
      ErrorOfBytes(header(65536, 32768, "\xa7\x5a\x4d\xd8")));
  EXPECT_EQ(
      "the header claims 32768 x 32768 pixels, more than can be in a file of 45 bytes: it is "
      "damaged or truncated",
      ErrorOfBytes(header(32768, 32768, "\x4b\x1e\x34\x28")));
}

TEST(JpegTest, DecodesAsOpenCvDoes) {
  EXPECT_EQ(1364674, Checksum(AsBgr(ReadPicture(DataPath("colour.jpg")))));
  EXPECT_EQ(1364674, Checksum(AsBgr(ReadPicture(DataPath("progressive.jpg")))));
  EXPECT_EQ(266010, Checksum(AsBgr(ReadPicture(DataPath("cmyk.jpg")))));
  const Picture grey = ReadPicture(DataPath("grey.jpg"));
  EXPECT_EQ(1, grey.channels);
  EXPECT_EQ(1158459, Checksum(AsBgr(grey)));
}

TEST(JpegTest, StoresRowsOfRgb) {
  const Picture picture = ReadPicture(DataPath("colour.jpg"));
  EXPECT_EQ(11, picture.height);
  EXPECT_EQ(18, picture.width);
  EXPECT_EQ(3, picture.channels);
  ASSERT_EQ(11u * 18 * 3, picture.pixels.size());
  EXPECT_THAT(std::vector<int>(picture.pixels.begin(), picture.pixels.begin() + 3),
              ElementsAre(235, 8, 0));
  EXPECT_THAT(std::vector<int>(picture.pixels.end() - 3, picture.pixels.end()),
              ElementsAre(17, 250, 255));
}

TEST(JpegTest, AppliesTheOrientation) {
  const std::string jpeg = ReadBytes(DataPath("colour.jpg"));
  const std::string exif("Exif\0\0", 6);
  const int64_t upright = 1364674;
  const int64_t expected[] = {upright, upright, 1384406, 1386773, 1385858,
                              1390070, 1378809, 1365283, 1387022, upright};
  for (int orientation = 0; orientation < 10; ++orientation) {
    const Picture picture = DecodeBytes(WithApp1(jpeg, exif + Tiff(orientation)));
    EXPECT_EQ(orientation >= 5 && orientation <= 8 ? 18 : 11, picture.height) << orientation;
    EXPECT_EQ(expected[orientation], Checksum(AsBgr(picture))) << orientation;
  }
  const std::string behind_xmp =
      WithApp1(WithApp1(jpeg, exif + Tiff(6)), "http://ns.adobe.com/xap/1.0/");
  EXPECT_EQ(expected[6], Checksum(AsBgr(DecodeBytes(behind_xmp))));
}

TEST(JpegTest, NamesTheDamage) {
  for (const char* name : {"colour.jpg", "progressive.jpg", "cmyk.jpg"}) {
    const std::string whole = ReadBytes(DataPath(name));
    for (size_t size = 3; size < whole.size(); size += 5) {
      EXPECT_EQ("JPEG: Premature end of JPEG file", ErrorOfBytes(whole.substr(0, size)))
          << size << " of " << whole.size() << " bytes of " << name;
    }
  }
  std::string damaged = ReadBytes(DataPath("colour.jpg"));
  damaged[damaged.find("\xff\xc0") + 4] = 12;  // bits of a sample
  EXPECT_THAT(ErrorOfBytes(damaged), StartsWith("JPEG: Unsupported JPEG data precision 12"));
}

TEST(JpegTest, RefusesHugePicturesUnread) {
  std::string jpeg = ReadBytes(DataPath("colour.jpg"));
  jpeg.replace(jpeg.find("\xff\xc0") + 5, 4, "\x60\x01\x60\x02");
  const std::string error =
      "the header claims 24578 x 24577 pixels, more than can be in a file of 381 bytes: it is "
      "damaged or truncated";
  EXPECT_EQ(error, ErrorOfBytes(jpeg));
  std::string arithmetic = jpeg;
  arithmetic[jpeg.find("\xff\xc0") + 1] = '\xc9';  // the marker of arithmetic coding
  EXPECT_EQ(error, ErrorOfBytes(arithmetic));
  jpeg.replace(jpeg.find("\xff\xc0") + 5, 4, "\xf0\x01\xf0\x02");
  EXPECT_THAT(ErrorOfBytes(jpeg), StartsWith("the picture is 61442 x 61441 pixels large"));
}

// Each scan takes time for the whole picture.
TEST(JpegTest, RefusesPicturesOfManyScans) {
  std::string jpeg = ReadBytes(DataPath("progressive.jpg"));
  const size_t begin = jpeg.find("\xff\xda");
  const size_t end = jpeg.find("\xff\xc4", begin);  // the next scan's tables
  const std::string scan = jpeg.substr(begin, end - begin);
  for (int i = 0; i < 100; ++i) jpeg.insert(end, scan);
  EXPECT_EQ("JPEG: the picture has more than 100 scans", ErrorOfBytes(jpeg));
}

TEST(JpegTest, WarnsOfHarmlessOddities) {
  const WarningLog log;
  const std::string jpeg = ReadBytes(DataPath("colour.jpg"));
  const Picture picture = DecodeBytes(jpeg.substr(0, 20) + "garbage" + jpeg.substr(20));
  EXPECT_EQ(1364674, Checksum(AsBgr(picture)));
  EXPECT_THAT(log.messages,
              ElementsAre(TempPath("picture") +
                          ": JPEG: Corrupt JPEG data: 7 extraneous bytes before marker 0xdb"));
}

TEST(PictureTest, SaysWhatAFileIsInstead) {
  EXPECT_EQ("the file is empty; a picture is needed", ErrorOfBytes(""));
  EXPECT_THAT(ErrorOfBytes("GIF89a"), StartsWith("this is neither a PNG nor a JPEG picture"));
  EXPECT_EQ("cannot open the file: No such file or directory",
            ErrorAt("none.png", [] { ReadPicture("none.png"); }));
}

#endif  // DEMITASSE_WITH_PICTURES

}  // namespace
}  // namespace demitasse
