// What the tests of net upgrades share.
#ifndef DEMITASSE_TESTS_PARSE_UPGRADE_FIXTURE_HPP_
#define DEMITASSE_TESTS_PARSE_UPGRADE_FIXTURE_HPP_

#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "demitasse/log.hpp"
#include "src/parse/upgrade.hpp"

namespace demitasse {

inline constexpr char kV0Line[] = "net written in V0 form (layers { layer { ... } }) upgraded";
inline constexpr char kV1Line[] = "net written in V1 form (layers { ... }) upgraded";

inline caffe::NetParameter ParseNet(const std::string& text) {
  caffe::NetParameter net;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &net)) << text;
  return net;
}

// Upgrades nets and keeps what was said about it.
class UpgradeTest : public testing::Test {
 protected:
  UpgradeTest() {
    SetLogSink([this](LogLevel, const std::string& message) { log_.push_back(message); });
  }
  ~UpgradeTest() override { SetLogSink(nullptr); }

  caffe::NetParameter Upgrade(const std::string& text) {
    caffe::NetParameter net = ParseNet(text);
    UpgradeNet(&net, &source_, &diagnostics_);
    return net;
  }

  // Upgrades `text` and expects no more and no less than `expected`.
  void ExpectUpgrade(const std::string& text, const std::string& expected) {
    const caffe::NetParameter net = Upgrade(text);
    std::string difference;
    google::protobuf::util::MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&difference);
    EXPECT_TRUE(differencer.Compare(ParseNet(expected), net)) << difference;
    EXPECT_EQ(Said(), "");
  }

  void ExpectSays(const std::string& text, const std::string& diagnostics) {
    Upgrade(text);
    EXPECT_EQ(Said(), diagnostics);
  }

  // All diagnostics, one per line.
  std::string Said() const {
    std::string lines;
    for (const Diagnostic& diagnostic : diagnostics_.list()) {
      lines += (lines.empty() ? "" : "\n") + diagnostic.ToString();
    }
    return lines;
  }

  int LineOf(const std::string& path) const { return source_.Find(path).line; }

  SourceMap source_{"net.prototxt"};
  Diagnostics diagnostics_;
  std::vector<std::string> log_;
};

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_PARSE_UPGRADE_FIXTURE_HPP_
