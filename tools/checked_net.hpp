// A net as the rules of `check` look at it: the layers of one phase as they were written, without
// the splits a net adds, and what is known of each from a net built for its shapes.
#ifndef DEMITASSE_TOOLS_CHECKED_NET_HPP_
#define DEMITASSE_TOOLS_CHECKED_NET_HPP_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "src/net/shapes.hpp"

namespace demitasse {

struct CheckedLayer {
  LayerParameter param;
  std::string path;         // in the source map
  const Layer* layer;       // set up, or as far as it could be
  bool runs_backward;       // it has something to learn, or layers below have, and gets a gradient
  std::vector<Blob*> tops;  // with the automatic ones
  std::vector<Blob*> bottoms;
};

class CheckedNet {
 public:
  // No layer of `built` may be null; it must outlive the object.
  CheckedNet(const NetSource& source, const NetState& built);

  caffe::Phase phase() const { return phase_; }
  const std::vector<CheckedLayer>& layers() const { return layers_; }
  const Wiring& wiring() const { return wiring_; }
  bool has_loss() const { return has_loss_; }
  // Whether each blob has one layer that writes it, and each layer what it needs: only then it can
  // be said what is not used.
  bool is_wired() const { return is_wired_; }

  // Layers that get their weights from files.
  std::set<std::string> trained;
  // Shapes are examples, where only data tell the right ones.
  bool has_guessed_shapes = false;

  // The layer whose top a bottom is, or null.
  const CheckedLayer* Writer(size_t layer, size_t bottom) const;
  // Whether layers[layer] is a loss.
  bool IsLoss(size_t layer) const;
  // Whether a parameter of layers[layer] is to learn.
  bool HasToLearn(size_t layer) const;
  bool HasReaders(size_t layer, size_t top) const;

  // Adds a warning at a field of layers[layer].
  void Warn(size_t layer, const std::string& field, const std::string& message,
            Diagnostics* warnings) const;

 private:
  std::shared_ptr<const SourceMap> source_;
  caffe::Phase phase_;
  std::vector<CheckedLayer> layers_;
  Wiring wiring_;
  bool has_loss_ = false;
  bool is_wired_ = true;
};

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_CHECKED_NET_HPP_
