// The schema's messages, under the name by which code written for Caffe includes them.
#ifndef DEMITASSE_CAFFE_PROTO_CAFFE_PB_H_
#define DEMITASSE_CAFFE_PROTO_CAFFE_PB_H_

#include "demitasse/caffe.pb.h"  // IWYU pragma: export

#endif  // DEMITASSE_CAFFE_PROTO_CAFFE_PB_H_
