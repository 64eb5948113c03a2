#include "layers/common/count_field.hpp"

#include <limits>

#include "src/core/text.hpp"

namespace demitasse {

int CountField(const Layer& layer, const std::string& field, uint32_t value, int least) {
  constexpr uint32_t kMost = std::numeric_limits<int>::max();
  const std::string last = field.substr(field.rfind('.') + 1);
  const std::string name = last.substr(0, last.find('['));
  if (value < static_cast<uint32_t>(least)) {
    throw layer.Fail(field, Cat(name, " must be greater than ", least - 1, ", got ", value));
  }
  if (value > kMost) {
    throw layer.Fail(field, Cat(name, " must be at most ", kMost, ", got ", value));
  }
  return static_cast<int>(value);
}

}  // namespace demitasse
