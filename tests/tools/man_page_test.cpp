#include "tools/man_page.hpp"

#include "tests/tools/tool_fixture.hpp"
#include "tools/commands.hpp"

namespace demitasse {
namespace {

using testing::IsEmpty;
using testing::Not;

Command Brew() {
  Command command;
  command.name = "demitasse brew";
  command.summary = "make coffee";
  command.usage = {"BEANS [flags]", "--decaf"};
  command.description = "Two lines\nof text:\n  a  table\n.\n\nA paragraph with a \\.\n";
  command.examples = "  demitasse brew robusta \\\n      --decaf\n";
  static int cups = 2;
  command.flags = {{"The beans", {WholeFlag("cups", &cups, 1, 9, "how many")}}};
  command.exit_codes = "0 done; 1 spilt";
  return command;
}

TEST(ManPageTest, HasTheSectionsOfAManual) {
  const std::string page = ManPage(Brew());
  EXPECT_EQ(R"(.TH DEMITASSE\-BREW 1 "" )", page.substr(0, page.find("\"demitasse")));
  EXPECT_EQ(R"(
.SH NAME
demitasse\-brew \- make coffee
.SH SYNOPSIS
\fBdemitasse brew\fR BEANS [flags]
.br
\fBdemitasse brew\fR \-\-decaf
.SH DESCRIPTION
Two lines
of text:
.nf
  a  table
.fi
\&.
.PP
A paragraph with a \e.
.SH OPTIONS
.SS The beans
.TP
\fB\-\-cups\fR=\fIN\fR
how many (default 2)
.SH EXAMPLES
.nf
  demitasse brew robusta \e
      \-\-decaf
.fi
.SH EXIT STATUS
0 done; 1 spilt.
.SH SEE ALSO
\fBdemitasse\fR(1)
)",
            page.substr(page.find('\n')));
}

using ManPagesTest = ToolTest;

TEST_F(ManPagesTest, AreWrittenForAllCommands) {
  const ProgramResult result = RunTool({"help", "--share=" + Path("share")});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_EQ("", result.out);
  const std::set<std::string> pages = FilesIn("share/man/man1");
  for (const char* page : {"demitasse.1", "demitasse-run.1", "demitasse-dataset-images.1"}) {
    EXPECT_EQ(1U, pages.count(page)) << page;
  }
  EXPECT_EQ(1U, FilesIn("share/bash-completion/completions").count("demitasse"));
  EXPECT_EQ(1U, FilesIn("share/zsh/site-functions").count("_demitasse"));
  EXPECT_EQ(ManPage(DemitasseCommand()), RunTool({"help", "--man"}).out);
}

TEST_F(ManPagesTest, GiveGroffNothingToWarnOf) {
  if (RunProgram("/usr/bin/env", {"groff", "--version"}).exit_code != 0) {
    GTEST_SKIP() << "there is no groff to read the pages with";
  }
  RunTool({"help", "--share=" + Path("share")});
  for (const std::string& page : FilesIn("share/man/man1")) {
    const ProgramResult result = RunProgram(
        "/usr/bin/env", {"groff", "-man", "-Tutf8", "-ww", Path("share/man/man1/" + page)});
    EXPECT_THAT(result.err, IsEmpty()) << page;
    EXPECT_THAT(result.out, Not(IsEmpty())) << page;
  }
}

}  // namespace
}  // namespace demitasse
