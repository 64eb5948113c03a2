#include "src/parse/text_reader.hpp"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "demitasse/caffe.pb.h"
#include "tests/parse/reading.hpp"

namespace demitasse {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(TextReaderTest, ReadsScalarsOfAllKinds) {
  const auto reading = Read(
      "name: \"LeNet\"\n"
      "force_backward: true\n"
      "layer {\n"
      "  name: 'pool1'\n"
      "  bottom: 'data' bottom: 'label'\n"
      "  loss_weight: 0.5\n"
      "  convolution_param { num_output: 20 axis: -1 }\n"
      "  pooling_param { pool: AVE }\n"
      "}\n");
  EXPECT_THAT(reading.lines, IsEmpty());
  EXPECT_EQ(reading.message.name(), "LeNet");
  EXPECT_TRUE(reading.message.force_backward());
  ASSERT_EQ(reading.message.layer_size(), 1);
  const caffe::LayerParameter& layer = reading.message.layer(0);
  EXPECT_EQ(layer.name(), "pool1");
  EXPECT_THAT(layer.bottom(), ElementsAre("data", "label"));
  EXPECT_THAT(layer.loss_weight(), ElementsAre(0.5F));
  EXPECT_EQ(layer.convolution_param().num_output(), 20U);
  EXPECT_EQ(layer.convolution_param().axis(), -1);
  EXPECT_EQ(layer.pooling_param().pool(), caffe::PoolingParameter::AVE);
}

TEST(TextReaderTest, ReadsWholeNumbersOf64BitsWithoutSign) {
  const auto reading = Read<caffe::TrainingPosition>("seed: 18446744073709551615");
  EXPECT_THAT(reading.lines, IsEmpty());
  EXPECT_EQ(reading.message.seed(), std::numeric_limits<uint64_t>::max());
}

TEST(TextReaderTest, ReadsWholeNumbersInEveryBaseUpToTheirLimits) {
  const auto reading = Read(
      "input_dim: [0x10, 010, 0, -0, - 7, 2147483647, -2147483648, 0XfF]\n"
      "input_shape { dim: [9223372036854775807, -9223372036854775808] }\n"
      "layer { convolution_param { num_output: 4294967295 group: -0 } }\n");
  EXPECT_THAT(reading.lines, IsEmpty());
  EXPECT_THAT(reading.message.input_dim(),
              ElementsAre(16, 8, 0, 0, -7, 2147483647, std::numeric_limits<int32_t>::min(), 255));
  EXPECT_THAT(
      reading.message.input_shape(0).dim(),
      ElementsAre(std::numeric_limits<int64_t>::max(), std::numeric_limits<int64_t>::min()));
  EXPECT_EQ(reading.message.layer(0).convolution_param().num_output(), 4294967295U);
}

TEST(TextReaderTest, ReadsFloatsInEveryForm) {
  const auto reading = Read(
      "layer { loss_weight: [1, -2, 1e-3, 1.f, .5, 5., 3F, 1E+2, inf, -Infinity, 1e99, nan] }");
  EXPECT_THAT(reading.lines, IsEmpty());
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  EXPECT_THAT(reading.message.layer(0).loss_weight(),
              ElementsAre(1.F, -2.F, 1e-3F, 1.F, .5F, 5.F, 3.F, 100.F, kInfinity, -kInfinity,
                          kInfinity, testing::IsNan()));
}

TEST(TextReaderTest, ReadsBoolsInEveryForm) {
  const auto reading =
      Read("layer { propagate_down: [true, True, t, 1, 0x1, false, False, f, 0] }");
  EXPECT_THAT(reading.lines, IsEmpty());
  EXPECT_THAT(reading.message.layer(0).propagate_down(),
              ElementsAre(true, true, true, true, true, false, false, false, false));
}

TEST(TextReaderTest, TakesEnumsByNumber) {
  const auto reading = Read("layer { pooling_param { pool: 2 } }");
  EXPECT_THAT(reading.lines, IsEmpty());
  EXPECT_EQ(reading.message.layer(0).pooling_param().pool(), caffe::PoolingParameter::STOCHASTIC);
}

TEST(TextReaderTest, JoinsNeighbouringStringsAndResolvesEscapes) {
  const auto reading = Read("name: \"a\\tb\"\n  'c' # comment\n  \"\\x41\\101\\\"\"");
  EXPECT_THAT(reading.lines, IsEmpty());
  EXPECT_EQ(reading.message.name(), "a\tbcAA\"");
}

TEST(TextReaderTest, TakesEveryWayToWriteMessagesListsAndSeparators) {
  const auto reading = Read(
      "layer: { name: 'a', param < lr_mult: 1; > };\n"
      "layer [ { name: 'b' loss_weight: [] }, < name: 'c' > ],\n"
      "layer: [{name:'d'top:['x','y']}]");
  EXPECT_THAT(reading.lines, IsEmpty());
  ASSERT_EQ(reading.message.layer_size(), 4);
  EXPECT_EQ(reading.message.layer(0).param(0).lr_mult(), 1.F);
  EXPECT_EQ(reading.message.layer(1).name(), "b");
  EXPECT_EQ(reading.message.layer(2).name(), "c");
  EXPECT_THAT(reading.message.layer(3).top(), ElementsAre("x", "y"));
}

TEST(TextReaderTest, KeepsBytesThatAreNotUtf8) {
  const auto reading = Read("name: 'a\xFF\xC3'");
  EXPECT_THAT(reading.lines, IsEmpty());
  EXPECT_EQ(reading.message.name(), "a\xFF\xC3");
}

TEST(TextReaderTest, ReadsOtherMessagesThanNets) {
  const auto reading = Read<caffe::SolverParameter>("base_lr: 0.01 solver_mode: CPU");
  EXPECT_THAT(reading.lines, IsEmpty());
  EXPECT_EQ(reading.message.base_lr(), 0.01F);
  EXPECT_EQ(reading.message.solver_mode(), caffe::SolverParameter::CPU);
}

TEST(TextReaderTest, EmptyTextIsAMessageWithoutFields) {
  for (const char* text : {"", " \r\n\t", "# nothing", "\xEF\xBB\xBF"}) {
    const auto reading = Read(text);
    EXPECT_THAT(reading.lines, IsEmpty()) << text;
    EXPECT_EQ(reading.message.ByteSizeLong(), 0U) << text;
  }
}

// ---- Places ------------------------------------------------------------------------------------

TEST(TextReaderTest, PlaceOfAScalarIsItsValueAndOfAMessageItsName) {
  const auto reading = Read(
      "name: 'n'\n"
      "layer { name: 'a' }\n"
      "layer {\n"
      "  bottom: 'x' bottom:  'y'\n"
      "  convolution_param: {\n"
      "    kernel_size: [3, 5] axis: - 1\n"
      "  }\n"
      "}\n"
      "layer [{ name: 'b' }, { name: 'c' }]\n");
  EXPECT_THAT(reading.lines, IsEmpty());
  EXPECT_EQ(reading.Place("name"), "net.prototxt:1:7");
  EXPECT_EQ(reading.Place("layer[0]"), "net.prototxt:2:1");
  EXPECT_EQ(reading.Place("layer[0].name"), "net.prototxt:2:15");
  EXPECT_EQ(reading.Place("layer[1]"), "net.prototxt:3:1");
  EXPECT_EQ(reading.Place("layer[1].bottom[0]"), "net.prototxt:4:11");
  EXPECT_EQ(reading.Place("layer[1].bottom[1]"), "net.prototxt:4:24");
  EXPECT_EQ(reading.Place("layer[1].convolution_param"), "net.prototxt:5:3");
  EXPECT_EQ(reading.Place("layer[1].convolution_param.kernel_size[0]"), "net.prototxt:6:19");
  EXPECT_EQ(reading.Place("layer[1].convolution_param.kernel_size[1]"), "net.prototxt:6:22");
  EXPECT_EQ(reading.Place("layer[1].convolution_param.axis"), "net.prototxt:6:31");
  EXPECT_EQ(reading.Place("layer[2]"), "net.prototxt:9:8");
  EXPECT_EQ(reading.Place("layer[3].name"), "net.prototxt:9:31");
  EXPECT_EQ(reading.Place("layer[1].top[0]"), "net.prototxt:3:1");
}

TEST(TextReaderTest, ColumnsCountCharactersAndATabIsOne) {
  const auto reading = Read(
      "layer {\n"
      "\tname:\t'x'\n"
      "  \t top: '\xC3\xA9\t\xE2\x82\xAC' bottom: 'y'\n"
      "}");
  EXPECT_EQ(reading.Place("layer[0].name"), "net.prototxt:2:8");
  EXPECT_EQ(reading.Place("layer[0].top[0]"), "net.prototxt:3:10");
  EXPECT_EQ(reading.Place("layer[0].bottom[0]"), "net.prototxt:3:24");
}

TEST(TextReaderTest, ByteOrderMarkAndCarriageReturnsMoveNoPlace) {
  const auto reading = Read("\xEF\xBB\xBFname: 'x'\r\nlayer {\r\n  name: 'y'\r\n}\r\n");
  EXPECT_THAT(reading.lines, IsEmpty());
  EXPECT_EQ(reading.Place("name"), "net.prototxt:1:7");
  EXPECT_EQ(reading.Place("layer[0].name"), "net.prototxt:3:9");
}

TEST(TextReaderTest, KeepsPlacesOfTheFirstThousandElementsOnly) {
  std::string text = "input_dim: [0";
  for (int i = 1; i < 1002; ++i) text += "\n," + std::to_string(i);
  const auto reading = Read(text + "]");
  EXPECT_EQ(reading.message.input_dim_size(), 1002);
  EXPECT_EQ(reading.Place("input_dim[999]"), "net.prototxt:1000:2");
  EXPECT_EQ(reading.Place("input_dim[1000]"), "net.prototxt");
}

TEST(TextReaderTest, PlacesAreNotNeeded) {
  caffe::NetParameter net;
  Diagnostics diagnostics;
  ReadText("layer { name: 'a' }", "f", TextOptions{}, &net, nullptr, &diagnostics);
  EXPECT_EQ(net.layer(0).name(), "a");
  EXPECT_FALSE(diagnostics.has_errors());
}

// ---- Together with protobuf's own writer
// ---------------------------------------------------------

void Fill(Message* message, int depth);

// Sets a singular field, or appends an element that differs from the one before.
void FillField(const FieldDescriptor* field, int index, int depth, Message* message) {
  const google::protobuf::Reflection& to = *message->GetReflection();
  const bool many = field->is_repeated();
  const int number = 7 * field->number() + index;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return many ? to.AddInt32(message, field, -number) : to.SetInt32(message, field, -number);
    case FieldDescriptor::CPPTYPE_INT64:
      return many ? to.AddInt64(message, field, -number) : to.SetInt64(message, field, -number);
    case FieldDescriptor::CPPTYPE_UINT32:
      return many ? to.AddUInt32(message, field, number) : to.SetUInt32(message, field, number);
    case FieldDescriptor::CPPTYPE_UINT64:
      return many ? to.AddUInt64(message, field, number) : to.SetUInt64(message, field, number);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return many ? to.AddFloat(message, field, 1e-7F * number)
                  : to.SetFloat(message, field, -1e20F / number);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return many ? to.AddDouble(message, field, 0.1 * number)
                  : to.SetDouble(message, field, 1. / number);
    case FieldDescriptor::CPPTYPE_BOOL:
      return many ? to.AddBool(message, field, index == 0) : to.SetBool(message, field, true);
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* last = field->enum_type()->value(field->enum_type()->value_count() - 1);
      return many ? to.AddEnum(message, field, last) : to.SetEnum(message, field, last);
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = "a \"quoted\"\\\n\x01\xC3\xA9'" + std::to_string(number);
      return many ? to.AddString(message, field, text) : to.SetString(message, field, text);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(many ? to.AddMessage(message, field) : to.MutableMessage(message, field),
                  depth + 1);
  }
}

void Fill(Message* message, int depth) {
  constexpr int kDeepest = 5;
  if (depth > kDeepest) return;
  for (int i = 0; i < message->GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor* field = message->GetDescriptor()->field(i);
    for (int index = 0; index < (field->is_repeated() ? 2 : 1); ++index) {
      FillField(field, index, depth, message);
    }
  }
}

TEST(TextReaderTest, ReadsBackWhateverProtobufPrints) {
  caffe::SolverParameter solver;
  Fill(&solver, 0);
  ASSERT_TRUE(solver.IsInitialized());
  for (const bool on_one_line : {false, true}) {
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(on_one_line);
    printer.SetUseShortRepeatedPrimitives(on_one_line);
    std::string text;
    ASSERT_TRUE(printer.PrintToString(solver, &text));
    const auto reading = Read<caffe::SolverParameter>(text);
    EXPECT_THAT(reading.lines, IsEmpty());
    EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(reading.message, solver));
  }
}

TEST(TextReaderTest, RefusesTooDeepNestingAndReadsOn) {
  const auto nested = [](int depth) {
    std::string text;
    for (int i = 0; i < depth; ++i) text += "nested_type {";
    return text + std::string(static_cast<size_t>(depth), '}') + " name: 5";
  };
  EXPECT_THAT(Read<google::protobuf::DescriptorProto>(nested(100)).lines,
              ElementsAre("net.prototxt:1:1408: error: name: 5: must be in quotes: \"5\""));
  EXPECT_THAT(Read<google::protobuf::DescriptorProto>(nested(101)).lines,
              ElementsAre("net.prototxt:1:1301: error: 'nested_type' is nested deeper than 100 "
                          "messages",
                          "net.prototxt:1:1422: error: name: 5: must be in quotes: \"5\""));
  EXPECT_THAT(Read<google::protobuf::DescriptorProto>(nested(100000)).lines.size(), 2U);
}

}  // namespace
}  // namespace demitasse
