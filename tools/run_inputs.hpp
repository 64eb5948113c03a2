// The inputs of a net, from files and from random numbers.
#ifndef DEMITASSE_TOOLS_RUN_INPUTS_HPP_
#define DEMITASSE_TOOLS_RUN_INPUTS_HPP_

#include <cstdint>
#include <string>
#include <vector>

#include "demitasse/net.hpp"
#include "tools/picture_input.hpp"

namespace demitasse {

struct InputOptions {
  std::vector<std::string> shapes;  // "BLOB=16x3x224x224"
  std::vector<std::string> files;   // "BLOB=FILE"; FILE is x.npy, or pictures as "a.png:b.jpg"
  PictureOptions pictures;
  uint64_t seed = 1;
  bool zero_indices = false;  // inputs of labels or indices need no file, they are 0 without one
};

// Gives the inputs the shapes they are to have, then the shapes and values of their files, and the
// others values from the normal distribution: input number i, from 0, those of Rng(seed + 1 + i),
// so that they do not depend on which others are given. Then reshapes the net. Throws Error, before
// any file is read, for an input that is not there, is named twice, or is not named though it holds
// labels or indices.
void FillInputs(const InputOptions& options, Net* net);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_RUN_INPUTS_HPP_
