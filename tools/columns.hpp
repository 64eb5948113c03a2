// Text laid out in columns, for a terminal.
#ifndef DEMITASSE_TOOLS_COLUMNS_HPP_
#define DEMITASSE_TOOLS_COLUMNS_HPP_

#include <cstddef>
#include <string>
#include <vector>

namespace demitasse {

// Columns of text on standard output: 80, or what the terminal has, if it is one, from 60 to 120.
size_t OutputWidth();

// `text` in lines of at most `width` columns; words longer than that stand alone.
std::vector<std::string> Wrap(const std::string& text, size_t width);

// `head`, and beside it, from `column` to `width`, `text` in as many lines as it takes. It begins
// below a head that leaves no room for two spaces.
std::string Hanging(const std::string& head, const std::string& text, size_t column, size_t width);

// How many columns a text in UTF-8 takes, with one for each character.
size_t ColumnsOf(const std::string& text);

// `text` with spaces behind it up to `width` columns.
std::string Padded(std::string text, size_t width);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_COLUMNS_HPP_
