#include "demitasse/random.hpp"

#include "caffe/common.hpp"
#include "caffe/util/rng.hpp"
#include "demitasse/layer.hpp"

namespace caffe {
namespace compat {
namespace {

struct ThreadRandom {
  std::optional<uint64_t> seed;
  demitasse::Rng rng{1};
};

ThreadRandom& OfThisThread() {
  thread_local ThreadRandom random;
  return random;
}

}  // namespace

demitasse::Rng* CurrentRng() {
  demitasse::Layer* const layer = demitasse::Layer::Running();
  return layer != nullptr ? layer->rng() : &OfThisThread().rng;
}

void SeedThread(uint64_t seed) { OfThisThread() = {seed, demitasse::Rng(seed)}; }

std::optional<uint64_t> ThreadSeed() { return OfThisThread().seed; }

}  // namespace compat

Caffe& Caffe::Get() {
  static Caffe caffe;
  return caffe;
}

Caffe::RNG::RNG() : generator_(std::make_shared<rng_t>()) {}
Caffe::RNG::RNG(unsigned int seed) : generator_(std::make_shared<rng_t>(seed)) {}
void* Caffe::RNG::generator() { return generator_.get(); }

Caffe::RNG& Caffe::rng_stream() {
  thread_local RNG stream;
  return stream;
}

}  // namespace caffe
