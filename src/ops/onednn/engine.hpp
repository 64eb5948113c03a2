// What the ops that compute with oneDNN share: the engine, arrays in its layouts, primitives with
// their scratch memory. Included in this folder only. Every dnnl::error becomes an Error.
#ifndef DEMITASSE_SRC_OPS_ONEDNN_ENGINE_HPP_
#define DEMITASSE_SRC_OPS_ONEDNN_ENGINE_HPP_

#include <array>
#include <dnnl.hpp>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "demitasse/buffer.hpp"
#include "src/core/buffer_state.hpp"

namespace demitasse {

const dnnl::engine& DnnlEngine();

// `error` as an Error that says what could not be done ("run a convolution").
[[noreturn]] void ThrowDnnlError(const dnnl::error& error, const std::string& what);

// A primitive, with what it needs to run in any thread.
class DnnlPrimitive {
 public:
  // Which array is which of the primitive's, DNNL_ARG_SRC say.
  class Arguments {
   public:
    Arguments(std::initializer_list<std::pair<int, dnnl::memory>> arguments) {
      for (const auto& [index, memory] : arguments) emplace(index, memory);
    }
    void emplace(int index, const dnnl::memory& memory) {
      owners_.at(count_) = memory;
      list_.at(count_++) = {index, memory.get()};
    }
    const dnnl_exec_arg_t* data() const { return list_.data(); }
    int count() const { return static_cast<int>(count_); }

   private:
    static constexpr size_t kMost = 8;
    std::array<dnnl::memory, kMost> owners_;
    std::array<dnnl_exec_arg_t, kMost> list_;
    size_t count_ = 0;
  };

  // Attributes every descriptor must be made with: scratch memory comes from Run().
  static dnnl::primitive_attr Attributes();

  DnnlPrimitive() = default;
  explicit DnnlPrimitive(const dnnl::primitive_desc_base& desc);

  void Run(Arguments arguments) const;

 private:
  dnnl::primitive primitive_;
  dnnl::memory::desc scratch_;
};

// The order that a memory descriptor describes.
class DnnlLayout : public Layout {
 public:
  explicit DnnlLayout(const dnnl::memory::desc& desc);

  const dnnl::memory::desc& desc() const { return desc_; }
  const dnnl::memory::dims& dims() const { return dims_; }
  int64_t stored_size() const override;
  void ToPlain(const float* stored, float* plain) const override;
  void FromPlain(const float* plain, float* stored) const override;
  bool Equals(const Layout& other) const override;
  int64_t ChannelBlock(int64_t images, int64_t channels, int64_t places) const override;
  std::shared_ptr<const Layout> Resized(const std::vector<int>& shape) const override;
  std::string name() const override;

 private:
  bool Holds(const std::vector<int>& shape) const;

  const dnnl::memory::desc desc_;
  const dnnl::memory::dims dims_;
  int64_t channel_block_ = 0;
  // Reorders, made when first used.
  mutable std::mutex resized_mutex_;
  mutable std::shared_ptr<const DnnlLayout> resized_;  // the last answer of Resized()
  mutable std::once_flag made_to_plain_;
  mutable std::unique_ptr<const DnnlPrimitive> to_plain_;
  mutable std::once_flag made_from_plain_;
  mutable std::unique_ptr<const DnnlPrimitive> from_plain_;
};

// Floats in row-major order.
dnnl::memory::desc PlainDesc(const dnnl::memory::dims& dims);
// Floats in the order a primitive likes best.
dnnl::memory::desc AnyDesc(const dnnl::memory::dims& dims);
// Floats over two spatial axes in blocks of `lanes` channels, 8 or 16.
dnnl::memory::desc BlockedDesc(const dnnl::memory::dims& dims, int64_t lanes);

// The descriptor that `make` yields; an empty one where oneDNN does not support the case, or only
// by its reference kernels, which are slower than ours.
template <typename Make>
auto FastDescriptor(const Make& make) -> decltype(make()) {
  try {
    auto desc = make();
    if (desc.get(true) == nullptr) return {};
    if (std::string(desc.impl_info_str()).find("ref") != std::string::npos) return {};
    return desc;
  } catch (const dnnl::error& error) {
    if (error.status == dnnl_out_of_memory) ThrowDnnlError(error, "prepare an operation");
    return {};
  }
}

// A view of floats as oneDNN's primitives take it, made anew only when they or their order change.
class DnnlView {
 public:
  dnnl::memory Over(const dnnl::memory::desc& desc, const float* data);

 private:
  dnnl::memory::desc desc_;
  const float* data_ = nullptr;
  dnnl::memory memory_;
};

// An array a primitive reads, brought into the order it wants. A reordered copy is kept.
class DnnlInput {
 public:
  DnnlInput() = default;
  // `plain` describes the array in a buffer that is in plain order.
  DnnlInput(const dnnl::memory::desc& wanted, const dnnl::memory::desc& plain)
      : wanted_(wanted), wanted_dims_(wanted.dims()), plain_(plain) {}
  explicit DnnlInput(const dnnl::memory::desc& wanted)
      : DnnlInput(wanted, PlainDesc(wanted.dims())) {}

  bool WantsSameAs(const DnnlInput& other) const { return wanted_ == other.wanted_; }

  // The buffer's elements, where they are if they are in the right order.
  dnnl::memory Read(const Buffer& buffer);
  // The same, for what is read several times before it changes: the last copy serves again if it is
  // one of this buffer and the buffer has not changed.
  dnnl::memory ReadAgain(const Buffer& buffer);

 private:
  dnnl::memory CopyMemory();

  dnnl::memory::desc wanted_;
  dnnl::memory::dims wanted_dims_;
  dnnl::memory::desc plain_;
  dnnl::memory::desc reorder_from_;
  DnnlPrimitive reorder_;
  std::unique_ptr<Buffer> copy_;
  DnnlView from_view_;
  DnnlView copy_view_;
  BufferState copied_from_;
};

// An array a primitive overwrites, in the order the primitive chose.
class DnnlOutput {
 public:
  DnnlOutput() = default;
  explicit DnnlOutput(const dnnl::memory::desc& desc);

  dnnl::memory Overwrite(Buffer* buffer);
  // The same with the buffer's elements in it, to be added to.
  dnnl::memory Update(Buffer* buffer);

 private:
  dnnl::memory::desc desc_;
  DnnlView view_;
  std::shared_ptr<const Layout> layout_;  // null for plain order
};

// An array a primitive computes and that is then added to a buffer in plain order.
class DnnlSum {
 public:
  DnnlSum() = default;
  // `plain` describes the buffer.
  DnnlSum(const dnnl::memory::desc& desc, const dnnl::memory::desc& plain);

  // Memory for the primitive's result.
  dnnl::memory Scratch();
  void AddTo(Buffer* buffer);

 private:
  dnnl::memory::desc desc_;
  dnnl::memory::desc plain_;
  DnnlPrimitive add_;
  std::unique_ptr<Buffer> scratch_;
  DnnlView scratch_view_;
  DnnlView sum_view_;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_OPS_ONEDNN_ENGINE_HPP_
