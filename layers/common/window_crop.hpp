// The part of a picture that a window shows a net, as R-CNN cuts it out: the window with some of
// its surroundings, warped to a square. Girshick, Donahue, Darrell, Malik (2014), "Rich feature
// hierarchies for accurate object detection and semantic segmentation", appendix A.
#ifndef DEMITASSE_LAYERS_COMMON_WINDOW_CROP_HPP_
#define DEMITASSE_LAYERS_COMMON_WINDOW_CROP_HPP_

#include "src/io/picture.hpp"
#include "src/io/window_file.hpp"

namespace demitasse {

// Where a part of the picture goes in the square, of which the rest stays empty.
struct WindowCrop {
  // The part: its first column and row, and its size. Within the picture.
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
  // What it is scaled to, and the empty columns left and rows above it. May be 0 wide or high.
  int scaled_width = 0;
  int scaled_height = 0;
  int left = 0;
  int top = 0;
};

struct CropOptions {
  int size = 0;         // side of the square
  int context_pad = 0;  // surroundings to show on each side of the window, in pixels of the square
  bool square = false;  // cut out a square around the window, so that its sides keep their ratio
};

// `mirror` is whether the part will be mirrored, and its empty columns with it. Throws Error if the
// window is empty, or beyond the picture: in whole, or in part if there is no padding for it.
WindowCrop PlaceWindow(const Window& window, const Picture& picture, const CropOptions& options,
                       bool mirror);

// That part of the picture, scaled; it must not be 0 wide or high.
Picture CutOut(const Picture& picture, const WindowCrop& crop);

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_WINDOW_CROP_HPP_
