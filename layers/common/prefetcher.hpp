// Batches of a data set, prepared in the background while the net computes.
#ifndef DEMITASSE_LAYERS_COMMON_PREFETCHER_HPP_
#define DEMITASSE_LAYERS_COMMON_PREFETCHER_HPP_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "demitasse/blob.hpp"
#include "src/core/memory_claim.hpp"

namespace demitasse {

struct Batch {
  // Gives the data a shape. Throws Error if the net's budget has no room for it.
  void Reshape(const std::vector<int>& new_shape);

  std::vector<int> shape;  // of the data; the first axis counts the samples
  std::vector<float> data;
  std::vector<float> labels;  // one for each sample

  int64_t counted = 0;              // values that count against the budget already
  std::optional<MemoryClaim> more;  // what is beyond them
};

// Copies as many values as the blob has.
void CopyValues(const float* values, Blob* blob);

// A thread that loads one batch after the other, at most `depth` ahead of the one asked for. It
// starts with the first Next, so a net that never runs has none, and ends with the object.
class Prefetcher {
 public:
  // Makes a batch; its vectors may hold those of an earlier one. Batches are numbered from 0 on and
  // are asked for in order, though some may be left out. What it throws, Next throws.
  using Load = std::function<void(int64_t number, Batch* batch)>;

  Prefetcher(int depth, Load load) : load_(std::move(load)), depth_(static_cast<size_t>(depth)) {}
  ~Prefetcher() { Stop(); }
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  // Counts the memory of all batches there will be, which are like the tops, against the net's
  // budget, once. Throws Error if it is not there.
  void CountMemory(const std::vector<Blob*>& top);

  // Waits for the next batch and copies it to top[0], with the labels to top[1] if there is one.
  void Next(const std::vector<Blob*>& top);
  // The same for batches of another kind: hands it to `use`, which copies it.
  void Next(const std::function<void(const Batch& batch)>& use);

  // Leaves out that many batches; they are not loaded, unless they were already.
  void Skip(int64_t batches);

 private:
  void Start();
  void Stop();
  void Run(int64_t number, int threads);
  // A batch to fill, once there is room for it; null if it is time to stop.
  std::unique_ptr<Batch> WaitForRoom();

  const Load load_;
  const size_t depth_;
  const std::shared_ptr<MemoryBudget> budget_ = MemoryBudget::Current();  // the net's
  std::optional<MemoryClaim> claim_;
  int64_t counted_ = 0;  // values of a batch that claim_ is for
  int64_t next_ = 0;     // the number of the batch that Next gives
  std::thread thread_;

  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::deque<std::unique_ptr<Batch>> ready_;
  std::vector<std::unique_ptr<Batch>> spare_;  // whose memory can be used again
  std::exception_ptr error_;                   // what ended the thread
  bool stopping_ = false;
};

}  // namespace demitasse

#endif  // DEMITASSE_LAYERS_COMMON_PREFETCHER_HPP_
