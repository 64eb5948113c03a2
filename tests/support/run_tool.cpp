#include "tests/support/run_tool.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

extern char** environ;

namespace demitasse {
namespace {

// A file without a name: it holds any amount of output, which a pipe that nobody reads does not.
using TemporaryFile = std::unique_ptr<FILE, int (*)(FILE*)>;

TemporaryFile MakeTemporaryFile() {
  TemporaryFile file(std::tmpfile(), std::fclose);
  if (file == nullptr) throw std::runtime_error("cannot make a temporary file");
  return file;
}

std::string ReadAll(FILE* file) {
  std::rewind(file);
  std::string text;
  char piece[4096];
  for (size_t got = 0; (got = std::fread(piece, 1, sizeof(piece), file)) > 0;) {
    text.append(piece, got);
  }
  return text;
}

pid_t Spawn(const std::string& program, const std::vector<std::string>& args, int out, int err) {
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& arg : args) argv.push_back(const_cast<char*>(arg.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  pid_t pid = 0;
  const int failed = posix_spawn(&pid, program.c_str(), &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + program);
  return pid;
}

}  // namespace

ProgramResult RunProgram(const std::string& program, const std::vector<std::string>& args,
                         const std::string& stdout_path) {
  const TemporaryFile err = MakeTemporaryFile();
  const TemporaryFile out = stdout_path.empty()
                                ? MakeTemporaryFile()
                                : TemporaryFile(std::fopen(stdout_path.c_str(), "w"), std::fclose);
  if (out == nullptr) throw std::runtime_error("cannot open " + stdout_path);
  const pid_t pid = Spawn(program, args, fileno(out.get()), fileno(err.get()));
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) throw std::runtime_error("cannot wait for " + program);
  ProgramResult result;
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  if (stdout_path.empty()) result.out = ReadAll(out.get());
  result.err = ReadAll(err.get());
  return result;
}

}  // namespace demitasse
