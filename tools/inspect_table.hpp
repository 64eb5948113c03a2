// What demitasse inspect prints about blobs: parameters in a file, or what passes through a net.
#ifndef DEMITASSE_TOOLS_INSPECT_TABLE_HPP_
#define DEMITASSE_TOOLS_INSPECT_TABLE_HPP_

#include <optional>
#include <string>
#include <vector>

#include "tools/blob_statistics.hpp"
#include "tools/rectifier_statistics.hpp"

namespace demitasse {

struct InspectedBlob {
  std::string name;  // of the blob, or the number of a parameter
  std::vector<int> shape;
  BlobStatistics statistics;
  std::optional<DeadUnits> dead;  // of a ReLU's top
  std::vector<float> slopes;      // of a PReLU
};

struct InspectedLayer {
  std::string name;
  std::string type;  // "" if it is not known
  std::vector<InspectedBlob> blobs;
};

struct InspectReport {
  std::string title;
  std::vector<InspectedLayer> layers;
  std::vector<std::string> warnings;  // beside those that the figures give
};

// A row for each blob, one for each PReLU's slopes, and lines that begin with "warning: ".
std::string InspectTable(const InspectReport& report, size_t width);
// One layer in full: histograms, dead channels, the slope of each channel.
std::string InspectLayer(const InspectedLayer& layer, size_t width);
std::string InspectJson(const InspectReport& report);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_INSPECT_TABLE_HPP_
