// Runs something in several threads at once.
#ifndef DEMITASSE_TESTS_THREADS_TOGETHER_HPP_
#define DEMITASSE_TESTS_THREADS_TOGETHER_HPP_

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace demitasse {

// Calls body(0), body(1) ... in a thread each, none before all threads are there. Throws what the
// first of them threw.
template <typename Body>
void Together(int count, const Body& body) {
  std::mutex mutex;
  std::condition_variable all_there;
  int there = 0;
  std::vector<std::exception_ptr> thrown(static_cast<size_t>(count));
  std::vector<std::thread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      {
        std::unique_lock<std::mutex> lock(mutex);
        if (++there == count) all_there.notify_all();
        all_there.wait(lock, [&] { return there == count; });
      }
      try {
        body(i);
      } catch (...) {
        thrown[static_cast<size_t>(i)] = std::current_exception();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& exception : thrown) {
    if (exception != nullptr) std::rethrow_exception(exception);
  }
}

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_THREADS_TOGETHER_HPP_
