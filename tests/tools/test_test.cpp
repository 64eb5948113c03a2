// demitasse test.
#include "demitasse/caffe.pb.h"
#include "src/io/write_message.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;

// y = w x for x = 2, with a loss of (y - 6)^2 / 2.
constexpr char kNet[] = R"(
layer { name: "data" type: "DummyData" top: "x" top: "target"
        dummy_data_param { shape { dim: 1 dim: 1 } data_filler { value: 2 } data_filler { value: 6 } } }
layer { name: "fc" type: "InnerProduct" bottom: "x" top: "y"
        inner_product_param { num_output: 1 bias_term: false } }
layer { name: "loss" type: "EuclideanLoss" bottom: "y" bottom: "target" top: "loss" }
)";

class TestTest : public ToolTest {};

TEST_F(TestTest, AveragesTheOutputsOverBatches) {
  caffe::NetParameter weights;
  weights.add_layer()->set_name("fc");
  caffe::BlobProto* const blob = weights.mutable_layer(0)->add_blobs();
  for (int axis = 0; axis < 2; ++axis) blob->mutable_shape()->add_dim(1);
  blob->add_data(1);
  WriteMessage(Path("net.caffemodel"), weights);
  const ProgramResult result = RunTool({"test", "--model=" + Write("net.prototxt", kNet),
                                        "--weights=" + Path("net.caffemodel"), "--iterations=2"});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_THAT(result.err, HasSubstr("Batch 1, loss = 8\n"));
  EXPECT_THAT(result.err, HasSubstr("Loss: 8\n"));
  EXPECT_THAT(result.err, HasSubstr("loss = 8 (* 1 = 8 loss)\n"));
}

TEST_F(TestTest, SaysWhatItNeeds) {
  EXPECT_THAT(RunTool({"test"}).err,
              HasSubstr("there is no net to test; give --model=NET.prototxt"));
  EXPECT_THAT(RunTool({"test", "--model=net.prototxt"}).err,
              HasSubstr("there are no weights to test; give --weights=NET.caffemodel"));
}

}  // namespace
}  // namespace demitasse
