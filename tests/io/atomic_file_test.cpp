#include "src/io/atomic_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <set>

#include "src/io/file.hpp"
#include "tests/io/io_test_files.hpp"

namespace demitasse {
namespace {

namespace fs = std::filesystem;

void Put(const std::string& path, const std::string& text) {
  AtomicFile file(path);
  file.Write(text.data(), text.size());
  file.Commit();
}

// A new folder, so that a test sees all files that are left.
std::string NewFolder() {
  const std::string folder = TempPath("folder");
  fs::create_directory(folder);
  return folder;
}

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

TEST(AtomicFileTest, HasItsNameOnlyAfterCommit) {
  const std::string folder = NewFolder();
  const std::string path = folder + "/a";
  AtomicFile file(path);
  file.Write("one", 3);
  file.Write("two", 3);
  EXPECT_FALSE(fs::exists(path));
  file.Commit();
  EXPECT_EQ("onetwo", ReadBytes(path));
  EXPECT_EQ(std::vector<std::string>{"a"}, FilesIn(folder));
}

TEST(AtomicFileTest, LeavesNothingWithoutCommit) {
  const std::string folder = NewFolder();
  { AtomicFile(folder + "/a").Write("x", 1); }
  EXPECT_TRUE(FilesIn(folder).empty());
}

TEST(AtomicFileTest, OldContentStaysUntilCommit) {
  const std::string folder = NewFolder();
  Put(folder + "/a", "old");
  { AtomicFile(folder + "/a").Write("new", 3); }
  EXPECT_EQ("old", ReadBytes(folder + "/a"));
  Put(folder + "/a", "new");
  EXPECT_EQ("new", ReadBytes(folder + "/a"));
  EXPECT_EQ(std::vector<std::string>{"a"}, FilesIn(folder));
}

TEST(AtomicFileTest, SeveralWritersOfOneNameDoNotMix) {
  const std::string path = NewFolder() + "/a";
  AtomicFile first(path);
  AtomicFile second(path);
  first.Write("first", 5);
  second.Write("second", 6);
  second.Commit();
  first.Commit();
  EXPECT_EQ("first", ReadBytes(path));
}

TEST(AtomicFileTest, PermissionsFollowTheUmask) {
  const std::string path = TempPath("a");
  const mode_t old_mask = umask(027);
  Put(path, "x");
  umask(old_mask);
  struct stat status = {};
  ASSERT_EQ(0, stat(path.c_str(), &status));
  EXPECT_EQ(mode_t{0640}, status.st_mode & 0777);
}

TEST(AtomicFileTest, SymbolicLinksStayLinks) {
  const std::string folder = NewFolder();
  fs::create_directory(folder + "/data");
  fs::create_symlink("data/a", folder + "/link");
  Put(folder + "/link", "new file");
  EXPECT_TRUE(fs::is_symlink(folder + "/link"));
  EXPECT_EQ("new file", ReadBytes(folder + "/data/a"));
  Put(folder + "/link", "replaced");
  EXPECT_TRUE(fs::is_symlink(folder + "/link"));
  EXPECT_EQ("replaced", ReadBytes(folder + "/data/a"));
}

TEST(AtomicFileTest, DevicesAreWrittenToAndNotReplaced) {
  Put("/dev/null", "x");
  EXPECT_TRUE(fs::is_character_file("/dev/null"));
}

TEST(AtomicFileTest, FullDiskIsAFailedRun) {
  AtomicFile file("/dev/full");
  try {
    file.Write("x", 1);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ("/dev/full: error: cannot write the file: No space left on device", error.what());
    EXPECT_EQ(ErrorKind::kRun, error.kind());
  }
}

TEST(AtomicFileTest, WhatIsNoFileMayBeClosed) {
  const std::string path = TempPath("socket");
  const int socket_file = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof(address.sun_path));
  path.copy(address.sun_path, path.size());
  ASSERT_EQ(0, bind(socket_file, reinterpret_cast<sockaddr*>(&address), sizeof(address)));
  EXPECT_EQ("cannot open for writing: No such device or address",
            ErrorAt(path, [&] { const AtomicFile file(path); }));
  close(socket_file);
}

TEST(AtomicFileTest, AFolderThatHasTakenItsNameMeanwhileStays) {
  const std::string folder = NewFolder();
  {
    AtomicFile file(folder + "/a");
    fs::create_directory(folder + "/a");
    EXPECT_EQ("cannot replace the file: Is a directory",
              ErrorAt(folder + "/a", [&] { file.Commit(); }));
  }
  EXPECT_TRUE(fs::is_directory(folder + "/a"));
  EXPECT_EQ(std::vector<std::string>{"a"}, FilesIn(folder));
}

TEST(AtomicFileTest, FailedWriteLeavesNothingBehind) {
  const std::string folder = NewFolder();
  rlimit old_limit = {};
  ASSERT_EQ(0, getrlimit(RLIMIT_FSIZE, &old_limit));
  const auto old_handler = signal(SIGXFSZ, SIG_IGN);
  rlimit limit = old_limit;
  limit.rlim_cur = 1000;
  ASSERT_EQ(0, setrlimit(RLIMIT_FSIZE, &limit));
  const std::string message =
      ErrorAt(folder + "/a", [&] { Put(folder + "/a", std::string(5000, 'x')); });
  setrlimit(RLIMIT_FSIZE, &old_limit);
  signal(SIGXFSZ, old_handler);
  EXPECT_EQ("cannot write the file: File too large", message);
  EXPECT_TRUE(FilesIn(folder).empty());
}

TEST(AtomicFileTest, LeftoversOfKilledProcessesAreRemoved) {
  const std::string folder = NewFolder();
  const pid_t ended = fork();
  if (ended == 0) _exit(0);
  ASSERT_EQ(ended, waitpid(ended, nullptr, 0));
  const std::string dead = ".tmp." + std::to_string(ended) + ".0";
  const std::string living = ".tmp." + std::to_string(getpid()) + ".0";
  const std::set<std::string> kept = {"net_1" + living, "other_1" + dead, "net_2",
                                      "net_3" + dead + "x", "net_4.tmp"};
  for (const std::string& name : kept) WriteBytes(folder + "/" + name, "x");
  WriteBytes(folder + "/net_1" + dead, "x");
  RemoveLeftovers(folder + "/net_");
  const std::vector<std::string> left = FilesIn(folder);
  EXPECT_EQ(kept, std::set<std::string>(left.begin(), left.end()));
  RemoveLeftovers(folder + "/missing/net_");
}

TEST(AtomicFileTest, WrongPathsAreInputErrors) {
  const std::string folder = NewFolder();
  EXPECT_EQ("cannot write to this: it is a directory",
            ErrorAt(folder, [&] { AtomicFile file(folder); }));
  const std::string path = folder + "/missing/a";
  try {
    AtomicFile file(path);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(path + ": error: cannot create the file: No such file or directory", error.what());
    EXPECT_EQ(ErrorKind::kInput, error.kind());
  }
  EXPECT_EQ("the name of the file to write is empty", ErrorAt("", [] { AtomicFile file(""); }));
}

TEST(InputFileTest, ReadsPiecesUpToTheEnd) {
  const std::string path = TempPath("a");
  WriteBytes(path, "abcde");
  InputFile file(path);
  char bytes[4] = {};
  EXPECT_EQ(5, file.known_size());
  EXPECT_EQ(3u, file.Read(bytes, 3));
  EXPECT_STREQ("abc", bytes);
  EXPECT_EQ(2u, file.Read(bytes, 3));
  EXPECT_STREQ("dec", bytes);
  EXPECT_EQ(0u, file.Read(bytes, 3));
}

TEST(ReadFileTest, ReadsAllUpToTheLimit) {
  const std::string path = TempPath("a");
  std::string text(200000, 'x');
  text[199999] = 'y';
  WriteBytes(path, text);
  EXPECT_EQ(text, ReadFile(path, 200000));
  EXPECT_EQ("the file is longer than 199999 bytes", ErrorAt(path, [&] { ReadFile(path, 199999); }));
  WriteBytes(path, "");
  EXPECT_EQ("", ReadFile(path, 0));
}

TEST(ReadFileTest, EndlessDevicesMeetTheLimit) {
  EXPECT_EQ("the file is longer than 1000000 bytes",
            ErrorAt("/dev/zero", [] { ReadFile("/dev/zero", 1000000); }));
}

TEST(ReadFileTest, SaysWhatIsWrongWithThePath) {
  const std::string path = TempPath("missing");
  EXPECT_EQ("cannot open the file: No such file or directory",
            ErrorAt(path, [&] { ReadFile(path, 10); }));
  EXPECT_EQ("this is a directory where a file is needed",
            ErrorAt(testing::TempDir(), [] { ReadFile(testing::TempDir(), 10); }));
  EXPECT_EQ("the name of the file to read is empty", ErrorAt("", [] { ReadFile("", 10); }));
}

}  // namespace
}  // namespace demitasse
