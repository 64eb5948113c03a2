// Files and runs for the tests of the command line tool.
#ifndef DEMITASSE_TESTS_TOOLS_TOOL_FIXTURE_HPP_
#define DEMITASSE_TESTS_TOOLS_TOOL_FIXTURE_HPP_

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "src/core/text.hpp"
#include "src/io/npy.hpp"
#include "tests/support/run_tool.hpp"

namespace demitasse {

// A folder of its own for each test.
class ToolTest : public testing::Test {
 protected:
  ToolTest() {
    const testing::TestInfo* const test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ =
        Cat(testing::TempDir(), "/", test->test_suite_name(), "_", test->name(), "_", getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~ToolTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  std::string Write(const std::string& name, const std::string& bytes) const {
    std::ofstream(Path(name), std::ios::binary) << bytes;
    return Path(name);
  }

  std::string WriteArray(const std::string& name, const std::vector<int>& shape,
                         const std::vector<float>& values) const {
    WriteNpy(Path(name), shape, values.data());
    return Path(name);
  }

  // demitasse run --model=NET, with a file of that text, and the flags.
  ProgramResult Run(const std::string& net, std::vector<std::string> flags = {}) const {
    flags.insert(flags.begin(), {"run", "--model=" + Write("net.prototxt", net)});
    return RunTool(flags);
  }

  // The values of DIR/<name> after such a run with --output=DIR, which must succeed.
  NdArray RunForArray(const std::string& net, std::vector<std::string> flags,
                      const std::string& name) const {
    flags.push_back("--output=" + Path("out"));
    const ProgramResult result = Run(net, flags);
    EXPECT_EQ(0, result.exit_code) << result.err;
    return result.exit_code == 0 ? ReadNpy(Path("out/" + name)) : NdArray{};
  }

  std::set<std::string> FilesIn(const std::string& name) const {
    std::set<std::string> files;
    if (!std::filesystem::exists(Path(name))) return files;
    for (const auto& entry : std::filesystem::directory_iterator(Path(name))) {
      files.insert(entry.path().filename().string());
    }
    return files;
  }

  // Expects the run to fail with a usage error that says exactly `message`.
  static void ExpectUsageError(const ProgramResult& result, const std::string& message) {
    EXPECT_EQ(2, result.exit_code);
    EXPECT_EQ("demitasse run: error: " + message + "\nSee demitasse run --help\n", result.err);
    EXPECT_EQ("", result.out);
  }

  static void ExpectError(const ProgramResult& result, int exit_code, const std::string& message) {
    EXPECT_EQ(exit_code, result.exit_code);
    EXPECT_EQ(message + "\n", result.err);
  }

 private:
  std::string folder_;
};

// y = 2 x for x of shape (1, 3).
inline const char* DoublingNet() {
  return R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 } } }
layer { name: "double" type: "Power" bottom: "x" top: "y" power_param { scale: 2 } }
)";
}

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_TOOLS_TOOL_FIXTURE_HPP_
