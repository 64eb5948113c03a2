// What can be said of a net behind shapes that are not known, those of data that are not at hand or
// of layers that have failed: it is tried with examples of them.
#ifndef DEMITASSE_TOOLS_GUESSED_SHAPES_HPP_
#define DEMITASSE_TOOLS_GUESSED_SHAPES_HPP_

#include <memory>

#include "src/net/shapes.hpp"

namespace demitasse {

// Whether there are such shapes.
bool HasUnknownShapes(const NetState& state);

// Builds the net with several different examples for the unknown shapes of `known`, and adds the
// errors that are the same for two of them: what a shape is to blame for names it. Returns the net
// of the example that went best.
std::unique_ptr<NetState> BuildWithGuesses(const NetSource& net, const NetState& known,
                                           Diagnostics* diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_GUESSED_SHAPES_HPP_
