// Blobs of demitasse.h.
#include "demitasse/blob.hpp"

#include <algorithm>
#include <vector>

#include "demitasse/picture.hpp"
#include "src/c_api/handles.hpp"
#include "src/c_api/status.hpp"
#include "src/core/text.hpp"

using demitasse::Blob;
using demitasse::Cat;
using demitasse::c_api::ArgumentError;
using demitasse::c_api::Given;
using demitasse::c_api::Try;
using demitasse::c_api::TryGet;

namespace {

// The values of an array of so many.
template <typename Value>
Value* Values(Value* values, const Blob& blob, int64_t size) {
  if (size != blob.size()) {
    throw ArgumentError(
        Cat("size is ", size, ", the blob of ", blob.shape_string(), " has ", blob.size()));
  }
  return &Given(values, "values");
}

}  // namespace

int demitasse_blob_axis_count(const demitasse_blob* blob) {
  return TryGet(__func__, -1, [&] { return Given(blob, "blob").blob->num_axes(); });
}

int demitasse_blob_shape(const demitasse_blob* blob, int axis) {
  return TryGet(__func__, -1, [&] {
    const Blob& array = *Given(blob, "blob").blob;
    if (axis < -array.num_axes() || axis >= array.num_axes()) {
      throw ArgumentError(Cat("there is no axis ", axis, " in a blob of ", array.shape_string()));
    }
    return array.shape(axis);
  });
}

int64_t demitasse_blob_size(const demitasse_blob* blob) {
  return TryGet<int64_t>(__func__, -1, [&] { return Given(blob, "blob").blob->size(); });
}

int demitasse_blob_reshape(demitasse_blob* blob, const int* shape, int axes) {
  return Try(__func__, [&] {
    if (!Given(blob, "blob").is_input) {
      throw ArgumentError("the blob is no input: the layer that writes it gives it its shape");
    }
    if (axes < 0) throw ArgumentError(Cat("axes must not be negative, got ", axes));
    if (axes == 0) return blob->blob->Reshape(std::vector<int>());
    const int* const first = &Given(shape, "shape");
    blob->blob->Reshape(std::vector<int>(first, first + axes));
  });
}

const float* demitasse_blob_data(const demitasse_blob* blob) {
  return TryGet<const float*>(__func__, nullptr,
                              [&] { return Given(blob, "blob").blob->cpu_data(); });
}

const float* demitasse_blob_diff(const demitasse_blob* blob) {
  return TryGet<const float*>(__func__, nullptr,
                              [&] { return Given(blob, "blob").blob->cpu_diff(); });
}

float* demitasse_blob_mutable_data(demitasse_blob* blob) {
  return TryGet<float*>(__func__, nullptr,
                        [&] { return Given(blob, "blob").blob->mutable_cpu_data(); });
}

float* demitasse_blob_mutable_diff(demitasse_blob* blob) {
  return TryGet<float*>(__func__, nullptr,
                        [&] { return Given(blob, "blob").blob->mutable_cpu_diff(); });
}

int demitasse_blob_set_data(demitasse_blob* blob, const float* values, int64_t size) {
  return Try(__func__, [&] {
    Blob& array = *Given(blob, "blob").blob;
    std::copy_n(Values(values, array, size), size, array.mutable_cpu_data());
  });
}

int demitasse_blob_get_data(const demitasse_blob* blob, float* values, int64_t size) {
  return Try(__func__, [&] {
    const Blob& array = *Given(blob, "blob").blob;
    std::copy_n(array.cpu_data(), size, Values(values, array, size));
  });
}

int demitasse_blob_set_diff(demitasse_blob* blob, const float* values, int64_t size) {
  return Try(__func__, [&] {
    Blob& array = *Given(blob, "blob").blob;
    std::copy_n(Values(values, array, size), size, array.mutable_cpu_diff());
  });
}

int demitasse_blob_get_diff(const demitasse_blob* blob, float* values, int64_t size) {
  return Try(__func__, [&] {
    const Blob& array = *Given(blob, "blob").blob;
    std::copy_n(array.cpu_diff(), size, Values(values, array, size));
  });
}

int demitasse_blob_load_picture(demitasse_blob* blob, int index, const char* path,
                                const float* mean, int64_t means, float scale, int rgb) {
  return Try(__func__, [&] {
    Blob& array = *Given(blob, "blob").blob;
    demitasse::PictureInput input;
    if (means < 0) throw ArgumentError(Cat("means must not be negative, got ", means));
    if (means > 0) input.mean.assign(&Given(mean, "mean"), mean + means);
    input.scale = scale;
    input.rgb = rgb != 0;
    demitasse::LoadPicture(&Given(path, "path"), input, index, &array);
  });
}
