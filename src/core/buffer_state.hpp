// Which contents of which buffer something was made from: packed weights and copies in another
// layout serve until those change.
#ifndef DEMITASSE_SRC_CORE_BUFFER_STATE_HPP_
#define DEMITASSE_SRC_CORE_BUFFER_STATE_HPP_

#include <cstdint>

#include "demitasse/buffer.hpp"

namespace demitasse {

class BufferState {
 public:
  BufferState() = default;  // of no buffer
  explicit BufferState(const Buffer& buffer) : id_(buffer.id()), version_(buffer.version()) {}

  bool operator==(const BufferState& other) const {
    return id_ == other.id_ && version_ == other.version_;
  }

 private:
  uint64_t id_ = 0;
  uint64_t version_ = 0;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_CORE_BUFFER_STATE_HPP_
