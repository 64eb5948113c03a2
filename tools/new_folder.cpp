#include "tools/new_folder.hpp"

#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "src/core/text.hpp"
#include "src/io/file.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

bool IsOfDataset(const fs::path& file) {
  const std::string name = file.filename().string();
  return name == "data.mdb" || name == "lock.mdb" || name == "list.txt" ||
         file.extension() == ".png";
}

// Throws unless there is nothing, or a folder that holds what `demitasse dataset` writes, and
// nothing else.
void CheckReplaceable(const std::string& path) {
  std::error_code code;
  if (!fs::exists(fs::symlink_status(path, code))) return;
  if (!fs::is_directory(path, code)) {
    throw Error(Location{path}, "this is a file, and a folder is to be made; remove it first");
  }
  for (const fs::directory_entry& entry : fs::directory_iterator(path, code)) {
    if (entry.is_regular_file(code) && IsOfDataset(entry.path())) continue;
    throw Error(Location{path}, Cat("holds '", OneLine(entry.path().filename().string()),
                                    "', which is of no data set; it is not replaced"));
  }
  if (code) throw SystemError(path, "cannot look into the folder", code.value());
}

}  // namespace

NewFolder::NewFolder(const std::string& path)
    : path_(path), temporary_(Cat(path, ".new.", getpid())) {
  CheckReplaceable(path_);
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);  // left behind by a killed process
}

NewFolder::~NewFolder() {
  std::error_code ignored;
  fs::remove_all(temporary_, ignored);
}

void NewFolder::MoveIntoPlace() {
  const std::string old = Cat(path_, ".old.", getpid());
  std::error_code code;
  const bool replaces = fs::exists(path_, code);
  if (replaces) fs::rename(path_, old, code);
  if (code) throw SystemError(path_, "cannot replace the folder", code.value());
  fs::rename(temporary_, path_, code);
  std::error_code ignored;
  if (code && replaces) fs::rename(old, path_, ignored);
  if (code) throw SystemError(path_, "cannot give the folder its name", code.value());
  if (replaces) fs::remove_all(old, ignored);
}

}  // namespace demitasse
