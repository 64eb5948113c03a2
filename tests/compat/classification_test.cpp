// Programs in the manner of Caffe's examples, inside tests: one that classifies, one that trains.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <caffe/caffe.hpp>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "caffe/sgd_solvers.hpp"

using namespace caffe;  // NOLINT(build/namespaces)
using std::string;

namespace {

using testing::ElementsAre;

/* Pair (label, confidence) representing a prediction. */
typedef std::pair<string, float> Prediction;

bool PairCompare(const std::pair<float, int>& lhs, const std::pair<float, int>& rhs) {
  return lhs.first > rhs.first;
}

class Classifier {
 public:
  Classifier(const string& model_file, const string& trained_file, const string& mean_file,
             const vector<string>& labels);

  Prediction Classify(const vector<float>& image);

 private:
  void SetMean(const string& mean_file);
  void WrapInputLayer(std::vector<float*>* input_channels);

  shared_ptr<Net<float>> net_;
  int num_channels_;
  int height_, width_;
  Blob<float> mean_;
  std::vector<string> labels_;
};

Classifier::Classifier(const string& model_file, const string& trained_file,
                       const string& mean_file, const vector<string>& labels)
    : labels_(labels) {
#ifdef CPU_ONLY
  Caffe::set_mode(Caffe::CPU);
#else
  Caffe::set_mode(Caffe::GPU);
#endif
  net_.reset(new Net<float>(model_file, TEST));
  net_->CopyTrainedLayersFrom(trained_file);

  CHECK_EQ(net_->num_inputs(), 1) << "Network should have exactly one input.";
  CHECK_EQ(net_->num_outputs(), 1) << "Network should have exactly one output.";

  Blob<float>* input_layer = net_->input_blobs()[0];
  num_channels_ = input_layer->channels();
  CHECK(num_channels_ == 3 || num_channels_ == 1) << "Input layer should have 1 or 3 channels.";
  height_ = input_layer->height();
  width_ = input_layer->width();
  SetMean(mean_file);

  Blob<float>* output_layer = net_->output_blobs()[0];
  CHECK_EQ(labels_.size(), output_layer->channels())
      << "Number of labels is different from the output layer dimension.";
}

void Classifier::SetMean(const string& mean_file) {
  BlobProto blob_proto;
  ReadProtoFromBinaryFileOrDie(mean_file.c_str(), &blob_proto);
  mean_.FromProto(blob_proto);
  CHECK_EQ(mean_.channels(), num_channels_)
      << "Number of channels of mean file doesn't match input layer.";
}

void Classifier::WrapInputLayer(std::vector<float*>* input_channels) {
  Blob<float>* input_layer = net_->input_blobs()[0];
  float* input_data = input_layer->mutable_cpu_data();
  for (int i = 0; i < input_layer->channels(); ++i) {
    input_channels->push_back(input_data);
    input_data += width_ * height_;
  }
}

Prediction Classifier::Classify(const vector<float>& image) {
  Blob<float>* input_layer = net_->input_blobs()[0];
  input_layer->Reshape(1, num_channels_, height_, width_);
  /* Forward dimension change to all layers. */
  net_->Reshape();

  std::vector<float*> input_channels;
  WrapInputLayer(&input_channels);
  for (size_t c = 0; c < input_channels.size(); ++c) {
    const int plane = width_ * height_;
    caffe_sub(plane, image.data() + c * plane, mean_.cpu_data() + c * plane, input_channels[c]);
  }
  net_->Forward();

  Blob<float>* output_layer = net_->output_blobs()[0];
  const float* begin = output_layer->cpu_data();
  const float* end = begin + output_layer->channels();
  std::vector<std::pair<float, int>> pairs;
  for (const float* p = begin; p != end; ++p) {
    pairs.push_back(std::make_pair(*p, static_cast<int>(p - begin)));
  }
  std::partial_sort(pairs.begin(), pairs.begin() + 1, pairs.end(), PairCompare);
  return std::make_pair(labels_[pairs[0].second], pairs[0].first);
}

string Write(const string& name, const string& text) {
  const string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

const char kModel[] =
    "name: 'tiny'\n"
    "input: 'data'\n"
    "input_shape { dim: 1 dim: 1 dim: 1 dim: 2 }\n"
    "layer { name: 'fc' type: 'InnerProduct' bottom: 'data' top: 'fc' "
    "inner_product_param { num_output: 2 } }\n"
    "layer { name: 'prob' type: 'Softmax' bottom: 'fc' top: 'prob' }\n";

TEST(Classification, ReadsModelWeightsAndMean) {
  const string model = Write("classification.prototxt", kModel);
  Net<float> net(model, TEST);
  const float weights[] = {1, 0, 0, 1};
  caffe_copy(4, weights, net.layer_by_name("fc")->blobs()[0]->mutable_cpu_data());
  NetParameter trained;
  net.ToProto(&trained);
  const string caffemodel = testing::TempDir() + "classification.caffemodel";
  WriteProtoToBinaryFile(trained, caffemodel);
  BlobProto mean;
  mean.set_num(1);
  mean.set_channels(1);
  mean.set_height(1);
  mean.set_width(2);
  mean.add_data(10);
  mean.add_data(20);
  const string mean_file = testing::TempDir() + "classification.binaryproto";
  WriteProtoToBinaryFile(mean, mean_file.c_str());

  Classifier classifier(model, caffemodel, mean_file, {"cat", "dog"});
  const Prediction cat = classifier.Classify({13, 20});
  EXPECT_EQ("cat", cat.first);
  EXPECT_FLOAT_EQ(1 / (1 + std::exp(-3.f)), cat.second);
  EXPECT_EQ("dog", classifier.Classify({10, 21}).first);
  EXPECT_THROW(Classifier(model, caffemodel, mean_file, {"cat"}), demitasse::Error);
}

TEST(Classification, WeightsGoToHdf5AndBack) {
  const string model = Write("hdf5.prototxt", kModel);
  Net<float> net(model, TEST);
  net.params()[0]->mutable_cpu_data()[3] = 5;
  net.ToHDF5(testing::TempDir() + "weights.h5");
  Net<float> other(model, TEST);
  other.CopyTrainedLayersFromHDF5(testing::TempDir() + "weights.h5");
  EXPECT_EQ(5, other.params()[0]->cpu_data()[3]);
}

TEST(Classification, ANetTellsItsParts) {
  Net<float> net(Write("parts.prototxt", kModel), TEST);
  EXPECT_EQ("tiny", net.name());
  EXPECT_EQ(TEST, net.phase());
  EXPECT_THAT(net.blob_names(), ElementsAre("data", "fc", "prob"));
  EXPECT_THAT(net.output_blob_indices(), ElementsAre(2));
  EXPECT_THAT(net.bottom_ids(2), ElementsAre(1));
  EXPECT_THAT(net.top_ids(1), ElementsAre(1));
  EXPECT_STREQ("InnerProduct", net.layers()[1]->type());
  EXPECT_THAT(net.blob_loss_weights(), ElementsAre(0, 0, 0));
  EXPECT_THAT(net.param_display_names(), ElementsAre("0", "1"));
  Blob<float> input(1, 1, 1, 2);
  const vector<Blob<float>*> bottom(1, &input);
  float loss = -1;
  const vector<Blob<float>*>& result = net.Forward(bottom, &loss);
  EXPECT_EQ(0, loss);
  EXPECT_EQ(0.5f, result[0]->cpu_data()[0]);

  NetParameter param;
  ReadNetParamsFromTextFileOrDie(Write("parts.prototxt", kModel), &param);
  param.mutable_state()->set_phase(TRAIN);
  Net<float> sharer(param);
  EXPECT_EQ(TRAIN, sharer.phase());
  sharer.ShareTrainedLayersWith(&net);
  EXPECT_EQ(net.params()[0]->cpu_data(), sharer.params()[0]->cpu_data());
}

const char kSolver[] =
    "net_param { name: 'line' layer { name: 'data' type: 'DummyData' top: 'x' top: 'y' "
    "dummy_data_param { shape { dim: 4 dim: 1 } data_filler { value: 1 } data_filler { value: 3 } "
    "} } layer { name: 'fc' type: 'InnerProduct' bottom: 'x' top: 'fc' inner_product_param { "
    "num_output: 1 weight_filler { type: 'gaussian' } } } layer { name: 'loss' type: "
    "'EuclideanLoss' bottom: 'fc' bottom: 'y' top: 'loss' } }\n"
    "base_lr: 0.1 lr_policy: 'fixed' max_iter: 200 type: 'Nesterov' snapshot_after_train: false\n";

TEST(Training, SolvesAndSteps) {
  SolverParameter solver_param;
  ReadSolverParamsFromTextFileOrDie(Write("solver.prototxt", kSolver), &solver_param);
  Caffe::set_random_seed(1701);
  shared_ptr<Solver<float>> solver(SolverRegistry<float>::CreateSolver(solver_param));
  EXPECT_STREQ("Nesterov", solver->type());
  solver->Step(1);
  EXPECT_EQ(1, solver->iter());
  solver->Solve();
  EXPECT_EQ(200, solver->iter());
  EXPECT_THAT(solver->net()->bottom_need_backward()[2], ElementsAre(true, false));
  EXPECT_THAT(solver->net()->blob_loss_weights(), ElementsAre(0, 0, 0, 1));
  EXPECT_NEAR(3, solver->net()->blob_by_name("fc")->cpu_data()[0], 1e-3);
}

TEST(Training, HasAClassForEachType) {
  SolverParameter solver_param;
  ReadSolverParamsFromTextFileOrDie(Write("solver2.prototxt", kSolver), &solver_param);
  Caffe::set_random_seed(9);
  SGDSolver<float> solver(solver_param);
  EXPECT_STREQ("SGD", solver.type());
  const shared_ptr<Net<float>> net = solver.net();
  const float first = net->params()[0]->cpu_data()[0];
  Caffe::set_random_seed(9);
  AdamSolver<float> same(solver_param);
  EXPECT_EQ(first, same.net()->params()[0]->cpu_data()[0]);
  int asked = 0;
  solver.SetActionFunction(
      [&asked] { return ++asked == 3 ? SolverAction::STOP : SolverAction::NONE; });
  solver.Solve();
  EXPECT_EQ(3, solver.iter());
}

TEST(Training, SnapshotsWhenAskedAndStartsFromAFile) {
  const string prefix = testing::TempDir() + "snapshot_when_asked";
  SGDSolver<float> solver(
      Write("solver3.prototxt", string(kSolver) + "snapshot_prefix: '" + prefix + "'"));
  int asked = 0;
  solver.SetActionFunction([&asked] {
    ++asked;
    return asked == 2   ? SolverAction::SNAPSHOT
           : asked == 3 ? SolverAction::STOP
                        : SolverAction::NONE;
  });
  solver.Solve();
  SGDSolver<float> resumed(solver.param());
  resumed.Restore((prefix + "_iter_2.solverstate").c_str());
  EXPECT_EQ(2, resumed.iter());
}

TEST(Text, IsWrittenAndReadAgain) {
  FillerParameter filler;
  filler.set_type("msra");
  const string path = testing::TempDir() + "filler.prototxt";
  WriteProtoToTextFile(filler, path);
  FillerParameter read;
  EXPECT_TRUE(ReadProtoFromTextFile(path, &read));
  EXPECT_EQ("msra", read.type());
  EXPECT_FALSE(ReadProtoFromTextFile(Write("bad.prototxt", "typ: 'msra'"), &read));
  EXPECT_THROW(ReadProtoFromTextFileOrDie(path + "x", &read), demitasse::Error);
}

}  // namespace
