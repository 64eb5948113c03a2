// Random numbers of the net that runs, as a generator in the standard library's sense.
#ifndef DEMITASSE_CAFFE_UTIL_RNG_HPP_
#define DEMITASSE_CAFFE_UTIL_RNG_HPP_

#include <algorithm>
#include <iterator>
#include <limits>
#include <memory>

#include "caffe/common.hpp"
#include "demitasse/random.hpp"

namespace caffe {

class rng_t {
 public:
  using result_type = unsigned int;

  // The net's, see compat::CurrentRng.
  rng_t() = default;
  explicit rng_t(unsigned int seed) { this->seed(seed); }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  result_type operator()() {
    demitasse::Rng* const rng = own_ != nullptr ? own_.get() : compat::CurrentRng();
    return static_cast<result_type>(rng->Next() >> 32);
  }
  void seed(unsigned int seed) { own_ = std::make_shared<demitasse::Rng>(seed); }

 private:
  std::shared_ptr<demitasse::Rng> own_;
};

inline rng_t* caffe_rng() { return static_cast<rng_t*>(Caffe::rng_stream().generator()); }

// Fisher and Yates's shuffle.
template <class RandomAccessIterator, class RandomGenerator>
inline void shuffle(RandomAccessIterator begin, RandomAccessIterator end, RandomGenerator* gen) {
  for (auto length = std::distance(begin, end); length > 1; --length) {
    const auto chosen = static_cast<decltype(length)>(
        (*gen)() % static_cast<typename RandomGenerator::result_type>(length));
    std::iter_swap(begin + (length - 1), begin + chosen);
  }
}

template <class RandomAccessIterator>
inline void shuffle(RandomAccessIterator begin, RandomAccessIterator end) {
  shuffle(begin, end, caffe_rng());
}

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_UTIL_RNG_HPP_
