#include "src/io/window_file.hpp"

#include <gtest/gtest.h>

#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

WindowFile Read(const std::string& text) {
  const std::string path = TempPath("windows");
  WriteBytes(path, text);
  return ReadWindowFile(path);
}

std::string ErrorOf(const std::string& text) {
  try {
    Read(text);
  } catch (const Error& error) {
    return std::string(error.what()).substr(TempPath("windows").size());
  }
  return "no error";
}

TEST(WindowFileTest, ReadsPicturesAndTheirWindows) {
  const WindowFile file = Read(
      "# 0\n/data/my cat.jpg \n3\n375\n500\n2\n7 0.5 1 2 30 40\n0 1e-3 -5 0 50 60\n"
      "# 1\r\nb.png\r\n3 5 5\r\n0\r\n");
  ASSERT_EQ(2U, file.images.size());
  EXPECT_EQ("/data/my cat.jpg", file.images[0]);
  EXPECT_EQ("b.png", file.images[1]);
  ASSERT_EQ(2U, file.windows.size());
  const Window& window = file.windows[0];
  EXPECT_EQ(0, window.image);
  EXPECT_EQ(7, window.label);
  EXPECT_EQ(0.5f, window.overlap);
  EXPECT_EQ(1, window.x1);
  EXPECT_EQ(2, window.y1);
  EXPECT_EQ(30, window.x2);
  EXPECT_EQ(40, window.y2);
  EXPECT_EQ(7, window.line);
  EXPECT_EQ(-5, file.windows[1].x1);
  EXPECT_EQ(1e-3f, file.windows[1].overlap);
}

TEST(WindowFileTest, SaysWhatIsWrong) {
  EXPECT_EQ(": error: the window file is empty", ErrorOf(""));
  EXPECT_EQ(":1: error: '#', which begins a picture, is needed, got 'a.png'", ErrorOf("a.png\n"));
  EXPECT_EQ(":3: error: the number of channels is needed, got 'x'", ErrorOf("# 0\na.png\nx\n"));
  EXPECT_EQ(":5: error: x2 is needed, got '4.5'",
            ErrorOf("# 0\na.png\n3 5 5\n1\n1 0.5 2 3 4.5 6\n"));
  EXPECT_EQ(":4: error: the file ends where a window's class is needed",
            ErrorOf("# 0\na.png\n3 5 5\n1"));
}

}  // namespace
}  // namespace demitasse
