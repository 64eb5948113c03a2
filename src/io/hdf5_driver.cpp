#ifdef DEMITASSE_WITH_HDF5
#include "src/io/hdf5_driver.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>

#include "src/io/hdf5_library.hpp"
#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

namespace demitasse {
namespace {

// The library's handle of an open file begins with what it keeps there itself.
struct DriverFile {
  H5FD_t library = {};
  Hdf5Target* target = nullptr;
  haddr_t end_of_addresses = 0;  // given out by the library, not all written
  haddr_t end_of_file = 0;
};

DriverFile* FileOf(H5FD_t* file) { return reinterpret_cast<DriverFile*>(file); }
const DriverFile* FileOf(const H5FD_t* file) { return reinterpret_cast<const DriverFile*>(file); }

H5FD_t* Open(const char* /*name*/, unsigned /*flags*/, hid_t properties, haddr_t /*most*/) {
  auto file = std::make_unique<DriverFile>();
  file->target = *static_cast<Hdf5Target* const*>(H5Pget_driver_info(properties));
  return &file.release()->library;
}

herr_t Close(H5FD_t* file) {
  delete FileOf(file);
  return 0;
}

herr_t Query(const H5FD_t* /*file*/, unsigned long* flags) {
  *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_ACCUMULATE_METADATA | H5FD_FEAT_DATA_SIEVE |
           H5FD_FEAT_AGGREGATE_SMALLDATA;
  return 0;
}

haddr_t EndOfAddresses(const H5FD_t* file, H5FD_mem_t /*type*/) {
  return FileOf(file)->end_of_addresses;
}

herr_t SetEndOfAddresses(H5FD_t* file, H5FD_mem_t /*type*/, haddr_t end) {
  FileOf(file)->end_of_addresses = end;
  return 0;
}

haddr_t EndOfFile(const H5FD_t* file, H5FD_mem_t /*type*/) { return FileOf(file)->end_of_file; }

// Only values are read back, a half filled chunk for instance: of the rest all stays in memory.
herr_t Read(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*properties*/, haddr_t address, size_t size,
            void* buffer) {
  auto* to = static_cast<char*>(buffer);
  while (size > 0) {
    const ssize_t got =
        pread(FileOf(file)->target->descriptor, to, size, static_cast<off_t>(address));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      int* const failure = &FileOf(file)->target->failure;
      if (*failure == 0) *failure = errno;
    }
    if (got <= 0) break;
    to += got;
    address += static_cast<haddr_t>(got);
    size -= static_cast<size_t>(got);
  }
  std::memset(to, 0, size);  // beyond the end
  return 0;
}

herr_t Write(H5FD_t* file, H5FD_mem_t /*type*/, hid_t /*properties*/, haddr_t address, size_t size,
             const void* buffer) {
  DriverFile* const to = FileOf(file);
  const auto* from = static_cast<const char*>(buffer);
  to->end_of_file = std::max<haddr_t>(to->end_of_file, address + size);
  while (size > 0 && to->target->failure == 0) {
    const ssize_t written = pwrite(to->target->descriptor, from, size, static_cast<off_t>(address));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      to->target->failure = errno;
      break;
    }
    from += written;
    address += static_cast<haddr_t>(written);
    size -= static_cast<size_t>(written);
  }
  return 0;
}

// Gives the file the length of the addresses given out.
herr_t Truncate(H5FD_t* file, hid_t /*properties*/, hbool_t /*closing*/) {
  DriverFile* const of = FileOf(file);
  if (of->end_of_addresses == of->end_of_file) return 0;
  int* const failure = &of->target->failure;
  const auto length = static_cast<off_t>(of->end_of_addresses);
  if (*failure == 0 && ftruncate(of->target->descriptor, length) != 0) *failure = errno;
  of->end_of_file = of->end_of_addresses;
  return 0;
}

H5FD_class_t DriverClass() {
  H5FD_class_t driver = {};
#if H5_VERSION_GE(1, 13, 0)
  driver.version = H5FD_CLASS_VERSION;
  driver.value = static_cast<H5FD_class_value_t>(H5_VFD_MAX);  // a number that no other driver has
#endif
  driver.name = "demitasse";
  driver.maxaddr = static_cast<haddr_t>(std::numeric_limits<off_t>::max());
  driver.fc_degree = H5F_CLOSE_WEAK;
  driver.fapl_size = sizeof(void*);  // of a Hdf5Target
  driver.open = Open;
  driver.close = Close;
  driver.query = Query;
  driver.get_eoa = EndOfAddresses;
  driver.set_eoa = SetEndOfAddresses;
  driver.get_eof = EndOfFile;
  driver.read = Read;
  driver.write = Write;
  driver.truncate = Truncate;
  return driver;
}

// Keeps all metadata in memory, so that none is read back from where it could not be written.
void NeverEvict(hid_t properties) {
  H5AC_cache_config_t config = {};
  config.version = H5AC__CURR_CACHE_CONFIG_VERSION;
  H5Pget_mdc_config(properties, &config);
  config.evictions_enabled = false;
  config.incr_mode = H5C_incr__off;
  config.flash_incr_mode = H5C_flash_incr__off;
  config.decr_mode = H5C_decr__off;
  H5Pset_mdc_config(properties, &config);
}

// Never given up: the library frees a driver with its last file, and calls it after that.
hid_t Driver() {
  static hid_t driver = -1;  // the session keeps other threads out
  if (H5Iget_type(driver) != H5I_VFL) {
    const H5FD_class_t driver_class = DriverClass();
    driver = H5FDregister(&driver_class);
  }
  return driver;
}

}  // namespace

Hdf5Handle CreateHdf5File(Hdf5Target* target) {
  const Hdf5Session session;
  const Hdf5Handle properties(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  if (H5Pset_driver(properties.id(), Driver(), &target) < 0) return {};
  NeverEvict(properties.id());
  return Hdf5Handle(H5Fcreate("demitasse", H5F_ACC_TRUNC, H5P_DEFAULT, properties.id()), H5Fclose);
}

}  // namespace demitasse
#endif  // DEMITASSE_WITH_HDF5
