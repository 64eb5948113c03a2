// The layers by their type names. A layer type registers itself where it is defined:
//
//   DEMITASSE_REGISTER_LAYER("MyLayer", MyLayer);
//
// at namespace scope, in the last line of its source file: one of the library, of a program, or of
// a plugin (plugin.hpp).
#ifndef DEMITASSE_LAYER_REGISTRY_HPP_
#define DEMITASSE_LAYER_REGISTRY_HPP_

#include <memory>
#include <string>
#include <vector>

#include "demitasse/export.hpp"
#include "demitasse/layer.hpp"
#include "demitasse/version.hpp"

namespace demitasse {

// All functions may be called from several threads at once.
class DEMITASSE_API LayerRegistry {
 public:
  // Makes a layer that is not yet set up.
  using Creator = std::shared_ptr<Layer> (*)(const LayerParameter& param);

  // Adds a type; the one that came last under a name is the one that counts, and one from outside
  // the library before the library's own. Returns true.
  // `version` is that of the headers the layer was compiled with.
  static bool Register(const std::string& type, Creator creator,
                       const std::string& version = DEMITASSE_VERSION);

  // Whether there is a layer of that type.
  static bool Knows(const std::string& type);

  // A layer of the type that `param` names, not yet set up. Throws LayerError for an unknown type;
  // it names the nearest known one.
  static std::shared_ptr<Layer> Create(const LayerParameter& param,
                                       const LayerContext& context = {});

  // All type names, sorted.
  static std::vector<std::string> List();

  // What a built-in layer computes and what is special about it: the comment that opens its source
  // file, "ReLU: y = ...", with its line breaks. Empty for types that are registered elsewhere.
  static std::string Description(const std::string& type);
};

#ifdef DEMITASSE_BUILDING_LIBRARY
// Register for the library's own layers, hidden from outside. Where a program that contains the
// library loads a plugin linked to the shared one, both are there, and the layers of the second
// must not come into the registry of the first.
bool RegisterBuiltIn(const std::string& type, LayerRegistry::Creator creator);
#define DEMITASSE_REGISTER_FUNCTION ::demitasse::RegisterBuiltIn
#else
// What the macro below calls.
#define DEMITASSE_REGISTER_FUNCTION ::demitasse::LayerRegistry::Register
#endif

}  // namespace demitasse

// The variable has a name of its own so that a list of layers can refer to it and keep the linker
// from dropping the file.
#define DEMITASSE_REGISTER_LAYER(type, Class)                                                 \
  extern const bool kRegistered##Class;                                                       \
  const bool kRegistered##Class = DEMITASSE_REGISTER_FUNCTION(                                \
      type, [](const ::caffe::LayerParameter& param) -> std::shared_ptr<::demitasse::Layer> { \
        return std::make_shared<Class>(param);                                                \
      })

#endif  // DEMITASSE_LAYER_REGISTRY_HPP_
