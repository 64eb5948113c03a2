// Where a file is that another file names.
#ifndef DEMITASSE_SRC_IO_FIND_FILE_HPP_
#define DEMITASSE_SRC_IO_FIND_FILE_HPP_

#include <string>

namespace demitasse {

// The file or folder `path`, which stands in the file `named_in` (a prototxt, say): as Caffe has
// it, a relative path starts at the working directory; if there is nothing, it starts where
// `named_in` is. Throws Error, without a place, if there is nothing either. An empty `named_in` is
// text that came from no file.
std::string FindFile(const std::string& path, const std::string& named_in);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_FIND_FILE_HPP_
