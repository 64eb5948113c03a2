// Gradient checks of a net: of its layers, one by one, and of what becomes of them together.
#ifndef DEMITASSE_TOOLS_NET_GRADIENTS_HPP_
#define DEMITASSE_TOOLS_NET_GRADIENTS_HPP_

#include <set>
#include <string>
#include <vector>

#include "demitasse/net.hpp"
#include "src/layer/gradient_check.hpp"

namespace demitasse {

struct LayerGradientCheck {
  std::string name;
  std::string type;
  bool is_split = false;  // made by the net
  std::vector<std::string> bottoms;
  std::vector<BlobGradientCheck> blobs;  // none if there is no gradient
  std::string note;                      // of what came in the way
};

// The gradient of the loss by a blob, along that gradient.
struct NetDerivativeCheck {
  std::string blob;  // "data", "conv1 param 0"
  DerivativeCheck check;
};

struct NetGradientCheck {
  std::vector<LayerGradientCheck> layers;
  // Of the whole net, if it was checked; `net_note` says why there are none.
  std::vector<NetDerivativeCheck> net;
  std::string net_note;

  // Layers, and the net, with wrong gradients; and how many were checked at all.
  int64_t wrong = 0;
  int64_t checked = 0;
};

// The blobs of which some layer that reads them has a gradient: not labels, for instance.
std::set<std::string> BlobsWithGradients(const Net& net);

// Reads one batch and checks the layers on what is in their bottoms: all, and then the net, or
// those of `names`. The net must be built with `force_backward`. Throws Error for a name that is
// not there.
NetGradientCheck CheckNetGradients(const GradientCheckOptions& options,
                                   const std::vector<std::string>& names, Net* net);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_NET_GRADIENTS_HPP_
