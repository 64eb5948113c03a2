// binary_net: nets as messages, of any age, which programs build and `demitasse upgrade` reads.
#include "demitasse/net.hpp"
#include "fuzz/target.hpp"
#include "src/parse/prototxt.hpp"

namespace demitasse {
namespace {

void Read(const std::string& bytes) {
  caffe::NetParameter net;
  if (!net.ParseFromString(bytes)) return;
  NetOptions options;
  options.threads = 1;
  options.memory_limit = 1 << 20;
  const Net built(net, options);
}

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds;
  for (const std::string& text : FilesOfTree("tests/corpus/check", ".prototxt")) {
    Diagnostics ignored;
    seeds.push_back(ReadNetFromText(text, "net", {}, &ignored).net.SerializePartialAsString());
  }
  for (std::string& bytes : FilesOfTree("models", ".caffemodel")) seeds.push_back(std::move(bytes));
  return seeds;
}

}  // namespace

const bool kBinaryNetTarget = RegisterFuzzTarget({"binary_net", Read, Seeds});

}  // namespace demitasse
