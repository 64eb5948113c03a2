#include <algorithm>
#include <set>

#include "src/core/text.hpp"
#include "tools/net_rules.hpp"

namespace demitasse {
namespace {

bool IsRectifier(const std::string& type) {
  return type == "ReLU" || type == "PReLU" || type == "ELU";
}

// What data layers give and nobody takes, and parts that are left over.
void FindUnusedTops(const CheckedNet& net, Diagnostics* warnings) {
  const auto& all = net.layers();
  const bool is_all_data = std::all_of(all.begin(), all.end(), [](const CheckedLayer& layer) {
    return layer.param.bottom_size() == 0;
  });
  if (is_all_data) return;
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const CheckedLayer& layer = net.layers()[i];
    const bool is_source = layer.param.bottom_size() == 0;
    const bool is_cut = layer.layer->MaxTopBlobs() < 0 && layer.layer->ExactNumTopBlobs() < 0;
    const auto tops = static_cast<size_t>(layer.param.top_size());
    size_t read = 0;
    for (size_t top = 0; top < tops; ++top) read += net.HasReaders(i, top) ? 1 : 0;
    if (net.IsLoss(i) || read == tops || !(is_source || (is_cut && read > 0))) continue;
    for (size_t top = 0; top < tops; ++top) {
      if (net.HasReaders(i, top)) continue;
      net.Warn(i, Cat("top[", top, "]"),
               Cat("no layer reads top[", top, "] '", layer.param.top(static_cast<int>(top)),
                   "'; if that is meant, let a layer of type Silence read it"),
               warnings);
    }
  }
}

// Layers whose result is there for others, in a net that has a loss and hangs together: it is not
// an output.
bool IsOnTheWay(const std::string& type) {
  return type == "Pooling" || type == "LRN" || type == "BatchNorm" || type == "Dropout";
}

// A layer whose result is left lying, while others read what it was made from: somebody means the
// one and writes the other.
void FindPassedByLayers(const CheckedNet& net, Diagnostics* warnings) {
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const CheckedLayer& layer = net.layers()[i];
    const std::string& type = layer.param.type();
    const bool is_on_the_way = net.has_loss() && net.is_wired() && IsOnTheWay(type);
    if (!IsRectifier(type) && !is_on_the_way) continue;
    if (layer.param.top_size() == 0) continue;
    if (net.HasReaders(i, 0) || net.IsLoss(i)) continue;
    if (layer.param.bottom_size() == 0 || net.Writer(i, 0) == nullptr) continue;
    if (layer.param.bottom(0) == layer.param.top(0)) continue;  // it has changed that itself
    const Value& value = net.wiring().values[net.wiring().bottoms[i][0]];
    for (const Value::Reader& reader : value.readers) {
      if (reader.layer == i) continue;
      net.Warn(i, "top[0]",
               Cat("no layer reads top[0] '", layer.param.top(0), "', but layer '",
                   net.layers()[reader.layer].param.name(), "' reads its bottom '", value.blob,
                   "'; is '", layer.param.top(0), "' meant there?"),
               warnings);
      break;
    }
  }
}

// Of each value, whether a layer that can learn has computed it, so that it is no label.
std::vector<bool> FindLearnedValues(const CheckedNet& net) {
  std::vector<bool> learned(net.wiring().values.size(), false);
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const Layer& layer = *net.layers()[i].layer;
    bool is_learned = !layer.blobs().empty();
    const std::vector<size_t>& bottoms = net.wiring().bottoms[i];
    for (size_t bottom = 0; bottom < bottoms.size(); ++bottom) {
      if (bottoms[bottom] == Wiring::kNoValue || !learned[bottoms[bottom]]) continue;
      is_learned = is_learned || layer.AllowForceBackward(static_cast<int>(bottom));
    }
    for (const size_t top : net.wiring().tops[i]) learned[top] = is_learned;
  }
  return learned;
}

// Scores where labels belong: bottoms in the wrong order.
void FindComputedLabels(const CheckedNet& net, Diagnostics* warnings) {
  const std::vector<bool> learned = FindLearnedValues(net);
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const CheckedLayer& layer = net.layers()[i];
    for (int bottom = 0; bottom < layer.param.bottom_size(); ++bottom) {
      const size_t value = net.wiring().bottoms[i][static_cast<size_t>(bottom)];
      if (value == Wiring::kNoValue || !learned[value]) continue;
      if (!layer.layer->BottomIsIndex(bottom)) continue;
      const std::string& writer = net.layers()[net.wiring().values[value].layer].param.name();
      net.Warn(i, Cat("bottom[", bottom, "]"),
               Cat("bottom[", bottom, "] is to hold labels or indices, but '",
                   layer.param.bottom(bottom), "' is what layer '", writer,
                   "' computes; are the bottoms in the wrong order?"),
               warnings);
    }
  }
}

// What the caller has put in is gone after one pass, and a second one starts from what is there.
// Data layers give new data each time; but an activation of data is a mistake in a name.
void FindDataChangedInPlace(const CheckedNet& net, Diagnostics* warnings) {
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const LayerParameter& param = net.layers()[i].param;
    for (int top = 0; top < std::min(param.top_size(), param.bottom_size()); ++top) {
      if (param.top(top) != param.bottom(top)) continue;
      if (!net.layers()[i].layer->SupportsInPlace(top)) continue;
      const CheckedLayer* const writer = net.Writer(i, static_cast<size_t>(top));
      if (writer == nullptr || writer->param.bottom_size() > 0) continue;
      if (IsRectifier(param.type())) {
        net.Warn(i, Cat("bottom[", top, "]"),
                 Cat("works on the data '", param.top(top),
                     "' themselves; is the blob of another layer meant?"),
                 warnings);
        continue;
      }
      if (!writer->layer->TopsAreInputs() && writer->param.type() != "DummyData") continue;
      net.Warn(i, Cat("top[", top, "]"),
               Cat("changes the input '", param.top(top),
                   "' in place: a second pass would start from the changed values; give the top "
                   "another name"),
               warnings);
    }
  }
}

// What a loss is to be given, and what comes instead.
struct LossInput {
  const char* loss;
  const char* wrong;
  const char* why;
  const char* remedy;
};

constexpr char kReadBelow[] = "let it read what that layer reads";
constexpr char kPutSoftmax[] = "use SoftmaxWithLoss, or put a Softmax in between";

constexpr LossInput kWrongLossInputs[] = {
    {"SoftmaxWithLoss", "Softmax", "computes the softmax itself", kReadBelow},
    {"InfogainLoss", "Softmax", "computes the softmax itself", kReadBelow},
    {"SigmoidCrossEntropyLoss", "Sigmoid", "computes the sigmoid itself", kReadBelow},
    {"SoftmaxWithLoss", "ReLU", "needs scores below 0 too", kReadBelow},
    {"SigmoidCrossEntropyLoss", "ReLU", "needs scores below 0 too", kReadBelow},
    {"SoftmaxWithLoss", "Dropout", "needs all scores", kReadBelow},
    {"MultinomialLogisticLoss", "InnerProduct", "takes probabilities, not scores", kPutSoftmax},
    {"MultinomialLogisticLoss", "Convolution", "takes probabilities, not scores", kPutSoftmax},
};

void FindWrongLossInputs(const CheckedNet& net, Diagnostics* warnings) {
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const LayerParameter& param = net.layers()[i].param;
    if (param.bottom_size() == 0 || net.Writer(i, 0) == nullptr) continue;
    const LayerParameter& writer = net.Writer(i, 0)->param;
    for (const LossInput& input : kWrongLossInputs) {
      if (param.type() != input.loss || writer.type() != input.wrong) continue;
      net.Warn(i, "bottom[0]",
               Cat(input.why, ", but '", param.bottom(0), "' comes from layer '", writer.name(),
                   "' (", writer.type(), "); ", input.remedy),
               warnings);
    }
  }
}

// The softmax of a single score is 1, whatever the score.
void FindSoftmaxOfOne(const CheckedNet& net, Diagnostics* warnings) {
  for (size_t i = 0; i < net.layers().size(); ++i) {
    const CheckedLayer& layer = net.layers()[i];
    const std::string& type = layer.param.type();
    if ((type != "Softmax" && type != "SoftmaxWithLoss") || layer.bottoms.empty()) continue;
    const Blob& scores = *layer.bottoms[0];
    const int axis = layer.param.softmax_param().axis();
    if (!scores.has_shape() || axis >= scores.num_axes() || axis < -scores.num_axes()) continue;
    if (scores.shape(axis) != 1) continue;
    net.Warn(i, "bottom[0]",
             Cat("'", layer.param.bottom(0),
                 "' has one score for each sample, whose softmax is always 1; two classes need "
                 "two scores, or a sigmoid"),
             warnings);
  }
}

}  // namespace

void FindOddWiring(const CheckedNet& net, Diagnostics* warnings) {
  if (net.is_wired()) FindUnusedTops(net, warnings);
  FindPassedByLayers(net, warnings);
  FindComputedLabels(net, warnings);
  FindDataChangedInPlace(net, warnings);
  FindWrongLossInputs(net, warnings);
  FindSoftmaxOfOne(net, warnings);
}

}  // namespace demitasse
