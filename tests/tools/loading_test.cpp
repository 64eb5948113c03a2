// What the tool's process loads beside its own code.
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

class LoadingTest : public ToolTest {};

TEST_F(LoadingTest, LibrariesInTheWorkingDirectoryAreNotTaken) {
  for (const std::string name : {"libprotobuf.so.32", "libstdc++.so.6", "libz.so.1", "libm.so.6"}) {
    Write(name, "not a library");
  }
  const ProgramResult result =
      RunProgram("/usr/bin/env", {"-C", Path(""), DEMITASSE_TOOL, "--version"});
  EXPECT_EQ(0, result.exit_code) << result.err;
}

}  // namespace
}  // namespace demitasse
