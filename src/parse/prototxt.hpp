// Nets and solvers from prototxt.
#ifndef DEMITASSE_SRC_PARSE_PROTOTXT_HPP_
#define DEMITASSE_SRC_PARSE_PROTOTXT_HPP_

#include <memory>
#include <string>

#include "demitasse/caffe.pb.h"
#include "demitasse/error.hpp"
#include "demitasse/source_map.hpp"
#include "src/parse/text_reader.hpp"

namespace demitasse {

// A net in today's form, and where in its file each field stands.
struct NetSource {
  caffe::NetParameter net;
  std::shared_ptr<const SourceMap> source;
};

// Reads a net and upgrades older forms. What is wrong with the text, a NaN among its numbers and
// what cannot be upgraded are added to `diagnostics`; after an error `net` is as much of it as
// could be read. Throws Error when the file cannot be read or holds no text.
NetSource ReadNet(const std::string& path, const TextOptions& options, Diagnostics* diagnostics);

// The same for a text; `name` stands in messages where a path would.
NetSource ReadNetFromText(const std::string& text, const std::string& name,
                          const TextOptions& options, Diagnostics* diagnostics);

// A solver in today's form, and where in its file each field stands. Nets inside it are as they
// were written.
struct SolverSource {
  caffe::SolverParameter param;
  std::shared_ptr<const SourceMap> source = std::make_shared<SourceMap>();

  // An error at that field ("stepvalue[2]").
  Error Fail(const std::string& field, const std::string& message) const {
    return Error(source->Find(field), message);
  }
};

// Reads a solver like a net; the old `solver_type` becomes `type`.
SolverSource ReadSolver(const std::string& path, const TextOptions& options,
                        Diagnostics* diagnostics);
SolverSource ReadSolverFromText(const std::string& text, const std::string& name,
                                const TextOptions& options, Diagnostics* diagnostics);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_PROTOTXT_HPP_
