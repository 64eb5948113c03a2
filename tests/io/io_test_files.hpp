// Files, errors and warnings, for the tests of src/io.
#ifndef DEMITASSE_TESTS_IO_IO_TEST_FILES_HPP_
#define DEMITASSE_TESTS_IO_IO_TEST_FILES_HPP_

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "demitasse/error.hpp"
#include "demitasse/log.hpp"

namespace demitasse {

// A path no other test and no other run uses.
inline std::string TempPath(const std::string& name) {
  const testing::TestInfo* test = testing::UnitTest::GetInstance()->current_test_info();
  return testing::TempDir() + test->test_suite_name() + "_" + test->name() + "_" +
         std::to_string(getpid()) + "_" + name;
}

inline void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string ReadBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The message of the Error that `action` throws, "PATH: error: " left out after checking that the
// Error is at `path`.
template <typename Action>
std::string ErrorAt(const std::string& path, Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(path, error.where().file);
    return error.message();
  }
  return "no error";
}

// The warnings logged while the object lives.
class WarningLog {
 public:
  WarningLog() {
    SetLogSink([this](LogLevel level, const std::string& message) {
      if (level == LogLevel::kWarning) messages.push_back(message);
    });
  }
  ~WarningLog() { SetLogSink({}); }
  WarningLog(const WarningLog&) = delete;
  WarningLog& operator=(const WarningLog&) = delete;

  std::vector<std::string> messages;
};

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_IO_IO_TEST_FILES_HPP_
