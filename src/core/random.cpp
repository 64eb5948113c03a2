#include "demitasse/random.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <locale>
#include <sstream>

#include "demitasse/error.hpp"

namespace demitasse {

float Rng::Uniform(float low, float high) {
  const float value = low + (high - low) * Uniform();
  return value < high ? value : high;  // rounding may step over the end
}

float Rng::Gaussian(float mean, float standard_deviation) {
  if (has_spare_) {
    has_spare_ = false;
    return mean + standard_deviation * spare_;
  }
  double u = 0;
  double v = 0;
  double square = 0;
  do {
    u = 2.0 * Uniform() - 1.0;
    v = 2.0 * Uniform() - 1.0;
    square = u * u + v * v;
  } while (square >= 1.0 || square == 0.0);
  const double factor = std::sqrt(-2.0 * std::log(square) / square);
  spare_ = static_cast<float>(v * factor);
  has_spare_ = true;
  return mean + standard_deviation * static_cast<float>(u * factor);
}

uint64_t Rng::Below(uint64_t bound) {
  // Values from the incomplete last run of [0, 2^64) are drawn again: no remainder is favoured.
  const uint64_t limit = std::numeric_limits<uint64_t>::max() / bound * bound;
  uint64_t value = Next();
  while (value >= limit) value = Next();
  return value % bound;
}

std::string Rng::State() const {
  uint32_t spare_bits = 0;
  std::memcpy(&spare_bits, &spare_, sizeof spare_bits);
  std::ostringstream text;
  text.exceptions(std::ios::badbit);  // a text cut off for lack of memory would be damage
  text.imbue(std::locale::classic());
  text << engine_ << ' ' << has_spare_ << ' ' << spare_bits;
  return text.str();
}

void Rng::SetState(const std::string& state) {
  Rng read;
  uint32_t spare_bits = 0;
  std::istringstream text(state);
  text.imbue(std::locale::classic());
  text >> read.engine_ >> read.has_spare_ >> spare_bits;
  if (!text) throw Error("the state of the random numbers is damaged");
  std::memcpy(&read.spare_, &spare_bits, sizeof spare_bits);
  *this = read;
}

}  // namespace demitasse
