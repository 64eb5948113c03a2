#include "layers/common/log_base.hpp"

#include <cmath>

#include "src/core/text.hpp"

namespace demitasse {

float LogBase(const Layer& layer, float base, const std::string& field) {
  if (base == -1) return 1;
  if (!(base > 0) || std::isinf(base)) {
    throw layer.Fail(field, Cat("base must be a number above 0, or -1 for e, got ", base));
  }
  return std::log(base);
}

}  // namespace demitasse
