// Arrays as .caffemodel and .binaryproto files hold them: BlobProto messages.
#ifndef DEMITASSE_SRC_IO_WEIGHT_BLOB_HPP_
#define DEMITASSE_SRC_IO_WEIGHT_BLOB_HPP_

#include "demitasse/caffe.pb.h"
#include "src/io/ndarray.hpp"
#include "weights.pb.h"

namespace demitasse {

struct WeightBlob : NdArray {
  // The shape is the old one of four axes, num x channels x height x width, which stands for any
  // shape of as many values.
  bool legacy_shape = false;
  // The file leaves the blob out, as Caffe's HDF5 files do with one that is shared with a layer
  // that holds it.
  bool absent = false;
};

// Values in double precision are rounded, gradients are left out. Throws Error, without a place, if
// a dimension is impossible or the values are not as many as the shape needs.
WeightBlob ToWeightBlob(const weights::BlobProto& proto);
WeightBlob ToWeightBlob(const caffe::BlobProto& proto);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_WEIGHT_BLOB_HPP_
