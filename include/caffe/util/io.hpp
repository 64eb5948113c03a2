// Messages and pictures from and to files. All functions throw demitasse::Error, those that end in
// OrDie too.
#ifndef DEMITASSE_CAFFE_UTIL_IO_HPP_
#define DEMITASSE_CAFFE_UTIL_IO_HPP_

#include <string>

#include "caffe/blob.hpp"
#include "caffe/common.hpp"
#include "caffe/util/format.hpp"
#include "demitasse/caffe.pb.h"
#include "demitasse/export.hpp"

namespace google {
namespace protobuf {
class Message;
}  // namespace protobuf
}  // namespace google

namespace caffe {

using ::google::protobuf::Message;

// Throws Error for a file that cannot be read and for the first mistake in it.
DEMITASSE_API void ReadProtoFromTextFileOrDie(const std::string& filename, Message* proto);
DEMITASSE_API void ReadProtoFromBinaryFileOrDie(const std::string& filename, Message* proto);
// The same; false, with a warning in the log, for a mistake in the file.
DEMITASSE_API bool ReadProtoFromTextFile(const std::string& filename, Message* proto);
DEMITASSE_API bool ReadProtoFromBinaryFile(const std::string& filename, Message* proto);
DEMITASSE_API void WriteProtoToTextFile(const Message& proto, const std::string& filename);
DEMITASSE_API void WriteProtoToBinaryFile(const Message& proto, const std::string& filename);

// A new directory below the system's one for temporary files, and the name of a file in a new one.
DEMITASSE_API void MakeTempDir(std::string* temp_dirname);
DEMITASSE_API void MakeTempFilename(std::string* temp_filename);

// The bytes of a file as an encoded datum. False, with a warning in the log, if it cannot be read.
DEMITASSE_API bool ReadFileToDatum(const std::string& filename, int label, Datum* datum);
inline bool ReadFileToDatum(const std::string& filename, Datum* datum) {
  return ReadFileToDatum(filename, -1, datum);
}

// A PNG or JPEG picture as a datum of its values, blue first. With height and width above 0 it is
// scaled. With an encoding the datum holds the bytes of the file; pictures are not encoded anew.
// False, with a warning in the log, for a picture that cannot be read.
DEMITASSE_API bool ReadImageToDatum(const std::string& filename, int label, int height, int width,
                                    bool is_color, const std::string& encoding, Datum* datum);
inline bool ReadImageToDatum(const std::string& filename, int label, int height, int width,
                             bool is_color, Datum* datum) {
  return ReadImageToDatum(filename, label, height, width, is_color, "", datum);
}
inline bool ReadImageToDatum(const std::string& filename, int label, int height, int width,
                             Datum* datum) {
  return ReadImageToDatum(filename, label, height, width, true, datum);
}
inline bool ReadImageToDatum(const std::string& filename, int label, bool is_color, Datum* datum) {
  return ReadImageToDatum(filename, label, 0, 0, is_color, datum);
}
inline bool ReadImageToDatum(const std::string& filename, int label, Datum* datum) {
  return ReadImageToDatum(filename, label, 0, 0, true, datum);
}

// Replaces an encoded picture by its values; false if the datum holds none.
DEMITASSE_API bool DecodeDatum(Datum* datum, bool is_color);
DEMITASSE_API bool DecodeDatumNative(Datum* datum);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_UTIL_IO_HPP_
