// Fields that several of the layers that read data have.
#ifndef DEMITASSE_LAYERS_COMMON_DATA_FIELDS_HPP_
#define DEMITASSE_LAYERS_COMMON_DATA_FIELDS_HPP_

#include <cstdint>
#include <string>

#include "demitasse/layer.hpp"

namespace demitasse {

// Throws LayerError if `path`, the value of `field`, is empty.
void RequirePath(const Layer& layer, const std::string& field, const std::string& path);

// The file or folder that `field` of the layer names, found as FindFile does. Throws LayerError.
std::string FindNamedFile(const Layer& layer, const std::string& field, const std::string& path);

// The error of reading a file that `field` names, at the field's place.
LayerError FileError(const Layer& layer, const std::string& field, const Error& error);

// How many batches to prepare ahead: data_param.prefetch, which counts for all layers that read
// data. Throws LayerError for 0.
int PrefetchDepth(const Layer& layer);

// How many samples to leave out at the start: from 0 to rand_skip - 1, depending on `seed` alone.
int64_t RandomSkip(uint32_t rand_skip, uint64_t seed);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_DATA_FIELDS_HPP_
