// All that programs written for Caffe include.
#ifndef DEMITASSE_CAFFE_CAFFE_HPP_
#define DEMITASSE_CAFFE_CAFFE_HPP_

#include "caffe/blob.hpp"                // IWYU pragma: export
#include "caffe/common.hpp"              // IWYU pragma: export
#include "caffe/filler.hpp"              // IWYU pragma: export
#include "caffe/layer.hpp"               // IWYU pragma: export
#include "caffe/layer_factory.hpp"       // IWYU pragma: export
#include "caffe/net.hpp"                 // IWYU pragma: export
#include "caffe/proto/caffe.pb.h"        // IWYU pragma: export
#include "caffe/solver.hpp"              // IWYU pragma: export
#include "caffe/solver_factory.hpp"      // IWYU pragma: export
#include "caffe/util/benchmark.hpp"      // IWYU pragma: export
#include "caffe/util/io.hpp"             // IWYU pragma: export
#include "caffe/util/upgrade_proto.hpp"  // IWYU pragma: export

#endif  // DEMITASSE_CAFFE_CAFFE_HPP_
