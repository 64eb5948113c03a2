// Layer::ExtraParam: parameters for which the schema has no field.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "demitasse/layer.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::ThrowsMessage;

LayerParameter Param(const std::string& text) {
  LayerParameter param;
  EXPECT_TRUE(
      google::protobuf::TextFormat::ParseFromString("name: 'l' type: 'Asks' " + text, &param));
  return param;
}

// Asks for what a test wants to know.
class AskingLayer : public Layer {
 public:
  explicit AskingLayer(const std::string& text, std::function<void(const Layer&)> ask = nullptr)
      : Layer(Param(text)), ask_(std::move(ask)) {}
  void LayerSetUp(const std::vector<Blob*>& /*bottom*/,
                  const std::vector<Blob*>& /*top*/) override {
    if (ask_) ask_(*this);
  }
  void Reshape(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) override {}

 protected:
  void Forward_cpu(const std::vector<Blob*>& /*bottom*/,
                   const std::vector<Blob*>& /*top*/) override {}

 private:
  std::function<void(const Layer&)> ask_;
};

template <typename T>
T Value(const std::string& value) {
  return AskingLayer("extra_param { key: 'a' value: '" + value + "' }").ExtraParam<T>("a");
}

// The error for a value, without the layer's name.
template <typename T>
std::string Wrong(const std::string& value) {
  try {
    Value<T>(value);
  } catch (const LayerError& error) {
    const std::string start = "layer 'l' (Asks): extra_param \"a\": ";
    EXPECT_EQ(start, error.message().substr(0, start.size()));
    return error.message().substr(start.size());
  }
  return "no error";
}

TEST(ExtraParam, ReadsNumbers) {
  EXPECT_EQ(0.2f, Value<float>("0.2"));
  EXPECT_EQ(-1500.f, Value<float>("-1.5e3"));
  EXPECT_EQ(0.f, Value<float>("1e-60"));
  EXPECT_EQ(-std::numeric_limits<float>::infinity(), Value<float>("-inf"));
  EXPECT_EQ(1e-60, Value<double>("1e-60"));
  EXPECT_EQ(-7, Value<int>("-7"));
  EXPECT_EQ(int64_t{9'000'000'000}, Value<int64_t>("9000000000"));
}

TEST(ExtraParam, ReadsTruthAndText) {
  EXPECT_TRUE(Value<bool>("true"));
  EXPECT_FALSE(Value<bool>("false"));
  EXPECT_EQ(" a b ", Value<std::string>(" a b "));
  EXPECT_EQ("", Value<std::string>(""));
}

TEST(ExtraParam, ReadsLists) {
  EXPECT_THAT(Value<std::vector<float>>(" 1, 2.5,3 "), ElementsAre(1, 2.5f, 3));
  EXPECT_THAT(Value<std::vector<int>>("4"), ElementsAre(4));
  EXPECT_THAT(Value<std::vector<int>>(" "), IsEmpty());
}

TEST(ExtraParam, SaysWhatAValueIsNot) {
  EXPECT_EQ("\"abc\" is not a number", Wrong<float>("abc"));
  EXPECT_EQ("\"1,5\" is not a number", Wrong<float>("1,5"));
  EXPECT_EQ("\" 1\" is not a number", Wrong<double>(" 1"));
  EXPECT_EQ("\"\" is not a number", Wrong<float>(""));
  EXPECT_EQ("\"nan\" is not a number", Wrong<float>("nan"));
  EXPECT_EQ("\"1e39\" is not a number up to 3.40282e+38", Wrong<float>("1e39"));
  EXPECT_EQ("\"3.5\" is not a whole number from -2147483648 to 2147483647", Wrong<int>("3.5"));
  EXPECT_EQ("\"3000000000\" is not a whole number from -2147483648 to 2147483647",
            Wrong<int>("3000000000"));
  EXPECT_EQ("\"yes\" is not true or false", Wrong<bool>("yes"));
  EXPECT_EQ("\"1, x, 2\" is not a list: \"x\" is not a number",
            Wrong<std::vector<float>>("1, x, 2"));
  EXPECT_EQ("\"1,\" is not a list: \"\" is not a whole number from -2147483648 to 2147483647",
            Wrong<std::vector<int>>("1,"));
}

TEST(ExtraParam, TakesTheFallbackOfAKeyThatIsNotGiven) {
  const AskingLayer layer("extra_param { key: 'a' value: '2' }");
  EXPECT_EQ(2, layer.ExtraParam<int>("a", 1));
  EXPECT_EQ(1, layer.ExtraParam<int>("b", 1));
  EXPECT_EQ("text", layer.ExtraParam<std::string>("b", "text"));
  EXPECT_TRUE(layer.HasExtraParam("a"));
  EXPECT_FALSE(layer.HasExtraParam("b"));
}

TEST(ExtraParam, SaysWhatToWriteForAKeyThatIsNeeded) {
  EXPECT_THAT([] { AskingLayer("").ExtraParam<float>("alpha"); },
              ThrowsMessage<LayerError>("error: layer 'l' (Asks): needs extra_param { key: "
                                        "\"alpha\" value: \"...\" }"));
}

// What setting up a layer says that asks for alpha and beta.
std::string SetUpError(const std::string& text) {
  AskingLayer layer(text, [](const Layer& asking) {
    asking.ExtraParam<float>("alpha", 1);
    asking.HasExtraParam("beta");
  });
  try {
    layer.SetUp({}, {});
  } catch (const LayerError& error) {
    return error.message();
  }
  return "no error";
}

TEST(ExtraParam, FindsKeysThatTheLayerNeverAsksFor) {
  EXPECT_EQ("no error", SetUpError("extra_param { key: 'beta' value: '' }"));
  EXPECT_EQ("layer 'l' (Asks): unknown extra_param \"aplha\"; did you mean 'alpha'?",
            SetUpError("extra_param { key: 'aplha' value: '1' }"));
  EXPECT_EQ("layer 'l' (Asks): unknown extra_param \"momentum\"; this layer reads alpha, beta",
            SetUpError("extra_param { key: 'momentum' value: '1' }"));
  AskingLayer asks_for_none("extra_param { key: 'alpha' value: '1' }");
  EXPECT_THAT([&] { asks_for_none.SetUp({}, {}); },
              ThrowsMessage<LayerError>("error: layer 'l' (Asks): unknown extra_param \"alpha\"; "
                                        "this layer reads none"));
}

TEST(ExtraParam, MayBeThatOfALayerWithinTheLayer) {
  const char* const text =
      "extra_param { key: 'outer' value: '1' } "
      "extra_param { key: 'inner' value: '2' }";
  int inner_value = 0;
  AskingLayer outer(text, [&](const Layer& asking) {
    asking.ExtraParam<int>("outer");
    AskingLayer inner(text,
                      [&](const Layer& within) { inner_value = within.ExtraParam<int>("inner"); });
    inner.SetUp({}, {});
  });
  EXPECT_NO_THROW(outer.SetUp({}, {}));
  EXPECT_EQ(2, inner_value);
}

TEST(ExtraParam, PointsAtTheValueThatALayerRefuses) {
  auto source = std::make_shared<SourceMap>("net.prototxt");
  source->Set("layer[0].extra_param[1].value", 7, 9);
  LayerContext context;
  context.source = source;
  context.path = "layer[0]";
  AskingLayer layer("extra_param { key: 'a' value: '1' } extra_param { key: 'b' value: '2' }");
  layer.set_context(context);
  EXPECT_STREQ("net.prototxt:7:9: error: layer 'l' (Asks): b must be odd",
               layer.Fail("extra_param.b", "b must be odd").what());
  EXPECT_EQ(0, layer.Where("extra_param.c").line);
}

TEST(ExtraParam, NeedsEachKeyOnceAndAValue) {
  EXPECT_EQ("layer 'l' (Asks): extra_param \"alpha\" is given twice",
            SetUpError("extra_param { key: 'alpha' value: '1' } "
                       "extra_param { key: 'alpha' value: '1' }"));
  EXPECT_EQ("layer 'l' (Asks): extra_param needs a key", SetUpError("extra_param { value: '1' }"));
  EXPECT_EQ("layer 'l' (Asks): extra_param \"alpha\" needs a value",
            SetUpError("extra_param { key: 'alpha' }"));
}

TEST(ExtraParam, NamesThePlaceOfAValue) {
  auto source = std::make_shared<SourceMap>("net.prototxt");
  source->Set("layer[3].extra_param[1].value", 7, 9);
  LayerContext context;
  context.source = source;
  context.path = "layer[3]";
  AskingLayer layer("extra_param { key: 'a' value: '1' } extra_param { key: 'b' value: 'x' }",
                    [](const Layer& asking) { asking.ExtraParam<int>("b"); });
  layer.set_context(context);
  EXPECT_THAT([&] { layer.SetUp({}, {}); },
              ThrowsMessage<LayerError>("net.prototxt:7:9: error: layer 'l' (Asks): extra_param "
                                        "\"b\": \"x\" is not a whole number from -2147483648 to "
                                        "2147483647"));
}

}  // namespace
}  // namespace demitasse
