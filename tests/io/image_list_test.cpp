#include "src/io/image_list.hpp"

#include <gtest/gtest.h>

#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

std::vector<ListedImage> Read(const std::string& text) {
  const std::string path = TempPath("list");
  WriteBytes(path, text);
  return ReadImageList(path);
}

std::string ErrorOf(const std::string& text) {
  const std::string path = TempPath("list");
  try {
    Read(text);
  } catch (const Error& error) {
    return std::string(error.what()).substr(path.size());
  }
  return "no error";
}

TEST(ImageListTest, SplitsAtTheLastBlank) {
  const std::vector<ListedImage> images = Read("a.png 3\r\n\nmy cat.jpg  -1 \nlast\t0");
  ASSERT_EQ(3U, images.size());
  EXPECT_EQ("a.png", images[0].path);
  EXPECT_EQ(3, images[0].label);
  EXPECT_EQ("my cat.jpg", images[1].path);
  EXPECT_EQ(-1, images[1].label);
  EXPECT_EQ(3, images[1].line);
  EXPECT_EQ("last", images[2].path);
}

TEST(ImageListTest, SaysWhatIsNoList) {
  EXPECT_EQ(": error: the list names no pictures", ErrorOf("\n \n"));
  EXPECT_EQ(":2: error: needs a picture's path and its label, got 'b.png'",
            ErrorOf("a.png 1\nb.png\n"));
  EXPECT_EQ(":1: error: a label must be a whole number behind the path, got 'cat.png'",
            ErrorOf("my cat.png\n"));
  EXPECT_EQ(":1: error: a label must be a whole number behind the path, got '1.5'",
            ErrorOf("a 1.5\n"));
  EXPECT_EQ(":1: error: a label must be a whole number behind the path, got '99999999999'",
            ErrorOf("a 99999999999\n"));
}

}  // namespace
}  // namespace demitasse
