#ifdef DEMITASSE_WITH_PICTURES
#include <cstddef>
#include <cstdio>
// jpeglib.h needs the two above.
#include <jerror.h>
#include <jpeglib.h>

#include <csetjmp>
#include <cstring>
#include <utility>

#include "demitasse/error.hpp"
#include "demitasse/log.hpp"
#include "src/io/exif.hpp"
#include "src/io/picture_codec.hpp"

namespace demitasse {
namespace {

constexpr int kExifMarker = JPEG_APP0 + 1;
constexpr char kExifName[6] = {'E', 'x', 'i', 'f', '\0', '\0'};

struct ErrorState {
  jpeg_error_mgr base;  // first, so that libjpeg's pointer to it is one to the whole
  jmp_buf jump;
  char error[JMSG_LENGTH_MAX];
  char warning[JMSG_LENGTH_MAX];  // the first
};

[[noreturn]] void OnError(j_common_ptr jpeg) {
  auto* state = reinterpret_cast<ErrorState*>(jpeg->err);
  state->base.format_message(jpeg, state->error);
  longjmp(state->jump, 1);
}

// Oddities around the picture's data, not in it.
bool IsHarmless(int warning) {
  return warning == JWRN_EXTRANEOUS_DATA || warning == JWRN_ADOBE_XFORM ||
         warning == JWRN_JFIF_MAJOR || warning == JWRN_BOGUS_ICC ||
         warning == JWRN_BOGUS_PROGRESSION;
}

// libjpeg fills what is missing or damaged with grey and calls that a warning (level -1).
void OnMessage(j_common_ptr jpeg, int level) {
  if (level >= 0) return;
  auto* state = reinterpret_cast<ErrorState*>(jpeg->err);
  if (!IsHarmless(state->base.msg_code)) OnError(jpeg);
  if (state->warning[0] == '\0') state->base.format_message(jpeg, state->warning);
}

// A progressive picture may come in any number of scans, and each takes time for all of its pixels,
// however few bytes it has.
void OnProgress(j_common_ptr jpeg) {
  constexpr int kMostScans = 100;  // encoders make about 10
  if (reinterpret_cast<j_decompress_ptr>(jpeg)->input_scan_number <= kMostScans) return;
  auto* state = reinterpret_cast<ErrorState*>(jpeg->err);
  std::snprintf(state->error, sizeof(state->error), "the picture has more than %d scans",
                kMostScans);
  longjmp(state->jump, 1);
}

// libjpeg's state. Its errors are longjmps, so each call that may fail is made from a member
// function that holds no object with a destructor, and returns false after an error.
class JpegReader {
 public:
  JpegReader() {
    std::memset(&jpeg_, 0, sizeof(jpeg_));
    std::memset(&errors_, 0, sizeof(errors_));
    jpeg_.err = jpeg_std_error(&errors_.base);
    errors_.base.error_exit = OnError;
    errors_.base.emit_message = OnMessage;
    progress_.progress_monitor = OnProgress;
  }
  ~JpegReader() { jpeg_destroy_decompress(&jpeg_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  bool ReadHeader(const std::string& bytes) {
    if (setjmp(errors_.jump) != 0) return false;
    jpeg_create_decompress(&jpeg_);
    jpeg_.progress = &progress_;
    jpeg_mem_src(&jpeg_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_save_markers(&jpeg_, kExifMarker, 0xffff);
    jpeg_read_header(&jpeg_, TRUE);
    switch (jpeg_.num_components) {
      case 1:
        jpeg_.out_color_space = JCS_GRAYSCALE;
        break;
      case 4:
        jpeg_.out_color_space = JCS_CMYK;
        break;
      default:
        jpeg_.out_color_space = JCS_RGB;
    }
    return true;
  }

  // Fills height x width x num_components bytes.
  bool ReadRows(uint8_t* pixels) {
    if (setjmp(errors_.jump) != 0) return false;
    jpeg_start_decompress(&jpeg_);
    const size_t row_size = size_t{jpeg_.output_width} * jpeg_.output_components;
    while (jpeg_.output_scanline < jpeg_.output_height) {
      JSAMPROW row = pixels + jpeg_.output_scanline * row_size;
      jpeg_read_scanlines(&jpeg_, &row, 1);
    }
    jpeg_finish_decompress(&jpeg_);
    return true;
  }

  int64_t width() const { return jpeg_.image_width; }
  int64_t height() const { return jpeg_.image_height; }
  int stored_channels() const { return jpeg_.num_components == 2 ? 3 : jpeg_.num_components; }
  // Of several scans libjpeg keeps the coefficients, of two bytes, until the last has come.
  int PixelSize() { return stored_channels() * (jpeg_has_multiple_scans(&jpeg_) != 0 ? 3 : 1); }
  const char* error() const { return errors_.error; }
  const char* warning() const { return errors_.warning; }

  // The fewest bytes the picture can take: a Huffman code has at least 1 bit, and there is one for
  // each 8 x 8 block. Arithmetic coding can do with less where a picture is all of one colour.
  int64_t LeastFileSize() const { return width() * height() / (8 * 8) / 8; }

  int Orientation() const {
    constexpr size_t kNameSize = sizeof(kExifName);
    for (auto* marker = jpeg_.marker_list; marker != nullptr; marker = marker->next) {
      if (marker->marker != kExifMarker || marker->data_length < kNameSize) continue;
      if (std::memcmp(marker->data, kExifName, kNameSize) != 0) continue;
      return ExifOrientation(marker->data + kNameSize, marker->data_length - kNameSize);
    }
    return 1;
  }

 private:
  jpeg_decompress_struct jpeg_;
  ErrorState errors_;
  jpeg_progress_mgr progress_ = {};
};

// CMYK as Adobe's programs store it, inverted (255: no ink), to RGB.
void CmykToRgb(Picture* picture) {
  const size_t count = picture->pixels.size() / 4;
  uint8_t* to = picture->pixels.data();
  for (size_t i = 0; i < count; ++i) {
    const uint8_t* from = &picture->pixels[4 * i];
    const int black = from[3];
    const int rgb[3] = {from[0], from[1], from[2]};
    for (const int ink : rgb) *to++ = static_cast<uint8_t>(black - ((255 - ink) * black >> 8));
  }
  picture->channels = 3;
  picture->pixels.resize(3 * count);
}

}  // namespace

Picture DecodeJpeg(const std::string& bytes, const std::string& path) {
  JpegReader reader;
  if (!reader.ReadHeader(bytes))
    throw Error(Location{path}, std::string("JPEG: ") + reader.error());
  const MemoryClaim memory =
      ClaimPicture({reader.width(), reader.height(), reader.PixelSize(), reader.LeastFileSize()},
                   static_cast<int64_t>(bytes.size()), path);
  Picture picture;
  picture.height = static_cast<int>(reader.height());
  picture.width = static_cast<int>(reader.width());
  picture.channels = reader.stored_channels();
  picture.pixels.resize(static_cast<size_t>(picture.height) * picture.width * picture.channels);
  const int orientation = reader.Orientation();  // finishing drops the markers
  if (!reader.ReadRows(picture.pixels.data())) {
    throw Error(Location{path}, std::string("JPEG: ") + reader.error());
  }
  if (reader.warning()[0] != '\0') LogWarning(path + ": JPEG: " + reader.warning());
  if (picture.channels == 4) CmykToRgb(&picture);
  return SetUpright(std::move(picture), orientation);
}

}  // namespace demitasse
#endif  // DEMITASSE_WITH_PICTURES
