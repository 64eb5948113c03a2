#include "src/io/image_list.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"

namespace demitasse {
namespace {

constexpr char kBlanks[] = " \t\r";

ListedImage ParseLine(std::string_view text, const Location& where) {
  const size_t blank = text.find_last_of(kBlanks);
  if (blank == std::string_view::npos) {
    throw Error(
        where, Cat("needs a picture's path and its label, got '", OneLine(std::string(text)), "'"));
  }
  const std::string_view number = text.substr(blank + 1);
  ListedImage image;
  image.line = where.line;
  const auto parsed = std::from_chars(number.data(), number.data() + number.size(), image.label);
  if (parsed.ec != std::errc() || parsed.ptr != number.data() + number.size()) {
    throw Error(where, Cat("a label must be a whole number behind the path, got '",
                           OneLine(std::string(number)), "'"));
  }
  text = text.substr(0, blank);
  image.path = text.substr(0, text.find_last_not_of(kBlanks) + 1);
  return image;
}

}  // namespace

std::vector<ListedImage> ReadImageList(const std::string& path) {
  constexpr int64_t kLongestFile = int64_t{1} << 32;
  const std::string bytes = ReadFile(path, kLongestFile);
  std::vector<ListedImage> images;
  Location where{path};
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t end = std::min(bytes.find('\n', begin), bytes.size());
    ++where.line;
    std::string_view text(bytes.data() + begin, end - begin);
    text = text.substr(0, text.find_last_not_of(kBlanks) + 1);
    if (!text.empty()) images.push_back(ParseLine(text, where));
    begin = end + 1;
  }
  if (images.empty()) throw Error(Location{path}, "the list names no pictures");
  return images;
}

}  // namespace demitasse
