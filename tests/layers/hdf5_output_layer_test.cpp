#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "tests/support/layer_harness.hpp"
#ifdef DEMITASSE_WITH_HDF5
#include "src/io/hdf5.hpp"
#endif

namespace demitasse {
namespace {

using testing::ElementsAre;

#ifndef DEMITASSE_WITH_HDF5
TEST(HDF5OutputLayer, SaysWhatTheBuildNeeds) {
  CheckErrors({{"name: 'l' type: 'HDF5Output' hdf5_output_param { file_name: 'a' }",
                {{1}, {1}},
                "layer: error: layer 'l' (HDF5Output): this build cannot use HDF5; configure it "
                "with -DDEMITASSE_WITH_HDF5=ON"}});
}
#else

class HDF5OutputLayer : public testing::Test {
 protected:
  ~HDF5OutputLayer() override { std::filesystem::remove(path_); }

  std::string Text() const {
    return "name: 'l' type: 'HDF5Output' hdf5_output_param { file_name: '" + path_ + "' }";
  }

  const std::string path_ = testing::TempDir() + "hdf5_output_layer_" + std::to_string(getpid()) +
                            "_" + testing::UnitTest::GetInstance()->current_test_info()->name();
};

TEST_F(HDF5OutputLayer, AppendsTheRowsOfEveryPass) {
  LayerHarness harness(Text(), {{2, 3}, {2}});
  SetData({1, 2, 3, 4, 5, 6}, &harness.bottom(0));
  SetData({7, 8}, &harness.bottom(1));
  harness.Forward();
  {
    const Hdf5File file(path_);
    EXPECT_THAT(file.Names(""), ElementsAre("data", "label"));
    EXPECT_THAT(file.OpenDataset("data").ReadAll().shape, ElementsAre(2, 3, 1, 1));
    EXPECT_THAT(file.OpenDataset("data").ReadAll().values, ElementsAre(1, 2, 3, 4, 5, 6));
    EXPECT_THAT(file.OpenDataset("label").ReadAll().shape, ElementsAre(2, 1, 1, 1));
  }
  SetData({9, 10}, &harness.bottom(1));
  harness.Forward();
  EXPECT_THAT(Hdf5File(path_).OpenDataset("label").ReadAll().values, ElementsAre(7, 8, 9, 10));
}

TEST_F(HDF5OutputLayer, KeepsMoreThanFourAxes) {
  LayerHarness harness(Text(), {{1, 1, 2, 1, 1}, {1}});
  harness.Forward();
  EXPECT_THAT(Hdf5File(path_).OpenDataset("data").shape(), ElementsAre(1, 1, 2, 1, 1));
}

TEST_F(HDF5OutputLayer, TakesBatchesOfAnySize) {
  LayerHarness harness(Text(), {{2}, {2}});
  harness.Forward();
  harness.bottom(0).Reshape({3});
  harness.bottom(1).Reshape({3});
  harness.Forward();
  EXPECT_THAT(Hdf5File(path_).OpenDataset("data").shape(), ElementsAre(5, 1, 1, 1));
}

TEST_F(HDF5OutputLayer, MakesNoFileBeforeItRuns) {
  const LayerHarness harness(Text(), {{2}, {2}});
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(HDF5OutputLayer, BeginsANewFileEveryTime) {
  for (int i = 0; i < 2; ++i) LayerHarness(Text(), {{2}, {2}}).Forward();
  EXPECT_THAT(Hdf5File(path_).OpenDataset("data").shape(), ElementsAre(2, 1, 1, 1));
}

TEST_F(HDF5OutputLayer, HasNoGradient) {
  LayerHarness harness(Text(), {{2}, {2}});
  EXPECT_FALSE(harness.layer().AllowForceBackward(0));
  EXPECT_FALSE(harness.layer().AllowForceBackward(1));
}

TEST_F(HDF5OutputLayer, ReportsRowsOfAnotherShape) {
  LayerHarness harness(Text(), {{1, 2}, {1}});
  harness.Forward();
  harness.bottom(0).Reshape({1, 3});
  try {
    harness.Forward();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ("layer 'l' (HDF5Output): " + path_ +
                  ": dataset 'data' has rows of 2 1 1 (2), got some of 3 1 1 (3)",
              error.message());
  }
}

TEST_F(HDF5OutputLayer, ReportsWhatIsWrong) {
  CheckErrors({
      {"name: 'l' type: 'HDF5Output'",
       {{1}, {1}},
       "layer: error: layer 'l' (HDF5Output): needs a file to write: hdf5_output_param { "
       "file_name: ... }"},
      {"name: 'l' type: 'HDF5Output' bottom: 'x' hdf5_output_param { file_name: 'a' }",
       {{1}},
       "layer:1:38: error: layer 'l' (HDF5Output): takes exactly 2 bottom blobs, got 1: x"},
      {"name: 'l' type: 'HDF5Output' bottom: 'x' bottom: 'y' hdf5_output_param { file_name: 'a' }",
       {{2, 3}, {3}},
       "layer:1:50: error: layer 'l' (HDF5Output): needs as many labels as data, got 3 (3) for 2 3 "
       "(6)"},
      {"name: 'l' type: 'HDF5Output' hdf5_output_param { file_name: '/dev/full' }",
       {{1}, {1}},
       "layer:1:61: error: layer 'l' (HDF5Output): /dev/full: cannot write the file: No space left "
       "on device"},
      {"name: 'l' type: 'HDF5Output' hdf5_output_param { file_name: 'missing/a.h5' }",
       {{1}, {1}},
       "layer:1:61: error: layer 'l' (HDF5Output): missing/a.h5: cannot create the file: No such "
       "file or directory"},
  });
}

#endif  // DEMITASSE_WITH_HDF5

}  // namespace
}  // namespace demitasse
