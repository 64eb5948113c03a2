#include "src/net/splits.hpp"

#include <utility>

#include "src/core/text.hpp"

namespace demitasse {
std::vector<PlannedLayer> InsertSplits(std::vector<PlannedLayer> layers, const Wiring& wiring) {
  std::vector<std::vector<PlannedLayer>> splits(layers.size());  // behind each layer
  for (const Value& value : wiring.values) {
    PlannedLayer& writer = layers[value.layer];
    const float loss_weight = LossWeight(writer.param, value.top);
    const size_t copies = value.readers.size() + (loss_weight != 0 ? 1 : 0);
    if (copies < 2) continue;

    PlannedLayer split;
    split.is_split = true;
    split.path = writer.path;
    split.param.set_name(Cat(value.blob, "_", writer.param.name(), "_", value.top, "_split"));
    split.param.set_type("Split");
    split.param.set_phase(writer.param.phase());
    split.param.add_bottom(value.blob);
    const auto add_copy = [&split](float weight) {
      std::string name = Cat(split.param.name(), "_", split.param.top_size());
      split.param.add_top(name);
      split.param.add_loss_weight(weight);
      return name;
    };
    if (loss_weight != 0) {
      add_copy(loss_weight);
      writer.param.set_loss_weight(value.top, 0);
    }
    for (const Value::Reader& reader : value.readers) {
      *layers[reader.layer].param.mutable_bottom(reader.bottom) = add_copy(0);
    }
    splits[value.layer].push_back(std::move(split));
  }

  std::vector<PlannedLayer> result;
  for (size_t i = 0; i < layers.size(); ++i) {
    result.push_back(std::move(layers[i]));
    for (PlannedLayer& split : splits[i]) result.push_back(std::move(split));
  }
  return result;
}

}  // namespace demitasse
