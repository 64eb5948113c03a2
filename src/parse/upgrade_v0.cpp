#include <google/protobuf/descriptor.h>

#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "src/core/text.hpp"
#include "src/parse/layer_prefix.hpp"
#include "src/parse/upgrade_stages.hpp"

namespace demitasse {
namespace {

using caffe::NetParameter;
using caffe::V0LayerParameter;
using caffe::V1LayerParameter;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr char kPadding[] = "padding";

struct V0Type {
  const char* name;
  V1LayerParameter::LayerType v1;
  const char* parameters;  // field of V1LayerParameter with the parameters of the type, or ""
};

constexpr V0Type kTypes[] = {
    {"accuracy", V1LayerParameter::ACCURACY, ""},
    {"bnll", V1LayerParameter::BNLL, ""},
    {"concat", V1LayerParameter::CONCAT, "concat_param"},
    {"conv", V1LayerParameter::CONVOLUTION, "convolution_param"},
    {"data", V1LayerParameter::DATA, "data_param"},
    {"dropout", V1LayerParameter::DROPOUT, "dropout_param"},
    {"euclidean_loss", V1LayerParameter::EUCLIDEAN_LOSS, ""},
    {"flatten", V1LayerParameter::FLATTEN, ""},
    {"hdf5_data", V1LayerParameter::HDF5_DATA, "hdf5_data_param"},
    {"hdf5_output", V1LayerParameter::HDF5_OUTPUT, "hdf5_output_param"},
    {"im2col", V1LayerParameter::IM2COL, "convolution_param"},
    {"images", V1LayerParameter::IMAGE_DATA, "image_data_param"},
    {"infogain_loss", V1LayerParameter::INFOGAIN_LOSS, "infogain_loss_param"},
    {"innerproduct", V1LayerParameter::INNER_PRODUCT, "inner_product_param"},
    {"lrn", V1LayerParameter::LRN, "lrn_param"},
    {"multinomial_logistic_loss", V1LayerParameter::MULTINOMIAL_LOGISTIC_LOSS, ""},
    {"pool", V1LayerParameter::POOLING, "pooling_param"},
    {"relu", V1LayerParameter::RELU, ""},
    {"sigmoid", V1LayerParameter::SIGMOID, ""},
    {"softmax", V1LayerParameter::SOFTMAX, ""},
    {"softmax_loss", V1LayerParameter::SOFTMAX_LOSS, ""},
    {"split", V1LayerParameter::SPLIT, ""},
    {"tanh", V1LayerParameter::TANH, ""},
    {"window_data", V1LayerParameter::WINDOW_DATA, "window_data_param"},
};

// Fields that have changed their names; the others are called the same in the parameters of the
// types they belong to, and a field belongs to a type if its parameters have it.
struct V0Field {
  const char* name;
  const char* new_name;
};

constexpr V0Field kRenamedFields[] = {
    {"biasterm", "bias_term"},
    {"kernelsize", "kernel_size"},
    {"meanfile", "mean_file"},
    {"batchsize", "batch_size"},
    {"cropsize", "crop_size"},
    {"det_fg_threshold", "fg_threshold"},
    {"det_bg_threshold", "bg_threshold"},
    {"det_fg_fraction", "fg_fraction"},
    {"det_context_pad", "context_pad"},
    {"det_crop_mode", "crop_mode"},
    {"shuffle_images", "shuffle"},
};

std::string NewName(const std::string& field) {
  for (const V0Field& entry : kRenamedFields) {
    if (field == entry.name) return entry.new_name;
  }
  return field;
}

const V0Type* FindType(const std::string& name) {
  for (const V0Type& type : kTypes) {
    if (name == type.name) return &type;
  }
  return nullptr;
}

std::vector<std::string> KnownTypes() {
  std::vector<std::string> names = {kPadding};
  for (const V0Type& type : kTypes) names.push_back(type.name);
  return names;
}

std::string LayerPath(int index) { return Cat("layers[", index, "]"); }

bool IsPadding(const V1LayerParameter& layer) { return layer.layer().type() == kPadding; }

// Padding layers were a layer type of their own; now the layer that reads the padded blob pads.
class PaddingFolder {
 public:
  PaddingFolder(NetParameter* net, SourceMap* source, Diagnostics* diagnostics)
      : net_(*net), source_(*source), diagnostics_(*diagnostics) {}

  void Run() {
    std::unordered_map<std::string, int> producer;  // blob -> the layer that wrote it last
    for (int i = 0; i < net_.layers_size(); ++i) {
      if (IsPadding(net_.layers(i))) CheckPadding(i);
      for (int b = 0; b < net_.layers(i).bottom_size(); ++b) {
        const auto it = producer.find(net_.layers(i).bottom(b));
        if (it != producer.end() && IsPadding(net_.layers(it->second))) Fold(it->second, i, b);
      }
      for (const std::string& top : net_.layers(i).top()) producer[top] = i;
    }
    Drop();
  }

 private:
  void CheckPadding(int index) {
    const V1LayerParameter& padding = net_.layers(index);
    if (padding.bottom_size() != 1 || padding.top_size() != 1) {
      diagnostics_.AddError(source_.Find(LayerPath(index)),
                            Cat(LayerPrefix(padding), "must have 1 bottom and 1 top, got ",
                                padding.bottom_size(), " and ", padding.top_size()));
    }
    std::vector<const FieldDescriptor*> fields;
    padding.layer().GetReflection()->ListFields(padding.layer(), &fields);
    for (const FieldDescriptor* field : fields) {
      if (field->name() == "name" || field->name() == "type" || field->name() == "pad") continue;
      diagnostics_.AddError(source_.Find(LayerPath(index) + ".layer." + field->name()),
                            Cat(LayerPrefix(padding), "field '", field->name(),
                                "' does not belong to this type; remove it"));
    }
  }

  void Fold(int padding_index, int index, int bottom) {
    const V1LayerParameter& padding = net_.layers(padding_index);
    V1LayerParameter* layer = net_.mutable_layers(index);
    const std::string problem = WhyNotFold(*layer);
    folded_.insert(padding_index);
    if (!problem.empty()) {
      diagnostics_.AddError(source_.Find(Cat(LayerPath(index), ".bottom[", bottom, "]")),
                            Cat(LayerPrefix(*layer), "reads from padding layer '",
                                OneLine(padding.layer().name()), "', but ", problem));
      return;
    }
    if (padding.bottom_size() > 0) layer->set_bottom(bottom, padding.bottom(0));
    layer->mutable_layer()->set_pad(padding.layer().pad());
    const Location pad = source_.Find(LayerPath(padding_index) + ".layer.pad");
    source_.Set(LayerPath(index) + ".layer.pad", pad.line, pad.column);
  }

  static std::string WhyNotFold(const V1LayerParameter& layer) {
    const std::string& type = layer.layer().type();
    if (type != "conv" && type != "pool") return "only conv and pool layers can pad their input";
    if (layer.bottom_size() != 1) {
      return Cat("has ", layer.bottom_size(), " bottoms; only layers with 1 can pad it");
    }
    if (layer.layer().pad() != 0) {
      return Cat("has a pad of its own, ", layer.layer().pad(), "; remove one of them");
    }
    return "";
  }

  void Drop() {
    Moves moves;
    int kept = 0;
    for (int i = 0; i < net_.layers_size(); ++i) {
      if (!IsPadding(net_.layers(i))) {
        moves[LayerPath(i)] = LayerPath(kept);
        net_.mutable_layers()->SwapElements(i, kept++);
        continue;
      }
      moves[LayerPath(i)] = "";
      if (folded_.count(i) == 0) {
        diagnostics_.AddWarning(source_.Find(LayerPath(i)),
                                Cat(LayerPrefix(net_.layers(i)), "no layer reads its top '",
                                    TopName(net_.layers(i)), "'; left out"));
      }
    }
    net_.mutable_layers()->DeleteSubrange(kept, net_.layers_size() - kept);
    source_.Rename(moves);
  }

  static std::string TopName(const V1LayerParameter& padding) {
    return padding.top_size() == 0 ? "" : OneLine(padding.top(0));
  }

  NetParameter& net_;
  SourceMap& source_;
  Diagnostics& diagnostics_;
  std::set<int> folded_;
};

// Moves the fields of one V0 layer to the V1 layer around it.
class LayerUpgrade {
 public:
  LayerUpgrade(V1LayerParameter* shell, std::string path, const SourceMap& source,
               Diagnostics* diagnostics)
      : shell_(*shell), path_(std::move(path)), source_(source), diagnostics_(*diagnostics) {
    v0_.Swap(shell_.mutable_layer());
    shell_.clear_layer();
  }

  // Adds what has moved to `moves`.
  void Run(Moves* moves) {
    (*moves)[path_ + ".layer"] = "";
    (*moves)[path_ + ".layer.type"] = path_ + ".type";
    CheckType();
    if (type_ != nullptr) shell_.set_type(type_->v1);
    MoveCommonFields(moves);
    std::vector<const FieldDescriptor*> fields;
    v0_.GetReflection()->ListFields(v0_, &fields);
    for (const FieldDescriptor* field : fields) {
      if (field->name() == "name" || field->name() == "type") continue;
      const std::string moved_to = MoveField(*field);
      if (!moved_to.empty()) (*moves)[OldPath(field->name())] = moved_to;
    }
  }

 private:
  std::string OldPath(const std::string& field) const { return path_ + ".layer." + field; }

  // Sets type_ and says what is wrong with it.
  void CheckType() {
    type_ = FindType(v0_.type());
    if (shell_.has_type()) {
      AddError("type", "the type is given twice, here and in the 'layers' around it; remove one");
    } else if (!v0_.has_type()) {
      diagnostics_.AddError(
          source_.Find(path_ + ".layer"),
          Cat(LayerPrefix(v0_), "type is missing; known types: ", Join(KnownTypes())));
    } else if (type_ == nullptr) {
      const std::string near = DidYouMean(v0_.type(), KnownTypes());
      AddError("type", Cat("unknown type '", OneLine(v0_.type()), "' of a V0 layer",
                           near.empty() ? "; known types: " + Join(KnownTypes()) : near));
    }
  }

  void AddError(const std::string& field, const std::string& problem) {
    diagnostics_.AddError(source_.Find(OldPath(field)), LayerPrefix(v0_) + problem);
  }

  void MoveCommonFields(Moves* moves) {
    if (v0_.has_name()) shell_.set_name(v0_.name());
    if (v0_.blobs_size() > 0) shell_.mutable_blobs()->Swap(v0_.mutable_blobs());
    if (v0_.blobs_lr_size() > 0) shell_.mutable_blobs_lr()->Swap(v0_.mutable_blobs_lr());
    if (v0_.weight_decay_size() > 0) {
      shell_.mutable_weight_decay()->Swap(v0_.mutable_weight_decay());
    }
    v0_.clear_blobs();
    v0_.clear_blobs_lr();
    v0_.clear_weight_decay();
    for (const char* field : {"name", "blobs", "blobs_lr", "weight_decay"}) {
      (*moves)[OldPath(field)] = path_ + "." + field;
    }
  }

  // Returns where the field is now, or "" if nowhere.
  std::string MoveField(const FieldDescriptor& field) {
    if (type_ == nullptr) return "";
    const FieldDescriptor* parameters =
        V1LayerParameter::descriptor()->FindFieldByName(type_->parameters);
    if (parameters == nullptr) return RefuseField(field);
    if (field.name() == parameters->name()) {
      CopyField(v0_, field, &shell_, *parameters);
      return path_ + "." + field.name();
    }
    const std::string name = NewName(field.name());
    const FieldDescriptor* target = parameters->message_type()->FindFieldByName(name);
    if (target == nullptr) return RefuseField(field);
    Message* message = shell_.GetReflection()->MutableMessage(&shell_, parameters);
    if (!CopyField(v0_, field, message, *target)) {
      AddError(field.name(), Cat(field.name(), " must be 0 or more, got ",
                                 v0_.GetReflection()->GetInt32(v0_, &field)));
    }
    return Cat(path_, ".", parameters->name(), ".", name, target->is_repeated() ? "[0]" : "");
  }

  // The reader of that time ignored the fields of data layers on others, so nets that have them
  // still load.
  std::string RefuseField(const FieldDescriptor& field) {
    const std::string name = NewName(field.name());
    const bool ignored =
        caffe::TransformationParameter::descriptor()->FindFieldByName(name) != nullptr;
    if (ignored) {
      diagnostics_.AddWarning(source_.Find(OldPath(field.name())),
                              Cat(LayerPrefix(v0_), "field '", field.name(),
                                  "' does not belong to this type; it has no effect"));
    } else {
      AddError(field.name(),
               Cat("field '", field.name(), "' does not belong to this type; remove it"));
    }
    return "";
  }

  V0LayerParameter v0_;
  V1LayerParameter& shell_;
  const std::string path_;
  const SourceMap& source_;
  Diagnostics& diagnostics_;
  const V0Type* type_ = nullptr;  // null if unknown
};

}  // namespace

void UpgradeV0Layers(NetParameter* net, SourceMap* source, Diagnostics* diagnostics) {
  PaddingFolder(net, source, diagnostics).Run();
  Moves moves;
  for (int i = 0; i < net->layers_size(); ++i) {
    if (!net->layers(i).has_layer()) continue;
    LayerUpgrade(net->mutable_layers(i), LayerPath(i), *source, diagnostics).Run(&moves);
  }
  source->Rename(moves);
}

}  // namespace demitasse
