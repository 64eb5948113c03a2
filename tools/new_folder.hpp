// A folder of files, such as a database, that appears under its name only when it is complete.
#ifndef DEMITASSE_TOOLS_NEW_FOLDER_HPP_
#define DEMITASSE_TOOLS_NEW_FOLDER_HPP_

#include <string>

namespace demitasse {

class NewFolder {
 public:
  // Makes nothing yet. Throws Error if something is there that is no data set, and so not to be
  // replaced.
  explicit NewFolder(const std::string& path);
  // Removes the folder unless it was moved.
  ~NewFolder();
  NewFolder(const NewFolder&) = delete;
  NewFolder& operator=(const NewFolder&) = delete;

  const std::string& path() const { return path_; }
  // Where to make it.
  const std::string& temporary() const { return temporary_; }
  void MoveIntoPlace();

 private:
  const std::string path_;
  const std::string temporary_;
};

}  // namespace demitasse

#endif  // DEMITASSE_TOOLS_NEW_FOLDER_HPP_
