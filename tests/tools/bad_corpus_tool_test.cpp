// What the tool does with each file of tests/corpus/bad; tests/net/bad_corpus_test.cpp compares the
// messages.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/bad_corpus.hpp"
#include "tests/support/run_tool.hpp"

namespace demitasse {
namespace {

TEST(BadCorpusTool, PrintsOneErrorAndExitsWith2) {
  for (const std::string& path : BadCorpus()) {
    const bool only_in_train = path.find("_in_train") != std::string::npos;
    std::vector<std::string> args = {"run", "--model=" + path};
    if (only_in_train) args.push_back("--phase=TRAIN");
    const ProgramResult result = RunTool(args);
    EXPECT_EQ(result.exit_code, 2) << path;
    EXPECT_EQ(result.out, "") << path;
    EXPECT_EQ(result.err.compare(0, path.size() + 1, path + ":"), 0) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(result.err.back(), '\n') << path;
  }
}

}  // namespace
}  // namespace demitasse
