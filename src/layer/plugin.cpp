#include "demitasse/plugin.hpp"

#include <cxxabi.h>
#include <dlfcn.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <mutex>

#include "demitasse/error.hpp"
#include "demitasse/log.hpp"
#include "demitasse/version.hpp"
#include "src/core/text.hpp"
#include "src/layer/registrations.hpp"

namespace demitasse {
namespace {

// "demitasse::Net::Forward()" for the linker's name of it.
std::string Demangled(const std::string& symbol) {
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, nullptr), std::free);
  return name == nullptr ? symbol : name.get();
}

// What the dynamic linker says, without the name of the file in front.
std::string LinkerError(const std::string& path) {
  const char* const said = dlerror();
  const std::string text = said == nullptr ? "no reason is given" : said;
  const std::string prefix = path + ": ";
  return text.compare(0, prefix.size(), prefix) == 0 ? text.substr(prefix.size()) : text;
}

Error CannotLoad(const std::string& path) {
  const std::string reason = LinkerError(path);
  const std::string undefined = "undefined symbol: ";
  if (reason.compare(0, undefined.size(), undefined) != 0) {
    return Error(Location{path}, "cannot load the plugin: " + reason);
  }
  const std::string symbol = reason.substr(undefined.size());
  return Error(Location{path},
               Cat("the plugin uses ", Demangled(symbol.substr(0, symbol.find(','))),
                   ", which is not in this program (Demitasse " DEMITASSE_VERSION
                   "); compile it for this version, or link it with the library "
                   "that has it"));
}

void CheckVersions(const std::string& path, const std::vector<Registration>& registrations) {
  for (const Registration& layer : registrations) {
    if (layer.version == DEMITASSE_VERSION) continue;
    throw Error(Location{path},
                Cat("the plugin was compiled for Demitasse ", OneLine(layer.version),
                    ", this is " DEMITASSE_VERSION "; compile it again"));
  }
}

void WarnOfReplaced(const std::string& path, const std::vector<Registration>& registrations) {
  static std::map<std::string, std::string> plugins;  // by layer type
  for (const Registration& layer : registrations) {
    const auto before = plugins.find(layer.type);
    if (layer.replaces) {
      LogWarning(Cat(path, ": the plugin's layer type '", layer.type, "' replaces that of ",
                     before == plugins.end() ? "the program" : before->second));
    }
    plugins[layer.type] = path;
  }
}

}  // namespace

void LoadPlugin(const std::string& name) {
  if (name.empty()) throw Error("the name of the plugin is empty");
  // The linker would look for a bare name in the folders of the system.
  const std::string path = name.find('/') == std::string::npos ? "./" + name : name;
  static std::mutex mutex;
  const std::lock_guard<std::mutex> lock(mutex);
  if (void* const loaded = dlopen(path.c_str(), RTLD_NOW | RTLD_NOLOAD)) {
    dlclose(loaded);
    return;
  }
  void* plugin = nullptr;
  const std::vector<Registration> registrations =
      RegistrationsOf([&] { plugin = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL); });
  if (plugin == nullptr) throw CannotLoad(path);
  if (registrations.empty()) {
    dlclose(plugin);
    throw Error(Location{path},
                "the plugin registers no layer; DEMITASSE_REGISTER_LAYER(\"Type\", Class) does");
  }
  CheckVersions(path, registrations);
  WarnOfReplaced(path, registrations);
}

}  // namespace demitasse
