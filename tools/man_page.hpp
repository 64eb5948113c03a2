// Manual pages, made of the descriptions of the commands.
#ifndef DEMITASSE_TOOLS_MAN_PAGE_HPP_
#define DEMITASSE_TOOLS_MAN_PAGE_HPP_

#include <string>

#include "tools/command.hpp"

namespace demitasse {

// In roff, for section 1 of the manual.
std::string ManPage(const Command& command);

// "demitasse-dataset-images", as git names its pages.
std::string ManPageName(const Command& command);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_MAN_PAGE_HPP_
