// binaryproto: mean images.
#include "demitasse/caffe.pb.h"
#include "fuzz/target.hpp"
#include "src/io/binary_proto.hpp"

namespace demitasse {
namespace {

void Read(const std::string& bytes) { ReadBinaryProto(MemoryFile(bytes).path()); }

std::vector<std::string> Seeds() {
  caffe::BlobProto mean;
  mean.set_num(1);
  mean.set_channels(3);
  mean.set_height(1);
  mean.set_width(2);
  for (int i = 0; i < 6; ++i) mean.add_data(static_cast<float>(i));
  caffe::BlobProto doubles;
  doubles.mutable_shape()->add_dim(2);
  for (const double value : {1.5, 2.5}) doubles.add_double_data(value);
  return {mean.SerializeAsString(), doubles.SerializeAsString()};
}

}  // namespace

const bool kBinaryProtoTarget = RegisterFuzzTarget({"binaryproto", Read, Seeds});

}  // namespace demitasse
