// Numbers as text.
#ifndef DEMITASSE_CAFFE_UTIL_FORMAT_HPP_
#define DEMITASSE_CAFFE_UTIL_FORMAT_HPP_

#include <iomanip>
#include <sstream>
#include <string>

namespace caffe {

// With zeros in front, up to so many digits.
inline std::string format_int(int n, int numberOfLeadingZeros = 0) {
  std::ostringstream text;
  text << std::setw(numberOfLeadingZeros) << std::setfill('0') << n;
  return text.str();
}

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_UTIL_FORMAT_HPP_
