#include "src/io/find_file.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

// A working directory and a folder in it, with files.
class FindFileTest : public testing::Test {
 protected:
  FindFileTest() : outer_(fs::current_path()) {
    const std::string root = TempPath("root");
    fs::create_directories(root + "/nets/sub");
    fs::current_path(root);
    WriteBytes("both", "");
    WriteBytes("nets/both", "");
    WriteBytes("nets/beside", "");
    WriteBytes("nets/sub/below", "");
  }
  ~FindFileTest() override {
    const fs::path root = fs::current_path();
    fs::current_path(outer_);
    fs::remove_all(root);
  }

 private:
  fs::path outer_;
};

TEST_F(FindFileTest, LooksInTheWorkingDirectoryFirst) {
  EXPECT_EQ("both", FindFile("both", "nets/net.prototxt"));
  EXPECT_EQ("nets/beside", FindFile("nets/beside", "nets/net.prototxt"));
}

TEST_F(FindFileTest, ThenBesideTheFileThatNamesIt) {
  EXPECT_EQ("nets/beside", FindFile("beside", "nets/net.prototxt"));
  EXPECT_EQ("nets/sub/below", FindFile("sub/below", "nets/net.prototxt"));
  EXPECT_EQ("nets/sub/../beside", FindFile("../beside", "nets/sub/list.txt"));
}

TEST_F(FindFileTest, FindsFoldersAndAbsolutePaths) {
  EXPECT_EQ("nets/sub", FindFile("sub", "nets/net.prototxt"));
  const std::string absolute = fs::absolute("both").string();
  EXPECT_EQ(absolute, FindFile(absolute, "nets/net.prototxt"));
}

TEST_F(FindFileTest, SaysWhereItLooked) {
  const auto error_of = [](const std::string& path, const std::string& named_in) {
    return ErrorAt("", [&] { FindFile(path, named_in); });
  };
  EXPECT_EQ("there is no file 'none', neither in the working directory nor in 'nets'",
            error_of("none", "nets/net.prototxt"));
  EXPECT_EQ("there is no file 'none'", error_of("none", "net.prototxt"));
  EXPECT_EQ("there is no file 'none'", error_of("none", ""));
  EXPECT_EQ("there is no file '/none'", error_of("/none", "nets/net.prototxt"));
  EXPECT_EQ("the name of the file is empty", error_of("", "nets/net.prototxt"));
}

}  // namespace
}  // namespace demitasse
