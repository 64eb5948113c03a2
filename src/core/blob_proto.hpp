// Blobs to and from the messages that files hold.
#ifndef DEMITASSE_SRC_CORE_BLOB_PROTO_HPP_
#define DEMITASSE_SRC_CORE_BLOB_PROTO_HPP_

#include <cstdint>
#include <vector>

#include "demitasse/blob.hpp"
#include "demitasse/caffe.pb.h"

namespace demitasse {

// The dimensions that a message gives; throws Error for one that is negative or beyond int.
std::vector<int> ShapeFromProto(const google::protobuf::RepeatedField<int64_t>& dimensions);

// Copies the values of `proto` into `blob`. They must be as many, and the shape must be the blob's,
// or one of the old 4-axis form that differs by axes of length 1. Throws Error naming both shapes.
void BlobFromProto(const caffe::BlobProto& proto, Blob* blob);

// Writes shape and data, and the gradient if asked to.
void BlobToProto(const Blob& blob, bool with_diff, caffe::BlobProto* proto);

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_BLOB_PROTO_HPP_
