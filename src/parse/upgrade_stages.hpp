// The stages of UpgradeNet that bring one generation of layers to the next.
#ifndef DEMITASSE_SRC_PARSE_UPGRADE_STAGES_HPP_
#define DEMITASSE_SRC_PARSE_UPGRADE_STAGES_HPP_

#include <google/protobuf/message.h>

#include <string>
#include <unordered_map>

#include "demitasse/caffe.pb.h"
#include "demitasse/error.hpp"
#include "demitasse/source_map.hpp"

namespace demitasse {

// Old path -> new path, for SourceMap::Rename.
using Moves = std::unordered_map<std::string, std::string>;

// Brings V0 layers to V1 form, in `layers`; padding layers are folded into those they feed.
void UpgradeV0Layers(caffe::NetParameter* net, SourceMap* source, Diagnostics* diagnostics);

// Turns `layers` in V1 form into `layer`, which must be empty.
void UpgradeV1Layers(caffe::NetParameter* net, SourceMap* source);

// Copies the value of one field to another of a like type, of which a repeated one gets it as a
// further element. False if the value does not fit (a negative number for an unsigned field).
bool CopyField(const google::protobuf::Message& from,
               const google::protobuf::FieldDescriptor& from_field, google::protobuf::Message* to,
               const google::protobuf::FieldDescriptor& to_field);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_UPGRADE_STAGES_HPP_
