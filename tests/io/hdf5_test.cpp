#include "src/io/hdf5.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/io/io_test_files.hpp"
#ifdef DEMITASSE_WITH_HDF5
#include <hdf5.h>

#include "src/io/hdf5_writer.hpp"
#endif

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::string TestPath() { return TempPath("test.h5"); }

TEST(Hdf5Test, IsKnownByItsFirstBytes) {
  WriteBytes(TestPath(), "\x89HDF\r\n\x1a\n and more");
  EXPECT_TRUE(IsHdf5File(TestPath()));
  WriteBytes(TestPath(), "\x89HDF\r\n\x1a");
  EXPECT_FALSE(IsHdf5File(TestPath()));
  WriteBytes(TestPath(), "a.h5\nb.h5\n");
  EXPECT_FALSE(IsHdf5File(TestPath()));
  EXPECT_FALSE(IsHdf5File("/dev/null"));
  EXPECT_FALSE(IsHdf5File(testing::TempDir()));
  EXPECT_FALSE(IsHdf5File("none"));
}

TEST(Hdf5Test, SaysWhatIsWrongWithThePath) {
  EXPECT_EQ("cannot open the file: No such file or directory",
            ErrorAt("none", [] { Hdf5File file("none"); }));
  EXPECT_EQ("this is a directory where a file is needed",
            ErrorAt(testing::TempDir(), [] { Hdf5File file(testing::TempDir()); }));
}

#ifndef DEMITASSE_WITH_HDF5
TEST(Hdf5Test, SaysHowToBuildWithIt) {
  const std::string message =
      "this build cannot use HDF5; configure it with -DDEMITASSE_WITH_HDF5=ON";
  EXPECT_EQ(message, ErrorAt("", [] { RequireHdf5(); }));
  WriteBytes(TestPath(), "\x89HDF\r\n\x1a\n and more");
  EXPECT_EQ(message, ErrorAt(TestPath(), [] { Hdf5File file(TestPath()); }));
}
#else

// A file made with the library itself.
class RawFile {
 public:
  RawFile() : id_(H5Fcreate(TestPath().c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT)) {}
  ~RawFile() { H5Fclose(id_); }
  RawFile(const RawFile&) = delete;
  RawFile& operator=(const RawFile&) = delete;

  hid_t id() const { return id_; }

  // A dataset with values of the memory type; not written if there are none.
  void Add(const char* name, hid_t type, const std::vector<hsize_t>& shape, hid_t memory_type,
           const void* values, hid_t properties = H5P_DEFAULT) const {
    const hid_t space = H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr);
    const hid_t dataset = H5Dcreate2(id_, name, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    ASSERT_GE(dataset, 0);
    if (values != nullptr) {
      ASSERT_GE(H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values), 0);
    }
    H5Dclose(dataset);
    H5Sclose(space);
  }

 private:
  hid_t id_;
};

// Properties of a dataset in compressed chunks.
hid_t Compressed(const std::vector<hsize_t>& chunk) {
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(properties, static_cast<int>(chunk.size()), chunk.data());
  H5Pset_deflate(properties, 6);
  return properties;
}

std::vector<float> Numbers(int count) {
  std::vector<float> values;
  for (int i = 0; i < count; ++i) values.push_back(static_cast<float>(i));
  return values;
}

std::vector<float> Rows(const Hdf5Dataset& dataset, int64_t begin, int64_t count, size_t size) {
  std::vector<float> values(static_cast<size_t>(count) * size);
  dataset.ReadRows(begin, count, values.data());
  return values;
}

TEST(Hdf5Test, NumbersOfAnyKindBecomeFloat) {
  const std::vector<double> values = {0, 1, 100};
  const std::vector<hid_t> types = {H5T_STD_U8LE,  H5T_STD_I8LE,   H5T_STD_I16BE,
                                    H5T_STD_I64LE, H5T_IEEE_F32BE, H5T_IEEE_F64LE};
  {
    const RawFile file;
    for (size_t i = 0; i < types.size(); ++i) {
      file.Add(std::to_string(i).c_str(), types[i], {3}, H5T_NATIVE_DOUBLE, values.data());
    }
    const signed char truths[] = {1, 0, 1};
    const hid_t truth = H5Tenum_create(H5T_NATIVE_SCHAR);  // as h5py stores them
    const signed char names[] = {0, 1};
    H5Tenum_insert(truth, "FALSE", &names[0]);
    H5Tenum_insert(truth, "TRUE", &names[1]);
    file.Add("truths", truth, {3}, truth, truths);
    H5Tclose(truth);
  }
  const Hdf5File file(TestPath());
  for (size_t i = 0; i < types.size(); ++i) {
    const Hdf5Dataset dataset = file.OpenDataset(std::to_string(i));
    EXPECT_THAT(dataset.ReadAll().values, ElementsAre(0, 1, 100)) << i;
    EXPECT_THAT(Rows(dataset, 1, 2, 1), ElementsAre(1, 100)) << i;
  }
  EXPECT_THAT(file.OpenDataset("truths").ReadAll().values, ElementsAre(1, 0, 1));
}

TEST(Hdf5Test, ReadsRows) {
  const std::vector<float> values = Numbers(24);
  {
    const RawFile file;
    file.Add("x", H5T_NATIVE_FLOAT, {4, 3, 2}, H5T_NATIVE_FLOAT, values.data());
  }
  const Hdf5Dataset dataset = Hdf5File(TestPath()).OpenDataset("x");
  EXPECT_EQ("x", dataset.name());
  EXPECT_EQ(TestPath(), dataset.path());
  EXPECT_THAT(dataset.shape(), ElementsAre(4, 3, 2));
  EXPECT_EQ(values, Rows(dataset, 0, 4, 6));
  EXPECT_THAT(Rows(dataset, 2, 1, 6), ElementsAre(12, 13, 14, 15, 16, 17));
  EXPECT_THAT(Rows(dataset, 4, 0, 6), IsEmpty());
  EXPECT_EQ("dataset 'x' has no rows 3 to 5, only 4",
            ErrorAt(TestPath(), [&] { Rows(dataset, 3, 2, 6); }));
  EXPECT_EQ("dataset 'x' has no rows -1 to 0, only 4",
            ErrorAt(TestPath(), [&] { Rows(dataset, -1, 1, 6); }));
}

TEST(Hdf5Test, ReadsCompressedRowsInAnyOrder) {
  const std::vector<float> values = Numbers(70);
  {
    const RawFile file;
    const hid_t properties = Compressed({3, 4});
    file.Add("x", H5T_NATIVE_FLOAT, {10, 7}, H5T_NATIVE_FLOAT, values.data(), properties);
    H5Pclose(properties);
  }
  const Hdf5Dataset dataset = Hdf5File(TestPath()).OpenDataset("x");
  EXPECT_EQ(values, Rows(dataset, 0, 10, 7));
  EXPECT_THAT(Rows(dataset, 5, 1, 7), ElementsAre(35, 36, 37, 38, 39, 40, 41));
}

TEST(Hdf5Test, CountsBeyond32Bits) {
  const hsize_t rows = 5000000000;
  {
    const RawFile file;
    const hid_t properties = Compressed({1000000});
    file.Add("x", H5T_NATIVE_FLOAT, {rows}, H5T_NATIVE_FLOAT, nullptr, properties);
    H5Pclose(properties);
    const hid_t dataset = H5Dopen2(file.id(), "x", H5P_DEFAULT);
    const hid_t space = H5Dget_space(dataset);
    const hsize_t last = rows - 1;
    H5Sselect_elements(space, H5S_SELECT_SET, 1, &last);
    const hsize_t one = 1;
    const hid_t memory = H5Screate_simple(1, &one, nullptr);
    const float value = 7;
    H5Dwrite(dataset, H5T_NATIVE_FLOAT, memory, space, H5P_DEFAULT, &value);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(dataset);
  }
  const Hdf5Dataset dataset = Hdf5File(TestPath()).OpenDataset("x");
  EXPECT_THAT(dataset.shape(), ElementsAre(5000000000));
  EXPECT_THAT(Rows(dataset, 4999999998, 2, 1), ElementsAre(0, 7));
  EXPECT_EQ("dataset 'x' has an axis of length 5000000000, longer than 2147483647",
            ErrorAt(TestPath(), [&] { dataset.ReadAll(); }));
}

TEST(Hdf5Test, ReadsSingleValuesAndEmptyArrays) {
  {
    Hdf5Writer file(TestPath());
    const float value = 5;
    file.Write("one", {}, &value);
    file.Write("none", {3, 0}, nullptr);
    file.Close();
  }
  const Hdf5File file(TestPath());
  EXPECT_THAT(file.OpenDataset("one").shape(), IsEmpty());
  EXPECT_THAT(file.OpenDataset("one").ReadAll().values, ElementsAre(5));
  EXPECT_THAT(file.OpenDataset("none").ReadAll().shape, ElementsAre(3, 0));
  EXPECT_THAT(Rows(file.OpenDataset("none"), 0, 3, 0), IsEmpty());
}

TEST(Hdf5Test, ListsNamesInOrder) {
  {
    Hdf5Writer file(TestPath());
    file.AddGroup("b/c");
    file.WriteInt("b/a", 1);
    file.WriteInt("a", 2);
    file.Close();
  }
  const Hdf5File file(TestPath());
  EXPECT_THAT(file.Names(""), ElementsAre("a", "b"));
  EXPECT_THAT(file.Names("b"), ElementsAre("a", "c"));
  EXPECT_TRUE(file.IsGroup("b/c"));
  EXPECT_FALSE(file.IsGroup("b/a"));
  EXPECT_FALSE(file.IsGroup("c"));
  EXPECT_EQ("the file has no group 'c'", ErrorAt(TestPath(), [&] { file.Names("c"); }));
}

TEST(Hdf5Test, ReadsStringsOfEitherKind) {
  {
    Hdf5Writer file(TestPath());
    file.WriteString("fixed", "a.caffemodel");
    file.Close();
  }
  EXPECT_EQ("a.caffemodel", Hdf5File(TestPath()).ReadString("fixed"));
  {
    const RawFile file;
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    const char* const text = "b.caffemodel";
    file.Add("variable", type, {1}, type, &text);
    H5Tclose(type);
  }
  EXPECT_EQ("b.caffemodel", Hdf5File(TestPath()).ReadString("variable"));
}

TEST(Hdf5Test, SaysWhatADatasetIsInstead) {
  {
    Hdf5Writer file(TestPath());
    file.WriteString("text", "x");
    file.Write("labels", {2}, Numbers(2).data());
    file.AddGroup("group");
    file.Close();
  }
  const Hdf5File file(TestPath());
  const auto error = [&](const std::string& name) {
    return ErrorAt(TestPath(), [&] { file.OpenDataset(name); });
  };
  EXPECT_EQ("dataset 'text' holds text, numbers are needed", error("text"));
  EXPECT_EQ("'group' is a group, a dataset is needed", error("group"));
  EXPECT_EQ("the file has no dataset 'label'; did you mean 'labels'? (it has: group, labels, text)",
            error("label"));
  EXPECT_EQ("dataset 'labels' must hold one whole number",
            ErrorAt(TestPath(), [&] { file.ReadInt("labels"); }));
  EXPECT_EQ("dataset 'labels' must hold one string",
            ErrorAt(TestPath(), [&] { file.ReadString("labels"); }));
}

TEST(Hdf5Test, SaysWhatADatasetOfAnotherProgramHolds) {
  {
    const RawFile file;
    const hid_t lists = H5Tvlen_create(H5T_NATIVE_FLOAT);
    file.Add("lists", lists, {2}, lists, nullptr);
    H5Tclose(lists);
    const hid_t records = H5Tcreate(H5T_COMPOUND, sizeof(float));
    H5Tinsert(records, "field", 0, H5T_NATIVE_FLOAT);
    file.Add("records", records, {2}, records, nullptr);
    H5Tclose(records);
    file.Add("bits", H5T_STD_B8LE, {2}, H5T_STD_B8LE, nullptr);
    const hid_t space = H5Screate(H5S_NULL);
    H5Dclose(H5Dcreate2(file.id(), "nothing", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, H5P_DEFAULT,
                        H5P_DEFAULT));
    H5Sclose(space);
  }
  const Hdf5File file(TestPath());
  const auto error = [&](const std::string& name) {
    return ErrorAt(TestPath(), [&] { file.OpenDataset(name); });
  };
  EXPECT_EQ("dataset 'lists' holds lists of various lengths, numbers are needed", error("lists"));
  EXPECT_EQ("dataset 'records' holds records, numbers are needed", error("records"));
  EXPECT_EQ("dataset 'bits' holds something else, numbers are needed", error("bits"));
  EXPECT_EQ("dataset 'nothing' has no values", error("nothing"));
}

TEST(Hdf5Test, TruncatedFilesAreErrors) {
  {
    Hdf5Writer file(TestPath());
    file.Write("a/b", {300}, Numbers(300).data());
    file.Write("c", {2, 2}, Numbers(4).data());
    file.Close();
  }
  const std::string whole = std::to_string(std::filesystem::file_size(TestPath()));
  std::filesystem::resize_file(TestPath(), 1000);
  EXPECT_EQ(
      "the file cannot be read, it is truncated or damaged (HDF5 says: truncated file: eof = 1000, "
      "sblock->base_addr = 0, stored_eof = " +
          whole + ")",
      ErrorAt(TestPath(), [] { Hdf5File file(TestPath()); }));
  for (size_t size = 1000; size > 0; size -= 8) {
    std::filesystem::resize_file(TestPath(), size);
    EXPECT_THAT(ErrorAt(TestPath(), [] { Hdf5File file(TestPath()); }),
                StartsWith("the file cannot be read, it is truncated or damaged"));
  }
}

TEST(Hdf5Test, ShapesBeyondTheDataAreErrors) {
  {
    const RawFile file;
    file.Add("x", H5T_NATIVE_FLOAT, {0x1357}, H5T_NATIVE_FLOAT, Numbers(0x1357).data());
  }
  std::string bytes = ReadBytes(TestPath());
  const size_t length = bytes.find(std::string("\x57\x13\0\0\0\0\0\0", 8));
  ASSERT_NE(std::string::npos, length);
  bytes[length + 3] = '\x70';
  WriteBytes(TestPath(), bytes);
  const Hdf5File file(TestPath());
  EXPECT_EQ("dataset 'x' is damaged: it should have 1879053143 values, in 19804 bytes",
            ErrorAt(TestPath(), [&] { file.OpenDataset("x"); }));
}

TEST(Hdf5Test, SmallFilesThatClaimMuchAreErrors) {
  constexpr hsize_t kMuch = hsize_t{1} << 30;
  {
    const RawFile file;
    const hid_t properties = Compressed({100});
    file.Add("chunks", H5T_NATIVE_FLOAT, {kMuch}, H5T_NATIVE_FLOAT, nullptr, properties);
    file.Add("plain", H5T_NATIVE_FLOAT, {kMuch}, H5T_NATIVE_FLOAT, nullptr);
    H5Pclose(properties);
  }
  const Hdf5File file(TestPath());
  for (const char* name : {"chunks", "plain"}) {
    EXPECT_EQ(std::string("dataset '") + name +
                  "' claims 1073741824 values, more than can be in its 0 bytes: it is damaged",
              ErrorAt(TestPath(), [&] { file.OpenDataset(name).ReadAll(); }));
  }
}

TEST(Hdf5Test, DamagedFilesAreErrors) {
  {
    const RawFile file;
    const hid_t properties = Compressed({100});
    file.Add("x", H5T_NATIVE_FLOAT, {100}, H5T_NATIVE_FLOAT, Numbers(100).data(), properties);
    H5Pclose(properties);
  }
  std::string bytes = ReadBytes(TestPath());
  const size_t stream = bytes.rfind("\x78\x9c");  // zlib's first bytes
  ASSERT_NE(std::string::npos, stream);
  bytes.replace(stream + 2, 20, 20, '\xff');
  WriteBytes(TestPath(), bytes);
  const Hdf5Dataset dataset = Hdf5File(TestPath()).OpenDataset("x");
  EXPECT_THAT(ErrorAt(TestPath(), [&] { dataset.ReadAll(); }),
              StartsWith("cannot read dataset 'x' (HDF5 says: "));
  EXPECT_THAT(ErrorAt(TestPath(), [&] { Rows(dataset, 5, 1, 1); }),
              StartsWith("cannot read rows 5 to 6 of dataset 'x' (HDF5 says: "));
}

TEST(Hdf5Test, PrintsNothingAndLeavesTheProgramsPrinterAlone) {
  WriteBytes(TestPath(), "\x89HDF\r\n\x1a\n and more");
  H5E_auto2_t before = nullptr;
  void* data_before = nullptr;
  H5Eget_auto2(H5E_DEFAULT, &before, &data_before);
  testing::internal::CaptureStderr();
  ErrorAt(TestPath(), [] { Hdf5File file(TestPath()); });
  EXPECT_EQ("", testing::internal::GetCapturedStderr());
  H5E_auto2_t after = nullptr;
  void* data_after = nullptr;
  H5Eget_auto2(H5E_DEFAULT, &after, &data_after);
  EXPECT_EQ(before, after);
}

#endif  // DEMITASSE_WITH_HDF5

}  // namespace
}  // namespace demitasse
