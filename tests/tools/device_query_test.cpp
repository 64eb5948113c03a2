// demitasse device_query.
#include <sstream>

#include "tests/support/json.hpp"
#include "tests/tools/tool_fixture.hpp"
#include "tools/processor.hpp"

namespace demitasse {
namespace {

using testing::ContainsRegex;

TEST(DeviceQueryTest, PrintsALineForEachFact) {
  const ProgramResult result = RunTool({"device_query"});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_EQ("", result.err);
  EXPECT_THAT(result.out, ContainsRegex("^processor     .+\ncores         [0-9]+.*\n"));
  EXPECT_THAT(result.out, ContainsRegex("\nmemory        [0-9.e+]+ [KMGT]B\n"));
  EXPECT_THAT(result.out, ContainsRegex("\nthreads       [1-9][0-9]*\n"));
  EXPECT_THAT(result.out, ContainsRegex("\nOpenBLAS      [0-9.]+"));
#ifdef DEMITASSE_WITH_ONEDNN
  EXPECT_THAT(result.out, ContainsRegex("\noneDNN        [0-9.]+"));
#else
  EXPECT_THAT(result.out, ContainsRegex("\noneDNN        not built in\n"));
#endif
#ifdef DEMITASSE_WITH_LEVELDB
  EXPECT_THAT(result.out, ContainsRegex("\nLevelDB       [0-9.]+\n"));
#else
  EXPECT_THAT(result.out, ContainsRegex("\nLevelDB       not built in\n"));
#endif
}

TEST(DeviceQueryTest, PrintsJson) {
  const ProgramResult result = RunTool({"device_query", "--json"});
  const JsonValue facts = ParseJson(result.out);
  EXPECT_GE(NumberOf(facts, "logical_cores"), 1);
  EXPECT_GE(NumberOf(facts, "threads"), 1);
  EXPECT_GE(NumberOf(facts, "memory_bytes"), 1 << 20);
  EXPECT_EQ(3, Field(facts, "cache_bytes").list_value().values_size());
  std::vector<std::string> names;
  for (const JsonValue& library : Field(facts, "libraries").list_value().values()) {
    names.push_back(TextOf(library, "name"));
    EXPECT_EQ(Field(library, "built_in").bool_value(), !TextOf(library, "version").empty());
  }
  EXPECT_THAT(names, testing::ElementsAre("oneDNN", "OpenBLAS", "HDF5", "LMDB", "LevelDB", "libpng",
                                          "libjpeg"));
}

TEST(DeviceQueryTest, CountsPhysicalCores) {
  std::istringstream cpuinfo(
      "processor\t: 0\nmodel name\t: Some Processor\nphysical id\t: 0\ncore id\t\t: 0\n\n"
      "processor\t: 1\nmodel name\t: Some Processor\nphysical id\t: 0\ncore id\t\t: 0\n\n"
      "processor\t: 2\nmodel name\t: Some Processor\nphysical id\t: 1\ncore id\t\t: 0\nflags\t:\n");
  Processor processor;
  ReadCpuInfo(&cpuinfo, &processor);
  EXPECT_EQ("Some Processor", processor.name);
  EXPECT_EQ(2, processor.physical_cores);
}

TEST(DeviceQueryTest, MayNotKnow) {
  std::istringstream cpuinfo("processor: 0\n: odd\nBogoMIPS: 50.00\n");
  Processor processor;
  ReadCpuInfo(&cpuinfo, &processor);
  EXPECT_EQ("", processor.name);
  EXPECT_EQ(0, processor.physical_cores);
}

TEST(DeviceQueryTest, TakesCaffesFlag) {
  const ProgramResult result = RunTool({"device_query", "--gpu=0"});
  EXPECT_EQ(0, result.exit_code);
  EXPECT_THAT(result.err, testing::HasSubstr("there is no code for a GPU; the CPU computes"));
}

}  // namespace
}  // namespace demitasse
