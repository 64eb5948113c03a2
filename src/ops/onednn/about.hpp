// Which oneDNN it is.
#ifndef DEMITASSE_SRC_OPS_ONEDNN_ABOUT_HPP_
#define DEMITASSE_SRC_OPS_ONEDNN_ABOUT_HPP_

#include "src/core/component.hpp"

namespace demitasse {

// The detail is the instruction set it computes with.
Component AboutOneDnn();

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_ONEDNN_ABOUT_HPP_
