// What every source written for Caffe takes for granted: names of the standard library in the
// namespace caffe, CHECK and LOG, the macros around classes, the class Caffe.
#ifndef DEMITASSE_CAFFE_COMMON_HPP_
#define DEMITASSE_CAFFE_COMMON_HPP_

#include <algorithm>
#include <cfloat>
#include <climits>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#if __has_include(<gflags/gflags.h>)
#include <gflags/gflags.h>  // IWYU pragma: export
#endif

#include "caffe/util/check.hpp"             // IWYU pragma: export
#include "caffe/util/device_alternate.hpp"  // IWYU pragma: export
#include "demitasse/caffe.pb.h"             // IWYU pragma: export
#include "demitasse/export.hpp"
#include "demitasse/random.hpp"

// Caffe's shared pointer is Boost's, here it is the standard's. Code that names Boost's is content
// with that one where Boost itself is not installed.
#if !__has_include(<boost/shared_ptr.hpp>)
namespace boost {
using std::make_shared;
using std::shared_ptr;
using std::weak_ptr;
}  // namespace boost
#endif

#define STRINGIFY(m) #m
#define AS_STRING(m) STRINGIFY(m)

#define DISABLE_COPY_AND_ASSIGN(classname) \
 private:                                  \
  classname(const classname&);             \
  classname& operator=(const classname&)

// Caffe makes double beside float.
#define INSTANTIATE_CLASS(classname)   \
  char gInstantiationGuard##classname; \
  template class classname<float>

#define INSTANTIATE_LAYER_GPU_FORWARD(classname) \
  static_assert(true, "Demitasse computes on the CPU only")
#define INSTANTIATE_LAYER_GPU_BACKWARD(classname) INSTANTIATE_LAYER_GPU_FORWARD(classname)
#define INSTANTIATE_LAYER_GPU_FUNCS(classname) INSTANTIATE_LAYER_GPU_FORWARD(classname)

namespace caffe {

using std::fstream;
using std::ios;
using std::isinf;
using std::isnan;
using std::iterator;
using std::make_pair;
using std::map;
using std::ostringstream;
using std::pair;
using std::set;
using std::shared_ptr;
using std::string;
using std::stringstream;
using std::vector;

class rng_t;

// Reads the flags of the command line, as Caffe's programs do first.
#if __has_include(<gflags/gflags.h>) && __has_include(<glog/logging.h>)
inline void GlobalInit(int* pargc, char*** pargv) {
  gflags::ParseCommandLineFlags(pargc, pargv, true);
  ::google::InitGoogleLogging(*(pargv)[0]);
}
#else
inline void GlobalInit(int* /*pargc*/, char*** /*pargv*/) {}
#endif

namespace compat {

// The stream that random numbers of code written for Caffe come from: the one of the net whose
// layer this thread runs; outside any layer one of the thread.
DEMITASSE_API demitasse::Rng* CurrentRng();
// Starts the thread's stream anew; nets that it builds from now on have that seed.
DEMITASSE_API void SeedThread(uint64_t seed);
// The seed, if SeedThread was called.
DEMITASSE_API std::optional<uint64_t> ThreadSeed();

}  // namespace compat

// What Caffe keeps for each thread. Here nothing but the seed is kept: the mode is always CPU.
class DEMITASSE_API Caffe {
 public:
  enum Brew { CPU, GPU };

  static Caffe& Get();

  // A stream of random numbers; generator() points to a caffe::rng_t.
  class DEMITASSE_API RNG {
   public:
    RNG();
    explicit RNG(unsigned int seed);
    void* generator();

   private:
    std::shared_ptr<rng_t> generator_;
  };
  static RNG& rng_stream();
  static void set_random_seed(unsigned int seed) { compat::SeedThread(seed); }

  static Brew mode() { return CPU; }
  // Throw Error if they are asked for a GPU.
  static void set_mode(Brew mode) {
    if (mode == GPU) NO_GPU;
  }
  static void SetDevice(int /*device_id*/) { NO_GPU; }
  static void DeviceQuery() { NO_GPU; }
  static bool CheckDevice(int /*device_id*/) { return false; }
  static int FindDevice(int /*start_id*/ = 0) { return -1; }

  static int solver_count() { return 1; }
  static void set_solver_count(int /*count*/) {}
  static int solver_rank() { return 0; }
  static void set_solver_rank(int /*rank*/) {}
  static bool multiprocess() { return false; }
  static void set_multiprocess(bool /*value*/) {}
  static bool root_solver() { return true; }
  static void set_root_solver(bool /*value*/) {}
};

}  // namespace caffe

#endif  // DEMITASSE_CAFFE_COMMON_HPP_
