// Runs of demitasse dataset, and what they leave.
#ifndef DEMITASSE_TESTS_TOOLS_DATASET_FIXTURE_HPP_
#define DEMITASSE_TESTS_TOOLS_DATASET_FIXTURE_HPP_

#include <string>
#include <utility>
#include <vector>

#include "src/io/database.hpp"
#include "src/io/datum.hpp"
#include "src/io/hdf5.hpp"
#include "tests/tools/tool_fixture.hpp"

namespace demitasse {

using Record = std::pair<std::string, caffe::Datum>;  // key and value

class DatasetTest : public ToolTest {
 protected:
  // demitasse dataset ARGS --output=<folder>/<output>
  ProgramResult Make(std::vector<std::string> args, const std::string& output) const {
    args.insert(args.begin(), "dataset");
    args.push_back("--output=" + Path(output));
    return RunTool(args);
  }

  // The records of the database that such a run, which must succeed, leaves.
  std::vector<Record> MakeLmdb(const std::vector<std::string>& args) const {
    const ProgramResult result = Make(args, "db");
    EXPECT_EQ(0, result.exit_code) << result.err;
    return result.exit_code == 0 ? RecordsOf("db") : std::vector<Record>{};
  }

  std::vector<Record> RecordsOf(const std::string& name) const {
    std::vector<Record> records;
    const auto cursor = OpenDatabase(Path(name), DatabaseKind::kLmdb);
    for (; !cursor->AtEnd(); cursor->Next()) {
      records.emplace_back(std::string(cursor->key()), ParseDatum(cursor->value()));
    }
    return records;
  }

  NdArray ReadHdf5(const std::string& file, const std::string& dataset) const {
    return Hdf5File(Path(file)).OpenDataset(dataset).ReadAll();
  }

  // The names of what is in the test's folder.
  std::set<std::string> Left() const { return FilesIn(""); }
};

// The shape and the bytes of a datum: "1x2x2: 1 2 3 4".
inline std::string Text(const caffe::Datum& datum) {
  std::string text = Cat(datum.channels(), "x", datum.height(), "x", datum.width(), ":");
  for (const char byte : datum.data()) text += Cat(" ", int{static_cast<unsigned char>(byte)});
  for (const float value : datum.float_data()) text += Cat(" ", value, "f");
  return text;
}

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_TOOLS_DATASET_FIXTURE_HPP_
