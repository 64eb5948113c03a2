// What the handles of demitasse.h are.
#ifndef DEMITASSE_SRC_C_API_HANDLES_HPP_
#define DEMITASSE_SRC_C_API_HANDLES_HPP_

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "demitasse.h"
#include "demitasse/net.hpp"
#include "demitasse/solver.hpp"

struct demitasse_options {
  demitasse::NetOptions net;
  demitasse::SolverOptions solver;
  std::set<std::string> given;  // the keys that were set
};

struct demitasse_blob {
  std::shared_ptr<demitasse::Blob> blob;
  bool is_input = false;
};

struct demitasse_net {
  std::unique_ptr<demitasse::Net> owned;  // null for one of a solver's
  demitasse::Net* net = nullptr;          // null if the solver could not build its nets anew
  // One for each blob that was asked for. It keeps the blob, which an optimized net, or the net
  // that a restored solver replaces, may give up.
  std::map<const demitasse::Blob*, std::unique_ptr<demitasse_blob>> blobs;
};

struct demitasse_solver {
  std::unique_ptr<demitasse::Solver> solver;
  demitasse_net net;
  std::vector<std::unique_ptr<demitasse_net>> test_nets;
  bool stops = false;  // the program has asked for it
};

namespace demitasse::c_api {

// Throws ArgumentError if the handle is null.
Net& NetOf(const demitasse_net* handle);

// The options of a net, or of a solver; the defaults for null. Throw Error if one was set that does
// not belong to it.
NetOptions OptionsOfNet(const demitasse_options* options);
SolverOptions OptionsOfSolver(const demitasse_options* options);

}  // namespace demitasse::c_api

#endif  // DEMITASSE_SRC_C_API_HANDLES_HPP_
