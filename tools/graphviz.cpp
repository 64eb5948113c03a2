#include "tools/graphviz.hpp"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "demitasse/error.hpp"
#include "src/core/text.hpp"

extern char** environ;

namespace demitasse {
namespace {

[[noreturn]] void Fail(const std::string& message) {
  throw Error("Graphviz cannot draw the graph: " + message, ErrorKind::kRun);
}

// A file without a name. Unlike pipes, two of them cannot make two programs wait for each other.
using TemporaryFile = std::unique_ptr<FILE, int (*)(FILE*)>;

TemporaryFile MakeTemporaryFile() {
  TemporaryFile file(std::tmpfile(), std::fclose);
  if (file == nullptr) Fail(Cat("no temporary file: ", std::strerror(errno)));
  return file;
}

std::string ReadAll(FILE* file) {
  std::rewind(file);
  std::string text;
  char piece[4096];
  for (size_t got = 0; (got = std::fread(piece, 1, sizeof piece, file)) > 0;) {
    text.append(piece, got);
  }
  return text;
}

// Runs `dot` and returns its exit code.
int RunDot(const std::string& format, FILE* in, FILE* out, FILE* err) {
  std::string program = "dot";
  std::string flag = "-T" + format;
  char* const argv[] = {program.data(), flag.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(in), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(out), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(err), STDERR_FILENO);
  pid_t pid = 0;
  const int failed = posix_spawnp(&pid, "dot", &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT) {
    Fail("its program dot was not found; install graphviz, or write the graph as a .dot file");
  }
  if (failed != 0) Fail(Cat("its program dot cannot be started: ", std::strerror(failed)));
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) Fail(Cat("waiting for its program dot: ", std::strerror(errno)));
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

std::string DrawGraph(const std::string& dot, const std::string& format) {
  const TemporaryFile in = MakeTemporaryFile();
  const TemporaryFile out = MakeTemporaryFile();
  const TemporaryFile err = MakeTemporaryFile();
  if (std::fwrite(dot.data(), 1, dot.size(), in.get()) != dot.size() ||
      std::fflush(in.get()) != 0) {
    Fail(Cat("no space for a temporary file: ", std::strerror(errno)));
  }
  std::rewind(in.get());
  const int code = RunDot(format, in.get(), out.get(), err.get());
  std::string picture = ReadAll(out.get());
  if (code != 0 || picture.empty()) {
    std::string reason = ReadAll(err.get());
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    Fail(Cat("its program dot ended with ", code, ": ", OneLine(reason)));
  }
  return picture;
}

}  // namespace demitasse
