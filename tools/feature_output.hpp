// Where `demitasse features` puts blobs, batch after batch: an HDF5 file with a dataset for each,
// or LMDB databases or .npy files, one for each.
#ifndef DEMITASSE_TOOLS_FEATURE_OUTPUT_HPP_
#define DEMITASSE_TOOLS_FEATURE_OUTPUT_HPP_

#include <memory>
#include <string>
#include <vector>

#include "demitasse/blob.hpp"

namespace demitasse {

// The first axis of a blob is that of the samples; a blob without axes is one sample.
class FeatureOutput {
 public:
  virtual ~FeatureOutput() = default;
  // Appends the samples that the blobs hold now, given in the order of the names. Throws Error
  // (kRun) if the disk is full or fails.
  virtual void Add(const std::vector<const Blob*>& blobs) = 0;
  // Completes the files; before that nothing has their names.
  virtual void Finish() = 0;
};

enum class FeatureFormat { kByName, kHdf5, kLmdb, kNpy };

// Throws Error if an output cannot be made, or if `outputs` are not as many as the format needs:
// one for HDF5, otherwise one for each name.
std::unique_ptr<FeatureOutput> MakeFeatureOutput(FeatureFormat format,
                                                 const std::vector<std::string>& outputs,
                                                 const std::vector<std::string>& names,
                                                 int iterations);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_FEATURE_OUTPUT_HPP_
