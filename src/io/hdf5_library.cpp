#ifdef DEMITASSE_WITH_HDF5
#include "src/io/hdf5_library.hpp"

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

std::recursive_mutex& LibraryMutex() {
  static std::recursive_mutex mutex;
  return mutex;
}

// What the innermost function that failed says.
std::string Reason() {
  std::string reason;
  const auto take = [](unsigned depth, const H5E_error2_t* error, void* text) -> herr_t {
    if (depth == 0 && error->desc != nullptr) *static_cast<std::string*>(text) = error->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, take, &reason);
  // Of "file read failed: time = ..., errno = 5, error message = '...', ..." what the system says.
  const std::string kSystem = "error message = '";
  const size_t said = reason.find(kSystem);
  if (said == std::string::npos) return reason;
  const size_t begin = said + kSystem.size();
  return Cat(reason.substr(0, reason.find(':')), ": ",
             reason.substr(begin, reason.find('\'', begin) - begin));
}

}  // namespace

Hdf5Session::Hdf5Session() : lock_(LibraryMutex()) {
  if (H5open() < 0) {
    throw Error("the HDF5 library cannot start; is there memory left?", ErrorKind::kRun);
  }
  H5Eget_auto2(H5E_DEFAULT, &printer_, &printer_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Hdf5Session::~Hdf5Session() { H5Eset_auto2(H5E_DEFAULT, printer_, printer_data_); }

bool Hdf5Handle::Reset() {
  if (!valid()) return true;
  const Hdf5Session session;
  return close_(std::exchange(id_, -1)) >= 0;
}

void ThrowHdf5Error(const std::string& path, const std::string& message) {
  const std::string reason = Reason();
  throw Error(Location{path},
              reason.empty() ? message : Cat(message, " (HDF5 says: ", reason, ")"));
}

std::string DatasetName(const std::string& name) { return Cat("dataset '", OneLine(name), "'"); }

}  // namespace demitasse
#endif  // DEMITASSE_WITH_HDF5
