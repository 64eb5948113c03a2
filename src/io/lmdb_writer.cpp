#include "src/io/lmdb_writer.hpp"

#include "demitasse/error.hpp"

#ifdef DEMITASSE_WITH_LMDB
#include <unistd.h>

#include <cassert>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "src/core/text.hpp"
#include "src/io/lmdb_error.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

constexpr size_t kFirstMapSize = size_t{1} << 20;  // doubled whenever it is full
constexpr size_t kBytesAtOnce = size_t{16} << 20;  // a transaction
constexpr size_t kLongestKey = 511;                // of LMDB as it is commonly built
constexpr char kCannotWrite[] = "cannot write the database";

MDB_val Bytes(const std::string& bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};  // mdb_put only reads them
}

}  // namespace

LmdbWriter::LmdbWriter(const std::string& path) : path_(path), map_size_(kFirstMapSize) {
  if (path.empty()) throw Error("the name of the database to write is empty");
  std::error_code code;
  if (fs::exists(fs::symlink_status(path, code))) {
    throw Error(Location{path}, "exists already; remove it, or write to another place");
  }
  const std::string temporary = Cat(path, ".tmp.", getpid());
  fs::remove_all(temporary, code);  // left behind by a killed process
  code.clear();
  fs::create_directory(temporary, code);
  if (code) throw SystemError(path, "cannot make the folder", code.value());
  temporary_ = temporary;
  try {
    int result = mdb_env_create(&environment_);
    if (result == MDB_SUCCESS) result = mdb_env_set_mapsize(environment_, map_size_);
    if (result == MDB_SUCCESS) {
      result = mdb_env_open(environment_, temporary_.c_str(), MDB_NOTLS | MDB_NOLOCK, 0666);
    }
    if (result != MDB_SUCCESS) throw LmdbError(path_, kCannotWrite, result);
  } catch (...) {
    Close();
    throw;
  }
}

LmdbWriter::~LmdbWriter() { Close(); }

void LmdbWriter::Close() {
  if (environment_ != nullptr) mdb_env_close(std::exchange(environment_, nullptr));
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
}

void LmdbWriter::Put(std::string key, std::string value) {
  assert(environment_ != nullptr);
  if (key.empty() || key.size() > kLongestKey) {
    throw Error(Location{path_}, Cat("a key must have 1 to ", kLongestKey, " bytes, got ",
                                     key.size(), ": '", OneLine(key), "'"));
  }
  pending_bytes_ += key.size() + value.size();
  pending_.emplace_back(std::move(key), std::move(value));
  if (pending_bytes_ >= kBytesAtOnce) WritePending();
}

void LmdbWriter::Finish() {
  WritePending();
  mdb_env_close(std::exchange(environment_, nullptr));
  std::error_code code;
  fs::rename(temporary_, path_, code);
  if (code) throw SystemError(path_, "cannot give the database its name", code.value());
  temporary_.clear();
}

void LmdbWriter::WritePending() {
  int code = TryToWritePending();
  while (code == MDB_MAP_FULL) {
    GrowMap();
    code = TryToWritePending();
  }
  if (code != MDB_SUCCESS) throw LmdbError(path_, kCannotWrite, code);
  pending_.clear();
  pending_bytes_ = 0;
}

int LmdbWriter::TryToWritePending() {
  MDB_txn* transaction = nullptr;
  MDB_dbi records = 0;
  int code = mdb_txn_begin(environment_, nullptr, 0, &transaction);
  if (code != MDB_SUCCESS) return code;
  code = mdb_dbi_open(transaction, nullptr, 0, &records);
  for (const auto& record : pending_) {
    if (code != MDB_SUCCESS) break;
    MDB_val key = Bytes(record.first);
    MDB_val value = Bytes(record.second);
    code = mdb_put(transaction, records, &key, &value, MDB_NOOVERWRITE);
    if (code == MDB_KEYEXIST) {
      mdb_txn_abort(transaction);
      throw Error(Location{path_},
                  Cat("there are two records with the key '", OneLine(record.first), "'"));
    }
  }
  if (code == MDB_SUCCESS) return mdb_txn_commit(transaction);
  mdb_txn_abort(transaction);
  return code;
}

void LmdbWriter::GrowMap() {
  map_size_ *= 2;
  const int code = mdb_env_set_mapsize(environment_, map_size_);
  if (code != MDB_SUCCESS) {
    throw LmdbError(path_, Cat("cannot map ", map_size_, " bytes of the database"), code);
  }
}

}  // namespace demitasse

#else

namespace demitasse {

LmdbWriter::LmdbWriter(const std::string& path) : path_(path), map_size_(0) {
  throw Error(Location{path},
              "this build cannot write LMDB databases; configure it with "
              "-DDEMITASSE_WITH_LMDB=ON");
}
LmdbWriter::~LmdbWriter() = default;
void LmdbWriter::Put(std::string /*key*/, std::string /*value*/) {}
void LmdbWriter::Finish() {}

}  // namespace demitasse

#endif  // DEMITASSE_WITH_LMDB
