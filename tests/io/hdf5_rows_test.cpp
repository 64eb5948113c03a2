#ifdef DEMITASSE_WITH_HDF5
#include "src/io/hdf5_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include "demitasse/memory_budget.hpp"
#include "src/io/hdf5_writer.hpp"
#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

using testing::Each;
using testing::ElementsAre;

// A file with rows first, first + 1, ... of "x".
std::string MakeFile(const std::string& name, int first, int count) {
  Hdf5Writer file(TempPath(name));
  for (int i = first; i < first + count; ++i) {
    const float value = static_cast<float>(i);
    file.AppendRows("x", 1, {}, &value);
  }
  file.Close();
  return TempPath(name);
}

std::vector<float> Read(Hdf5Rows* rows, int64_t begin, int64_t count) {
  std::vector<float> values(static_cast<size_t>(count));
  rows->Read(begin, count, {values.data()});
  return values;
}

TEST(Hdf5RowsTest, FollowEachOtherWithoutEnd) {
  Hdf5Rows rows({MakeFile("a", 0, 2), MakeFile("b", 2, 3)}, {"x"});
  EXPECT_EQ(5, rows.rows_per_epoch());
  EXPECT_THAT(Read(&rows, 0, 7), ElementsAre(0, 1, 2, 3, 4, 0, 1));
  EXPECT_THAT(Read(&rows, 5000000000004, 3), ElementsAre(4, 0, 1));
}

TEST(Hdf5RowsTest, FilesWithoutThemAreSteppedOver) {
  Hdf5Writer writer(TempPath("empty"));
  writer.AppendRows("x", 0, {}, nullptr);
  writer.Close();
  const std::string empty = TempPath("empty");
  Hdf5Rows rows({empty, MakeFile("a", 0, 2), empty, MakeFile("b", 2, 1), empty}, {"x"});
  EXPECT_THAT(Read(&rows, 0, 6), ElementsAre(0, 1, 2, 0, 1, 2));
  EXPECT_EQ(empty + " has no rows", ErrorAt("", [&] { Hdf5Rows({empty}, {"x"}); }));
  EXPECT_EQ("none of the 2 files has rows", ErrorAt("", [&] { Hdf5Rows({empty, empty}, {"x"}); }));
}

// A file whose rows were never written may claim any number of them.
TEST(Hdf5RowsTest, MoreThanCanBeCountedOrOrderedAreErrors) {
  const auto claim = [](hsize_t rows) {
    const hid_t file = H5Fcreate(TempPath("x").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    const hsize_t chunk = 1000;
    const hid_t space = H5Screate_simple(1, &rows, nullptr);
    const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(properties, 1, &chunk);
    H5Dclose(H5Dcreate2(file, "x", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, properties, H5P_DEFAULT));
    H5Pclose(properties);
    H5Sclose(space);
    H5Fclose(file);
  };
  claim(hsize_t{1} << 39);
  EXPECT_EQ("there are more than 1099511627776 rows", ErrorAt(TempPath("x"), [] {
              Hdf5Rows({TempPath("x"), TempPath("x"), TempPath("x")}, {"x"});
            }));
  claim(hsize_t{1} << 32);
  const MemoryBudget::Scope scope(std::make_shared<MemoryBudget>(int64_t{1} << 20));
  Hdf5Rows rows({TempPath("x")}, {"x"});
  EXPECT_THAT(Read(&rows, 5, 1), ElementsAre(0));
  Hdf5Rows shuffled({TempPath("x")}, {"x"});
  shuffled.Shuffle(1);
  EXPECT_EQ(
      "needs 32768 MB more memory, but 0 MB of the limit of 1 MB are taken; use smaller "
      "inputs or raise the memory limit",
      ErrorAt("", [&] { Read(&shuffled, 0, 1); }));
}

TEST(Hdf5RowsTest, OfFilesThatChangeAreErrors) {
  Hdf5Rows rows({MakeFile("a", 0, 2), MakeFile("b", 2, 2)}, {"x"});
  EXPECT_THAT(Read(&rows, 0, 2), ElementsAre(0, 1));
  MakeFile("b", 2, 3);
  EXPECT_EQ("the file had 2 rows and has 3 now",
            ErrorAt(TempPath("b"), [&] { Read(&rows, 2, 2); }));
  MakeFile("b", 2, 2);
  EXPECT_THAT(Read(&rows, 2, 3), ElementsAre(2, 3, 0)) << "goes on";
}

TEST(Hdf5RowsTest, AreTheSameWhereverReadingBegins) {
  const std::vector<std::string> files = {MakeFile("a", 0, 7), MakeFile("b", 7, 5)};
  for (const bool shuffle : {false, true}) {
    Hdf5Rows whole(files, {"x"});
    Hdf5Rows parts(files, {"x"});
    if (shuffle) whole.Shuffle(3);
    if (shuffle) parts.Shuffle(3);
    const std::vector<float> values = Read(&whole, 0, 48);
    for (const int begin : {40, 0, 30, 12, 11, 23}) {
      EXPECT_EQ(std::vector<float>(values.begin() + begin, values.begin() + begin + 8),
                Read(&parts, begin, 8))
          << begin;
    }
  }
}

TEST(Hdf5RowsTest, AreShuffledWithinTheirFilesAndFilesAmongThemselves) {
  Hdf5Rows rows({MakeFile("a", 0, 4), MakeFile("b", 4, 4)}, {"x"});
  rows.Shuffle(1);
  int times_first = 0;
  for (int epoch = 0; epoch < 32; ++epoch) {
    const std::vector<float> file = Read(&rows, epoch * 8, 4);
    const bool is_first = file[0] < 4;
    for (const float row : file) EXPECT_EQ(is_first, row < 4);
    times_first += is_first ? 1 : 0;
  }
  EXPECT_GT(times_first, 4);
  EXPECT_LT(times_first, 28);
}

TEST(Hdf5RowsTest, AreShuffledAlsoIfTheyDoNotFitInMemory) {
  const hid_t file = H5Fcreate(TempPath("large").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  const hsize_t shape[] = {300000, 1000};  // 1.2 GB, never written
  const hid_t space = H5Screate_simple(2, shape, nullptr);
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  const float value = 5;
  H5Pset_fill_value(properties, H5T_NATIVE_FLOAT, &value);
  const hid_t dataset =
      H5Dcreate2(file, "x", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, properties, H5P_DEFAULT);
  H5Dclose(dataset);
  H5Pclose(properties);
  H5Sclose(space);
  H5Fclose(file);

  Hdf5Rows rows({TempPath("large")}, {"x"});
  rows.Shuffle(1);
  std::vector<float> values(10 * 1000);
  rows.Read(299995, 10, {values.data()});
  EXPECT_THAT(values, Each(5));
}

}  // namespace
}  // namespace demitasse
#endif  // DEMITASSE_WITH_HDF5
