// What nets of demitasse.h are made of: names and handles of their blobs.
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "src/c_api/handles.hpp"
#include "src/c_api/status.hpp"

using demitasse::Blob;
using demitasse::Layer;
using demitasse::Net;
using demitasse::c_api::Given;
using demitasse::c_api::Index;
using demitasse::c_api::NetOf;
using demitasse::c_api::TryGet;

namespace {

using NamesOf = const std::vector<std::string>& (Net::*)() const;
using BlobsOf = const std::vector<Blob*>& (Net::*)() const;

int Size(size_t size) { return static_cast<int>(size); }

const char* Name(const char* function, const demitasse_net* net, NamesOf names, int index,
                 const char* what) {
  return TryGet<const char*>(function, nullptr, [&] {
    const std::vector<std::string>& list = (NetOf(net).*names)();
    return list[Index(index, list.size(), what)].c_str();
  });
}

template <typename Count>
int CountOf(const char* function, const demitasse_net* net, const Count& count) {
  return TryGet(function, -1, [&] { return Size(count(NetOf(net))); });
}

// The handle of a blob, which is made when it is first asked for.
demitasse_blob* Handle(demitasse_net* net, const std::shared_ptr<Blob>& blob) {
  std::unique_ptr<demitasse_blob>& handle = net->blobs[blob.get()];
  if (handle == nullptr) {
    const std::vector<Blob*>& inputs = net->net->input_blobs();
    const bool is_input = std::find(inputs.begin(), inputs.end(), blob.get()) != inputs.end();
    handle = std::make_unique<demitasse_blob>(demitasse_blob{blob, is_input});
  }
  return handle.get();
}

// The one of `owned` that is `blob`.
std::shared_ptr<Blob> Owned(const std::vector<std::shared_ptr<Blob>>& owned, const Blob* blob) {
  return *std::find_if(owned.begin(), owned.end(),
                       [&](const auto& other) { return other.get() == blob; });
}

demitasse_blob* InputOrOutput(const char* function, demitasse_net* net, BlobsOf blobs, int index,
                              const char* what) {
  return TryGet<demitasse_blob*>(function, nullptr, [&] {
    const Net& from = NetOf(net);
    const std::vector<Blob*>& list = (from.*blobs)();
    return Handle(net, Owned(from.blobs(), list[Index(index, list.size(), what)]));
  });
}

const Layer& LayerAt(const demitasse_net* net, int index) {
  const auto& layers = NetOf(net).layers();
  return *layers[Index(index, layers.size(), "layer")];
}

}  // namespace

const char* demitasse_net_name(const demitasse_net* net) {
  return TryGet<const char*>(__func__, nullptr, [&] { return NetOf(net).name().c_str(); });
}

int demitasse_net_input_count(const demitasse_net* net) {
  return CountOf(__func__, net, [](const Net& from) { return from.input_names().size(); });
}

const char* demitasse_net_input_name(const demitasse_net* net, int index) {
  return Name(__func__, net, &Net::input_names, index, "input");
}

demitasse_blob* demitasse_net_input(demitasse_net* net, int index) {
  return InputOrOutput(__func__, net, &Net::input_blobs, index, "input");
}

int demitasse_net_output_count(const demitasse_net* net) {
  return CountOf(__func__, net, [](const Net& from) { return from.output_names().size(); });
}

const char* demitasse_net_output_name(const demitasse_net* net, int index) {
  return Name(__func__, net, &Net::output_names, index, "output");
}

demitasse_blob* demitasse_net_output(demitasse_net* net, int index) {
  return InputOrOutput(__func__, net, &Net::output_blobs, index, "output");
}

int demitasse_net_blob_count(const demitasse_net* net) {
  return CountOf(__func__, net, [](const Net& from) { return from.blob_names().size(); });
}

const char* demitasse_net_blob_name(const demitasse_net* net, int index) {
  return Name(__func__, net, &Net::blob_names, index, "blob");
}

demitasse_blob* demitasse_net_blob(demitasse_net* net, const char* name) {
  return TryGet<demitasse_blob*>(__func__, nullptr, [&] {
    const Net& from = NetOf(net);
    return Handle(net, from.blob_by_name(&Given(name, "name")));
  });
}

int demitasse_net_layer_count(const demitasse_net* net) {
  return CountOf(__func__, net, [](const Net& from) { return from.layers().size(); });
}

const char* demitasse_net_layer_name(const demitasse_net* net, int layer) {
  return Name(__func__, net, &Net::layer_names, layer, "layer");
}

const char* demitasse_net_layer_type(const demitasse_net* net, int layer) {
  return TryGet<const char*>(__func__, nullptr, [&] { return LayerAt(net, layer).type(); });
}

int demitasse_net_layer_param_count(const demitasse_net* net, int layer) {
  return TryGet(__func__, -1, [&] { return Size(LayerAt(net, layer).blobs().size()); });
}

demitasse_blob* demitasse_net_layer_param(demitasse_net* net, int layer, int index) {
  return TryGet<demitasse_blob*>(__func__, nullptr, [&] {
    const std::vector<std::shared_ptr<Blob>>& params = LayerAt(net, layer).blobs();
    return Handle(net, params[Index(index, params.size(), "parameter")]);
  });
}

int demitasse_net_learnable_param_count(const demitasse_net* net) {
  return CountOf(__func__, net, [](const Net& from) { return from.learnable_params().size(); });
}

demitasse_blob* demitasse_net_learnable_param(demitasse_net* net, int index) {
  return TryGet<demitasse_blob*>(__func__, nullptr, [&] {
    const Net& from = NetOf(net);
    const std::vector<Blob*>& list = from.learnable_params();
    return Handle(net, Owned(from.params(), list[Index(index, list.size(), "parameter")]));
  });
}
