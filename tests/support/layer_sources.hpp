// The source files of the built-in layers, for tests that look into them.
#ifndef DEMITASSE_TESTS_SUPPORT_LAYER_SOURCES_HPP_
#define DEMITASSE_TESTS_SUPPORT_LAYER_SOURCES_HPP_

#include <map>
#include <string>

namespace demitasse {

// The text of a file of the source tree; empty if there is none. `path` is relative to its root.
std::string ReadSource(const std::string& path);

// The file that registers each type, without its extension: {"ReLU", "relu_layer"}.
std::map<std::string, std::string> LayerFiles();

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_SUPPORT_LAYER_SOURCES_HPP_
