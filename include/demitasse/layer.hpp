// Layer: one step of a net, from its bottom blobs to its top blobs and back.
//
// A layer of your own derives from Layer, overrides LayerSetUp (parameters), Reshape (shapes of the
// tops), Forward_cpu and Backward_cpu, declares what it takes (the virtual functions below), and is
// registered by DEMITASSE_REGISTER_LAYER (layer_registry.hpp). The names are Caffe's. A layer is
// used by one thread at a time; its parameters may at the same time be read by other nets that
// share them, so that it reads them by cpu_data() and changes none in Forward and Backward, but
// statistics that it gathers in phase TRAIN.
#ifndef DEMITASSE_LAYER_HPP_
#define DEMITASSE_LAYER_HPP_

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "demitasse/blob.hpp"
#include "demitasse/caffe.pb.h"
#include "demitasse/engine.hpp"
#include "demitasse/error.hpp"
#include "demitasse/export.hpp"
#include "demitasse/fusion.hpp"
#include "demitasse/random.hpp"
#include "demitasse/source_map.hpp"

namespace demitasse {

using caffe::LayerParameter;
using caffe::Phase;

// What a net tells its layers: how to compute, and where they were written.
struct LayerContext {
  Engine engine = Engine::kAuto;            // which implementations compute
  std::shared_ptr<Rng> rng;                 // shared by the layers of a net; made if null
  std::shared_ptr<const SourceMap> source;  // null if the net was not read from text
  std::string path;                         // of the layer in `source`: "layer[3]"
  // The net will never run: nothing is filled and no file is opened. A top whose shape only the
  // data can tell is left without one (Blob::has_shape), and layers behind it are not set up.
  bool shapes_only = false;
};

// An error that already names its layer.
class DEMITASSE_API LayerError : public Error {
 public:
  // As an Error is made.
  using Error::Error;
};

class DEMITASSE_API Layer {
 public:
  // Keeps the message; LayerSetUp reads it.
  explicit Layer(const LayerParameter& param) : layer_param_(param), phase_(param.phase()) {}
  virtual ~Layer() = default;
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

  // To be called before SetUp, by LayerRegistry::Create.
  void set_context(const LayerContext& context) { context_ = context; }

  // Checks the number of blobs and whether a top may be a bottom, then calls LayerSetUp and
  // Reshape, and takes parameter values from `blobs` in the prototxt where they are given. Throws
  // LayerError. With bottoms that have no shape (see LayerContext::shapes_only) it checks no more
  // than what can be said without.
  void SetUp(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top);

  // Reshapes and computes the tops' data. Returns the weighted sum of the tops that are losses.
  float Forward(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top);

  // Computes, from the tops' gradients, those of the bottoms for which propagate_down is true
  // (overwriting them) and adds those of the parameters for which param_propagate_down is true to
  // what they hold. Forward must have run on the same data.
  void Backward(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                const std::vector<Blob*>& bottom);

  // Reads and checks the parameters, once; makes the parameter blobs.
  virtual void LayerSetUp(const std::vector<Blob*>& /*bottom*/, const std::vector<Blob*>& /*top*/) {
  }
  // Gives the tops their shapes, from those of the bottoms and without touching any data: called
  // before every Forward, and to check a net that will never run.
  virtual void Reshape(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) = 0;

  // Data layers: moves on as if Forward had run that often, when training is continued.
  virtual void SkipBatches(int64_t /*batches*/) {}

  // The name it is registered under.
  virtual const char* type() const { return layer_param_.type().c_str(); }

  // How many blobs the layer takes and gives; -1 where there is no such limit.
  virtual int ExactNumBottomBlobs() const { return -1; }
  virtual int MinBottomBlobs() const { return -1; }
  virtual int MaxBottomBlobs() const { return -1; }
  virtual int ExactNumTopBlobs() const { return -1; }
  virtual int MinTopBlobs() const { return -1; }
  virtual int MaxTopBlobs() const { return -1; }
  virtual bool EqualNumBottomTopBlobs() const { return false; }
  // Whether a net may add the tops that the prototxt leaves out (a loss needs no name).
  virtual bool AutoTopBlobs() const { return false; }
  // Whether the tops are what the net's caller feeds it.
  virtual bool TopsAreInputs() const { return false; }
  // Whether top[index] may be the same blob as bottom[index].
  virtual bool SupportsInPlace(int /*index*/) const { return is_caffe_layer_; }
  // Whether Backward reads the data of the tops, as that of a sigmoid does: a net lets no layer
  // behind work in place on them then.
  virtual bool BackwardReadsTops() const { return is_caffe_layer_; }
  // Whether a bottom holds labels or indices: whole numbers that no random filling can stand for.
  virtual bool BottomIsIndex(int /*bottom_index*/) const { return false; }
  // Whether a gradient with respect to a bottom exists.
  virtual bool AllowForceBackward(int bottom_index) const { return !BottomIsIndex(bottom_index); }
  // Whether a gradient with respect to a parameter blob exists (not for running statistics).
  virtual bool ParameterHasGradient(int /*index*/) const { return true; }

  // For timings and summaries: the implementation that computes ("onednn:jit:avx2"), empty where
  // there is but one, and how many products a Forward on these shapes adds up, 0 where nobody
  // counts them.
  virtual std::string Implementation() const { return ""; }
  virtual int64_t MultiplyAdds() const { return 0; }

  // What Net::Optimize() asks in TEST, with the weights in place. A layer with one bottom says what
  // it does, if it does no more than that:
  // nothing,
  virtual bool IsIdentity() const { return false; }
  // an affine map of each channel of `bottom`,
  virtual std::optional<ChannelAffine> AsChannelAffine(const Blob& /*bottom*/) const { return {}; }
  // or a rectifier;
  virtual std::optional<LeakyRectifier> AsRectifier() const { return {}; }
  // a layer with two bottoms, whether it adds them; one with several, whether its top is their
  // elements in row-major order, one bottom's behind the other's.
  virtual bool IsSum() const { return false; }
  virtual bool IsJoin() const { return false; }
  // The layer in front is asked to do that from now on to what it computes; it returns false, and
  // changes nothing, if it cannot. Parameters are changed in copies.
  virtual bool Absorb(const ChannelAffine& /*next*/) { return false; }
  virtual bool Absorb(const LeakyRectifier& /*next*/) { return false; }
  // Asks it to add what it computes to what its top holds, instead of overwriting that.
  virtual bool AbsorbSum() { return false; }

  // The layer and its parameters, without what a net adds.
  virtual void ToProto(LayerParameter* param, bool write_diff = false);

  // The layer was written for Caffe (caffe/layer_factory.hpp) and does not declare where it can
  // work in place: it may wherever the prototxt says so, and its gradient may read all it wrote.
  void set_is_caffe_layer() { is_caffe_layer_ = true; }

  // The layer whose SetUp, Forward or Backward this thread runs, the innermost if they are nested;
  // null outside any. A layer that is set up inside another one and has no context of its own takes
  // that one's.
  static Layer* Running();
  // The random numbers of the layer's net.
  Rng* rng() { return shared_rng().get(); }

  // What the layer was made from, what was told to it, and its parameters: weights before biases.
  const LayerParameter& layer_param() const { return layer_param_; }
  bool shapes_only() const { return context_.shapes_only; }
  std::vector<std::shared_ptr<Blob>>& blobs() { return blobs_; }
  const std::vector<std::shared_ptr<Blob>>& blobs() const { return blobs_; }

  // A parameter for which the schema has no field:
  //
  //   extra_param { key: "alpha" value: "0.2" }
  //
  // T is float, double, int, int64_t, bool ("true" or "false"), std::string, std::vector<float> or
  // std::vector<int> ("1, 2, 3"). Throws LayerError for a value that is none, and, without a
  // fallback, where the key is not given. To be asked for in LayerSetUp: behind it, a key that
  // nobody asked for is taken for a misspelled one.
  template <typename T>
  T ExtraParam(const std::string& key) const;
  template <typename T>
  T ExtraParam(const std::string& key, const std::common_type_t<T>& fallback) const;
  bool HasExtraParam(const std::string& key) const;

  // The weight of a top in the net's loss; 0 for a top that is none.
  float loss(int top_index) const;
  void set_loss(int top_index, float weight);

  // Whether Backward computes the gradient of a parameter blob.
  bool param_propagate_down(int index) const;
  void set_param_propagate_down(int index, bool value);

  // The place in the prototxt of a field of this layer ("relu_param.negative_slope", "bottom[1]",
  // "" for the layer itself), or of the nearest enclosing one that was written.
  Location Where(const std::string& field) const;
  // An error about that field; names file, line and layer.
  LayerError Fail(const std::string& field, const std::string& message,
                  ErrorKind kind = ErrorKind::kInput) const;

 protected:
  // Computes the tops' data, for which Reshape has found the shapes.
  virtual void Forward_cpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) = 0;
  // Left out by layers that have no gradient: fails if one is asked for.
  virtual void Backward_cpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                            const std::vector<Blob*>& bottom);
  // Layers written for Caffe override them. Nothing calls them.
  virtual void Forward_gpu(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) {
    Forward_cpu(bottom, top);
  }
  virtual void Backward_gpu(const std::vector<Blob*>& top, const std::vector<bool>& propagate_down,
                            const std::vector<Blob*>& bottom) {
    Backward_cpu(top, propagate_down, bottom);
  }

  // Appends a parameter blob, filled. `filler_field` says where the filler stands in the layer
  // ("convolution_param.weight_filler").
  Blob* AddParameter(const std::vector<int>& shape, const caffe::FillerParameter& filler,
                     const std::string& filler_field);

  // Replaces the parameter blobs by copies that no other layer or net sees.
  void CopyParameters();

  // `axis` (negative: from the end) as an index into the bottom's axes; fails naming `field`.
  int CanonicalAxis(const Blob& blob, int axis, const std::string& field) const;

  // As set_context was told.
  const LayerContext& context() const { return context_; }

  // What the functions of these names tell, under the names that Caffe's layers use.
  LayerParameter layer_param_;
  Phase phase_;
  std::vector<std::shared_ptr<Blob>> blobs_;
  std::vector<bool> param_propagate_down_;
  std::vector<float> loss_;

 private:
  void CheckBlobCounts(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) const;
  void CheckCount(const std::string& side, int count, int exact, int least, int most) const;
  void CheckInPlace(const std::vector<Blob*>& bottom, const std::vector<Blob*>& top) const;
  void LoadGivenBlobs();
  void TakeParameterMemory();
  void SetLossWeights(size_t tops);
  const std::shared_ptr<Rng>& shared_rng();
  void StartLossGradients(const std::vector<Blob*>& top) const;
  // What can be said of the extra_params before and after LayerSetUp.
  void CheckExtraParams() const;
  void CheckExtraParamsAreKnown() const;
  // Runs `step`, adding this layer's name and place to an error that has none.
  template <typename Step>
  void Named(const Step& step) const;

  LayerContext context_;
  bool is_caffe_layer_ = false;
  mutable std::set<std::string> known_extra_params_;  // keys that the layer asked for
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYER_HPP_
