#ifdef DEMITASSE_WITH_LMDB
#include <lmdb.h>
#include <sys/stat.h>

#include <cerrno>

#include "src/core/text.hpp"
#include "src/io/database_backends.hpp"
#include "src/io/lmdb_error.hpp"

namespace demitasse {
namespace {

class Environment {
 public:
  explicit Environment(const std::string& path) : path_(path) {
    try {
      Open();
      CheckLength();
      OpenRecords();
    } catch (...) {
      mdb_env_close(environment_);
      throw;
    }
  }
  ~Environment() { mdb_env_close(environment_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  const std::string& path() const { return path_; }
  MDB_env* get() const { return environment_; }
  MDB_dbi records() const { return records_; }

  void Check(int code) const {
    if (code != MDB_SUCCESS) throw LmdbError(path_, "cannot read the database", code);
  }

 private:
  void Open() {
    // The lock file keeps another process's writer from overwriting what is being read. Whoever may
    // not write to the folder does without. (A read-only file system is LMDB's own affair.)
    constexpr unsigned kFlags = MDB_RDONLY | MDB_NOTLS;
    int code = TryOpen(kFlags);
    if (code == EACCES || code == EPERM || code == ENOLCK) code = TryOpen(kFlags | MDB_NOLOCK);
    // LMDB would turn an empty file into a new database, which it cannot write here.
    if (code == EBADF) throw Error(Location{path_}, Cat(kLmdbFile, " is empty"));
    if (code != MDB_SUCCESS) throw LmdbError(path_, "cannot open the database", code);
  }

  int TryOpen(unsigned flags) {
    mdb_env_close(environment_);
    environment_ = nullptr;
    const int code = mdb_env_create(&environment_);
    return code != MDB_SUCCESS ? code : mdb_env_open(environment_, path_.c_str(), flags, 0664);
  }

  // The file is mapped into memory: reading behind its end would kill the process.
  void CheckLength() const {
    MDB_envinfo info;
    MDB_stat pages;
    mdb_filehandle_t file = 0;
    struct stat status = {};
    Check(mdb_env_info(environment_, &info));
    Check(mdb_env_stat(environment_, &pages));
    Check(mdb_env_get_fd(environment_, &file));
    if (fstat(file, &status) != 0) Check(errno);
    const uint64_t needed = (info.me_last_pgno + 1) * pages.ms_psize;
    if (static_cast<uint64_t>(status.st_size) < needed) {
      throw Error(Location{path_}, Cat(kLmdbFile, " is truncated: it has ", status.st_size,
                                       " bytes and needs ", needed, "; copy or make it again"));
    }
  }

  void OpenRecords() {
    MDB_txn* transaction = nullptr;
    Check(mdb_txn_begin(environment_, nullptr, MDB_RDONLY, &transaction));
    const int code = mdb_dbi_open(transaction, nullptr, 0, &records_);
    if (code == MDB_SUCCESS) {
      Check(mdb_txn_commit(transaction));
    } else {
      mdb_txn_abort(transaction);
      Check(code);
    }
  }

  const std::string path_;
  MDB_env* environment_ = nullptr;
  MDB_dbi records_ = 0;
};

class LmdbCursor final : public DatabaseCursor {
 public:
  explicit LmdbCursor(std::shared_ptr<const Environment> environment)
      : environment_(std::move(environment)) {
    try {
      environment_->Check(mdb_txn_begin(environment_->get(), nullptr, MDB_RDONLY, &transaction_));
      environment_->Check(mdb_cursor_open(transaction_, environment_->records(), &cursor_));
      ToFirst();
    } catch (...) {
      Close();
      throw;
    }
  }
  ~LmdbCursor() override { Close(); }
  LmdbCursor(const LmdbCursor&) = delete;
  LmdbCursor& operator=(const LmdbCursor&) = delete;

  void ToFirst() override { Move(MDB_FIRST); }
  void Next() override { Move(MDB_NEXT); }
  bool AtEnd() const override { return at_end_; }
  std::string_view key() const override { return View(key_); }
  std::string_view value() const override { return View(value_); }

  int64_t CountRecords() override {
    MDB_stat records;
    environment_->Check(mdb_stat(transaction_, environment_->records(), &records));
    return static_cast<int64_t>(records.ms_entries);
  }

 private:
  static std::string_view View(const MDB_val& bytes) {
    return {static_cast<const char*>(bytes.mv_data), bytes.mv_size};
  }

  void Move(MDB_cursor_op where) {
    const int code = mdb_cursor_get(cursor_, &key_, &value_, where);
    at_end_ = code == MDB_NOTFOUND;
    if (!at_end_) environment_->Check(code);
  }

  void Close() {
    if (cursor_ != nullptr) mdb_cursor_close(cursor_);
    if (transaction_ != nullptr) mdb_txn_abort(transaction_);
  }

  std::shared_ptr<const Environment> environment_;
  MDB_txn* transaction_ = nullptr;
  MDB_cursor* cursor_ = nullptr;
  MDB_val key_ = {};
  MDB_val value_ = {};
  bool at_end_ = false;
};

}  // namespace

std::unique_ptr<DatabaseCursor> OpenLmdb(const std::string& path) {
  static OpenDatabases<Environment> open;
  return std::make_unique<LmdbCursor>(open.Get(path));
}

}  // namespace demitasse
#endif  // DEMITASSE_WITH_LMDB
