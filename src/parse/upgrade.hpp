// Nets and solvers written in older forms of the format.
//
// V0 (2013): layers { layer { name: "conv1" type: "conv" kernelsize: 5 } bottom: "data" ... }
// V1 (2014): layers { name: "conv1" type: CONVOLUTION convolution_param { ... } bottom: "data" ...
// } Today:     layer { name: "conv1" type: "Convolution" convolution_param { ... } bottom: "data"
// ... }
#ifndef DEMITASSE_SRC_PARSE_UPGRADE_HPP_
#define DEMITASSE_SRC_PARSE_UPGRADE_HPP_

#include "demitasse/caffe.pb.h"
#include "demitasse/error.hpp"
#include "demitasse/source_map.hpp"

namespace demitasse {

// Brings `net` to today's form, in place: V0 and V1 layers, inputs declared by the net instead of
// an Input layer, fields that have moved, old BatchNorm parameters. The places in `source` move
// along, so that layer i is always at "layer[i]". What cannot be upgraded is added to `diagnostics`
// and left out; what was upgraded is logged, one line for each form.
void UpgradeNet(caffe::NetParameter* net, SourceMap* source, Diagnostics* diagnostics);

// Turns the old `solver_type: ADAGRAD` of `solver` into `type: "AdaGrad"`. The nets inside it stay
// as they are.
void UpgradeSolver(caffe::SolverParameter* solver, SourceMap* source, Diagnostics* diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_UPGRADE_HPP_
