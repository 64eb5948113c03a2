// Plugins that the command line or the environment names.
#ifndef DEMITASSE_TOOLS_PLUGINS_HPP_
#define DEMITASSE_TOOLS_PLUGINS_HPP_

#include <string>
#include <vector>

#include "tools/flags.hpp"

namespace demitasse {

FlagGroup PluginFlags(std::vector<std::string>* plugins);

// Loads what the variable DEMITASSE_PLUGIN_PATH names (files, and folders whose *.so are meant, in
// the order of their names; separated by colons), then `plugins`. Throws Error.
void LoadPlugins(const std::vector<std::string>& plugins);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_PLUGINS_HPP_
