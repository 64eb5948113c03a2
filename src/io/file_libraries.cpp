#include "src/io/file_libraries.hpp"

#include <cstdio>
#ifdef DEMITASSE_WITH_HDF5
#include <hdf5.h>
#endif
#ifdef DEMITASSE_WITH_LMDB
#include <lmdb.h>
#endif
#ifdef DEMITASSE_WITH_LEVELDB
#include <leveldb/db.h>
#endif
#ifdef DEMITASSE_WITH_PICTURES
#include <jpeglib.h>
#include <png.h>
#endif

#include "src/core/text.hpp"

namespace demitasse {
namespace {

std::string Hdf5Version() {
#ifdef DEMITASSE_WITH_HDF5
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  return Cat(major, ".", minor, ".", release);
#else
  return "";
#endif
}

std::string LmdbVersion() {
#ifdef DEMITASSE_WITH_LMDB
  int major = 0, minor = 0, patch = 0;
  mdb_version(&major, &minor, &patch);
  return Cat(major, ".", minor, ".", patch);
#else
  return "";
#endif
}

std::string LevelDbVersion() {
#ifdef DEMITASSE_WITH_LEVELDB
  return Cat(leveldb::kMajorVersion, ".", leveldb::kMinorVersion);
#else
  return "";
#endif
}

std::string PngVersion() {
#ifdef DEMITASSE_WITH_PICTURES
  return png_get_libpng_ver(nullptr);
#else
  return "";
#endif
}

// The version of the interface, which is all that every libjpeg tells: "6.2".
std::string JpegVersion() {
#ifdef DEMITASSE_WITH_PICTURES
  return Cat(JPEG_LIB_VERSION / 10, ".", JPEG_LIB_VERSION % 10);
#else
  return "";
#endif
}

}  // namespace

std::vector<Component> FileLibraries() {
  return {{"HDF5", Hdf5Version(), ""},
          {"LMDB", LmdbVersion(), ""},
          {"LevelDB", LevelDbVersion(), ""},
          {"libpng", PngVersion(), ""},
          {"libjpeg", JpegVersion(), ""}};
}

}  // namespace demitasse
