// The mean of the last losses, which solvers show.
#ifndef DEMITASSE_SRC_SOLVER_SMOOTHED_LOSS_HPP_
#define DEMITASSE_SRC_SOLVER_SMOOTHED_LOSS_HPP_

#include <cstddef>
#include <vector>

namespace demitasse {

class SmoothedLoss {
 public:
  // The mean is over `window` losses, 1 or more, or as many as there are yet.
  explicit SmoothedLoss(int window) : window_(static_cast<size_t>(window)) {}

  void Restart() {
    losses_.clear();
    next_ = 0;
    mean_ = 0;
  }

  // Returns the mean with `loss` among them.
  float Add(float loss) {
    if (losses_.size() < window_) {
      const auto count = static_cast<float>(losses_.size());
      losses_.push_back(loss);
      mean_ = (mean_ * count + loss) / (count + 1);
    } else {
      mean_ += (loss - losses_[next_]) / static_cast<float>(window_);
      losses_[next_] = loss;
      next_ = (next_ + 1) % window_;
    }
    return mean_;
  }

 private:
  size_t window_;
  std::vector<float> losses_;
  size_t next_ = 0;  // the oldest, once there are `window_`
  float mean_ = 0;
};

}  // namespace demitasse

#endif  // DEMITASSE_SRC_SOLVER_SMOOTHED_LOSS_HPP_
