#include "tools/plugins.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "demitasse/plugin.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

constexpr char kVariable[] = "DEMITASSE_PLUGIN_PATH";

// The plugins that an entry of the variable means.
std::vector<std::string> PluginsOf(const std::string& entry) {
  namespace fs = std::filesystem;
  std::error_code failed;
  if (!fs::is_directory(entry, failed)) return {entry};
  std::vector<std::string> plugins;
  for (const auto& file : fs::directory_iterator(entry, failed)) {
    if (file.path().extension() == ".so") plugins.push_back(file.path().string());
  }
  if (failed) throw Error(Location{entry}, "cannot read the folder: " + failed.message());
  std::sort(plugins.begin(), plugins.end());
  return plugins;
}

void LoadPluginsOfEnvironment() {
  const char* const variable = std::getenv(kVariable);
  if (variable == nullptr) return;
  for (const std::string& entry : SplitText(variable, ':')) {
    if (entry.empty()) continue;
    try {
      for (const std::string& plugin : PluginsOf(entry)) LoadPlugin(plugin);
    } catch (const Error& error) {
      throw Error(error.where(), Cat(error.message(), " (", kVariable, " names it)"), error.kind());
    }
  }
}

}  // namespace

FlagGroup PluginFlags(std::vector<std::string>* plugins) {
  return {"Layers of your own",
          {ListFlag("plugins", "FILE.so", plugins,
                    "load the layers in these files; before, those in DEMITASSE_PLUGIN_PATH, "
                    "which names files and folders, separated by colons")}};
}

void LoadPlugins(const std::vector<std::string>& plugins) {
  LoadPluginsOfEnvironment();
  for (const std::string& plugin : plugins) LoadPlugin(plugin);
}

}  // namespace demitasse
