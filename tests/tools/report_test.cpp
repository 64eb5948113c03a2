// demitasse report: its parts, and the page in a browser.
#include <cmath>
#include <cstdlib>

#include "tests/support/json.hpp"
#include "tests/tools/tool_fixture.hpp"
#include "tools/chart.hpp"
#include "tools/html.hpp"
#include "tools/report_page.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr char kModel[] =
    "--model=" DEMITASSE_SOURCE_DIR "/models/digits_prelu/digits_prelu.prototxt";
constexpr char kWeights[] =
    "--weights=" DEMITASSE_SOURCE_DIR "/models/digits_prelu/digits_prelu.caffemodel";
constexpr char kLog[] = R"(Iteration 0, Testing net (#0)
    Test net output #0: acc<&>uracy = 0.1
    Test net output #1: loss = 2.5 (* 1 = 2.5 loss)
Iteration 0, loss = 2
Iteration 0, lr = 0.5
Iteration 100, loss = 0.02
Iteration 100, lr = 0.25
Iteration 200, Testing net (#0)
    Test net output #0: acc<&>uracy = 0.9
    Test net output #1: loss = 0.1 (* 1 = 0.1 loss)
)";

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(HtmlTest, EscapesWhatWouldBeMarkup) {
  EXPECT_EQ("a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;", HtmlText("a <b> & \"c\" 'd'"));
}

TEST(ChartTest, TicksAreRoundNumbers) {
  EXPECT_THAT(RoundTicks(0, 1000, 5), ElementsAre(0, 200, 400, 600, 800, 1000));
  EXPECT_THAT(RoundTicks(3, 47, 5), ElementsAre(10, 20, 30, 40));
  EXPECT_THAT(RoundTicks(-1, 1, 4), ElementsAre(-1, -0.5, 0, 0.5, 1));
}

TEST(ChartTest, CurvesHaveGapsWhereValuesAreNotFinite) {
  const double nan = std::nan("");
  const HistorySeries series{"a", false, {{0, 0}, {1, 1}, {2, nan}, {3, 1}, {4, 0}}};
  const std::string html = ChartHtml({"T", {series}, false});
  // 0.06 of the range is room above: 1 of 0 to 1.06 is at 1000 * (1 - 1 / 1.06).
  EXPECT_THAT(html, HasSubstr("d=\"M0 1000h0L250 56.6M750 56.6h0L1000 1000\""));
}

TEST(ChartTest, WideRangesOfLossesAreLogarithmic) {
  const HistorySeries series{"a", true, {{0, 100}, {1, 0.01}}};
  EXPECT_THAT(ChartHtml({"T", {series}, true}), HasSubstr("%\">0.1</span>"));
  EXPECT_THAT(ChartHtml({"T", {series}, false}), Not(HasSubstr("%\">0.1</span>")));
}

TEST(ChartTest, ManyPointsAreThinnedAndExtremesKept) {
  HistorySeries series{"a", false, {}};
  for (int i = 0; i < 100000; ++i) series.points.push_back({i, i == 54321 ? 7.0 : i % 2 * 1.0});
  const std::string html = ChartHtml({"T", {series}, false});
  EXPECT_LT(html.size(), 200000U);
  EXPECT_THAT(html, HasSubstr("[54321, 7]"));
}

class ReportTest : public ToolTest {
 protected:
  std::string Read(const std::string& name) const {
    std::ifstream file(Path(name));
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  // The page of a log and a net.
  std::string Page() const {
    const ProgramResult result =
        RunTool({"report", "--log=" + Write("train.log", kLog), kModel, kWeights, "--iterations=1",
                 "--output=" + Path("report.html"), "--title=<Digits>"});
    EXPECT_EQ(0, result.exit_code) << result.err;
    EXPECT_EQ("", result.out);
    EXPECT_THAT(result.err, testing::AnyOf("", HasSubstr("install graphviz")));
    return Read("report.html");
  }
};

TEST_F(ReportTest, TellsOfTheRunAndTheNet) {
  const std::string page = Page();
  EXPECT_THAT(page, HasSubstr("<h1>&lt;Digits&gt;</h1>"));
  EXPECT_THAT(page, HasSubstr("<b>200</b>iterations"));
  EXPECT_THAT(page, HasSubstr("<b>0.02</b>training loss at the end"));
  EXPECT_THAT(page, HasSubstr("<b>0.9</b>best test acc&lt;&amp;&gt;uracy, at iteration 200"));
  EXPECT_THAT(page, HasSubstr("<b>0.1</b>best test loss, at iteration 200"));
  EXPECT_EQ(4, Count(page, "<path class=\"curve"));
  EXPECT_THAT(page, HasSubstr("<figcaption>Test acc&lt;&amp;&gt;uracy</figcaption>"));
  EXPECT_THAT(page, HasSubstr("<figcaption>Learning rate</figcaption>"));
  EXPECT_THAT(page, HasSubstr("<h2>Slopes of PReLU</h2>"));
  EXPECT_THAT(page, HasSubstr("conv2 <small>Convolution</small>"));
}

TEST_F(ReportTest, NeedsNothingElse) {
  const std::string page = Page();
  for (const char* part : {"src=", "href=\"http", "url(", "@import", "acc<"}) {
    EXPECT_THAT(page, Not(HasSubstr(part)));
  }
}

TEST_F(ReportTest, LeavesOutWhatItHasNoInputFor) {
  RunTool({"report", "--log=" + Write("train.log", "Iteration 0, loss = 2\n"),
           "--output=" + Path("log.html")});
  EXPECT_EQ(1, Count(Read("log.html"), "<path class=\"curve"));
  EXPECT_EQ(2, Count(Read("log.html"), "<h2>"));
  RunTool({"report", kModel, "--iterations=0", "--output=" + Path("net.html")});
  EXPECT_EQ(0, Count(Read("net.html"), "<path class=\"curve"));
}

TEST_F(ReportTest, ShowsEveryLossOfANetWithSeveral) {
  RunTool({"report", "--output=" + Path("log.html"), "--log=" + Write("train.log", R"(
Iteration 0, loss = 2
    Train net output #0: near = 1 (* 1 = 1 loss)
    Train net output #1: far = 0.5 (* 2 = 1 loss)
)")});
  EXPECT_THAT(Read("log.html"), HasSubstr("<figcaption>Losses of the training net</figcaption>"));
}

TEST_F(ReportTest, TellsWhichUnitsAreDead) {
  const std::string net = Write("net.prototxt", R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: [1, 2, 3, 3] } } }
layer { name: "below" type: "Power" bottom: "x" top: "y" power_param { shift: -100 } }
layer { name: "relu" type: "ReLU" bottom: "y" top: "y" })");
  RunTool({"report", "--model=" + net, "--iterations=0", "--output=" + Path("net.html")});
  const std::string page = Read("net.html");
  EXPECT_THAT(page, HasSubstr("<h2>Dead units of ReLU</h2>"));
  EXPECT_THAT(page, HasSubstr("<td>18</td><td>18</td><td>2 of 2</td>"));
}

TEST_F(ReportTest, LeavesThePictureOutWithoutGraphviz) {
  const std::string path = std::getenv("PATH");
  setenv("PATH", Path("").c_str(), 1);
  const ProgramResult result =
      RunTool({"report", kModel, "--iterations=0", "--output=" + Path("net.html")});
  setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(0, result.exit_code);
  EXPECT_THAT(result.err,
              HasSubstr("] the picture of the net is left out: Graphviz cannot draw the graph: "
                        "its program dot was not found"));
  EXPECT_THAT(Read("net.html"), Not(HasSubstr("<h2>Network</h2>")));
}

TEST_F(ReportTest, PrintsJson) {
  const JsonValue report = ParseJson(
      RunTool({"report", "--log=" + Write("train.log", kLog), kModel, kWeights, "--json"}).out);
  const JsonValue& accuracy = Field(Field(Field(report, "training"), "test"), "acc<&>uracy");
  ASSERT_EQ(2, accuracy.list_value().values_size());
  EXPECT_EQ(200, accuracy.list_value().values(1).list_value().values(0).number_value());
  EXPECT_EQ(0.9, accuracy.list_value().values(1).list_value().values(1).number_value());
  for (const char* const part : {"graph", "blobs", "time"}) {
    EXPECT_EQ(1U, report.struct_value().fields().count(part)) << part;
  }
}

TEST_F(ReportTest, SaysWhatItNeeds) {
  const auto error = [](const std::vector<std::string>& args) { return RunTool(args).err; };
  EXPECT_THAT(error({"report"}), HasSubstr("there is no place to write to; give --output=FILE"));
  EXPECT_THAT(error({"report", "--output=x.html"}),
              HasSubstr("there is nothing to report; give --log=FILE, --model=NET.prototxt"));
  EXPECT_THAT(error({"report", "--output=x.html", "--log=a.log", kWeights}),
              HasSubstr("--weights need a net; give --model=NET.prototxt"));
}

TEST_F(ReportTest, OpensInABrowser) {
  const auto chromium = [](std::vector<std::string> args) {
    args.insert(args.begin(), {"chromium", "--headless", "--no-sandbox", "--disable-gpu"});
    return RunProgram("/usr/bin/env", args);
  };
  if (chromium({"--version"}).exit_code != 0) GTEST_SKIP() << "there is no chromium to open it in";
  Page();
  const ProgramResult result =
      chromium({"--user-data-dir=" + Path("profile"), "--enable-logging=stderr", "--dump-dom",
                "file://" + Path("report.html")});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_THAT(result.err, Not(HasSubstr("CONSOLE")));  // where errors of scripts go
  EXPECT_EQ(4, Count(result.out, "<path class=\"curve"));
  EXPECT_EQ(3, Count(result.out, "<div class=\"tip\" hidden"));  // which the script made
}

}  // namespace
}  // namespace demitasse
