#include "src/parse/upgrade.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/message_differencer.h>

#include <string>
#include <vector>

#include "demitasse/log.hpp"
#include "src/core/text.hpp"
#include "src/parse/layer_prefix.hpp"
#include "src/parse/upgrade_stages.hpp"

namespace demitasse {
namespace {

using caffe::LayerParameter;
using caffe::NetParameter;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

bool StandsBehind(const Location& a, const Location& b) {
  return a.line != b.line ? a.line > b.line : a.column > b.column;
}

// The later of two places: where a file begins to contradict itself.
Location Later(const Location& a, const Location& b) { return StandsBehind(a, b) ? a : b; }

// Returns false if there is nothing in an older form, or if it is mixed with today's.
bool UpgradeLayers(NetParameter* net, SourceMap* source, Diagnostics* diagnostics) {
  if (net->layers_size() == 0) return false;
  if (net->layer_size() > 0) {
    diagnostics->AddError(
        Later(source->Find("layers[0]"), source->Find("layer[0]")),
        Cat("the net has ", net->layer_size(), " 'layer' (today's form) and ", net->layers_size(),
            " 'layers' (V1 form); write all in one form: layers { type: CONVOLUTION } is the same "
            "as layer { type: \"Convolution\" }"));
    return false;
  }
  int v0_count = 0;
  for (const auto& layer : net->layers()) v0_count += layer.has_layer() ? 1 : 0;
  const bool has_v1 = v0_count < net->layers_size();
  if (v0_count > 0) {
    UpgradeV0Layers(net, source, diagnostics);
    LogInfo("net written in V0 form (layers { layer { ... } }) upgraded");
  }
  UpgradeV1Layers(net, source);
  if (has_v1) LogInfo("net written in V1 form (layers { ... }) upgraded");
  return true;
}

struct DataLayer {
  const char* type;
  const char* parameters;
};

constexpr DataLayer kDataLayers[] = {
    {"Data", "data_param"},
    {"ImageData", "image_data_param"},
    {"WindowData", "window_data_param"},
};

// Fields of the parameters above that are now in transform_param, under the same names.
constexpr const char* kTransformFields[] = {"scale", "mean_file", "crop_size", "mirror"};

// A value that stands in its old place.
struct OldTransform {
  LayerParameter* layer;
  Message* parameters;
  const FieldDescriptor* field;
  std::string layer_path;
  std::string parameters_name;

  std::string Path() const { return layer_path + "." + parameters_name + "." + field->name(); }
};

std::vector<OldTransform> FindOldTransforms(NetParameter* net) {
  std::vector<OldTransform> found;
  for (int i = 0; i < net->layer_size(); ++i) {
    LayerParameter* layer = net->mutable_layer(i);
    for (const DataLayer& entry : kDataLayers) {
      const FieldDescriptor* holder =
          LayerParameter::descriptor()->FindFieldByName(entry.parameters);
      const auto* reflection = layer->GetReflection();
      if (layer->type() != entry.type || !reflection->HasField(*layer, holder)) continue;
      Message* parameters = reflection->MutableMessage(layer, holder);
      for (const char* name : kTransformFields) {
        const FieldDescriptor* field = holder->message_type()->FindFieldByName(name);
        if (!parameters->GetReflection()->HasField(*parameters, field)) continue;
        found.push_back({layer, parameters, field, Cat("layer[", i, "]"), entry.parameters});
      }
    }
  }
  return found;
}

// Returns false if transform_param has another value already.
bool MoveTransform(const OldTransform& old) {
  const FieldDescriptor* target =
      caffe::TransformationParameter::descriptor()->FindFieldByName(old.field->name());
  caffe::TransformationParameter transform = old.layer->transform_param();
  const bool was_set = transform.GetReflection()->HasField(transform, target);
  CopyField(*old.parameters, *old.field, &transform, *target);
  using google::protobuf::util::MessageDifferencer;
  if (was_set && !MessageDifferencer::Equals(transform, old.layer->transform_param())) return false;
  old.layer->mutable_transform_param()->Swap(&transform);
  old.parameters->GetReflection()->ClearField(old.parameters, old.field);
  return true;
}

// V1 data layers had their own scale, crop and so on. Caffe does not read these in a net of today's
// form, so moving them there would change what the net computes.
void UpgradeTransforms(bool was_v1, NetParameter* net, SourceMap* source,
                       Diagnostics* diagnostics) {
  Moves moves;
  for (const OldTransform& old : FindOldTransforms(net)) {
    const Location where = source->Find(old.Path());
    const std::string subject =
        Cat(LayerPrefix(*old.layer), old.field->name(), " in ", old.parameters_name);
    if (!was_v1) {
      diagnostics->AddWarning(where, subject + " has no effect; write it in transform_param");
    } else if (MoveTransform(old)) {
      moves[old.Path()] = old.layer_path + ".transform_param." + old.field->name();
    } else {
      diagnostics->AddError(where, subject + " and in transform_param differ; remove one of them");
    }
  }
  if (moves.empty()) return;
  source->Rename(moves);
  LogInfo("input transformations of data layers moved to transform_param");
}

// What is wrong with the shapes of the net's inputs, and where; "" if nothing is.
std::string CheckInputs(const NetParameter& net, const SourceMap& source, Location* where) {
  constexpr int kDims = 4;  // batch, channels, height, width
  const int inputs = net.input_size();
  const int shapes = net.input_shape_size();
  const int dims = net.input_dim_size();
  *where = inputs > 0 ? source.Find("input[0]")
                      : source.Find(shapes > 0 ? "input_shape[0]" : "input_dim[0]");
  if (shapes > 0 && dims > 0) {
    *where = Later(source.Find("input_shape[0]"), source.Find("input_dim[0]"));
    return "input_shape and input_dim are both given; keep input_shape, one for each input";
  }
  if (dims > 0 && dims != kDims * inputs) {
    return Cat("the net has ", inputs, " input and ", dims, " input_dim; each input needs ", kDims,
               " input_dim (batch, channels, height, width)");
  }
  if (dims == 0 && shapes != inputs) {
    return Cat("the net has ", inputs, " input and ", shapes,
               " input_shape; each input needs one input_shape");
  }
  return "";
}

// Fills an Input layer from the inputs of the net; `moves` gets what that and the shift of all
// other layers change.
void MakeInputLayer(const NetParameter& net, LayerParameter* layer, Moves* moves) {
  layer->set_name("input");
  layer->set_type("Input");
  for (int i = 0; i < net.input_size(); ++i) {
    layer->add_top(net.input(i));
    (*moves)[Cat("input[", i, "]")] = Cat("layer[0].top[", i, "]");
    (*moves)[Cat("input_shape[", i, "]")] = Cat("layer[0].input_param.shape[", i, "]");
  }
  layer->mutable_input_param()->mutable_shape()->CopyFrom(net.input_shape());
  for (int d = 0; d < net.input_dim_size(); ++d) {
    if (d % 4 == 0) layer->mutable_input_param()->add_shape();
    layer->mutable_input_param()->mutable_shape(d / 4)->add_dim(net.input_dim(d));
    (*moves)[Cat("input_dim[", d, "]")] =
        Cat("layer[0].input_param.shape[", d / 4, "].dim[", d % 4, "]");
  }
  for (int i = 0; i < net.layer_size(); ++i) {
    (*moves)[Cat("layer[", i, "]")] = Cat("layer[", i + 1, "]");
  }
}

void UpgradeInputs(NetParameter* net, SourceMap* source, Diagnostics* diagnostics) {
  if (net->input_size() + net->input_shape_size() + net->input_dim_size() == 0) return;
  Location where;
  const std::string problem = CheckInputs(*net, *source, &where);
  if (problem.empty()) {
    LayerParameter input;
    Moves moves;
    MakeInputLayer(*net, &input, &moves);
    source->Rename(moves);
    source->Set("layer[0]", where.line, where.column);
    net->add_layer()->Swap(&input);
    for (int i = net->layer_size() - 1; i > 0; --i) net->mutable_layer()->SwapElements(i, i - 1);
    LogInfo("inputs declared by the net (input, input_shape, input_dim) made an Input layer");
  } else {
    diagnostics->AddError(where, problem);
  }
  net->clear_input();
  net->clear_input_shape();
  net->clear_input_dim();
}

// BatchNorm keeps three blobs (mean, variance, their weight) which a solver must leave alone. Nets
// of its first days say so themselves in three param entries, or forget to.
void UpgradeBatchNorm(NetParameter* net) {
  bool changed = false;
  for (LayerParameter& layer : *net->mutable_layer()) {
    if (layer.type() != "BatchNorm" || layer.param_size() != 3) continue;
    for (caffe::ParamSpec& spec : *layer.mutable_param()) {
      changed = changed || spec.lr_mult() != 0 || spec.decay_mult() != 0;
      spec.set_lr_mult(0);
      spec.set_decay_mult(0);
    }
  }
  if (changed)
    LogInfo("BatchNorm layers with three param entries: lr_mult and decay_mult set to 0");
}

}  // namespace

void UpgradeNet(NetParameter* net, SourceMap* source, Diagnostics* diagnostics) {
  const bool was_v1 = UpgradeLayers(net, source, diagnostics);
  UpgradeTransforms(was_v1, net, source, diagnostics);
  UpgradeInputs(net, source, diagnostics);
  UpgradeBatchNorm(net);
}

void UpgradeSolver(caffe::SolverParameter* solver, SourceMap* source, Diagnostics* diagnostics) {
  if (!solver->has_solver_type()) return;
  if (solver->has_type()) {
    diagnostics->AddError(Later(source->Find("type"), source->Find("solver_type")),
                          "'type' and the old 'solver_type' are both given; leave out solver_type");
    return;
  }
  // Both lines are Caffe's.
  LogInfo(Cat("Attempting to upgrade input file specified using deprecated 'solver_type' field ",
              "(enum)': ", source->file()));
  constexpr const char* kTypes[] = {"SGD", "Nesterov", "AdaGrad", "RMSProp", "AdaDelta", "Adam"};
  solver->set_type(kTypes[solver->solver_type()]);
  solver->clear_solver_type();
  source->Rename({{"solver_type", "type"}});
  LogInfo(
      "Successfully upgraded file specified using deprecated 'solver_type' field (enum) to 'type' "
      "field (string).");
}

}  // namespace demitasse
