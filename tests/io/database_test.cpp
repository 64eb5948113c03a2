#include "src/io/database.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "src/io/lmdb_writer.hpp"
#include "tests/io/io_test_files.hpp"

#ifdef DEMITASSE_WITH_LEVELDB
#include <leveldb/db.h>
#endif

namespace demitasse {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::EndsWith;
using testing::StartsWith;
using Records = std::vector<std::pair<std::string, std::string>>;

Records ReadAll(const std::string& path, DatabaseKind kind) {
  Records records;
  for (const auto record = OpenDatabase(path, kind); !record->AtEnd(); record->Next()) {
    records.emplace_back(record->key(), record->value());
  }
  return records;
}

TEST(DatabaseTest, NamesWhatIsNoDatabase) {
  const std::string path = TempPath("db");
  const auto open = [&] { OpenDatabase(path, DatabaseKind::kLmdb); };
  EXPECT_EQ("cannot open the database: No such file or directory", ErrorAt(path, open));
  fs::create_directory(path);
  EXPECT_EQ("this is no LMDB database: it has no file data.mdb", ErrorAt(path, open));
  WriteBytes(path + "/CURRENT", "");
  EXPECT_EQ(
      "this is no LMDB database: it has no file data.mdb; it is one of LevelDB: use `backend: "
      "LEVELDB`",
      ErrorAt(path, open));
  EXPECT_EQ("this is a file; a database is a folder", ErrorAt(path + "/CURRENT", [&] {
              OpenDatabase(path + "/CURRENT", DatabaseKind::kLevelDb);
            }));
}

#ifndef DEMITASSE_WITH_LMDB

TEST(LmdbTest, ABuildWithoutLmdbSaysSo) {
  const std::string path = TempPath("db");
  EXPECT_EQ("this build cannot write LMDB databases; configure it with -DDEMITASSE_WITH_LMDB=ON",
            ErrorAt(path, [&] { const LmdbWriter writer(path); }));
  fs::create_directory(path);
  WriteBytes(path + "/data.mdb", "");
  EXPECT_EQ("this build cannot read LMDB databases; configure it with -DDEMITASSE_WITH_LMDB=ON",
            ErrorAt(path, [&] { OpenDatabase(path, DatabaseKind::kLmdb); }));
}

#else

std::string LmdbOf(const Records& records) {
  std::string path = TempPath("lmdb");
  LmdbWriter writer(path);
  for (const auto& [key, value] : records) writer.Put(key, value);
  writer.Finish();
  return path;
}

TEST(LmdbTest, GivesRecordsInTheOrderOfTheirKeys) {
  const std::string path = LmdbOf({{"b", "2"}, {"a", "1"}, {"c", std::string(5000, '3')}});
  EXPECT_THAT(ReadAll(path, DatabaseKind::kLmdb),
              ElementsAre(std::pair("a", "1"), std::pair("b", "2"),
                          std::pair("c", std::string(5000, '3'))));
}

TEST(LmdbTest, StartsAgainAndCounts) {
  const auto record = OpenDatabase(LmdbOf({{"a", "1"}, {"b", "2"}}), DatabaseKind::kLmdb);
  record->Next();
  record->Next();
  EXPECT_TRUE(record->AtEnd());
  record->ToFirst();
  EXPECT_EQ("a", record->key());
  EXPECT_EQ(2, record->CountRecords());
}

TEST(LmdbTest, HasSeveralCursorsAtOnce) {
  const std::string path = LmdbOf({{"a", "1"}, {"b", "2"}});
  const auto first = OpenDatabase(path, DatabaseKind::kLmdb);
  auto second = OpenDatabase(path, DatabaseKind::kLmdb);
  first->Next();
  EXPECT_EQ("a", second->key());
  second.reset();
  EXPECT_EQ("b", first->key());
}

TEST(LmdbTest, MayBeEmpty) { EXPECT_TRUE(OpenDatabase(LmdbOf({}), DatabaseKind::kLmdb)->AtEnd()); }

TEST(LmdbTest, SaysThatADatabaseIsDamaged) {
  const std::string path = LmdbOf({{"a", std::string(100000, 'x')}});
  const std::string file = path + "/data.mdb";
  const auto open = [&] { OpenDatabase(path, DatabaseKind::kLmdb); };
  const auto size = fs::file_size(file);
  fs::resize_file(file, size - 50000);
  EXPECT_EQ("data.mdb is truncated: it has " + std::to_string(size - 50000) + " bytes and needs " +
                std::to_string(size) + "; copy or make it again",
            ErrorAt(path, open));
  WriteBytes(file, std::string(10000, 'x'));
  EXPECT_EQ("cannot open the database: File is not an LMDB file", ErrorAt(path, open));
  WriteBytes(file, "");
  EXPECT_EQ("data.mdb is empty", ErrorAt(path, open));
}

TEST(LmdbWriterTest, GrowsAsNeeded) {
  const std::string path = TempPath("lmdb");
  LmdbWriter writer(path);
  for (int i = 100; i < 140; ++i) writer.Put(std::to_string(i), std::string(1 << 20, 'x'));
  writer.Finish();
  const Records records = ReadAll(path, DatabaseKind::kLmdb);
  ASSERT_EQ(40U, records.size());
  EXPECT_EQ("139", records.back().first);
  EXPECT_EQ(std::string(1 << 20, 'x'), records.back().second);
}

TEST(LmdbWriterTest, LeavesNothingUnlessItIsFinished) {
  const fs::path folder = TempPath("folder");
  fs::create_directory(folder);
  LmdbWriter(folder / "lmdb").Put("a", "1");
  EXPECT_TRUE(fs::is_empty(folder));
}

TEST(LmdbWriterTest, RefusesWhatItCannotWrite) {
  const std::string path = LmdbOf({});
  EXPECT_EQ("exists already; remove it, or write to another place",
            ErrorAt(path, [&] { const LmdbWriter writer(path); }));
  EXPECT_EQ("cannot make the folder: No such file or directory",
            ErrorAt(path + "/a/b", [&] { const LmdbWriter writer(path + "/a/b"); }));
  EXPECT_EQ("the name of the database to write is empty",
            ErrorAt("", [] { const LmdbWriter writer(""); }));
}

TEST(LmdbWriterTest, DoesNotReplaceWhatHasTakenItsNameMeanwhile) {
  const std::string path = TempPath("lmdb");
  LmdbWriter writer(path);
  fs::create_directory(path);
  WriteBytes(path + "/data.mdb", "of another");
  EXPECT_EQ("cannot give the database its name: Directory not empty",
            ErrorAt(path, [&] { writer.Finish(); }));
  EXPECT_EQ("of another", ReadBytes(path + "/data.mdb"));
}

TEST(LmdbWriterTest, RefusesBadKeys) {
  const std::string path = TempPath("lmdb");
  LmdbWriter writer(path);
  EXPECT_EQ("a key must have 1 to 511 bytes, got 0: ''",
            ErrorAt(path, [&] { writer.Put("", ""); }));
  EXPECT_THAT(ErrorAt(path, [&] { writer.Put(std::string(512, 'k'), ""); }),
              StartsWith("a key must have 1 to 511 bytes, got 512: 'kkk"));
  writer.Put("a", "1");
  writer.Put("a", "2");
  EXPECT_EQ("there are two records with the key 'a'", ErrorAt(path, [&] { writer.Finish(); }));
}

TEST(LmdbWriterTest, ReportsAFullDisk) {
  const std::string path = TempPath("lmdb");
  LmdbWriter writer(path);
  writer.Put("a", std::string(1 << 20, 'x'));
  rlimit old_limit{};
  ASSERT_EQ(0, getrlimit(RLIMIT_FSIZE, &old_limit));
  rlimit limit = old_limit;
  limit.rlim_cur = 1 << 19;
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);  // would end the program
  ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &limit));
  const std::string error = ErrorAt(path, [&] { writer.Finish(); });
  setrlimit(RLIMIT_FSIZE, &old_limit);
  std::signal(SIGXFSZ, old_handler);
  EXPECT_THAT(error, StartsWith("cannot write the database: "));
}

#endif

#ifdef DEMITASSE_WITH_LEVELDB

std::string LevelDbOf(const Records& records) {
  std::string path = TempPath("leveldb");
  leveldb::Options options;
  options.create_if_missing = true;
  leveldb::DB* database = nullptr;
  EXPECT_TRUE(leveldb::DB::Open(options, path, &database).ok());
  const std::unique_ptr<leveldb::DB> owner(database);
  for (const auto& [key, value] : records) {
    EXPECT_TRUE(database->Put(leveldb::WriteOptions(), key, value).ok());
  }
  database->CompactRange(nullptr, nullptr);  // from the log to a table
  return path;
}

TEST(LevelDbTest, GivesRecordsInTheOrderOfTheirKeys) {
  EXPECT_THAT(ReadAll(LevelDbOf({{"b", "2"}, {"a", "1"}}), DatabaseKind::kLevelDb),
              ElementsAre(std::pair("a", "1"), std::pair("b", "2")));
}

TEST(LevelDbTest, StartsAgainAndCounts) {
  const auto record = OpenDatabase(LevelDbOf({{"a", "1"}, {"b", "2"}}), DatabaseKind::kLevelDb);
  record->Next();
  EXPECT_EQ(2, record->CountRecords());
  EXPECT_EQ("2", record->value());
  record->Next();
  EXPECT_TRUE(record->AtEnd());
  record->ToFirst();
  EXPECT_EQ("a", record->key());
}

TEST(LevelDbTest, HasSeveralCursorsAtOnce) {
  const std::string path = LevelDbOf({{"a", "1"}, {"b", "2"}});
  const auto first = OpenDatabase(path, DatabaseKind::kLevelDb);
  auto second = OpenDatabase(path, DatabaseKind::kLevelDb);
  first->Next();
  EXPECT_EQ("a", second->key());
  second.reset();
  EXPECT_EQ("b", first->key());
}

TEST(LevelDbTest, SaysThatAnotherHasTheDatabase) {
  const std::string path = LevelDbOf({{"a", "1"}});
  leveldb::DB* database = nullptr;
  ASSERT_TRUE(leveldb::DB::Open(leveldb::Options(), path, &database).ok());
  const std::unique_ptr<leveldb::DB> owner(database);
  const std::string error = ErrorAt(path, [&] { OpenDatabase(path, DatabaseKind::kLevelDb); });
  EXPECT_THAT(error, StartsWith("cannot open the database: IO error: lock " + path));
  EXPECT_THAT(error,
              EndsWith("(LevelDB writes into the folder even to read, and one process has it "
                       "at a time)"));
}

TEST(LevelDbTest, SaysThatADatabaseIsDamaged) {
  const std::string path = LevelDbOf({{"a", std::string(1000, 'x')}});
  for (const auto& entry : fs::directory_iterator(path)) {
    if (entry.path().extension() == ".ldb") {
      std::string bytes = ReadBytes(entry.path());
      bytes[10] = 'y';
      WriteBytes(entry.path(), bytes);
    }
  }
  EXPECT_THAT(ErrorAt(path, [&] { OpenDatabase(path, DatabaseKind::kLevelDb); }),
              StartsWith("cannot read the database: Corruption: block checksum mismatch"));
  WriteBytes(path + "/CURRENT", "");
  EXPECT_THAT(ErrorAt(path, [&] { OpenDatabase(path, DatabaseKind::kLevelDb); }),
              StartsWith("cannot open the database: Corruption"));
}

#else

TEST(LevelDbTest, ABuildWithoutLevelDbSaysSo) {
  const std::string path = TempPath("db");
  fs::create_directory(path);
  WriteBytes(path + "/CURRENT", "");
  EXPECT_EQ(
      "this build cannot read LevelDB databases; configure it with -DDEMITASSE_WITH_LEVELDB=ON, or "
      "convert the database to LMDB",
      ErrorAt(path, [&] { OpenDatabase(path, DatabaseKind::kLevelDb); }));
}

#endif

}  // namespace
}  // namespace demitasse
