#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>

#include "demitasse/net.hpp"
#include "tests/support/layer_harness.hpp"
#ifdef DEMITASSE_WITH_HDF5
#include "src/io/hdf5_writer.hpp"
#endif

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAreArray;
using Shape = std::vector<int>;
using Values = std::vector<float>;

#ifndef DEMITASSE_WITH_HDF5
TEST(HDF5DataLayer, SaysWhatTheBuildNeeds) {
  CheckErrors({{"name: 'l' type: 'HDF5Data' top: 'data' hdf5_data_param { source: 'a' }",
                {},
                "layer: error: layer 'l' (HDF5Data): this build cannot use HDF5; configure it with "
                "-DDEMITASSE_WITH_HDF5=ON"}});
}
#else

// A folder of the running test alone, with HDF5 files and lists.
class HDF5DataLayer : public testing::Test {
 protected:
  HDF5DataLayer() { std::filesystem::create_directory(folder_); }
  ~HDF5DataLayer() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }

  // Rows first, first + 1, ...: "data" is (row, -row), "label" the row.
  void WriteRows(const std::string& name, int first, int count) const {
    Hdf5Writer file(Path(name));
    for (int row = first; row < first + count; ++row) {
      const float value = static_cast<float>(row);
      const float pair[] = {value, -value};
      file.AppendRows("data", 1, {2, 1}, pair);
      file.AppendRows("label", 1, {}, &value);
    }
    file.Close();
  }

  void WriteList(const std::string& text) const { std::ofstream(Path("list.txt")) << text; }

  std::string Text(const std::string& source, const std::string& fields) const {
    return "name: 'l' type: 'HDF5Data' top: 'data' top: 'label' hdf5_data_param { source: '" +
           Path(source) + "' " + fields + " }";
  }

  // The labels of `batches` batches, after having checked that the data belong to them.
  static Values Labels(LayerHarness* harness, int batches) {
    Values labels;
    for (int i = 0; i < batches; ++i) {
      harness->Forward();
      const Values batch = Data(harness->top(1));
      Values pairs;
      for (const float label : batch) pairs.insert(pairs.end(), {label, -label});
      EXPECT_EQ(pairs, Data(harness->top(0)));
      labels.insert(labels.end(), batch.begin(), batch.end());
    }
    return labels;
  }

  std::string Error(const std::string& text) const {
    try {
      LayerHarness harness(text, {});
      harness.Forward();
    } catch (const demitasse::Error& error) {
      return error.message();
    }
    return "no error";
  }

  // The message about a source of two files, the second made by the function.
  std::string ErrorOfSecondFile(const std::function<void(Hdf5Writer*)>& fill) const {
    WriteRows("a.h5", 0, 3);
    {
      Hdf5Writer file(Path("b.h5"));
      fill(&file);
      file.Close();
    }
    WriteList("a.h5 b.h5");
    const std::string message = Error(Text("list.txt", "batch_size: 2"));
    const std::string start = "layer 'l' (HDF5Data): " + Path("b.h5") + ": ";
    EXPECT_EQ(start, message.substr(0, start.size()));
    return message.substr(start.size());
  }

  const std::string folder_ = testing::TempDir() + "hdf5_data_layer_" + std::to_string(getpid()) +
                              "_" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(HDF5DataLayer, ReadsOneFileOverAndOver) {
  WriteRows("a.h5", 0, 5);
  LayerHarness harness(Text("a.h5", "batch_size: 2"), {});
  EXPECT_EQ((Shape{2, 2, 1}), harness.top(0).shape());
  EXPECT_EQ((Shape{2}), harness.top(1).shape());
  EXPECT_THAT(Labels(&harness, 6), ElementsAre(0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1));
}

TEST_F(HDF5DataLayer, BatchesRunOnOverFiles) {
  WriteRows("a.h5", 0, 3);
  WriteRows("b.h5", 3, 1);
  WriteRows("c.h5", 4, 2);
  WriteList("a.h5\nb.h5\r\n\n  c.h5 ");
  LayerHarness harness(Text("list.txt", "batch_size: 4"), {});
  EXPECT_THAT(Labels(&harness, 3), ElementsAre(0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5));
}

TEST_F(HDF5DataLayer, SkipsBatches) {
  WriteRows("a.h5", 0, 5);
  LayerHarness harness(Text("a.h5", "batch_size: 2"), {});
  harness.layer().SkipBatches(2);
  EXPECT_THAT(Labels(&harness, 1), ElementsAre(4, 0));
  harness.layer().SkipBatches(5);
  EXPECT_THAT(Labels(&harness, 1), ElementsAre(1, 2));
}

TEST_F(HDF5DataLayer, BatchesMayBeLargerThanTheData) {
  WriteRows("a.h5", 0, 2);
  LayerHarness harness(Text("a.h5", "batch_size: 5"), {});
  EXPECT_THAT(Labels(&harness, 2), ElementsAre(0, 1, 0, 1, 0, 1, 0, 1, 0, 1));
}

TEST_F(HDF5DataLayer, ShuffleGivesEachRowOnceAnEpochInAnotherOrder) {
  WriteRows("a.h5", 0, 30);
  WriteRows("b.h5", 30, 20);
  WriteList("a.h5 b.h5");
  LayerHarness harness(Text("list.txt", "batch_size: 10 shuffle: true"), {});
  const Values first = Labels(&harness, 5);
  const Values second = Labels(&harness, 5);
  Values all(50);
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<float>(i);
  EXPECT_THAT(first, UnorderedElementsAreArray(all));
  EXPECT_THAT(second, UnorderedElementsAreArray(all));
  EXPECT_NE(all, first);
  EXPECT_NE(first, second);
}

TEST_F(HDF5DataLayer, ShuffleDependsOnTheSeedOfTheNet) {
  WriteRows("a.h5", 0, 20);
  const std::string text = "layer { " + Text("a.h5", "batch_size: 20 shuffle: true") + " }";
  const std::string net_path = Path("net.prototxt");
  std::ofstream(net_path) << text;
  const auto order = [&](uint64_t seed) {
    NetOptions options;
    options.seed = seed;
    Net net(net_path, options);
    net.Forward();
    return Data(*net.blob_by_name("label"));
  };
  EXPECT_EQ(order(1), order(1));
  EXPECT_NE(order(1), order(2));
}

TEST_F(HDF5DataLayer, PathsStartBesideTheFilesThatNameThem) {
  std::filesystem::create_directory(Path("sub"));
  WriteRows("sub/a.h5", 7, 1);
  std::ofstream(Path("sub/list.txt")) << "a.h5";
  std::ofstream(Path("net.prototxt"))
      << "layer { name: 'l' type: 'HDF5Data' top: 'label' "
         "hdf5_data_param { source: 'sub/list.txt' batch_size: 1 } }";
  Net net(Path("net.prototxt"), {});
  net.Forward();
  EXPECT_EQ(Values{7}, Data(*net.blob_by_name("label")));
}

TEST_F(HDF5DataLayer, ReportsWrongParameters) {
  CheckErrors({
      {"name: 'l' type: 'HDF5Data' top: 'data'",
       {},
       "layer: error: layer 'l' (HDF5Data): needs a list of HDF5 files, or one HDF5 file: "
       "hdf5_data_param { source: ... }"},
      {"name: 'l' type: 'HDF5Data' top: 'data' hdf5_data_param { source: 'a' }",
       {},
       "layer:1:40: error: layer 'l' (HDF5Data): batch_size must be from 1 to 2147483647, got 0"},
      {"name: 'l' type: 'HDF5Data' top: 'data' "
       "hdf5_data_param { source: 'a' batch_size: 4000000000 }",
       {},
       "layer:1:82: error: layer 'l' (HDF5Data): batch_size must be from 1 to 2147483647, got "
       "4000000000"},
      {"name: 'l' type: 'HDF5Data' top: 'data' hdf5_data_param { source: 'a' batch_size: 1 } "
       "transform_param { scale: 2 }",
       {},
       "layer:1:86: error: layer 'l' (HDF5Data): transform_param is not for this layer, which "
       "changes no values"},
      {"name: 'l' type: 'HDF5Data' top: 'data' hdf5_data_param { source: 'a.h5' batch_size: 1 }",
       {},
       "layer:1:66: error: layer 'l' (HDF5Data): there is no file 'a.h5'"},
      {"name: 'l' type: 'HDF5Data' bottom: 'x' top: 'data'",
       {{1}},
       "layer:1:36: error: layer 'l' (HDF5Data): takes exactly 0 bottom blobs, got 1: x"},
  });
}

TEST_F(HDF5DataLayer, ReportsWrongLists) {
  WriteList("  \n");
  EXPECT_EQ("layer 'l' (HDF5Data): " + Path("list.txt") + ": the list names no files",
            Error(Text("list.txt", "batch_size: 1")));
  WriteList("a.h5\n");
  EXPECT_EQ("layer 'l' (HDF5Data): " + Path("list.txt") +
                ": there is no file 'a.h5', neither in the working directory nor in '" + folder_ +
                "'",
            Error(Text("list.txt", "batch_size: 1")));
  std::ofstream(Path("a.h5")) << "text";
  EXPECT_EQ("layer 'l' (HDF5Data): " + Path("a.h5") + ": this is not an HDF5 file",
            Error(Text("list.txt", "batch_size: 1")));
}

TEST_F(HDF5DataLayer, ReportsFilesThatDoNotFit) {
  const Values values(12);
  EXPECT_EQ("the file has no dataset 'label'; did you mean 'labels'? (it has: data, labels)",
            ErrorOfSecondFile([&](Hdf5Writer* file) {
              file->Write("data", {3, 2, 1}, values.data());
              file->Write("labels", {3}, values.data());
            }));
  EXPECT_EQ("dataset 'data' has rows of 1 2 (2), in " + Path("a.h5") + " they are of 2 1 (2)",
            ErrorOfSecondFile([&](Hdf5Writer* file) {
              file->Write("data", {3, 1, 2}, values.data());
              file->Write("label", {3}, values.data());
            }));
  EXPECT_EQ("dataset 'data' has 3 rows and dataset 'label' has 4; they need as many",
            ErrorOfSecondFile([&](Hdf5Writer* file) {
              file->Write("data", {3, 2, 1}, values.data());
              file->Write("label", {4}, values.data());
            }));
  EXPECT_EQ("dataset 'data' is a single value, rows are needed",
            ErrorOfSecondFile([&](Hdf5Writer* file) { file->Write("data", {}, values.data()); }));
  EXPECT_EQ("dataset 'data' holds text, numbers are needed",
            ErrorOfSecondFile([&](Hdf5Writer* file) { file->WriteString("data", "x"); }));
}

#endif  // DEMITASSE_WITH_HDF5

}  // namespace
}  // namespace demitasse
