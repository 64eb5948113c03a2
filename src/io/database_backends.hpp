// The two implementations behind OpenDatabase, and what they share.
#ifndef DEMITASSE_SRC_IO_DATABASE_BACKENDS_HPP_
#define DEMITASSE_SRC_IO_DATABASE_BACKENDS_HPP_

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "src/io/database.hpp"

namespace demitasse {

std::unique_ptr<DatabaseCursor> OpenLmdb(const std::string& path);
std::unique_ptr<DatabaseCursor> OpenLevelDb(const std::string& path);

// The files that tell what a folder is.
constexpr char kLmdbFile[] = "data.mdb";
constexpr char kLevelDbFile[] = "CURRENT";

// The databases a process has open: neither kind may be opened by it a second time, which a net for
// training and one for testing on the same data would do.
template <typename Database>
class OpenDatabases {
 public:
  // The database at `path` that is open, or else a new one.
  std::shared_ptr<Database> Get(const std::string& path) {
    const std::lock_guard<std::mutex> lock(mutex_);
    std::weak_ptr<Database>& held = databases_[std::filesystem::weakly_canonical(path).string()];
    std::shared_ptr<Database> database = held.lock();
    if (database == nullptr) {
      database = std::make_shared<Database>(path);
      held = database;
    }
    return database;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<Database>> databases_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_DATABASE_BACKENDS_HPP_
