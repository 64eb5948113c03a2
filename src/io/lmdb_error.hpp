// Errors of liblmdb.
#ifndef DEMITASSE_SRC_IO_LMDB_ERROR_HPP_
#define DEMITASSE_SRC_IO_LMDB_ERROR_HPP_

#include <lmdb.h>

#include <string>

#include "demitasse/error.hpp"
#include "src/io/file.hpp"

namespace demitasse {

// The Error "PATH: error: DOING: <reason>" for a code that an mdb_ function returned: an errno, or
// a negative one of LMDB's own.
inline Error LmdbError(const std::string& path, const std::string& doing, int code) {
  if (code > 0) return SystemError(path, doing, code);
  const std::string reason = mdb_strerror(code);  // "MDB_INVALID: File is not an LMDB file"
  const size_t name_end = reason.find(": ");
  return Error(
      Location{path},
      doing + ": " + (name_end == std::string::npos ? reason : reason.substr(name_end + 2)));
}

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_LMDB_ERROR_HPP_
