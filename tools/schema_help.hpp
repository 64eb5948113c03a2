// What the messages of the file format and their fields mean: the comments of proto/caffe.proto,
// which are built into the tool.
#ifndef DEMITASSE_TOOLS_SCHEMA_HELP_HPP_
#define DEMITASSE_TOOLS_SCHEMA_HELP_HPP_

#include <string>
#include <vector>

namespace demitasse {

struct EnumValueHelp {
  std::string name;
  std::string comment;
};

struct FieldHelp {
  std::string name;
  std::string type;  // "uint32", "enum", or the name of a message
  bool is_message = false;
  bool is_repeated = false;
  bool is_required = false;
  std::string default_value;  // as a prototxt writes it; empty if none is declared
  std::string comment;
  std::vector<EnumValueHelp> values;  // of an enum
};

struct MessageHelp {
  std::string name;
  std::string comment;
  std::vector<FieldHelp> fields;  // in the order of the file
};

// The message of that name, which must be one of the schema's. Comments have no line breaks.
MessageHelp DescribeMessage(const std::string& name);

// The fields of LayerParameter that a type of layer reads its parameters from: those whose comment
// names it ("Parameters of Convolution, Deconvolution and Im2col.").
std::vector<FieldHelp> ParameterFields(const std::string& layer_type);

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_SCHEMA_HELP_HPP_
