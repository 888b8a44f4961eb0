//===- Workplace.cpp - a folder and processes that leave nothing ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/run/Workplace.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace nirc;

void Descriptor::close() {
  if (number >= 0) {
    ::close(std::exchange(number, -1));
  }
}

//===----------------------------------------------------------------------===//
// Processes
//===----------------------------------------------------------------------===//

namespace {

/// Attributes and file actions of posix_spawn.
class Spawning {
public:
  Spawning() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    // The caller's blocked and ignored signals are not the child's business. A group of its own can
    // be killed whole, and is out of the terminal's reach: the keeper kills it when this process is
    // gone.
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
                                              POSIX_SPAWN_SETPGROUP);
  }
  Spawning(const Spawning &) = delete;
  Spawning &operator=(const Spawning &) = delete;
  ~Spawning() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }

  /// Gives the child an open file, or nothing, under a number.
  void give(int file, int number, int flags) {
    if (file < 0) {
      posix_spawn_file_actions_addopen(&actions, number, "/dev/null", flags, 0);
    } else if (file != number) {
      posix_spawn_file_actions_adddup2(&actions, file, number);
    }
  }
  void goTo(const std::string &folder) {
    posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
  }
  /// Where it puts files of its own, which it may leave when it is killed.
  void keepIn(const std::string &folder) {
    for (char **each = environ; *each; ++each) {
      if (!std::string_view(*each).starts_with("TMPDIR=")) {
        environment.emplace_back(*each);
      }
    }
    environment.push_back("TMPDIR=" + folder);
  }
  /// 0, or errno.
  int start(std::vector<std::string> words, pid_t &pid) {
    constexpr int firstUnused = 3;
    posix_spawn_file_actions_addclosefrom_np(&actions, firstUnused);
    std::vector<char *> argv = pointers(words), envp = pointers(environment);
    // A thread that starts a process of its own meanwhile may hold a program open that was just
    // written, until that process is there.
    int failure = 0;
    constexpr int attempts = 200;
    for (int i = 0; i < attempts; ++i) {
      failure = posix_spawnp(&pid, argv.front(), &actions, &attributes, argv.data(),
                             environment.empty() ? environ : envp.data());
      if (failure != ETXTBSY) {
        break;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return failure;
  }

private:
  static std::vector<char *> pointers(std::vector<std::string> &texts) {
    std::vector<char *> all;
    for (std::string &text : texts) {
      all.push_back(text.data());
    }
    all.push_back(nullptr);
    return all;
  }

  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  std::vector<std::string> environment;
};

} // namespace

Child::~Child() {
  if (!isReaped) {
    kill();
    wait();
  }
}

void Child::kill() { ::kill(-pid, SIGKILL); }

std::optional<int> Child::reap() {
  // It is forgotten before its number can be another's.
  place->tell('-', pid);
  int status = 0;
  pid_t result = 0;
  while ((result = waitpid(pid, &status, 0)) < 0 && errno == EINTR) {
  }
  isReaped = true;
  return result == pid ? std::optional(status) : std::nullopt;
}

bool Child::wait() {
  siginfo_t info{};
  while (waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
  }
  std::optional<int> status = reap();
  return !status || (WIFEXITED(*status) && WEXITSTATUS(*status) == 0);
}

std::optional<int> Child::waitFor(std::chrono::milliseconds most) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds longest(20);
  constexpr int signalled = 128;
  Clock::time_point end = Clock::now() + most;
  for (std::chrono::milliseconds nap(1);; nap = std::min(2 * nap, longest)) {
    siginfo_t info{};
    int failed = waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT | WNOHANG);
    if ((failed == 0 && info.si_pid == pid) || (failed != 0 && errno == ECHILD)) {
      break;
    }
    if (Clock::now() >= end) {
      return std::nullopt;
    }
    std::this_thread::sleep_for(nap);
  }
  kill(); // what it started and left
  std::optional<int> status = reap();
  return !status ? 0 : WIFEXITED(*status) ? WEXITSTATUS(*status) : signalled + WTERMSIG(*status);
}

nir::Result<std::unique_ptr<Child>> Workplace::start(const Command &command) {
  Spawning spawning;
  spawning.give(command.in, 0, O_RDONLY);
  spawning.give(command.out, 1, O_WRONLY);
  spawning.give(command.err, 2, O_WRONLY);
  spawning.goTo(command.folder.empty() ? folder : command.folder);
  spawning.keepIn(folder);
  pid_t pid = -1;
  if (int failure = spawning.start(command.words, pid); failure != 0) {
    return nir::Error(
        nir::Cause::Toolchain,
        fmt::format("{} cannot be started: {}", command.words.front(), std::strerror(failure)));
  }
  tell('+', pid);
  return std::make_unique<Child>(*this, pid);
}

//===----------------------------------------------------------------------===//
// The folder
//===----------------------------------------------------------------------===//

/// Reads "+ GROUP" and "- GROUP" until the end, then kills the groups that are left, and removes
/// the folder.
static constexpr const char *keeping = R"(groups=
while read -r sign group; do
  left=
  for each in $groups; do [ "$each" = "$group" ] || left="$left $each"; done
  groups=$left
  [ "$sign" = + ] && groups="$groups $group"
done
for each in $groups; do kill -KILL "-$each"; done
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; })";

nir::Result<std::unique_ptr<Workplace>> Workplace::make() {
  auto failed = [](const char *what) {
    return nir::Error(nir::Cause::CannotWrite, fmt::format("{}: {}", what, std::strerror(errno)));
  };
  std::error_code none;
  std::string folder = (std::filesystem::temp_directory_path(none) / "nirc-XXXXXX").string();
  if (!mkdtemp(folder.data())) {
    return failed("cannot make a temporary folder").in(folder);
  }
  std::unique_ptr<Workplace> place(new Workplace(folder));
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return failed("cannot make a pipe");
  }
  Descriptor readEnd(ends[0]);
  place->keeperIn = Descriptor(ends[1]);
  Spawning spawning;
  spawning.give(readEnd.get(), 0, O_RDONLY);
  spawning.give(-1, 1, O_WRONLY);
  spawning.give(-1, 2, O_WRONLY);
  spawning.goTo("/");
  if (int failure = spawning.start({"/bin/sh", "-c", keeping, "sh", folder}, place->keeper)) {
    place->keeper = -1;
    errno = failure;
    return failed("cannot start /bin/sh");
  }
  return place;
}

Workplace::~Workplace() {
  keeperIn.close();
  if (keeper < 0) {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
    return;
  }
  int status = 0;
  while (waitpid(keeper, &status, 0) < 0 && errno == EINTR) {
  }
}

bool nirc::writeQuietly(int file, std::string_view bytes) {
  sigset_t pipes, before;
  sigemptyset(&pipes);
  sigaddset(&pipes, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipes, &before);
  bool isWritten = true;
  while (isWritten && !bytes.empty()) {
    ssize_t count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    isWritten = count > 0;
    bytes.remove_prefix(isWritten ? static_cast<size_t>(count) : 0);
    if (count < 0 && errno == EPIPE) {
      timespec now{};
      sigtimedwait(&pipes, nullptr, &now);
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return isWritten;
}

/// A keeper that somebody killed reads no more.
void Workplace::tell(char sign, pid_t group) {
  writeQuietly(keeperIn.get(), fmt::format("{} {}\n", sign, group));
}

nir::Status Workplace::write(const std::string &name, std::string_view bytes, bool isProgram) {
  std::string path = pathOf(name);
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
  Descriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                       isProgram ? S_IRWXU : S_IRUSR | S_IWUSR));
  if (file && !writeQuietly(file.get(), bytes)) {
    file.close();
  }
  if (!file) {
    return nir::Error(nir::Cause::CannotWrite,
                      fmt::format("cannot write the file: {}", std::strerror(errno)))
        .in(path);
  }
  return {};
}

std::string Workplace::read(const std::string &name, size_t most) const {
  Descriptor file(open(pathOf(name).c_str(), O_RDONLY | O_CLOEXEC));
  std::string bytes;
  char buffer[1 << 14];
  while (file && bytes.size() < most) {
    ssize_t count = ::read(file.get(), buffer, std::min(sizeof(buffer), most - bytes.size()));
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      break;
    }
    bytes.append(buffer, static_cast<size_t>(count));
  }
  return bytes;
}
