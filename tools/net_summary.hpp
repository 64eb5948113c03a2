// What the layers of a net give, hold and compute, as a table and as JSON.
#ifndef DEMITASSE_TOOLS_NET_SUMMARY_HPP_
#define DEMITASSE_TOOLS_NET_SUMMARY_HPP_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "src/net/net_state.hpp"
#include "tools/receptive_field.hpp"

namespace demitasse {

struct TopSummary {
  std::string blob;
  std::optional<std::vector<int>> shape;  // none: only the data can tell
};

struct LayerSummary {
  std::string name;
  std::string type;
  std::vector<TopSummary> tops;
  // Whether the shapes of all bottoms and tops are known; what follows is 0 otherwise.
  bool is_known = false;
  int64_t parameters = 0;               // without those of layers before it that it shares
  bool has_shared = false;              // shares some
  int64_t multiply_adds = 0;            // of a Forward; 0 if the layer does not count them
  int64_t bytes = 0;                    // of tops that are not the memory of others
  std::optional<ReceptiveField> field;  // of the first top
};

struct NetSummary {
  std::string name;
  std::string phase;
  std::vector<LayerSummary> layers;  // without those that split a blob for several readers
  // Of the layers that are known.
  int64_t parameters = 0;
  int64_t trainable = 0;  // of them, those that learn
  int64_t multiply_adds = 0;
  int64_t bytes = 0;
  int unknown_layers = 0;
};

// Of a net without errors, which may be built for its shapes alone.
NetSummary MakeNetSummary(const NetState& net);

// A table of the layers that fits `width` columns, and the totals.
std::string SummaryTable(const NetSummary& summary, size_t width);

std::string SummaryJson(const NetSummary& summary);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_NET_SUMMARY_HPP_
