#include <gmock/gmock.h>

#include <cmath>

#include "demitasse/random.hpp"
#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;

std::string ConvolutionText(const std::string& heading, const std::string& param = "") {
  return LayerText(heading,
                   "convolution_param { num_output: 4 kernel_size: 3 pad: 1 weight_filler "
                   "{ type: 'gaussian' std: 0.3 } bias_filler { type: 'gaussian' } " +
                       param + " }");
}

const std::string kInput = InputText("x", "2, 4, 5, 6");
const std::string kNormalized = kInput + ConvolutionText("conv: Convolution x -> c") +
                                LayerText("bn: BatchNorm c -> b") +
                                LayerText("scale: Scale b -> b", "scale_param { bias_term: true }");

// Gives every input and parameter other values; variances and factors stay above 0.
void Randomize(Net* net) {
  Rng rng(3);
  for (Blob* const input : net->input_blobs()) {
    for (int64_t i = 0; i < input->size(); ++i) input->mutable_cpu_data()[i] = rng.Gaussian();
  }
  for (const auto& param : net->params()) {
    for (int64_t i = 0; i < param->size(); ++i) {
      param->mutable_cpu_data()[i] = 0.5f + rng.Uniform();
    }
  }
}

// The layers that are left once the net is optimized, after checking that its outputs stay.
std::vector<std::string> OptimizedLayers(const std::string& text, Engine engine) {
  NetOptions options;
  options.engine = engine;
  const auto plain = MakeNet(text, options);
  const auto optimized = MakeNet(text, options);
  Randomize(plain.get());
  Randomize(optimized.get());
  optimized->Optimize();
  for (int pass = 0; pass < 2; ++pass) {  // the second one in memory that was used
    plain->Forward();
    optimized->Forward();
    for (size_t i = 0; i < plain->output_blobs().size(); ++i) {
      const std::vector<float> expected = Values(*plain->output_blobs()[i]);
      const std::vector<float> actual = Values(*optimized->output_blobs()[i]);
      for (size_t k = 0; k < expected.size(); ++k) {
        EXPECT_NEAR(expected[k], actual[k], 1e-4 * std::max(1.0f, std::abs(expected[k])));
      }
    }
  }
  return optimized->layer_names();
}

class Optimize : public testing::TestWithParam<Engine> {
 protected:
  static std::vector<std::string> LayersOf(const std::string& text) {
    return OptimizedLayers(text, GetParam());
  }
};

TEST_P(Optimize, FoldsAffineMapsAndRectifiersIntoTheConvolution) {
  EXPECT_THAT(LayersOf(kNormalized), ElementsAre("x", "conv"));
  EXPECT_THAT(LayersOf(kNormalized + LayerText("relu: ReLU b -> b")), ElementsAre("x", "conv"));
  EXPECT_THAT(LayersOf(kNormalized + LayerText("prelu: PReLU b -> y")), ElementsAre("x", "conv"));
  EXPECT_THAT(
      LayersOf(kNormalized + LayerText("relu: ReLU b -> r", "relu_param { negative_slope: 0.2 }") +
               LayerText("pool: Pooling r -> y", "pooling_param { kernel_size: 2 }")),
      ElementsAre("x", "conv", "pool"));
}

TEST_P(Optimize, FoldsIntoConvolutionsOfEveryKind) {
  for (const char* const param :
       {"group: 2", "group: 4", "bias_term: false", "stride: 2", "dilation: 2", "engine: CAFFE"}) {
    EXPECT_THAT(LayersOf(kInput + ConvolutionText("conv: Convolution x -> c", param) +
                         LayerText("bias: Bias c -> b") + LayerText("relu: ReLU b -> y")),
                ElementsAre("x", "conv"))
        << param;
  }
}

TEST_P(Optimize, FoldsIntoInnerProducts) {
  for (const char* const param : {"", "transpose: true", "bias_term: false"}) {
    const std::string product = LayerText(
        "ip: InnerProduct x -> i",
        std::string("inner_product_param { num_output: 3 weight_filler { type: 'gaussian' } ") +
            param + " }");
    EXPECT_THAT(LayersOf(kInput + product +
                         LayerText("scale: Scale i -> y", "scale_param { bias_term: true }")),
                ElementsAre("x", "ip"))
        << param;
  }
}

TEST_P(Optimize, AddsABranchToTheOther) {
  const std::string branches =
      kInput + ConvolutionText("a: Convolution x -> a") + ConvolutionText("b: Convolution a -> b") +
      LayerText("relu_b: ReLU b -> b") + ConvolutionText("c: Convolution b -> c");
  EXPECT_THAT(LayersOf(branches + LayerText("sum: Eltwise a c -> s") +
                       LayerText("relu: ReLU s -> s") + ConvolutionText("d: Convolution s -> y")),
              ElementsAre("x", "a", "b", "c", "d"));
  EXPECT_THAT(LayersOf(branches + LayerText("sum: Eltwise c a -> s") +
                       LayerText("relu: PReLU s -> p") + ConvolutionText("d: Convolution p -> y")),
              ElementsAre("x", "a", "b", "c", "d"));
}

TEST_P(Optimize, KeepsASumWhoseTermsAreNeeded) {
  const std::string end = ConvolutionText("end: Convolution s -> y");
  // By a later layer,
  EXPECT_THAT(LayersOf(kInput + ConvolutionText("a: Convolution x -> a") +
                       ConvolutionText("b: Convolution a -> b") +
                       LayerText("sum: Eltwise a b -> s") + end + LayerText("tanh: TanH a -> t")),
              ElementsAre("x", "a", "b", "sum", "end", "tanh"));
  // as an input,
  EXPECT_THAT(LayersOf(kInput + ConvolutionText("a: Convolution x -> a") +
                       LayerText("sum: Eltwise x a -> s") + end),
              ElementsAre("x", "a", "sum", "end"));
  // in another form, or as more than a sum.
  EXPECT_THAT(
      LayersOf(kInput + ConvolutionText("a: Convolution x -> a") +
               LayerText("flat: Flatten a -> f") + ConvolutionText("b: Convolution a -> b") +
               LayerText("sum: Eltwise a b -> s") + end),
      ElementsAre("x", "a", "flat", "b", "sum", "end"));
  EXPECT_THAT(LayersOf(kInput + ConvolutionText("a: Convolution x -> a") +
                       ConvolutionText("b: Convolution a -> b") +
                       LayerText("sum: Eltwise a b -> s", "eltwise_param { coeff: [1, 2] }") + end),
              ElementsAre("x", "a", "b", "sum", "end"));
}

TEST_P(Optimize, DropsWhatDoesNothing) {
  EXPECT_THAT(LayersOf(kInput + ConvolutionText("a: Convolution x -> a") +
                       LayerText("drop: Dropout a -> d") + LayerText("relu: ReLU d -> d") +
                       LayerText("tanh: TanH d -> t") + LayerText("abs: AbsVal d -> v") +
                       LayerText("last: Dropout v -> v")),
              ElementsAre("x", "a", "tanh", "abs"));
  // An output must be written.
  EXPECT_THAT(LayersOf(kInput + LayerText("drop: Dropout x -> d")), ElementsAre("x", "drop"));
}

TEST_P(Optimize, LeavesAloneWhatAnotherLayerReads) {
  EXPECT_THAT(LayersOf(kInput + ConvolutionText("a: Convolution x -> a") +
                       LayerText("relu: ReLU a -> r") + LayerText("tanh: TanH a -> t")),
              ElementsAre("x", "a", "relu", "tanh"));
}

std::string TwoBranches(const std::string& shape) {
  return InputText("x", shape) + LayerText("a: TanH x -> a") +
         LayerText("conv: Convolution x -> c",
                   "convolution_param { num_output: 16 kernel_size: 1 weight_filler "
                   "{ type: 'gaussian' } }");
}

TEST_P(Optimize, JoinsBranches) {
  for (const std::string shape : {"1, 16, 4, 3", "2, 16, 4, 3", "1, 3, 5, 7"}) {
    LayersOf(TwoBranches(shape) + LayerText("j: Concat a c -> j") + LayerText("t: TanH j -> t"));
    LayersOf(TwoBranches(shape) + LayerText("j: Concat a c -> j"));
    LayersOf(TwoBranches(shape) + LayerText("j: Concat c a -> j") + LayerText("t: TanH j -> j") +
             LayerText("p: Power j -> p", "power_param { shift: 1 }"));
    LayersOf(TwoBranches(shape) + LayerText("j: Concat a c a -> j") + LayerText("t: TanH j -> t"));
    LayersOf(TwoBranches(shape) + LayerText("j: Concat a c -> j") +
             LayerText("k: Concat c j -> k") + LayerText("t: TanH k -> t"));
    LayersOf(TwoBranches(shape) + LayerText("b: TanH c -> b") + LayerText("j: Concat a b -> j") +
             LayerText("d: Sigmoid c -> d") + LayerText("k: Concat j d -> k") +
             LayerText("t: TanH k -> t"));
    // What BatchNorm computes of a batch's statistics waits until it is read.
    LayersOf(TwoBranches(shape) +
             LayerText("b: BatchNorm x -> b", "batch_norm_param { use_global_stats: false }") +
             LayerText("j: Concat c b a -> j") + LayerText("t: TanH j -> t"));
  }
}

INSTANTIATE_TEST_SUITE_P(Engines, Optimize, testing::Values(Engine::kReference, Engine::kAuto),
                         [](const auto& run) {
                           return run.param == Engine::kReference ? "reference" : "fast";
                         });

TEST(OptimizedNet, TakesInputsOfOtherShapes) {
  const std::string text = kNormalized + LayerText("flat: Flatten b -> f") +
                           LayerText("tanh: TanH f -> t") + LayerText("abs: AbsVal t -> y");
  const auto plain = MakeNet(text);
  const auto optimized = MakeNet(text);
  Randomize(plain.get());
  Randomize(optimized.get());
  optimized->Optimize();
  for (const int num : {1, 3, 2}) {
    for (const auto& net : {plain.get(), optimized.get()}) {
      Blob* const x = net->blob_by_name("x").get();
      x->Reshape(num, 4, 5 + num, 6);
      for (int64_t i = 0; i < x->size(); ++i) {
        x->mutable_cpu_data()[i] = std::sin(static_cast<float>(i * num));
      }
    }
    plain->Forward();
    optimized->Forward();
    const std::vector<float> expected = Values(*plain->output_blobs()[0]);
    EXPECT_THAT(Values(*optimized->output_blobs()[0]),
                testing::Pointwise(testing::FloatNear(1e-5f), expected));
  }
}

TEST(OptimizedNet, WritesAnOutputInPlaceBehindADroppedLayer) {
  const auto net = MakeNet(kNormalized + LayerText("softmax: Softmax b -> b"));
  Randomize(net.get());
  net->Optimize();
  EXPECT_THAT(net->layer_names(), ElementsAre("x", "conv", "softmax"));
  net->Forward();
  EXPECT_EQ(240U, Values(*net->blob_by_name("b")).size());
}

TEST(OptimizedNet, ChangesNoWeightsOfOthers) {
  const auto other = MakeNet(kNormalized);
  Randomize(other.get());
  const std::vector<float> weights = Values(Param(other.get(), "conv"));
  const auto net = MakeNet(kNormalized);
  net->ShareTrainedLayersWith(*other);
  net->Optimize();
  EXPECT_EQ(weights, Values(Param(other.get(), "conv")));
}

TEST(OptimizedNet, RefusesWhatItCannotDo) {
  const auto net =
      MakeNet(kNormalized + LayerText("tanh: TanH b -> t") + LayerText("abs: AbsVal t -> y"));
  EXPECT_FALSE(net->is_optimized());
  net->Optimize();
  EXPECT_TRUE(net->is_optimized());
  net->Forward();
  EXPECT_EQ(240U, Values(*net->blob_by_name("y")).size());
  const std::string gone =
      "error: these values are gone: an optimized net uses the memory of blobs between its layers "
      "again; read an output, or a net that was not optimized";
  for (const char* const blob : {"c", "b", "t"}) {
    EXPECT_EQ(gone, ErrorOf([&] { net->blob_by_name(blob)->cpu_data(); })) << blob;
  }
  const std::string refusal = "error: a net that was optimized for inference cannot ";
  const std::string remedy = "; use one that was not optimized";
  EXPECT_EQ(refusal + "compute gradients" + remedy, ErrorOf([&] { net->Backward(); }));
  EXPECT_EQ(refusal + "take weights" + remedy,
            ErrorOf([&] { net->CopyTrainedLayersFrom(caffe::NetParameter()); }));
  caffe::NetParameter proto;
  EXPECT_EQ(refusal + "be written" + remedy, ErrorOf([&] { net->ToProto(&proto); }));
  const auto other = MakeNet(kNormalized);
  EXPECT_EQ(refusal + "share weights" + remedy,
            ErrorOf([&] { other->ShareTrainedLayersWith(*net); }));
  EXPECT_EQ("error: only a net in phase TEST can be optimized: it will compute no gradients",
            ErrorOf([&] { MakeNet(kNormalized, ForPhase(caffe::TRAIN))->Optimize(); }));
}

TEST(OptimizedNet, SharesMemoryBetweenItsBlobs) {
  std::string text = InputText("b0", "1000");
  for (int i = 0; i < 8; ++i) {
    text += LayerText("l" + std::to_string(i) + ": TanH b" + std::to_string(i) + " -> b" +
                      std::to_string(i + 1));
  }
  const auto net = MakeNet(text);
  net->Optimize();
  net->Forward();
  std::set<const Buffer*> memory;
  for (const auto& blob : net->blobs()) memory.insert(blob->data().get());
  EXPECT_EQ(4U, memory.size());  // the input, the output, and two for the seven between
}

TEST(OptimizedNet, ComputesBranchesWhereTheyAreJoined) {
  // In KB: x 1, j 2, t 2; a and b would take one each.
  const auto net = MakeNet(InputText("x", "1, 16, 4, 4") + LayerText("a: TanH x -> a") +
                           LayerText("b: Sigmoid x -> b") + LayerText("j: Concat a b -> j") +
                           LayerText("t: TanH j -> t"));
  net->Optimize();
  net->Forward();
  EXPECT_EQ(5 << 10, net->blob_by_name("j")->data()->budget()->used());
}

}  // namespace
}  // namespace demitasse
