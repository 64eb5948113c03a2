#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "demitasse/layer_registry.hpp"
#include "src/core/text.hpp"
#include "src/parse/text_file.hpp"
#include "tools/net_rules.hpp"
#include "tools/schema_help.hpp"

namespace demitasse {
namespace {

using google::protobuf::FieldDescriptor;

bool EndsWith(const std::string& text, const std::string& ending) {
  return text.size() >= ending.size() &&
         text.compare(text.size() - ending.size(), ending.size(), ending) == 0;
}

std::vector<std::string> FieldsOf(const std::string& type) {
  std::vector<std::string> names;
  for (const FieldHelp& field : ParameterFields(type)) names.push_back(field.name);
  // How many batches to prepare ahead.
  if (EndsWith(type, "Data")) names.emplace_back("data_param");
  return names;
}

// The message of another type of layer is not read at all.
void FindForeignFields(const LayerParameter& layer, const std::string& path,
                       const SourceMap& source, Diagnostics* warnings) {
  if (!LayerRegistry::Knows(layer.type())) return;
  std::vector<const FieldDescriptor*> given;
  layer.GetReflection()->ListFields(layer, &given);
  const std::vector<std::string> own = FieldsOf(layer.type());
  for (const FieldDescriptor* field : given) {
    if (field->is_repeated() || !EndsWith(field->name(), "_param")) continue;
    if (std::find(own.begin(), own.end(), field->name()) != own.end()) continue;
    warnings->AddWarning(
        source.Find(path + "." + field->name()),
        Cat(LayerPrefix(layer.name(), layer.type()), field->name(), " has no effect: ",
            own.empty() ? "this type has no parameters" : "this type reads " + Join(own, " and "),
            "; leave it out or correct the type"));
  }
}

// A layer of a net runs in the net's phase; its own `phase` does not choose.
void FindPhaseInsteadOfRule(const LayerParameter& layer, const std::string& path,
                            const SourceMap& source, Diagnostics* warnings) {
  if (!layer.has_phase()) return;
  const std::string phase = caffe::Phase_Name(layer.phase());
  warnings->AddWarning(
      source.Find(path + ".phase"),
      Cat(LayerPrefix(layer.name(), layer.type()), "phase: ", phase,
          " does not keep the layer out of the other phase; write include { phase: ", phase,
          " } for that"));
}

// A layer that reads data in TRAIN and its like in TEST, which gives the same blob. Numbers in the
// two nets. Input layers read none.
struct DataPair {
  size_t train;
  size_t test;
};

bool ReadsData(const CheckedLayer& layer) {
  return layer.param.bottom_size() == 0 && layer.param.top_size() > 0 &&
         !layer.layer->TopsAreInputs();
}

std::vector<DataPair> FindDataPairs(const CheckedNet& train, const CheckedNet& test) {
  std::multimap<std::string, size_t> tests;  // by the blob they give
  for (size_t i = 0; i < test.layers().size(); ++i) {
    const CheckedLayer& layer = test.layers()[i];
    if (ReadsData(layer)) tests.emplace(layer.param.top(0), i);
  }
  std::vector<DataPair> pairs;
  for (size_t i = 0; i < train.layers().size(); ++i) {
    const CheckedLayer& layer = train.layers()[i];
    if (!ReadsData(layer)) continue;
    const auto [first, last] = tests.equal_range(layer.param.top(0));
    for (auto like = first; like != last; ++like) {
      if (layer.path != test.layers()[like->second].path) pairs.push_back({i, like->second});
    }
  }
  return pairs;
}

// The path and the value of the field that says where a layer's data are.
std::pair<std::string, std::string> SourceOf(const LayerParameter& layer) {
  std::vector<const FieldDescriptor*> given;
  layer.GetReflection()->ListFields(layer, &given);
  for (const FieldDescriptor* field : given) {
    if (field->is_repeated() || field->message_type() == nullptr) continue;
    const FieldDescriptor* const source = field->message_type()->FindFieldByName("source");
    if (source == nullptr) continue;
    const auto& param = layer.GetReflection()->GetMessage(layer, field);
    return {field->name() + ".source", param.GetReflection()->GetString(param, source)};
  }
  return {};
}

void FindTestsOnTrainingData(const CheckedNet& train, const CheckedNet& test, const DataPair& pair,
                             Diagnostics* warnings) {
  const auto [field, source] = SourceOf(test.layers()[pair.test].param);
  if (source.empty() || SourceOf(train.layers()[pair.train].param).second != source) return;
  test.Warn(pair.test, field,
            Cat("tests on '", OneLine(source), "', the data it trains on; give it data of its own"),
            warnings);
}

// Values that are scaled or shifted otherwise than those the net has learned from.
void FindOtherTransforms(const CheckedNet& train, const CheckedNet& test, const DataPair& pair,
                         Diagnostics* warnings) {
  const LayerParameter& layer = test.layers()[pair.test].param;
  const caffe::TransformationParameter& ours = train.layers()[pair.train].param.transform_param();
  const caffe::TransformationParameter& theirs = layer.transform_param();
  if (ours.scale() != theirs.scale()) {
    test.Warn(pair.test, "transform_param.scale",
              Cat("scale is ", theirs.scale(), " in TEST and ", ours.scale(),
                  " in TRAIN; write the same in both"),
              warnings);
  }
  const bool same_means = std::equal(ours.mean_value().begin(), ours.mean_value().end(),
                                     theirs.mean_value().begin(), theirs.mean_value().end());
  if (!same_means || ours.mean_file() != theirs.mean_file()) {
    test.Warn(
        pair.test,
        theirs.has_mean_file() ? "transform_param.mean_file" : "transform_param.mean_value[0]",
        "the mean it subtracts in TEST is not that of TRAIN; write the same in both", warnings);
  }
}

void FindMirroredTests(const CheckedNet& test, Diagnostics* warnings) {
  for (size_t i = 0; i < test.layers().size(); ++i) {
    const LayerParameter& layer = test.layers()[i].param;
    if (!layer.transform_param().mirror() || layer.include_size() + layer.exclude_size() == 0) {
      continue;
    }
    test.Warn(i, "transform_param.mirror",
              "flips samples at random in TEST too, which makes results differ from run to run; "
              "leave mirror out",
              warnings);
  }
}

// Name and number of `param`s of a layer.
using ParamsOfLayer = std::pair<std::string, int>;

// Layers whose first parameter does not learn.
std::set<ParamsOfLayer> FindFixed(const caffe::NetParameter& net) {
  std::set<ParamsOfLayer> fixed;
  for (const LayerParameter& layer : net.layer()) {
    if (layer.param_size() == 0 || layer.param(0).lr_mult() != 0) continue;
    fixed.insert({layer.name(), layer.param_size()});
  }
  return fixed;
}

// Running statistics have an lr_mult of 0, whatever the file says of old. `written` is the layer
// before it was brought to today's form, if that has changed it.
void FindStatisticsThatLearn(const LayerParameter& written, const std::set<ParamsOfLayer>& fixed,
                             const std::string& path, const SourceMap& source,
                             Diagnostics* warnings) {
  if (fixed.count({written.name(), written.param_size()}) == 0) return;
  if (!LayerRegistry::Knows(written.type())) return;
  const std::shared_ptr<Layer> layer = LayerRegistry::Create(written);
  for (int i = 0; i < written.param_size(); ++i) {
    if (!written.param(i).has_lr_mult() || written.param(i).lr_mult() == 0) continue;
    if (layer->ParameterHasGradient(i)) continue;
    warnings->AddWarning(
        source.Find(Cat(path, ".param[", i, "].lr_mult")),
        Cat(LayerPrefix(written.name(), written.type()), "lr_mult of param[", i,
            "] is taken as 0, ", "not ", written.param(i).lr_mult(),
            ": running statistics are not learned; write lr_mult: 0 or leave param out"));
    return;
  }
}

// The net as it is in its file; without layers if it is in none.
caffe::NetParameter ReadWritten(const std::string& path, SourceMap* source) {
  caffe::NetParameter written;
  Diagnostics known_already;
  try {
    ReadText(ReadTextFile(path), path, {}, &written, source, &known_already);
  } catch (const Error&) {  // a net inside a solver that came from no file
  }
  return written;
}

}  // namespace

void FindOddFields(const NetSource& net, const std::set<std::string>& doubtful,
                   Diagnostics* warnings) {
  SourceMap source(net.source->file());
  const caffe::NetParameter written = ReadWritten(net.source->file(), &source);
  const std::set<ParamsOfLayer> fixed = FindFixed(net.net);
  for (int i = 0; i < written.layer_size(); ++i) {
    FindStatisticsThatLearn(written.layer(i), fixed, LayerPath(i), source, warnings);
  }
  for (int i = 0; i < net.net.layer_size(); ++i) {
    if (doubtful.count(LayerPath(i)) > 0) continue;
    FindForeignFields(net.net.layer(i), LayerPath(i), *net.source, warnings);
    FindPhaseInsteadOfRule(net.net.layer(i), LayerPath(i), *net.source, warnings);
  }
}

void FindOddPhases(const CheckedNet& train, const CheckedNet& test, Diagnostics* warnings) {
  for (const DataPair& pair : FindDataPairs(train, test)) {
    FindTestsOnTrainingData(train, test, pair, warnings);
    FindOtherTransforms(train, test, pair, warnings);
  }
  FindMirroredTests(test, warnings);
}

void FindUnsharable(const CheckedNet& train, const CheckedNet& test, Diagnostics* errors) {
  if (train.has_guessed_shapes || test.has_guessed_shapes) return;
  std::map<std::string, const Layer*> sources;  // the last of a name
  for (const CheckedLayer& layer : train.layers()) sources[layer.param.name()] = layer.layer;
  std::map<std::string, const Layer*> targets;
  for (const CheckedLayer& layer : test.layers()) targets[layer.param.name()] = layer.layer;
  for (const auto& [name, target] : targets) {
    const auto source = sources.find(name);
    if (source == sources.end()) continue;
    const auto& ours = source->second->blobs();
    const auto& theirs = target->blobs();
    for (size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) {
      if (ours[i]->shape() == theirs[i]->shape()) continue;
      errors->Add(target->Fail(
          "", Cat("blob ", i, " is ", theirs[i]->shape_string(), " in TEST and ",
                  ours[i]->shape_string(), " in TRAIN, so that the weights cannot be shared; ",
                  "check the shapes of the data in both phases")));
      break;
    }
  }
}

}  // namespace demitasse
