// Scripts that let a shell complete the words of a command line, made of the descriptions of the
// commands.
#ifndef DEMITASSE_TOOLS_COMPLETIONS_HPP_
#define DEMITASSE_TOOLS_COMPLETIONS_HPP_

#include <string>

#include "tools/command.hpp"

namespace demitasse {

std::string BashCompletions(const Command& tool);
std::string ZshCompletions(const Command& tool);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_COMPLETIONS_HPP_
