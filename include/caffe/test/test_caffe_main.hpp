// What the unit tests of layers written for Caffe are made of: fixtures by type and device, of
// which there is one, float on the CPU.
#ifndef DEMITASSE_CAFFE_TEST_TEST_CAFFE_MAIN_HPP_
#define DEMITASSE_CAFFE_TEST_TEST_CAFFE_MAIN_HPP_

#include <gtest/gtest.h>

#include "caffe/common.hpp"

namespace caffe {

template <typename TypeParam>
class MultiDeviceTest : public ::testing::Test {
 public:
  typedef typename TypeParam::Dtype Dtype;
};

template <typename TypeParam>
struct CPUDevice {
  typedef TypeParam Dtype;
  static const Caffe::Brew device = Caffe::CPU;
};

template <typename Dtype>
class CPUDeviceTest : public MultiDeviceTest<CPUDevice<Dtype>> {};

typedef ::testing::Types<float> TestDtypes;
typedef ::testing::Types<CPUDevice<float>> TestDtypesAndDevices;

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_TEST_TEST_CAFFE_MAIN_HPP_
