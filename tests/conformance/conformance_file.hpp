// Caffe's own answers: nets with their inputs, weights, outputs and gradients, in one HDF5 file
// (tests/conformance/README.md).
#ifndef DEMITASSE_TESTS_CONFORMANCE_CONFORMANCE_FILE_HPP_
#define DEMITASSE_TESTS_CONFORMANCE_CONFORMANCE_FILE_HPP_

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace demitasse {

struct ConformanceArray {
  std::vector<int> shape;
  std::vector<float> values;
};

struct ConformanceCase {
  using Blobs = std::map<std::string, ConformanceArray>;                       // by blob name
  using Parameters = std::map<std::pair<std::string, int>, ConformanceArray>;  // by layer and index

  std::string prototxt;
  std::string phase;  // "TRAIN" or "TEST"
  bool backward = false;
  double loss = 0;
  Blobs inputs;
  Blobs outputs;          // every blob after Forward
  Blobs input_gradients;  // after Backward
  Parameters weights;
  Parameters weight_gradients;
  Parameters weights_after;  // those that Forward changes
};

// The names of the cases in the file.
std::vector<std::string> ListConformanceCases(const std::string& path);

// Both throw std::runtime_error if the file or the case cannot be read.
ConformanceCase ReadConformanceCase(const std::string& path, const std::string& name);

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_CONFORMANCE_CONFORMANCE_FILE_HPP_
