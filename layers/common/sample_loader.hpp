// Batches made of samples that are read one by one, from a database or from pictures in files.
#ifndef DEMITASSE_LAYERS_COMMON_SAMPLE_LOADER_HPP_
#define DEMITASSE_LAYERS_COMMON_SAMPLE_LOADER_HPP_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "demitasse/layer.hpp"
#include "layers/common/data_transformer.hpp"
#include "layers/common/prefetcher.hpp"
#include "src/io/pixel_array.hpp"

namespace demitasse {

// A seed for the part `index` of what `seed` is for, so that each part (an epoch, a batch, a
// sample) has random numbers of its own, whatever was drawn before. Steele, Lea, Flood (2014),
// "Fast splittable pseudorandom number generators".
uint64_t SeedFor(uint64_t seed, int64_t index);

// Calls work(0) to work(count - 1), in parallel unless all of them have only a few values, `values`
// each; then throws the error of the first that had one.
void ForEachSample(int count, int64_t values, const std::function<void(int index)>& work);

// The samples 0, 1, ... of a batch. Both functions may be called by several threads at once.
struct Samples {
  std::function<PixelArray(int index)> read;
  // What errors call the sample: "record '00000012' of 'train_lmdb'".
  std::function<std::string(int index)> name;
};

class SampleLoader {
 public:
  // Reads transform_param of `layer`, which must outlive the object. `field` is the one that says
  // where the samples are; errors of reading them are at its place. Throws LayerError.
  SampleLoader(const Layer& layer, std::string field, int batch_size, uint64_t seed);

  const DataTransformer& transformer() const { return transformer_; }

  // The shape of a batch of samples like the first. Errors of a sample, here and in Load, become
  // LayerErrors that name it.
  std::vector<int> BatchShape(const Samples& samples) const;

  // Reads and transforms the samples of batch `number` to the batch's shape and data, in parallel.
  // Throws LayerError also if they do not get one shape.
  void Load(const Samples& samples, int64_t number, Batch* batch) const;

 private:
  // Calls `work`; its errors name the sample.
  template <typename Work>
  void Named(const Samples& samples, int index, const Work& work) const;
  void LoadOne(const Samples& samples, int index, uint64_t seed, Batch* batch) const;

  const Layer& layer_;
  const std::string field_;
  const int batch_size_;
  const uint64_t seed_;
  const DataTransformer transformer_;
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_SAMPLE_LOADER_HPP_
