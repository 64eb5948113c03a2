#include "demitasse/layer_registry.hpp"

#include <map>
#include <mutex>

#include "src/core/text.hpp"
#include "src/layer/built_in_layers.hpp"
#include "src/layer/registrations.hpp"

namespace demitasse {
namespace {

struct Entry {
  LayerRegistry::Creator creator = nullptr;
  std::string version;
};

struct Registry {
  std::mutex mutex;
  std::map<std::string, Entry> entries;
};

Registry& TheRegistry() {
  static Registry registry;
  return registry;
}

Entry Find(const std::string& type) {
  Registry& registry = TheRegistry();
  const std::lock_guard<std::mutex> lock(registry.mutex);
  const auto it = registry.entries.find(type);
  return it == registry.entries.end() ? Entry() : it->second;
}

// Where RegistrationsOf wants to know of registrations.
thread_local std::vector<Registration>* recorded = nullptr;

}  // namespace

std::vector<Registration> RegistrationsOf(const std::function<void()>& load) {
  std::vector<Registration> registrations;
  recorded = &registrations;
  load();
  recorded = nullptr;
  return registrations;
}

bool RegisterBuiltIn(const std::string& type, LayerRegistry::Creator creator) {
  Registry& registry = TheRegistry();
  const std::lock_guard<std::mutex> lock(registry.mutex);
  registry.entries.insert({type, {creator, DEMITASSE_VERSION}});  // unless there is one
  return true;
}

bool LayerRegistry::Register(const std::string& type, Creator creator, const std::string& version) {
  Registry& registry = TheRegistry();
  const std::lock_guard<std::mutex> lock(registry.mutex);
  const bool replaces = registry.entries.count(type) > 0;
  if (recorded != nullptr) recorded->push_back({type, version, replaces});
  // What cannot be used takes the place of nothing.
  if (!replaces || version == DEMITASSE_VERSION) registry.entries[type] = {creator, version};
  return true;
}

bool LayerRegistry::Knows(const std::string& type) { return Find(type).creator != nullptr; }

std::shared_ptr<Layer> LayerRegistry::Create(const LayerParameter& param,
                                             const LayerContext& context) {
  const Entry entry = Find(param.type());
  const Location where =
      context.source != nullptr ? context.source->Find(context.path + ".type") : Location{};
  const std::string prefix = LayerPrefix(param.name(), "");
  if (entry.creator == nullptr) {
    if (param.type().empty()) {
      throw LayerError(where, prefix + "has no type; write what it computes, as in type: \"ReLU\"");
    }
    const std::string near = DidYouMean(param.type(), List());
    throw LayerError(where, Cat(prefix, "unknown layer type '", OneLine(param.type()), "'",
                                near.empty() ? "; known types: " + Join(List()) : near));
  }
  if (entry.version != DEMITASSE_VERSION) {
    throw LayerError(
        where, Cat(prefix, "layer type '", OneLine(param.type()), "' was compiled for Demitasse ",
                   entry.version, ", this is " DEMITASSE_VERSION "; compile it again"));
  }
  std::shared_ptr<Layer> layer = entry.creator(param);
  layer->set_context(context);
  return layer;
}

std::vector<std::string> LayerRegistry::List() {
  Registry& registry = TheRegistry();
  const std::lock_guard<std::mutex> lock(registry.mutex);
  std::vector<std::string> types;
  for (const auto& entry : registry.entries) types.push_back(entry.first);
  return types;
}

std::string LayerRegistry::Description(const std::string& type) {
  for (const BuiltInLayer& layer : BuiltInLayers()) {
    if (layer.type == type) return layer.description;
  }
  return "";
}

}  // namespace demitasse
