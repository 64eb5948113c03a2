#include "src/solver/not_finite.hpp"

#include <algorithm>
#include <cmath>

#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

bool IsFinite(const float* values, int64_t size) {
  const double infinite = ParallelSum(size, kElementwiseGrain, [&](int64_t begin, int64_t end) {
    // x - x is 0 for finite x and NaN for all others.
    float sum = 0;
    for (int64_t i = begin; i < end; ++i) sum += values[i] - values[i];
    return sum == 0 ? 0.0 : 1.0;
  });
  return infinite == 0;
}

std::string LayerName(const Net& net, size_t layer) {
  return Cat("layer '", net.layer_names()[layer], "' (", net.layers()[layer]->type(), ")");
}

// The first top, in the order of Forward, that is not finite.
std::string FindInForward(const Net& net) {
  for (size_t layer = 0; layer < net.layers().size(); ++layer) {
    for (const Blob* const top : net.top_vecs()[layer]) {
      if (IsFinite(top->cpu_data(), top->size())) continue;
      const auto blob = std::find_if(net.blobs().begin(), net.blobs().end(),
                                     [top](const auto& other) { return other.get() == top; });
      const auto index = static_cast<size_t>(blob - net.blobs().begin());
      return Cat(LayerName(net, layer), " gave it first, in blob '", net.blob_names()[index], "'");
    }
  }
  return "no blob holds it now";
}

// The first parameter gradient, in the order of Backward, that is not finite.
std::string FindInBackward(const Net& net) {
  for (size_t layer = net.layers().size(); layer-- > 0;) {
    const auto& blobs = net.layers()[layer]->blobs();
    for (size_t i = 0; i < blobs.size(); ++i) {
      if (!net.layers()[layer]->param_propagate_down(static_cast<int>(i))) continue;
      if (IsFinite(blobs[i]->cpu_diff(), blobs[i]->size())) continue;
      return Cat("the gradient of parameter ", i, " of ", LayerName(net, layer),
                 " is NaN or infinite");
    }
  }
  return "";
}

}  // namespace

std::string FindNotFinite(const Net& net, float loss) {
  if (!std::isfinite(loss)) return Cat("the loss is ", loss, "; ", FindInForward(net));
  const std::vector<Blob*>& params = net.learnable_params();
  const bool finite = std::all_of(params.begin(), params.end(), [](const Blob* param) {
    return IsFinite(param->cpu_diff(), param->size());
  });
  return finite ? "" : FindInBackward(net);
}

}  // namespace demitasse
