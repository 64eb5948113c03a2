// The files of tests/corpus/bad: nets with one mistake each, which the file's name tells.
#ifndef DEMITASSE_TESTS_SUPPORT_BAD_CORPUS_HPP_
#define DEMITASSE_TESTS_SUPPORT_BAD_CORPUS_HPP_

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace demitasse {

// Their paths, sorted.
inline std::vector<std::string> BadCorpus() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(
           std::filesystem::path(DEMITASSE_SOURCE_DIR) / "tests" / "corpus" / "bad")) {
    paths.push_back(entry.path().string());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace demitasse

#endif  // DEMITASSE_TESTS_SUPPORT_BAD_CORPUS_HPP_
