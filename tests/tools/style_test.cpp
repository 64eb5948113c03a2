// Colours, progress and --quiet, with and without a terminal.
#include "tools/style.hpp"

#include <sstream>

#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr char kEscape[] = "\033";
constexpr char kTable[] =
    " time --iterations=1 --model=" DEMITASSE_SOURCE_DIR "/models/lenet/lenet.prototxt";

// What the tool prints on a terminal of that many columns: util-linux' `script` makes one.
std::string OnTerminal(const std::string& args, const std::vector<std::string>& environment,
                       int columns = 80) {
  std::vector<std::string> command = {"-u", "NO_COLOR"};
  command.insert(command.end(), environment.begin(), environment.end());
  for (const std::string& word :
       {std::string("script"), std::string("-qec"),
        Cat("stty cols ", columns, "; ", DEMITASSE_TOOL, args), std::string("/dev/null")}) {
    command.push_back(word);
  }
  return RunProgram("/usr/bin/env", command).out;
}

class StyleTest : public ToolTest {
 protected:
  void SetUp() override {
    if (RunProgram("/usr/bin/env", {"script", "--version"}).exit_code != 0) {
      GTEST_SKIP() << "there is no `script` to make a terminal with";
    }
  }

  // Arguments that make a data set with a line of progress.
  std::string Digits() const {
    return " dataset digits --count=3000 --format=png --output=" + Path("digits");
  }
};

TEST_F(StyleTest, ErrorsAreRedOnATerminal) {
  const std::string out = OnTerminal(" dance", {"TERM=xterm"});
  EXPECT_THAT(out, HasSubstr("demitasse: \033[1;31merror:\033[0m unknown command 'dance'"));
}

TEST_F(StyleTest, WarningsAreYellowOnATerminal) {
  const std::string out =
      OnTerminal(" check " DEMITASSE_SOURCE_DIR "/tests/corpus/check/gaussian_without_std.prototxt",
                 {"TERM=xterm"});
  EXPECT_THAT(out, HasSubstr("\033[1;33mwarning:\033[0m layer 'ip1'"));
}

TEST_F(StyleTest, TitlesAreBoldOnATerminal) {
  const std::string out = OnTerminal(kTable, {"TERM=xterm"});
  EXPECT_THAT(out, HasSubstr("\n\033[1mlayer  "));
}

TEST_F(StyleTest, NoColorMeansNone) {
  EXPECT_THAT(OnTerminal(kTable, {"TERM=xterm", "NO_COLOR=1"}), Not(HasSubstr(kEscape)));
  EXPECT_THAT(OnTerminal(" dance", {"TERM=xterm", "NO_COLOR=1"}), Not(HasSubstr(kEscape)));
  EXPECT_THAT(OnTerminal(" dance", {"TERM=xterm", "NO_COLOR="}), HasSubstr(kEscape));
}

TEST_F(StyleTest, DumbTerminalsGetPlainText) {
  EXPECT_THAT(OnTerminal(kTable, {"TERM=dumb"}), Not(HasSubstr(kEscape)));
  EXPECT_THAT(OnTerminal(" dance", {"-u", "TERM"}), Not(HasSubstr(kEscape)));
}

TEST_F(StyleTest, TextIsAsWideAsTheTerminal) {
  for (const int columns : {80, 110}) {
    std::istringstream text(OnTerminal(" layers Convolution", {"TERM=dumb"}, columns));
    int longest = 0;
    for (std::string line; std::getline(text, line, '\r'); text.get()) {
      longest = std::max(longest, static_cast<int>(line.size()));
    }
    EXPECT_LE(longest, columns);
    EXPECT_GT(longest, columns - 12);
  }
}

TEST_F(StyleTest, TrainingShowsALineOnATerminal) {
  Write("net.prototxt", R"(
layer { name: "data" type: "DummyData" top: "x"
        dummy_data_param { data_filler { type: "gaussian" } shape { dim: 4 dim: 3 } } }
layer { name: "fc" type: "InnerProduct" bottom: "x" top: "y"
        inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "y" top: "loss" }
)");
  const std::string solver =
      Write("solver.prototxt",
            "net: 'net.prototxt' base_lr: 0.1 lr_policy: 'fixed' max_iter: 5 "
            "snapshot_after_train: false");
  const std::string out = OnTerminal(" train --solver=" + solver, {"TERM=xterm"});
  EXPECT_THAT(out, HasSubstr("\r\033[Kiteration 5/5  loss 0  "));
  EXPECT_THAT(out, HasSubstr(" images/s  0:00 left"));
  const std::string quiet = OnTerminal(" train --quiet --solver=" + solver, {"TERM=xterm"});
  EXPECT_THAT(quiet, Not(HasSubstr("iteration")));
}

TEST_F(StyleTest, PipesGetPlainText) {
  for (const std::vector<std::string>& args :
       {std::vector<std::string>{"layers"}, {"layers", "ReLU"}, {"--help"}, {"dance"}}) {
    const ProgramResult result = RunTool(args);
    EXPECT_THAT(result.out + result.err, Not(HasSubstr(kEscape)));
  }
}

#ifdef DEMITASSE_WITH_PICTURES
TEST_F(StyleTest, ProgressIsShownOnATerminal) {
  EXPECT_THAT(OnTerminal(Digits(), {"TERM=xterm"}), HasSubstr("/3000"));
}

TEST_F(StyleTest, QuietHidesProgress) {
  const std::string out = OnTerminal(Digits() + " --quiet", {"TERM=xterm"});
  EXPECT_THAT(out, Not(HasSubstr("/3000")));
  EXPECT_THAT(out, HasSubstr("digits: PNG files, 3000 samples"));
}
#endif

TEST(QuietTest, LeavesResultsAndWarnings) {
  const std::string model = "--model=" DEMITASSE_SOURCE_DIR "/models/lenet/lenet.prototxt";
  const ProgramResult loud = RunTool({"time", "--iterations=1", model, "--gpu=0"});
  EXPECT_THAT(loud.err, HasSubstr("Average Forward pass"));
  const ProgramResult quiet = RunTool({"time", "--iterations=1", model, "--gpu=0", "--quiet"});
  EXPECT_THAT(quiet.err, Not(HasSubstr("Average Forward pass")));
  EXPECT_THAT(quiet.err, HasSubstr("--gpu: there is no code for a GPU"));
  EXPECT_THAT(quiet.out, HasSubstr("\nlayer  "));
}

}  // namespace
}  // namespace demitasse
