// The tool around its commands: help, version, dispatch.
#include <sstream>

#include "demitasse/version.hpp"
#include "tests/tools/tool_fixture.hpp"
#include "tools/commands.hpp"

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
                           "tune=FILE",
                           "output=DIR",
                           "blobs=outputs|all",
                           "save_params=FILE.caffemodel",
                           "top=N",
                           "labels=FILE",
                           "plugins=FILE.so,...",
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

void ExpectHelpThatReadsWell(const Command& command) {
  const std::string help = HelpText(command);
  EXPECT_THAT(help, StartsWith(command.name + ": " + command.summary.substr(0, 10)));
  EXPECT_THAT(help, HasSubstr("\nusage: " + command.name + " "));
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
  EXPECT_TRUE(command.description.empty() || command.description.back() == '\n') << command.name;
  EXPECT_TRUE(command.examples.empty() || command.examples.back() == '\n') << command.name;
  EXPECT_NE(command.commands.empty(), command.run == nullptr) << command.name;
  for (const Command& other : command.commands) {
    EXPECT_THAT(other.name, StartsWith(command.name + " "));
    EXPECT_THAT(help, HasSubstr("\n  " + ShortName(other) + "  "));
    ExpectHelpThatReadsWell(other);
  }
}

TEST(CommandTest, HelpOfAllCommandsFitsATerminal) { ExpectHelpThatReadsWell(DemitasseCommand()); }

TEST(CommandTest, HelpHasTheSamePartsForAll) {
  Command command;
  command.name = "demitasse brew";
  command.summary = "make coffee";
  command.usage = {"BEANS [flags]", "--decaf"};
  command.description = "Takes a while.\n";
  command.examples = "  demitasse brew robusta\n";
  bool decaf = false;
  command.flags = {{"The beans", {SwitchFlag("decaf", &decaf, "without caffeine")}}};
  command.exit_codes = "0 done; 1 spilt";
  EXPECT_EQ(R"(demitasse brew: make coffee.

usage: demitasse brew BEANS [flags]
       demitasse brew --decaf

Takes a while.

The beans:
  --decaf                     without caffeine

Examples:
  demitasse brew robusta

Exit code: 0 done; 1 spilt.
)",
            HelpText(command));
}

TEST(CommandTest, HelpOfASubcommandIsFoundBelowIt) {
  const std::string help = RunTool({"dataset", "digits", "--help"}).out;
  EXPECT_THAT(help, StartsWith("demitasse dataset digits: draw digits"));
  EXPECT_THAT(help, HasSubstr("\n  --format=auto|lmdb|hdf5|png"));
  EXPECT_EQ(help, RunTool({"help", "dataset", "digits"}).out);
  EXPECT_EQ(
      "demitasse help: error: 'demitasse run' has no commands of its own, got fast\n"
      "See demitasse help --help\n",
      RunTool({"help", "run", "fast"}).err);
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
  EXPECT_EQ("demitasse help: error: unknown command 'dance'\nSee demitasse help --help\n",
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
