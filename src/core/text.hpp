// Small helpers for building messages.
#ifndef DEMITASSE_SRC_CORE_TEXT_HPP_
#define DEMITASSE_SRC_CORE_TEXT_HPP_

#include <locale>
#include <sstream>
#include <string>
#include <vector>

namespace demitasse {

// All arguments printed one after the other: Cat("blob ", 3, " is empty").
template <typename... Args>
std::string Cat(const Args&... args) {
  std::ostringstream out;
  out.imbue(std::locale::classic());  // no grouping of digits, whatever the program's locale
  (out << ... << args);
  return out.str();
}

// "a, b, c"
std::string Join(const std::vector<std::string>& items, const std::string& separator = ", ");

// The parts of `text` between the separators; none if it is empty.
std::vector<std::string> SplitText(const std::string& text, char separator);

// Text from a file, fit to be quoted in a message: control characters become '?', and what is
// beyond 60 bytes becomes "...".
std::string OneLine(const std::string& text);

// "layer 'conv1' (Convolution): ", what messages about a layer begin with; "unnamed layer: " when
// both are empty.
std::string LayerPrefix(const std::string& name, const std::string& type);

// The entry of `known` most like `word` (ignoring case; edit distance), or "" if none is near
// enough to be what a person meant.
std::string Nearest(const std::string& word, const std::vector<std::string>& known);

// "; did you mean 'X'?" for the nearest known word, or "" if none is near.
std::string DidYouMean(const std::string& word, const std::vector<std::string>& known);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_TEXT_HPP_
