// Weights and solver states in HDF5 form, .caffemodel.h5 and .solverstate.h5: the same datasets
// as Caffe's, which has no limit of 2 GB for them.
#ifndef DEMITASSE_SRC_IO_HDF5_WEIGHTS_HPP_
#define DEMITASSE_SRC_IO_HDF5_WEIGHTS_HPP_

#include <string>

#include "demitasse/caffe.pb.h"
#include "src/io/weights.hpp"

namespace demitasse {

// Reads "data/LAYER/0", "data/LAYER/1" and so on. The layers come in the order of their names and
// without their types; a blob that the file leaves out, being one shared with another layer, is
// `absent`. Throws Error if the file is missing, truncated, damaged or of another kind.
WeightFile ReadHdf5Weights(const std::string& path);

// Writes the blobs of the layers of `net`, in today's form, and where there are gradients these as
// "diff/LAYER/0" and so on. The file has its name only when it is complete. Throws Error if it
// cannot be written; then whatever stood there before is untouched.
void WriteHdf5Weights(const std::string& path, const caffe::NetParameter& net);

// Reads and writes "iter", "learned_net", "current_step" and "history/0", "history/1" and so on in
// the same way. What else is in the message, which Caffe does not know, is in "demitasse".
caffe::SolverState ReadHdf5SolverState(const std::string& path);
void WriteHdf5SolverState(const std::string& path, caffe::SolverState state);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_HDF5_WEIGHTS_HPP_
