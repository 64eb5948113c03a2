// demitasse run: pictures as input.
#include "demitasse/caffe.pb.h"
#include "src/io/encode_picture.hpp"
#include "tests/tools/tool_fixture.hpp"

#ifdef DEMITASSE_WITH_PICTURES
namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

// A PNG of 1 x 2 pixels: red, green, blue = 255, 0, 10 and 50, 100, 200.
constexpr char kColours[] =
    "89504e470d0a1a0a0000000d49484452000000020000000108020000007b40e8dd0000000f4944415478da63f8cfc0"
    "6594720200084f02687e0e52190000000049454e44ae426082";
// Grey, 1 x 2 pixels: 100 and 200.
constexpr char kGreys[] =
    "89504e470d0a1a0a0000000d4948445200000002000000010800000000d14920560000000b4944415478da63483901"
    "000193012d12e7c9910000000049454e44ae426082";

class RunPicturesTest : public ToolTest {
 protected:
  static std::string Net(const std::string& dimensions) {
    std::string dims;
    for (const char dimension : dimensions) dims += Cat("dim: ", dimension, " ");
    return Cat("layer { name: 'data' type: 'Input' top: 'data' input_param { shape { ", dims,
               "} } }");
  }

  std::vector<float> Values(const std::string& dimensions, std::vector<std::string> flags) const {
    flags.push_back("--input=data=" + colours_);
    return RunForArray(Net(dimensions), flags, "data.npy").values;
  }

  const std::string colours_ = Write("colours.png", FromHex(kColours));
  const std::string greys_ = Write("greys.png", FromHex(kGreys));
};

TEST_F(RunPicturesTest, PlanesAreBlueGreenRed) {
  EXPECT_THAT(Values("1312", {}), ElementsAre(10, 200, 0, 100, 255, 50));
  EXPECT_THAT(Values("1312", {"--rgb"}), ElementsAre(255, 50, 0, 100, 10, 200));
}

TEST_F(RunPicturesTest, ColoursBecomeGreyForOneChannel) {
  EXPECT_THAT(Values("1112", {}), ElementsAre(77, 96));
}

TEST_F(RunPicturesTest, PicturesAreScaledToTheInput) {
  EXPECT_THAT(Values("1311", {}), ElementsAre(105, 50, 153));
}

TEST_F(RunPicturesTest, TheMeanIsSubtractedBeforeScaling) {
  EXPECT_THAT(Values("1312", {"--mean=10"}), ElementsAre(0, 190, -10, 90, 245, 40));
  EXPECT_THAT(Values("1312", {"--mean=10,20,30", "--scale=0.5"}),
              ElementsAre(0, 95, -10, 40, 112.5, 10));
  EXPECT_THAT(Values("1312", {"--mean", "-1,-2,-3"}), ElementsAre(11, 201, 2, 102, 258, 53));
}

TEST_F(RunPicturesTest, TheMeanMayBeAnArray) {
  const std::string whole = WriteArray("whole.npy", {3, 1, 2}, {1, 2, 3, 4, 5, 6});
  EXPECT_THAT(Values("1312", {"--mean=" + whole}), ElementsAre(9, 198, -3, 96, 250, 44));
  const std::string channels = WriteArray("channels.npy", {3}, {1, 2, 3});
  EXPECT_THAT(Values("1312", {"--mean=" + channels}), ElementsAre(9, 199, -2, 98, 252, 47));
  const std::string planes = WriteArray("planes.npy", {1, 3, 1, 1}, {1, 2, 3});
  EXPECT_THAT(Values("1312", {"--mean=" + planes}), ElementsAre(9, 199, -2, 98, 252, 47));
}

TEST_F(RunPicturesTest, TheMeanMayBeCaffesMeanFile) {
  caffe::BlobProto mean;
  mean.set_num(1);
  mean.set_channels(3);
  mean.set_height(1);
  mean.set_width(2);
  for (int i = 1; i <= 6; ++i) mean.add_data(static_cast<float>(i));
  const std::string file = Write("mean.binaryproto", mean.SerializeAsString());
  EXPECT_THAT(Values("1312", {"--mean=" + file}), ElementsAre(9, 198, -3, 96, 250, 44));

  mean.mutable_data()->RemoveLast();
  Write("mean.binaryproto", mean.SerializeAsString());
  const ProgramResult result = Run(Net("1312"), {"--input=data=" + colours_, "--mean=" + file});
  ExpectError(result, 2, file + ": error: the shape 1 3 1 2 (6) needs 6 values, got 5");
}

TEST_F(RunPicturesTest, SeveralPicturesMakeABatch) {
  const std::vector<std::string> flags = {"--input=data=" + colours_ + ":" + greys_};
  const NdArray data = RunForArray(Net("1312"), flags, "data.npy");
  EXPECT_THAT(data.shape, ElementsAre(2, 3, 1, 2));
  EXPECT_THAT(data.values, ElementsAre(10, 200, 0, 100, 255, 50, 100, 200, 100, 200, 100, 200));
  const std::vector<std::string> one = {"--input=data=" + greys_};
  EXPECT_THAT(RunForArray(Net("5112"), one, "data.npy").shape, ElementsAre(1, 1, 1, 2));
}

TEST_F(RunPicturesTest, TheInputMustHaveThePictureShape) {
  const std::string message =
      ": a picture needs an input of 4 axes (pictures, channels, height, width) with 1 or 3 "
      "channels, but 'data' is of ";
  for (const auto& [dimensions, shape] :
       {std::pair("13", "1 3 (3)"), std::pair("1212", "1 2 1 2 (4)")}) {
    Write("a.png", FromHex(kColours));
    const ProgramResult result = Run(Net(dimensions), {"--input=data=" + colours_});
    EXPECT_EQ(2, result.exit_code);
    EXPECT_THAT(result.err, HasSubstr(message + shape + "\n"));
  }
}

TEST_F(RunPicturesTest, PicturesBeyondTheMemoryLimitAreNamed) {
  const std::string large =
      Write("large.png", EncodePng({2000, 1000, 1, std::vector<uint8_t>(2000000)}));
  const ProgramResult result =
      Run(Net("1122"), {"--input=data=" + large, "--memory_limit=2000000"});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_THAT(result.err, testing::StartsWith(large + ": error: the picture of 1000 x 2000 pixels "
                                                      "needs 2 MB more memory, "));
}

TEST_F(RunPicturesTest, WrongMeansAreErrors) {
  const std::string input = "--input=data=" + colours_;
  ExpectUsageError(Run(Net("1312"), {input, "--mean=1,2"}),
                   "--mean=1,2: has 2 values, but the input 'data' has 3 channels");
  ExpectUsageError(Run(Net("1112"), {input, "--mean=1,2,3"}),
                   "--mean=1,2,3: has 3 values, but the input 'data' has 1 channel");
  ExpectUsageError(Run(Net("1312"), {input, "--mean=1,x"}),
                   "--mean=1,x: 'x' is not a number; give one value, one for each channel, or a "
                   ".npy or .binaryproto file");
  const std::string other = WriteArray("mean.npy", {3, 2, 2}, std::vector<float>(12));
  ExpectError(Run(Net("1312"), {input, "--mean=" + other}), 2,
              other +
                  ": error: the mean is of 3 2 2 (12), but pictures for the input 'data' are of 3 "
                  "1 2 (6); the sizes must be equal");
  const std::string text = Write("mean.binaryproto", "hello");
  ExpectError(Run(Net("1312"), {input, "--mean=" + text}), 2,
              text +
                  ": error: this is no .binaryproto file (an array as a BlobProto message), or it "
                  "is damaged");
}

TEST_F(RunPicturesTest, WrongFilesAreErrors) {
  ExpectError(Run(Net("1312"), {"--input=data=" + Path("none.png")}), 2,
              Path("none.png") + ": error: cannot open the file: No such file or directory");
  const std::string text = Write("text.png", "hello");
  ExpectError(Run(Net("1312"), {"--input=data=" + text}), 2,
              text +
                  ": error: this is neither a PNG nor a JPEG picture, whatever its name says; "
                  "convert it to one of them");
  ExpectUsageError(Run(Net("1312"), {"--input=data=a.png:"}),
                   "--input=data=a.png:: has an empty name between its colons");
}

}  // namespace
}  // namespace demitasse
#endif
