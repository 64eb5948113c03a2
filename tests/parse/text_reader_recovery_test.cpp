// How the text reader takes broken structure: brackets, strings, strange bytes, and files that are
// not text. One mistake makes one message, and what comes after it is read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "demitasse/caffe.pb.h"
#include "tests/parse/reading.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TextReaderRecoveryTest, FiveMistakesMakeFiveMessagesInTheOrderOfTheFile) {
  EXPECT_THAT(ProblemsIn("name: LeNet\n"
                         "layer {\n"
                         "  name: \"conv1\n"
                         "  convolution_param { num_output: -1 }\n"
                         "  type: \"Convolution\"\n"
                         "}\n"
                         "layer {\n"
                         "  pooling_param {\n"
                         "    pool: MAXX\n"
                         "    kernel: 3\n"
                         "  }\n"
                         "  name: \"pool1\"\n"
                         "}\n"),
              ElementsAre("net.prototxt:1:7: error: name: LeNet: must be in quotes: \"LeNet\"",
                          "net.prototxt:3:9: error: unnamed layer (Convolution): this string is "
                          "not closed: a \" is missing on its line",
                          "net.prototxt:4:35: error: unnamed layer (Convolution): num_output: -1: "
                          "must be a whole number from 0 to 4294967295",
                          "net.prototxt:9:11: error: layer 'pool1': pool: 'MAXX' is not a known "
                          "value; did you mean 'MAX'? known: MAX, AVE, STOCHASTIC",
                          "net.prototxt:10:5: error: layer 'pool1': unknown field 'kernel' in "
                          "pooling_param; did you mean 'kernel_h'?"));
}

TEST(TextReaderRecoveryTest, ReadsOnBehindAMistake) {
  const auto reading = Read(
      "foo { a { b: 1 } c: [1, 2] }\n"
      "layer { bar: 'x' name: 'a' top % : 'y' bottom: 'z' }\n"
      "name: 'n'");
  EXPECT_EQ(reading.lines.size(), 3U);
  EXPECT_EQ(reading.message.name(), "n");
  EXPECT_EQ(reading.message.layer(0).name(), "a");
  EXPECT_THAT(reading.message.layer(0).bottom(), ElementsAre("z"));
}

TEST(TextReaderRecoveryTest, FieldsGivenTwice) {
  EXPECT_THAT(ProblemsIn("name: 'a'\n\nname: 'b'\nname: 'c'"),
              ElementsAre("net.prototxt:3:1: error: 'name' is given twice; first at line 1",
                          "net.prototxt:4:1: error: 'name' is given twice; first at line 1"));
  EXPECT_THAT(ProblemsIn("layer {\n name: 'a'\n relu_param { }\n relu_param { foo: 3 }\n}"),
              ElementsAre("net.prototxt:4:2: error: layer 'a': 'relu_param' is given twice; first "
                          "at line 3",
                          "net.prototxt:4:15: error: layer 'a': unknown field 'foo' in "
                          "relu_param"));
}

TEST(TextReaderRecoveryTest, RequiredFields) {
  EXPECT_THAT(ProblemsIn("layer { name: 'a'\n clip_param { min: 1 }\n}"),
              ElementsAre("net.prototxt:2:2: error: layer 'a': 'max' is missing in clip_param"));
  EXPECT_THAT(Read<caffe::ClipParameter>("min: 1").lines,
              ElementsAre("net.prototxt: error: 'max' is missing"));
  EXPECT_THAT(Read<caffe::ClipParameter>("min: 1 max: high").lines,
              ElementsAre("net.prototxt:1:13: error: max: high: must be a decimal number"));
}

TEST(TextReaderRecoveryTest, MissingColonsAndValues) {
  EXPECT_THAT(ProblemsIn("name 'a'\nforce_backward\ninput:\nstate: 3 name2: 'x'"),
              ElementsAre("net.prototxt:1:1: error: expected ':' after 'name'",
                          "net.prototxt:2:1: error: expected ':' after 'force_backward'",
                          "net.prototxt:3:1: error: 'input' has no value",
                          "net.prototxt:4:1: error: expected '{' after 'state'",
                          "net.prototxt:4:10: error: unknown field 'name2'; did you mean 'name'?"));
  EXPECT_THAT(ProblemsIn("layer { name: }"),
              ElementsAre("net.prototxt:1:9: error: unnamed layer: 'name' has no value"));
  EXPECT_THAT(ProblemsIn("input_dim: 1,3,224 name: = 'x'"),
              ElementsAre("net.prototxt:1:14: error: expected the name of a field, got '3'",
                          "net.prototxt:1:26: error: expected a value for 'name', got '='"));
}

TEST(TextReaderRecoveryTest, ValuesOfTheWrongShape) {
  EXPECT_THAT(
      ProblemsIn("name: { a: 3 }\nforce_backward { }\nname: ['a', 'b']\nstate: [{ }]\nlayer: 'x'"),
      ElementsAre("net.prototxt:1:1: error: 'name' takes a value, not a message",
                  "net.prototxt:2:1: error: 'force_backward' takes a value, not a message",
                  "net.prototxt:3:1: error: 'name' is given twice; first at line 1",
                  "net.prototxt:3:1: error: 'name' takes one value, not a list",
                  "net.prototxt:4:1: error: 'state' takes one message, not a list",
                  "net.prototxt:5:1: error: expected '{' after 'layer'"));
}

TEST(TextReaderRecoveryTest, BrokenLists) {
  EXPECT_THAT(ProblemsIn("input_dim: [1, x 3, 4.5\nname: 'a'"),
              ElementsAre("net.prototxt:1:16: error: input_dim: x: must be a whole number from "
                          "-2147483648 to 2147483647",
                          "net.prototxt:1:18: error: expected ',' or ']' in the list of "
                          "'input_dim', got '3'",
                          "net.prototxt:1:21: error: input_dim: 4.5: must be a whole number from "
                          "-2147483648 to 2147483647",
                          "net.prototxt:2:1: error: expected ',' or ']' in the list of "
                          "'input_dim', got 'name'"));
  EXPECT_THAT(ProblemsIn("input_dim: [1, ] layer: [{ }, 3, { }] name: 'a'"),
              ElementsAre("net.prototxt:1:16: error: expected a value for 'input_dim', got ']'",
                          "net.prototxt:1:31: error: expected '{' in the list of 'layer', got "
                          "'3'"));
  EXPECT_THAT(ProblemsIn("input_dim: [1"),
              ElementsAre("net.prototxt:1:14: error: the file ends, but '[' at 1:12 is not "
                          "closed"));
}

TEST(TextReaderRecoveryTest, BracketsThatAreNotClosed) {
  EXPECT_THAT(ProblemsIn("layer {\n  name: 'a'\n"),
              ElementsAre("net.prototxt:3:1: error: layer 'a': the file ends, but '{' at 1:7 is "
                          "not closed"));
  EXPECT_THAT(ProblemsIn("layer { name: 'a'\n  clip_param <\n    min: 1"),
              ElementsAre("net.prototxt:3:11: error: layer 'a': the file ends, but '{' at 1:7, "
                          "'<' at 2:14 are not closed"));
  EXPECT_THAT(ProblemsIn("foo { a: [ { { {"),
              ElementsAre("net.prototxt:1:1: error: unknown field 'foo'",
                          "net.prototxt:1:17: error: the file ends, but '{' at 1:5, '[' at 1:10, "
                          "'{' at 1:12, 2 more are not closed"));
  EXPECT_THAT(ProblemsIn("layer { name: 'a' >\nlayer < name: 'b' }\nname: 'c'"),
              ElementsAre("net.prototxt:1:19: error: layer 'a': expected '}' for the bracket at "
                          "1:7, got '>'",
                          "net.prototxt:2:19: error: layer 'b': expected '>' for the bracket at "
                          "2:7, got '}'"));
}

TEST(TextReaderRecoveryTest, AMissingBraceIsNoticedAtTheNextLayer) {
  const auto reading = Read(
      "layer {\n  name: 'a'\n  convolution_param {\n    num_output: 3\n}\n"
      "layer { name: 'b' foo: 3 }\nlayer { name: 'c' }\n");
  EXPECT_THAT(reading.lines,
              ElementsAre("net.prototxt:6:1: error: layer 'a': a '}' is missing before 'layer': "
                          "the '{' at 1:7 is not closed",
                          "net.prototxt:6:19: error: layer 'b': unknown field 'foo'"));
  EXPECT_EQ(reading.message.layer_size(), 3);
  EXPECT_THAT(ProblemsIn("layer {\n top: 'a'\n layer { top: 'b' }\n}\nname: 'x'"),
              ElementsAre("net.prototxt:3:2: error: unnamed layer: a '}' is missing before "
                          "'layer': the '{' at 1:7 is not closed"));
}

TEST(TextReaderRecoveryTest, AMissingOpeningBraceIsAssumed) {
  EXPECT_THAT(ProblemsIn("layer {\n  convolution_param\n    num_output: 3\n    group: x\n  }\n"
                         "  name: 'a'\n}\nfoo: 3"),
              ElementsAre("net.prototxt:2:3: error: layer 'a': expected '{' after "
                          "'convolution_param'",
                          "net.prototxt:4:12: error: layer 'a': group: x: must be a whole number "
                          "from 0 to 4294967295",
                          "net.prototxt:8:1: error: unknown field 'foo'"));
}

TEST(TextReaderRecoveryTest, BracesThatCloseTooMuch) {
  EXPECT_THAT(ProblemsIn("layer { name: 'a' } }\nfoo: 3"),
              ElementsAre("net.prototxt:1:21: error: this '}' closes nothing",
                          "net.prototxt:2:1: error: unknown field 'foo'"));
  EXPECT_THAT(
      ProblemsIn("layer { relu_param { } }\n  bottom: 'x'\n  top: 'x'\n}\nlayer { foo: 3 }"),
      ElementsAre("net.prototxt:2:3: error: unknown field 'bottom'; it belongs into layer",
                  "net.prototxt:5:9: error: unnamed layer: unknown field 'foo'"));
}

TEST(TextReaderRecoveryTest, BrokenStrings) {
  EXPECT_THAT(ProblemsIn("name: 'a\ninput: \"b\\\"\ninput: 'C:\\data' input: 'x\\"),
              ElementsAre("net.prototxt:1:7: error: this string is not closed: a ' is missing on "
                          "its line",
                          "net.prototxt:2:8: error: this string is not closed: a \" is missing on "
                          "its line",
                          "net.prototxt:3:12: error: invalid escape sequence in string literal (a "
                          "backslash itself is written \\\\)",
                          "net.prototxt:3:25: error: this string is not closed: a ' is missing on "
                          "its line"));
}

TEST(TextReaderRecoveryTest, StrangeBytes) {
  EXPECT_THAT(ProblemsIn("\xC3\xA9: 3\ninput: 'x' na\xC3\xAFme: 4\n% & name: 'a'"),
              ElementsAre("net.prototxt:1:1: error: expected the name of a field, got '\xC3\xA9'",
                          "net.prototxt:2:12: error: unknown field 'na\xC3\xAFme'; did you mean "
                          "'name'?",
                          "net.prototxt:3:1: error: expected the name of a field, got '%'"));
  EXPECT_THAT(ProblemsIn("name: 'a name to fill the line'\n\t\x01\x02 input: 'x'"),
              ElementsAre("net.prototxt:2:2: error: invalid control characters encountered in "
                          "text"));
  EXPECT_THAT(ProblemsIn(std::string("name: 'a name'\ninput: 'x\0y'", 27)),
              ElementsAre("net.prototxt:2:10: error: a NUL byte has no place in a text file"));
}

TEST(TextReaderRecoveryTest, FilesThatAreNotText) {
  caffe::NetParameter net;
  net.set_name("LeNet");
  net.add_layer()->set_name("conv1");
  net.mutable_layer(0)->add_blobs()->add_data(1.F);
  EXPECT_THAT(
      ProblemsIn(net.SerializeAsString()),
      ElementsAre("net.prototxt: error: this is not a text file; is it a caffemodel? give it "
                  "with --weights"));
  EXPECT_THAT(ProblemsIn(std::string("\xFF\xFEn\0a\0", 6)),
              ElementsAre("net.prototxt: error: this is text in UTF-16; save it as UTF-8"));
}

TEST(TextReaderRecoveryTest, KeepsAThousandProblemsAndAllThatIsRead) {
  std::string text;
  for (int i = 0; i < 3000; ++i) text += "foo: 3\n";
  text += "name: x\nname: y";
  EXPECT_EQ(ProblemsIn(text).size(), 1000U);
  const auto reading = Read(text, Lenient());
  EXPECT_EQ(reading.lines.size(), 1003U);
  EXPECT_EQ(reading.message.name(), "y");
}

}  // namespace
}  // namespace demitasse
