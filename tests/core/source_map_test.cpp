#include "demitasse/source_map.hpp"

#include <gtest/gtest.h>

namespace demitasse {
namespace {

SourceMap Example() {
  SourceMap map("net.prototxt");
  map.Set("layer[2]", 10, 1);
  map.Set("layer[2].convolution_param", 12, 3);
  map.Set("layer[2].convolution_param.kernel_size[0]", 13, 18);
  map.Set("layer[20]", 90, 1);
  return map;
}

std::string Find(const SourceMap& map, const std::string& path) { return ToString(map.Find(path)); }

TEST(SourceMap, FindsAField) {
  EXPECT_EQ("net.prototxt:13:18", Find(Example(), "layer[2].convolution_param.kernel_size[0]"));
  EXPECT_EQ("net.prototxt:90:1", Find(Example(), "layer[20]"));
}

TEST(SourceMap, FindsTheMessageAroundAFieldThatWasNotWritten) {
  EXPECT_EQ("net.prototxt:12:3", Find(Example(), "layer[2].convolution_param.stride[1]"));
  EXPECT_EQ("net.prototxt:10:1", Find(Example(), "layer[2].pooling_param.kernel_size"));
}

TEST(SourceMap, KnowsAtLeastTheFile) {
  EXPECT_EQ("net.prototxt", Find(Example(), "layer[3].name"));
  EXPECT_EQ("net.prototxt", Find(Example(), ""));
  EXPECT_EQ("", Find(SourceMap(), "layer[3]"));
}

TEST(SourceMap, OfAMessageBelowKnowsItsFields) {
  const SourceMap below = Example().Below("layer[2]");
  EXPECT_EQ("net.prototxt:13:18", Find(below, "convolution_param.kernel_size[0]"));
  EXPECT_EQ("net.prototxt", Find(below, "layer[20]"));
}

TEST(SourceMap, MovesAMessageWithAllThatIsInIt) {
  SourceMap map = Example();
  map.Rename({{"layer[2]", "layer[5]"}});
  EXPECT_EQ("net.prototxt:10:1", Find(map, "layer[5]"));
  EXPECT_EQ("net.prototxt:13:18", Find(map, "layer[5].convolution_param.kernel_size[0]"));
  EXPECT_EQ("net.prototxt", Find(map, "layer[2]"));
  EXPECT_EQ("net.prototxt:90:1", Find(map, "layer[20]"));
}

TEST(SourceMap, MovesAField) {
  SourceMap map = Example();
  map.Rename({{"layer[2].convolution_param", "layer[2].pooling_param"}});
  EXPECT_EQ("net.prototxt:13:18", Find(map, "layer[2].pooling_param.kernel_size[0]"));
  EXPECT_EQ("net.prototxt:10:1", Find(map, "layer[2].convolution_param"));
}

TEST(SourceMap, MovesAllAtOnce) {
  SourceMap map = Example();
  map.Rename({{"layer[2]", "layer[20]"}, {"layer[20]", "layer[2]"}});
  EXPECT_EQ("net.prototxt:90:1", Find(map, "layer[2]"));
  EXPECT_EQ("net.prototxt:12:3", Find(map, "layer[20].convolution_param"));
}

TEST(SourceMap, TheInnermostMoveCounts) {
  SourceMap map = Example();
  map.Rename({{"layer[2]", "layer[5]"}, {"layer[2].convolution_param", "net"}});
  EXPECT_EQ("net.prototxt:10:1", Find(map, "layer[5].convolution_param"));
  EXPECT_EQ("net.prototxt:13:18", Find(map, "net.kernel_size[0]"));
}

TEST(SourceMap, Forgets) {
  SourceMap map = Example();
  map.Rename({{"layer[2].convolution_param", ""}});
  EXPECT_EQ("net.prototxt:10:1", Find(map, "layer[2].convolution_param.kernel_size[0]"));
}

}  // namespace
}  // namespace demitasse
