// The tool around its commands: help, version, dispatch.
#include <sstream>

#include "demitasse/version.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(CommandTest, WithoutArgumentsShowsHelpAsAnError) {
  const ProgramResult result = RunTool({});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_EQ("", result.out);
  EXPECT_THAT(result.err, HasSubstr("usage: demitasse COMMAND [flags]"));
}

TEST(CommandTest, HelpIsTheSameInAllWaysToAskForIt) {
  const ProgramResult help = RunTool({"--help"});
  EXPECT_EQ(0, help.exit_code);
  EXPECT_EQ("", help.err);
  EXPECT_THAT(help.out, StartsWith("demitasse: runs and trains networks in Caffe's format"));
  EXPECT_THAT(help.out, HasSubstr("\n  run  "));
  EXPECT_THAT(help.out, HasSubstr("\n  layers  "));
  for (const char* word : {"help", "-help", "-h"}) EXPECT_EQ(help.out, RunTool({word}).out);
}

TEST(CommandTest, HelpOfACommandIsTheSameInAllWaysToAskForIt) {
  const ProgramResult help = RunTool({"run", "--help"});
  EXPECT_EQ(0, help.exit_code);
  EXPECT_EQ("", help.err);
  EXPECT_THAT(help.out, StartsWith("demitasse run: run a net once"));
  EXPECT_EQ(help.out, RunTool({"help", "run"}).out);
  EXPECT_EQ(help.out, RunTool({"run", "-h", "--nonsense"}).out);
}

TEST(CommandTest, HelpOfRunNamesEveryFlag) {
  const std::string help = RunTool({"run", "--help"}).out;
  for (const char* flag : {"model=NET.prototxt",
                           "weights=A.caffemodel,...",
                           "phase=TEST|TRAIN",
                           "level=N",
                           "stage=NAME,...",
                           "lenient",
                           "input=BLOB=FILE,...",
                           "mean=MEAN",
                           "scale=X",
                           "rgb",
                           "seed=N",
                           "backward",
                           "engine=auto|reference|onednn",
                           "threads=N",
                           "memory_limit=BYTES",
                           "output=DIR",
                           "blobs=outputs|all",
                           "save_params=FILE.caffemodel",
                           "top=N",
                           "labels=FILE",
                           "verbose",
                           "minloglevel=N",
                           "v=N",
                           "log_dir=DIR",
                           "logtostderr",
                           "alsologtostderr",
                           "stderrthreshold=N"}) {
    EXPECT_THAT(help, HasSubstr(Cat("\n  --", flag))) << help;
  }
  EXPECT_THAT(help, HasSubstr("Exit code: 0 done; 1 the run failed"));
}

TEST(CommandTest, HelpFitsATerminal) {
  std::istringstream lines(RunTool({"--help"}).out + RunTool({"run", "--help"}).out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(CommandTest, TellsItsVersion) {
  const ProgramResult result = RunTool({"--version"});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_EQ("demitasse " DEMITASSE_VERSION "\n", result.out);
}

TEST(CommandTest, UnknownCommandsGetAHint) {
  const ProgramResult result = RunTool({"rnu", "--model=x"});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_EQ("demitasse: error: unknown command 'rnu'; did you mean 'run'?\nSee demitasse --help\n",
            result.err);
  EXPECT_EQ("demitasse: error: unknown command 'dance'\nSee demitasse --help\n",
            RunTool({"help", "dance"}).err);
  EXPECT_EQ("demitasse: error: unknown command '--verison'\nSee demitasse --help\n",
            RunTool({"--verison"}).err);
}

TEST(CommandTest, NoticesThatItsOutputIsLost) {
  const ProgramResult result = RunProgram(DEMITASSE_TOOL, {"run", "--help"}, "/dev/full");
  EXPECT_EQ(1, result.exit_code);
  EXPECT_EQ("error: cannot write to standard output\n", result.err);
}

}  // namespace
}  // namespace demitasse
