// Flags whose entries belong to inputs of a net: --input_shape=data=1x3x224x224.
#ifndef DEMITASSE_TOOLS_INPUT_SHAPES_HPP_
#define DEMITASSE_TOOLS_INPUT_SHAPES_HPP_

#include <map>
#include <string>
#include <vector>

namespace demitasse {

// The values of a flag whose entries are "BLOB=VALUE"; `value_name` is what messages call VALUE.
// Throws UsageError for an entry of another form and for a blob named twice.
std::map<std::string, std::string> ParseByInput(const std::string& flag,
                                                const std::string& value_name,
                                                const std::vector<std::string>& entries);

// Throws UsageError unless all blobs that the entries name are inputs.
void CheckInputNames(const std::string& flag, const std::vector<std::string>& entries,
                     const std::vector<std::string>& inputs);

// The shapes in the entries of --input_shape, "BLOB=16x3x224x224". Throws UsageError.
std::map<std::string, std::vector<int>> ParseInputShapes(const std::vector<std::string>& entries);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_INPUT_SHAPES_HPP_
