// BatchReindexLayer: the built-in layer of type BatchReindex.
#ifndef DEMITASSE_CAFFE_LAYERS_BATCH_REINDEX_LAYER_HPP_
#define DEMITASSE_CAFFE_LAYERS_BATCH_REINDEX_LAYER_HPP_

#include "caffe/layers/built_in_layer.hpp"

namespace caffe {

DEMITASSE_CAFFE_BUILT_IN_LAYER(BatchReindex);

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_LAYERS_BATCH_REINDEX_LAYER_HPP_
