// The second stage of building a net: which layer reads what which other layer wrote.
#ifndef DEMITASSE_SRC_NET_WIRING_HPP_
#define DEMITASSE_SRC_NET_WIRING_HPP_

#include <string>
#include <vector>

#include "demitasse/error.hpp"
#include "demitasse/source_map.hpp"
#include "src/net/planned_layer.hpp"

namespace demitasse {

// What a blob holds from one writing to the next: a layer that works in place reads one value of a
// blob and writes another.
struct Value {
  std::string blob;
  size_t layer = 0;  // that writes it, as its top number `top`
  int top = 0;
  struct Reader {
    size_t layer;
    int bottom;
  };
  std::vector<Reader> readers;
};

struct Wiring {
  std::vector<Value> values;
  // For each layer, the values (as indices) of its bottoms and tops; kNoValue for a bottom that
  // nothing produces.
  std::vector<std::vector<size_t>> bottoms;
  std::vector<std::vector<size_t>> tops;

  static constexpr size_t kNoValue = static_cast<size_t>(-1);
};

// Connects the layers of `net` that take part. Errors: a bottom that no layer above produces, a top
// that is there already, a blob changed in place that another layer reads too.
Wiring Connect(const std::vector<PlannedLayer>& layers, const caffe::NetParameter& net,
               const SourceMap& source, Diagnostics* diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_NET_WIRING_HPP_
