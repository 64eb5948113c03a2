// All headers of include/caffe at once, in the form old sources include them; what only these have.
#if __has_include(<glog/logging.h>)
#include <glog/logging.h>  // before ours, whose CHECK must be the one that stays
#endif

#include <gtest/gtest.h>

#include <csignal>

#include "caffe/caffe.hpp"
#include "caffe/layers/input_layer.hpp"
#include "caffe/layers/lstm_layer.hpp"
#include "caffe/layers/rnn_layer.hpp"
#include "caffe/util/benchmark.hpp"
#include "caffe/util/rng.hpp"
#include "caffe/util/signal_handler.h"
#include "caffe/vision_layers.hpp"
#include "demitasse/error.hpp"

namespace caffe {
namespace {

TEST(Headers, ReplaceGlogsCheck) {
  EXPECT_THROW(CHECK(false), demitasse::Error);
  EXPECT_THROW(LOG(FATAL) << "x", demitasse::Error);
}

TEST(SignalHandler, GivesTheActionOfASignalOnce) {
  SignalHandler handler(SolverAction::STOP, SolverAction::SNAPSHOT);
  const ActionCallback action = handler.GetActionFunction();
  EXPECT_EQ(SolverAction::NONE, action());
  std::raise(SIGINT);
  EXPECT_EQ(SolverAction::STOP, action());
  EXPECT_EQ(SolverAction::NONE, action());
  std::raise(SIGHUP);
  EXPECT_EQ(SolverAction::SNAPSHOT, action());
}

TEST(Random, GeneratorsOfOneSeedAreAlike) {
  const auto draw = [](unsigned int seed) {
    Caffe::RNG rng(seed);
    return (*static_cast<rng_t*>(rng.generator()))();
  };
  EXPECT_EQ(draw(7), draw(7));
  EXPECT_NE(draw(7), draw(8));
  EXPECT_EQ(&Caffe::Get(), &Caffe::Get());
}

TEST(Timer, RunsFromStartToStop) {
  Timer timer;
  EXPECT_EQ(0, timer.MilliSeconds());
  EXPECT_FALSE(timer.has_run_at_least_once());
  timer.Start();
  EXPECT_TRUE(timer.running());
  EXPECT_GE(timer.MicroSeconds(), 0);
  EXPECT_FALSE(timer.running());
}

TEST(NestedNet, TakesItsSeedFromTheNetAround) {
  const auto weight = [](unsigned int seed) {
    NetParameter param;
    LayerParameter* const input = param.add_layer();
    input->set_name("data");
    input->set_type("Input");
    input->add_top("data");
    input->mutable_input_param()->add_shape()->add_dim(2);
    input->mutable_input_param()->mutable_shape(0)->add_dim(4);
    LayerParameter* const nested = param.add_layer();
    nested->set_name("nested");
    nested->set_type("NestedNet");
    nested->add_bottom("data");
    nested->add_top("top");
    Caffe::set_random_seed(seed);
    Net<float> net(param);
    EXPECT_EQ("2 3 (6)", net.Forward()[0]->shape_string());
    return net.params()[0]->cpu_data()[0];
  };
  EXPECT_EQ(weight(1), weight(1));
  EXPECT_NE(weight(1), weight(2));
}

}  // namespace
}  // namespace caffe
