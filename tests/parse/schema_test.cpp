// The schema against a table of Caffe's: what a file written for Caffe may contain must mean the
// same here.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "demitasse/caffe.pb.h"

namespace demitasse {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

constexpr int kFirstOwnNumber = 100000;

// One line of bvlc_caffe.tsv: a field of a message, or a value of an enum (label "enum").
struct Row {
  std::string message, field, number, label, type, default_value, options;
};

std::vector<Row> ReadTable() {
  std::ifstream in(DEMITASSE_SOURCE_DIR "/tests/parse/bvlc_caffe.tsv");
  std::vector<Row> rows;
  std::string line;
  std::getline(in, line);  // column names
  while (std::getline(in, line)) {
    std::istringstream cells(line);
    Row row;
    for (std::string* cell : {&row.message, &row.field, &row.number, &row.label, &row.type,
                              &row.default_value, &row.options}) {
      std::getline(cells, *cell, '\t');
    }
    rows.push_back(row);
  }
  return rows;
}

const FileDescriptor& Schema() { return *caffe::NetParameter::descriptor()->file(); }

std::string WithoutPackage(const std::string& name) { return name.substr(sizeof("caffe.") - 1); }

const char* LabelName(const FieldDescriptor& field) {
  if (field.is_repeated()) return "repeated";
  return field.is_required() ? "required" : "optional";
}

std::string TypeName(const FieldDescriptor& field) {
  if (field.message_type() != nullptr) return WithoutPackage(field.message_type()->full_name());
  if (field.enum_type() != nullptr) return WithoutPackage(field.enum_type()->full_name());
  return field.type_name();
}

// Whether `text` from the table is the default of `field`; an empty text means that none is
// declared, or an empty string.
bool IsDefault(const FieldDescriptor& field, const std::string& text) {
  if (text.empty()) {
    return !field.has_default_value() ||
           (field.type() == FieldDescriptor::TYPE_STRING && field.default_value_string().empty());
  }
  if (!field.has_default_value()) return false;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return text == (field.default_value_bool() ? "true" : "false");
    case FieldDescriptor::CPPTYPE_ENUM:
      return text == field.default_value_enum()->name();
    case FieldDescriptor::CPPTYPE_FLOAT:
      return std::stof(text) == field.default_value_float();
    case FieldDescriptor::CPPTYPE_INT32:
      return std::stoll(text) == field.default_value_int32();
    case FieldDescriptor::CPPTYPE_INT64:
      return std::stoll(text) == field.default_value_int64();
    case FieldDescriptor::CPPTYPE_UINT32:
      return std::stoll(text) == field.default_value_uint32();
    case FieldDescriptor::CPPTYPE_STRING:
      return text == field.default_value_string();
    default:
      return false;
  }
}

void ExpectEnumValue(const Row& row) {
  const EnumDescriptor* type = Schema().pool()->FindEnumTypeByName("caffe." + row.message);
  ASSERT_NE(type, nullptr);
  const auto* value = type->FindValueByName(row.field);
  ASSERT_NE(value, nullptr);
  EXPECT_EQ(std::to_string(value->number()), row.number);
}

void ExpectField(const Row& row) {
  const Descriptor* message = Schema().pool()->FindMessageTypeByName("caffe." + row.message);
  ASSERT_NE(message, nullptr);
  const FieldDescriptor* field = message->FindFieldByName(row.field);
  ASSERT_NE(field, nullptr);
  EXPECT_EQ(std::to_string(field->number()), row.number);
  EXPECT_EQ(LabelName(*field), row.label);
  EXPECT_EQ(TypeName(*field), row.type);
  EXPECT_EQ(field->is_packed(), row.options == "packed");
  EXPECT_TRUE(IsDefault(*field, row.default_value)) << "should be '" << row.default_value << "'";
}

TEST(SchemaTest, HasEveryFieldAndEnumValueOfCaffe) {
  const std::vector<Row> rows = ReadTable();
  ASSERT_EQ(rows.size(), 534u);
  for (const Row& row : rows) {
    SCOPED_TRACE(row.message + "." + row.field);
    if (row.label == "enum") {
      ExpectEnumValue(row);
    } else {
      ExpectField(row);
    }
  }
}

TEST(SchemaTest, NumbersOwnFieldsOutOfTheWayOfCaffeAndItsForks) {
  const std::vector<Row> rows = ReadTable();
  std::vector<std::string> own;
  for (int m = 0; m < Schema().message_type_count(); ++m) {
    const Descriptor& message = *Schema().message_type(m);
    const bool is_caffes = std::any_of(rows.begin(), rows.end(), [&message](const Row& row) {
      return row.message == message.name();
    });
    if (!is_caffes) continue;
    for (int f = 0; f < message.field_count(); ++f) {
      const FieldDescriptor& field = *message.field(f);
      bool in_caffe = false;
      for (const Row& row : rows) {
        in_caffe = in_caffe || (row.message == message.name() && row.field == field.name());
      }
      if (in_caffe) continue;
      EXPECT_GE(field.number(), kFirstOwnNumber) << field.full_name();
      own.push_back(WithoutPackage(field.full_name()));
    }
  }
  EXPECT_EQ(own,
            (std::vector<std::string>{"LayerParameter.extra_param", "PoolingParameter.ceil_mode",
                                      "PReLUParameter.min_slope", "ReLUParameter.max_value",
                                      "ReLUParameter.threshold", "SolverState.position"}));
}

TEST(SchemaTest, OwnFieldsMeanCaffeWhenAbsent) {
  EXPECT_FALSE(caffe::PoolingParameter().has_ceil_mode());
  EXPECT_FALSE(caffe::PReLUParameter().has_min_slope());
  EXPECT_FALSE(caffe::ReLUParameter().has_max_value());
  EXPECT_EQ(caffe::ReLUParameter().threshold(), 0.f);
}

// The schema with its comments, which the generated code does not carry.
class SchemaCommentTest : public testing::Test {
 protected:
  void SetUp() override {
    std::ifstream in(DEMITASSE_DESCRIPTOR_SET, std::ios::binary);
    google::protobuf::FileDescriptorSet files;
    ASSERT_TRUE(files.ParseFromIstream(&in)) << DEMITASSE_DESCRIPTOR_SET;
    for (const auto& file : files.file()) pool_.BuildFile(file);
    const Descriptor* net = pool_.FindMessageTypeByName("caffe.NetParameter");
    ASSERT_NE(net, nullptr);
    schema_ = net->file();
  }

  template <typename Thing>
  void ExpectComment(const Thing& thing) const {
    google::protobuf::SourceLocation location;
    ASSERT_TRUE(thing.GetSourceLocation(&location)) << thing.full_name();
    EXPECT_FALSE(location.leading_comments.empty()) << thing.full_name();
  }

  google::protobuf::DescriptorPool pool_;
  const FileDescriptor* schema_ = nullptr;
};

TEST_F(SchemaCommentTest, EveryMessageFieldAndEnumIsDescribed) {
  ASSERT_EQ(schema_->message_type_count(), Schema().message_type_count());
  for (int e = 0; e < schema_->enum_type_count(); ++e) ExpectComment(*schema_->enum_type(e));
  for (int m = 0; m < schema_->message_type_count(); ++m) {
    const Descriptor& message = *schema_->message_type(m);
    ExpectComment(message);
    for (int e = 0; e < message.enum_type_count(); ++e) ExpectComment(*message.enum_type(e));
    for (int f = 0; f < message.field_count(); ++f) ExpectComment(*message.field(f));
  }
}

}  // namespace
}  // namespace demitasse
