// What demitasse inspect says of weights files.
#ifndef DEMITASSE_TOOLS_WEIGHT_REPORT_HPP_
#define DEMITASSE_TOOLS_WEIGHT_REPORT_HPP_

#include <map>
#include <string>
#include <vector>

#include "src/io/weights.hpp"
#include "tools/inspect_table.hpp"

namespace demitasse {

// The parameters of the layers in the file, shared ones once. `types` are those of layers for which
// the file gives none, as one in HDF5 form does.
InspectReport InspectWeights(const WeightFile& file,
                             const std::map<std::string, std::string>& types);

// Two files, blob by blob.
std::string CompareWeights(const WeightFile& a, const WeightFile& b, size_t width);
std::string CompareWeightsJson(const WeightFile& a, const WeightFile& b);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_WEIGHT_REPORT_HPP_
