#include "tools/net_blobs.hpp"

namespace demitasse {

bool IsNetsOwnSplit(const Net& net, size_t layer) {
  const auto& tops = net.layers()[layer]->layer_param().top();
  return !tops.empty() && net.is_split_copy(tops[0]);
}

std::map<const Blob*, std::string> BlobNames(const Net& net) {
  std::map<const Blob*, std::string> names;
  for (size_t i = 0; i < net.blobs().size(); ++i) {
    names[net.blobs()[i].get()] = net.blob_names()[i];
  }
  for (size_t i = 0; i < net.layers().size(); ++i) {
    if (!IsNetsOwnSplit(net, i)) continue;
    for (const Blob* const top : net.top_vecs()[i]) names[top] = names[net.bottom_vecs()[i][0]];
  }
  return names;
}

}  // namespace demitasse
