#include "tests/support/layer_sources.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

namespace demitasse {

std::string ReadSource(const std::string& path) {
  std::ifstream in(std::string(DEMITASSE_SOURCE_DIR "/") + path);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::map<std::string, std::string> LayerFiles() {
  const std::regex registration("\nDEMITASSE_REGISTER_LAYER\\(\"(\\w+)\"");
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(DEMITASSE_SOURCE_DIR "/layers")) {
    if (entry.path().extension() != ".cpp") continue;
    const std::string name = entry.path().stem().string();
    const std::string text = ReadSource("layers/" + name + ".cpp");
    std::smatch match;
    if (std::regex_search(text, match, registration)) files[match[1]] = name;
  }
  return files;
}

}  // namespace demitasse
