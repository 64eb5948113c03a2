// What a plugin does to the registry while it is loaded.
#ifndef DEMITASSE_SRC_LAYER_REGISTRATIONS_HPP_
#define DEMITASSE_SRC_LAYER_REGISTRATIONS_HPP_

#include <functional>
#include <string>
#include <vector>

namespace demitasse {

struct Registration {
  std::string type;
  std::string version;    // of the headers the layer was compiled with
  bool replaces = false;  // a layer type of this name was there before
};

// Calls `load` and returns what it registered from this thread.
std::vector<Registration> RegistrationsOf(const std::function<void()>& load);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_LAYER_REGISTRATIONS_HPP_
