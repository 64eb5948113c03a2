// What the tests of nets share: nets written in the test itself, in a file called "net".
#ifndef DEMITASSE_TESTS_NET_NET_FIXTURE_HPP_
#define DEMITASSE_TESTS_NET_NET_FIXTURE_HPP_

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "demitasse/log.hpp"
#include "demitasse/net.hpp"
#include "src/parse/prototxt.hpp"

namespace demitasse {

// The text of a layer from its heading, "sum: Eltwise a b -> c", and the rest of its fields.
inline std::string LayerText(const std::string& heading, const std::string& rest = "") {
  std::istringstream words(heading);
  std::string name;
  std::string type;
  words >> name >> type;
  std::string text = "layer { name: '" + name.substr(0, name.size() - 1) + "' type: '" + type + "'";
  std::string side = "bottom";
  for (std::string word; words >> word;) {
    if (word == "->") {
      side = "top";
    } else {
      text += " " + side + ": '" + word + "'";
    }
  }
  return text + " " + rest + " }\n";
}

// An input of a shape given as "2, 3".
inline std::string InputText(const std::string& blob_name, const std::string& shape) {
  return LayerText(blob_name + ": Input -> " + blob_name,
                   "input_param { shape { dim: [" + shape + "] } }");
}

// A fully connected layer with random weights; `rest` are other fields.
inline std::string InnerProductText(const std::string& heading, int num_output,
                                    const std::string& rest = "") {
  return LayerText(heading, "inner_product_param { num_output: " + std::to_string(num_output) +
                                " weight_filler { type: 'gaussian' } } " + rest);
}

inline NetSource Parse(const std::string& text) {
  Diagnostics diagnostics;
  NetSource read = ReadNetFromText(text, "net", {}, &diagnostics);
  diagnostics.ThrowIfErrors();
  return read;
}

inline std::unique_ptr<Net> MakeNet(const std::string& text, const NetOptions& options = {}) {
  const NetSource read = Parse(text);
  return std::make_unique<Net>(read.net, options, read.source);
}

inline NetOptions ForPhase(caffe::Phase phase) {
  NetOptions options;
  options.phase = phase;
  return options;
}

// What `step` throws, as it would be printed.
template <typename Step>
std::string ErrorOf(const Step& step) {
  try {
    step();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

inline std::string BuildError(const std::string& text, const NetOptions& options = {}) {
  return ErrorOf([&] { MakeNet(text, options); });
}

inline std::string AllErrors(const Diagnostics& diagnostics) {
  std::string lines;
  for (const Diagnostic& problem : diagnostics.list()) lines += problem.ToString() + "\n";
  return lines;
}

// Keeps what the library logs while it lives.
class LogRecorder {
 public:
  LogRecorder() {
    SetLogSink([this](LogLevel level, const std::string& message) {
      (level == LogLevel::kWarning ? warnings : lines).push_back(message);
    });
  }
  ~LogRecorder() { SetLogSink(nullptr); }
  LogRecorder(const LogRecorder&) = delete;
  LogRecorder& operator=(const LogRecorder&) = delete;

  std::vector<std::string> lines;
  std::vector<std::string> warnings;
};

// A path for a file of the running test alone; tests run at the same time.
inline std::string TempPath(const std::string& name) {
  const testing::TestInfo* const test = testing::UnitTest::GetInstance()->current_test_info();
  return testing::TempDir() + test->test_suite_name() + "_" + test->name() + "_" + name;
}

inline std::vector<float> Values(const Blob& blob) {
  return std::vector<float>(blob.cpu_data(), blob.cpu_data() + blob.size());
}

inline std::vector<float> Gradient(const Blob& blob) {
  return std::vector<float>(blob.cpu_diff(), blob.cpu_diff() + blob.size());
}

inline void Set(Net* net, const std::string& blob_name, const std::vector<float>& values) {
  Blob* const blob = net->blob_by_name(blob_name).get();
  ASSERT_EQ(static_cast<int64_t>(values.size()), blob->size()) << blob_name;
  std::copy(values.begin(), values.end(), blob->mutable_cpu_data());
}

inline Blob& Param(Net* net, const std::string& layer_name, size_t index = 0) {
  return *net->layer_by_name(layer_name)->blobs().at(index);
}

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_NET_NET_FIXTURE_HPP_
