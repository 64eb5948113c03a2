// Text files that list pictures and their labels.
#ifndef DEMITASSE_SRC_IO_IMAGE_LIST_HPP_
#define DEMITASSE_SRC_IO_IMAGE_LIST_HPP_

#include <string>
#include <vector>

namespace demitasse {

struct ListedImage {
  std::string path;
  int label = 0;
  int line = 0;  // in the list, from 1 on
};

// Reads lines "PATH LABEL": the last blank splits them, so paths may hold others. Empty lines are
// left out. Throws Error, with the line, for a line without a whole number as label, and if there
// are no pictures.
std::vector<ListedImage> ReadImageList(const std::string& path);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_IMAGE_LIST_HPP_
