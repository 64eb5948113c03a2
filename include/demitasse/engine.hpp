// Which implementation of an operation computes.
#ifndef DEMITASSE_ENGINE_HPP_
#define DEMITASSE_ENGINE_HPP_

namespace demitasse {

enum class Engine {
  kAuto,       // the fastest that supports the case, unless the layer asks for `engine: CAFFE`
  kReference,  // plain loops and BLAS, always: slower, the same bits for any number of threads
  kOneDnn,     // oneDNN wherever it supports the case, whatever the layer asks for
};

}  // namespace demitasse

#endif  // DEMITASSE_ENGINE_HPP_
