#include "tools/layer_facts.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "demitasse/layer_registry.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

// How many blobs a layer takes or gives.
struct Count {
  Count(int exact, int min, int max)
      : least(exact >= 0 ? exact : std::max(min, 0)), most(exact >= 0 ? exact : max) {}

  bool is_limited() const { return most >= 0; }

  std::string InWords() const {
    if (!is_limited()) return least == 0 ? "any number" : Cat(least, " or more");
    if (most == 0) return "none";
    if (most == least) return Cat(most);
    return Cat(least, most == least + 1 ? " or " : " to ", most);
  }

  int least;
  int most;  // -1: no limit
};

Count Bottoms(const Layer& layer) {
  return {layer.ExactNumBottomBlobs(), layer.MinBottomBlobs(), layer.MaxBottomBlobs()};
}

Count Tops(const Layer& layer) {
  return {layer.ExactNumTopBlobs(), layer.MinTopBlobs(), layer.MaxTopBlobs()};
}

// Some of the bottoms or tops: true at the index of each that is meant.
using Which = std::vector<bool>;

template <typename Property>
Which Find(int blobs, const Property& property) {
  Which which;
  for (int i = 0; i < blobs; ++i) which.push_back(property(i));
  return which;
}

bool All(const Which& which) { return std::find(which.begin(), which.end(), false) == which.end(); }
bool Any(const Which& which) { return std::find(which.begin(), which.end(), true) != which.end(); }

// "bottom 0", "bottoms 0 and 2", or, of as many as one likes, "the last bottom".
std::string BottomsInWords(const Which& which, const Count& count) {
  if (All(which)) return which.size() == 1 ? "the bottom" : "all bottoms";
  if (!count.is_limited()) {
    if (std::count(which.begin(), which.end(), true) == 1 && which.back()) return "the last bottom";
    if (std::count(which.begin(), which.end(), false) == 1 && !which.back()) {
      return "all bottoms but the last";
    }
  }
  std::vector<std::string> numbers;
  for (size_t i = 0; i < which.size(); ++i) {
    if (which[i]) numbers.push_back(Cat(i));
  }
  if (numbers.size() == 1) return "bottom " + numbers[0];
  const std::string last = numbers.back();
  numbers.pop_back();
  return Cat("bottoms ", Join(numbers), " and ", last);
}

std::string TopsInWords(const Layer& layer) {
  if (layer.EqualNumBottomTopBlobs() && !Tops(layer).is_limited()) return "as many as bottoms";
  std::string words = Tops(layer).InWords();
  if (layer.TopsAreInputs()) words += ", filled by the caller";
  if (layer.AutoTopBlobs()) words += ", may be left unnamed";
  return words;
}

std::string InPlaceInWords(const Which& in_place, const Count& bottoms) {
  if (!Any(in_place)) return "no";
  if (bottoms.most == 1) return "yes";
  if (in_place.size() > 1 && All(in_place)) return "yes, each top over its bottom";
  return "yes, over " + BottomsInWords(in_place, bottoms);
}

// As many as there can be, or enough to tell the last of any number from the others.
int Representative(const Count& count) {
  return count.is_limited() ? count.most : std::max(count.least, 1) + 2;
}

std::shared_ptr<Layer> MakeLayer(const std::string& type, int bottoms) {
  LayerParameter param;
  param.set_type(type);
  for (int i = 0; i < bottoms; ++i) param.add_bottom(Cat("bottom", i));
  return LayerRegistry::Create(param);
}

}  // namespace

LayerFacts FindLayerFacts(const std::string& type) {
  const Count bottoms = Bottoms(*MakeLayer(type, 0));
  const int bottom_count = Representative(bottoms);
  const std::shared_ptr<Layer> layer = MakeLayer(type, bottom_count);
  const Count tops = Tops(*layer);
  const int top_count = layer->EqualNumBottomTopBlobs() ? bottom_count : Representative(tops);

  const Which labels = Find(bottom_count, [&](int i) { return layer->BottomIsIndex(i); });
  const Which gradients = Find(bottom_count, [&](int i) { return layer->AllowForceBackward(i); });
  Which in_place = Find(bottom_count, [&](int i) { return layer->SupportsInPlace(i); });
  for (int i = top_count; i < bottom_count; ++i) in_place[static_cast<size_t>(i)] = false;

  LayerFacts facts;
  facts.has_no_bottoms = bottoms.most == 0;
  facts.bottoms = bottoms.InWords();
  if (Any(labels)) {
    const bool one = std::count(labels.begin(), labels.end(), true) == 1;
    facts.bottoms +=
        Cat("; ", BottomsInWords(labels, bottoms), one ? " holds" : " hold", " labels or indices");
  }
  facts.tops = TopsInWords(*layer);
  facts.in_place = InPlaceInWords(in_place, bottoms);
  facts.gradient = Any(gradients) ? BottomsInWords(gradients, bottoms) : "no bottom";
  return facts;
}

}  // namespace demitasse
