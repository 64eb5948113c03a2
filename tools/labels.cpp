#include "tools/labels.hpp"

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "tools/flags.hpp"

namespace demitasse {

std::vector<std::string> ReadLabelFile(const std::string& path) {
  constexpr int64_t kLongestFile = 64 << 20;  // bytes
  std::string text = ReadFile(path, kLongestFile);
  const std::string kByteOrderMark = "\xEF\xBB\xBF";
  if (text.compare(0, kByteOrderMark.size(), kByteOrderMark) == 0) {
    text.erase(0, kByteOrderMark.size());
  }
  std::vector<std::string> labels = SplitText(text, '\n');
  for (std::string& label : labels) {
    if (!label.empty() && label.back() == '\r') label.pop_back();
  }
  while (!labels.empty() && labels.back().empty()) labels.pop_back();
  if (labels.empty()) throw Error(Location{path}, "there are no labels in the file");
  return labels;
}

}  // namespace demitasse
