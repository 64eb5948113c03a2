#include "src/io/weights.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/file.hpp"
#include "src/io/hdf5.hpp"
#include "src/io/hdf5_weights.hpp"
#include "weights.pb.h"

namespace demitasse {
namespace {

using google::protobuf::io::CodedInputStream;

constexpr int64_t kLongestFile = std::numeric_limits<int>::max();  // a limit of Protocol Buffers

[[noreturn]] void ThrowTooLong(const std::string& path, int64_t size) {
  throw Error(Location{path},
              Cat("the weights take ", size, " bytes, a caffemodel can have at most ", kLongestFile,
                  " (a limit of Protocol Buffers); keep them in HDF5 form, .caffemodel.h5"));
}

// Throws Error if the file's first bytes show that it is something else.
void CheckStart(const std::string& start, const std::string& path) {
  const Location where{path};
  if (start.empty()) throw Error(where, "the file is empty; a caffemodel is needed");
  if (start.compare(0, 8, "\x89HDF\r\n\x1a\n") == 0) {
    throw Error(where,
                "this is HDF5 data, which cannot be read from a pipe; give the path of its file");
  }
  // Every message in a binary caffemodel brings control characters along; text has none but these.
  const bool is_text = std::none_of(start.begin(), start.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' && !(c >= '\t' && c <= '\r');
  });
  if (is_text) {
    throw Error(where,
                "this is a text file (a prototxt, perhaps, or a web page saved in place of "
                "the file), a binary caffemodel is needed");
  }
  // Field 1 as a number: the iteration of a solverstate, the first dimension of a mean image.
  if (start[0] == '\x08') {
    throw Error(where, "this is not a caffemodel but a solverstate, a mean image or the like");
  }
}

// "layer 'conv1': blob 0", to begin a message with.
std::string BlobName(const LayerWeights& layer) {
  return Cat("layer '", layer.name, "': blob ", layer.blobs.size());
}

std::string V1TypeName(int type) {
  using caffe::V1LayerParameter;
  if (!V1LayerParameter::LayerType_IsValid(type)) return std::to_string(type);
  return V1LayerParameter::LayerType_Name(static_cast<V1LayerParameter::LayerType>(type));
}

// Walks over the fields of the file, of which each layer is one, so that only one is in memory as
// a message, and so that it is known where a damaged file breaks off.
class CaffemodelReader {
 public:
  explicit CaffemodelReader(const std::string& path)
      : file_(path), stream_(file_.descriptor(), kBlockSize) {
    result_.path = path;
  }

  WeightFile Read() {
    if (file_.known_size() > kLongestFile) ThrowTooLong(file_.path(), file_.known_size());
    CheckStart(Start(), file_.path());
    while (ReadField()) {
    }
    CheckReading();
    const bool any = std::any_of(result_.layers.begin(), result_.layers.end(),
                                 [](const LayerWeights& layer) { return !layer.blobs.empty(); });
    if (!any) {
      Fail(Cat("the file holds no layer weights (", result_.layers.size(),
               " layers, none with blobs); is it a caffemodel?"));
    }
    return std::move(result_);
  }

 private:
  static constexpr int kBlockSize = 1 << 20;
  // The wire types of Protocol Buffers that occur in nets.
  enum WireType { kVarint = 0, kFixed64 = 1, kLengthDelimited = 2, kFixed32 = 5 };

  [[noreturn]] void Fail(const std::string& message) const {
    throw Error(Location{file_.path()}, message);
  }

  // A stream that failed looks like one at its end.
  void CheckReading() const {
    if (stream_.GetErrno() == 0) return;
    throw SystemError(file_.path(), "cannot read the file", stream_.GetErrno());
  }

  // The file's first bytes, which stay in the stream.
  std::string Start() {
    constexpr int kEnough = 4096;
    const void* data = nullptr;
    int size = 0;
    if (!stream_.Next(&data, &size)) {
      CheckReading();
      return "";
    }
    std::string start(static_cast<const char*>(data), std::min(size, kEnough));
    stream_.BackUp(size);
    return start;
  }

  // Reads one field; false at the end of the file.
  bool ReadField() {
    const int64_t start = stream_.ByteCount();
    int64_t body = start;  // where the field's value begins
    int64_t size = 0;      // and how many bytes it has
    bool good = false;
    {
      CodedInputStream coded(&stream_);
      const uint32_t tag = coded.ReadTag();
      if (tag == 0 && coded.ConsumedEntireMessage()) return false;
      good = tag >> 3 != 0 && ReadSize(tag, &coded, &size);
      body += coded.CurrentPosition();
      good = good && ReadBody(tag, static_cast<int>(size), &coded);
    }  // gives back to stream_ what it has not read
    if (!good) FailAt(start, body, size);
    return true;
  }

  // How many bytes the field's value has. False if the file ends or the tag is none.
  static bool ReadSize(uint32_t tag, CodedInputStream* coded, int64_t* size) {
    uint64_t value = 0;
    switch (tag & 7) {
      case kVarint:
        return coded->ReadVarint64(&value);  // the value is read with it
      case kFixed64:
        *size = 8;
        return true;
      case kFixed32:
        *size = 4;
        return true;
      case kLengthDelimited:
        if (!coded->ReadVarint64(&value)) return false;
        *size = static_cast<int64_t>(std::min<uint64_t>(value, int64_t{1} << 62));
        return value <= static_cast<uint64_t>(kLongestFile);
      default:
        return false;
    }
  }

  bool ReadBody(uint32_t tag, int size, CodedInputStream* coded) {
    if ((tag & 7) != kLengthDelimited) return SkipBytes(size, coded);
    switch (tag >> 3) {
      case weights::NetParameter::kNameFieldNumber:
        return coded->ReadString(&result_.net_name, size);
      case weights::NetParameter::kLayersFieldNumber: {
        weights::V1Layer layer;
        if (!ReadMessage(size, coded, &layer)) return false;
        AddV1Layer(&layer);
        return true;
      }
      case weights::NetParameter::kLayerFieldNumber: {
        weights::Layer layer;
        if (!ReadMessage(size, coded, &layer)) return false;
        AddLayer(layer.type(), &layer);
        return true;
      }
      default:
        return SkipBytes(size, coded);
    }
  }

  // CodedInputStream::Skip() would step over the end of a file without noticing.
  static bool SkipBytes(int size, CodedInputStream* coded) {
    while (size > 0) {
      const void* data = nullptr;
      int available = 0;
      if (!coded->GetDirectBufferPointer(&data, &available)) return false;
      const int step = std::min(size, available);
      coded->Skip(step);
      size -= step;
    }
    return true;
  }

  template <typename Message>
  static bool ReadMessage(int size, CodedInputStream* coded, Message* message) {
    const CodedInputStream::Limit limit = coded->PushLimit(size);
    const bool complete = message->MergeFromCodedStream(coded) && coded->ConsumedEntireMessage() &&
                          coded->BytesUntilLimit() == 0;
    coded->PopLimit(limit);
    return complete;
  }

  void AddV1Layer(weights::V1Layer* layer) {
    if (layer->has_layer()) {
      AddLayer(layer->layer().type(), layer->mutable_layer());
    } else {
      AddLayer(V1TypeName(layer->type()), layer);
    }
  }

  // Moves the values of `proto` out, blob by blob.
  template <typename Layer>
  void AddLayer(const std::string& type, Layer* proto) {
    LayerWeights layer;
    layer.name = proto->name();
    layer.type = type;
    for (weights::BlobProto& blob : *proto->mutable_blobs()) {
      try {
        layer.blobs.push_back(ToWeightBlob(blob));
      } catch (const Error& error) {
        Fail(Cat(BlobName(layer), ": ", error.message()));
      }
      weights::BlobProto().Swap(&blob);
    }
    result_.layers.push_back(std::move(layer));
  }

  // Throws the Error for a field that could not be read: the file breaks off inside, or is damaged.
  [[noreturn]] void FailAt(int64_t start, int64_t body, int64_t size) {
    const void* data = nullptr;
    int block = 0;
    // No further than is needed: there are files without end.
    while (stream_.ByteCount() - body <= size && stream_.Next(&data, &block)) {
    }
    CheckReading();
    const int64_t end = stream_.ByteCount();
    if (size <= kLongestFile && end - body < size) {
      Fail(Cat("the file ends inside a field, after ", end - body, " of its ", size,
               " bytes: it is truncated, copy or download it again"));
    }
    if (body == end && size == 0) {
      Fail("the file ends inside a field: it is truncated, copy or download it again");
    }
    Fail(Cat("the file is damaged, or no caffemodel: what stands at byte ", start,
             " is not a field of a net"));
  }

  InputFile file_;
  google::protobuf::io::FileInputStream stream_;
  WeightFile result_;
};

}  // namespace

WeightFile ReadCaffemodel(const std::string& path) {
  if (IsHdf5File(path)) return ReadHdf5Weights(path);
  return CaffemodelReader(path).Read();
}

}  // namespace demitasse
