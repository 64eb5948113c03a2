#include "src/parse/text_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "demitasse/error.hpp"

namespace demitasse {
namespace {

constexpr size_t kMostBytes = size_t{64} << 20;

bool IsUtf16(const std::string& text) {
  const std::string mark = text.substr(0, 2);
  return mark == "\xFF\xFE" || mark == "\xFE\xFF";
}

// Whether more than one byte in 20 of the beginning is a control character that no text has.
bool IsBinary(const std::string& text) {
  const size_t size = std::min<size_t>(text.size(), 4096);
  const auto end = text.begin() + static_cast<std::string::difference_type>(size);
  const auto count = std::count_if(text.begin(), end, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool is_space = byte >= '\t' && byte <= '\r';
    return byte < ' ' && !is_space;
  });
  return static_cast<size_t>(count) * 20 > size;
}

}  // namespace

std::string WhyNotText(const std::string& text) {
  if (IsUtf16(text)) return "this is text in UTF-16; save it as UTF-8";
  if (IsBinary(text)) {
    return "this is not a text file; is it a caffemodel? give it with --weights";
  }
  if (text.size() > kMostBytes)
    return "the file is larger than 64 MB, which no prototxt needs to be";
  return "";
}

std::string ReadTextFile(const std::string& path) {
  const auto fail = [&] {
    throw Error(Location{path}, std::string("cannot be read: ") + std::strerror(errno));
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             std::fclose);
  if (file == nullptr) fail();

  std::string text;
  char block[1 << 14];
  while (text.size() <= kMostBytes) {
    const size_t count = std::fread(block, 1, sizeof(block), file.get());
    text.append(block, count);
    if (count < sizeof(block)) break;
  }
  if (std::ferror(file.get()) != 0) fail();
  const std::string complaint = WhyNotText(text);
  if (!complaint.empty()) throw Error(Location{path}, complaint);
  return text;
}

}  // namespace demitasse
