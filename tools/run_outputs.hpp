// The files that a run leaves: blobs and gradients as .npy, parameters as .caffemodel.
#ifndef DEMITASSE_TOOLS_RUN_OUTPUTS_HPP_
#define DEMITASSE_TOOLS_RUN_OUTPUTS_HPP_

#include <string>
#include <vector>

#include "demitasse/net.hpp"

namespace demitasse {

// Whether a blob is one that the user named: not a copy made by a Split, nor an unnamed loss.
bool IsUserBlob(const Net& net, const std::string& blob_name);

struct OutputOptions {
  std::string directory;   // empty: no blobs are written
  bool all_blobs = false;  // every blob, not only the outputs
  bool gradients = false;  // also of inputs and parameters
  std::string caffemodel;  // empty: parameters are not written
};

class OutputFiles {
 public:
  // Decides what will be written, and where, so that a run does not fail at its end for a reason
  // that was there from the start. Throws Error if two files would have the same name, or (kRun) a
  // place cannot be written to. Nothing is made yet.
  OutputFiles(const OutputOptions& options, const Net& net);

  // Writes the files, with the values the net holds now. Throws Error (kRun).
  void Write() const;

 private:
  struct Entry {
    std::string file;
    const Blob* blob;
    bool gradient;
    std::string what;  // "blob 'data'", for errors
  };

  void PlanBlobs();
  void PlanGradients();
  void Add(const std::string& name, const std::string& end, const Blob* blob, bool gradient,
           const std::string& what);

  const OutputOptions options_;
  const Net& net_;
  std::vector<Entry> entries_;
};

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_RUN_OUTPUTS_HPP_
