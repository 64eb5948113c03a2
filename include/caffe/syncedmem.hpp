// SyncedMemory: bytes that some layers keep outside of blobs.
#ifndef DEMITASSE_CAFFE_SYNCEDMEM_HPP_
#define DEMITASSE_CAFFE_SYNCEDMEM_HPP_

#include <cstddef>
#include <vector>

#include "caffe/common.hpp"

namespace caffe {

// All 0 at first.
class SyncedMemory {
 public:
  enum SyncedHead { UNINITIALIZED, HEAD_AT_CPU, HEAD_AT_GPU, SYNCED };

  explicit SyncedMemory(size_t size = 0) : size_(size) {}
  SyncedMemory(const SyncedMemory&) = delete;
  SyncedMemory& operator=(const SyncedMemory&) = delete;

  const void* cpu_data() { return mutable_cpu_data(); }
  void* mutable_cpu_data() {
    if (data_ == nullptr) {
      own_.resize(size_ / sizeof(std::max_align_t) + 1);
      data_ = own_.data();
    }
    return data_;
  }
  // From now on it is the caller's memory.
  void set_cpu_data(void* data) {
    CHECK(data);
    data_ = data;
    own_.clear();
  }
  SyncedHead head() const { return data_ == nullptr ? UNINITIALIZED : HEAD_AT_CPU; }
  size_t size() const { return size_; }

 private:
  const size_t size_;
  void* data_ = nullptr;
  std::vector<std::max_align_t> own_;
};

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_SYNCEDMEM_HPP_
