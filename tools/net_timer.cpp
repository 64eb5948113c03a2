#include "tools/net_timer.hpp"

#include "demitasse/log.hpp"
#include "src/core/conversions.hpp"
#include "src/core/text.hpp"

namespace demitasse {

NetTimer::NetTimer(Net* net)
    : net_(*net), layers_(net->layers().size()), runs_backward_(net->layer_need_backward()) {}

double NetTimer::Now() const {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - begin_)
      .count();
}

template <typename Step>
void NetTimer::Time(const Step& step, TimedPass* pass) const {
  const int64_t conversions = Conversions();
  const double start = Now();
  step();
  pass->spans.push_back({start, Now() - start});
  pass->conversions = Conversions() - conversions;
}

float NetTimer::WarmUpForward() {
  float loss = 0;
  net_.Forward(&loss);
  return loss;
}

void NetTimer::WarmUpBackward() {
  for (size_t i = layers_.size(); i-- > 0;) {
    if (!runs_backward_[i]) continue;
    const int index = static_cast<int>(i);
    try {
      net_.BackwardFromTo(index, index);
    } catch (const LayerError& error) {
      if (error.kind() == ErrorKind::kRun) throw;
      LogWarning(Cat(error.what(), "; its backward pass is skipped"));
      runs_backward_[i] = false;
    }
  }
}

void NetTimer::Forward() {
  const auto all_layers = [&] {
    for (size_t i = 0; i < layers_.size(); ++i) {
      const int index = static_cast<int>(i);
      Time([&] { net_.ForwardFromTo(index, index); }, &layers_[i].forward);
    }
  };
  Time(all_layers, &passes_.forward);
}

void NetTimer::Backward() {
  const auto all_layers = [&] {
    for (size_t i = layers_.size(); i-- > 0;) {
      if (!runs_backward_[i]) continue;
      const int index = static_cast<int>(i);
      Time([&] { net_.BackwardFromTo(index, index); }, &layers_[i].backward);
    }
  };
  Time(all_layers, &passes_.backward);
}

}  // namespace demitasse
