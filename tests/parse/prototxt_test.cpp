#include "src/parse/prototxt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <vector>

#include "src/parse/text_file.hpp"
#include "tests/parse/reading.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string WriteFile(const std::string& name, const std::string& content) {
  const std::string path = testing::TempDir() + "prototxt_test_" + name;
  std::ofstream(path, std::ios::binary) << content;
  return path;
}

// what() of the Error that reading the net throws.
std::string ErrorOf(const std::string& path) {
  Diagnostics diagnostics;
  try {
    ReadNet(path, TextOptions{}, &diagnostics);
  } catch (const Error& error) {
    EXPECT_EQ(error.where().file, path);
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    return error.what();
  }
  return "";
}

std::vector<std::string> ProblemsInNet(const std::string& text) {
  Diagnostics diagnostics;
  ReadNetFromText(text, "net.prototxt", TextOptions{}, &diagnostics);
  return Lines(diagnostics);
}

TEST(PrototxtTest, ReadsANetAndKeepsItsPlaces) {
  const std::string path = WriteFile("net.prototxt",
                                     "name: 'n'\n"
                                     "layer {\n"
                                     "  name: 'a' type: 'ReLU'\n"
                                     "}\n");
  Diagnostics diagnostics;
  const NetSource read = ReadNet(path, TextOptions{}, &diagnostics);
  EXPECT_THAT(diagnostics.list(), IsEmpty());
  EXPECT_EQ(read.net.name(), "n");
  EXPECT_EQ(read.net.layer(0).type(), "ReLU");
  EXPECT_EQ(ToString(read.source->Find("layer[0].type")), path + ":3:19");
}

TEST(PrototxtTest, UpgradesOldLayersWithTheirPlaces) {
  Diagnostics diagnostics;
  const NetSource read = ReadNetFromText(
      "layers {\n  name: 'c'\n  type: CONVOLUTION\n  convolution_param { num_output: 3 }\n}\n",
      "old.prototxt", TextOptions{}, &diagnostics);
  EXPECT_THAT(Lines(diagnostics), IsEmpty());
  ASSERT_EQ(read.net.layer_size(), 1);
  EXPECT_EQ(read.net.layers_size(), 0);
  EXPECT_EQ(read.net.layer(0).type(), "Convolution");
  EXPECT_EQ(ToString(read.source->Find("layer[0].convolution_param.num_output")),
            "old.prototxt:4:35");
}

TEST(PrototxtTest, WhatCouldBeReadOfANetWithMistakesIsUpgraded) {
  Diagnostics diagnostics;
  const NetSource read =
      ReadNetFromText("layers { name: c }", "old.prototxt", TextOptions{}, &diagnostics);
  EXPECT_THAT(Lines(diagnostics), ElementsAre("old.prototxt:1:16: error: layer 'c': name: c: must "
                                              "be in quotes: \"c\""));
  EXPECT_EQ(read.net.layers_size(), 0);
  EXPECT_EQ(read.net.layer_size(), 1);
}

TEST(PrototxtTest, ReadsUnknownFieldsLenientlyAndGoesOn) {
  Diagnostics diagnostics;
  const NetSource read = ReadNetFromText("layers { name: 'c' type: RELU foo: 3 }", "old.prototxt",
                                         Lenient(), &diagnostics);
  EXPECT_THAT(Lines(diagnostics),
              ElementsAre("old.prototxt:1:31: warning: layer 'c' (RELU): unknown field 'foo'"));
  EXPECT_EQ(read.net.layer_size(), 1);
}

TEST(PrototxtTest, AddsToTheProblemsOfFilesReadBefore) {
  Diagnostics diagnostics;
  diagnostics.AddError(Location{"other"}, "was wrong");
  const NetSource read = ReadNetFromText("layers { name: 'c' type: RELU }", "old.prototxt",
                                         TextOptions{}, &diagnostics);
  EXPECT_THAT(Lines(diagnostics), ElementsAre("other: error: was wrong"));
  EXPECT_EQ(read.net.layer_size(), 1);
}

TEST(PrototxtTest, ANetWithoutFieldsIsEmpty) {
  for (const char* text : {"", "\n\n", "# a comment"}) {
    EXPECT_THAT(ProblemsInNet(text),
                ElementsAre("net.prototxt: error: the file is empty; a net is needed"))
        << text;
  }
}

TEST(PrototxtTest, NanIsAnErrorAndInfinityIsNot) {
  EXPECT_THAT(ProblemsInNet("layer { name: 'x' type: 'ReLU' relu_param { negative_slope: nan } }\n"
                            "layer { name: 'y' type: 'Power' power_param { scale: -inf } }\n"
                            "layer { type: 'Scale' loss_weight: [0, -nan, nan]\n"
                            "  scale_param { filler { std: NaN } } }\n"),
              ElementsAre("net.prototxt:1:61: error: layer 'x' (ReLU): negative_slope is nan",
                          "net.prototxt:3:40: error: unnamed layer (Scale): loss_weight[1] is nan",
                          "net.prototxt:4:31: error: unnamed layer (Scale): std is nan"));
}

TEST(PrototxtTest, FilesThatCannotBeRead) {
  const std::string missing = testing::TempDir() + "prototxt_test_missing.prototxt";
  EXPECT_EQ(ErrorOf(missing), missing + ": error: cannot be read: No such file or directory");
  const std::string directory = testing::TempDir();
  EXPECT_EQ(ErrorOf(directory), directory + ": error: cannot be read: Is a directory");
}

TEST(PrototxtTest, FilesThatAreNotText) {
  const std::string binary = WriteFile("binary", std::string("\n\5LeNet\xA2\6\x10\n\5conv1", 17));
  EXPECT_EQ(ErrorOf(binary), binary +
                                 ": error: this is not a text file; is it a caffemodel? give it "
                                 "with --weights");
  const std::string large = WriteFile("large", std::string((size_t{64} << 20) + 1, ' '));
  EXPECT_EQ(ErrorOf(large),
            large + ": error: the file is larger than 64 MB, which no prototxt needs to be");
  std::remove(large.c_str());
}

TEST(TextFileTest, ReadsTheWholeFile) {
  const std::string content = std::string(100000, 'x') + "\r\nend";
  EXPECT_EQ(ReadTextFile(WriteFile("whole", content)), content);
}

}  // namespace
}  // namespace demitasse
