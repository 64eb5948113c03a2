#include "demitasse/layer.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <new>

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::ThrowsMessage;

LayerParameter Param(const std::string& text) {
  LayerParameter param;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &param));
  return param;
}

// Tops are copies of the bottoms; what it declares can be set.
class CopyLayer : public Layer {
 public:
  explicit CopyLayer(const std::string& text = "name: 'l' type: 'Copy'") : Layer(Param(text)) {}

  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    for (const auto& shape : parameter_shapes) AddParameter(shape, filler, "scale_param.filler");
  }
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    for (size_t i = 0; i < top.size(); ++i) top[i]->ReshapeLike(*bottom.at(i));
  }
  int ExactNumBottomBlobs() const override { return exact_bottoms; }
  int MinTopBlobs() const override { return least_tops; }
  int MaxTopBlobs() const override { return most_tops; }
  bool EqualNumBottomTopBlobs() const override { return equal; }
  bool SupportsInPlace(int index) const override { return index == in_place; }
  using Layer::CanonicalAxis;

  int exact_bottoms = -1;
  int least_tops = -1;
  int most_tops = -1;
  bool equal = false;
  int in_place = -1;
  std::vector<std::vector<int>> parameter_shapes;
  caffe::FillerParameter filler;
  std::string failure;  // thrown by Forward
  bool lacks_memory = false;

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    if (!failure.empty()) throw Error(failure, ErrorKind::kRun);
    if (lacks_memory) throw std::bad_alloc();
    for (size_t i = 0; i < top.size(); ++i) top[i]->CopyFrom(*bottom[i]);
  }
};

class LayerTest : public testing::Test {
 protected:
  LayerTest() : a_(std::vector<int>{2}), b_(std::vector<int>{2}) {
    a_.mutable_cpu_data()[0] = 1;
    a_.mutable_cpu_data()[1] = 2;
    b_.mutable_cpu_data()[0] = 10;
  }

  Blob a_;
  Blob b_;
  Blob x_;
  Blob y_;
  CopyLayer layer_;
};

TEST_F(LayerTest, SetUpGivesTheTopsTheirShapes) {
  layer_.SetUp({&a_}, {&x_});
  EXPECT_THAT(x_.shape(), ElementsAre(2));
}

TEST_F(LayerTest, ForwardFollowsTheBottomsShape) {
  layer_.SetUp({&a_}, {&x_});
  a_.Reshape({1});
  layer_.Forward({&a_}, {&x_});
  EXPECT_THAT(x_.shape(), ElementsAre(1));
  EXPECT_EQ(1, x_.cpu_data()[0]);
}

TEST_F(LayerTest, ChecksHowManyBlobsThereAre) {
  layer_.exact_bottoms = 1;
  layer_.least_tops = 1;
  layer_.most_tops = 2;
  EXPECT_THAT(
      [&] {
        layer_.SetUp({&a_, &b_}, {&x_});
      },
      ThrowsMessage<LayerError>("error: layer 'l' (Copy): takes exactly 1 bottom blob, got 2"));
  EXPECT_THAT(
      [&] { layer_.SetUp({&a_}, {}); },
      ThrowsMessage<LayerError>("error: layer 'l' (Copy): takes at least 1 top blob, got 0"));
  EXPECT_THAT(
      [&] {
        layer_.SetUp({&a_}, {&b_, &x_, &y_});
      },
      ThrowsMessage<LayerError>("error: layer 'l' (Copy): takes at most 2 top blobs, got 3"));
}

TEST_F(LayerTest, ChecksThatThereAreAsManyTopsAsBottoms) {
  layer_.equal = true;
  EXPECT_THAT(
      [&] {
        layer_.SetUp({&a_, &b_}, {&x_});
      },
      ThrowsMessage<LayerError>("error: layer 'l' (Copy): needs as many tops as bottoms, "
                                "got 2 bottoms and 1 top"));
}

TEST_F(LayerTest, WorksInPlaceOnlyWhereItSaysSo) {
  EXPECT_THAT([&] { layer_.SetUp({&a_}, {&a_}); },
              ThrowsMessage<LayerError>("error: layer 'l' (Copy): cannot write top[0] '' in place "
                                        "over its bottom[0]; give the top a name of its own"));
  CopyLayer in_place;
  in_place.in_place = 0;
  EXPECT_NO_THROW(in_place.SetUp({&a_}, {&a_}));
  EXPECT_THROW(in_place.SetUp({&a_, &b_}, {&b_}), LayerError);
}

TEST_F(LayerTest, AddsParametersFilled) {
  layer_.parameter_shapes = {{2, 3}};
  layer_.filler.set_value(4);
  layer_.SetUp({&a_}, {&x_});
  ASSERT_EQ(1u, layer_.blobs().size());
  EXPECT_THAT(layer_.blobs()[0]->shape(), ElementsAre(2, 3));
  EXPECT_EQ(4, layer_.blobs()[0]->cpu_data()[5]);
  EXPECT_TRUE(layer_.param_propagate_down(0));
}

TEST_F(LayerTest, TakesParametersFromThePrototxt) {
  CopyLayer layer("name: 'l' type: 'Copy' blobs { shape { dim: 2 } data: 5 data: 6 }");
  layer.parameter_shapes = {{2}};
  layer.SetUp({&a_}, {&x_});
  EXPECT_EQ(6, layer.blobs()[0]->cpu_data()[1]);
  EXPECT_EQ(0, layer.layer_param().blobs_size());
}

TEST_F(LayerTest, ReportsParametersThatDoNotFit) {
  CopyLayer too_many("name: 'l' type: 'Copy' blobs { } blobs { }");
  too_many.parameter_shapes = {{2}};
  EXPECT_THAT([&] { too_many.SetUp({&a_}, {&x_}); },
              ThrowsMessage<LayerError>("error: layer 'l' (Copy): has 1 parameter blobs, but 2 are "
                                        "given; give all of them or none"));
  CopyLayer wrong_shape("name: 'l' type: 'Copy' blobs { shape { dim: 3 } data: [1, 2, 3] }");
  wrong_shape.parameter_shapes = {{2}};
  EXPECT_THAT([&] { wrong_shape.SetUp({&a_}, {&x_}); },
              ThrowsMessage<LayerError>("error: layer 'l' (Copy): a blob of 3 (3) is given for one "
                                        "of 2 (2)"));
}

TEST_F(LayerTest, ReportsTheFillerThatIsWrong) {
  auto source = std::make_shared<SourceMap>("net.prototxt");
  source->Set("layer[1].scale_param.filler", 5, 3);
  LayerContext context;
  context.source = source;
  context.path = "layer[1]";
  layer_.set_context(context);
  layer_.parameter_shapes = {{2}};
  layer_.filler.set_type("gaussian");
  layer_.filler.set_std(-1);
  EXPECT_THAT([&] { layer_.SetUp({&a_}, {&x_}); },
              ThrowsMessage<LayerError>("net.prototxt:5:3: error: layer 'l' (Copy): std must not "
                                        "be negative, got -1"));
}

TEST_F(LayerTest, LayersOfAContextShareItsRandomNumbers) {
  const auto filled_with = [&](const std::shared_ptr<Rng>& rng) {
    CopyLayer layer;
    LayerContext context;
    context.rng = rng;
    layer.set_context(context);
    layer.parameter_shapes = {{1}};
    layer.filler.set_type("uniform");
    layer.SetUp({&a_}, {&x_});
    return layer.blobs()[0]->cpu_data()[0];
  };
  const auto rng = std::make_shared<Rng>(3);
  const float first = filled_with(rng);
  EXPECT_NE(first, filled_with(rng));
  EXPECT_EQ(first, filled_with(std::make_shared<Rng>(3)));
}

TEST_F(LayerTest, ForwardReturnsTheWeightedSumOfTheLosses) {
  CopyLayer layer("loss_weight: 0.5 loss_weight: 3");
  layer.SetUp({&a_, &b_}, {&x_, &y_});
  EXPECT_EQ(0.5f * 3 + 3 * 10, layer.Forward({&a_, &b_}, {&x_, &y_}));
  EXPECT_EQ(3, layer.loss(1));
  layer.set_loss(0, 0);
  EXPECT_EQ(30, layer.Forward({&a_, &b_}, {&x_, &y_}));
}

TEST_F(LayerTest, ATopIsNoLossUnlessItSaysSo) {
  layer_.SetUp({&a_}, {&x_});
  EXPECT_EQ(0, layer_.loss(0));
  EXPECT_EQ(0, layer_.Forward({&a_}, {&x_}));
  layer_.set_loss(0, 2);
  EXPECT_EQ(6, layer_.Forward({&a_}, {&x_}));
}

TEST_F(LayerTest, NeedsAsManyLossWeightsAsTops) {
  CopyLayer layer("name: 'l' type: 'Copy' loss_weight: 1 loss_weight: 1");
  EXPECT_THAT([&] { layer.SetUp({&a_}, {&x_}); },
              ThrowsMessage<LayerError>("error: layer 'l' (Copy): loss_weight must be given once "
                                        "for each top or not at all, got 2 for 1 top"));
}

TEST_F(LayerTest, NamesItselfInErrors) {
  layer_.SetUp({&a_}, {&x_});
  layer_.failure = "no more paper";
  try {
    layer_.Forward({&a_}, {&x_});
    ADD_FAILURE() << "no error";
  } catch (const LayerError& error) {
    EXPECT_STREQ("error: layer 'l' (Copy): no more paper", error.what());
    EXPECT_EQ(ErrorKind::kRun, error.kind());
  }
}

TEST_F(LayerTest, NamesItselfWhereTheMachineHasNoMemory) {
  layer_.SetUp({&a_}, {&x_});
  layer_.lacks_memory = true;
  EXPECT_THAT(
      [&] { layer_.Forward({&a_}, {&x_}); },
      ThrowsMessage<LayerError>("error: layer 'l' (Copy): out of memory: the machine refused it"));
}

TEST_F(LayerTest, WithoutAGradientItFailsOnlyWhenOneIsAskedFor) {
  layer_.SetUp({&a_}, {&x_});
  EXPECT_NO_THROW(layer_.Backward({&x_}, {false}, {&a_}));
  EXPECT_THAT([&] { layer_.Backward({&x_}, {true}, {&a_}); },
              ThrowsMessage<LayerError>("error: layer 'l' (Copy): this layer has no gradient; "
                                        "nothing below it can learn from what is above"));
}

TEST_F(LayerTest, FindsAxes) {
  const Blob blob(std::vector<int>{2, 3, 4});
  EXPECT_EQ(1, layer_.CanonicalAxis(blob, 1, "concat_param.axis"));
  EXPECT_EQ(2, layer_.CanonicalAxis(blob, -1, "concat_param.axis"));
  EXPECT_THAT([&] { layer_.CanonicalAxis(blob, 3, "concat_param.axis"); },
              ThrowsMessage<LayerError>("error: layer 'l' (Copy): axis 3 is outside the bottom's 3 "
                                        "axes (2 3 4 (24))"));
}

TEST_F(LayerTest, RemembersWhichParametersNeedAGradient) {
  layer_.set_param_propagate_down(1, false);
  EXPECT_TRUE(layer_.param_propagate_down(0));
  EXPECT_FALSE(layer_.param_propagate_down(1));
  EXPECT_FALSE(layer_.param_propagate_down(2));
}

TEST_F(LayerTest, TakesThePhaseOfItsParameters) {
  const CopyLayer test("phase: TEST");
  EXPECT_EQ(caffe::TEST, test.layer_param().phase());
}

TEST_F(LayerTest, CanBeWrittenToAMessage) {
  layer_.parameter_shapes = {{2}};
  layer_.filler.set_value(3);
  layer_.SetUp({&a_}, {&x_});
  LayerParameter written;
  layer_.ToProto(&written);
  EXPECT_EQ("Copy", written.type());
  ASSERT_EQ(1, written.blobs_size());
  EXPECT_THAT(written.blobs(0).data(), ElementsAre(3, 3));
}

TEST_F(LayerTest, OneWrittenForCaffeMayWorkInPlace) {
  class Caffes : public Layer {
   public:
    using Layer::Layer;
    void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) override {
    }

   protected:
    void Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                     const std::vector<Blob*>& /*top*/) override {}
  };
  Caffes layer(Param("name: 'l' type: 'Caffes'"));
  EXPECT_THROW(layer.SetUp({&a_}, {&a_}), LayerError);
  layer.set_is_caffe_layer();
  layer.SetUp({&a_}, {&a_});
  EXPECT_TRUE(layer.BackwardReadsTops());
}

// Runs another layer, as Caffe's losses run a softmax.
class OwnerLayer : public CopyLayer {
 public:
  OwnerLayer() : CopyLayer("name: 'l' type: 'Owner' extra_param { key: 'k' value: '1' }") {}

  void LayerSetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& /*top*/) override {
    ExtraParam<int>("k");
    EXPECT_EQ(this, Layer::Running());
    layer_param_.add_loss_weight(2);
    inner = std::make_unique<InnerLayer>(layer_param_);
    inner->SetUp(bottom, {&inner_top});
    EXPECT_EQ(this, Layer::Running());
  }

  class InnerLayer : public Layer {
   public:
    using Layer::context;
    using Layer::Layer;
    void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
      EXPECT_EQ(this, Layer::Running());
      top[0]->ReshapeLike(*bottom[0]);
    }

   protected:
    void Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                     const std::vector<Blob*>& /*top*/) override {}
  };

  std::unique_ptr<InnerLayer> inner;
  Blob inner_top;
};

TEST_F(LayerTest, OneInsideAnotherTakesItsContext) {
  OwnerLayer owner;
  LayerContext context;
  context.engine = Engine::kReference;
  context.rng = std::make_shared<Rng>(7);
  owner.set_context(context);
  owner.SetUp({&a_}, {&x_});
  EXPECT_EQ(context.rng.get(), owner.inner->rng());
  EXPECT_EQ(Engine::kReference, owner.inner->context().engine);
  EXPECT_EQ(nullptr, Layer::Running());
}

TEST_F(LayerTest, ALossInsideAnotherStartsItsGradient) {
  OwnerLayer owner;
  owner.SetUp({&a_}, {&x_});
  EXPECT_EQ(2, owner.loss(0));
  EXPECT_EQ(2, owner.inner_top.cpu_diff()[0]);
  EXPECT_EQ(2, owner.inner_top.cpu_diff()[1]);
}

}  // namespace
}  // namespace demitasse
