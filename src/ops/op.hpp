// What ops have in common. An op is what a layer computes with: an interface, a descriptor of one
// case (shapes and settings), and implementations of which the first that supports the case is
// taken: the fast ones, then the reference. Layers know ops, never engines.
#ifndef DEMITASSE_SRC_OPS_OP_HPP_
#define DEMITASSE_SRC_OPS_OP_HPP_

#include <initializer_list>
#include <memory>
#include <string>

#include "demitasse/buffer.hpp"
#include "demitasse/engine.hpp"

namespace demitasse {

// An op computes on buffers, whose layout it may choose. One thread at a time uses an op; the work
// inside is spread over the cores.
class Op {
 public:
  Op() = default;
  virtual ~Op() = default;
  Op(const Op&) = delete;
  Op& operator=(const Op&) = delete;

  // The implementation, for timings: "reference", "onednn:jit:avx2".
  virtual std::string name() const = 0;
};

// Makes an op for a case, or returns null if this implementation does not support it.
template <typename OpType, typename Descriptor>
using OpFactory = std::unique_ptr<OpType> (*)(const Descriptor&);

// The op of the first of `fast` that supports the case, unless `engine` is kReference; else the
// reference, which supports every case.
template <typename OpType, typename Descriptor>
std::unique_ptr<OpType> MakeOp(const Descriptor& descriptor, Engine engine,
                               std::initializer_list<OpFactory<OpType, Descriptor>> fast,
                               OpFactory<OpType, Descriptor> reference) {
  if (engine != Engine::kReference) {
    for (const auto factory : fast) {
      if (auto op = factory(descriptor)) return op;
    }
  }
  return reference(descriptor);
}

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_OP_HPP_
