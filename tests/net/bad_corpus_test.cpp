// Each file of tests/corpus/bad gives the error that its first line says: "# expect: ERROR" in both
// phases, "# expect in TEST: ERROR" in one of them. ERROR is all that is printed behind "FILE:".
#include "tests/support/bad_corpus.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "demitasse/net.hpp"

namespace demitasse {
namespace {

constexpr char kNoError[] = "no error";

// Of files that cannot hold a comment.
const std::map<std::string, std::string>& Wordless() {
  static const std::map<std::string, std::string> errors = {
      {"binary_garbage.prototxt",
       "error: this is not a text file; is it a caffemodel? give it with --weights"},
      {"empty_file.prototxt", "error: the file is empty; a net is needed"},
      {"utf16.prototxt", "error: this is text in UTF-16; save it as UTF-8"},
  };
  return errors;
}

std::string WithPath(const std::string& path, const std::string& error) {
  return path + (error.compare(0, 6, "error:") == 0 ? ": " : ":") + error;
}

// What the file is to give in a phase.
std::string Expected(const std::string& path, caffe::Phase phase) {
  const auto wordless = Wordless().find(std::filesystem::path(path).filename().string());
  if (wordless != Wordless().end()) return WithPath(path, wordless->second);
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  for (const std::string& start :
       {std::string("# expect: "), "# expect in " + caffe::Phase_Name(phase) + ": "}) {
    if (line.compare(0, start.size(), start) == 0) {
      return WithPath(path, line.substr(start.size()));
    }
  }
  return kNoError;
}

std::string Actual(const std::string& path, caffe::Phase phase) {
  NetOptions options;
  options.phase = phase;
  options.memory_limit = int64_t{1} << 30;  // for errors that are the same on every machine
  try {
    Net net(path, options);
  } catch (const Error& error) {
    return error.what();
  }
  return kNoError;
}

TEST(BadCorpus, GivesTheErrorsItsFilesExpect) {
  ASSERT_GE(BadCorpus().size(), 150U);
  for (const std::string& path : BadCorpus()) {
    const std::string in_train = Expected(path, caffe::TRAIN);
    const std::string in_test = Expected(path, caffe::TEST);
    EXPECT_FALSE(in_train == kNoError && in_test == kNoError) << path << " expects nothing";
    EXPECT_EQ(Actual(path, caffe::TRAIN), in_train);
    EXPECT_EQ(Actual(path, caffe::TEST), in_test);
  }
}

}  // namespace
}  // namespace demitasse
