#include "tools/caffe_names.hpp"

#include "tests/tools/tool_fixture.hpp"
#include "tools/flags.hpp"

namespace demitasse {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Args = std::vector<std::string>;

TEST(CaffeNames, OtherNamesAreTheToolItself) {
  EXPECT_EQ((Args{"run", "--backward"}), TranslateCaffeCommand("demitasse", {"run", "--backward"}));
  EXPECT_EQ((Args{"train", "-solver", "s"}),
            TranslateCaffeCommand("/usr/bin/caffe", {"train", "-solver", "s"}));
}

TEST(CaffeNames, ProgramsGoToTheirCommands) {
  EXPECT_THAT(TranslateCaffeCommand("./convert_imageset", {"-gray", "root/", "list", "db"}),
              ElementsAre("dataset", "images", "-gray", "root/", "list", "db"));
  EXPECT_THAT(TranslateCaffeCommand("compute_image_mean", {"-backend", "lmdb", "db", "mean"}),
              ElementsAre("mean", "-backend", "lmdb", "db", "mean"));
  for (const char* name :
       {"upgrade_net_proto_text", "upgrade_net_proto_binary", "upgrade_solver_proto_text"}) {
    EXPECT_THAT(TranslateCaffeCommand(name, {"a", "b"}), ElementsAre("upgrade", "a", "b"));
  }
}

TEST(CaffeNames, ExtractFeaturesNamesWhatItIsGiven) {
  const Args args = {"w.caffemodel", "net.prototxt", "fc7,prob", "a,b", "10", "lmdb"};
  const Args expected = {"features",         "--weights=w.caffemodel", "--model=net.prototxt",
                         "--blobs=fc7,prob", "--output=a,b",           "--iterations=10",
                         "--format=lmdb"};
  EXPECT_EQ(expected, TranslateCaffeCommand("extract_features", args));
  Args on_gpu = args;
  on_gpu.insert(on_gpu.end(), {"GPU", "DEVICE_ID=1"});
  Args with_flag = expected;
  with_flag.emplace_back("--gpu=0");
  EXPECT_EQ(with_flag, TranslateCaffeCommand("extract_features", on_gpu));
  EXPECT_THROW(TranslateCaffeCommand("extract_features", {"w.caffemodel"}), UsageError);
}

class CaffeNamesTest : public ToolTest {
 protected:
  // The tool, called `name`.
  ProgramResult RunAs(const std::string& name, const Args& args) const {
    std::filesystem::create_symlink(DEMITASSE_TOOL, Path(name));
    return RunProgram(Path(name), args);
  }
};

TEST_F(CaffeNamesTest, LinksAreTheirPrograms) {
  const ProgramResult help = RunAs("convert_imageset", {"--help"});
  EXPECT_EQ(0, help.exit_code);
  EXPECT_THAT(help.out, HasSubstr("demitasse dataset images: "));

  const std::string old_net = Write("old.prototxt",
                                    "input: 'x' input_dim: 1 input_dim: 2 "
                                    "input_dim: 3 input_dim: 4");
  const ProgramResult upgrade = RunAs("upgrade_net_proto_text", {old_net, Path("new.prototxt")});
  EXPECT_EQ(0, upgrade.exit_code) << upgrade.err;
  EXPECT_THAT(upgrade.err, HasSubstr("Wrote upgraded NetParameter text proto to "));

  const ProgramResult wrong = RunAs("extract_features", {"a"});
  EXPECT_EQ(2, wrong.exit_code);
  EXPECT_THAT(wrong.err, HasSubstr("extract_features needs WEIGHTS NET"));

  const ProgramResult unknown = RunAs("caffe", {"trian"});
  EXPECT_THAT(unknown.err, HasSubstr("unknown command 'trian'; did you mean 'train'?"));
}

}  // namespace
}  // namespace demitasse
