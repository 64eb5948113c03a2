// The libraries that ops compute with.
#ifndef DEMITASSE_SRC_OPS_ENGINES_HPP_
#define DEMITASSE_SRC_OPS_ENGINES_HPP_

#include <vector>

#include "src/core/component.hpp"

namespace demitasse {

std::vector<Component> Engines();

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_ENGINES_HPP_
