// The libraries that files are read and written with.
#ifndef DEMITASSE_SRC_IO_FILE_LIBRARIES_HPP_
#define DEMITASSE_SRC_IO_FILE_LIBRARIES_HPP_

#include <vector>

#include "src/core/component.hpp"

namespace demitasse {

std::vector<Component> FileLibraries();

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_FILE_LIBRARIES_HPP_
