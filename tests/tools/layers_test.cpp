// demitasse layers, and the page it prints.
#include <cctype>
#include <set>
#include <sstream>

#include "tests/support/layer_sources.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(LayersTest, ListsAllTypesWithTheirFormulas) {
  const ProgramResult result = RunTool({"layers"});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_EQ("", result.err);
  for (const auto& [type, file] : LayerFiles())
    EXPECT_THAT("\n" + result.out, HasSubstr("\n" + type + " "));
  EXPECT_THAT(result.out, HasSubstr("\nSigmoid                  y = 1 / (1 + exp(-x))\n"));
  EXPECT_LT(result.out.find("\nPower "), result.out.find("\nPReLU "));
  EXPECT_THAT(result.out, HasSubstr("\n\ndemitasse layers TYPE tells all about one of them.\n"));
}

TEST(LayersTest, TellsAllAboutOneType) {
  const ProgramResult result = RunTool({"layers", "Reduction"});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_EQ("", result.err);
  EXPECT_EQ(R"(Reduction: y = coeff * s over all axes from `axis` on, with s the sum of x
(SUM), of |x| (ASUM), of x^2 (SUMSQ), or the mean of x (MEAN). y has the axes
before `axis`. The gradient of |x| is 0 at 0.

  bottoms   1
  tops      1
  in place  no
  gradient  of the bottom

Example:
  layer {
    name: "mean"
    type: "Reduction"
    bottom: "conv1"
    top: "mean"
    reduction_param {
      operation: MEAN
      axis: 1
    }
  }

reduction_param
  field      type   default  description
  operation  enum   SUM      What is made of the values.
                               SUM: Sum of x.
                               ASUM: Sum of |x|.
                               SUMSQ: Sum of x^2.
                               MEAN: Mean of x.
  axis       int32  0        First axis that is reduced; all behind it are, too.
                             Negative counts from the last.
  coeff      float  1        Factor on the result.
)",
            result.out);
}

TEST(LayersTest, TellsOfTheMessagesInsideParameters) {
  const std::string out = RunTool({"layers", "Input"}).out;
  EXPECT_THAT(out, HasSubstr("\n  shape  list of BlobShape           Shape of the tops"));
  EXPECT_THAT(out, HasSubstr("\nBlobShape: The size of a blob, outermost axis first.\n"));
  EXPECT_THAT(out, HasSubstr("\n  dim    list of int64           Size of each axis"));
}

TEST(LayersTest, FitsATerminal) {
  std::string out = RunTool({"layers"}).out;
  for (const auto& [type, file] : LayerFiles()) out += RunTool({"layers", type}).out;
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(LayersTest, TellsProgramsInJson) {
  const std::string one = RunTool({"layers", "PReLU", "--json"}).out;
  EXPECT_THAT(one,
              StartsWith(R"({"layers": [{"type": "PReLU", "summary": "y = x for x > 0, a * x)"));
  EXPECT_THAT(one, HasSubstr(R"({"field": "prelu_param", "message": "PReLUParameter")"));
  EXPECT_THAT(one, HasSubstr(R"({"name": "channel_shared", "type": "bool", "repeated": false, )"
                             R"("required": false, "default": "false")"));
  EXPECT_THAT(one, HasSubstr(R"("example": "layer {\u000a  name: \"prelu1\"\u000a)"));
  const std::string all = RunTool({"layers", "--json"}).out;
  for (const auto& [type, file] : LayerFiles()) {
    EXPECT_THAT(all, HasSubstr(Cat("{\"type\": \"", type, "\"")));
  }
}

void ExpectUsageError(const std::vector<std::string>& args, const std::string& message) {
  const ProgramResult result = RunTool(args);
  EXPECT_EQ(2, result.exit_code);
  EXPECT_EQ("", result.out);
  EXPECT_EQ("demitasse layers: error: " + message + "\nSee demitasse layers --help\n", result.err);
}

TEST(LayersTest, RefusesWhatItDoesNotKnow) {
  ExpectUsageError({"layers", "relu"}, "unknown layer type 'relu'; did you mean 'ReLU'?");
  ExpectUsageError({"layers", "Teleport"},
                   "unknown layer type 'Teleport'; demitasse layers lists them all");
  ExpectUsageError({"layers", "ReLU", "TanH"}, "takes one TYPE, got ReLU, TanH");
  ExpectUsageError({"layers", "--markdown", "ReLU"}, "--markdown prints all layers; give no TYPE");
  ExpectUsageError({"layers", "--markdwon"},
                   "unknown flag '--markdwon'; did you mean '--markdown'?");
}

TEST(LayersTest, ThePageInDocsIsWhatTheToolPrints) {
  const ProgramResult result = RunTool({"layers", "--markdown"});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_TRUE(result.out == ReadSource("docs/layers.md"))
      << "docs/layers.md is stale; renew it: build/release/demitasse layers --markdown > "
         "docs/layers.md";
}

TEST(LayersTest, EveryLinkWithinThePageHasATarget) {
  const std::string page = RunTool({"layers", "--markdown"}).out;
  std::set<std::string> targets;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, 2, "##") != 0) continue;
    std::string target = line.substr(line.find(' ') + 1);
    for (char& c : target) c = c == ' ' ? '-' : static_cast<char>(std::tolower(c));
    EXPECT_TRUE(targets.insert(target).second) << "two headings are " << target;
  }
  for (size_t at = page.find("](#"); at != std::string::npos; at = page.find("](#", at + 1)) {
    const std::string target = page.substr(at + 3, page.find(')', at) - at - 3);
    EXPECT_EQ(1U, targets.count(target)) << target;
  }
}

}  // namespace
}  // namespace demitasse
