#include "src/ops/onednn/engine.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "demitasse/error.hpp"
#include "demitasse/memory_budget.hpp"
#include "src/core/conversions.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/ops/loop_scratch.hpp"

namespace demitasse {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;

dnnl::stream& Stream() {
  thread_local dnnl::stream stream(DnnlEngine());
  return stream;
}

// Memory over a buffer's floats. oneDNN does not write to what it is given to read.
memory Over(const memory::desc& desc, const float* data) {
  return memory(desc, DnnlEngine(), const_cast<float*>(data));
}

int64_t Floats(const memory::desc& desc) {
  return static_cast<int64_t>((desc.get_size() + sizeof(float) - 1) / sizeof(float));
}

// oneDNN 2.6 crashes when the system refuses the memory for the code that it generates.
void CheckMemoryForCode() {
  constexpr size_t kBytes = size_t{1} << 20;  // more than an operation's code takes
  void* const memory =
      mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    throw Error("out of memory: the machine refused memory for generated code", ErrorKind::kRun);
  }
  munmap(memory, kBytes);
}

DnnlPrimitive MakeReorder(const memory::desc& from, const memory::desc& to,
                          const dnnl::primitive_attr& attributes) {
  try {
    return DnnlPrimitive(
        dnnl::reorder::primitive_desc(DnnlEngine(), from, DnnlEngine(), to, attributes));
  } catch (const dnnl::error& error) {
    ThrowDnnlError(error, "prepare a change of layout");
  }
}

struct NamedTag {
  Tag tag;
  const char* name;
  int64_t channel_block;
};

// The orders with a name; the first whose number of axes is that of `desc` and that is its order.
const NamedTag* FindTag(const memory::desc& desc) {
  static const std::vector<std::pair<size_t, NamedTag>> tags = {
      {3, {Tag::nCw4c, "nCw4c", 4}},        {3, {Tag::nCw8c, "nCw8c", 8}},
      {3, {Tag::nCw16c, "nCw16c", 16}},     {3, {Tag::nwc, "nwc", 0}},
      {4, {Tag::nChw4c, "nChw4c", 4}},      {4, {Tag::nChw8c, "nChw8c", 8}},
      {4, {Tag::nChw16c, "nChw16c", 16}},   {4, {Tag::nhwc, "nhwc", 0}},
      {5, {Tag::nCdhw4c, "nCdhw4c", 4}},    {5, {Tag::nCdhw8c, "nCdhw8c", 8}},
      {5, {Tag::nCdhw16c, "nCdhw16c", 16}}, {5, {Tag::ndhwc, "ndhwc", 0}},
  };
  const memory::dims dims = desc.dims();
  for (const auto& [axes, named] : tags) {
    if (axes == dims.size() && desc == memory::desc(dims, memory::data_type::f32, named.tag)) {
      return &named;
    }
  }
  return nullptr;
}

int64_t Places(const memory::dims& dims) {
  int64_t places = 1;
  for (size_t axis = 2; axis < dims.size(); ++axis) places *= dims[axis];
  return places;
}

// Of a little array, for which oneDNN would take longer to begin.
void UnblockLittle(int64_t images, int64_t channels, int64_t places, int64_t block,
                   const float* stored, float* plain) {
  const int64_t blocks = (channels + block - 1) / block;
  for (int64_t image = 0; image < images; ++image) {
    for (int64_t c = 0; c < channels; ++c) {
      const float* const from = stored + (image * blocks + c / block) * places * block + c % block;
      for (int64_t place = 0; place < places; ++place) *plain++ = from[place * block];
    }
  }
}

}  // namespace

const dnnl::engine& DnnlEngine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

void ThrowDnnlError(const dnnl::error& error, const std::string& what) {
  throw Error(Cat("oneDNN could not ", what, ": ", error.what()), ErrorKind::kRun);
}

DnnlLayout::DnnlLayout(const memory::desc& desc) : desc_(desc), dims_(desc.dims()) {
  const NamedTag* const tag = FindTag(desc);
  if (tag != nullptr) channel_block_ = tag->channel_block;
}

int64_t DnnlLayout::stored_size() const { return Floats(desc_); }

void DnnlLayout::ToPlain(const float* stored, float* plain) const {
  const int64_t places = Places(dims_);
  if (channel_block_ > 0 && dims_[0] * dims_[1] * places <= kElementwiseGrain) {
    return UnblockLittle(dims_[0], dims_[1], places, channel_block_, stored, plain);
  }
  const memory::desc to = PlainDesc(desc_.dims());
  std::call_once(made_to_plain_, [&] {
    to_plain_ =
        std::make_unique<DnnlPrimitive>(MakeReorder(desc_, to, DnnlPrimitive::Attributes()));
  });
  to_plain_->Run({{DNNL_ARG_FROM, Over(desc_, stored)}, {DNNL_ARG_TO, Over(to, plain)}});
}

void DnnlLayout::FromPlain(const float* plain, float* stored) const {
  const memory::desc from = PlainDesc(desc_.dims());
  std::call_once(made_from_plain_, [&] {
    from_plain_ =
        std::make_unique<DnnlPrimitive>(MakeReorder(from, desc_, DnnlPrimitive::Attributes()));
  });
  from_plain_->Run({{DNNL_ARG_FROM, Over(from, plain)}, {DNNL_ARG_TO, Over(desc_, stored)}});
}

bool DnnlLayout::Equals(const Layout& other) const {
  const auto* const layout = dynamic_cast<const DnnlLayout*>(&other);
  return layout != nullptr && layout->desc_ == desc_;
}

int64_t DnnlLayout::ChannelBlock(int64_t images, int64_t channels, int64_t places) const {
  const bool same = dims_.size() > 2 && dims_[0] == images && dims_[1] == channels;
  return same && Places(dims_) == places ? channel_block_ : 0;
}

std::shared_ptr<const Layout> DnnlLayout::Resized(const std::vector<int>& shape) const {
  const std::lock_guard<std::mutex> lock(resized_mutex_);
  if (resized_ != nullptr && resized_->Holds(shape)) return resized_;
  const NamedTag* const tag = FindTag(desc_);
  if (tag == nullptr || shape.size() != dims_.size()) return nullptr;
  resized_ = std::make_shared<DnnlLayout>(
      memory::desc(memory::dims(shape.begin(), shape.end()), memory::data_type::f32, tag->tag));
  return resized_;
}

bool DnnlLayout::Holds(const std::vector<int>& shape) const {
  return std::equal(shape.begin(), shape.end(), dims_.begin(), dims_.end());
}

std::string DnnlLayout::name() const {
  const NamedTag* const tag = FindTag(desc_);
  return tag != nullptr ? tag->name : "blocked";
}

memory::desc PlainDesc(const memory::dims& dims) {
  memory::dims strides(dims.size());
  memory::dim stride = 1;
  for (size_t axis = dims.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= dims[axis];
  }
  return memory::desc(dims, memory::data_type::f32, strides);
}

memory::desc AnyDesc(const memory::dims& dims) {
  return memory::desc(dims, memory::data_type::f32, Tag::any);
}

memory::desc BlockedDesc(const memory::dims& dims, int64_t lanes) {
  return memory::desc(dims, memory::data_type::f32, lanes == 16 ? Tag::nChw16c : Tag::nChw8c);
}

dnnl::primitive_attr DnnlPrimitive::Attributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

DnnlPrimitive::DnnlPrimitive(const dnnl::primitive_desc_base& desc) {
  CheckMemoryForCode();
  try {
    primitive_ = dnnl::primitive(desc.get());
    scratch_ = desc.query_md(dnnl::query::scratchpad_md);
  } catch (const dnnl::error& error) {
    ThrowDnnlError(error, "prepare an operation");
  }
}

void DnnlPrimitive::Run(Arguments arguments) const {
  try {
    const int64_t scratch = Floats(scratch_);
    if (scratch > 0) {
      arguments.emplace(DNNL_ARG_SCRATCHPAD, Over(scratch_, ThreadScratch(scratch)));
    }
    dnnl::error::wrap_c_api(dnnl_primitive_execute(primitive_.get(), Stream().get(),
                                                   arguments.count(), arguments.data()),
                            "could not execute a primitive");
    Stream().wait();
  } catch (const dnnl::error& error) {
    ThrowDnnlError(error, "run an operation");
  }
}

memory DnnlView::Over(const memory::desc& desc, const float* data) {
  if (data != data_ || !(desc == desc_)) {
    memory_ = demitasse::Over(desc, data);
    desc_ = desc;
    data_ = data;
  }
  return memory_;
}

memory DnnlInput::CopyMemory() {
  if (copy_ == nullptr) copy_ = std::make_unique<Buffer>(Floats(wanted_));
  return copy_view_.Over(wanted_, copy_->Overwrite(nullptr));
}

memory DnnlInput::Read(const Buffer& buffer) {
  const auto* const layout = dynamic_cast<const DnnlLayout*>(buffer.layout());
  const bool usable = layout != nullptr && layout->dims() == wanted_dims_;
  const memory::desc& stored = usable ? layout->desc() : plain_;
  memory from = from_view_.Over(stored, usable ? buffer.stored() : buffer.plain());
  if (stored == wanted_) return from;
  if (!(stored == reorder_from_)) {
    reorder_ = MakeReorder(stored, wanted_, DnnlPrimitive::Attributes());
    reorder_from_ = stored;
  }
  memory to = CopyMemory();
  reorder_.Run({{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  CountConversion();
  copied_from_ = BufferState(buffer);
  return to;
}

memory DnnlInput::ReadAgain(const Buffer& buffer) {
  return copied_from_ == BufferState(buffer) ? copy_view_.Over(wanted_, copy_->plain())
                                             : Read(buffer);
}

DnnlOutput::DnnlOutput(const memory::desc& desc) : desc_(desc) {
  if (!(desc == PlainDesc(desc.dims()))) layout_ = std::make_shared<DnnlLayout>(desc);
}

memory DnnlOutput::Overwrite(Buffer* buffer) {
  return view_.Over(desc_, buffer->Overwrite(layout_));
}

memory DnnlOutput::Update(Buffer* buffer) {
  buffer->BringInto(layout_);
  return view_.Over(desc_, buffer->mutable_stored());
}

DnnlSum::DnnlSum(const memory::desc& desc, const memory::desc& plain) : desc_(desc), plain_(plain) {
  dnnl::post_ops sum;
  sum.append_sum(1.0f);
  dnnl::primitive_attr attributes = DnnlPrimitive::Attributes();
  attributes.set_post_ops(sum);
  add_ = MakeReorder(desc, plain, attributes);
}

memory DnnlSum::Scratch() {
  if (scratch_ == nullptr) scratch_ = std::make_unique<Buffer>(Floats(desc_));
  return scratch_view_.Over(desc_, scratch_->Overwrite(nullptr));
}

void DnnlSum::AddTo(Buffer* buffer) {
  add_.Run({{DNNL_ARG_FROM, scratch_view_.Over(desc_, scratch_->plain())},
            {DNNL_ARG_TO, sum_view_.Over(plain_, buffer->mutable_plain())}});
  if (!(desc_ == plain_)) CountConversion();
}

}  // namespace demitasse
