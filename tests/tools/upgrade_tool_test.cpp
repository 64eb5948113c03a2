// demitasse upgrade.
#include "demitasse/caffe.pb.h"
#include "src/io/hdf5.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class UpgradeToolTest : public ToolTest {
 protected:
  std::string ReadAll(const std::string& name) const {
    std::ifstream file(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // What a file of these bytes becomes.
  std::string Upgraded(const std::string& bytes) const {
    const ProgramResult result = RunTool({"upgrade", Write("old", bytes), Path("new")});
    EXPECT_EQ(0, result.exit_code) << result.err;
    EXPECT_EQ("", result.out);
    return result.exit_code == 0 ? ReadAll("new") : "";
  }
};

TEST_F(UpgradeToolTest, NetsOfV1BecomeTodays) {
  const std::string old = R"(name: "größe"
layers { name: "c" type: CONVOLUTION bottom: "x" top: "c" blobs_lr: 2
         convolution_param { num_output: 3 kernel_size: 5 } })";
  EXPECT_EQ(R"(name: "größe"
layer {
  name: "c"
  type: "Convolution"
  bottom: "x"
  top: "c"
  param {
    lr_mult: 2
  }
  convolution_param {
    num_output: 3
    kernel_size: 5
  }
}
)",
            Upgraded(old));
}

TEST_F(UpgradeToolTest, SaysWhatWasUpgradedAndWritten) {
  const ProgramResult result =
      RunTool({"upgrade", Write("old", "layers { name: 'r' type: RELU }"), Path("new")});
  EXPECT_THAT(result.err, HasSubstr("net written in V1 form (layers { ... }) upgraded"));
  EXPECT_THAT(result.err, HasSubstr("Wrote upgraded NetParameter text proto to " + Path("new")));
}

TEST_F(UpgradeToolTest, TodaysNetStaysTheSame) {
  const std::string net = "layer {\n  name: \"r\"\n  type: \"ReLU\"\n}\n";
  EXPECT_EQ(net, Upgraded(net));
}

TEST_F(UpgradeToolTest, SolversAreToldFromNets) {
  EXPECT_EQ("base_lr: 0.01\nnet: \"net.prototxt\"\ntype: \"AdaGrad\"\n",
            Upgraded("net: 'net.prototxt' base_lr: 0.01 solver_type: ADAGRAD"));
  const ProgramResult result = RunTool({"upgrade", Write("old", "max_iter: 1"), Path("new")});
  EXPECT_THAT(result.err, HasSubstr("Wrote upgraded SolverParameter text proto to "));
}

TEST_F(UpgradeToolTest, WeightsKeepTheirValues) {
  caffe::NetParameter old;
  auto* layer = old.add_layers();
  layer->set_name("ip");
  layer->set_type(caffe::V1LayerParameter::INNER_PRODUCT);
  layer->mutable_inner_product_param()->set_num_output(2);
  auto* blob = layer->add_blobs();
  blob->set_num(1);
  blob->set_channels(1);
  blob->set_height(2);
  blob->set_width(1);
  blob->add_data(0.5F);
  blob->add_data(-3);
  caffe::NetParameter net;
  ASSERT_TRUE(net.ParseFromString(Upgraded(old.SerializeAsString())));
  EXPECT_EQ(0, net.layers_size());
  ASSERT_EQ(1, net.layer_size());
  EXPECT_EQ("ip", net.layer(0).name());
  EXPECT_EQ("InnerProduct", net.layer(0).type());
  EXPECT_EQ(2U, net.layer(0).inner_product_param().num_output());
  ASSERT_EQ(1, net.layer(0).blobs_size());
  EXPECT_EQ(2, net.layer(0).blobs(0).height());
  EXPECT_THAT(net.layer(0).blobs(0).data(), ElementsAre(0.5F, -3));
}

TEST_F(UpgradeToolTest, AFileMayReplaceItself) {
  const std::string path = Write("net", "layers { name: 'r' type: RELU }");
  EXPECT_EQ(0, RunTool({"upgrade", path, path}).exit_code);
  EXPECT_EQ("layer {\n  name: \"r\"\n  type: \"ReLU\"\n}\n", ReadAll("net"));
}

TEST_F(UpgradeToolTest, WrongTextsLeaveNothing) {
  const std::string net = Write("net", "layers { name: 'r'\n  type: RELUU }");
  const ProgramResult result = RunTool({"upgrade", net, Path("new")});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_THAT(result.err, HasSubstr(net + ":2:9: error: "));
  const std::string solver = Write("solver", "max_iter: 1\nbase_ler: 2");
  EXPECT_THAT(RunTool({"upgrade", solver, Path("new")}).err,
              StartsWith(solver + ":2:1: error: unknown field 'base_ler'"));
  EXPECT_THAT(FilesIn(""), ElementsAre("net", "solver"));
}

TEST_F(UpgradeToolTest, OtherFilesAreErrors) {
  const std::string bytes = Write("bytes", std::string("\x00\x01\x02\x03", 4));
  ExpectError(RunTool({"upgrade", bytes, Path("new")}), 2,
              bytes + ": error: this is no .prototxt and no .caffemodel, or it is damaged");
  const std::string hdf5 = Write("w.h5", "\x89HDF\r\n\x1a\n" + std::string(100, '\0'));
#ifdef DEMITASSE_WITH_HDF5
  ExpectError(RunTool({"upgrade", hdf5, Path("new")}), 2,
              hdf5 + ": error: this is in HDF5 form, which has not changed; use it as it is");
#endif
  ExpectError(RunTool({"upgrade", Path("none"), Path("new")}), 2,
              Path("none") + ": error: cannot open the file: No such file or directory");
  EXPECT_THAT(RunTool({"upgrade", bytes}).err, HasSubstr("needs two names"));
  EXPECT_THAT(FilesIn(""), ElementsAre("bytes", "w.h5"));
}

}  // namespace
}  // namespace demitasse
