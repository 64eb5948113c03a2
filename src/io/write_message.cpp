#include "src/io/write_message.hpp"

#include <google/protobuf/io/zero_copy_stream_impl.h>

#include <exception>
#include <limits>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"

namespace demitasse {
namespace {

// Lets Protocol Buffers write to an AtomicFile. An Error may not pass through its code, whose
// destructors write; it waits in `failure`.
class AtomicFileStream : public google::protobuf::io::CopyingOutputStream {
 public:
  explicit AtomicFileStream(AtomicFile* file) : file_(file) {}

  bool Write(const void* buffer, int size) override {
    try {
      if (failure == nullptr) file_->Write(buffer, static_cast<size_t>(size));
    } catch (...) {
      failure = std::current_exception();
    }
    return failure == nullptr;
  }

  std::exception_ptr failure;

 private:
  AtomicFile* file_;
};

}  // namespace

void WriteMessage(const std::string& path, const google::protobuf::MessageLite& message) {
  constexpr size_t kLongestFile = std::numeric_limits<int>::max();
  const size_t size = message.ByteSizeLong();
  if (size > kLongestFile) {
    throw Error(Location{path},
                Cat("the file would take ", size, " bytes, it can have at most ", kLongestFile,
                    " (a limit of Protocol Buffers); write it in HDF5 form, .h5"));
  }
  AtomicFile file(path);
  AtomicFileStream stream(&file);
  {
    google::protobuf::io::CopyingOutputStreamAdaptor adaptor(&stream, 1 << 20);
    message.SerializePartialToZeroCopyStream(&adaptor);
  }
  if (stream.failure != nullptr) std::rethrow_exception(stream.failure);
  file.Commit();
}

}  // namespace demitasse
