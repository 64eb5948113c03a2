#include "src/io/binary_proto.hpp"

#include <google/protobuf/io/coded_stream.h>

#include <cstdint>
#include <limits>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "src/io/weight_blob.hpp"
#include "weights.pb.h"

namespace demitasse {
namespace {

using google::protobuf::io::CodedInputStream;

// What to say of bytes that are no whole message. The values are nearly all of a file: one that was
// cut off ends among them.
std::string WhyNotRead(const std::string& bytes) {
  enum WireType { kVarint = 0, kLengthDelimited = 2 };
  CodedInputStream stream(reinterpret_cast<const uint8_t*>(bytes.data()),
                          static_cast<int>(bytes.size()));
  for (uint32_t tag = stream.ReadTag(); tag != 0; tag = stream.ReadTag()) {
    uint64_t number = 0;  // a value, or the bytes of one
    if (!stream.ReadVarint64(&number)) break;
    if ((tag & 7) == kVarint) continue;
    if ((tag & 7) != kLengthDelimited) break;
    const uint64_t left = bytes.size() - static_cast<size_t>(stream.CurrentPosition());
    if (number <= left) {
      stream.Skip(static_cast<int>(number));
      continue;
    }
    const uint32_t field = tag >> 3;
    const bool are_values = field == weights::BlobProto::kDataFieldNumber ||
                            field == weights::BlobProto::kDoubleDataFieldNumber;
    if (!are_values) break;
    return Cat("the file ends inside its values, after ", left, " of their ", number,
               " bytes: it is truncated (copy or download it again), or no .binaryproto file");
  }
  return "this is no .binaryproto file (an array as a BlobProto message), or it is damaged";
}

}  // namespace

NdArray ReadBinaryProto(const std::string& path) {
  constexpr int64_t kLongestFile = std::numeric_limits<int>::max();  // of Protocol Buffers
  weights::BlobProto proto;
  {
    const std::string bytes = ReadFile(path, kLongestFile);
    if (!proto.ParseFromString(bytes)) throw Error(Location{path}, WhyNotRead(bytes));
  }
  if (proto.data_size() == 0 && proto.double_data_size() == 0) {
    throw Error(Location{path}, "the file holds no values; is it a .binaryproto file?");
  }
  try {
    return ToWeightBlob(proto);
  } catch (const Error& error) {
    throw Error(Location{path}, error.message());
  }
}

}  // namespace demitasse
