// Plugins: shared objects whose layers join the registry of the program that loads them.
//
// A plugin is made of layers like those of a program, each registered by DEMITASSE_REGISTER_LAYER,
// and is linked as a shared object (c++ -shared -fPIC). What it uses of this library it finds in
// the program, if that is linked to the shared library or shows its own symbols (ENABLE_EXPORTS in
// CMake, -rdynamic); a plugin linked to the shared library finds it there otherwise.
#ifndef DEMITASSE_PLUGIN_HPP_
#define DEMITASSE_PLUGIN_HPP_

#include <string>

#include "demitasse/export.hpp"

namespace demitasse {

// Loads the shared object `path`, which stays loaded until the program ends; does nothing if it is
// loaded already. A relative path starts at the working directory, no other is searched. A layer
// type that is there already is replaced, with a warning.
//
// Throws Error if the file cannot be loaded (it is missing, no shared object, or uses what the
// program does not have), registers no layer, or was compiled for another version of this library.
// May be called from several threads; nets that run meanwhile are not disturbed.
DEMITASSE_API void LoadPlugin(const std::string& path);

}  // namespace demitasse

#endif  // DEMITASSE_PLUGIN_HPP_
