// Weights from files and other nets.
#include <gmock/gmock.h>

#include "src/io/hdf5_weights.hpp"
#include "src/io/hdf5_writer.hpp"
#include "src/io/weights.hpp"
#include "src/io/write_message.hpp"
#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string kNet = InputText("x", "1, 2") + InnerProductText("a: InnerProduct x -> y", 1) +
                         LayerText("r: ReLU y -> y") +
                         InnerProductText("b: InnerProduct y -> z", 2);

std::string LayerWithBlobs(const std::string& name, const std::string& blobs) {
  return "layer { name: '" + name + "' type: 'InnerProduct' " + blobs + " }\n";
}

std::string BlobText(const std::string& dims, const std::string& values) {
  return "blobs { shape { dim: [" + dims + "] } data: [" + values + "] } ";
}

const std::string kTrainedA = LayerWithBlobs("a", BlobText("1, 2", "1, 2") + BlobText("1", "3"));
const std::string kTrainedB = LayerWithBlobs("b", BlobText("2, 1", "4, 5") + BlobText("2", "6, 7"));

std::string WriteWeights(const std::string& text, const std::string& name = "trained") {
  const std::string path = TempPath(name + ".caffemodel");
  WriteMessage(path, Parse(text).net);
  return path;
}

std::string CopyError(const std::string& net_text, const std::string& path) {
  const auto net = MakeNet(net_text);
  return ErrorOf([&] { net->CopyTrainedLayersFrom(path); });
}

TEST(TrainedLayers, AreCopiedByName) {
  const auto net = MakeNet(kNet);
  EXPECT_THAT(net->UntrainedLayers(), ElementsAre("a", "b"));
  LogRecorder log;
  net->CopyTrainedLayersFrom(WriteWeights(kTrainedB + kTrainedA));
  EXPECT_THAT(Values(Param(net.get(), "a", 0)), ElementsAre(1, 2));
  EXPECT_THAT(Values(Param(net.get(), "a", 1)), ElementsAre(3));
  EXPECT_THAT(Values(Param(net.get(), "b", 0)), ElementsAre(4, 5));
  EXPECT_THAT(Values(Param(net.get(), "b", 1)), ElementsAre(6, 7));
  EXPECT_THAT(net->UntrainedLayers(), IsEmpty());
  EXPECT_THAT(log.lines, IsEmpty());
}

TEST(TrainedLayers, TheNetHasNotAreIgnoredWithALogLine) {
  const auto net = MakeNet(kNet);
  LogRecorder log;
  net->CopyTrainedLayersFrom(
      WriteWeights(kTrainedA + LayerWithBlobs("fc8", BlobText("1", "1")) + LayerText("d: Data")));
  EXPECT_THAT(log.lines, ElementsAre("Ignoring source layer fc8", "Ignoring source layer d"));
  EXPECT_THAT(net->UntrainedLayers(), ElementsAre("b"));
}

TEST(TrainedLayers, WithoutBlobsInTheFileStayUntrained) {
  const auto net = MakeNet(kNet);
  net->CopyTrainedLayersFrom(WriteWeights(kTrainedA + LayerWithBlobs("b", "")));
  EXPECT_THAT(net->UntrainedLayers(), ElementsAre("b"));
}

TEST(TrainedLayers, OfSeveralFilesTheLaterOnesWin) {
  const auto net = MakeNet(kNet);
  net->CopyTrainedLayersFrom(WriteWeights(kTrainedA + kTrainedB, "first"));
  net->CopyTrainedLayersFrom(
      WriteWeights(LayerWithBlobs("a", BlobText("1, 2", "8, 9") + BlobText("1", "0")), "second"));
  EXPECT_THAT(Values(Param(net.get(), "a")), ElementsAre(8, 9));
  EXPECT_THAT(Values(Param(net.get(), "b")), ElementsAre(4, 5));
}

TEST(TrainedLayers, OfAnotherShapeAreRefused) {
  const std::string path =
      WriteWeights(LayerWithBlobs("a", BlobText("2, 1", "1, 2") + BlobText("1", "3")));
  EXPECT_EQ(CopyError(kNet, path),
            path + ": error: layer 'a': blob 0 is 2x1 in the file, 1x2 in the net");
}

TEST(TrainedLayers, OfConvolutionsAreComparedInAllAxes) {
  std::string values = "0";
  for (int i = 1; i < 20 * 25; ++i) values += ", 0";
  const std::string path = WriteWeights(LayerWithBlobs("conv1", BlobText("20, 1, 5, 5", values)));
  EXPECT_EQ(CopyError(InputText("x", "1, 1, 9, 9") +
                          LayerText("conv1: Convolution x -> y",
                                    "convolution_param { num_output: 50 kernel_size: 5 bias_term: "
                                    "false }"),
                      path),
            path + ": error: layer 'conv1': blob 0 is 20x1x5x5 in the file, 50x1x5x5 in the net");
}

TEST(TrainedLayers, WithAnotherNumberOfBlobsAreRefused) {
  const std::string path = WriteWeights(LayerWithBlobs("a", BlobText("1, 2", "1, 2")));
  EXPECT_EQ(CopyError(kNet, path),
            path + ": error: layer 'a': 1 parameter blobs in the file, 2 in the net");
}

TEST(TrainedLayers, AreAllLeftOutIfOneIsRefused) {
  const auto net = MakeNet(kNet);
  const std::vector<float> before = Values(Param(net.get(), "a"));
  const std::string path =
      WriteWeights(kTrainedA + LayerWithBlobs("b", BlobText("2, 1", "4, 5") + BlobText("1", "6")));
  EXPECT_EQ(ErrorOf([&] { net->CopyTrainedLayersFrom(path); }),
            path + ": error: layer 'b': blob 1 is 1 in the file, 2 in the net");
  EXPECT_EQ(Values(Param(net.get(), "a")), before);
  EXPECT_THAT(net->UntrainedLayers(), ElementsAre("a", "b"));

  const caffe::NetParameter message =
      Parse(kTrainedA + LayerWithBlobs("b", BlobText("2, 1", "4, 5") + BlobText("1", "6"))).net;
  EXPECT_EQ(ErrorOf([&] { net->CopyTrainedLayersFrom(message); }),
            "error: layer 'b': blob 1 is 1 in the file, 2 in the net");
  EXPECT_EQ(Values(Param(net.get(), "a")), before);
}

TEST(TrainedLayers, OfFourAxesFitShapesOfAsManyValues) {
  const auto legacy = [](const std::string& dims, const std::string& values) {
    return "blobs { " + dims + " data: [" + values + "] } ";
  };
  const auto net = MakeNet(kNet);
  net->CopyTrainedLayersFrom(
      WriteWeights(LayerWithBlobs("a", legacy("num: 1 channels: 1 height: 1 width: 2", "8, 9") +
                                           legacy("num: 1 channels: 1 height: 1 width: 1", "10"))));
  EXPECT_THAT(Values(Param(net.get(), "a")), ElementsAre(8, 9));
  const std::string path =
      WriteWeights(LayerWithBlobs("a", legacy("num: 1 channels: 3 height: 1 width: 1", "7, 8, 9") +
                                           legacy("num: 1 channels: 1 height: 1 width: 1", "10")));
  EXPECT_EQ(CopyError(kNet, path),
            path + ": error: layer 'a': blob 0 is 1x3x1x1 in the file, 1x2 in the net");
}

TEST(TrainedLayers, AreCopiedFromAMessage) {
  const auto net = MakeNet(kNet);
  net->CopyTrainedLayersFrom(
      Parse(kTrainedA +
            LayerWithBlobs("b", "blobs { shape { dim: [2, 1] } double_data: [0.5, 1] } " +
                                    BlobText("2", "6, 7")))
          .net);
  EXPECT_THAT(Values(Param(net.get(), "a")), ElementsAre(1, 2));
  EXPECT_THAT(Values(Param(net.get(), "b")), ElementsAre(0.5f, 1));
}

TEST(TrainedLayers, OfABrokenMessageAreRefused) {
  const auto net = MakeNet(kNet);
  EXPECT_EQ(ErrorOf([&] {
              net->CopyTrainedLayersFrom(Parse(LayerWithBlobs("a", BlobText("1, 2", "1"))).net);
            }),
            "error: layer 'a': blob 0: the shape 1 2 (2) needs 2 values, got 1");
  caffe::NetParameter old;
  old.add_layers()->set_name("a");
  EXPECT_EQ(ErrorOf([&] { net->CopyTrainedLayersFrom(old); }),
            "error: the weights are in V1 form ('layers'); give the path of their file instead");
}

#ifdef DEMITASSE_WITH_HDF5

// A file with datasets of `size` values, all 5, and a layer b, perhaps without any.
std::string Hdf5File(const std::vector<std::string>& names, int size = 1) {
  const std::string path = TempPath("trained.h5");
  Hdf5Writer file(path);
  for (const std::string& name : names) {
    const std::vector<float> values(static_cast<size_t>(size), 5);
    const bool is_bias = name.back() == '1';
    file.Write(name, is_bias ? std::vector<int>{size} : std::vector<int>{size, 1}, values.data());
  }
  file.AddGroup("data/b");
  file.Close();
  return path;
}

TEST(TrainedLayers, AreCopiedFromHdf5) {
  const auto net = MakeNet(kNet);
  const std::string path = TempPath("named_otherwise.caffemodel");
  WriteHdf5Weights(path, Parse(kTrainedB + kTrainedA + LayerText("d: Data")).net);
  LogRecorder log;
  net->CopyTrainedLayersFrom(path);
  EXPECT_THAT(Values(Param(net.get(), "a", 0)), ElementsAre(1, 2));
  EXPECT_THAT(Values(Param(net.get(), "b", 1)), ElementsAre(6, 7));
  EXPECT_THAT(net->UntrainedLayers(), IsEmpty());
  EXPECT_THAT(log.lines, ElementsAre("Ignoring source layer d"));
}

TEST(TrainedLayers, OfAnotherShapeInHdf5AreRefused) {
  EXPECT_EQ(
      CopyError(kNet, Hdf5File({"data/a/0", "data/a/1"}, 2)),
      TempPath("trained.h5") + ": error: layer 'a': blob 0 is 2x1 in the file, 1x2 in the net");
  EXPECT_EQ(
      CopyError(kNet, Hdf5File({"data/a/1"})),
      TempPath("trained.h5") + ": error: layer 'a': 1 parameter blobs in the file, 2 in the net");
}

TEST(TrainedLayers, MayBeLeftOutOfHdf5WhereTheyAreShared) {
  const auto text = [](const std::string& params) {
    return InputText("x", "1, 1") + InnerProductText("a: InnerProduct x -> y", 1, params) +
           InnerProductText("b: InnerProduct y -> z", 1, params);
  };
  const std::vector<std::string> a = {"data/a/0", "data/a/1"};
  const auto both = MakeNet(text("param { name: 'w' } param { name: 'v' }"));
  both->CopyTrainedLayersFrom(Hdf5File(a));
  EXPECT_THAT(Values(Param(both.get(), "b", 1)), ElementsAre(5));
  EXPECT_THAT(both->UntrainedLayers(), IsEmpty());

  const std::string weights_only = text("param { name: 'w' }");
  const auto one = MakeNet(weights_only);
  one->CopyTrainedLayersFrom(Hdf5File({"data/a/0", "data/a/1", "data/b/1"}));
  EXPECT_THAT(Values(Param(one.get(), "b", 1)), ElementsAre(5));
  EXPECT_EQ(
      CopyError(weights_only, Hdf5File({"data/a/0", "data/a/1", "data/b/0"})),
      TempPath("trained.h5") + ": error: layer 'b': 1 parameter blobs in the file, 2 in the net");
}

#endif  // DEMITASSE_WITH_HDF5

TEST(TrainedLayers, ReachAllThatShareAParameter) {
  const std::string shared = "param { name: 'w' }";
  const auto net =
      MakeNet(InputText("x", "1, 1") + InnerProductText("a: InnerProduct x -> y", 1, shared) +
              InnerProductText("b: InnerProduct y -> z", 1, shared));
  net->CopyTrainedLayersFrom(
      Parse(LayerWithBlobs("b", BlobText("1, 1", "3") + BlobText("1", "0"))).net);
  EXPECT_THAT(Values(Param(net.get(), "a")), ElementsAre(3));
}

TEST(TrainedLayers, AreInTheMessageOfANet) {
  const auto net = MakeNet("name: 'two' " + kNet + LayerText("out: Power z -> out") +
                           LayerText("more: Power z -> more", "include { phase: TEST }"));
  caffe::NetParameter message;
  net->ToProto(&message);
  EXPECT_EQ(message.name(), "two");
  ASSERT_EQ(message.layer_size(), 6) << "no splits";
  EXPECT_EQ(message.layer(4).bottom(0), "z");
  EXPECT_EQ(message.layer(5).include_size(), 0);
  EXPECT_THAT(message.layer(1).blobs(0).shape().dim(), ElementsAre(1, 2));
  EXPECT_EQ(message.layer(1).blobs(0).diff_size(), 0);

  const Net again(message);
  EXPECT_EQ(again.blob_names(), net->blob_names());
  ASSERT_EQ(again.params().size(), net->params().size());
  for (size_t i = 0; i < net->params().size(); ++i) {
    EXPECT_EQ(Values(*again.params()[i]), Values(*net->params()[i]));
  }
}

TEST(TrainedLayers, AreInTheMessageWithTheirGradientsIfAsked) {
  const auto net = MakeNet(kNet);
  Set(net.get(), "x", {1, 2});
  net->ForwardBackward();
  caffe::NetParameter message;
  net->ToProto(&message, true);
  EXPECT_THAT(message.layer(3).blobs(1).diff(), ElementsAre(1, 1));
}

TEST(TrainedLayers, SurviveAFile) {
  NetOptions other_seed;
  other_seed.seed = 99;
  const auto net = MakeNet(kNet, other_seed);
  caffe::NetParameter message;
  net->ToProto(&message);
  const std::string path = TempPath("whole.caffemodel");
  WriteMessage(path, message);
  const auto again = MakeNet(kNet);
  again->CopyTrainedLayersFrom(path);
  EXPECT_EQ(Values(Param(again.get(), "a")), Values(Param(net.get(), "a")));
  EXPECT_EQ(Values(Param(again.get(), "b")), Values(Param(net.get(), "b")));
}

TEST(TrainedLayers, CanBeSharedBetweenNets) {
  const auto train = MakeNet(kNet);
  const auto test = MakeNet(InputText("x", "5, 2") + InnerProductText("a: InnerProduct x -> y", 1));
  LogRecorder log;
  test->ShareTrainedLayersWith(*train);
  EXPECT_THAT(log.lines, ElementsAre("Ignoring source layer r", "Ignoring source layer b"));
  EXPECT_EQ(Param(test.get(), "a").data(), Param(train.get(), "a").data());
  EXPECT_NE(Param(test.get(), "a").diff(), Param(train.get(), "a").diff());
  EXPECT_THAT(test->UntrainedLayers(), IsEmpty());
  Param(train.get(), "a").mutable_cpu_data()[1] = 42;
  EXPECT_EQ(Values(Param(test.get(), "a"))[1], 42);
}

TEST(TrainedLayers, OfOtherShapesCannotBeShared) {
  const auto train = MakeNet(kNet);
  const auto wide = MakeNet(InputText("x", "1, 3") + InnerProductText("a: InnerProduct x -> y", 1));
  EXPECT_EQ(ErrorOf([&] { wide->ShareTrainedLayersWith(*train); }),
            "net:2:1: error: layer 'a' (InnerProduct): cannot share blob 0, which is 1x2 in the "
            "other net and 1x3 here");
  const auto relu = MakeNet(InputText("x", "1, 2") + LayerText("a: ReLU x -> y"));
  EXPECT_EQ(
      ErrorOf([&] { relu->ShareTrainedLayersWith(*train); }),
      "net:2:1: error: layer 'a' (ReLU): cannot share the 2 parameter blobs of the other net, "
      "having 0");
}

}  // namespace
}  // namespace demitasse
