// What code written for Caffe says about GPUs. There is none here.
#ifndef DEMITASSE_CAFFE_UTIL_DEVICE_ALTERNATE_HPP_
#define DEMITASSE_CAFFE_UTIL_DEVICE_ALTERNATE_HPP_

#include <vector>

#include "caffe/util/check.hpp"

#ifndef CPU_ONLY
#define CPU_ONLY
#endif

#define NO_GPU LOG(FATAL) << "Demitasse computes on the CPU only"

// Definitions of the functions that a layer declares and its .cu file would define.
#define STUB_GPU(classname)            \
  STUB_GPU_FORWARD(classname, Forward) \
  STUB_GPU_BACKWARD(classname, Backward)

#define STUB_GPU_FORWARD(classname, funcname)                                        \
  template <typename Dtype>                                                          \
  void classname<Dtype>::funcname##_gpu(const std::vector<Blob<Dtype>*>& /*bottom*/, \
                                        const std::vector<Blob<Dtype>*>& /*top*/) {  \
    NO_GPU;                                                                          \
  }

#define STUB_GPU_BACKWARD(classname, funcname)                                         \
  template <typename Dtype>                                                            \
  void classname<Dtype>::funcname##_gpu(const std::vector<Blob<Dtype>*>& /*top*/,      \
                                        const std::vector<bool>& /*propagate_down*/,   \
                                        const std::vector<Blob<Dtype>*>& /*bottom*/) { \
    NO_GPU;                                                                            \
  }

#endif  // DEMITASSE_CAFFE_UTIL_DEVICE_ALTERNATE_HPP_
