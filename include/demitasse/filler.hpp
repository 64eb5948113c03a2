// Initial values of parameters, as a prototxt's FillerParameter describes them. Several threads may
// fill different blobs at once, each with an Rng of its own.
#ifndef DEMITASSE_FILLER_HPP_
#define DEMITASSE_FILLER_HPP_

#include <string>

#include "demitasse/blob.hpp"
#include "demitasse/caffe.pb.h"
#include "demitasse/error.hpp"
#include "demitasse/export.hpp"
#include "demitasse/random.hpp"

namespace demitasse {

// An error about one field of a filler: "type", "std".
class DEMITASSE_API FillerError : public Error {
 public:
  // `field` without "weight_filler." or what else the filler is called.
  FillerError(const std::string& field, const std::string& message)
      : Error(message), field_(field) {}

  const std::string& field() const { return field_; }  // the one that is wrong

 private:
  std::string field_;
};

// Fills the blob's data. With n the fan that variance_norm chooses (FAN_IN: elements per index of
// axis 0; FAN_OUT: elements per index of axis 1; AVERAGE: their mean), `type` is one of
//   constant           value
//   uniform            uniform in [min, max]
//   gaussian           normal with mean and std; with sparse = s >= 0, each value is kept with
//                      probability s / (size of axis 0) and else 0: on average each input keeps its
//                      weights to s outputs
//   positive_unitball  uniform in [0, 1], then each index of axis 0 scaled to the sum 1
//   xavier             uniform in [-sqrt(3 / n), sqrt(3 / n)]; Glorot and Bengio (2010)
//   msra               normal with std sqrt(2 / n); He, Zhang, Ren, Sun (2015)
//   bilinear           the weights of bilinear upsampling, for 4 axes and square kernels
// Throws FillerError as CheckFiller does.
DEMITASSE_API void Fill(const caffe::FillerParameter& param, Rng* rng, Blob* blob);

// Throws FillerError for an unknown type (naming the near ones), and for values that make no sense
// or do not suit a blob of that shape.
DEMITASSE_API void CheckFiller(const caffe::FillerParameter& param, const Blob& blob);

}  // namespace demitasse

#endif  // DEMITASSE_FILLER_HPP_
