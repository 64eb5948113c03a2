#include "layers/common/recurrent_layer.hpp"

#include <algorithm>
#include <limits>

#include "layers/common/count_field.hpp"
#include "layers/common/field_shape.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/ops/blas.hpp"

namespace demitasse {

RecurrentLayer::RecurrentLayer(const LayerParameter& param, int states, int parts)
    : Layer(param), parts_(parts), states_(static_cast<size_t>(states)) {}

int RecurrentLayer::exposed() const {
  return layer_param_.recurrent_param().expose_hidden() ? static_cast<int>(states_.size()) : 0;
}

void RecurrentLayer::LayerSetUp(const std::vector<Blob*>& bottom,
                                const std::vector<Blob*>& /*top*/) {
  const caffe::RecurrentParameter& param = layer_param_.recurrent_param();
  if (!param.has_num_output()) throw Fail("recurrent_param", "num_output must be given");
  units_ = CountField(*this, "recurrent_param.num_output", param.num_output());
  const int most = std::numeric_limits<int>::max() / parts_;
  if (units_ > most) {
    throw Fail("recurrent_param.num_output",
               Cat("num_output must be at most ", most, ", got ", units_));
  }
  has_static_ = static_cast<int>(bottom.size()) > MinBottomBlobs();
  CheckBottoms(bottom);

  const int outputs = parts_ * units_;
  const auto add_weights = [&](int inputs) {
    AddParameter({outputs, inputs}, param.weight_filler(), "recurrent_param.weight_filler");
  };
  add_weights(bottom[0]->count(2));
  AddParameter({outputs}, param.bias_filler(), "recurrent_param.bias_filler");
  if (has_static_) add_weights(bottom[kStatic]->count(1));
  add_weights(units_);
}

void RecurrentLayer::CheckBottoms(const std::vector<Blob*>& bottom) const {
  const Blob& x = *bottom[0];
  const std::string x_name = BottomName(*this, 0);
  if (x.num_axes() < 2) {
    throw Fail("bottom[0]", Cat(x_name, " of ", x.shape_string(),
                                " must have at least 2 axes: steps x streams x ..."));
  }
  const std::vector<int> steps_and_streams = {x.shape(0), x.shape(1)};
  if (bottom[kCont]->shape() != steps_and_streams) {
    throw Fail("bottom[1]",
               Cat(BottomName(*this, kCont), " of ", bottom[kCont]->shape_string(), " must be of ",
                   ShapeString(steps_and_streams), ", the steps and streams of ", x_name));
  }
  if (!has_static_) return;
  const Blob& x_static = *bottom[kStatic];
  if (x_static.num_axes() == 0 || x_static.shape(0) != x.shape(1)) {
    throw Fail("bottom[2]", Cat(BottomName(*this, kStatic), " of ", x_static.shape_string(),
                                " must have on axis 0 the ", x.shape(1), " streams of ", x_name));
  }
}

void RecurrentLayer::CheckExposed(const std::vector<Blob*>& bottom) const {
  const std::vector<int> shape = {1, streams_, units_};
  for (size_t i = bottom.size() - index(exposed()); i < bottom.size(); ++i) {
    if (bottom[i]->shape() == shape) continue;
    throw Fail(Cat("bottom[", i, "]"),
               Cat(BottomName(*this, static_cast<int>(i)), " of ", bottom[i]->shape_string(),
                   " must be of ", ShapeString(shape), ", a state of num_output ", units_,
                   " for each stream of ", BottomName(*this, 0)));
  }
}

void RecurrentLayer::CheckInputs(const Blob& blob, int bottom_index, int first_axis,
                                 int parameter) const {
  const int64_t inputs = blob.size(first_axis, blob.num_axes());
  const int expected = blobs_[index(parameter)]->shape(1);
  if (inputs == expected) return;
  throw Fail(Cat("bottom[", bottom_index, "]"),
             Cat(BottomName(*this, bottom_index), " of ", blob.shape_string(), " has ", inputs,
                 " elements from axis ", first_axis, " on, the weights are for ", expected));
}

void RecurrentLayer::Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  CheckBottoms(bottom);
  steps_ = bottom[0]->shape(0);
  streams_ = bottom[0]->shape(1);
  CheckExposed(bottom);
  CheckInputs(*bottom[0], 0, 2, 0);
  if (has_static_) CheckInputs(*bottom[kStatic], kStatic, 1, kStatic);

  const auto product_with = [&](int parameter, int64_t rows) {
    const std::vector<int>& weights = blobs_[index(parameter)]->shape();
    return InnerProductDesc{rows, weights[1], weights[0]};
  };
  const Engine engine = context().engine;
  const int64_t rows = int64_t{steps_} * streams_;
  input_product_.emplace(product_with(0, rows), engine);
  hidden_product_.emplace(product_with(hidden_weights(), rows), engine);
  if (has_static_) static_product_.emplace(product_with(kStatic, streams_), engine);

  inputs_.Reshape({steps_, streams_, parts_ * units_});
  statics_.Reshape({has_static_ ? streams_ : 0, parts_ * units_});
  continued_.Reshape({steps_, streams_, units_});
  for (State& state : states_) {
    state.first.Reshape({1, streams_, units_});
    state.all.Reshape({steps_, streams_, units_});
    state.last.Reshape({1, streams_, units_});
  }
  top[0]->Reshape({steps_, streams_, units_});
  for (size_t i = 1; i < top.size(); ++i) top[i]->Reshape({1, streams_, units_});
}

int64_t RecurrentLayer::MultiplyAdds() const {
  int64_t sum = 0;
  for (int i = 0; i < static_cast<int>(blobs_.size()); ++i) {
    const Blob& parameter = *blobs_[index(i)];
    const bool once = has_static_ && i == kStatic;
    if (parameter.num_axes() == 2) sum += parameter.size() * streams_ * (once ? 1 : steps_);
  }
  return sum;
}

const float* RecurrentLayer::StateBefore(int state, int t) const {
  const State& s = states_[index(state)];
  return t == 0 ? s.first.cpu_data() : s.all.cpu_data() + (t - 1) * state_size();
}

float* RecurrentLayer::StateAfter(int state, int t) {
  return states_[index(state)].all.mutable_cpu_data() + t * state_size();
}

Buffer* RecurrentLayer::ParameterDiff(int parameter) const {
  return param_propagate_down(parameter) ? blobs_[index(parameter)]->diff().get() : nullptr;
}

void RecurrentLayer::LoadStates(const std::vector<Blob*>& bottom) {
  const size_t first_exposed = bottom.size() - index(exposed());
  for (size_t i = 0; i < states_.size(); ++i) {
    const Blob& from = exposed() > 0 ? *bottom[first_exposed + i] : states_[i].last;
    std::copy_n(from.cpu_data(), state_size(), states_[i].first.mutable_cpu_data());
  }
}

void RecurrentLayer::StoreStates(const std::vector<Blob*>& top) {
  for (size_t i = 0; i < states_.size(); ++i) {
    Blob& to = exposed() > 0 ? *top[1 + i] : states_[i].last;
    const float* const from = StateBefore(static_cast<int>(i), steps_);
    std::copy_n(from, state_size(), to.mutable_cpu_data());
  }
}

void RecurrentLayer::Continue(const float* cont, const float* from, float* to) const {
  ParallelFor(state_size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) to[i] = cont[i / units_] * from[i];
  });
}

void RecurrentLayer::ForwardInputs(const std::vector<Blob*>& bottom) {
  input_product_->Forward(*bottom[0]->data(), *blobs_[0]->data(), blobs_[1]->data().get(),
                          inputs_.data().get());
  if (!has_static_) return;
  static_product_->Forward(*bottom[kStatic]->data(), *blobs_[kStatic]->data(), nullptr,
                           statics_.data().get());
  const float* const addend = statics_.cpu_data();
  float* const a = inputs_.mutable_cpu_data();
  ParallelFor(statics_.size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
    for (int t = 0; t < steps_; ++t) {
      float* const a_t = a + t * statics_.size();
      for (int64_t i = begin; i < end; ++i) a_t[i] += addend[i];
    }
  });
}

void RecurrentLayer::Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
  if (streams_ == 0) return;  // of any number of steps, then
  LoadStates(bottom);
  ForwardInputs(bottom);
  const float* const weights = blobs_[index(hidden_weights())]->cpu_data();
  float* const continued = continued_.data()->Overwrite(nullptr);
  for (int t = 0; t < steps_; ++t) {
    const float* const cont = bottom[kCont]->cpu_data() + int64_t{t} * streams_;
    float* const h = continued + t * state_size();
    Continue(cont, StateBefore(0, t), h);
    Gemm(Trans::kNo, Trans::kYes, streams_, parts_ * units_, units_, 1, h, weights, 1, Input(t));
    ForwardStep(t, cont);
  }
  ForwardOutput(top[0]);
  StoreStates(top);
}

void RecurrentLayer::Backward_cpu(const std::vector<Blob*>& top,
                                  const std::vector<bool>& propagate_down,
                                  const std::vector<Blob*>& bottom) {
  if (streams_ == 0) return;
  BackwardSteps(bottom[kCont]->cpu_data(), BackwardOutput(*top[0]));
  BackwardInputs(propagate_down, bottom);
  if (has_static_) BackwardStatic(propagate_down[kStatic], bottom[kStatic]);
  for (size_t i = bottom.size() - index(exposed()); i < bottom.size(); ++i) {
    if (!propagate_down[i]) continue;
    std::fill_n(bottom[i]->diff()->Overwrite(nullptr), state_size(), 0.0f);
  }
}

void RecurrentLayer::BackwardSteps(const float* cont, const float* h_diff) {
  for (State& state : states_) {
    std::fill_n(state.first.diff()->Overwrite(nullptr), state_size(), 0.0f);
  }
  inputs_.diff()->Overwrite(nullptr);
  const float* const weights = blobs_[index(hidden_weights())]->cpu_data();
  float* const diff = StateDiff(0);
  for (int t = steps_ - 1; t >= 0; --t) {
    const float* const from_output = h_diff + t * state_size();
    ParallelFor(state_size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) diff[i] += from_output[i];
    });
    BackwardStep(t);
    if (t == 0) break;
    Gemm(Trans::kNo, Trans::kNo, streams_, units_, parts_ * units_, 1, InputDiff(t), weights, 0,
         diff);
    Continue(cont + int64_t{t} * streams_, diff, diff);
  }
}

void RecurrentLayer::BackwardInputs(const std::vector<bool>& propagate_down,
                                    const std::vector<Blob*>& bottom) {
  const Buffer& diff = *inputs_.diff();
  input_product_->BackwardWeights(*bottom[0]->data(), diff, ParameterDiff(0), ParameterDiff(1));
  hidden_product_->BackwardWeights(*continued_.data(), diff, ParameterDiff(hidden_weights()),
                                   nullptr);
  if (propagate_down[0]) {
    input_product_->BackwardData(diff, *blobs_[0]->data(), bottom[0]->diff().get());
  }
}

void RecurrentLayer::BackwardStatic(bool propagate_down, Blob* bottom) {
  const float* const diff = inputs_.cpu_diff();
  float* const sum = statics_.diff()->Overwrite(nullptr);
  ParallelFor(statics_.size(), kElementwiseGrain, [&](int64_t begin, int64_t end) {
    std::fill(sum + begin, sum + end, 0.0f);
    for (int t = 0; t < steps_; ++t) {
      const float* const diff_t = diff + t * statics_.size();
      for (int64_t i = begin; i < end; ++i) sum[i] += diff_t[i];
    }
  });
  static_product_->BackwardWeights(*bottom->data(), *statics_.diff(), ParameterDiff(kStatic),
                                   nullptr);
  if (propagate_down) {
    static_product_->BackwardData(*statics_.diff(), *blobs_[kStatic]->data(), bottom->diff().get());
  }
}

}  // namespace demitasse
