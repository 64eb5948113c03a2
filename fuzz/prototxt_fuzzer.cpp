// prototxt: nets and solvers as `demitasse check` looks at them: read, upgraded, built for their
// shapes in both phases, and judged.
#include "fuzz/target.hpp"
#include "tools/check_files.hpp"

namespace demitasse {
namespace {

void Read(const std::string& bytes) {
  const MemoryFile file(bytes);
  FileCheck check;
  check.net.options.memory_limit = int64_t{64} << 20;
  CheckFile(file.path(), check);
}

std::vector<std::string> Seeds() {
  std::vector<std::string> seeds = FilesOfTree("models", ".prototxt");
  for (const char* folder : {"tests/corpus/bad", "tests/corpus/check"}) {
    for (std::string& text : FilesOfTree(folder, ".prototxt")) seeds.push_back(std::move(text));
  }
  return seeds;
}

}  // namespace

const bool kPrototxtTarget = RegisterFuzzTarget({"prototxt", Read, Seeds});

}  // namespace demitasse
