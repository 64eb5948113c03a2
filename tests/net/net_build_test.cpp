// What a net makes of a message, a file and its options.
#include <gmock/gmock.h>

#include <fstream>

#include "src/net/net_state.hpp"
#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

std::string WriteNet(const std::string& text) {
  const std::string path = TempPath("net.prototxt");
  std::ofstream(path) << text;
  return path;
}

std::vector<std::string> LayersFor(const NetOptions& options) {
  return MakeNet("state { level: 2 stage: 'file' } " +
                     LayerText("always: Input -> a", "input_param { shape { dim: 1 } }") +
                     LayerText("train: ReLU a -> b", "include { phase: TRAIN }") +
                     LayerText("test: ReLU a -> c", "include { phase: TEST }") +
                     LayerText("level: ReLU a -> d", "include { min_level: 3 }") +
                     LayerText("file: ReLU a -> e", "include { stage: 'file' stage: 'caller' }") +
                     LayerText("other: ReLU a -> f", "exclude { stage: 'caller' }"),
                 options)
      ->layer_names();
}

TEST(NetBuild, ChoosesLayersByPhaseLevelAndStages) {
  NetOptions options;
  const std::string split = "a_always_0_split";
  EXPECT_THAT(LayersFor(options), ElementsAre("always", split, "test", "other"));
  options.phase = caffe::TRAIN;
  options.level = 3;
  options.stages = {"caller"};
  EXPECT_THAT(LayersFor(options), ElementsAre("always", split, "train", "level", "file"));
}

TEST(NetBuild, RunsALayerInItsOwnPhase) {
  const std::string text =
      InputText("x", "100") + LayerText("drop: Dropout x -> y", "phase: TRAIN");
  const auto net = MakeNet(text, ForPhase(caffe::TEST));
  Set(net.get(), "x", std::vector<float>(100, 1));
  EXPECT_THAT(Values(*net->Forward()[0]), testing::Contains(0.0f));
}

TEST(NetBuild, ReadsAFile) {
  const std::string path = WriteNet("name: 'small' input: 'x' input_shape { dim: 2 dim: 3 }");
  const Net net(path);
  EXPECT_EQ(net.name(), "small");
  EXPECT_EQ(net.input_blobs().at(0)->shape(), (std::vector<int>{2, 3}));
}

TEST(NetBuild, NamesTheFileInErrors) {
  const std::string path = WriteNet("\n  layer { name: 'r' type: 'ReLu' }");
  EXPECT_EQ(ErrorOf([&] { Net net(path); }),
            path + ":2:27: error: layer 'r': unknown layer type 'ReLu'; did you mean 'ReLU'?");
}

TEST(NetBuild, WarnsOfUnknownFieldsIfLenient) {
  const std::string path = WriteNet(InputText("x", "1") + "colour: 3");
  NetOptions options;
  options.lenient = true;
  LogRecorder log;
  const Net net(path, options);
  EXPECT_THAT(log.warnings, ElementsAre(path + ":2:1: warning: unknown field 'colour'"));
  EXPECT_EQ(ErrorOf([&] { Net strict(path); }), path + ":2:1: error: unknown field 'colour'");
}

TEST(NetBuild, UpgradesAMessageInAnOlderForm) {
  caffe::NetParameter param;
  param.add_input("x");
  for (const int dim : {1, 2, 3, 4}) param.add_input_dim(dim);
  const Net net(param);
  EXPECT_THAT(net.input_names(), ElementsAre("x"));
  EXPECT_EQ(net.input_blobs()[0]->shape(), (std::vector<int>{1, 2, 3, 4}));
}

TEST(NetBuild, WithoutATextErrorsHaveNoPlace) {
  caffe::NetParameter param;
  param.add_layer()->set_name("l");
  EXPECT_THAT(ErrorOf([&] { Net net(param); }), testing::StartsWith("error: layer 'l': "));
}

TEST(NetBuild, TakesParametersFromTheMessage) {
  const std::string given =
      "blobs { shape { dim: [1, 2] } data: [3, 4] } "
      "blobs { shape { dim: 1 } data: 5 }";
  const auto net =
      MakeNet(InputText("x", "1, 2") + InnerProductText("ip: InnerProduct x -> y", 1, given));
  EXPECT_THAT(Values(Param(net.get(), "ip")), ElementsAre(3, 4));
  EXPECT_THAT(Values(Param(net.get(), "ip", 1)), ElementsAre(5));
  EXPECT_EQ(net->layer_by_name("ip")->layer_param().blobs_size(), 0) << "weights are kept once";
}

TEST(NetBuild, RefusesParametersOfAnotherNumberOrShape) {
  const std::string two_values = "blobs { shape { dim: 2 } data: [1, 2] } ";
  EXPECT_EQ(BuildError(InputText("x", "1, 2") +
                       InnerProductText("ip: InnerProduct x -> y", 1, two_values)),
            "net:2:135: error: layer 'ip' (InnerProduct): has 2 parameter blobs, but 1 are given; "
            "give all of them or none");
  EXPECT_EQ(BuildError(InputText("x", "1, 2") +
                       InnerProductText("ip: InnerProduct x -> y", 1, two_values + two_values)),
            "net:2:135: error: layer 'ip' (InnerProduct): a blob of 2 (2) is given for one of 1 2 "
            "(2)");
}

TEST(NetBuild, WorksInPlaceOnOneBlob) {
  const auto net =
      MakeNet(InputText("x", "3") + LayerText("r: ReLU x -> x") + LayerText("p: Power x -> y"));
  EXPECT_THAT(net->blob_names(), ElementsAre("x", "y"));
  EXPECT_EQ(net->top_vecs()[1][0], net->bottom_vecs()[1][0]);
}

TEST(NetBuild, RefusesToWorkInPlaceWhereALayerCannot) {
  EXPECT_EQ(BuildError(InputText("x", "3") + LayerText("s: Silence x -> x")),
            "net:2:52: error: layer 's' (Silence): takes exactly 0 top blobs, got 1: x");
  EXPECT_EQ(BuildError(InputText("x", "3, 2") + LayerText("f: Flatten x -> x")),
            "net:2:52: error: layer 'f' (Flatten): cannot write top[0] 'x' in place over its "
            "bottom[0]; give the top a name of its own");
}

TEST(NetBuild, KnowsWhichBlobsAreCopiesOfItsOwn) {
  const auto net =
      MakeNet(InputText("x", "1") + LayerText("a: ReLU x -> y") + LayerText("b: ReLU x -> z"));
  EXPECT_TRUE(net->is_split_copy("x_x_0_split_1"));
  EXPECT_FALSE(net->is_split_copy("x"));
  EXPECT_THAT(net->blob_names(), ElementsAre("x", "x_x_0_split_0", "x_x_0_split_1", "y", "z"));
}

TEST(NetBuild, KnowsLabelsThroughWhatMovesThem) {
  const auto net = MakeNet(
      InputText("scores", "2, 5") + InputText("all", "1, 2, 1, 2") +
      LayerText("slice: Slice all -> l1 l2", "slice_param { axis: 3 }") +
      LayerText("flat: Flatten l1 -> flat", "flatten_param { axis: 0 }") +
      LayerText("shape: Reshape flat -> label", "reshape_param { shape { dim: 2 } }") +
      LayerText("loss: SoftmaxWithLoss scores label") +
      LayerText("top: Accuracy scores label -> accuracy") + LayerText("r: ReLU l2 -> rest"));
  for (const char* const label : {"all", "l1", "flat", "label", "label_shape_0_split_0"}) {
    EXPECT_TRUE(net->is_index(label)) << label;
  }
  for (const char* const other : {"scores", "l2", "rest", "loss"}) {
    EXPECT_FALSE(net->is_index(other)) << other;
  }
}

TEST(NetBuild, ReportsTheFirstOfAllErrors) {
  EXPECT_EQ(
      BuildError("\n" + LayerText("a: Input -> x") + LayerText("b: ReLU x -> y") +
                 LayerText("c: Nonsense y -> z")),
      "net:2:1: error: layer 'a' (Input): has no shape; add input_param { shape { dim: 1 dim: "
      "3 ... } }, one shape for all tops or one for each");
}

TEST(NetBuild, WarnsOfEqualLayerNames) {
  LogRecorder log;
  MakeNet(InputText("x", "1") + LayerText("r: ReLU x -> y") + LayerText("r: ReLU y -> z"));
  EXPECT_THAT(log.warnings, ElementsAre("net:3:15: warning: two layers are named 'r'; weights are "
                                        "found by name, and will go to the last of them"));
}

TEST(NetBuild, LogsWhatItBuildsInCaffesLines) {
  LogRecorder log;
  MakeNet(InputText("x", "2, 3") + InnerProductText("ip: InnerProduct x -> y", 1) +
              LayerText("r: ReLU y -> y") + LayerText("sum: Reduction y -> s", "loss_weight: 3"),
          ForPhase(caffe::TRAIN));
  ASSERT_FALSE(log.lines.empty());
  EXPECT_THAT(
      log.lines[0],
      testing::StartsWith("Initializing net from parameters: \nstate {\n  phase: TRAIN\n}\n"));
  log.lines.erase(log.lines.begin());
  EXPECT_THAT(
      log.lines,
      ElementsAre("Creating layer x", "Creating Layer x", "x -> x", "Setting up x",
                  "Top shape: 2 3 (6)", "Memory required for data: 24", "Creating layer ip",
                  "Creating Layer ip", "ip <- x", "ip -> y", "Setting up ip", "Top shape: 2 1 (2)",
                  "Memory required for data: 32", "Creating layer r", "Creating Layer r", "r <- y",
                  "r -> y (in-place)", "Setting up r", "Top shape: 2 1 (2)",
                  "Memory required for data: 40", "Creating layer sum", "Creating Layer sum",
                  "sum <- y", "sum -> s", "Setting up sum", "Top shape: (1)",
                  "    with loss weight 3", "Memory required for data: 44",
                  "sum needs backward computation.", "r needs backward computation.",
                  "ip needs backward computation.", "x does not need backward computation.",
                  "This network produces output s", "Network initialization done."));
}

TEST(NetBuild, KeepsErrorsOnOneLine) {
  EXPECT_EQ(BuildError("layer { name: 'a\\nb' type: 'Re\\tLU' }"),
            "net:1:28: error: layer 'a?b': unknown layer type 'Re?LU'; did you mean 'ReLU'?");
}

TEST(NetBuild, RefusesANetBeyondTheMemoryLimitAtTheLayerThatIsTooMuch) {
  NetOptions options;
  options.memory_limit = 1 << 20;
  const std::string text =
      InputText("x", "100, 1000") + LayerText("r: ReLU x -> x") + LayerText("big: Concat x x -> y");
  EXPECT_EQ(
      BuildError(text, options),
      "net:3:65: error: layer 'big' (Concat): with its top of 100 2000 (200000) the net needs "
      "2 MB for its blobs, but the limit is 1 MB; use smaller inputs or raise the memory "
      "limit");
  options.memory_limit = 2 << 20;
  EXPECT_EQ(BuildError(text, options), "no error");
}

TEST(NetBuild, RefusesParametersBeyondTheMemoryLimit) {
  NetOptions options;
  options.memory_limit = 1 << 20;
  EXPECT_EQ(
      BuildError(InputText("x", "1, 1000") + InnerProductText("ip: InnerProduct x -> y", 1000),
                 options),
      "net:2:1: error: layer 'ip' (InnerProduct): with its parameters the net needs 4 MB for its "
      "blobs, but the limit is 1 MB; use smaller inputs or raise the memory limit");
}

// Filling what is in front of the layer that is too much could take seconds.
TEST(NetBuild, RefusesANetBeyondTheMemoryLimitBeforeItFillsAnything) {
  NetOptions options;
  options.memory_limit = 4 << 20;
  const std::string text = InputText("x", "1, 1000") +
                           InnerProductText("ip: InnerProduct x -> y", 500) +
                           InnerProductText("big: InnerProduct y -> z", 5000);
  const NetSource read = Parse(text);
  NetState state(read.net, options, read.source);
  const MemoryBudget::Scope scope(state.budget);
  Diagnostics diagnostics;
  state.PlanLayers(&diagnostics);
  state.BuildLayers(&diagnostics);
  EXPECT_EQ(AllErrors(diagnostics),
            "net:3:1: error: layer 'big' (InnerProduct): with its parameters the net needs 12 MB "
            "for its blobs, but the limit is 4 MB; use smaller inputs or raise the memory limit\n");
  EXPECT_EQ(state.budget->used(), 0);
}

TEST(NetBuild, CountsMemoryThatIsTakenLaterAgainstTheLimit) {
  NetOptions options;
  options.memory_limit = 1 << 20;
  const auto net = MakeNet(InputText("x", "10") + LayerText("r: ReLU x -> y"), options);
  net->blob_by_name("x")->Reshape({100000});
  net->Reshape();
  EXPECT_EQ(ErrorOf([&] {
              net->blob_by_name("x")->Reshape({200000});
              net->Forward();
            }),
            "net:2:1: error: layer 'r' (ReLU): needs 1 MB more memory, but 1 MB of the limit of 1 "
            "MB are taken; use smaller inputs or raise the memory limit");
}

// A window larger than 400 columns makes a matrix that is larger than all blobs.
TEST(NetBuild, ScratchMemoryMayNotBeMoreThanTheLimitLeaves) {
  NetOptions options;
  options.engine = Engine::kReference;
  options.memory_limit = 20 << 20;
  options.threads = 1;
  const auto net = MakeNet(InputText("x", "1, 1, 1200, 1200") +
                               LayerText("c: Convolution x -> y",
                                         "convolution_param { num_output: 1 kernel_size: 1100 }"),
                           options);
  EXPECT_THAT(ErrorOf([&] { net->Forward(); }),
              testing::MatchesRegex("net:2:1: error: layer 'c' \\(Convolution\\): needs [0-9]+ MB "
                                    "more memory, but [0-9]+ MB of the limit of 20 MB are taken; "
                                    "use smaller inputs or raise the memory limit"));
}

TEST(NetBuild, CandidatesOfArgMaxCountAgainstTheLimit) {
  NetOptions options;
  options.memory_limit = 3 << 20;
  const auto net = MakeNet(
      InputText("x", "1, 200000") + LayerText("a: ArgMax x -> y", "argmax_param { top_k: 200000 }"),
      options);
  EXPECT_EQ(ErrorOf([&] { net->Forward(); }),
            "net:2:1: error: layer 'a' (ArgMax): needs 4 MB more memory, but 2 MB of the limit of "
            "3 MB are taken; use smaller inputs or raise the memory limit");
}

}  // namespace
}  // namespace demitasse
