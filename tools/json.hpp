// Values as JSON.
#ifndef DEMITASSE_TOOLS_JSON_HPP_
#define DEMITASSE_TOOLS_JSON_HPP_

#include <string>
#include <utility>
#include <vector>

namespace demitasse {

// null for NaN and infinities, which JSON does not have.
std::string JsonNumber(double value);
std::string JsonText(const std::string& text);
std::string JsonArray(const std::vector<std::string>& items);
// Of names and values that are JSON already: {"name": value, ...}
std::string JsonObject(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_JSON_HPP_
