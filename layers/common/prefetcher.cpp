#include "layers/common/prefetcher.hpp"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "demitasse/error.hpp"
#include "src/core/threads.hpp"

namespace demitasse {
namespace {

// Values to copy that are worth a core of their own.
constexpr int64_t kCopyGrain = int64_t{1} << 18;

}  // namespace

void Batch::Reshape(const std::vector<int>& new_shape) {
  const int64_t size = ShapeSize(new_shape);
  if (static_cast<size_t>(size) > data.capacity()) {
    data = std::vector<float>();  // or it would be copied, into twice its size
    more.reset();
    if (size > counted) more.emplace((size - counted) * static_cast<int64_t>(sizeof(float)));
  }
  data.resize(static_cast<size_t>(size));
  shape = new_shape;
}

void CopyValues(const float* values, Blob* blob) {
  float* const to = blob->data()->Overwrite(nullptr);
  ParallelFor(blob->size(), kCopyGrain, [&](int64_t begin, int64_t end) {
    std::copy(values + begin, values + end, to + begin);
  });
}

void Prefetcher::CountMemory(const std::vector<Blob*>& top) {
  if (claim_.has_value()) return;
  constexpr double kMost = 1e18;  // bytes, more than there are anywhere
  double values = 0;
  for (const Blob* const blob : top) values += static_cast<double>(blob->size());
  const double batches = static_cast<double>(depth_) + 1;  // one is in use
  const double bytes = std::min(kMost, batches * values * static_cast<double>(sizeof(float)));
  claim_.emplace(static_cast<int64_t>(bytes));
  counted_ = static_cast<int64_t>(values);
}

void Prefetcher::Next(const std::vector<Blob*>& top) {
  Next([&top](const Batch& batch) {
    top[0]->Reshape(batch.shape);
    CopyValues(batch.data.data(), top[0]);
    if (top.size() < 2) return;
    top[1]->Reshape({static_cast<int>(batch.labels.size())});
    CopyValues(batch.labels.data(), top[1]);
  });
}

void Prefetcher::Next(const std::function<void(const Batch& batch)>& use) {
  if (!thread_.joinable()) Start();
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return !ready_.empty() || error_ != nullptr; });
  if (ready_.empty()) std::rethrow_exception(error_);
  std::unique_ptr<Batch> batch = std::move(ready_.front());
  ready_.pop_front();
  ++next_;
  lock.unlock();
  changed_.notify_all();

  use(*batch);
  lock.lock();
  spare_.push_back(std::move(batch));
}

void Prefetcher::Skip(int64_t batches) {
  Stop();
  ready_.clear();
  next_ += batches;
}

void Prefetcher::Start() {
  stopping_ = false;
  error_ = nullptr;
  try {
    thread_ = std::thread(&Prefetcher::Run, this, next_, ThreadCount());
  } catch (const std::system_error& error) {
    throw Error(std::string("cannot start the thread that reads the data: ") + error.what(),
                ErrorKind::kRun);
  }
}

void Prefetcher::Stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Prefetcher::Run(int64_t number, int threads) {
  const ThreadScope scope(threads);
  const MemoryBudget::Scope memory(budget_);
  try {
    for (auto batch = WaitForRoom(); batch != nullptr; batch = WaitForRoom()) {
      load_(number, batch.get());
      ++number;
      {
        const std::lock_guard<std::mutex> lock(mutex_);
        ready_.push_back(std::move(batch));
      }
      changed_.notify_all();
    }
  } catch (...) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      error_ = std::current_exception();
    }
    changed_.notify_all();
  }
}

std::unique_ptr<Batch> Prefetcher::WaitForRoom() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return stopping_ || ready_.size() < depth_; });
  if (stopping_) return nullptr;
  if (spare_.empty()) {
    auto batch = std::make_unique<Batch>();
    batch->counted = counted_;
    return batch;
  }
  std::unique_ptr<Batch> batch = std::move(spare_.back());
  spare_.pop_back();
  return batch;
}

}  // namespace demitasse
