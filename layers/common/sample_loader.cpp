#include "layers/common/sample_loader.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

// Values that are worth a core of their own; small batches, such as digits, are not.
constexpr int64_t kValuesAtOnce = int64_t{1} << 20;

// (batch, channels, height, width) without its first axis.
std::vector<int> SampleShape(const Batch& batch) {
  return {batch.shape.begin() + 1, batch.shape.end()};
}

}  // namespace

uint64_t SeedFor(uint64_t seed, int64_t index) {
  uint64_t mixed = seed + (static_cast<uint64_t>(index) + 1) * 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return mixed ^ (mixed >> 31);
}

void ForEachSample(int count, int64_t values, const std::function<void(int index)>& work) {
  const int64_t grain = std::max<int64_t>(1, kValuesAtOnce / std::max<int64_t>(1, values));
  std::vector<std::exception_ptr> errors(static_cast<size_t>(count));
  const std::shared_ptr<MemoryBudget> budget = MemoryBudget::Current();
  ParallelFor(count, grain, [&](int64_t begin, int64_t end) {
    const MemoryBudget::Scope memory(budget);
    for (int64_t i = begin; i < end; ++i) {
      try {
        work(static_cast<int>(i));
      } catch (...) {
        errors[static_cast<size_t>(i)] = std::current_exception();
      }
    }
  });
  for (const std::exception_ptr& error : errors) {
    if (error != nullptr) std::rethrow_exception(error);
  }
}

SampleLoader::SampleLoader(const Layer& layer, std::string field, int batch_size, uint64_t seed)
    : layer_(layer),
      field_(std::move(field)),
      batch_size_(batch_size),
      seed_(seed),
      transformer_(layer) {}

template <typename Work>
void SampleLoader::Named(const Samples& samples, int index, const Work& work) const {
  try {
    work();
  } catch (const LayerError& error) {
    throw LayerError(error.where(), Cat(error.message(), " (", samples.name(index), ")"),
                     error.kind());
  } catch (const Error& error) {
    throw layer_.Fail(field_, Cat(samples.name(index), ": ", error.message()), error.kind());
  }
}

std::vector<int> SampleLoader::BatchShape(const Samples& samples) const {
  std::vector<int> shape;
  Named(samples, 0, [&] { shape = transformer_.OutputShape(samples.read(0)); });
  shape.insert(shape.begin(), batch_size_);
  return shape;
}

void SampleLoader::Load(const Samples& samples, int64_t number, Batch* batch) const {
  const uint64_t seed = SeedFor(seed_, number);
  batch->shape.clear();
  LoadOne(samples, 0, seed, batch);
  ForEachSample(batch_size_ - 1, ShapeSize(SampleShape(*batch)),
                [&](int index) { LoadOne(samples, index + 1, seed, batch); });
}

// The first sample gives the batch its shape.
void SampleLoader::LoadOne(const Samples& samples, int index, uint64_t seed, Batch* batch) const {
  Named(samples, index, [&] {
    const PixelArray sample = samples.read(index);
    const std::vector<int> shape = transformer_.OutputShape(sample);
    if (index == 0) {
      batch->Reshape({batch_size_, shape[0], shape[1], shape[2]});
    } else if (shape != SampleShape(*batch)) {
      throw Error(Cat("its shape is ", ShapeString(shape), ", that of the batch's first one ",
                      ShapeString(SampleShape(*batch)),
                      "; cut or resize all to one size, or use batch_size: 1"));
    }
    transformer_.Transform(sample, SeedFor(seed, index),
                           batch->data.data() + index * ShapeSize(shape));
  });
}

}  // namespace demitasse
