// What demitasse gradcheck prints.
#ifndef DEMITASSE_TOOLS_GRADIENT_REPORT_HPP_
#define DEMITASSE_TOOLS_GRADIENT_REPORT_HPP_

#include <string>

#include "tools/net_gradients.hpp"

namespace demitasse {

// A row for each layer and one for the net; then what is wrong, with the worst element.
std::string GradientTable(const NetGradientCheck& check, const GradientCheckOptions& options,
                          caffe::Phase phase, size_t width);

std::string GradientJson(const NetGradientCheck& check, const GradientCheckOptions& options,
                         caffe::Phase phase);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_GRADIENT_REPORT_HPP_
