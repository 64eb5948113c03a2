#ifdef DEMITASSE_WITH_LEVELDB
#include <leveldb/db.h>

#include "demitasse/error.hpp"
#include "src/io/database_backends.hpp"

namespace demitasse {
namespace {

class LevelDb {
 public:
  explicit LevelDb(const std::string& path) : path_(path) {
    leveldb::Options options;
    options.max_open_files = 100;
    leveldb::DB* database = nullptr;
    const leveldb::Status status = leveldb::DB::Open(options, path, &database);
    database_.reset(database);
    if (status.IsIOError()) {
      throw Error(Location{path},
                  "cannot open the database: " + status.ToString() +
                      " (LevelDB writes into the folder even to read, and one process has it at a "
                      "time)");
    }
    if (!status.ok()) {
      throw Error(Location{path}, "cannot open the database: " + status.ToString());
    }
  }

  const std::string& path() const { return path_; }
  leveldb::DB* get() const { return database_.get(); }

 private:
  const std::string path_;
  std::unique_ptr<leveldb::DB> database_;
};

class LevelDbCursor final : public DatabaseCursor {
 public:
  explicit LevelDbCursor(std::shared_ptr<const LevelDb> database)
      : database_(std::move(database)), records_(NewIterator()) {
    ToFirst();
  }

  void ToFirst() override {
    records_->SeekToFirst();
    Check(*records_);
  }
  void Next() override {
    records_->Next();
    Check(*records_);
  }
  bool AtEnd() const override { return !records_->Valid(); }
  std::string_view key() const override { return View(records_->key()); }
  std::string_view value() const override { return View(records_->value()); }

  int64_t CountRecords() override {
    if (count_ < 0) {
      int64_t count = 0;
      const std::unique_ptr<leveldb::Iterator> record = NewIterator();
      for (record->SeekToFirst(); record->Valid(); record->Next()) ++count;
      Check(*record);
      count_ = count;
    }
    return count_;
  }

 private:
  static std::string_view View(const leveldb::Slice& bytes) { return {bytes.data(), bytes.size()}; }

  std::unique_ptr<leveldb::Iterator> NewIterator() const {
    leveldb::ReadOptions options;
    options.fill_cache = false;
    options.verify_checksums = true;
    return std::unique_ptr<leveldb::Iterator>(database_->get()->NewIterator(options));
  }

  void Check(const leveldb::Iterator& record) const {
    if (record.status().ok()) return;
    throw Error(Location{database_->path()},
                "cannot read the database: " + record.status().ToString());
  }

  std::shared_ptr<const LevelDb> database_;
  std::unique_ptr<leveldb::Iterator> records_;  // before the database in destruction
  int64_t count_ = -1;
};

}  // namespace

std::unique_ptr<DatabaseCursor> OpenLevelDb(const std::string& path) {
  static OpenDatabases<LevelDb> open;
  return std::make_unique<LevelDbCursor>(open.Get(path));
}

}  // namespace demitasse
#endif  // DEMITASSE_WITH_LEVELDB
