#include "tools/json.hpp"

#include <cmath>
#include <cstdio>

#include "src/core/text.hpp"

namespace demitasse {

std::string JsonNumber(double value) { return std::isfinite(value) ? Cat(value) : "null"; }

std::string JsonText(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < ' ') {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(c));
      quoted += code;
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string JsonArray(const std::vector<std::string>& items) { return "[" + Join(items) + "]"; }

std::string JsonObject(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::vector<std::string> items;
  for (const auto& [name, value] : fields) items.push_back(Cat(JsonText(name), ": ", value));
  return "{" + Join(items) + "}";
}

}  // namespace demitasse
