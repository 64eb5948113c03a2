// Net: a network built from a prototxt, which runs forward and backward.
//
//   Net net("lenet.prototxt");
//   net.CopyTrainedLayersFrom("lenet.caffemodel");
//   std::copy(image.begin(), image.end(), net.blob_by_name("data")->mutable_cpu_data());
//   net.Forward();
//   const float* scores = net.blob_by_name("prob")->cpu_data();
//
// A net is used by one thread at a time; several nets may run in several threads, also when they
// share their weights. There is no global state: how a net computes stands in its NetOptions.
#ifndef DEMITASSE_NET_HPP_
#define DEMITASSE_NET_HPP_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "demitasse/blob.hpp"
#include "demitasse/caffe.pb.h"
#include "demitasse/engine.hpp"
#include "demitasse/export.hpp"
#include "demitasse/layer.hpp"
#include "demitasse/source_map.hpp"

namespace demitasse {

struct NetState;  // what a net is made of; private to the library

// How a net is built and computes.
struct NetOptions {
  // Which layers take part, by their include and exclude rules. Stages add to those in the file.
  caffe::Phase phase = caffe::TEST;
  int level = 0;                    // for rules with min_level and max_level
  std::vector<std::string> stages;  // for rules with stage and not_stage

  Engine engine = Engine::kAuto;  // which implementations compute
  int threads = 0;                // 0: as many as OpenMP would take
  uint64_t seed = 1;              // of fillers, dropout and whatever else is random
  int64_t memory_limit = 0;       // bytes that blobs may take; 0: the machine's memory
  bool lenient = false;           // unknown fields in the file are warnings
  // Compute gradients of every input and parameter that can have one, like `force_backward: true`
  // in the file.
  bool force_backward = false;
};

class DEMITASSE_API Net {
 public:
  // Reads and builds a net. Throws Error for the first of all problems found; warnings are logged.
  explicit Net(const std::string& prototxt, const NetOptions& options = {});
  // Builds a net from a message. Older forms are upgraded, unless there is a `source`, which tells
  // errors where the fields stand: that goes with a message in the current form.
  explicit Net(const caffe::NetParameter& param, const NetOptions& options = {},
               std::shared_ptr<const SourceMap> source = nullptr);
  ~Net();
  Net(const Net&) = delete;
  Net& operator=(const Net&) = delete;

  const std::string& name() const;  // as the prototxt has it
  caffe::Phase phase() const;       // that it was built for

  // Runs all layers on what the inputs hold. Returns the outputs, which are the tops that no layer
  // reads, in the order of their names as in Caffe; `loss` receives the sum of the losses times
  // their weights.
  const std::vector<Blob*>& Forward(float* loss = nullptr);
  // Runs the layers [first, last]; returns their part of the loss.
  float ForwardFromTo(int first, int last);

  // Computes the gradient of the loss with respect to every blob that needs one. A net without a
  // loss takes the sum of its outputs for it: unit gradients. A gradient that the program writes to
  // a loss or to such an output after the Forward is kept (one class of a Softmax, for a saliency
  // map); outputs it does not write to have no part then. Parameter gradients are added to what
  // they hold (see ClearParamDiffs). Throws Error unless a Forward came before, on inputs of the
  // same shapes.
  void Backward();
  // Runs the layers from `start` down to `end`. A pass begins with the net's last layer; the layers
  // behind `start` must have run. Throws Error unless each of them has run forward, on what is in
  // its bottoms, with inputs of the same shapes.
  void BackwardFromTo(int start, int end);
  // Forward and Backward; returns the loss.
  float ForwardBackward();
  void ClearParamDiffs();

  // Whether Forward and Backward log the mean absolute values of what they compute, as with
  // `debug_info: true` in the file.
  void set_debug_info(bool value);

  // Where the net stands in its data and its random numbers: what a run needs, beside the
  // parameters, to go on with the same bits.
  caffe::NetPosition Position() const;
  // Goes to a position of the same net, ahead of this one: data layers leave out what is between. A
  // position without random numbers keeps this net's. Throws Error for a position behind this one.
  void SetPosition(const caffe::NetPosition& position);

  // Brings all shapes in line with the inputs' shapes, which may have been changed. (Forward does
  // so too.)
  void Reshape();

  // Prepares the net, which must be in phase TEST and have its weights, to do nothing but Forward,
  // faster and in less memory: layers that do nothing are dropped; BatchNorm, Scale and their like
  // are folded into (copies of) the weights in front of them; rectifiers and sums of branches
  // become the last step of the convolution in front; blobs between layers share memory. Outputs
  // differ from before by rounding, and a NaN may become 0. After a Forward inputs and outputs can
  // be read: other blobs throw Error, and so do Backward and whatever changes or copies weights.
  void Optimize();
  bool is_optimized() const;

  // Copies weights into the layers of the same names. A file is a .caffemodel; layers it has more
  // are left out with a log line; of several files the later ones win. Throws Error, before
  // anything is copied from that file, if a blob's shape differs from the net's.
  void CopyTrainedLayersFrom(const std::string& path);
  void CopyTrainedLayersFrom(const caffe::NetParameter& trained);
  // The layers with parameters that no CopyTrainedLayersFrom has filled yet.
  std::vector<std::string> UntrainedLayers() const;
  // From now on the parameters are those of the layers of the same names in `other`, which need the
  // same shapes; their gradients stay this net's own. Nets that share parameters may run at the
  // same time, forward and backward, as long as nobody changes the parameters: a solver does, and
  // so does BatchNorm where it gathers statistics (phase TRAIN).
  void ShareTrainedLayersWith(const Net& other);
  // The net, without rules and with its weights.
  void ToProto(caffe::NetParameter* param, bool write_diff = false) const;

  // The inputs: what the caller fills.
  const std::vector<Blob*>& input_blobs() const;
  const std::vector<std::string>& input_names() const;
  const std::vector<Blob*>& output_blobs() const;
  const std::vector<std::string>& output_names() const;

  // All blobs in the order in which they are made. The copies a net makes of a blob that several
  // layers read, which no user wrote, are among them. A name may occur twice, where a layer that
  // works in place would overwrite what the gradients need: the last one counts.
  const std::vector<std::shared_ptr<Blob>>& blobs() const;
  const std::vector<std::string>& blob_names() const;
  bool has_blob(const std::string& blob_name) const;
  // Throws Error, naming the near ones, if there is no such blob.
  std::shared_ptr<Blob> blob_by_name(const std::string& blob_name) const;
  bool is_split_copy(const std::string& blob_name) const;
  // Whether the blob holds labels or indices, as far as its readers tell.
  bool is_index(const std::string& blob_name) const;
  // Whether Backward computes a gradient of the blob.
  bool has_gradient(const std::string& blob_name) const;

  // Layers in the order they run; bottoms and tops of each.
  const std::vector<std::shared_ptr<Layer>>& layers() const;
  const std::vector<std::string>& layer_names() const;
  bool has_layer(const std::string& layer_name) const;
  std::shared_ptr<Layer> layer_by_name(const std::string& layer_name) const;
  const std::vector<std::vector<Blob*>>& bottom_vecs() const;
  const std::vector<std::vector<Blob*>>& top_vecs() const;
  const std::vector<bool>& layer_need_backward() const;

  // Every parameter blob of every layer, in order; and those that learn, shared ones once, with
  // their multipliers of the learning rate and the weight decay.
  const std::vector<std::shared_ptr<Blob>>& params() const;
  const std::vector<Blob*>& learnable_params() const;
  const std::vector<float>& params_lr() const;
  const std::vector<float>& params_weight_decay() const;

 private:
  std::unique_ptr<NetState> state_;
};

}  // namespace demitasse

#endif  // DEMITASSE_NET_HPP_
