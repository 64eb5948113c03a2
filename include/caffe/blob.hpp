// Blob<float> is demitasse::Blob. Blobs of other types, such as the int that a pooling layer notes
// its maxima in, are plain arrays with the same functions.
#ifndef DEMITASSE_CAFFE_BLOB_HPP_
#define DEMITASSE_CAFFE_BLOB_HPP_

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "caffe/common.hpp"
#include "caffe/syncedmem.hpp"
#include "caffe/util/math_functions.hpp"
#include "demitasse/blob.hpp"

namespace caffe {

using demitasse::kMaxBlobAxes;

namespace compat {

// Two arrays of T in the shape of a blob.
template <typename T>
class TypedBlob : private demitasse::Blob {
 public:
  TypedBlob() = default;
  explicit TypedBlob(const std::vector<int>& shape) { Reshape(shape); }
  TypedBlob(int num, int channels, int height, int width) { Reshape(num, channels, height, width); }

  using demitasse::Blob::CanonicalAxisIndex;
  using demitasse::Blob::channels;
  using demitasse::Blob::count;
  using demitasse::Blob::height;
  using demitasse::Blob::LegacyShape;
  using demitasse::Blob::num;
  using demitasse::Blob::num_axes;
  using demitasse::Blob::offset;
  using demitasse::Blob::shape;
  using demitasse::Blob::shape_string;
  using demitasse::Blob::width;

  void Reshape(const std::vector<int>& shape) {
    demitasse::Blob::Reshape(shape);
    const size_t needed = static_cast<size_t>(size());
    if (data_->size() < needed) data_ = std::make_shared<std::vector<T>>(needed);
    if (diff_->size() < needed) diff_ = std::make_shared<std::vector<T>>(needed);
  }
  void Reshape(int num, int channels, int height, int width) {
    Reshape(std::vector<int>{num, channels, height, width});
  }
  template <typename Other>
  void ReshapeLike(const Other& other) {
    Reshape(other.shape());
  }

  const T* cpu_data() const { return data_->data(); }
  T* mutable_cpu_data() { return data_->data(); }
  const T* cpu_diff() const { return diff_->data(); }
  T* mutable_cpu_diff() { return diff_->data(); }

  T data_at(int n, int c, int h, int w) const { return cpu_data()[offset(n, c, h, w)]; }
  T diff_at(int n, int c, int h, int w) const { return cpu_diff()[offset(n, c, h, w)]; }
  T data_at(const std::vector<int>& index) const { return cpu_data()[offset(index)]; }
  T diff_at(const std::vector<int>& index) const { return cpu_diff()[offset(index)]; }

  void ShareData(const TypedBlob& other) {
    CHECK_EQ(size(), other.size());
    data_ = other.data_;
  }
  void ShareDiff(const TypedBlob& other) {
    CHECK_EQ(size(), other.size());
    diff_ = other.diff_;
  }
  void CopyFrom(const TypedBlob& source, bool copy_diff = false, bool reshape = false) {
    if (reshape) ReshapeLike(source);
    CHECK_EQ(shape_string(), source.shape_string());
    const std::vector<T>& from = copy_diff ? *source.diff_ : *source.data_;
    std::copy_n(from.begin(), size(), copy_diff ? diff_->begin() : data_->begin());
  }

 private:
  // May be longer than the shape needs.
  std::shared_ptr<std::vector<T>> data_ = std::make_shared<std::vector<T>>();
  std::shared_ptr<std::vector<T>> diff_ = std::make_shared<std::vector<T>>();
};

template <typename T>
struct BlobOf {
  using type = TypedBlob<T>;
};
template <>
struct BlobOf<float> {
  using type = demitasse::Blob;
};

}  // namespace compat

template <typename Dtype>
using Blob = typename compat::BlobOf<Dtype>::type;

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_BLOB_HPP_
