// demitasse run: what goes in.
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using RunInputsTest = ToolTest;

// loss = mean cross entropy of two items of three classes.
constexpr char kLossNet[] = R"(
layer { name: "data" type: "Input" top: "data" top: "label"
        input_param { shape { dim: 2 dim: 3 } shape { dim: 2 } } }
layer { name: "loss" type: "SoftmaxWithLoss" bottom: "data" bottom: "label" top: "loss" }
)";

TEST_F(RunInputsTest, TheNetTakesTheShapeOfTheArray) {
  const std::string x = WriteArray("x.npy", {2, 1, 2}, {1, 2, 3, 4});
  EXPECT_EQ("y  2 x 1 x 2  min 2  mean 5  max 8\n", Run(DoublingNet(), {"--input=x=" + x}).out);
}

TEST_F(RunInputsTest, TakesSingleValuesAndEmptyArrays) {
  const std::string scalar = WriteArray("scalar.npy", {}, {3});
  EXPECT_EQ("y  scalar  min 6  mean 6  max 6\n", Run(DoublingNet(), {"--input=x=" + scalar}).out);
  const std::string empty = WriteArray("empty.npy", {0, 3}, {});
  EXPECT_EQ("y  0 x 3  empty\n", Run(DoublingNet(), {"--input=x=" + empty}).out);
}

TEST_F(RunInputsTest, TakesIntegersInFortranOrder) {
  std::string header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }";
  header.resize(117, ' ');
  const std::string x = Write("x.npy", std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header +
                                           "\n\x01\x04\x02\x05\x03\x06");
  const NdArray y = RunForArray(DoublingNet(), {"--input=x=" + x}, "y.npy");
  EXPECT_THAT(y.shape, ElementsAre(2, 3));
  EXPECT_THAT(y.values, ElementsAre(2, 4, 6, 8, 10, 12));
}

TEST_F(RunInputsTest, TakesSeveralInputs) {
  const std::string data = WriteArray("data.npy", {2, 3}, {0, 0, 0, 0, 0, 0});
  const std::string label = WriteArray("label.npy", {2}, {0, 2});
  const std::string loss = "loss  scalar  min 1.09861  mean 1.09861  max 1.09861\nloss = 1.09861\n";
  EXPECT_EQ(loss, Run(kLossNet, {"--input=data=" + data + ",label=" + label}).out);
  EXPECT_EQ(loss, Run(kLossNet, {"--input=data=" + data, "--input=label=" + label}).out);
}

TEST_F(RunInputsTest, RandomInputsFollowTheSeed) {
  const NdArray first = RunForArray(DoublingNet(), {}, "y.npy");
  EXPECT_EQ(3U, first.values.size());
  EXPECT_NE(first.values[0], first.values[1]);
  EXPECT_EQ(first.values, RunForArray(DoublingNet(), {"--seed=1"}, "y.npy").values);
  EXPECT_NE(first.values, RunForArray(DoublingNet(), {"--seed=2"}, "y.npy").values);
}

TEST_F(RunInputsTest, RandomInputsAreNormalAndTheirOwn) {
  const std::string net = R"(
layer { name: "in" type: "Input" top: "a" top: "b" input_param { shape { dim: 10000 } } }
layer { name: "join" type: "Concat" bottom: "a" bottom: "b" top: "c" concat_param { axis: 0 } })";
  const NdArray both = RunForArray(net, {}, "c.npy");
  double sum = 0;
  double squares = 0;
  for (const float value : both.values) {
    sum += value;
    squares += value * value;
  }
  EXPECT_NEAR(0, sum / 20000, 0.03);
  EXPECT_NEAR(1, squares / 20000, 0.03);
  EXPECT_NE(both.values[0], both.values[10000]);

  const std::string a = WriteArray("a.npy", {10000}, std::vector<float>(10000));
  const NdArray b_alone = RunForArray(net, {"--input=a=" + a}, "c.npy");
  EXPECT_EQ(both.values[10000], b_alone.values[10000]);
}

TEST_F(RunInputsTest, LabelsMustBeGiven) {
  ExpectUsageError(Run(kLossNet),
                   "input 'label' holds labels or indices, which cannot be random; give "
                   "--input=label=FILE.npy");
}

TEST_F(RunInputsTest, WrongInputsAreUsageErrors) {
  ExpectUsageError(Run(DoublingNet(), {"--input=x"}), "--input=x: needs BLOB=FILE");
  ExpectUsageError(Run(DoublingNet(), {"--input=x="}), "--input=x=: needs BLOB=FILE");
  ExpectUsageError(Run(DoublingNet(), {"--input==a.npy"}), "--input==a.npy: needs BLOB=FILE");
  ExpectUsageError(Run(DoublingNet(), {"--input=x=a.npy,x=b.npy"}),
                   "--input names the blob 'x' twice");
  ExpectUsageError(Run(kLossNet, {"--input=lable=a.npy"}),
                   "--input=lable=a.npy: the net has no input 'lable'; did you mean 'label'? (its "
                   "inputs: data, label)");
  ExpectUsageError(Run(DoublingNet(), {"--input=y=a.npy"}),
                   "--input=y=a.npy: the net has no input 'y'; did you mean 'x'? (its inputs: x)");
  ExpectUsageError(Run("layer { name: 'd' type: 'DummyData' top: 'd' dummy_data_param { shape { "
                       "dim: 1 } } }",
                       {"--input=d=a.npy"}),
                   "--input=d=a.npy: the net has no inputs");
}

TEST_F(RunInputsTest, FilesThatCannotBeReadAreNamed) {
  ExpectError(Run(DoublingNet(), {"--input=x=" + Path("none.npy")}), 2,
              Path("none.npy") + ": error: cannot open the file: No such file or directory");
  const std::string text = Write("text.npy", "hello");
  ExpectError(Run(DoublingNet(), {"--input=x=" + text}), 2,
              text + ": error: this is not an npy file: it does not start with \\x93NUMPY");
}

TEST_F(RunInputsTest, ShapesThatDoNotFitNameTheLayerAndTheInput) {
  const std::string x = WriteArray("x.npy", {4}, {1, 2, 3, 4});
  const std::string net = R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 } } }
layer { name: "pick" type: "Slice" bottom: "x" top: "a" top: "b"
        slice_param { axis: 1 slice_point: 1 } })";
  const ProgramResult result = Run(net, {"--input=x=" + x, "--output=" + Path("out")});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_THAT(result.err, HasSubstr(Path("net.prototxt") + ":"));
  EXPECT_THAT(result.err, HasSubstr("error: layer 'pick' (Slice): "));
  EXPECT_THAT(result.err, HasSubstr("; by --input, 'x' is of 4 (4)\n"));
  EXPECT_FALSE(std::filesystem::exists(Path("out")));
}

TEST_F(RunInputsTest, GivesInputsAnotherShape) {
  const NdArray y = RunForArray(DoublingNet(), {"--input_shape=x=2x5"}, "y.npy");
  EXPECT_THAT(y.shape, ElementsAre(2, 5));
  EXPECT_NE(y.values[8], y.values[9]);
  const std::string x = WriteArray("x.npy", {1, 3}, {1, 2, 6});
  EXPECT_EQ("y  1 x 3  min 2  mean 6  max 12\n",
            Run(DoublingNet(), {"--input_shape=x=2x5", "--input=x=" + x}).out);
}

TEST_F(RunInputsTest, WrongShapesAreUsageErrors) {
  for (const char* value : {"1xx2", "1x", "-1", "1x2.5", "1,2"}) {
    const ProgramResult result = Run(DoublingNet(), {std::string("--input_shape=x=") + value});
    EXPECT_EQ(2, result.exit_code) << value;
    EXPECT_THAT(result.err, HasSubstr("error: --input_shape="));
  }
  const ProgramResult result = Run(kLossNet, {"--input_shape=data=3x3"});
  EXPECT_THAT(result.err, HasSubstr("input 'label' holds labels or indices"));
}

TEST_F(RunInputsTest, ArraysWithTooManyAxesAreNamed) {
  const std::string x = Write("x.npy", [] {
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
    for (int i = 0; i < 33; ++i) header += "1, ";
    header += "), }";
    header.resize(245, ' ');
    return std::string("\x93NUMPY\x01\x00\xf6\x00", 10) + header + "\n" + std::string(4, '\0');
  }());
  const ProgramResult result = Run(DoublingNet(), {"--input=x=" + x});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_THAT(result.err, testing::StartsWith(x + ": error: "));
  EXPECT_THAT(result.err, HasSubstr("32 axes"));
}

TEST_F(RunInputsTest, ArraysBeyondTheMemoryLimitAreNamed) {
  const std::string x = WriteArray("x.npy", {1000, 1000}, std::vector<float>(1000000));
  const ProgramResult result = Run(DoublingNet(), {"--input=x=" + x, "--memory_limit=1000000"});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_THAT(result.err, testing::StartsWith(x + ": error: input 'x': needs 4 MB more memory, "));
}

TEST_F(RunInputsTest, ArraysCannotBeJoined) {
  ExpectUsageError(Run(DoublingNet(), {"--input=x=a.npy:b.npy"}),
                   "--input=x=a.npy:b.npy: only pictures are joined by colons; put the batch in "
                   "one .npy file");
  const std::string odd = WriteArray("a:b.npy", {1}, {4});
  EXPECT_EQ("y  1  min 8  mean 8  max 8\n", Run(DoublingNet(), {"--input=x=" + odd}).out);
}

TEST_F(RunInputsTest, PictureFlagsNeedAPicture) {
  const std::string x = WriteArray("x.npy", {3}, {1, 2, 3});
  for (const char* flag : {"--mean=1", "--scale=2", "--rgb"}) {
    ExpectUsageError(Run(DoublingNet(), {"--input=x=" + x, flag}),
                     "--mean, --scale and --rgb have no effect without a picture as --input");
  }
}

}  // namespace
}  // namespace demitasse
