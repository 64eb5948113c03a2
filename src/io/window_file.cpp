#include "src/io/window_file.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string_view>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"

namespace demitasse {
namespace {

constexpr char kBlanks[] = " \t\r";

// The words of a text, line by line.
class Reader {
 public:
  Reader(const std::string& path, std::string_view text) : where_{path, 1}, text_(text) {
    SkipBlanks();
  }

  bool at_end() const { return text_.empty(); }
  int line() const { return where_.line; }

  // The rest of the line, which must have more than blanks.
  std::string Line(const char* what) {
    const std::string_view line = text_.substr(0, text_.find('\n'));
    return std::string(Take(line.substr(0, line.find_last_not_of(kBlanks) + 1), what));
  }

  std::string_view Word(const char* what) {
    return Take(text_.substr(0, text_.find_first_of(" \t\r\n")), what);
  }

  // The "#" that begins a picture.
  void ReadMark() {
    const Location where = where_;
    const std::string_view word = Word("'#'");
    if (word != "#") Refuse(where, "'#', which begins a picture,", word);
  }

  template <typename Number>
  Number Read(const char* what) {
    const Location where = where_;
    const std::string_view word = Word(what);
    Number number{};
    const auto parsed = std::from_chars(word.data(), word.data() + word.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != word.data() + word.size())
      Refuse(where, what, word);
    return number;
  }

 private:
  [[noreturn]] static void Refuse(const Location& where, const char* what, std::string_view got) {
    throw Error(where, Cat(what, " is needed, got '", OneLine(std::string(got)), "'"));
  }

  std::string_view Take(std::string_view word, const char* what) {
    if (word.empty()) throw Error(where_, Cat("the file ends where ", what, " is needed"));
    text_.remove_prefix(word.size());
    SkipBlanks();
    return word;
  }

  void SkipBlanks() {
    const size_t end = std::min(text_.find_first_not_of(" \t\r\n"), text_.size());
    where_.line += static_cast<int>(std::count(text_.begin(), text_.begin() + end, '\n'));
    text_.remove_prefix(end);
  }

  Location where_;
  std::string_view text_;
};

Window ReadWindow(Reader* reader) {
  Window window;
  window.line = reader->line();
  window.label = reader->Read<int>("a window's class");
  window.overlap = reader->Read<float>("a window's overlap");
  window.x1 = reader->Read<int>("x1");
  window.y1 = reader->Read<int>("y1");
  window.x2 = reader->Read<int>("x2");
  window.y2 = reader->Read<int>("y2");
  return window;
}

}  // namespace

WindowFile ReadWindowFile(const std::string& path) {
  constexpr int64_t kLongestFile = int64_t{1} << 32;
  const std::string bytes = ReadFile(path, kLongestFile);
  Reader reader(path, bytes);
  WindowFile file;
  while (!reader.at_end()) {
    reader.ReadMark();
    reader.Read<int>("the picture's number");
    file.images.push_back(reader.Line("a picture's path"));
    for (const char* size :
         {"the number of channels", "the picture's height", "the picture's width"}) {
      reader.Read<int>(size);
    }
    const int count = reader.Read<int>("the number of windows");
    for (int i = 0; i < count; ++i) {
      file.windows.push_back(ReadWindow(&reader));
      file.windows.back().image = static_cast<int>(file.images.size()) - 1;
    }
  }
  if (file.images.empty()) throw Error(Location{path}, "the window file is empty");
  return file;
}

}  // namespace demitasse
