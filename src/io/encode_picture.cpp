#include "src/io/encode_picture.hpp"

#ifdef DEMITASSE_WITH_PICTURES
#include <cstdio>
// jpeglib.h needs that.
#include <jpeglib.h>
#include <png.h>

#include <csetjmp>
#include <cstdlib>
#include <cstring>
#endif

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

namespace demitasse {

Picture PixelsToPicture(const PixelArray& pixels) {
  const bool fits = pixels.channels == 1 || pixels.channels == 3;
  if (!fits || pixels.bytes.empty()) {
    throw Error(Cat("a picture needs 1 or 3 channels of bytes, got ", pixels.channels,
                    pixels.bytes.empty() ? " of other values" : ""));
  }
  Picture picture{pixels.height, pixels.width, pixels.channels, pixels.bytes};
  const size_t plane = static_cast<size_t>(pixels.height) * pixels.width;
  const auto channels = static_cast<size_t>(pixels.channels);
  for (size_t i = 0; i < plane; ++i) {
    for (size_t channel = 0; channel < channels; ++channel) {
      picture.pixels[i * channels + channel] = pixels.bytes[(channels - 1 - channel) * plane + i];
    }
  }
  return picture;
}

#ifdef DEMITASSE_WITH_PICTURES
namespace {

struct JpegErrors {
  jpeg_error_mgr base;  // first, so that libjpeg's pointer to it is one to the whole
  jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void OnJpegError(j_common_ptr jpeg) {
  auto* errors = reinterpret_cast<JpegErrors*>(jpeg->err);
  errors->base.format_message(jpeg, errors->message);
  longjmp(errors->jump, 1);
}

// libjpeg's state; no call that may fail, and jump, is made beside an object with a destructor.
class JpegWriter {
 public:
  JpegWriter() {
    std::memset(&jpeg_, 0, sizeof(jpeg_));
    std::memset(&errors_, 0, sizeof(errors_));
    jpeg_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = OnJpegError;
  }
  ~JpegWriter() {
    jpeg_destroy_compress(&jpeg_);
    std::free(bytes_);
  }
  JpegWriter(const JpegWriter&) = delete;
  JpegWriter& operator=(const JpegWriter&) = delete;

  bool Write(const Picture& picture) {
    constexpr int kQuality = 95;
    if (setjmp(errors_.jump) != 0) return false;
    jpeg_create_compress(&jpeg_);
    jpeg_mem_dest(&jpeg_, &bytes_, &size_);
    jpeg_.image_width = static_cast<JDIMENSION>(picture.width);
    jpeg_.image_height = static_cast<JDIMENSION>(picture.height);
    jpeg_.input_components = picture.channels;
    jpeg_.in_color_space = picture.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_set_defaults(&jpeg_);
    jpeg_set_quality(&jpeg_, kQuality, TRUE);
    jpeg_start_compress(&jpeg_, TRUE);
    const size_t row_size = static_cast<size_t>(picture.width) * picture.channels;
    while (jpeg_.next_scanline < jpeg_.image_height) {
      // libjpeg only reads the row.
      auto* row = const_cast<JSAMPROW>(picture.pixels.data() + jpeg_.next_scanline * row_size);
      jpeg_write_scanlines(&jpeg_, &row, 1);
    }
    jpeg_finish_compress(&jpeg_);
    return true;
  }

  std::string bytes() const { return {reinterpret_cast<const char*>(bytes_), size_}; }
  const char* error() const { return errors_.message; }

 private:
  jpeg_compress_struct jpeg_;
  JpegErrors errors_;
  unsigned char* bytes_ = nullptr;
  unsigned long size_ = 0;  // NOLINT(google-runtime-int): libjpeg's type
};

}  // namespace

std::string EncodePng(const Picture& picture) {
  png_image png;
  std::memset(&png, 0, sizeof(png));
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(picture.width);
  png.height = static_cast<png_uint_32>(picture.height);
  png.format = picture.channels == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::string bytes(size, '\0');
  const int done =
      png_image_write_to_memory(&png, &bytes[0], &size, 0, picture.pixels.data(), 0, nullptr);
  if (done == 0) throw Error(Cat("PNG: ", png.message));
  bytes.resize(size);
  return bytes;
}

std::string EncodeJpeg(const Picture& picture) {
  JpegWriter writer;
  if (!writer.Write(picture)) throw Error(Cat("JPEG: ", writer.error()));
  return writer.bytes();
}

#else

std::string EncodePng(const Picture& /*picture*/) {
  throw Error("this build cannot write pictures; configure it with -DDEMITASSE_WITH_PICTURES=ON");
}

std::string EncodeJpeg(const Picture& picture) { return EncodePng(picture); }

#endif  // DEMITASSE_WITH_PICTURES

}  // namespace demitasse
