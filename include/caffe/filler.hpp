// Fillers: initial values of parameters. They are those of demitasse/filler.hpp.
#ifndef DEMITASSE_CAFFE_FILLER_HPP_
#define DEMITASSE_CAFFE_FILLER_HPP_

#include "caffe/blob.hpp"
#include "caffe/common.hpp"
#include "demitasse/caffe.pb.h"
#include "demitasse/export.hpp"

namespace caffe {

namespace compat {

// Fills the blob as `param` says, with random numbers from CurrentRng(). In a net that is built for
// its shapes alone only what `param` says is checked.
DEMITASSE_API void Fill(const FillerParameter& param, demitasse::Blob* blob);

}  // namespace compat

// The base of fillers.
template <typename Dtype>
class Filler {
 public:
  explicit Filler(const FillerParameter& param) : filler_param_(param) {}
  virtual ~Filler() = default;
  virtual void Fill(Blob<Dtype>* blob) = 0;

 protected:
  FillerParameter filler_param_;
};

namespace compat {

// The filler that `param` names.
template <typename Dtype>
class NamedFiller : public Filler<Dtype> {
 public:
  using Filler<Dtype>::Filler;
  void Fill(Blob<Dtype>* blob) override { compat::Fill(this->filler_param_, blob); }
};

}  // namespace compat

#define DEMITASSE_CAFFE_FILLER(Class, name)                                            \
  template <typename Dtype>                                                            \
  class Class : public compat::NamedFiller<Dtype> {                                    \
   public:                                                                             \
    explicit Class(const FillerParameter& param) : compat::NamedFiller<Dtype>(param) { \
      this->filler_param_.set_type(name);                                              \
    }                                                                                  \
  }
DEMITASSE_CAFFE_FILLER(ConstantFiller, "constant");
DEMITASSE_CAFFE_FILLER(UniformFiller, "uniform");
DEMITASSE_CAFFE_FILLER(GaussianFiller, "gaussian");
DEMITASSE_CAFFE_FILLER(PositiveUnitballFiller, "positive_unitball");
DEMITASSE_CAFFE_FILLER(XavierFiller, "xavier");
DEMITASSE_CAFFE_FILLER(MSRAFiller, "msra");
DEMITASSE_CAFFE_FILLER(BilinearFiller, "bilinear");
#undef DEMITASSE_CAFFE_FILLER

// A new filler of the type that `param` names; the caller owns it.
template <typename Dtype>
Filler<Dtype>* GetFiller(const FillerParameter& param) {
  return new compat::NamedFiller<Dtype>(param);
}

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_FILLER_HPP_
