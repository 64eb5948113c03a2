// Blob: an N-dimensional float array and its gradient ("diff"), in row-major order to anyone who
// asks. A batch of pictures is (N, C, H, W).
//
// The names are those Caffe programmers know. Memory is taken on first access. Data and gradient
// can be shared between blobs. A blob is not locked: one thread at a time may change it; several
// may read it once its memory has been taken.
#ifndef DEMITASSE_BLOB_HPP_
#define DEMITASSE_BLOB_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "demitasse/buffer.hpp"
#include "demitasse/export.hpp"

namespace caffe {
class BlobProto;
class BlobShape;
}  // namespace caffe

namespace demitasse {

// As in Caffe.
constexpr int kMaxBlobAxes = 32;

// The dimensions and the number of elements as Caffe prints them: "2 3 4 (24)".
DEMITASSE_API std::string ShapeString(const std::vector<int>& shape);

// The number of elements; 1 for no axes. Throws Error for a negative dimension, for more than
// kMaxBlobAxes axes, and if the dimensions that are not 0 make more bytes than fit 64 bits.
DEMITASSE_API int64_t ShapeSize(const std::vector<int>& shape);

class DEMITASSE_API Blob {
 public:
  // Empty, until it is given a shape.
  Blob() : Blob(std::vector<int>{0}) { has_shape_ = false; }
  // Of that shape; of (num, channels, height, width). Throw Error as ShapeSize does.
  explicit Blob(const std::vector<int>& shape) { Reshape(shape); }
  Blob(int num, int channels, int height, int width)
      : Blob(std::vector<int>{num, channels, height, width}) {}
  Blob(const Blob&) = delete;
  Blob& operator=(const Blob&) = delete;

  // Changes the shape. The memory is kept if the new shape fits into it, and with it the leading
  // elements; otherwise new memory, all 0, is taken when it is first used.
  void Reshape(const std::vector<int>& shape);
  void Reshape(int num, int channels, int height, int width);
  // For caffe::BlobShape. (A template, so that it does not count where braces are given.)
  template <typename Shape>
  std::enable_if_t<std::is_same_v<Shape, caffe::BlobShape>> Reshape(const Shape& shape) {
    ReshapeAs(shape);
  }
  void ReshapeLike(const Blob& other) { Reshape(other.shape()); }

  // Whether it was given a shape. In a net built for its shapes alone a blob without one is a top
  // whose shape is unknown.
  bool has_shape() const { return has_shape_; }
  const std::vector<int>& shape() const { return shape_; }
  // A negative index counts from the last axis.
  int shape(int axis) const { return shape_[CanonicalAxisIndex(axis)]; }
  int num_axes() const { return static_cast<int>(shape_.size()); }
  std::string shape_string() const { return ShapeString(shape_); }

  // Elements in the whole array.
  int64_t size() const { return size_; }
  // Elements in the axes [start, end).
  int64_t size(int start_axis, int end_axis) const;
  // The same as int, as Caffe has it; throws Error if there are more than INT_MAX elements.
  int count() const;
  int count(int start_axis) const { return count(start_axis, num_axes()); }
  int count(int start_axis, int end_axis) const;

  // `axis` in [-num_axes, num_axes) as an index from the front; throws Error if it is outside.
  int CanonicalAxisIndex(int axis) const;

  // The four axes of old; those a blob does not have count as 1. A negative index counts from the
  // last. Throw Error for a blob of more than four axes.
  int num() const { return LegacyShape(0); }
  int channels() const { return LegacyShape(1); }
  int height() const { return LegacyShape(2); }
  int width() const { return LegacyShape(3); }
  int LegacyShape(int index) const;

  // The index of an element in the row-major array.
  int64_t offset(int n, int c = 0, int h = 0, int w = 0) const;
  int64_t offset(const std::vector<int>& indices) const;
  float data_at(int n, int c, int h, int w) const { return cpu_data()[offset(n, c, h, w)]; }
  float diff_at(int n, int c, int h, int w) const { return cpu_diff()[offset(n, c, h, w)]; }
  float data_at(const std::vector<int>& indices) const { return cpu_data()[offset(indices)]; }
  float diff_at(const std::vector<int>& indices) const { return cpu_diff()[offset(indices)]; }

  // The elements in row-major order, to be read or to be written to; memory is taken on the first
  // call. A pointer is valid until the blob is reshaped or a net computes with it. Throw Error if
  // there is no memory, or if an optimized net has used it for another blob.
  const float* cpu_data() const { return data_->plain(); }
  float* mutable_cpu_data() { return data_->mutable_plain(); }
  const float* cpu_diff() const { return diff_->plain(); }
  float* mutable_cpu_diff() { return diff_->mutable_plain(); }

  // What engines compute with, in whatever layout it is.
  const std::shared_ptr<Buffer>& data() const { return data_; }
  const std::shared_ptr<Buffer>& diff() const { return diff_; }

  // From now on this blob's data (gradient) is the other's, which must have as many elements.
  void ShareData(const Blob& other);
  void ShareDiff(const Blob& other);

  // From now on this blob's data is in `memory`, which must hold as many elements or more.
  void UseMemory(std::shared_ptr<Buffer> memory);

  // From now on this blob's data is the caller's array of size() elements, which has to outlive the
  // blob's use of it.
  void set_cpu_data(float* data);

  // Copies the other's data, or its gradient. The shapes must be equal, or `reshape` be true.
  void CopyFrom(const Blob& source, bool copy_diff = false, bool reshape = false);

  // Copies the values that a file holds: data, and gradient if it is there. They must be as many as
  // the shape says. The blob takes that shape, or, if `reshape` is false, must have it already;
  // then one of the old 4-axis form may differ by axes of length 1. Throws Error naming both
  // shapes.
  void FromProto(const caffe::BlobProto& proto, bool reshape = true);
  // Writes shape and data, and the gradient if asked to.
  void ToProto(caffe::BlobProto* proto, bool write_diff = false) const;
  // Whether FromProto(proto, false) would take the shape.
  bool ShapeEquals(const caffe::BlobProto& proto) const;

  // data -= diff: the last step of a solver's update.
  void Update();

  // Sums of the absolute values and of the squares.
  float asum_data() const;
  float asum_diff() const;
  float sumsq_data() const;
  float sumsq_diff() const;
  void scale_data(float factor);
  void scale_diff(float factor);

 private:
  void ReshapeAs(const caffe::BlobShape& shape);

  std::vector<int> shape_;
  int64_t size_ = 0;
  bool has_shape_ = false;
  std::shared_ptr<Buffer> data_;
  std::shared_ptr<Buffer> diff_;
};

}  // namespace demitasse

#endif  // DEMITASSE_BLOB_HPP_
