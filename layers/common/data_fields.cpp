#include "layers/common/data_fields.hpp"

#include "layers/common/count_field.hpp"
#include "src/core/text.hpp"
#include "src/io/find_file.hpp"

namespace demitasse {

void RequirePath(const Layer& layer, const std::string& field, const std::string& path) {
  if (path.empty()) {
    throw layer.Fail(field, Cat(field.substr(field.rfind('.') + 1), " is missing or empty"));
  }
}

std::string FindNamedFile(const Layer& layer, const std::string& field, const std::string& path) {
  RequirePath(layer, field, path);
  try {
    return FindFile(path, layer.Where(field).file);
  } catch (const Error& error) {
    throw layer.Fail(field, error.message(), error.kind());
  }
}

LayerError FileError(const Layer& layer, const std::string& field, const Error& error) {
  return layer.Fail(field, Cat("'", ToString(error.where()), "': ", error.message()), error.kind());
}

int PrefetchDepth(const Layer& layer) {
  return CountField(layer, "data_param.prefetch", layer.layer_param().data_param().prefetch());
}

int64_t RandomSkip(uint32_t rand_skip, uint64_t seed) {
  return rand_skip == 0 ? 0 : static_cast<int64_t>(Rng(seed).Below(rand_skip));
}

}  // namespace demitasse
