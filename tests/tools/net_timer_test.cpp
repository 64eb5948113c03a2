#include "tools/net_timer.hpp"

#include <gmock/gmock.h>

#include "demitasse/layer_registry.hpp"
#include "demitasse/log.hpp"
#include "tests/net/net_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// y = x, without a gradient, though nothing says so before the pass backward.
class OneWayLayer : public Layer {
 public:
  using Layer::Layer;
  void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    top[0]->ReshapeLike(*bottom[0]);
  }

 protected:
  void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) override {
    top[0]->CopyFrom(*bottom[0]);
  }
};
DEMITASSE_REGISTER_LAYER("OneWayForNetTimerTest", OneWayLayer);

TEST(NetTimerTest, CountsEveryPassButTheFirst) {
  const auto net = MakeNet(InputText("x", "2, 3") + InnerProductText("ip: InnerProduct x -> y", 4));
  NetTimer timer(net.get());
  timer.WarmUpForward();
  timer.WarmUpBackward();
  EXPECT_EQ(0U, timer.passes().forward.spans.size());
  for (int i = 0; i < 3; ++i) {
    timer.Forward();
    timer.Backward();
  }
  EXPECT_EQ(3U, timer.passes().forward.spans.size());
  EXPECT_EQ(3U, timer.passes().backward.spans.size());
  ASSERT_EQ(2U, timer.layers().size());
  EXPECT_EQ(3U, timer.layers()[1].forward.spans.size());
  EXPECT_EQ(3U, timer.layers()[1].backward.spans.size());
  EXPECT_EQ(0U, timer.layers()[0].backward.spans.size());
}

TEST(NetTimerTest, SpansFollowEachOther) {
  const auto net = MakeNet(InputText("x", "2, 3") + InnerProductText("ip: InnerProduct x -> y", 4));
  NetTimer timer(net.get());
  timer.Forward();
  const TimeSpan whole = timer.passes().forward.spans[0];
  const TimeSpan input = timer.layers()[0].forward.spans[0];
  const TimeSpan product = timer.layers()[1].forward.spans[0];
  EXPECT_LE(whole.start, input.start);
  EXPECT_LE(input.start + input.duration, product.start);
  EXPECT_LE(product.start + product.duration, whole.start + whole.duration);
}

TEST(NetTimerTest, SkipsALayerThatHasNoGradient) {
  const auto net = MakeNet(InputText("x", "2, 3") + InnerProductText("ip: InnerProduct x -> y", 4) +
                           LayerText("one_way: OneWayForNetTimerTest y -> z"));
  LogRecorder log;
  NetTimer timer(net.get());
  timer.WarmUpForward();
  timer.WarmUpBackward();
  timer.Forward();
  timer.Backward();
  EXPECT_THAT(log.warnings,
              ElementsAre(HasSubstr("layer 'one_way' (OneWayForNetTimerTest): this layer has no "
                                    "gradient; nothing below it can learn from what is above; its "
                                    "backward pass is skipped")));
  EXPECT_EQ(1U, timer.layers()[1].backward.spans.size());
  EXPECT_EQ(0U, timer.layers()[2].backward.spans.size());
}

}  // namespace
}  // namespace demitasse
