// What happens to files: bits flip, ends are missing, parts are lost or doubled, numbers are wrong.
#ifndef DEMITASSE_FUZZ_MUTATE_HPP_
#define DEMITASSE_FUZZ_MUTATE_HPP_

#include <string>

#include "demitasse/random.hpp"

namespace demitasse {

// The bytes after one to four such changes.
std::string Mutated(std::string bytes, Rng* rng);

}  // namespace demitasse

#endif  // DEMITASSE_FUZZ_MUTATE_HPP_
