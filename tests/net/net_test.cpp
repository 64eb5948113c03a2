#include "demitasse/net.hpp"

#include <gmock/gmock.h>

#include <limits>

#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::FloatEq;
using testing::IsEmpty;

// y = W x + b for two samples of two values, and a target to compare it with.
const std::string kLinear = InputText("x", "2, 2") + InnerProductText("ip: InnerProduct x -> y", 1);
const std::string kRegression =
    kLinear + InputText("t", "2, 1") + LayerText("loss: EuclideanLoss y t -> loss");

// x = (1, 2), (3, 4); W = (1, -1), b = 0.5: y = -0.5, -0.5.
void SetLinear(Net* net) {
  Set(net, "x", {1, 2, 3, 4});
  std::copy_n(std::vector<float>{1, -1}.begin(), 2, Param(net, "ip").mutable_cpu_data());
  Param(net, "ip", 1).mutable_cpu_data()[0] = 0.5f;
}

TEST(Net, ForwardGivesTheOutputs) {
  const auto net = MakeNet(kLinear);
  SetLinear(net.get());
  const std::vector<Blob*>& outputs = net->Forward();
  ASSERT_EQ(outputs.size(), 1U);
  EXPECT_THAT(Values(*outputs[0]), ElementsAre(-0.5f, -0.5f));
  EXPECT_EQ(outputs[0], net->blob_by_name("y").get());
}

TEST(Net, ListsItsParts) {
  const auto net = MakeNet("name: 'line' " + kRegression, ForPhase(caffe::TRAIN));
  EXPECT_EQ(net->name(), "line");
  EXPECT_EQ(net->phase(), caffe::TRAIN);
  EXPECT_THAT(net->layer_names(), ElementsAre("x", "ip", "t", "loss"));
  EXPECT_THAT(net->blob_names(), ElementsAre("x", "y", "t", "loss"));
  EXPECT_THAT(net->input_names(), ElementsAre("x", "t"));
  EXPECT_THAT(net->output_names(), ElementsAre("loss"));
  EXPECT_EQ(net->input_blobs()[1], net->blob_by_name("t").get());
  EXPECT_THAT(net->bottom_vecs()[3], ElementsAre(net->blobs()[1].get(), net->blobs()[2].get()));
  EXPECT_THAT(net->top_vecs()[1], ElementsAre(net->blobs()[1].get()));
  EXPECT_EQ(net->layers()[1], net->layer_by_name("ip"));
  EXPECT_TRUE(net->has_layer("ip"));
  EXPECT_FALSE(net->has_layer("y"));
  EXPECT_TRUE(net->has_blob("y"));
  EXPECT_FALSE(net->has_blob("ip"));
}

TEST(Net, OrdersOutputsByName) {
  const auto net = MakeNet(InputText("b", "1") + InputText("a", "1") + InputText("C", "1"));
  EXPECT_THAT(net->output_names(), ElementsAre("C", "a", "b"));
  EXPECT_THAT(net->input_names(), ElementsAre("b", "a", "C"));
}

TEST(Net, NamesNearBlobsAndLayersWhenThereIsNone) {
  const auto net = MakeNet(kRegression);
  EXPECT_EQ(ErrorOf([&] { net->blob_by_name("los"); }),
            "error: the net has no blob 'los'; did you mean 'loss'?");
  EXPECT_EQ(ErrorOf([&] { net->layer_by_name("ipp"); }),
            "error: the net has no layer 'ipp'; did you mean 'ip'?");
  EXPECT_EQ(ErrorOf([&] { net->layer_by_name("classifier"); }),
            "error: the net has no layer 'classifier'");
}

TEST(Net, SumsUpTheLosses) {
  const auto net = MakeNet(kRegression);
  SetLinear(net.get());
  Set(net.get(), "t", {0.5f, 1.5f});  // off by 1 and 2
  float loss = 0;
  net->Forward(&loss);
  EXPECT_FLOAT_EQ(loss, (1 + 4) / 4.0f);
  EXPECT_FLOAT_EQ(net->ForwardBackward(), loss);
}

TEST(Net, GivesALossWithoutATopOne) {
  const auto net = MakeNet(kLinear + InputText("t", "2, 1") + LayerText("loss: EuclideanLoss y t"));
  SetLinear(net.get());
  float loss = 0;
  EXPECT_THAT(net->Forward(&loss), IsEmpty());
  EXPECT_FLOAT_EQ(loss, (0.25f + 0.25f) / 4);
  EXPECT_EQ(net->top_vecs()[3].size(), 1U);
  net->Backward();
  EXPECT_THAT(Gradient(*net->blob_by_name("y")), ElementsAre(-0.25f, -0.25f));
}

TEST(Net, WeighsLosses) {
  const auto net = MakeNet(kLinear + InputText("t", "2, 1") +
                           LayerText("loss: EuclideanLoss y t", "loss_weight: 4"));
  SetLinear(net.get());
  EXPECT_FLOAT_EQ(net->ForwardBackward(), 4 * 0.125f);
  EXPECT_THAT(Gradient(*net->blob_by_name("y")), ElementsAre(-1, -1));
}

TEST(Net, TakesTheSumOfAnyTopForALoss) {
  const auto net = MakeNet(InputText("x", "2, 2") +
                           InnerProductText("ip: InnerProduct x -> y", 1, "loss_weight: 3"));
  SetLinear(net.get());
  EXPECT_FLOAT_EQ(net->ForwardBackward(), 3 * (-0.5f - 0.5f));
  EXPECT_THAT(Gradient(Param(net.get(), "ip")), ElementsAre(3 * (1 + 3), 3 * (2 + 4)));
}

TEST(Net, ATopMayBeALossAndBeRead) {
  const auto net = MakeNet(InputText("x", "2, 2") +
                           InnerProductText("ip: InnerProduct x -> y", 1, "loss_weight: 3") +
                           InputText("t", "2, 1") + LayerText("loss: EuclideanLoss y t"));
  SetLinear(net.get());
  EXPECT_FLOAT_EQ(net->ForwardBackward(), 3 * (-0.5f - 0.5f) + 0.125f);
  EXPECT_THAT(Gradient(*net->blob_by_name("y")), ElementsAre(3 - 0.25f, 3 - 0.25f));
}

TEST(Net, WithoutALossStartsFromUnitGradients) {
  const auto net = MakeNet(kLinear);
  SetLinear(net.get());
  EXPECT_EQ(net->ForwardBackward(), 0);
  EXPECT_THAT(Gradient(*net->blob_by_name("y")), ElementsAre(1, 1));
  EXPECT_THAT(Gradient(Param(net.get(), "ip")), ElementsAre(4, 6));
  EXPECT_THAT(Gradient(Param(net.get(), "ip", 1)), ElementsAre(2));
}

TEST(Net, StartsFromTheGradientsThatAreWritten) {
  for (const std::string& last : {std::string(), LayerText("relu: ReLU y -> y")}) {
    const auto net = MakeNet(kLinear + last);
    SetLinear(net.get());
    Param(net.get(), "ip", 1).mutable_cpu_data()[0] = 100;  // so that the ReLU lets all through
    net->Forward();
    float* const dy = net->blob_by_name("y")->mutable_cpu_diff();
    dy[0] = 0;
    dy[1] = 2;
    net->Backward();
    EXPECT_THAT(Gradient(Param(net.get(), "ip")), ElementsAre(6, 8)) << last;
    net->ClearParamDiffs();
    net->Backward();
    EXPECT_THAT(Gradient(Param(net.get(), "ip")), ElementsAre(4, 6)) << last;
  }
}

TEST(Net, OutputsThatAreNotWrittenHaveNoPartThen) {
  const auto net = MakeNet(kLinear + InnerProductText("other: InnerProduct x -> z", 1));
  SetLinear(net.get());
  net->Forward();
  net->blob_by_name("y")->mutable_cpu_diff()[1] = 2;
  net->Backward();
  EXPECT_THAT(Gradient(Param(net.get(), "ip")), ElementsAre(6, 8));
  EXPECT_THAT(Gradient(Param(net.get(), "other")), ElementsAre(0, 0));
}

TEST(Net, ALossMayBeGivenAnotherWeightForOnce) {
  const auto net = MakeNet(kRegression);
  SetLinear(net.get());
  net->Forward();
  net->blob_by_name("loss")->mutable_cpu_diff()[0] = 2;
  net->Backward();
  EXPECT_THAT(Gradient(*net->blob_by_name("y")), ElementsAre(-0.5f, -0.5f));
  net->Backward();
  EXPECT_THAT(Gradient(*net->blob_by_name("y")), ElementsAre(-0.25f, -0.25f));
}

TEST(Net, AddsUpParameterGradientsUntilTheyAreCleared) {
  const auto net = MakeNet(kLinear);
  SetLinear(net.get());
  net->Forward();
  net->Backward();
  net->Backward();
  EXPECT_THAT(Gradient(Param(net.get(), "ip")), ElementsAre(8, 12));
  net->ClearParamDiffs();
  EXPECT_THAT(Gradient(Param(net.get(), "ip")), ElementsAre(0, 0));
  net->Backward();
  EXPECT_THAT(Gradient(Param(net.get(), "ip")), ElementsAre(4, 6));
}

TEST(Net, BackwardNeedsAForwardOnTheSameShapes) {
  const std::string expected =
      "error: Backward needs a Forward on inputs of the same shapes before "
      "it";
  const auto net = MakeNet(kLinear);
  EXPECT_EQ(ErrorOf([&] { net->Backward(); }), expected);
  net->Forward();
  net->Backward();
  net->blob_by_name("x")->Reshape({3, 2});
  EXPECT_EQ(ErrorOf([&] { net->Backward(); }), expected);
  net->Forward();
  net->Backward();
  net->ForwardFromTo(0, 0);
  EXPECT_EQ(ErrorOf([&] { net->Backward(); }), expected);
}

TEST(Net, RunsPartOfTheLayers) {
  const auto net = MakeNet(kRegression);
  SetLinear(net.get());
  EXPECT_EQ(net->ForwardFromTo(0, 1), 0);
  EXPECT_THAT(Values(*net->blob_by_name("y")), ElementsAre(-0.5f, -0.5f));
  EXPECT_EQ(Values(*net->blob_by_name("loss")), std::vector<float>{0});
  EXPECT_THAT(net->ForwardFromTo(2, 3), FloatEq(0.125f));
  EXPECT_EQ(ErrorOf([&] { net->ForwardFromTo(0, 4); }),
            "error: layers 0 to 4 are not in a net of 4 layers");
  EXPECT_EQ(ErrorOf([&] { net->ForwardFromTo(-1, 2); }),
            "error: layers -1 to 2 are not in a net of 4 layers");
}

TEST(Net, RunsPartOfTheLayersBackward) {
  const auto net = MakeNet(kRegression, ForPhase(caffe::TRAIN));
  SetLinear(net.get());
  EXPECT_EQ(ErrorOf([&] { net->BackwardFromTo(3, 3); }),
            "error: Backward needs a Forward on inputs of the same shapes before it");
  net->Forward();
  net->BackwardFromTo(3, 2);
  EXPECT_THAT(Gradient(*net->blob_by_name("y")), ElementsAre(-0.25f, -0.25f));
  EXPECT_EQ(Param(net.get(), "ip", 1).cpu_diff()[0], 0);
  net->BackwardFromTo(1, 0);
  EXPECT_EQ(Param(net.get(), "ip", 1).cpu_diff()[0], -0.5f);
  EXPECT_EQ(ErrorOf([&] { net->BackwardFromTo(4, 0); }),
            "error: layers 0 to 4 are not in a net of 4 layers");
}

TEST(Net, RunsBackwardOnlyWhatHasRunForward) {
  const std::string unprepared =
      "error: Backward needs a Forward on inputs of the same shapes before it";
  const auto net = MakeNet(kRegression, ForPhase(caffe::TRAIN));
  EXPECT_EQ(ErrorOf([&] { net->BackwardFromTo(1, 0); }), unprepared);
  net->ForwardFromTo(2, 2);
  EXPECT_EQ(ErrorOf([&] { net->BackwardFromTo(2, 2); }), "no error");
  EXPECT_EQ(ErrorOf([&] { net->BackwardFromTo(2, 1); }), unprepared);
  net->ForwardFromTo(3, 3);
  EXPECT_EQ(ErrorOf([&] { net->BackwardFromTo(3, 2); }), "no error");
  net->ForwardFromTo(0, 0);  // an input, which the others may have read before
  EXPECT_EQ(ErrorOf([&] { net->BackwardFromTo(3, 2); }), unprepared);
  net->Forward();
  net->ForwardFromTo(0, 1);  // what is behind has not seen these values
  EXPECT_EQ(ErrorOf([&] { net->BackwardFromTo(3, 0); }), unprepared);
  EXPECT_EQ(ErrorOf([&] { net->BackwardFromTo(2, 0); }), "no error");
}

TEST(Net, RefusesPositionsThatNoRunCanReach) {
  const auto net = MakeNet(kRegression, ForPhase(caffe::TRAIN));
  net->Forward();
  caffe::NetPosition position;
  position.set_batches(std::numeric_limits<int64_t>::max());
  EXPECT_EQ(ErrorOf([&] { net->SetPosition(position); }),
            "error: a net cannot have given 9223372036854775807 batches, at most 2147483648");
  position.set_batches(std::numeric_limits<int64_t>::min());
  EXPECT_EQ(ErrorOf([&] { net->SetPosition(position); }),
            "error: the net has given 1 batches and cannot go back to -9223372036854775808");
}

TEST(Net, FollowsItsInputsShapes) {
  const auto net = MakeNet(kLinear);
  SetLinear(net.get());
  net->Forward();
  net->blob_by_name("x")->Reshape({3, 2});
  Set(net.get(), "x", {1, 1, 2, 1, 3, 1});
  EXPECT_THAT(Values(*net->Forward()[0]), ElementsAre(0.5f, 1.5f, 2.5f));
  net->Backward();
  EXPECT_THAT(Gradient(Param(net.get(), "ip", 1)), ElementsAre(3));

  net->blob_by_name("x")->Reshape({2, 2});
  net->Reshape();
  EXPECT_EQ(net->blob_by_name("y")->shape(), (std::vector<int>{2, 1}));
  SetLinear(net.get());
  EXPECT_THAT(Values(*net->Forward()[0]), ElementsAre(-0.5f, -0.5f));
}

TEST(Net, SaysWhichLayerANewShapeDoesNotFit) {
  const auto net = MakeNet("\n" + kRegression);
  net->blob_by_name("t")->Reshape({3, 1});
  const std::string expected =
      "net:5:64: error: layer 'loss' (EuclideanLoss): needs as many samples (axis 0) in both "
      "bottoms, got 2 1 (2) and 3 1 (3)";
  EXPECT_EQ(ErrorOf([&] { net->Reshape(); }), expected);
  EXPECT_EQ(ErrorOf([&] { net->Forward(); }), expected);
}

TEST(Net, EqualSeedsGiveEqualWeights) {
  NetOptions options;
  const std::vector<float> weights = Values(Param(MakeNet(kLinear, options).get(), "ip"));
  EXPECT_EQ(Values(Param(MakeNet(kLinear, options).get(), "ip")), weights);
  options.seed = 2;
  EXPECT_NE(Values(Param(MakeNet(kLinear, options).get(), "ip")), weights);
}

TEST(Net, EqualSeedsDropEqualElements) {
  const std::string text = InputText("x", "100") + LayerText("drop: Dropout x -> y");
  const auto run = [&] {
    const auto net = MakeNet(text, ForPhase(caffe::TRAIN));
    Set(net.get(), "x", std::vector<float>(100, 1));
    net->Forward();
    return Values(*net->Forward()[0]);
  };
  const std::vector<float> dropped = run();
  EXPECT_NE(dropped, std::vector<float>(100, 1));
  EXPECT_EQ(run(), dropped);
}

TEST(Net, GivesTheSameBitsForAnyNumberOfThreads) {
  const std::string text = InputText("x", "3, 4000") +
                           InnerProductText("a: InnerProduct x -> y", 300) +
                           LayerText("r: ReLU y -> y") +
                           InnerProductText("b: InnerProduct y -> z", 200, "loss_weight: 1");
  const auto run = [&](int threads) {
    NetOptions options;
    options.engine = Engine::kReference;
    options.threads = threads;
    options.force_backward = true;
    const auto net = MakeNet(text, options);
    std::vector<float> x(12000);
    for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 101) / 50 - 1;
    Set(net.get(), "x", x);
    const float loss = net->ForwardBackward();
    return std::make_tuple(loss, Gradient(*net->blob_by_name("x")),
                           Gradient(Param(net.get(), "a")));
  };
  EXPECT_TRUE(run(1) == run(2));
}

TEST(Net, LogsEveryBlobWithDebugInfo) {
  const auto net = MakeNet("debug_info: true " + kLinear);
  SetLinear(net.get());
  LogRecorder log;
  net->ForwardBackward();
  EXPECT_THAT(log.lines,
              ElementsAre("    [Forward] Layer x, top blob x data: 2.5",
                          "    [Forward] Layer ip, top blob y data: 0.5",
                          "    [Forward] Layer ip, param blob 0 data: 1",
                          "    [Forward] Layer ip, param blob 1 data: 0.5",
                          "    [Backward] Layer ip, param blob 0 diff: 5",
                          "    [Backward] Layer ip, param blob 1 diff: 2",
                          "    [Backward] All net params (data, diff): L1 norm = (2.5, 12); L2 "
                          "norm = (1.5, 7.48331)"));
}

TEST(Net, LogsNamedParametersAndBottomGradientsWithDebugInfo) {
  NetOptions options;
  options.force_backward = true;
  const auto net =
      MakeNet("debug_info: true " + InputText("x", "2, 2") +
                  InnerProductText("ip: InnerProduct x -> y", 1, "param { name: 'w' }"),
              options);
  SetLinear(net.get());
  LogRecorder log;
  net->ForwardBackward();
  EXPECT_THAT(log.lines, testing::Contains("    [Forward] Layer ip, param blob w data: 1"));
  EXPECT_THAT(log.lines, testing::Contains("    [Backward] Layer ip, bottom blob x diff: 1"));
  EXPECT_THAT(log.lines, testing::Contains("    [Backward] Layer ip, param blob w diff: 5"));
}

TEST(Net, HasNoWayBackToEarlierBatches) {
  const auto net = MakeNet(InputText("x", "2"));
  net->Forward();
  net->Forward();
  caffe::NetPosition position;
  position.set_batches(1);
  EXPECT_EQ("error: the net has given 2 batches and cannot go back to 1",
            ErrorOf([&] { net->SetPosition(position); }));
}

}  // namespace
}  // namespace demitasse
