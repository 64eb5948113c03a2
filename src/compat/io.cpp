#include "caffe/util/io.hpp"

#include <google/protobuf/message.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <limits>

#include "caffe/util/upgrade_proto.hpp"
#include "demitasse/error.hpp"
#include "demitasse/log.hpp"
#include "src/core/text.hpp"
#include "src/io/atomic_file.hpp"
#include "src/io/datum.hpp"
#include "src/io/file.hpp"
#include "src/io/picture.hpp"
#include "src/io/write_message.hpp"
#include "src/parse/print_text.hpp"
#include "src/parse/prototxt.hpp"
#include "src/parse/text_file.hpp"
#include "src/parse/upgrade.hpp"

namespace caffe {
namespace {

using demitasse::Cat;
using demitasse::Diagnostics;
using demitasse::Error;
using demitasse::Location;

constexpr int64_t kLongestMessage = std::numeric_limits<int>::max();  // of Protocol Buffers

// Runs `step`; false, with a warning, if it throws.
template <typename Step>
bool Succeeds(const Step& step) {
  try {
    step();
    return true;
  } catch (const Error& error) {
    demitasse::LogWarning(error.what());
    return false;
  }
}

void ToDatum(const demitasse::PixelArray& pixels, Datum* datum) {
  datum->set_channels(pixels.channels);
  datum->set_height(pixels.height);
  datum->set_width(pixels.width);
  datum->clear_float_data();
  datum->set_data(pixels.bytes.data(), pixels.bytes.size());
  datum->set_encoded(false);
}

bool Decode(demitasse::PictureColor color, Datum* datum) {
  if (!datum->encoded()) return false;
  ToDatum(demitasse::DatumToPixels(*datum, color, "datum"), datum);
  return true;
}

}  // namespace

void ReadProtoFromTextFileOrDie(const std::string& filename, Message* proto) {
  Diagnostics diagnostics;
  proto->Clear();
  demitasse::ReadText(demitasse::ReadTextFile(filename), filename, {}, proto, nullptr,
                      &diagnostics);
  diagnostics.ThrowIfErrors();
}

void ReadProtoFromBinaryFileOrDie(const std::string& filename, Message* proto) {
  if (proto->ParseFromString(demitasse::ReadFile(filename, kLongestMessage))) return;
  throw Error(Location{filename},
              Cat("this is no ", proto->GetDescriptor()->name(), " message, or it is damaged"));
}

bool ReadProtoFromTextFile(const std::string& filename, Message* proto) {
  return Succeeds([&] { ReadProtoFromTextFileOrDie(filename, proto); });
}

bool ReadProtoFromBinaryFile(const std::string& filename, Message* proto) {
  return Succeeds([&] { ReadProtoFromBinaryFileOrDie(filename, proto); });
}

void WriteProtoToTextFile(const Message& proto, const std::string& filename) {
  const std::string text = demitasse::PrintText(proto);
  demitasse::AtomicFile file(filename);
  file.Write(text.data(), text.size());
  file.Commit();
}

void WriteProtoToBinaryFile(const Message& proto, const std::string& filename) {
  demitasse::WriteMessage(filename, proto);
}

void MakeTempDir(std::string* temp_dirname) {
  std::string name = (std::filesystem::temp_directory_path() / "caffe_test.XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) {
    throw demitasse::SystemError(name, "cannot make a temporary directory", errno);
  }
  *temp_dirname = name;
}

void MakeTempFilename(std::string* temp_filename) {
  std::string directory;
  MakeTempDir(&directory);
  *temp_filename = directory + "/file";
}

bool ReadFileToDatum(const std::string& filename, int label, Datum* datum) {
  return Succeeds([&] {
    datum->set_data(demitasse::ReadFile(filename, kLongestMessage));
    datum->set_label(label);
    datum->set_encoded(true);
  });
}

bool ReadImageToDatum(const std::string& filename, int label, int height, int width, bool is_color,
                      const std::string& encoding, Datum* datum) {
  if (!encoding.empty() && height <= 0 && width <= 0) {
    return ReadFileToDatum(filename, label, datum);
  }
  return Succeeds([&] {
    const demitasse::Picture picture = demitasse::ReadPicture(filename);
    const bool scaled = height > 0 && width > 0;
    ToDatum(demitasse::PictureToPixels(picture, is_color ? 3 : 1, scaled ? height : picture.height,
                                       scaled ? width : picture.width),
            datum);
    datum->set_label(label);
  });
}

bool DecodeDatum(Datum* datum, bool is_color) {
  return Decode(is_color ? demitasse::PictureColor::kColor : demitasse::PictureColor::kGray, datum);
}

bool DecodeDatumNative(Datum* datum) { return Decode(demitasse::PictureColor::kAsStored, datum); }

void ReadNetParamsFromTextFileOrDie(const std::string& param_file, NetParameter* param) {
  Diagnostics diagnostics;
  *param = demitasse::ReadNet(param_file, {}, &diagnostics).net;
  diagnostics.ThrowIfErrors();
}

void ReadNetParamsFromBinaryFileOrDie(const std::string& param_file, NetParameter* param) {
  ReadProtoFromBinaryFileOrDie(param_file, param);
  UpgradeNetAsNeeded(param_file, param);
}

void ReadSolverParamsFromTextFileOrDie(const std::string& param_file, SolverParameter* param) {
  Diagnostics diagnostics;
  *param = demitasse::ReadSolver(param_file, {}, &diagnostics).param;
  diagnostics.ThrowIfErrors();
}

bool UpgradeNetAsNeeded(const std::string& param_file, NetParameter* param) {
  Diagnostics diagnostics;
  demitasse::SourceMap source(param_file);
  demitasse::UpgradeNet(param, &source, &diagnostics);
  diagnostics.ThrowIfErrors();
  return true;
}

bool UpgradeSolverAsNeeded(const std::string& param_file, SolverParameter* param) {
  Diagnostics diagnostics;
  demitasse::SourceMap source(param_file);
  demitasse::UpgradeSolver(param, &source, &diagnostics);
  diagnostics.ThrowIfErrors();
  return true;
}

}  // namespace caffe
