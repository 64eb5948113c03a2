// Random numbers that are the same on every machine for the same seed. (The distributions of the
// standard library differ between its implementations; its engines do not.)
#ifndef DEMITASSE_RANDOM_HPP_
#define DEMITASSE_RANDOM_HPP_

#include <cstdint>
#include <random>
#include <string>

#include "demitasse/export.hpp"

namespace demitasse {

// One stream of numbers; not for use from two threads at once.
class DEMITASSE_API Rng {
 public:
  // Equal seeds give equal numbers.
  explicit Rng(uint64_t seed = 1) : engine_(seed) {}

  // Any 64 bits.
  uint64_t Next() { return engine_(); }
  // Uniform in [0, 1), in steps of 2^-24: exact as float.
  float Uniform() { return static_cast<float>(Next() >> 40) * 0x1p-24f; }
  // Uniform in [low, high].
  float Uniform(float low, float high);
  // Normal, by the polar method of Marsaglia (1964).
  float Gaussian(float mean = 0, float standard_deviation = 1);
  // True with the given probability.
  bool Bernoulli(float probability) { return Uniform() < probability; }
  // Uniform in [0, bound), bound > 0.
  uint64_t Below(uint64_t bound);

  // Where the stream stands, as text; SetState goes on from there, and throws Error if `state` is
  // not such a text.
  std::string State() const;
  void SetState(const std::string& state);

 private:
  std::mt19937_64 engine_;
  bool has_spare_ = false;
  float spare_ = 0;  // the polar method yields two numbers at a time
};

}  // namespace demitasse

#endif  // DEMITASSE_RANDOM_HPP_
