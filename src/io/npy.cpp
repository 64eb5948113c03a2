#include "src/io/npy.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>

#include "demitasse/blob.hpp"
#include "demitasse/error.hpp"
#include "demitasse/log.hpp"
#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"
#include "src/io/file.hpp"
#include "src/io/npy_header.hpp"

namespace demitasse {
namespace {

struct Half {
  uint16_t bits;
};
struct Bool {
  uint8_t byte;
};

template <typename T>
float ToFloat(T value) {
  return static_cast<float>(value);
}

// IEEE 754 binary16: 1 bit sign, 5 bits exponent, 10 bits fraction.
float ToFloat(Half half) {
  const int exponent = (half.bits >> 10) & 0x1f;
  const int fraction = half.bits & 0x3ff;
  float size;
  if (exponent == 0x1f) {
    size = fraction == 0 ? std::numeric_limits<float>::infinity()
                         : std::numeric_limits<float>::quiet_NaN();
  } else if (exponent == 0) {
    size = std::ldexp(static_cast<float>(fraction), -24);
  } else {
    size = std::ldexp(static_cast<float>(fraction + 0x400), exponent - 25);
  }
  return (half.bits & 0x8000) != 0 ? -size : size;
}

float ToFloat(Bool value) { return value.byte != 0 ? 1.0F : 0.0F; }

template <typename T>
void Decode(const char* bytes, size_t count, bool swap, float* values) {
  for (size_t i = 0; i < count; ++i) {
    char element[sizeof(T)];
    std::memcpy(element, bytes + i * sizeof(T), sizeof(T));
    if (swap) std::reverse(std::begin(element), std::end(element));
    T value;
    std::memcpy(&value, element, sizeof(T));
    values[i] = ToFloat(value);
  }
}

struct Dtype {
  const char* name;  // without byte order
  size_t size;
  void (*decode)(const char* bytes, size_t count, bool swap, float* values);
};

constexpr Dtype kDtypes[] = {
    {"f2", 2, Decode<Half>},     {"f4", 4, Decode<float>},    {"f8", 8, Decode<double>},
    {"i1", 1, Decode<int8_t>},   {"i2", 2, Decode<int16_t>},  {"i4", 4, Decode<int32_t>},
    {"i8", 8, Decode<int64_t>},  {"u1", 1, Decode<uint8_t>},  {"u2", 2, Decode<uint16_t>},
    {"u4", 4, Decode<uint32_t>}, {"u8", 8, Decode<uint64_t>}, {"b1", 1, Decode<Bool>},
};

bool HasByteOrder(const std::string& descr) {
  return !descr.empty() && std::strchr("<>|=", descr[0]) != nullptr;
}

const Dtype& FindDtype(const std::string& descr, const std::string& path) {
  const std::string name = HasByteOrder(descr) ? descr.substr(1) : descr;
  for (const Dtype& dtype : kDtypes) {
    if (name == dtype.name) return dtype;
  }
  ThrowUnsupportedDtype("'" + descr + "'", path);
}

bool IsSwapped(const std::string& descr) {
  const char foreign = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? '>' : '<';
  return descr[0] == foreign;
}

// Throws Error saying why the file that starts with `magic` is no npy file.
[[noreturn]] void ThrowNotNpy(const std::string& magic, const std::string& path) {
  if (magic.empty()) throw Error(Location{path}, "the file is empty; an npy file is needed");
  const bool zip = magic.compare(0, 4, "PK\x03\x04") == 0;
  throw Error(Location{path}, zip ? "this is a zip archive; if it is numpy's npz, extract the one "
                                    "array that is needed as an npy file"
                                  : "this is not an npy file: it does not start with \\x93NUMPY");
}

// Reads the file up to the array's first byte.
NpyHeader ReadHeader(InputFile* file) {
  const std::string kMagic = "\x93NUMPY";
  std::string start(kMagic.size(), '\0');
  start.resize(file->Read(&start[0], start.size()));
  if (start != kMagic) ThrowNotNpy(start, file->path());
  const Location where{file->path()};

  unsigned char version[2] = {};
  if (file->Read(version, 2) < 2) throw Error(where, "the file ends inside the npy header");
  if (version[0] < 1 || version[0] > 3) {
    throw Error(where, Cat("npy format ", int{version[0]}, ".", int{version[1]},
                           " is not supported; the formats 1.0, 2.0 and 3.0 are"));
  }
  unsigned char length_bytes[4] = {};
  const size_t length_size = version[0] == 1 ? 2 : 4;
  if (file->Read(length_bytes, length_size) < length_size) {
    throw Error(where, "the file ends inside the npy header");
  }
  size_t length = 0;
  for (int i = 3; i >= 0; --i) length = length << 8 | length_bytes[i];

  constexpr size_t kLongest = 1 << 20;  // a shape of 32 axes needs 500 bytes
  if (length > kLongest) {
    throw Error(where, Cat("the npy header claims to be ", length, " bytes long, more than ",
                           kLongest, ": the file is damaged"));
  }
  std::string text(length, '\0');
  const size_t got = file->Read(&text[0], length);
  if (got < length) {
    throw Error(where, Cat("the file ends inside the npy header, after ", got, " of its ", length,
                           " bytes: it is truncated"));
  }
  return ParseNpyHeader(text, file->path());
}

// Reads `size` elements piece by piece, so that memory grows only as the file goes on.
std::vector<float> ReadValues(InputFile* file, const NpyHeader& header, int64_t size) {
  const Dtype& dtype = FindDtype(header.descr, file->path());
  const auto element_size = static_cast<int64_t>(dtype.size);
  const bool swap = IsSwapped(header.descr);
  constexpr int64_t kPiece = 1 << 18;  // elements
  std::vector<char> bytes(static_cast<size_t>(std::min(size, kPiece) * element_size));
  std::vector<float> values;
  values.reserve(static_cast<size_t>(std::min(size, file->known_size() / element_size)));
  int64_t done = 0;
  while (done < size) {
    const int64_t wanted = std::min(kPiece, size - done);
    const auto got =
        static_cast<int64_t>(file->Read(bytes.data(), static_cast<size_t>(wanted * element_size)));
    if (got < wanted * element_size) {
      throw Error(Location{file->path()},
                  Cat("an array of ", ShapeString(header.shape), " ", header.descr, " needs ",
                      size * element_size, " bytes, the file holds ", done * element_size + got,
                      " after its header: it is truncated"));
    }
    values.resize(static_cast<size_t>(done + wanted));
    dtype.decode(bytes.data(), static_cast<size_t>(wanted), swap, &values[done]);
    done += wanted;
  }
  return values;
}

// The elements of an array that was stored with its first axis running fastest.
std::vector<float> FromFortranOrder(const std::vector<float>& stored,
                                    const std::vector<int>& shape) {
  std::vector<size_t> strides(shape.size(), 1);
  for (size_t axis = 1; axis < shape.size(); ++axis) {
    strides[axis] = strides[axis - 1] * static_cast<size_t>(shape[axis - 1]);
  }
  std::vector<float> values(stored.size());
  std::vector<int> index(shape.size(), 0);
  size_t source = 0;
  for (float& value : values) {
    value = stored[source];
    for (size_t axis = shape.size(); axis-- > 0;) {
      source += strides[axis];
      if (++index[axis] < shape[axis]) break;
      source -= strides[axis] * static_cast<size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return values;
}

int64_t CheckedSize(const std::vector<int>& shape, const std::string& path) {
  try {
    return ShapeSize(shape);
  } catch (const Error& error) {
    throw Error(Location{path}, error.message());
  }
}

}  // namespace

NdArray ReadNpy(const std::string& path) {
  InputFile file(path);
  const NpyHeader header = ReadHeader(&file);
  NdArray array;
  array.shape = header.shape;
  array.values = ReadValues(&file, header, CheckedSize(header.shape, path));
  if (header.fortran_order) array.values = FromFortranOrder(array.values, array.shape);
  char more;
  if (file.Read(&more, 1) > 0) {
    LogWarning(path + ": more bytes follow the array of " + ShapeString(array.shape) +
               "; they are ignored");
  }
  return array;
}

void WriteNpy(const std::string& path, const std::vector<int>& shape, const float* values) {
  const int64_t size = CheckedSize(shape, path);
  const std::string prefix = NpyPrefix(shape);
  AtomicFile file(path);
  file.Write(prefix.data(), prefix.size());
  file.Write(values, static_cast<size_t>(size) * sizeof(float));
  file.Commit();
}

}  // namespace demitasse
