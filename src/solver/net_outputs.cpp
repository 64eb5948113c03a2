#include "src/solver/net_outputs.hpp"

#include "demitasse/log.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

float LossWeight(const Net& net, const Blob* output) {
  for (size_t layer = 0; layer < net.layers().size(); ++layer) {
    const std::vector<Blob*>& tops = net.top_vecs()[layer];
    for (size_t i = 0; i < tops.size(); ++i) {
      if (tops[i] == output) return net.layers()[layer]->loss(static_cast<int>(i));
    }
  }
  return 0;
}

}  // namespace

NetOutputs::NetOutputs(const Net& net) : net_(net), sums_(net.output_blobs().size()) {
  for (const Blob* const output : net.output_blobs()) {
    loss_weights_.push_back(LossWeight(net, output));
  }
}

void NetOutputs::Add() {
  for (size_t output = 0; output < sums_.size(); ++output) {
    const Blob& blob = *net_.output_blobs()[output];
    const float* const values = blob.cpu_data();
    sums_[output].resize(static_cast<size_t>(blob.size()));
    for (size_t i = 0; i < sums_[output].size(); ++i) sums_[output][i] += values[i];
  }
  ++batches_;
}

std::vector<OutputValue> NetOutputs::Means() const {
  std::vector<OutputValue> means;
  for (size_t output = 0; output < sums_.size(); ++output) {
    for (const float sum : sums_[output]) {
      means.push_back(
          {net_.output_names()[output], sum / static_cast<float>(batches_), loss_weights_[output]});
    }
  }
  return means;
}

std::string ToString(const OutputValue& output) {
  const float weight = output.loss_weight;
  const std::string loss =
      weight == 0 ? "" : Cat(" (* ", weight, " = ", weight * output.value, " loss)");
  return Cat(output.name, " = ", output.value, loss);
}

void LogOutputs(const std::string& kind, const std::vector<OutputValue>& outputs) {
  for (size_t i = 0; i < outputs.size(); ++i) {
    LogInfo(Cat("    ", kind, " net output #", i, ": ", ToString(outputs[i])));
  }
}

}  // namespace demitasse
