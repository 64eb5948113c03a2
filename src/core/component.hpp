// A library that this one was, or could have been, built with.
#ifndef DEMITASSE_SRC_CORE_COMPONENT_HPP_
#define DEMITASSE_SRC_CORE_COMPONENT_HPP_

#include <string>

namespace demitasse {

struct Component {
  std::string name;
  std::string version;  // of the library in use; empty if it was left out
  std::string detail;   // what it takes this processor for, if it says so
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_COMPONENT_HPP_
