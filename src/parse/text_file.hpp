// Files that should hold text.
#ifndef DEMITASSE_SRC_PARSE_TEXT_FILE_HPP_
#define DEMITASSE_SRC_PARSE_TEXT_FILE_HPP_

#include <string>

namespace demitasse {

// What to say when `text` is none ("this is not a text file; is it a caffemodel? ..."): when it
// holds binary data or UTF-16, or is larger than 64 MB. "" when it can be read.
std::string WhyNotText(const std::string& text);

// The whole file. Throws Error, with `path` as its place, when it cannot be read or is no text.
std::string ReadTextFile(const std::string& path);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_TEXT_FILE_HPP_
