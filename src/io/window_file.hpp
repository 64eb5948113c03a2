// Window files, as R-CNN makes them: pictures and the rectangles in them to learn from.
//
//   # 0                        a number, which nothing depends on
//   /data/000001.jpg           the picture
//   3 375 500                  its channels, height and width
//   2                          how many windows follow
//   7 0.82 12 40 110 200       class, overlap with an object of it, x1, y1, x2, y2 (inclusive)
//   0 0.10 0 0 50 60
//   # 1
//   ...
#ifndef DEMITASSE_SRC_IO_WINDOW_FILE_HPP_
#define DEMITASSE_SRC_IO_WINDOW_FILE_HPP_

#include <string>
#include <vector>

namespace demitasse {

struct Window {
  int image = 0;  // index of its picture
  int label = 0;
  float overlap = 0;
  int x1 = 0;  // the first column and row, and the last ones
  int y1 = 0;
  int x2 = 0;
  int y2 = 0;
  int line = 0;  // in the window file, from 1 on
};

struct WindowFile {
  std::vector<std::string> images;
  std::vector<Window> windows;
};

// Throws Error, with the line, for whatever has another form.
WindowFile ReadWindowFile(const std::string& path);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_WINDOW_FILE_HPP_
