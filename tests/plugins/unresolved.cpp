// Uses what no version of the library has.
#include "tests/plugins/constant_layer.hpp"

namespace demitasse {
int NotInAnyVersion(int number);
}

extern "C" int Call() { return demitasse::NotInAnyVersion(1); }

DEMITASSE_REGISTER_LAYER("Unresolved", ConstantLayer);
