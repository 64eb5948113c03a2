// The names of classes.
#ifndef DEMITASSE_TOOLS_LABELS_HPP_
#define DEMITASSE_TOOLS_LABELS_HPP_

#include <string>
#include <vector>

namespace demitasse {

// The lines of a file, such as Caffe's synset_words.txt: the name of class 0, 1, and so on. Throws
// Error if there are none.
std::vector<std::string> ReadLabelFile(const std::string& path);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_LABELS_HPP_
