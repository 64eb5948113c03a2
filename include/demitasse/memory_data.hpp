// Feeding a net's MemoryData layer from arrays in memory:
//
//   SetMemoryData(net.layer_by_name("data").get(), images.data(), labels.data(), 640);
//
// It is for the thread that uses the net.
#ifndef DEMITASSE_MEMORY_DATA_HPP_
#define DEMITASSE_MEMORY_DATA_HPP_

#include <cstdint>

#include "demitasse/export.hpp"
#include "demitasse/layer.hpp"

namespace demitasse {

// From now on `layer`, one of type MemoryData, gives these samples, batch_size of them with every
// Forward, beginning anew behind the last. `data` has the shape (samples, channels, height, width),
// `labels` one value for each sample; both are the caller's and are read by every Forward. Throws
// Error if there is no layer, it is of another type, an array is null, or `samples` is not a
// multiple of batch_size, at least 1 of it.
DEMITASSE_API void SetMemoryData(Layer* layer, const float* data, const float* labels,
                                 int64_t samples);

}  // namespace demitasse

#endif  // DEMITASSE_MEMORY_DATA_HPP_
