// The functions on arrays under include/caffe.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "caffe/blob.hpp"
#include "caffe/filler.hpp"
#include "caffe/util/im2col.hpp"
#include "caffe/util/math_functions.hpp"
#include "caffe/util/rng.hpp"
#include "demitasse/error.hpp"

namespace caffe {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

TEST(MathFunctions, MultiplyMatrices) {
  const float a[] = {1, 2, 3, 4, 5, 6};  // 2 x 3, or transposed 3 x 2
  const float b[] = {1, 0, 2, 1, 0, 1};  // 3 x 2
  vector<float> c = {1, 1, 1, 1};
  caffe_cpu_gemm<float>(CblasNoTrans, CblasNoTrans, 2, 2, 3, 1, a, b, 2, c.data());
  EXPECT_THAT(c, ElementsAre(7, 7, 16, 13));
  caffe_cpu_gemm(CblasNoTrans, CblasTrans, 2, 2, 3, 1.f, a, a, 0.f, c.data());
  EXPECT_THAT(c, ElementsAre(14, 32, 32, 77));
  const double d[] = {1, 2, 3, 4};
  vector<double> e(4, NAN);
  caffe_cpu_gemm(CblasTrans, CblasNoTrans, 2, 2, 2, 1., d, d, 0., e.data());
  EXPECT_THAT(e, ElementsAre(10, 14, 14, 20));
}

TEST(MathFunctions, MultiplyMatricesByVectors) {
  const float a[] = {1, 2, 3, 4, 5, 6};  // 2 x 3
  const float x[] = {1, 2, 3};
  vector<float> y(3, NAN);
  caffe_cpu_gemv<float>(CblasNoTrans, 2, 3, 1, a, x, 0, y.data());
  EXPECT_THAT(vector<float>(y.begin(), y.begin() + 2), ElementsAre(14, 32));
  caffe_cpu_gemv<float>(CblasTrans, 2, 3, 2, a, x, 0, y.data());
  EXPECT_THAT(y, ElementsAre(18, 24, 30));
}

TEST(MathFunctions, GoThroughArrays) {
  const float x[] = {1, -2, 4};
  vector<float> y(3);
  caffe_set(3, 1.f, y.data());
  caffe_axpy(3, 2.f, x, y.data());
  EXPECT_THAT(y, ElementsAre(3, -3, 9));
  caffe_cpu_axpby(3, 1.f, x, -1.f, y.data());
  EXPECT_THAT(y, ElementsAre(-2, 1, -5));
  caffe_scal(3, 2.f, y.data());
  caffe_add_scalar(3, 1.f, y.data());
  EXPECT_THAT(y, ElementsAre(-3, 3, -9));
  caffe_mul(3, x, y.data(), y.data());
  EXPECT_THAT(y, ElementsAre(-3, -6, -36));
  caffe_copy(3, y.data(), y.data());
  caffe_abs(3, y.data(), y.data());
  EXPECT_THAT(y, ElementsAre(3, 6, 36));
  caffe_powx(3, x, 2.f, y.data());
  EXPECT_THAT(y, ElementsAre(1, 4, 16));
  caffe_sqrt(3, y.data(), y.data());
  EXPECT_THAT(y, ElementsAre(1, 2, 4));
  caffe_cpu_sign(3, x, y.data());
  EXPECT_THAT(y, ElementsAre(1, -1, 1));
  caffe_cpu_sgnbit(3, x, y.data());
  EXPECT_THAT(y, ElementsAre(0, 1, 0));
  vector<int> whole(2);
  caffe_set(2, -1, whole.data());
  EXPECT_THAT(whole, ElementsAre(-1, -1));
}

TEST(MathFunctions, SumUp) {
  vector<float> x(1001);
  for (size_t i = 0; i < x.size(); ++i) x[i] = i % 2 == 0 ? 1.f : -1.f;
  EXPECT_EQ(1001, caffe_cpu_dot(1001, x.data(), x.data()));
  EXPECT_EQ(1001, caffe_cpu_asum(1001, x.data()));
  EXPECT_EQ(-3, caffe_cpu_strided_dot(3, x.data(), 2, x.data() + 1, 2));
}

TEST(RandomNumbers, AreThoseOfTheSeed) {
  vector<float> a(100);
  vector<float> b(100);
  Caffe::set_random_seed(5);
  caffe_rng_gaussian(100, 0.f, 1.f, a.data());
  Caffe::set_random_seed(5);
  caffe_rng_gaussian(100, 0.f, 1.f, b.data());
  EXPECT_EQ(a, b);
  caffe_rng_uniform<float>(100, 2, 3, a.data());
  EXPECT_LE(2, *std::min_element(a.begin(), a.end()));
  EXPECT_GE(3, *std::max_element(a.begin(), a.end()));
  vector<unsigned int> coins(1000);
  caffe_rng_bernoulli(1000, 0.3, coins.data());
  EXPECT_NEAR(300, std::count(coins.begin(), coins.end(), 1u), 60);
  EXPECT_THROW(caffe_rng_bernoulli(1000, 1.5, coins.data()), demitasse::Error);
}

TEST(RandomNumbers, Shuffle) {
  vector<int> cards = {1, 2, 3, 4, 5};
  shuffle(cards.begin(), cards.end());
  EXPECT_THAT(cards, UnorderedElementsAre(1, 2, 3, 4, 5));
  rng_t own(3);
  rng_t same(3);
  EXPECT_EQ(own(), same());
}

TEST(Im2col, GoesThereAndBack) {
  const float image[] = {1, 2, 3, 4};  // 1 x 2 x 2
  vector<float> columns(16);
  im2col_cpu(image, 1, 2, 2, 2, 2, 1, 1, 2, 2, 1, 1, columns.data());
  EXPECT_THAT(columns, ElementsAre(0, 0, 0, 4, 0, 0, 3, 0, 0, 2, 0, 0, 1, 0, 0, 0));
  vector<float> sums(4, 100);
  col2im_cpu(columns.data(), 1, 2, 2, 2, 2, 1, 1, 2, 2, sums.data());
  EXPECT_THAT(sums, ElementsAre(1, 2, 3, 4));
}

TEST(Im2col, TakesOneAxis) {
  const float line[] = {1, 2, 3, 4};
  const int im_shape[] = {1, 4};
  const int col_shape[] = {2, 2};
  const int kernel[] = {2};
  const int pad[] = {0};
  const int stride[] = {1};
  const int dilation[] = {2};
  vector<float> columns(4);
  im2col_nd_cpu(line, 1, im_shape, col_shape, kernel, pad, stride, dilation, columns.data());
  EXPECT_THAT(columns, ElementsAre(1, 2, 3, 4));
  vector<float> sums(4);
  col2im_nd_cpu(columns.data(), 1, im_shape, col_shape, kernel, pad, stride, dilation, sums.data());
  EXPECT_THAT(sums, ElementsAre(1, 2, 3, 4));
}

TEST(BlobOfInt, HoldsTypedValuesInABlobsShape) {
  Blob<int> blob(2, 3, 1, 1);
  EXPECT_EQ(6, blob.count());
  EXPECT_EQ("2 3 1 1 (6)", blob.shape_string());
  blob.mutable_cpu_data()[blob.offset(1, 2)] = 1 << 30;
  EXPECT_EQ(1 << 30, blob.data_at(1, 2, 0, 0));
  Blob<int> other;
  other.CopyFrom(blob, false, true);
  EXPECT_EQ(1 << 30, other.cpu_data()[5]);
  Blob<float> real(vector<int>{4});
  other.ReshapeLike(real);
  EXPECT_THAT(other.shape(), ElementsAre(4));
}

TEST(Filler, FillsAsItsTypeSays) {
  FillerParameter param;
  param.set_value(2);
  Blob<float> blob(vector<int>{2});
  ConstantFiller<float>(param).Fill(&blob);
  EXPECT_EQ(2, blob.cpu_data()[1]);
  param.set_type("uniform");
  param.set_min(3);
  param.set_max(4);
  shared_ptr<Filler<float>> filler(GetFiller<float>(param));
  filler->Fill(&blob);
  EXPECT_LE(3, blob.cpu_data()[1]);
  param.set_type("unifrom");
  filler.reset(GetFiller<float>(param));
  EXPECT_THROW(filler->Fill(&blob), demitasse::Error);
}

}  // namespace
}  // namespace caffe
