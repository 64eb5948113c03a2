#include "tools/input_shapes.hpp"

#include <algorithm>
#include <charconv>

#include "src/core/text.hpp"
#include "tools/flags.hpp"

namespace demitasse {
namespace {

// "16x3x224x224"
std::vector<int> ParseShape(const std::string& input, const std::string& value) {
  std::vector<int> shape;
  for (const std::string& part : SplitText(value, 'x')) {
    int dimension = 0;
    const char* const end = part.data() + part.size();
    const auto [stop, code] = std::from_chars(part.data(), end, dimension);
    if (part.empty() || code != std::errc() || stop != end || dimension < 0) {
      throw UsageError(Cat("--input_shape=", input, "=", OneLine(value),
                           ": needs whole numbers with an x between them, such as 16x3x224x224"));
    }
    shape.push_back(dimension);
  }
  return shape;
}

}  // namespace

std::map<std::string, std::string> ParseByInput(const std::string& flag,
                                                const std::string& value_name,
                                                const std::vector<std::string>& entries) {
  std::map<std::string, std::string> values;
  for (const std::string& entry : entries) {
    const size_t equals = entry.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == entry.size()) {
      throw UsageError(Cat("--", flag, "=", OneLine(entry), ": needs BLOB=", value_name));
    }
    const std::string blob = entry.substr(0, equals);
    if (!values.emplace(blob, entry.substr(equals + 1)).second) {
      throw UsageError(Cat("--", flag, " names the blob '", OneLine(blob), "' twice"));
    }
  }
  return values;
}

void CheckInputNames(const std::string& flag, const std::vector<std::string>& entries,
                     const std::vector<std::string>& inputs) {
  for (const std::string& entry : entries) {
    const std::string blob = entry.substr(0, entry.find('='));
    if (std::find(inputs.begin(), inputs.end(), blob) != inputs.end()) continue;
    const std::string text = Cat("--", flag, "=", OneLine(entry), ": ");
    if (inputs.empty()) throw UsageError(text + "the net has no inputs");
    throw UsageError(Cat(text, "the net has no input '", OneLine(blob), "'",
                         DidYouMean(blob, inputs), " (its inputs: ", Join(inputs), ")"));
  }
}

std::map<std::string, std::vector<int>> ParseInputShapes(const std::vector<std::string>& entries) {
  std::map<std::string, std::vector<int>> shapes;
  for (const auto& [blob, value] : ParseByInput("input_shape", "NxCxHxW", entries)) {
    shapes[blob] = ParseShape(blob, value);
  }
  return shapes;
}

}  // namespace demitasse
