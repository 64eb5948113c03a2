#include "demitasse/layer.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "demitasse/filler.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

// Little work stays on one core: another one would hardly have begun before it is done.
int ThreadsFor(const Layer& layer) {
  constexpr int64_t kProducts = 100'000;  // some 2 microseconds
  const int64_t products = layer.MultiplyAdds();
  return products > 0 && products < kProducts ? 1 : 0;
}

thread_local Layer* running = nullptr;

class RunningScope {
 public:
  explicit RunningScope(Layer* layer) : outer_(std::exchange(running, layer)) {}
  ~RunningScope() { running = outer_; }
  RunningScope(const RunningScope&) = delete;
  RunningScope& operator=(const RunningScope&) = delete;

 private:
  Layer* const outer_;
};

bool AllHaveShapes(const std::vector<Blob*>& blobs) {
  return std::all_of(blobs.begin(), blobs.end(), [](const Blob* b) { return b->has_shape(); });
}

}  // namespace

template <typename Step>
void Layer::Named(const Step& step) const {
  try {
    step();
  } catch (const LayerError&) {
    throw;
  } catch (const Error& error) {
    throw Fail("", error.message(), error.kind());
  } catch (const std::bad_alloc&) {
    throw Fail("", "out of memory: the machine refused it", ErrorKind::kRun);
  }
}

void Layer::SetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const bool has_net = context_.rng != nullptr;
  // Within another layer, whose parameters may be this one's too: what concerns the layer that
  // stands in the prototxt is left to that one.
  Layer* const outer = running;
  const bool is_inner = outer != nullptr && !has_net;
  if (is_inner) {
    context_ = outer->context_;
    context_.rng = outer->shared_rng();
  }
  const RunningScope scope(this);
  Named([&] {
    CheckBlobCounts(bottom, top);
    CheckInPlace(bottom, top);
    SetLossWeights(top.size());
    CheckExtraParams();
    if (shapes_only() && !AllHaveShapes(bottom)) return;
    LayerSetUp(bottom, top);
    SetLossWeights(top.size());  // a loss written for Caffe gives itself one in LayerSetUp
    if (is_inner) {
      outer->known_extra_params_.insert(known_extra_params_.begin(), known_extra_params_.end());
    } else {
      CheckExtraParamsAreKnown();
      LoadGivenBlobs();
    }
    TakeParameterMemory();
    param_propagate_down_.resize(blobs_.size(), true);
    Reshape(bottom, top);
    if (!has_net && !shapes_only()) StartLossGradients(top);
  });
}

float Layer::Forward(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  const RunningScope scope(this);
  Named([&] {
    Reshape(bottom, top);
    const ThreadScope threads(ThreadsFor(*this));
    Forward_cpu(bottom, top);
  });
  float total = 0;
  for (size_t i = 0; i < top.size() && i < loss_.size(); ++i) {
    if (loss_[i] == 0) continue;
    const float* const data = top[i]->cpu_data();
    double sum = 0;
    for (int64_t j = 0; j < top[i]->size(); ++j) sum += data[j];
    total += loss_[i] * static_cast<float>(sum);
  }
  return total;
}

void Layer::Backward(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                     const std::vector<Blob*>& bottom) {
  const RunningScope scope(this);
  Named([&] {
    const ThreadScope threads(ThreadsFor(*this));
    Backward_cpu(top, propagate_down, bottom);
  });
}

void Layer::Backward_cpu(const std::vector<Blob*>& /*top*/, const std::vector<bool>& propagate_down,
                         const std::vector<Blob*>& /*bottom*/) {
  if (std::find(propagate_down.begin(), propagate_down.end(), true) != propagate_down.end()) {
    throw Fail("type", "this layer has no gradient; nothing below it can learn from what is above");
  }
}

void Layer::CheckCount(const std::string& side, int count, int exact, int least, int most) const {
  const auto wrong = [&](const std::string& bound, int number) {
    // The place of the first blob too many, or of the last one there is.
    const int at = std::max(0, std::min(count - 1, number));
    std::string names;
    for (const std::string& name : side == "bottom" ? layer_param_.bottom() : layer_param_.top()) {
      names += (names.empty() ? ": " : ", ") + name;
    }
    return Fail(Cat(side, "[", at, "]"), Cat("takes ", bound, " ", number, " ", side, " blob",
                                             number == 1 ? "" : "s", ", got ", count, names));
  };
  if (exact >= 0 && count != exact) throw wrong("exactly", exact);
  if (least >= 0 && count < least) throw wrong("at least", least);
  if (most >= 0 && count > most) throw wrong("at most", most);
}

void Layer::CheckBlobCounts(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) const {
  const int bottoms = static_cast<int>(bottom.size());
  const int tops = static_cast<int>(top.size());
  CheckCount("bottom", bottoms, ExactNumBottomBlobs(), MinBottomBlobs(), MaxBottomBlobs());
  CheckCount("top", tops, ExactNumTopBlobs(), MinTopBlobs(), MaxTopBlobs());
  if (EqualNumBottomTopBlobs() && bottoms != tops) {
    // The place of the first blob that has no counterpart.
    throw Fail(bottoms > tops ? Cat("bottom[", tops, "]") : Cat("top[", bottoms, "]"),
               Cat("needs as many tops as bottoms, got ", bottoms, " bottom",
                   bottoms == 1 ? "" : "s", " and ", tops, " top", tops == 1 ? "" : "s"));
  }
}

void Layer::CheckInPlace(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) const {
  for (size_t i = 0; i < top.size(); ++i) {
    for (size_t j = 0; j < bottom.size(); ++j) {
      if (top[i] != bottom[j]) continue;
      const int index = static_cast<int>(i);
      if (i == j && SupportsInPlace(index)) continue;
      const std::string name = index < layer_param_.top_size() ? layer_param_.top(index) : "";
      throw Fail(Cat("top[", i, "]"),
                 Cat("cannot write top[", i, "] '", name, "' in place over its bottom[", j,
                     "]; give the top a name of its own"));
    }
  }
}

void Layer::CopyParameters() {
  for (std::shared_ptr<Blob>& blob : blobs_) {
    auto copy = std::make_shared<Blob>(blob->shape());
    copy->CopyFrom(*blob);
    blob = std::move(copy);
  }
}

void Layer::LoadGivenBlobs() {
  const int given = layer_param_.blobs_size();
  const int needed = static_cast<int>(blobs_.size());
  if (given == 0) return;
  if (given != needed) {
    throw Fail(Cat("blobs[", std::min(given - 1, needed), "]"),
               Cat("has ", needed, " parameter blobs, but ", given,
                   " are given; give all of them or none"));
  }
  for (int i = 0; i < given; ++i) {
    try {
      blobs_[static_cast<size_t>(i)]->FromProto(layer_param_.blobs(i), false);
    } catch (const Error& error) {
      throw Fail(Cat("blobs[", i, "]"), error.message(), error.kind());
    }
  }
  layer_param_.clear_blobs();  // not to keep all weights twice
}

// Nets that share parameters may be the first to read them at the same time.
void Layer::TakeParameterMemory() {
  if (shapes_only()) return;
  for (const auto& blob : blobs_) blob->cpu_data();
}

void Layer::SetLossWeights(size_t tops) {
  const size_t weights = static_cast<size_t>(layer_param_.loss_weight_size());
  if (weights == 0) return;
  if (weights != tops) {
    throw Fail(Cat("loss_weight[", std::min(weights - 1, tops), "]"),
               Cat("loss_weight must be given once for each top or not at all, got ", weights,
                   " for ", tops, " top", tops == 1 ? "" : "s"));
  }
  loss_.assign(layer_param_.loss_weight().begin(), layer_param_.loss_weight().end());
}

// A net does so for its own layers.
void Layer::StartLossGradients(const std::vector<Blob*>& top) const {
  for (size_t i = 0; i < top.size(); ++i) {
    const float weight = loss(static_cast<int>(i));
    if (weight != 0) std::fill_n(top[i]->mutable_cpu_diff(), top[i]->size(), weight);
  }
}

float Layer::loss(int top_index) const {
  return top_index < static_cast<int>(loss_.size()) ? loss_[static_cast<size_t>(top_index)] : 0;
}

void Layer::set_loss(int top_index, float weight) {
  const size_t index = static_cast<size_t>(top_index);
  if (loss_.size() <= index) loss_.resize(index + 1);
  loss_[index] = weight;
}

bool Layer::param_propagate_down(int index) const {
  return index < static_cast<int>(param_propagate_down_.size()) &&
         param_propagate_down_[static_cast<size_t>(index)];
}

void Layer::set_param_propagate_down(int index, bool value) {
  const size_t position = static_cast<size_t>(index);
  if (param_propagate_down_.size() <= position) param_propagate_down_.resize(position + 1, true);
  param_propagate_down_[position] = value;
}

Location Layer::Where(const std::string& field) const {
  if (context_.source == nullptr) return {};
  for (int i = 0; i < layer_param_.extra_param_size(); ++i) {
    if (field != "extra_param." + layer_param_.extra_param(i).key()) continue;
    return Where(Cat("extra_param[", i, "].value"));
  }
  const std::string separator = context_.path.empty() || field.empty() ? "" : ".";
  return context_.source->Find(context_.path + separator + field);
}

LayerError Layer::Fail(const std::string& field, const std::string& message, ErrorKind kind) const {
  return LayerError(Where(field), LayerPrefix(layer_param_.name(), type()) + message, kind);
}

Blob* Layer::AddParameter(const std::vector<int>& shape, const caffe::FillerParameter& filler,
                          const std::string& filler_field) {
  blobs_.push_back(std::make_shared<Blob>(shape));
  try {
    if (shapes_only()) {
      CheckFiller(filler, *blobs_.back());
    } else {
      Fill(filler, rng(), blobs_.back().get());
    }
  } catch (const FillerError& error) {
    throw Fail(Cat(filler_field, ".", error.field()), error.message());
  }
  return blobs_.back().get();
}

int Layer::CanonicalAxis(const Blob& blob, int axis, const std::string& field) const {
  if (axis < -blob.num_axes() || axis >= blob.num_axes()) {
    throw Fail(field, Cat("axis ", axis, " is outside the bottom's ", blob.num_axes(), " axes (",
                          blob.shape_string(), ")"));
  }
  return blob.CanonicalAxisIndex(axis);
}

void Layer::ToProto(LayerParameter* param, bool write_diff) {
  *param = layer_param_;
  param->clear_blobs();
  for (const auto& blob : blobs_) blob->ToProto(param->add_blobs(), write_diff);
}

Layer* Layer::Running() { return running; }

const std::shared_ptr<Rng>& Layer::shared_rng() {
  if (context_.rng == nullptr) context_.rng = std::make_shared<Rng>();
  return context_.rng;
}

}  // namespace demitasse
