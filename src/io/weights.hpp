// The parameters of a net's layers in .caffemodel files.
#ifndef DEMITASSE_SRC_IO_WEIGHTS_HPP_
#define DEMITASSE_SRC_IO_WEIGHTS_HPP_

#include <string>
#include <vector>

#include "demitasse/caffe.pb.h"
#include "src/io/weight_blob.hpp"

namespace demitasse {

struct LayerWeights {
  std::string name;
  std::string type;               // in the words of the file: "Convolution", "CONVOLUTION", "conv"
  std::vector<WeightBlob> blobs;  // as the layer orders them, weights before biases
};

struct WeightFile {
  std::string path;
  std::string net_name;
  std::vector<LayerWeights> layers;  // in the order of the file, those without blobs among them
};

// Reads a .caffemodel, in today's form or in those of 2014 (V1) and 2013 (V0), or weights in HDF5
// form (hdf5_weights.hpp), whatever the file's name. Values stored in double precision are rounded,
// gradients are left out. Memory is taken for the values once, and for one layer of the file at a
// time. Throws Error if the file is missing, truncated, damaged or of another kind, if a blob has
// not the values its shape needs, or if there are no blobs at all.
WeightFile ReadCaffemodel(const std::string& path);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_WEIGHTS_HPP_
