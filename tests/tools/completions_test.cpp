// Completion of command lines, asked of the shells themselves.
#include "tools/completions.hpp"

#include "tests/tools/tool_fixture.hpp"
#include "tools/commands.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

class CompletionsTest : public ToolTest {
 protected:
  // What bash offers for the last of the words, which it has cut at '=' and ':'.
  std::vector<std::string> Ask(const std::vector<std::string>& words) const {
    std::string script = Cat("source '", Write("script", BashCompletions(DemitasseCommand())),
                             "'\ncd '", Path(""), "'\nCOMP_WORDS=(demitasse");
    for (const std::string& word : words) script += " '" + word + "'";
    script +=
        Cat(")\nCOMP_CWORD=", words.size(), "\n_demitasse\nIFS=' '\necho \"${COMPREPLY[*]}\"");
    const ProgramResult result = RunProgram("/usr/bin/env", {"bash", "-c", script});
    EXPECT_EQ("", result.err);
    return SplitText(result.out.substr(0, result.out.find('\n')), ' ');
  }
};

TEST_F(CompletionsTest, OffersCommandsAndWhatFollowsThem) {
  EXPECT_THAT(Ask({""}), IsSupersetOf({"run", "train", "dataset", "help"}));
  EXPECT_THAT(Ask({"t"}), ElementsAre("train", "test", "time"));
  EXPECT_THAT(Ask({"dataset", "d"}), ElementsAre("digits"));
  EXPECT_THAT(Ask({"layers", "Soft"}), ElementsAre("Softmax", "SoftmaxWithLoss"));
  EXPECT_THAT(Ask({"completions", ""}), ElementsAre("bash", "zsh"));
  EXPECT_THAT(Ask({"help", "tra"}), ElementsAre("train"));
  EXPECT_THAT(Ask({"dance", ""}), IsSupersetOf({"run"}));
}

TEST_F(CompletionsTest, OffersTheFlagsOfACommand) {
  EXPECT_THAT(Ask({"run", "--in"}), ElementsAre("--input=", "--input_shape="));
  EXPECT_THAT(Ask({"dataset", "digits", "--fo"}), ElementsAre("--format=", "--force"));
  EXPECT_THAT(Ask({"dataset", "--"}), ElementsAre("--help"));
  EXPECT_THAT(Ask({"train", "--iter"}), IsEmpty());
}

TEST_F(CompletionsTest, OffersTheValuesOfAFlag) {
  EXPECT_THAT(Ask({"run", "--phase", "="}), ElementsAre("TEST", "TRAIN"));
  EXPECT_THAT(Ask({"run", "--phase", "=", "TR"}), ElementsAre("TRAIN"));
  EXPECT_THAT(Ask({"run", "-phase", "TR"}), ElementsAre("TRAIN"));
  EXPECT_THAT(Ask({"run", "--phase=TR"}), ElementsAre("--phase=TRAIN"));  // where words are whole
  EXPECT_THAT(Ask({"run", "--top", "=", ""}), IsEmpty());
}

TEST_F(CompletionsTest, OffersFiles) {
  Write("net.prototxt", "");
  Write("new.caffemodel", "");
  EXPECT_THAT(Ask({"run", "--model", "=", "net"}), ElementsAre("net.prototxt"));
  EXPECT_THAT(Ask({"run", "--backward", "--model", "net"}), ElementsAre("net.prototxt"));
  EXPECT_THAT(Ask({"run", "--weights", "=", "a,ne"}),
              UnorderedElementsAre("a,net.prototxt", "a,new.caffemodel"));
  EXPECT_THAT(Ask({"run", "--input", "=", "data", "=", "a", ":", "net"}),
              ElementsAre("net.prototxt"));
  EXPECT_THAT(Ask({"upgrade", "new"}), ElementsAre("new.caffemodel"));
}

TEST_F(CompletionsTest, ForZshHaveTheHelpOfEachFlag) {
  const std::string script = RunTool({"completions", "zsh"}).out;
  EXPECT_THAT(script, HasSubstr("#compdef demitasse\n"));
  EXPECT_THAT(script,
              HasSubstr("'*--phase=[the phase, for include and exclude rules and for layers "
                        "such as Dropout]:TEST|TRAIN:(TEST TRAIN)'"));
  EXPECT_THAT(script, HasSubstr("'*--model=[the net; always needed]:NET.prototxt:_files'"));
  if (RunProgram("/usr/bin/env", {"zsh", "--version"}).exit_code != 0) {
    GTEST_SKIP() << "there is no zsh to read the script";
  }
  const ProgramResult result =
      RunProgram("/usr/bin/env", {"zsh", "-n", Write("_demitasse", script)});
  EXPECT_EQ(0, result.exit_code) << result.err;
}

TEST_F(CompletionsTest, AreForShellsThatAreKnown) {
  EXPECT_EQ(
      "demitasse completions: error: needs the name of a shell, bash or zsh, got fish\n"
      "See demitasse completions --help\n",
      RunTool({"completions", "fish"}).err);
  EXPECT_THAT(RunTool({"completions", "bash"}).out, HasSubstr("complete -F _demitasse demitasse"));
}

}  // namespace
}  // namespace demitasse
