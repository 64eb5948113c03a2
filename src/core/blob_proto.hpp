// Shapes in the messages that files hold. (Values: Blob::FromProto and ToProto.)
#ifndef DEMITASSE_SRC_CORE_BLOB_PROTO_HPP_
#define DEMITASSE_SRC_CORE_BLOB_PROTO_HPP_

#include <cstdint>
#include <vector>

#include "demitasse/caffe.pb.h"

namespace demitasse {

// The dimensions that a message gives; throws Error for one that is negative or beyond int.
std::vector<int> ShapeFromProto(const google::protobuf::RepeatedField<int64_t>& dimensions);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_BLOB_PROTO_HPP_
