// Where training went wrong: the first blob that holds NaN or an infinity.
#ifndef DEMITASSE_SRC_SOLVER_NOT_FINITE_HPP_
#define DEMITASSE_SRC_SOLVER_NOT_FINITE_HPP_

#include <string>

#include "demitasse/net.hpp"

namespace demitasse {

// After a ForwardBackward of `net` that gave `loss`: "" if the loss and all gradients of learned
// parameters are finite; otherwise which of them is not, and the layer and blob it began in.
std::string FindNotFinite(const Net& net, float loss);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_SOLVER_NOT_FINITE_HPP_
