#ifdef DEMITASSE_WITH_HDF5
#include "src/io/hdf5_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>
#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "src/io/hdf5.hpp"
#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string TestPath() { return TempPath("test.h5"); }

// While it lives, no file of this process may become longer than `bytes`.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) : handler_(signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &old_);
    rlimit limit = old_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  void (*handler_)(int);
  rlimit old_ = {};
};

TEST(Hdf5WriterTest, WritesWhatIsRead) {
  const float values[] = {1, 2, 3, 4, 5, 6};
  Hdf5Writer writer(TestPath());
  writer.Write("a/b/x", {2, 3}, values);
  writer.WriteInt("a/n", -7);
  writer.WriteString("s", "text");
  writer.WriteBytes("bytes", std::string("\0\x80\xff", 3));
  writer.Close();
  const Hdf5File file(TestPath());
  const NdArray array = file.OpenDataset("a/b/x").ReadAll();
  EXPECT_THAT(array.shape, ElementsAre(2, 3));
  EXPECT_THAT(array.values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(-7, file.ReadInt("a/n"));
  EXPECT_EQ("text", file.ReadString("s"));
  EXPECT_THAT(file.OpenDataset("bytes").ReadAll().values, ElementsAre(0, 128, 255));
}

TEST(Hdf5WriterTest, AppendsRows) {
  const float values[] = {1, 2, 3, 4, 5, 6};
  Hdf5Writer writer(TestPath());
  writer.AppendRows("x", 2, {2}, values);
  writer.AppendRows("x", 1, {2}, values + 4);
  writer.AppendRows("x", 0, {2}, nullptr);
  writer.AppendRows("y", 3, {}, values);
  writer.AppendRows("y", 2, {}, values);
  writer.AppendRows("empty", 4, {0}, nullptr);
  EXPECT_EQ("dataset 'x' has rows of 2 (2), got some of 1 2 (2)", ErrorAt(TestPath(), [&] {
              writer.AppendRows("x", 1, {1, 2}, values);
            }));
  writer.Close();
  const Hdf5File file(TestPath());
  EXPECT_THAT(file.OpenDataset("x").shape(), ElementsAre(3, 2));
  EXPECT_THAT(file.OpenDataset("x").ReadAll().values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(file.OpenDataset("y").ReadAll().values, ElementsAre(1, 2, 3, 1, 2));
  EXPECT_THAT(file.OpenDataset("empty").shape(), ElementsAre(4, 0));
}

TEST(Hdf5WriterTest, AppendsMoreThanAChunk) {
  std::vector<float> row(1000);
  Hdf5Writer writer(TestPath());
  for (int i = 0; i < 500; ++i) {
    row[999] = static_cast<float>(i);
    writer.AppendRows("x", 1, {10, 100}, row.data());
  }
  writer.Close();
  const Hdf5Dataset dataset = Hdf5File(TestPath()).OpenDataset("x");
  EXPECT_THAT(dataset.shape(), ElementsAre(500, 10, 100));
  for (int i = 0; i < 500; ++i) {
    dataset.ReadRows(i, 1, row.data());
    EXPECT_EQ(i, row[999]);
  }
}

TEST(Hdf5WriterTest, IsReadableAfterFlush) {
  const float values[] = {1, 2};
  Hdf5Writer writer(TestPath());
  writer.AppendRows("x", 2, {}, values);
  writer.Flush();
  EXPECT_THAT(Hdf5File(TestPath()).OpenDataset("x").ReadAll().values, ElementsAre(1, 2));
  writer.AppendRows("x", 1, {}, values);
  writer.Flush();
  EXPECT_THAT(Hdf5File(TestPath()).OpenDataset("x").ReadAll().values, ElementsAre(1, 2, 1));
}

TEST(Hdf5WriterTest, GroupsMayBeThere) {
  Hdf5Writer writer(TestPath());
  writer.AddGroup("a/b");
  writer.AddGroup("a");
  writer.AddGroup("a/b");
  writer.Close();
  EXPECT_THAT(Hdf5File(TestPath()).Names("a"), ElementsAre("b"));
}

TEST(Hdf5WriterTest, NamesCannotBeTakenTwice) {
  Hdf5Writer writer(TestPath());
  writer.WriteInt("a", 1);
  EXPECT_THAT(ErrorAt(TestPath(), [&] { writer.WriteInt("a", 2); }),
              HasSubstr("cannot write dataset 'a' (HDF5 says: name already exists)"));
  EXPECT_THAT(ErrorAt(TestPath(), [&] { writer.AddGroup("a/b"); }),
              HasSubstr("cannot make group 'a/b' (HDF5 says: "));
}

TEST(Hdf5WriterTest, KeepsNoTimes) {
  {
    Hdf5Writer writer(TestPath());
    writer.WriteInt("a", 1);
    writer.Close();
  }
  const hid_t file = H5Fopen(TestPath().c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
  const hid_t dataset = H5Dopen2(file, "a", H5P_DEFAULT);
  H5O_info_t info = {};
  EXPECT_GE(H5Oget_info2(dataset, &info, H5O_INFO_TIME), 0);
  EXPECT_EQ(0, info.mtime);
  H5Dclose(dataset);
  H5Fclose(file);
}

TEST(Hdf5WriterTest, WrongPathsAreInputErrors) {
  EXPECT_EQ("cannot create the file: Is a directory",
            ErrorAt(testing::TempDir(), [] { Hdf5Writer writer(testing::TempDir()); }));
  EXPECT_EQ("cannot create the file: No such file or directory",
            ErrorAt("none/a.h5", [] { Hdf5Writer writer("none/a.h5"); }));
  EXPECT_EQ("the name of the file to write is empty", ErrorAt("", [] { Hdf5Writer writer(""); }));
}

TEST(Hdf5WriterTest, FullDiskIsAFailedRun) {
  Hdf5Writer writer("/dev/full");
  writer.WriteInt("a", 1);
  try {
    writer.Close();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ("/dev/full: error: cannot write the file: No space left on device", error.what());
    EXPECT_EQ(ErrorKind::kRun, error.kind());
  }
}

// The library itself would not survive most of these.
TEST(Hdf5WriterTest, SurvivesFailureAtAnyPlace) {
  const std::vector<float> values(1000);
  const auto write = [&] {
    Hdf5Writer writer(TestPath());
    for (const char* const name : {"a/0", "a/1", "b/0"}) writer.Write(name, {1000}, values.data());
    for (int i = 0; i < 3; ++i) {
      writer.AppendRows("rows", 10, {100}, values.data());
      writer.Flush();
    }
    writer.Close();
  };
  write();
  const auto size = static_cast<rlim_t>(std::filesystem::file_size(TestPath()));
  for (rlim_t limit = 0; limit < size; limit += 1 + limit / 20) {
    const FileSizeLimit scope(limit);
    EXPECT_EQ("cannot write the file: File too large", ErrorAt(TestPath(), write)) << limit;
  }
  write();
  EXPECT_THAT(Hdf5File(TestPath()).OpenDataset("rows").shape(), ElementsAre(30, 100));
}

}  // namespace
}  // namespace demitasse
#endif  // DEMITASSE_WITH_HDF5
