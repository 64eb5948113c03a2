// lists: text files that name pictures, of ImageData and of WindowData.
#include "fuzz/target.hpp"
#include "src/io/image_list.hpp"
#include "src/io/window_file.hpp"

namespace demitasse {
namespace {

void Read(const std::string& bytes) {
  const MemoryFile file(bytes);
  if (bytes[0] == '#') {
    ReadWindowFile(file.path());
  } else {
    ReadImageList(file.path());
  }
}

std::vector<std::string> Seeds() {
  return {"cat.jpg 0\na dog.png 1\n\n",
          "# 0\na.png\n3 10 20\n1\n7 0.5 0 1 2 3\n# 1\nb.png\n1 4 4\n0\n"};
}

}  // namespace

const bool kListsTarget = RegisterFuzzTarget({"lists", Read, Seeds});

}  // namespace demitasse
