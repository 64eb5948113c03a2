// What a terminal is shown beside plain text: colours, and lines of progress that are rewritten.
// Files, pipes and terminals that cannot (TERM=dumb) get neither; NO_COLOR takes away the colours
// (https://no-color.org).
#ifndef DEMITASSE_TOOLS_STYLE_HPP_
#define DEMITASSE_TOOLS_STYLE_HPP_

#include <string>

namespace demitasse {

// Finds out what standard output and standard error are. Until this is called all text is plain.
void DetectTerminal();

bool HasColors(int file);

// The titles of a table or of a part of one, for standard output.
std::string Title(const std::string& text);

// A message for standard output or standard error, with its first "error:" or "warning:" coloured.
std::string Message(int file, const std::string& text);

// Whether progress is to be shown on standard error, and the way to have none.
bool ShowsProgress();
void HideProgress();

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_STYLE_HPP_
