#include "src/io/find_file.hpp"

#include <filesystem>
#include <system_error>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

// False also for what may not be looked at.
bool Exists(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

std::string FindFile(const std::string& path, const std::string& named_in) {
  if (path.empty()) throw Error("the name of the file is empty");
  if (Exists(path)) return path;
  const fs::path folder = fs::path(named_in).parent_path();
  if (folder.empty() || fs::path(path).is_absolute()) {
    throw Error(Cat("there is no file '", path, "'"));
  }
  const fs::path beside = folder / path;
  if (Exists(beside)) return beside.string();
  throw Error(Cat("there is no file '", path, "', neither in the working directory nor in '",
                  folder.string(), "'"));
}

}  // namespace demitasse
