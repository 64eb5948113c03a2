// A random order that is the same on every machine. (That of std::shuffle is not.)
#ifndef DEMITASSE_SRC_CORE_SHUFFLE_HPP_
#define DEMITASSE_SRC_CORE_SHUFFLE_HPP_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "demitasse/random.hpp"

namespace demitasse {

// The order is that of the seed. Fisher, Yates (1938), as Durstenfeld (1964) has it.
template <typename T>
void ShuffleBySeed(uint64_t seed, std::vector<T>* items) {
  Rng rng(seed);
  for (size_t left = items->size(); left > 1; --left) {
    std::swap((*items)[left - 1], (*items)[rng.Below(left)]);
  }
}

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_SHUFFLE_HPP_
