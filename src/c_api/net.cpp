// Nets of demitasse.h: built, given weights, run.
#include "demitasse/net.hpp"

#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "demitasse/error.hpp"
#include "demitasse/memory_data.hpp"
#include "src/c_api/handles.hpp"
#include "src/c_api/status.hpp"
#include "src/core/log_warnings.hpp"
#include "src/core/text.hpp"
#include "src/io/hdf5_weights.hpp"
#include "src/io/write_message.hpp"
#include "src/parse/prototxt.hpp"
#include "src/parse/upgrade.hpp"

using demitasse::Diagnostics;
using demitasse::Net;
using demitasse::NetOptions;
using demitasse::c_api::ArgumentError;
using demitasse::c_api::Given;
using demitasse::c_api::NetOf;
using demitasse::c_api::OptionsOfNet;
using demitasse::c_api::Try;

namespace {

std::unique_ptr<Net> NetFromText(const std::string& text, const std::string& name,
                                 const NetOptions& options) {
  demitasse::TextOptions text_options;
  text_options.lenient = options.lenient;
  Diagnostics diagnostics;
  const demitasse::NetSource read =
      demitasse::ReadNetFromText(text, name, text_options, &diagnostics);
  LogWarnings(diagnostics);
  diagnostics.ThrowIfErrors();
  return std::make_unique<Net>(read.net, options, read.source);
}

demitasse_net* NewHandle(std::unique_ptr<Net> net) {
  auto handle = std::make_unique<demitasse_net>();
  handle->net = net.get();
  handle->owned = std::move(net);
  return handle.release();
}

caffe::NetParameter WeightsFrom(const void* bytes, int64_t size) {
  if (size < 0 || size > std::numeric_limits<int>::max()) {
    throw ArgumentError(demitasse::Cat("size must be from 0 to 2147483647, got ", size));
  }
  caffe::NetParameter weights;
  if (!weights.ParseFromArray(bytes, static_cast<int>(size))) {
    throw demitasse::Error("the bytes are no caffemodel, or damaged");
  }
  Diagnostics diagnostics;
  demitasse::SourceMap source;
  UpgradeNet(&weights, &source, &diagnostics);
  diagnostics.ThrowIfErrors();
  return weights;
}

bool EndsWith(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

}  // namespace

Net& demitasse::c_api::NetOf(const demitasse_net* handle) {
  Net* const net = Given(handle, "net").net;
  if (net != nullptr) return *net;
  throw Error("the solver could not build this net anew", ErrorKind::kRun);
}

int demitasse_net_create(const char* path, const demitasse_options* options, demitasse_net** net) {
  return Try(__func__, [&] {
    demitasse_net*& result = Given(net, "net");
    result = NewHandle(std::make_unique<Net>(&Given(path, "path"), OptionsOfNet(options)));
  });
}

int demitasse_net_create_from_text(const char* text, const char* name,
                                   const demitasse_options* options, demitasse_net** net) {
  return Try(__func__, [&] {
    demitasse_net*& result = Given(net, "net");
    result =
        NewHandle(NetFromText(&Given(text, "text"), &Given(name, "name"), OptionsOfNet(options)));
  });
}

void demitasse_net_free(demitasse_net* net) {
  if (net != nullptr && net->owned != nullptr) delete net;
}

int demitasse_net_load_weights(demitasse_net* net, const char* path) {
  return Try(__func__, [&] { NetOf(net).CopyTrainedLayersFrom(&Given(path, "path")); });
}

int demitasse_net_load_weights_from_memory(demitasse_net* net, const void* bytes, int64_t size) {
  return Try(__func__, [&] {
    Net& target = NetOf(net);
    if (bytes == nullptr) throw ArgumentError("bytes is NULL");
    target.CopyTrainedLayersFrom(WeightsFrom(bytes, size));
  });
}

int demitasse_net_save_weights(const demitasse_net* net, const char* path) {
  return Try(__func__, [&] {
    caffe::NetParameter weights;
    NetOf(net).ToProto(&weights);
    const std::string file = &Given(path, "path");
    if (EndsWith(file, ".h5")) {
      demitasse::WriteHdf5Weights(file, weights);
    } else {
      demitasse::WriteMessage(file, weights);
    }
  });
}

int demitasse_net_share_weights(demitasse_net* net, const demitasse_net* other) {
  return Try(__func__, [&] { NetOf(net).ShareTrainedLayersWith(NetOf(&Given(other, "other"))); });
}

int demitasse_net_optimize(demitasse_net* net) {
  return Try(__func__, [&] { NetOf(net).Optimize(); });
}

int demitasse_net_reshape(demitasse_net* net) {
  return Try(__func__, [&] { NetOf(net).Reshape(); });
}

int demitasse_net_forward(demitasse_net* net, float* loss) {
  return Try(__func__, [&] { NetOf(net).Forward(loss); });
}

int demitasse_net_forward_from_to(demitasse_net* net, int first, int last, float* loss) {
  return Try(__func__, [&] {
    const float part = NetOf(net).ForwardFromTo(first, last);
    if (loss != nullptr) *loss = part;
  });
}

int demitasse_net_backward(demitasse_net* net) {
  return Try(__func__, [&] { NetOf(net).Backward(); });
}

int demitasse_net_backward_from_to(demitasse_net* net, int start, int end) {
  return Try(__func__, [&] { NetOf(net).BackwardFromTo(start, end); });
}

int demitasse_net_clear_param_diffs(demitasse_net* net) {
  return Try(__func__, [&] { NetOf(net).ClearParamDiffs(); });
}

int demitasse_net_set_memory_data(demitasse_net* net, const char* layer, const float* data,
                                  const float* labels, int64_t samples) {
  return Try(__func__, [&] {
    const Net& target = NetOf(net);
    demitasse::SetMemoryData(target.layer_by_name(&Given(layer, "layer")).get(), data, labels,
                             samples);
  });
}
