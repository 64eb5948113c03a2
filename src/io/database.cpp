#include "src/io/database.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"
#include "src/io/database_backends.hpp"
#include "src/io/file.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

bool Holds(const std::string& folder, const char* file) {
  std::error_code ignored;
  return fs::exists(fs::path(folder) / file, ignored);
}

}  // namespace

#ifndef DEMITASSE_WITH_LMDB
std::unique_ptr<DatabaseCursor> OpenLmdb(const std::string& path) {
  throw Error(Location{path},
              "this build cannot read LMDB databases; configure it with -DDEMITASSE_WITH_LMDB=ON");
}
#endif

#ifndef DEMITASSE_WITH_LEVELDB
std::unique_ptr<DatabaseCursor> OpenLevelDb(const std::string& path) {
  throw Error(Location{path},
              "this build cannot read LevelDB databases; configure it with "
              "-DDEMITASSE_WITH_LEVELDB=ON, or convert the database to LMDB");
}
#endif

std::unique_ptr<DatabaseCursor> OpenDatabase(const std::string& path, DatabaseKind kind) {
  const bool lmdb = kind == DatabaseKind::kLmdb;
  std::error_code code;
  const bool is_folder = fs::is_directory(path, code);
  if (code) throw SystemError(path, "cannot open the database", code.value());
  if (!is_folder) throw Error(Location{path}, "this is a file; a database is a folder");
  if (!Holds(path, lmdb ? kLmdbFile : kLevelDbFile)) {
    const bool is_other = Holds(path, lmdb ? kLevelDbFile : kLmdbFile);
    throw Error(Location{path},
                Cat("this is no ", lmdb ? "LMDB" : "LevelDB", " database: it has no file ",
                    lmdb ? kLmdbFile : kLevelDbFile,
                    is_other ? Cat("; it is one of ", lmdb ? "LevelDB: use `backend: LEVELDB`"
                                                           : "LMDB: use `backend: LMDB`")
                             : ""));
  }
  return lmdb ? OpenLmdb(path) : OpenLevelDb(path);
}

}  // namespace demitasse
