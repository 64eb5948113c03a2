#ifdef DEMITASSE_WITH_HDF5
#include "src/io/hdf5_weights.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <hdf5.h>

#include <cstring>
#include <filesystem>

#include "src/io/hdf5.hpp"
#include "src/io/hdf5_writer.hpp"
#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::string TestPath() { return TempPath("net.caffemodel.h5"); }

template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message));
  return message;
}

const char kNet[] =
    "name: 'small' layer { name: 'x' type: 'Input' }"
    "layer { name: 'fc' type: 'InnerProduct'"
    "  blobs { shape { dim: 2 dim: 3 } data: [1, 2, 3, 4, 5, 6] }"
    "  blobs { shape { dim: 2 } double_data: [7, 8] } }"
    "layer { name: 'bn' type: 'BatchNorm' blobs { shape { } data: 9 } }";

// A file with the given datasets of one value, and groups (which end with '/').
void MakeFile(const std::vector<std::string>& names) {
  Hdf5Writer file(TestPath());
  float value = 1;
  for (const std::string& name : names) {
    if (name.back() == '/') {
      file.AddGroup(name.substr(0, name.size() - 1));
    } else {
      file.Write(name, {1}, &value);
      ++value;
    }
  }
  file.Close();
}

std::string WeightsError(const std::vector<std::string>& names) {
  MakeFile(names);
  return ErrorAt(TestPath(), [] { ReadHdf5Weights(TestPath()); });
}

TEST(Hdf5WeightsTest, AreInCaffesPlaces) {
  WriteHdf5Weights(TestPath(), Parse<caffe::NetParameter>(kNet));
  const Hdf5File file(TestPath());
  EXPECT_THAT(file.Names(""), ElementsAre("data"));
  EXPECT_THAT(file.Names("data"), ElementsAre("bn", "fc", "x"));
  EXPECT_THAT(file.Names("data/x"), IsEmpty());
  EXPECT_THAT(file.OpenDataset("data/fc/0").shape(), ElementsAre(2, 3));
  EXPECT_THAT(file.OpenDataset("data/fc/0").ReadAll().values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_THAT(file.OpenDataset("data/fc/1").ReadAll().values, ElementsAre(7, 8));
}

TEST(Hdf5WeightsTest, AreReadBack) {
  WriteHdf5Weights(TestPath(), Parse<caffe::NetParameter>(kNet));
  const WeightFile file = ReadCaffemodel(TestPath());
  EXPECT_EQ(TestPath(), file.path);
  ASSERT_EQ(3u, file.layers.size());
  EXPECT_EQ("bn", file.layers[0].name);
  EXPECT_THAT(file.layers[0].blobs[0].shape, IsEmpty());
  EXPECT_THAT(file.layers[0].blobs[0].values, ElementsAre(9));
  EXPECT_EQ("fc", file.layers[1].name);
  ASSERT_EQ(2u, file.layers[1].blobs.size());
  EXPECT_THAT(file.layers[1].blobs[0].shape, ElementsAre(2, 3));
  EXPECT_THAT(file.layers[1].blobs[0].values, ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_FALSE(file.layers[1].blobs[0].legacy_shape);
  EXPECT_THAT(file.layers[1].blobs[1].values, ElementsAre(7, 8));
  EXPECT_EQ("x", file.layers[2].name);
  EXPECT_THAT(file.layers[2].blobs, IsEmpty());
}

TEST(Hdf5WeightsTest, GradientsAreWrittenWhereTheyAre) {
  WriteHdf5Weights(
      TestPath(), Parse<caffe::NetParameter>(
                      "layer { name: 'fc' blobs { shape { dim: 2 } data: [1, 2] diff: [3, 4] } }"));
  const Hdf5File file(TestPath());
  EXPECT_THAT(file.Names(""), ElementsAre("data", "diff"));
  EXPECT_THAT(file.OpenDataset("diff/fc/0").ReadAll().values, ElementsAre(3, 4));
}

TEST(Hdf5WeightsTest, LayersMayHaveSlashesInTheirNames) {
  WriteHdf5Weights(TestPath(), Parse<caffe::NetParameter>(
                                   "layer { name: 'a/b' blobs { shape { dim: 1 } data: 1 } }"
                                   "layer { name: 'a/c/d' }"
                                   "layer { name: 'a' blobs { shape { dim: 1 } data: 2 } }"));
  const WeightFile file = ReadHdf5Weights(TestPath());
  ASSERT_EQ(3u, file.layers.size());
  EXPECT_EQ("a/b", file.layers[0].name);
  EXPECT_THAT(file.layers[0].blobs[0].values, ElementsAre(1));
  EXPECT_EQ("a/c/d", file.layers[1].name);
  EXPECT_EQ("a", file.layers[2].name);
  EXPECT_THAT(file.layers[2].blobs[0].values, ElementsAre(2));
}

TEST(Hdf5WeightsTest, MoreThanTenBlobsAreInOrder) {
  MakeFile({"data/a/0", "data/a/1", "data/a/2", "data/a/3", "data/a/4", "data/a/5", "data/a/6",
            "data/a/7", "data/a/8", "data/a/9", "data/a/10"});
  const WeightFile file = ReadHdf5Weights(TestPath());
  ASSERT_EQ(11u, file.layers[0].blobs.size());
  EXPECT_THAT(file.layers[0].blobs[2].values, ElementsAre(3));
  EXPECT_THAT(file.layers[0].blobs[10].values, ElementsAre(11));
}

TEST(Hdf5WeightsTest, SharedBlobsMayBeLeftOut) {
  MakeFile({"data/a/1"});
  const WeightFile file = ReadHdf5Weights(TestPath());
  ASSERT_EQ(2u, file.layers[0].blobs.size());
  EXPECT_TRUE(file.layers[0].blobs[0].absent);
  EXPECT_FALSE(file.layers[0].blobs[1].absent);
  EXPECT_THAT(file.layers[0].blobs[1].values, ElementsAre(1));
}

// Two links from each group to the next one make 2^20 names of 20 groups.
TEST(Hdf5WeightsTest, OfGroupsWithTooManyNamesAreErrors) {
  MakeFile({"data/0/"});
  const hid_t file = H5Fopen(TestPath().c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  for (int level = 1; level <= 20; ++level) {
    const std::string inner = "data/" + std::to_string(level - 1);
    const std::string outer = "data/" + std::to_string(level);
    H5Gclose(H5Gcreate2(file, outer.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
    for (const char* link : {"/x", "/y"}) {
      H5Lcreate_hard(file, inner.c_str(), file, (outer + link).c_str(), H5P_DEFAULT, H5P_DEFAULT);
    }
  }
  H5Fclose(file);
  EXPECT_EQ("the file has more than 32768 groups",
            ErrorAt(TestPath(), [] { ReadHdf5Weights(TestPath()); }));
}

// Two names of one dataset that claims as many values as may be claimed without having them.
TEST(Hdf5WeightsTest, OfDatasetsWithTooManyNamesAreErrors) {
  MakeFile({"data/a/"});
  const hid_t file = H5Fopen(TestPath().c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  const hsize_t much = hsize_t{1} << 26;
  const hsize_t chunk = hsize_t{1} << 22;
  const hid_t space = H5Screate_simple(1, &much, nullptr);
  const hid_t properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(properties, 1, &chunk);
  H5Dclose(
      H5Dcreate2(file, "data/a/0", H5T_NATIVE_FLOAT, space, H5P_DEFAULT, properties, H5P_DEFAULT));
  H5Pclose(properties);
  H5Sclose(space);
  H5Lcreate_hard(file, "data/a/0", file, "data/a/1", H5P_DEFAULT, H5P_DEFAULT);
  H5Fclose(file);
  EXPECT_EQ("its datasets have 134217728 values and more, more than can be in the file",
            ErrorAt(TestPath(), [] { ReadHdf5Weights(TestPath()); }));
}

TEST(Hdf5WeightsTest, SayWhatAFileHoldsInstead) {
  EXPECT_EQ("this HDF5 file holds no weights: it has no group 'data', only: history, iter",
            WeightsError({"iter", "history/0"}));
  EXPECT_EQ("this HDF5 file holds no weights: it has no group 'data', only: data, label",
            WeightsError({"data", "label"}));
  EXPECT_EQ("this HDF5 file holds no weights: it has no group 'data', only: nothing",
            WeightsError({}));
  EXPECT_EQ("the file holds no layer weights", WeightsError({"data/relu/"}));
  EXPECT_EQ(
      "dataset 'data/a/weight' is not named by the number of a parameter blob; is this a file of "
      "weights?",
      WeightsError({"data/a/weight"}));
  EXPECT_THAT(WeightsError({"data/a/99999999999"}), StartsWith("dataset 'data/a/99999999999' is"));
}

TEST(Hdf5WeightsTest, GroupsMayBeNestedAsDeepAsNamesOfLayersAre) {
  std::string name = "data";
  for (int depth = 1; depth <= 32; ++depth) name += "/a";
  MakeFile({name + "/0"});
  EXPECT_EQ(name.substr(std::strlen("data/")), ReadHdf5Weights(TestPath()).layers.at(0).name);
  EXPECT_THAT(WeightsError({name + "/a/0"}), testing::EndsWith("' is nested too deep"));
}

TEST(Hdf5WeightsTest, LayersNeedNames) {
  EXPECT_THAT(ErrorAt(TestPath(),
                      [] {
                        WriteHdf5Weights(TestPath(), Parse<caffe::NetParameter>(
                                                         "layer { blobs { shape { } data: 1 } }"
                                                         "layer { blobs { shape { } data: 1 } }"));
                      }),
              StartsWith("cannot write dataset 'data//0' (HDF5 says: "));
}

TEST(Hdf5WeightsTest, OldFileStaysIfWritingFails) {
  WriteHdf5Weights(TestPath(), Parse<caffe::NetParameter>(kNet));
  const std::string before = ReadBytes(TestPath());
  ErrorAt(TestPath(), [] {  // "a/0" is a blob and a layer
    WriteHdf5Weights(TestPath(), Parse<caffe::NetParameter>(
                                     "layer { name: 'a' blobs { shape { } data: 1 } }"
                                     "layer { name: 'a/0' blobs { shape { } data: 1 } }"));
  });
  EXPECT_EQ(before, ReadBytes(TestPath()));
  for (const auto& entry : std::filesystem::directory_iterator(testing::TempDir())) {
    EXPECT_THAT(entry.path().string(), testing::Not(StartsWith(TestPath() + ".tmp")));
  }
}

const char kState[] =
    "iter: 20 learned_net: 'a_iter_20.caffemodel.h5' current_step: 3 "
    "history { shape { dim: 2 dim: 1 } data: [1, 2] } "
    "history { shape { } data: 3 }";

TEST(Hdf5SolverStateTest, IsInCaffesPlaces) {
  WriteHdf5SolverState(TestPath(), Parse<caffe::SolverState>(kState));
  const Hdf5File file(TestPath());
  EXPECT_THAT(file.Names(""), ElementsAre("current_step", "history", "iter", "learned_net"));
  EXPECT_EQ(20, file.ReadInt("iter"));
  EXPECT_EQ(3, file.ReadInt("current_step"));
  EXPECT_EQ("a_iter_20.caffemodel.h5", file.ReadString("learned_net"));
  EXPECT_THAT(file.OpenDataset("history/0").shape(), ElementsAre(2, 1));
  EXPECT_THAT(file.OpenDataset("history/1").ReadAll().values, ElementsAre(3));
}

TEST(Hdf5SolverStateTest, IsReadBack) {
  const auto state = Parse<caffe::SolverState>(kState);
  WriteHdf5SolverState(TestPath(), state);
  EXPECT_EQ(state.DebugString(), ReadHdf5SolverState(TestPath()).DebugString());
}

TEST(Hdf5SolverStateTest, KeepsWhatCaffeDoesNotKnow) {
  auto state = Parse<caffe::SolverState>(kState);
  state.GetReflection()->MutableUnknownFields(&state)->AddLengthDelimited(
      1000, std::string("\0\x7f\x80\xff", 4));
  WriteHdf5SolverState(TestPath(), state);
  EXPECT_EQ(state.SerializeAsString(), ReadHdf5SolverState(TestPath()).SerializeAsString());
}

TEST(Hdf5SolverStateTest, MayBeWithoutWeightsAndHistory) {
  WriteHdf5SolverState(TestPath(), Parse<caffe::SolverState>("iter: 5"));
  const caffe::SolverState state = ReadHdf5SolverState(TestPath());
  EXPECT_EQ(5, state.iter());
  EXPECT_FALSE(state.has_learned_net());
  EXPECT_EQ(0, state.history_size());
}

TEST(Hdf5SolverStateTest, SaysWhatAFileHoldsInstead) {
  const auto error = [](const std::vector<std::string>& names) {
    MakeFile(names);
    return ErrorAt(TestPath(), [] { ReadHdf5SolverState(TestPath()); });
  };
  EXPECT_EQ(
      "these are weights to start from (--weights), or data; training continues from a "
      ".solverstate.h5 (--snapshot)",
      error({"data/fc/0"}));
  EXPECT_EQ("this HDF5 file holds no solver state: it has no 'iter' and 'history'", error({"x"}));
  EXPECT_EQ("the file has no dataset 'history/0'", error({"iter", "history/1"}));
  EXPECT_EQ("dataset 'demitasse' is damaged", error({"iter", "history/", "demitasse"}));
}

}  // namespace
}  // namespace demitasse
#endif  // DEMITASSE_WITH_HDF5
