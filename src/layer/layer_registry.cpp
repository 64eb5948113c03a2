#include "demitasse/layer_registry.hpp"

#include <map>
#include <mutex>

#include "src/core/text.hpp"
#include "src/layer/built_in_layers.hpp"

namespace demitasse {
namespace {

struct Registry {
  std::mutex mutex;
  std::map<std::string, LayerRegistry::Creator> creators;
};

Registry& TheRegistry() {
  static Registry registry;
  return registry;
}

LayerRegistry::Creator Find(const std::string& type) {
  Registry& registry = TheRegistry();
  const std::lock_guard<std::mutex> lock(registry.mutex);
  const auto it = registry.creators.find(type);
  return it == registry.creators.end() ? nullptr : it->second;
}

}  // namespace

bool LayerRegistry::Register(const std::string& type, Creator creator) {
  Registry& registry = TheRegistry();
  const std::lock_guard<std::mutex> lock(registry.mutex);
  registry.creators[type] = creator;
  return true;
}

bool LayerRegistry::Knows(const std::string& type) { return Find(type) != nullptr; }

std::unique_ptr<Layer> LayerRegistry::Create(const LayerParameter& param,
                                             const LayerContext& context) {
  const Creator creator = Find(param.type());
  if (creator == nullptr) {
    const Location where =
        context.source != nullptr ? context.source->Find(context.path + ".type") : Location{};
    const std::string prefix = LayerPrefix(param.name(), "");
    if (param.type().empty()) {
      throw LayerError(where, prefix + "has no type; write what it computes, as in type: \"ReLU\"");
    }
    const std::string near = DidYouMean(param.type(), List());
    throw LayerError(where, Cat(prefix, "unknown layer type '", OneLine(param.type()), "'",
                                near.empty() ? "; known types: " + Join(List()) : near));
  }
  std::unique_ptr<Layer> layer = creator(param);
  layer->set_context(context);
  return layer;
}

std::vector<std::string> LayerRegistry::List() {
  Registry& registry = TheRegistry();
  const std::lock_guard<std::mutex> lock(registry.mutex);
  std::vector<std::string> types;
  for (const auto& entry : registry.creators) types.push_back(entry.first);
  return types;
}

std::string LayerRegistry::Description(const std::string& type) {
  for (const BuiltInLayer& layer : BuiltInLayers()) {
    if (layer.type == type) return layer.description;
  }
  return "";
}

}  // namespace demitasse
