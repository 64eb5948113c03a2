// Runs a program, such as the command line tool, and keeps what it printed.
#ifndef DEMITASSE_TESTS_SUPPORT_RUN_TOOL_HPP_
#define DEMITASSE_TESTS_SUPPORT_RUN_TOOL_HPP_

#include <string>
#include <vector>

namespace demitasse {

struct ProgramResult {
  int exit_code = 0;  // minus the signal's number if one ended the program
  std::string out;
  std::string err;
};

// Standard input is empty. Standard output goes to `stdout_path` if that is given, and not to
// `out`.
ProgramResult RunProgram(const std::string& program, const std::vector<std::string>& args,
                         const std::string& stdout_path = "");

#ifdef DEMITASSE_TOOL
inline ProgramResult RunTool(const std::vector<std::string>& args) {
  return RunProgram(DEMITASSE_TOOL, args);
}
#endif

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_SUPPORT_RUN_TOOL_HPP_
