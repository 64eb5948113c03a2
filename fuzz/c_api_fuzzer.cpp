// c_api: calls of include/demitasse.h in any order and with any numbers, on a small net. Each call
// takes a byte that says which and the bytes of its numbers.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "demitasse.h"
#include "fuzz/target.hpp"

namespace demitasse {
namespace {

constexpr char kNet[] =
    "layer { name: 'x' type: 'Input' top: 'x' input_param { shape { dim: [1, 1, 6, 6] } } }\n"
    "layer { name: 'c' type: 'Convolution' bottom: 'x' top: 'c'\n"
    "        convolution_param { num_output: 2 kernel_size: 3 } }\n"
    "layer { name: 'r' type: 'ReLU' bottom: 'c' top: 'c' }\n"
    "layer { name: 's' type: 'Softmax' bottom: 'c' top: 's' }\n";

// Numbers from the bytes; 0 behind their end.
class Source {
 public:
  explicit Source(const std::string& bytes) : bytes_(bytes) {}

  bool at_end() const { return at_ >= bytes_.size(); }
  std::string Rest() { return bytes_.substr(std::exchange(at_, bytes_.size())); }
  template <typename Number>
  Number Next() {
    Number number{};
    std::memcpy(&number, bytes_.data() + at_, std::min(sizeof(number), bytes_.size() - at_));
    at_ = std::min(bytes_.size(), at_ + sizeof(number));
    return number;
  }

 private:
  const std::string& bytes_;
  size_t at_ = 0;
};

using NetPointer = std::unique_ptr<demitasse_net, decltype(&demitasse_net_free)>;

NetPointer MakeNet(const char* text) {
  const std::unique_ptr<demitasse_options, decltype(&demitasse_options_free)> options(
      demitasse_options_create(), demitasse_options_free);
  demitasse_options_set(options.get(), "memory_limit", "1000000");
  demitasse_options_set(options.get(), "threads", "1");
  demitasse_net* net = nullptr;
  demitasse_net_create_from_text(text, "net", options.get(), &net);
  return {net, demitasse_net_free};
}

void CallOfBlob(uint8_t call, demitasse_blob* blob, Source* source) {
  std::vector<float> values(64);
  const int64_t size = source->Next<int8_t>();
  const int shape[] = {source->Next<int8_t>(), source->Next<int8_t>(), source->Next<int>()};
  if (call == 0) demitasse_blob_set_data(blob, values.data(), std::min<int64_t>(size, 64));
  if (call == 1) demitasse_blob_get_data(blob, values.data(), std::min<int64_t>(size, 64));
  if (call == 2) demitasse_blob_reshape(blob, shape, std::min<int>(static_cast<int>(size), 3));
  if (call == 3) demitasse_blob_shape(blob, shape[2]);
  if (call == 4) demitasse_blob_data(blob);
  if (call == 5) demitasse_blob_diff(blob);
}

void CallOfNet(uint8_t call, demitasse_net* net, Source* source) {
  float loss = 0;
  const int first = source->Next<int8_t>();
  const int last = source->Next<int8_t>();
  if (call == 0) demitasse_net_forward(net, &loss);
  if (call == 1) demitasse_net_backward(net);
  if (call == 2) demitasse_net_forward_from_to(net, first, last, &loss);
  if (call == 3) demitasse_net_backward_from_to(net, first, last);
  if (call == 4) demitasse_net_optimize(net);
  if (call == 5) demitasse_net_reshape(net);
  if (call == 6) demitasse_net_layer_param(net, first, last);
  if (call == 7) demitasse_net_share_weights(net, MakeNet(kNet).get());
  if (call == 8) MakeNet(source->Rest().c_str());
  if (call != 9) return;
  const std::string weights = source->Rest();
  demitasse_net_load_weights_from_memory(net, weights.data(), static_cast<int64_t>(weights.size()));
}

void Read(const std::string& bytes) {
  constexpr int kNetCalls = 10;
  const NetPointer net = MakeNet(kNet);
  Source source(bytes);
  for (int calls = 0; calls < 50 && !source.at_end(); ++calls) {
    const auto call = static_cast<uint8_t>(source.Next<uint8_t>() % 30);
    if (call < kNetCalls) {
      CallOfNet(call, net.get(), &source);
    } else if (call < 20) {
      CallOfBlob(static_cast<uint8_t>(call - kNetCalls), demitasse_net_input(net.get(), 0),
                 &source);
    } else {
      demitasse_blob* const output = demitasse_net_output(net.get(), source.Next<int8_t>());
      CallOfBlob(static_cast<uint8_t>(call - 20), output, &source);
    }
  }
}

std::vector<std::string> Seeds() {
  const std::string forward("\0\0\0", 3);
  const std::string reshape("\x0c\x03\x01\x01\x08\0\0\0", 8);
  return {forward + std::string("\x01\0\0", 3), reshape + forward,
          std::string("\x04\0\0", 3) + forward,
          forward + std::string("\x15\0\x02\x01\x01\0\0\0\0", 9)};
}

}  // namespace

const bool kCApiTarget = RegisterFuzzTarget({"c_api", Read, Seeds});

}  // namespace demitasse
