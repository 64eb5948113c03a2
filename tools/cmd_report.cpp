// demitasse report: a page about a training run and its net.
#include <iostream>
#include <limits>
#include <memory>

#include "demitasse/log.hpp"
#include "demitasse/net.hpp"
#include "src/core/text.hpp"
#include "src/core/threads.hpp"
#include "src/io/atomic_file.hpp"
#include "tools/commands.hpp"
#include "tools/graph_dot.hpp"
#include "tools/graphviz.hpp"
#include "tools/json.hpp"
#include "tools/net_flags.hpp"
#include "tools/net_graph.hpp"
#include "tools/report_page.hpp"
#include "tools/run_inputs.hpp"
#include "tools/run_report.hpp"
#include "tools/shapes_net.hpp"

namespace demitasse {
namespace {

constexpr char kDescription[] =
    R"(Writes one HTML file, which needs no network. From logs (those of Caffe, those
of demitasse train on standard error and with --log_json): losses, results of
tests and the learning rate by iteration. From a net: its picture, if Graphviz
is installed, the layers that take longest, in TRAIN with the passes backward,
the units of ReLU that are dead, and the slopes that PReLU has learned.
)";

constexpr char kExamples[] = R"(  demitasse train --solver=solver.prototxt 2>train.log
  demitasse report --log=train.log --output=report.html
  demitasse report --log=train.log --model=deploy.prototxt \
      --weights=net.caffemodel --output=report.html
)";

struct ReportOptions {
  std::string output;
  bool json = false;
  std::string title;
  std::vector<std::string> logs;
  std::string model;
  std::vector<std::string> weights;
  NetOptions net;
  InputOptions inputs;
  int iterations = 10;
};

std::vector<FlagGroup> ReportFlags(ReportOptions* report) {
  NetOptions* const net = &report->net;
  return {{"The page",
           {TextFlag("output", "FILE.html", &report->output, "where it goes"),
            SwitchFlag("json", &report->json, "print what the page would tell as JSON instead"),
            TextFlag("title", "TEXT", &report->title, "its title; otherwise the net's name")}},
          {"What it tells of",
           {ListFlag("log", "FILE", &report->logs,
                     "logs of training; of several, later ones continue the earlier"),
            TextFlag("model", "NET.prototxt", &report->model, "the net"),
            ListFlag("weights", "A.caffemodel", &report->weights, "its weights"),
            PhaseFlag(&net->phase), LevelFlag(&net->level), StageFlag(&net->stages),
            LenientFlag(&net->lenient)}},
          {"The run of the net",
           {ListFlag("input", "BLOB=FILE", &report->inputs.files,
                     "the values of inputs, as with demitasse run; others get random numbers"),
            InputShapeFlag(&report->inputs.shapes),
            WholeFlag("iterations", &report->iterations, 0, std::numeric_limits<int>::max(),
                      "passes to time; 0: none"),
            EngineFlag(&net->engine), ThreadsFlag(&net->threads),
            MemoryLimitFlag(&net->memory_limit)}}};
}

TimeReport TimeNet(const ReportOptions& report, Net* net) {
  NetTimer timer(net);
  const bool has_backward = net->phase() == caffe::TRAIN;
  timer.WarmUpForward();
  if (has_backward) timer.WarmUpBackward();
  for (int i = 0; i < report.iterations; ++i) {
    timer.Forward();
    if (has_backward) timer.Backward();
  }
  return MakeTimeReport(timer, report.net.threads > 0 ? report.net.threads : ThreadCount());
}

// What was found out, as a page's sections and as JSON.
struct Findings {
  std::vector<ReportSection> sections;
  std::vector<std::pair<std::string, std::string>> json;
};

void AddTraining(const ReportOptions& report, Findings* findings) {
  const TrainingHistory history = ReadTrainingLogs(report.logs);
  findings->sections = {ResultSection(history), CurveSection(history)};
  findings->json.emplace_back("training", HistoryJson(history));
}

void AddRun(const ReportOptions& report, Net* net, Findings* findings) {
  FillInputs(report.inputs, net);
  for (const std::string& file : report.weights) net->CopyTrainedLayersFrom(file);
  const size_t inputs = net->input_names().size();
  const int batches = inputs == 0 ? 10 : 1;
  const InspectReport inspected = InspectRun(
      batches, [](int /*batch*/) {}, net);
  const std::string ran_on = inputs > report.inputs.files.size()
                                 ? "a batch of random numbers"
                                 : Cat(batches, batches == 1 ? " batch" : " batches");
  for (const ReportSection& section :
       {DeadUnitSection(inspected, ran_on), SlopeSection(inspected)}) {
    if (!section.title.empty()) findings->sections.push_back(section);
  }
  findings->json.emplace_back("blobs", InspectJson(inspected));
  if (report.iterations == 0) return;
  const TimeReport time = TimeNet(report, net);
  findings->sections.push_back(TimeSection(time));
  findings->json.emplace_back("time", TimeJson(time));
}

// Where Graphviz is not installed the section is left out.
void AddGraph(const ReportOptions& report, Findings* findings) {
  const NetGraph graph =
      MakeNetGraph(*ReadShapes({report.model, report.net, report.inputs.shapes}));
  findings->json.emplace_back("graph", GraphJson(graph));
  if (report.json) return;
  try {
    findings->sections.push_back(GraphSection(DrawGraph(GraphDot(graph, "LR"), "svg")));
  } catch (const Error& error) {
    LogWarning(Cat("the picture of the net is left out: ", error.message()));
  }
}

void CheckOptions(const ReportOptions& report) {
  if (report.output.empty() != report.json) {
    throw UsageError(report.json ? "--json prints; it does not go with --output"
                                 : "there is no place to write to; give --output=FILE");
  }
  if (report.logs.empty() && report.model.empty()) {
    throw UsageError("there is nothing to report; give --log=FILE, --model=NET.prototxt or both");
  }
  if (report.model.empty() && !report.weights.empty()) {
    throw UsageError("--weights need a net; give --model=NET.prototxt");
  }
}

void Report(ReportOptions report) {
  CheckOptions(report);
  Findings findings;
  if (!report.logs.empty()) AddTraining(report, &findings);
  std::string title = "Training report";
  if (!report.model.empty()) {
    report.inputs.zero_indices = true;
    Net net(report.model, report.net);
    title = net.name().empty() ? report.model : net.name();
    AddGraph(report, &findings);
    AddRun(report, &net, &findings);
  }
  if (report.json) {
    std::cout << JsonObject(findings.json) << "\n";
    return;
  }
  const std::string page =
      ReportPage(report.title.empty() ? title : report.title, findings.sections);
  AtomicFile file(report.output);
  file.Write(page.data(), page.size());
  file.Commit();
}

}  // namespace

Command ReportCommand() {
  const auto report = std::make_shared<ReportOptions>();
  Command command;
  command.name = "demitasse report";
  command.summary = "a page about a training run and its net";
  command.usage = {"--log=FILE,... --output=FILE.html [flags]",
                   "--model=NET.prototxt --output=FILE.html [flags]"};
  command.description = kDescription;
  command.examples = kExamples;
  command.flags = ReportFlags(report.get());
  command.takes_plugins = true;
  command.run = [report] { Report(*report); };
  return command;
}

}  // namespace demitasse
