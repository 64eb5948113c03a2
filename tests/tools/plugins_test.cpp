// --plugins and DEMITASSE_PLUGIN_PATH.
#include <cstdlib>

#include "demitasse/version.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const std::string kFolder = DEMITASSE_TEST_PLUGINS;
const std::string kSoftplus = kFolder + "/softplus.so";

// y = log(1 + exp(2 x)) / 2 for x = 0.
constexpr char kNet[] = R"(
layer { name: "x" type: "DummyData" top: "x" dummy_data_param { shape { dim: 1 } } }
layer { name: "y" type: "Softplus" bottom: "x" top: "y" extra_param { key: "beta" value: "2" } }
)";
constexpr float kY = 0.34657359f;  // log(2) / 2

class PluginsTest : public ToolTest {
 protected:
  ~PluginsTest() override { unsetenv("DEMITASSE_PLUGIN_PATH"); }

  static void SetPluginPath(const std::string& path) {
    setenv("DEMITASSE_PLUGIN_PATH", path.c_str(), 1);
  }

  // What is said of a plugin that cannot be loaded.
  static std::string ErrorOf(const std::string& plugin) {
    const ProgramResult result = RunTool({"layers", "--plugins=" + plugin});
    EXPECT_EQ(2, result.exit_code);
    EXPECT_EQ("", result.out);
    return result.err;
  }
};

TEST_F(PluginsTest, AreLoadedForANet) {
  const NdArray y = RunForArray(kNet, {"--plugins=" + kSoftplus}, "y.npy");
  ASSERT_EQ(1U, y.values.size());
  EXPECT_FLOAT_EQ(kY, y.values[0]);
  EXPECT_THAT(Run(kNet).err, HasSubstr("unknown layer type 'Softplus'"));
}

TEST_F(PluginsTest, MayBeLinkedToTheSharedLibrary) {
  const ProgramResult result = Run(kNet, {"--plugins=" + kFolder + "/softplus_linked.so"});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_EQ("", result.err);  // no layer of the shared library took the place of the tool's
}

TEST_F(PluginsTest, HaveGradientsThatCanBeChecked) {
  const std::string net = Write("net.prototxt", R"(
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 } } }
layer { name: "y" type: "Softplus" bottom: "x" top: "y" extra_param { key: "beta" value: "2" } }
)");
  const ProgramResult result =
      RunTool({"gradcheck", "--model=" + net, "--plugins=" + kSoftplus, "--layer=y"});
  EXPECT_EQ(0, result.exit_code) << result.err;
  EXPECT_THAT(result.out, HasSubstr("Softplus"));
}

TEST_F(PluginsTest, AreKnownToEveryCommandThatReadsNets) {
  const std::string net = Write("net.prototxt", kNet);
  for (const std::vector<std::string>& command : {std::vector<std::string>{"check", net},
                                                  {"summary", "--model=" + net},
                                                  {"draw", "--model=" + net},
                                                  {"time", "--model=" + net, "--iterations=1"}}) {
    std::vector<std::string> args = command;
    args.push_back("--plugins=" + kSoftplus);
    const ProgramResult result = RunTool(args);
    EXPECT_EQ(0, result.exit_code) << command[0] << ": " << result.err;
  }
}

TEST_F(PluginsTest, AreListedWithTheirLayers) {
  const ProgramResult all = RunTool({"layers", "--plugins=" + kSoftplus});
  EXPECT_THAT(all.out, HasSubstr("\nSoftplus                 not built in\n"));
  EXPECT_THAT(RunTool({"layers"}).out, Not(HasSubstr("Softplus ")));
  const ProgramResult one = RunTool({"layers", "Softplus", "--plugins=" + kSoftplus});
  EXPECT_EQ(0, one.exit_code);
  EXPECT_EQ(R"(Softplus: not built in; what it reads from its extra_param, if anything, its author
tells

  bottoms   1
  tops      1
  in place  no
  gradient  of the bottom
)",
            one.out);
}

TEST_F(PluginsTest, ReportTheirParametersByFileAndLine) {
  const std::string net = Write("net.prototxt", R"(layer {
  name: "x" type: "Input" top: "x" input_param { shape { dim: 1 } } }
layer { name: "y" type: "Softplus" bottom: "x" top: "y"
  extra_param { key: "beta" value: "-2" } }
layer { name: "z" type: "Softplus" bottom: "y" top: "z"
  extra_param { key: "beat" value: "2" } }
)");
  const ProgramResult result = RunTool({"check", net, "--plugins=" + kSoftplus});
  EXPECT_EQ(2, result.exit_code);
  EXPECT_THAT(result.out + result.err,
              HasSubstr(net + ":4:36: error: layer 'y' (Softplus): beta must be greater than 0"));
}

TEST_F(PluginsTest, ReplaceALayerWithAWarning) {
  const std::string replacing = kFolder + "/replacing.so";
  const ProgramResult result = RunTool({"layers", "--plugins=" + kSoftplus + "," + replacing});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_THAT(result.err, HasSubstr(replacing + ": the plugin's layer type 'ReLU' replaces that of "
                                                "the program\n"));
  EXPECT_THAT(result.err, HasSubstr(replacing +
                                    ": the plugin's layer type 'Softplus' replaces that "
                                    "of " +
                                    kSoftplus + "\n"));
}

TEST_F(PluginsTest, AreLoadedOnce) {
  SetPluginPath(kSoftplus);
  const ProgramResult result = RunTool({"layers", "--plugins=" + kSoftplus + "," + kSoftplus});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_EQ("", result.err);
}

TEST_F(PluginsTest, OfTheEnvironmentAreFilesAndFolders) {
  std::filesystem::create_directories(Path("plugins"));
  std::filesystem::copy_file(kFolder + "/replacing.so", Path("plugins/b.so"));
  std::filesystem::copy_file(kSoftplus, Path("plugins/a.so"));
  Write("plugins/README.txt", "no plugin");
  SetPluginPath(":" + Path("plugins"));
  const ProgramResult folder = Run(kNet);
  EXPECT_EQ(0, folder.exit_code);
  EXPECT_THAT(folder.err, HasSubstr(Path("plugins/b.so") +
                                    ": the plugin's layer type 'Softplus' "
                                    "replaces that of " +
                                    Path("plugins/a.so")));
  SetPluginPath(kSoftplus);
  EXPECT_EQ(0, Run(kNet).exit_code);
  SetPluginPath(Path("none.so"));
  ExpectError(Run(kNet), 2,
              Path("none.so") +
                  ": error: cannot load the plugin: cannot open shared object file: No "
                  "such file or directory (DEMITASSE_PLUGIN_PATH names it)");
}

TEST_F(PluginsTest, ThatCannotBeLoadedAreErrors) {
  EXPECT_EQ(Path("none.so") +
                ": error: cannot load the plugin: cannot open shared object file: No "
                "such file or directory\n",
            ErrorOf(Path("none.so")));
  EXPECT_EQ(
      "./libc.so.6: error: cannot load the plugin: cannot open shared object file: No such "
      "file or directory\n",
      ErrorOf("libc.so.6"));  // not searched for
  const std::string text = Write("text.so", "This is a text.\n");
  EXPECT_EQ(text + ": error: cannot load the plugin: file too short\n", ErrorOf(text));
  EXPECT_THAT(ErrorOf(Path("")), StartsWith(Path("") + ": error: cannot load the plugin: "));
}

TEST_F(PluginsTest, ThatDoNotFitThisProgramAreErrors) {
  const std::string unresolved = kFolder + "/unresolved.so";
  EXPECT_EQ(unresolved +
                ": error: the plugin uses demitasse::NotInAnyVersion(int), which is not in this "
                "program (Demitasse " DEMITASSE_VERSION
                "); compile it for this version, or link it with the library that has it\n",
            ErrorOf(unresolved));
  const std::string empty = kFolder + "/empty.so";
  EXPECT_EQ(empty +
                ": error: the plugin registers no layer; DEMITASSE_REGISTER_LAYER(\"Type\", "
                "Class) does\n",
            ErrorOf(empty));
  const std::string old = kFolder + "/old.so";
  EXPECT_EQ(old + ": error: the plugin was compiled for Demitasse 0.0.1, this is " DEMITASSE_VERSION
                  "; compile it again\n",
            ErrorOf(old));
}

}  // namespace
}  // namespace demitasse
