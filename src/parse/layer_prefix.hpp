// What layers are called in messages. A `layer` here is a message for which IsLayer holds.
#ifndef DEMITASSE_SRC_PARSE_LAYER_PREFIX_HPP_
#define DEMITASSE_SRC_PARSE_LAYER_PREFIX_HPP_

#include <google/protobuf/message.h>

#include <string>

namespace demitasse {

// Whether `type` describes a layer, in the present form or one of the two older ones.
bool IsLayer(const google::protobuf::Descriptor& type);

// The type as it is written in the file ("Convolution", "CONVOLUTION", "conv"), or "".
std::string LayerType(const google::protobuf::Message& layer);

// "layer 'conv1' (Convolution): " or "unnamed layer: " when neither is there.
std::string LayerPrefix(const google::protobuf::Message& layer);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_PARSE_LAYER_PREFIX_HPP_
