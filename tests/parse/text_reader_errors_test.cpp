// What the text reader says about mistakes, and that one mistake makes one message.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "demitasse/caffe.pb.h"
#include "tests/parse/reading.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Mistake {
  std::string text;
  std::string line;  // the only problem there must be, without the name of the file
};

void ExpectProblems(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    EXPECT_THAT(ProblemsIn(mistake.text), ElementsAre("net.prototxt:" + mistake.line))
        << mistake.text;
  }
}

// The texts are the second line of a layer, which the problems, written here without, must name.
void ExpectProblemsInLayer(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    const size_t end_of_place = mistake.line.find(": ");
    const std::string line = "net.prototxt:" + mistake.line.substr(0, end_of_place) +
                             ": error: layer 'a' (T): " + mistake.line.substr(end_of_place + 2);
    EXPECT_THAT(ProblemsIn("layer { name: 'a' type: 'T'\n" + mistake.text + "\n}"),
                ElementsAre(line))
        << mistake.text;
  }
}

TEST(TextReaderErrorsTest, UnknownFields) {
  ExpectProblems({
      {"layr { name: 'x' }", "1:1: error: unknown field 'layr'; did you mean 'layer'?"},
      {"xyzzy: 3", "1:1: error: unknown field 'xyzzy'"},
      {"name: 'x'\n  [caffe.extra]: { a: 3 }", "2:3: error: unknown field '[caffe.extra]'"},
      {"[a.b/c.d] { a: 3 } name: 'x'", "1:1: error: unknown field '[a.b/c.d]'"},
  });
  ExpectProblemsInLayer({
      {"botom: 'x'", "2:1: unknown field 'botom'; did you mean 'bottom'?"},
      {"inner_product_param { num_ouput: 3 }",
       "2:23: unknown field 'num_ouput' in inner_product_param; did you mean 'num_output'?"},
      {"convolution_param { weight_filler {\n  typ: 'x' } }",
       "3:3: unknown field 'typ' in weight_filler; did you mean 'type'?"},
      {"batch-norm_param { eps: 1 }",
       "2:1: unknown field 'batch-norm_param'; did you mean 'batch_norm_param'?"},
      {"botom 'x' top: 'y'", "2:1: unknown field 'botom'; did you mean 'bottom'?"},
  });
}

TEST(TextReaderErrorsTest, UnknownFieldsThatBelongElsewhere) {
  ExpectProblemsInLayer({
      {"lr_mult: 1", "2:1: unknown field 'lr_mult'; it belongs into param"},
      {"kernel_size: 3",
       "2:1: unknown field 'kernel_size'; it belongs into one of convolution_param, pooling_param"},
      {"kernel_size: 3 pooling_param { }",
       "2:1: unknown field 'kernel_size'; it belongs into pooling_param"},
      {"convolution_param { std: 0.1 bias_filler { } }",
       "2:21: unknown field 'std' in convolution_param; it belongs into bias_filler"},
      {"convolution_param { bottom: 'x' }",
       "2:21: unknown field 'bottom' in convolution_param; it belongs into layer"},
      {"convolution_param { input: 'x' }",
       "2:21: unknown field 'input' in convolution_param; it belongs at the top level"},
      {"inner_product_param { kernel_size: 3 } convolution_param { }",
       "2:23: unknown field 'kernel_size' in inner_product_param; it belongs into "
       "convolution_param"},
  });
  ExpectProblems({{"bottom: 'x'", "1:1: error: unknown field 'bottom'; it belongs into layer"}});
}

TEST(TextReaderErrorsTest, TheTypeOfTheLayerDecidesWhereAFieldBelongs) {
  const auto problem = [](const std::string& field, const std::string& type) {
    return ProblemsIn("layer { " + field + " type: '" + type + "' }");
  };
  EXPECT_THAT(problem("kernel_size: 3", "Pooling"),
              ElementsAre("net.prototxt:1:9: error: unnamed layer (Pooling): unknown field "
                          "'kernel_size'; it belongs into pooling_param"));
  EXPECT_THAT(problem("kernel_size: 3", "Deconvolution"),
              ElementsAre("net.prototxt:1:9: error: unnamed layer (Deconvolution): unknown field "
                          "'kernel_size'; it belongs into convolution_param"));
  EXPECT_THAT(problem("source: 'x'", "HDF5Data"),
              ElementsAre("net.prototxt:1:9: error: unnamed layer (HDF5Data): unknown field "
                          "'source'; it belongs into hdf5_data_param"));
}

TEST(TextReaderErrorsTest, LayersAreNamedWhereverNameAndTypeStand) {
  ExpectProblems({
      {"layer { foo: 3 name: 'a' type: 'ReLU' }",
       "1:9: error: layer 'a' (ReLU): unknown field 'foo'"},
      {"layer { relu_param { foo: 3 } name: 'a' }",
       "1:22: error: layer 'a': unknown field 'foo' "
       "in relu_param"},
      {"layer { foo: 3 }", "1:9: error: unnamed layer: unknown field 'foo'"},
      {"layer { foo: 3 type: 'ReLU' }", "1:9: error: unnamed layer (ReLU): unknown field 'foo'"},
      {"layers { foo: 3 name: 'a' type: INNER_PRODUCT }",
       "1:10: error: layer 'a' (INNER_PRODUCT): unknown field 'foo'"},
      {"layers { botom: 'x' layer { name: 'a' type: 'conv' } }",
       "1:10: error: layer 'a' (conv): unknown field 'botom'; did you mean 'bottom'?"},
      {"layers { layer { foo: 3 name: 'a' type: 'conv' } }",
       "1:18: error: layer 'a' (conv): unknown field 'foo'"},
      {"layer { foo: 3 name: 'a\\nb' }", "1:9: error: layer 'a?b': unknown field 'foo'"},
  });
}

TEST(TextReaderErrorsTest, LenientReadingSkipsUnknownFields) {
  const std::string text =
      "layer { name: 'a' foo: [1, { a: 3 }] bar { b: < c: 'x' > } baz: 'x' 'y' qux: -inf\n"
      "  relu_param { quux: MAX, negative_slope: 2 } }\n"
      "bottom: 'x'";
  const auto reading = Read(text, Lenient());
  EXPECT_THAT(
      reading.lines,
      ElementsAre("net.prototxt:1:19: warning: layer 'a': unknown field 'foo'",
                  "net.prototxt:1:38: warning: layer 'a': unknown field 'bar'",
                  "net.prototxt:1:60: warning: layer 'a': unknown field 'baz'",
                  "net.prototxt:1:73: warning: layer 'a': unknown field 'qux'",
                  "net.prototxt:2:16: warning: layer 'a': unknown field 'quux' in relu_param",
                  "net.prototxt:3:1: warning: unknown field 'bottom'; it belongs into layer"));
  EXPECT_EQ(reading.message.layer(0).relu_param().negative_slope(), 2.F);
}

TEST(TextReaderErrorsTest, LenientReadingForgivesNothingElse) {
  EXPECT_THAT(ProblemsIn("foo 3\nforce_backward: 7\nbar: { a: \"x\n}", Lenient()),
              ElementsAre("net.prototxt:1:1: warning: unknown field 'foo'",
                          "net.prototxt:1:1: error: expected ':' after 'foo'",
                          "net.prototxt:2:17: error: force_backward: 7: must be true or false",
                          "net.prototxt:3:1: warning: unknown field 'bar'",
                          "net.prototxt:3:11: error: this string is not closed: a \" is missing "
                          "on its line"));
}

TEST(TextReaderErrorsTest, UnknownEnumValues) {
  ExpectProblemsInLayer({
      {"pooling_param { pool: MAXX }",
       "2:23: pool: 'MAXX' is not a known value; did you mean 'MAX'? known: MAX, AVE, STOCHASTIC"},
      {"pooling_param { pool: max }",
       "2:23: pool: 'max' is not a known value; did you mean 'MAX'? known: MAX, AVE, STOCHASTIC"},
      {"pooling_param { pool: median }",
       "2:23: pool: 'median' is not a known value; known: MAX, AVE, STOCHASTIC"},
      {"pooling_param { pool: 3 }",
       "2:23: pool: '3' is not a known value; known: MAX, AVE, STOCHASTIC"},
      {"pooling_param { pool: -1 }",
       "2:23: pool: '-1' is not a known value; known: MAX, AVE, STOCHASTIC"},
      {"pooling_param { pool: 'MAX' }", "2:23: pool: \"MAX\": must be written without quotes"},
  });
  ExpectProblems({{"layers { name: 'a' type: CONVOLUTON }",
                   "1:26: error: layer 'a': type: 'CONVOLUTON' is not a known value; did you mean "
                   "'CONVOLUTION'?"}});
}

TEST(TextReaderErrorsTest, NumbersThatDoNotFit) {
  const std::string uint32_rule = ": must be a whole number from 0 to 4294967295";
  const std::string int32_rule = ": must be a whole number from -2147483648 to 2147483647";
  ExpectProblemsInLayer({
      {"convolution_param { kernel_size: -3 }", "2:34: kernel_size: -3" + uint32_rule},
      {"convolution_param { group: 4294967296 }", "2:28: group: 4294967296" + uint32_rule},
      {"convolution_param { group: 3.0 }", "2:28: group: 3.0" + uint32_rule},
      {"convolution_param { group: 1e2 }", "2:28: group: 1e2" + uint32_rule},
      {"convolution_param { group: '3' }", "2:28: group: \"3\"" + uint32_rule},
      {"convolution_param { group: many }", "2:28: group: many" + uint32_rule},
      {"convolution_param { axis: 2147483648 }", "2:27: axis: 2147483648" + int32_rule},
      {"convolution_param { axis: -2147483649 }", "2:27: axis: -2147483649" + int32_rule},
      {"convolution_param { axis: true }", "2:27: axis: true" + int32_rule},
      {"relu_param { negative_slope: '0.1' }",
       "2:30: negative_slope: \"0.1\": must be a decimal number"},
      {"relu_param { negative_slope: -x }", "2:30: negative_slope: -x: must be a decimal number"},
      {"relu_param { negative_slope: 010 }", "2:30: negative_slope: 010: must be a decimal number"},
      {"relu_param { negative_slope: 0x1 }", "2:30: negative_slope: 0x1: must be a decimal number"},
      {"convolution_param { bias_term: yes }", "2:32: bias_term: yes: must be true or false"},
      {"convolution_param { bias_term: 2 }", "2:32: bias_term: 2: must be true or false"},
      {"convolution_param { bias_term: 'true' }",
       "2:32: bias_term: \"true\": must be true or false"},
  });
  ExpectProblems({{"input_shape { dim: 9223372036854775808 }",
                   "1:20: error: dim: 9223372036854775808: must be a whole number from "
                   "-9223372036854775808 to 9223372036854775807"}});
}

TEST(TextReaderErrorsTest, NumbersThatAreNone) {
  ExpectProblems({
      {"input_dim: 09", "1:13: error: numbers starting with leading zero must be in octal"},
      {"input_dim: 0x", "1:14: error: \"0x\" must be followed by hex digits"},
      {"input_dim: 3x4 name: 'x'", "1:13: error: need space between number and identifier"},
      {"input_dim: -'3'", "1:13: error: expected a number after '-', got '3'"},
      {"input_dim: -", "1:13: error: expected a number after '-', got the end of the file"},
      {"input_dim: --3", "1:13: error: expected a number after '-', got '-'"},
  });
}

TEST(TextReaderErrorsTest, MissingQuotes) {
  ExpectProblems({
      {"name: conv1", "1:7: error: name: conv1: must be in quotes: \"conv1\""},
      {"name: conv1/3x3_s2 input: 'x'",
       "1:7: error: name: conv1/3x3_s2: must be in quotes: \"conv1/3x3_s2\""},
      {"name: 1x1, input: 'x'", "1:7: error: name: 1x1: must be in quotes: \"1x1\""},
      {"name: ../x.txt; input: 'x'", "1:7: error: name: ../x.txt: must be in quotes: \"../x.txt\""},
      {"name: -1", "1:7: error: name: -1: must be in quotes: \"-1\""},
      {"name: \xE2\x80\x9CLeNet\xE2\x80\x9D input: 'x'",
       "1:7: error: name: LeNet: must be in quotes: \"LeNet\""},
      {"layer { type: ReLU }",
       "1:15: error: unnamed layer (ReLU): type: ReLU: must be in quotes: \"ReLU\""},
  });
}

TEST(TextReaderErrorsTest, LongTextsAreCutBetweenCharacters) {
  const std::string word(59, 'x');
  EXPECT_THAT(ProblemsIn("name: \"" + word + "\" " + word + "\xC3\xA9y: 3"),
              ElementsAre("net.prototxt:1:69: error: unknown field '" + word + "...'"));
}

}  // namespace
}  // namespace demitasse
