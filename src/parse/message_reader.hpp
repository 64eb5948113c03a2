// The grammar of protobuf's text format: reads tokens into a message, and goes on after mistakes.
#ifndef DEMITASSE_SRC_PARSE_MESSAGE_READER_HPP_
#define DEMITASSE_SRC_PARSE_MESSAGE_READER_HPP_

#include <google/protobuf/message.h>

#include <string>
#include <utility>
#include <vector>

#include "demitasse/source_map.hpp"
#include "src/parse/problems.hpp"
#include "src/parse/scanner.hpp"
#include "src/parse/text_reader.hpp"
#include "src/parse/unknown_field.hpp"

namespace demitasse {

// The fields of messages by recursive descent. Every function starts at the current token and
// leaves the scanner behind what it has read or skipped.
class MessageReader {
 public:
  MessageReader(const std::string& text, const TextOptions& options, SourceMap* source,
                Problems* problems)
      : options_(options), source_(source), problems_(problems), scanner_(text, problems) {}

  void Read(google::protobuf::Message* message);

 private:
  // The singular fields a message has been given so far, and the line of each.
  using Given = std::vector<std::pair<const google::protobuf::FieldDescriptor*, int>>;

  const OpenMessage& inner() const { return open_.back(); }
  bool at_root() const { return open_.size() == 1; }

  void ReadFields(char closer, Place place);
  bool ReadEnd(char closer);
  void ReadField(Given* given);
  void CheckGivenOnce(const google::protobuf::FieldDescriptor& field, const Token& name,
                      Given* given);
  void CheckRequired(const Given& given, Place place);
  void ReadMessages(const google::protobuf::FieldDescriptor& field, const Token& name);
  void ReadMessage(const google::protobuf::FieldDescriptor& field, Place place);
  void ReadScalars(const google::protobuf::FieldDescriptor& field, const Token& name,
                   bool has_colon);
  bool ReadScalar(const google::protobuf::FieldDescriptor& field, const Token& name);
  void ReadList(const google::protobuf::FieldDescriptor& field, const Token& name);
  bool ReadElement(const google::protobuf::FieldDescriptor& field, const Token& name);
  void RefuseGroup(const Token& name, const std::string& expected);

  void ReadExtension();
  void ReadUnknownField(const Token& name);
  void ReportUnknownField(const Token& name);
  bool IsBraceMissingBefore(const Token& name);

  // Adds ".name" or ".name[index]" to the path and returns how long the path was.
  size_t ExtendPath(const google::protobuf::FieldDescriptor& field);

  TextOptions options_;
  SourceMap* source_;  // may be null
  Problems* problems_;
  Scanner scanner_;
  std::vector<OpenMessage> open_;  // outermost first
  std::string path_;               // of the innermost open message or of the field being read

  // Where a '}' is missing, messages are taken as ended until no more than this number is open.
  static constexpr size_t kAll = static_cast<size_t>(-1);
  size_t most_open_ = kAll;
  // How many messages were taken as ended: as many '}' may turn up that close nothing.
  size_t assumed_ends_ = 0;
  // The last field was misplaced, see UnknownField.
  bool is_astray_ = false;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_MESSAGE_READER_HPP_
