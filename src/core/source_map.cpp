#include "demitasse/source_map.hpp"

#include <vector>

namespace demitasse {
namespace {

// Shortens `path` to that of the message or list around it; false if there is none.
bool Enclose(std::string* path) {
  const size_t end = path->find_last_of(".[");
  if (end == std::string::npos) return false;
  path->resize(end);
  return true;
}

}  // namespace

Location SourceMap::Find(const std::string& path) const {
  std::string enclosing = path;
  do {
    const auto it = places_.find(enclosing);
    if (it != places_.end()) return {file_, it->second.first, it->second.second};
  } while (Enclose(&enclosing));
  return {file_, 0, 0};
}

SourceMap SourceMap::Below(const std::string& path) const {
  SourceMap below(file_);
  const std::string prefix = path + ".";
  for (const auto& [key, place] : places_) {
    if (key.compare(0, prefix.size(), prefix) == 0)
      below.places_[key.substr(prefix.size())] = place;
  }
  return below;
}

void SourceMap::Rename(const std::unordered_map<std::string, std::string>& moves) {
  std::unordered_map<std::string, std::pair<int, int>> kept;
  std::vector<std::pair<std::string, std::pair<int, int>>> moved;
  for (auto& [path, place] : places_) {
    std::string key = path;
    auto move = moves.find(key);
    while (move == moves.end() && Enclose(&key)) move = moves.find(key);
    if (move == moves.end()) {
      kept.emplace(path, place);
    } else if (!move->second.empty()) {
      moved.emplace_back(move->second + path.substr(key.size()), place);
    }
  }
  for (auto& [path, place] : moved) kept[path] = place;
  places_ = std::move(kept);
}

}  // namespace demitasse
