// lists: text files of labels, and those that name pictures: of ImageData, and of WindowData with
// the windows that it cuts out.
#include "demitasse/error.hpp"
#include "fuzz/target.hpp"
#include "layers/common/window_crop.hpp"
#include "src/io/image_list.hpp"
#include "src/io/window_file.hpp"
#include "tools/labels.hpp"

namespace demitasse {
namespace {

void CutWindow(const Window& window, const CropOptions& options, bool mirror) {
  static const Picture picture{7, 9, 3, std::vector<uint8_t>(7 * 9 * 3)};
  try {
    const WindowCrop crop = PlaceWindow(window, picture, options, mirror);
    if (crop.scaled_width > 0 && crop.scaled_height > 0) CutOut(picture, crop);
  } catch (const Error&) {  // the next window may lie within the picture
  }
}

void ReadWindows(const std::string& path) {
  constexpr CropOptions kOptions[] = {{6, 0, false}, {6, 1, false}, {6, 2, true}};
  for (const Window& window : ReadWindowFile(path).windows) {
    for (const CropOptions& options : kOptions) CutWindow(window, options, window.label % 2 == 1);
  }
}

void Read(const std::string& bytes) {
  const MemoryFile file(bytes);
  if (bytes[0] == '#') {
    ReadWindows(file.path());
  } else if (bytes[0] == '!') {
    ReadLabelFile(file.path());
  } else {
    ReadImageList(file.path());
  }
}

std::vector<std::string> Seeds() {
  return {"cat.jpg 0\na dog.png 1\n\n", "!cat\ndog\r\n\n",
          "# 0\na.png\n3 10 20\n1\n7 0.5 0 1 2 3\n# 1\nb.png\n1 4 4\n0\n",
          "# 0\na.png\n3 7 9\n2\n1 1 0 0 8 6\n1 0.5 -5 -9 3 2147483647\n"};
}

}  // namespace

const bool kListsTarget = RegisterFuzzTarget({"lists", Read, Seeds});

}  // namespace demitasse
