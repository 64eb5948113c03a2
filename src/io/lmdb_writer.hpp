// Writes a data set as an LMDB database.
#ifndef DEMITASSE_SRC_IO_LMDB_WRITER_HPP_
#define DEMITASSE_SRC_IO_LMDB_WRITER_HPP_

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

struct MDB_env;

namespace demitasse {

// A new database, which appears under its name only when it is complete: until then it is in a
// folder PATH.tmp.<process> beside it. For one thread.
class LmdbWriter {
 public:
  // Throws Error if there is something of that name already, if its folder cannot be made, or if
  // this build cannot write LMDB.
  explicit LmdbWriter(const std::string& path);
  // Removes everything unless it was finished.
  ~LmdbWriter();
  LmdbWriter(const LmdbWriter&) = delete;
  LmdbWriter& operator=(const LmdbWriter&) = delete;

  // Adds a record, of any size; its key must be a new one of 1 to 511 bytes. Throws Error for other
  // keys, and (kRun) if the disk is full or fails.
  void Put(std::string key, std::string value);

  // Waits until all is on the disk and gives the database its name. Nothing may be put after it.
  void Finish();

 private:
  void WritePending();
  // Returns MDB_SUCCESS, or the code of what went wrong, with nothing written.
  int TryToWritePending();
  void GrowMap();
  void Close();

  const std::string path_;
  std::string temporary_;  // empty: finished
  MDB_env* environment_ = nullptr;
  size_t map_size_;
  std::vector<std::pair<std::string, std::string>> pending_;  // written in one transaction
  size_t pending_bytes_ = 0;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_LMDB_WRITER_HPP_
