#ifdef DEMITASSE_WITH_PICTURES
#include <png.h>

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <vector>

#include "demitasse/error.hpp"
#include "src/io/exif.hpp"
#include "src/io/picture_codec.hpp"

namespace demitasse {
namespace {

// Deflate makes at most 258 bytes from 2 bits.
constexpr int64_t kBestCompression = 1032;

struct Source {
  const char* next;
  size_t left;
};

void ReadBytes(png_structp png, png_bytep to, size_t size) {
  auto* source = static_cast<Source*>(png_get_io_ptr(png));
  if (size > source->left) png_error(png, "the file ends before the picture does");
  std::memcpy(to, source->next, size);
  source->next += size;
  source->left -= size;
}

struct Failure {
  char message[256] = "";
};

// libpng reports errors by this call, which must not return.
[[noreturn]] void OnError(png_structp png, png_const_charp message) {
  auto* failure = static_cast<Failure*>(png_get_error_ptr(png));
  std::snprintf(failure->message, sizeof(failure->message), "%s", message);
  png_longjmp(png, 1);
}

// libpng's warnings are about colour profiles and the like, which nothing here looks at.
void OnWarning(png_structp /*png*/, png_const_charp /*message*/) {}

// libpng's two structures. Its errors are longjmps, so each call that may fail is made from a
// member function that holds no object with a destructor, and returns false after an error.
class PngReader {
 public:
  explicit PngReader(const std::string& bytes) : source_{bytes.data(), bytes.size()} {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &failure_, OnError, OnWarning);
    if (png_ != nullptr) info_ = png_create_info_struct(png_);
    if (info_ != nullptr) png_set_read_fn(png_, &source_, ReadBytes);
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  bool ReadHeader() {
    if (info_ == nullptr) return false;
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_set_user_limits(png_, kMaxPictureSide, kMaxPictureSide);
    png_read_info(png_, info_);
    stored_row_size_ = static_cast<int64_t>(png_get_rowbytes(png_, info_));
    RequestEightBits();
    return true;
  }

  // Needs one pointer for each row of the picture.
  bool ReadRows(png_bytepp rows) {
    if (setjmp(png_jmpbuf(png_)) != 0) return false;
    png_read_image(png_, rows);
    png_read_end(png_, info_);
    return true;
  }

  int64_t width() const { return png_get_image_width(png_, info_); }
  int64_t height() const { return png_get_image_height(png_, info_); }
  int channels() const { return png_get_channels(png_, info_); }
  int64_t stored_row_size() const { return stored_row_size_; }
  const char* message() const { return info_ == nullptr ? "out of memory" : failure_.message; }

  int Orientation() {
    png_uint_32 size = 0;
    png_bytep exif = nullptr;
    if (png_get_eXIf_1(png_, info_, &size, &exif) == 0) return 1;
    return ExifOrientation(exif, size);
  }

 private:
  void RequestEightBits() {
    const int color_type = png_get_color_type(png_, info_);
    if (png_get_bit_depth(png_, info_) == 16) png_set_strip_16(png_);
    png_set_strip_alpha(png_);
    if (color_type == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
    if (color_type == PNG_COLOR_TYPE_GRAY) png_set_expand_gray_1_2_4_to_8(png_);
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
  }

  Failure failure_;
  Source source_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  int64_t stored_row_size_ = 0;
};

}  // namespace

Picture DecodePng(const std::string& bytes, const std::string& path) {
  PngReader reader(bytes);
  if (!reader.ReadHeader()) throw Error(Location{path}, std::string("PNG: ") + reader.message());
  const MemoryClaim memory =
      ClaimPicture({reader.width(), reader.height(), reader.channels(),
                    reader.stored_row_size() * reader.height() / kBestCompression},
                   static_cast<int64_t>(bytes.size()), path);
  Picture picture;
  picture.height = static_cast<int>(reader.height());
  picture.width = static_cast<int>(reader.width());
  picture.channels = reader.channels();
  const size_t row_size = static_cast<size_t>(picture.width) * reader.channels();
  picture.pixels.resize(row_size * picture.height);
  std::vector<png_bytep> rows(picture.height);
  for (size_t y = 0; y < rows.size(); ++y) rows[y] = &picture.pixels[y * row_size];
  if (!reader.ReadRows(rows.data())) {
    throw Error(Location{path}, std::string("PNG: ") + reader.message());
  }
  return SetUpright(std::move(picture), reader.Orientation());
}

}  // namespace demitasse
#endif  // DEMITASSE_WITH_PICTURES
