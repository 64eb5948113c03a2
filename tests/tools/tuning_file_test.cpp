// --tune of demitasse run and demitasse time.
#include "src/ops/winograd_kernels.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr char kNet[] = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 16 dim: 8 dim: 8 } } }
layer { name: "conv" type: "Convolution" bottom: "x" top: "y"
        convolution_param { num_output: 24 kernel_size: 3 pad: 1 weight_filler { type: "xavier" } } }
)";

class TuningFileTest : public ToolTest {
 protected:
  std::string Tune(const std::string& text) const { return "--tune=" + Write("tuned", text); }
  static std::string Header() {
    return Cat("demitasse tuning 1, vectors ", WinogradTargetName(), "\n");
  }
  std::string Text() const {
    std::ifstream file(Path("tuned"));
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  void ExpectRefused(const std::string& text, int line, const std::string& message) const {
    ExpectError(Run(kNet, {Tune(text)}), 2, Cat(Path("tuned"), ":", line, ": error: ", message));
  }
};

TEST_F(TuningFileTest, IsWrittenOnceAndThenRead) {
#ifndef DEMITASSE_WITH_ONEDNN
  GTEST_SKIP() << "there is nothing to choose from";
#endif
  if (WinogradLanes() == 0) GTEST_SKIP() << "this processor has no wide vectors";
  const std::string tune = "--tune=" + Path("tuned");
  EXPECT_EQ(0, Run(kNet, {tune, "--threads=1"}).exit_code);
  const std::string first = Text();
  EXPECT_THAT(first, StartsWith(Header()));
  EXPECT_THAT(first, HasSubstr("\n1 16 8 8 24 1 1 1 1 "));
  EXPECT_EQ(0, Run(kNet, {tune, "--threads=1"}).exit_code);
  EXPECT_EQ(first, Text());
  EXPECT_EQ(0, RunTool({"time", "--model=" + Path("net.prototxt"), tune, "--threads=2",
                        "--phase=TEST", "--iterations=1"})
                   .exit_code);
  EXPECT_THAT(Text(), HasSubstr("\n1 16 8 8 24 1 1 1 2 "));
}

TEST_F(TuningFileTest, DecidesWhatComputes) {
#ifndef DEMITASSE_WITH_ONEDNN
  GTEST_SKIP() << "there is nothing to choose from";
#endif
  if (WinogradLanes() == 0) GTEST_SKIP() << "this processor has no wide vectors";
  Write("net.prototxt", kNet);
  const auto table = [&](const std::string& choice) {
    return RunTool({"time", "--model=" + Path("net.prototxt"), "--phase=TEST", "--threads=1",
                    "--forward_only", "--iterations=1", "--json",
                    Tune(Header() + "1 16 8 8 24 1 1 1 1 " + choice + "\n")})
        .out;
  };
  EXPECT_THAT(table("winograd"), HasSubstr("\"winograd:"));
  EXPECT_THAT(table("direct"), HasSubstr("\"onednn:"));
}

TEST_F(TuningFileTest, OfAnotherProcessorIsRefused) {
  ExpectRefused(
      "demitasse tuning 1, vectors of 1976\n", 1,
      Cat("measured by another version or for another processor: expected '",
          Header().substr(0, Header().size() - 1), "'; remove the file to measure again"));
  ExpectRefused(
      "", 1,
      Cat("measured by another version or for another processor: expected '",
          Header().substr(0, Header().size() - 1), "'; remove the file to measure again"));
}

TEST_F(TuningFileTest, LinesThatAreNotUnderstoodAreRefused) {
  for (const std::string line :
       {"1 16 8 8 24 1 1 1 winograd", "1 16 8 8 24 1 1 1 2 slow", "1 16 8 8 24 1 1 1 2 direct ",
        "1 16 8 8 24 1 1 1 99999999999999999999 direct", "x"}) {
    ExpectRefused(Header() + "# a comment\n" + line + "\n", 3,
                  "not nine numbers and 'winograd' or 'direct', one space apart; remove the line, "
                  "or the file to measure again");
  }
  ExpectRefused(Header() + "1 16 8 8 24 1 1 1 2 direct\n1 16 8 8 24 1 1 1 2 winograd\n", 3,
                "this convolution stands in a line above; remove one of the two");
}

}  // namespace
}  // namespace demitasse
