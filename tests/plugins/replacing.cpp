// Registers a type that is built in, and one that another plugin has.
#include "tests/plugins/constant_layer.hpp"

DEMITASSE_REGISTER_LAYER("ReLU", ConstantLayer);

namespace replacing {
using SoftplusLayer = ConstantLayer;
DEMITASSE_REGISTER_LAYER("Softplus", SoftplusLayer);
}  // namespace replacing
