// Key/value databases that hold a data set, one record for each sample, read in the order of their
// keys.
#ifndef DEMITASSE_SRC_IO_DATABASE_HPP_
#define DEMITASSE_SRC_IO_DATABASE_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace demitasse {

enum class DatabaseKind { kLevelDb, kLmdb };

// A place in an open database: a record, or the end, behind the last one. For one thread at a time,
// not always the same; several cursors may read one database. All functions that move throw Error
// if the database is damaged or cannot be read.
class DatabaseCursor {
 public:
  virtual ~DatabaseCursor() = default;

  virtual void ToFirst() = 0;
  // Not to be called at the end.
  virtual void Next() = 0;
  virtual bool AtEnd() const = 0;

  // Of the record at this place; the bytes stay until the cursor moves.
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;

  // How many records there are. LevelDB does not know: all of them are read, once.
  virtual int64_t CountRecords() = 0;
};

// Opens the database in the folder `path` for reading; the cursor is at its first record, or at the
// end if it has none. Throws Error if there is none, it is of the other kind, or damaged, or if
// this build cannot read that kind.
std::unique_ptr<DatabaseCursor> OpenDatabase(const std::string& path, DatabaseKind kind);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_IO_DATABASE_HPP_
