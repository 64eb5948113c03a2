// As if compiled with the headers of another version.
#include "demitasse/version.hpp"
#undef DEMITASSE_VERSION
#define DEMITASSE_VERSION "0.0.1"
#include "tests/plugins/constant_layer.hpp"

DEMITASSE_REGISTER_LAYER("Old", ConstantLayer);
