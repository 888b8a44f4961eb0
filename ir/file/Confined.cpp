//===- Confined.cpp - the reading process, seen from its parent -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Confined.h"

#include "ir/Wording.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <sstream>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nir::confined {

using Clock = std::chrono::steady_clock;

namespace {

/// Owns a file descriptor, at a number that the child's own descriptors do not use.
class Fd {
public:
  explicit Fd(int fd) : fd(fd) {}
  Fd(Fd &&other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Fd &operator=(Fd &&other) noexcept {
    std::swap(fd, other.fd);
    return *this;
  }
  ~Fd() { close(); }
  void close() {
    if (fd >= 0) {
      ::close(std::exchange(fd, -1));
    }
  }
  /// The same file at a number above those of the child.
  Fd raised() && {
    Fd high(fd > aliveFd || fd < 0 ? std::exchange(fd, -1) : fcntl(fd, F_DUPFD_CLOEXEC, 10));
    return high;
  }
  explicit operator bool() const { return fd >= 0; }
  operator int() const { return fd; }

private:
  int fd;
};

/// A child that ends with this object at the latest.
class Child {
public:
  explicit Child(pid_t pid) : pid(pid) {}
  Child(const Child &) = delete;
  Child &operator=(const Child &) = delete;
  ~Child() {
    if (!reaped) {
      kill(pid, SIGKILL);
      while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
      }
    }
  }

  /// Whether it has ended by `deadline`.
  bool waitUntil(Clock::time_point deadline, int alive) {
    for (bool isOpen = true; !hasEnded();) {
      auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
      if (left <= 0) {
        return false;
      }
      // The pipe closes when the child ends. The ticks are for when that is not the whole truth:
      // another thread's fork may hold the pipe open, a child gone wild may close it and go on.
      pollfd event{alive, POLLIN, 0};
      poll(&event, isOpen ? 1 : 0, static_cast<int>(std::min<int64_t>(left, isOpen ? 50 : 1)));
      isOpen = isOpen && !(event.revents & POLLHUP);
    }
    return true;
  }
  /// As of waitpid; nothing where the program reaps children elsewhere (SIGCHLD ignored).
  std::optional<int> exitStatus() const { return isKnown ? std::optional(status) : std::nullopt; }

private:
  bool hasEnded() {
    pid_t result = waitpid(pid, &status, WNOHANG);
    reaped = reaped || result == pid || (result < 0 && errno == ECHILD);
    isKnown = isKnown || result == pid;
    return reaped;
  }

  pid_t pid;
  int status = 0;
  bool reaped = false, isKnown = false;
};

} // namespace

static std::string folderOf(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

/// The folders of PATH, but for those relative to where the program happens to run.
static std::vector<std::string> programFolders() {
  std::vector<std::string> folders;
  const char *path = secure_getenv("PATH");
  std::istringstream all(path ? path : "");
  for (std::string folder; std::getline(all, folder, ':');) {
    if (folder.starts_with('/')) {
      folders.push_back(folder);
    }
  }
  return folders;
}

/// Where nirc-read is, or nothing.
static std::optional<std::string> helperPath(std::vector<std::string> &tried) {
  if (const char *given = secure_getenv("NIRC_READ_HELPER")) {
    return given;
  }
  std::vector<std::string> folders;
  std::string program(4096, '\0');
  ssize_t length = readlink("/proc/self/exe", program.data(), program.size());
  if (length > 0) {
    program.resize(static_cast<size_t>(length));
    folders.push_back(folderOf(program));
  }
  static const char here = 0;
  Dl_info module;
  // A program that was found in PATH has its bare name here, which is no folder of its own.
  if (dladdr(&here, &module) && module.dli_fname &&
      std::string_view(module.dli_fname).find('/') != std::string_view::npos) {
    folders.push_back(folderOf(module.dli_fname));
  }
  std::vector<std::string> paths;
  for (const std::string &folder : folders) {
    for (const char *below : {"", "/../bin", "/../libexec/nirc"}) {
      paths.push_back(folder + below + "/nirc-read");
    }
  }
  // A program that has nirc as a static library lies anywhere: where nirc was installed, then where
  // programs are. A helper of another version is refused.
  paths.push_back(NIRC_INSTALLED_HELPER);
  for (const std::string &folder : programFolders()) {
    paths.push_back(folder + "/nirc-read");
  }
  for (std::string &path : paths) {
    if (access(path.c_str(), X_OK) == 0) {
      return path;
    }
    if (std::find(tried.begin(), tried.end(), path) == tried.end()) {
      tried.push_back(std::move(path));
    }
  }
  return std::nullopt;
}

static Result<pid_t> start(Content content, const std::string &path, const ReadLimits &limits,
                           const Fd &shared, const Fd &alive) {
  std::vector<std::string> tried;
  std::optional<std::string> helper = helperPath(tried);
  if (!helper) {
    return Error(Cause::NoReader, "cannot be read safely: the program nirc-read was not found")
        .note(fmt::format("looked at {}", fmt::join(tried, ", ")))
        .note("it is built and installed with nirc, and belongs beside it: copy it there, or set "
              "NIRC_READ_HELPER to its path");
  }
  std::vector<std::string> arguments = childArguments(content, path, limits);
  std::vector<char *> argv;
  argv.reserve(arguments.size() + 1);
  for (std::string &argument : arguments) {
    argv.push_back(argument.data());
  }
  argv.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, shared, sharedFd);
  posix_spawn_file_actions_adddup2(&actions, alive, aliveFd);
  posix_spawn_file_actions_addclosefrom_np(&actions, aliveFd + 1);
  // The caller's blocked and ignored signals are not the child's business.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  pid_t pid = -1;
  int failure = posix_spawn(&pid, helper->c_str(), &actions, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    return Error(Cause::NoReader, fmt::format("cannot be read safely: {} cannot be started: {}",
                                              *helper, std::strerror(failure)));
  }
  return pid;
}

static std::string signalName(int number) {
  const char *abbreviation = sigabbrev_np(number);
  return abbreviation ? fmt::format("SIG{}", abbreviation) : fmt::format("signal {}", number);
}

static Error timeout(const ReadLimits &limits) {
  return Error(Cause::Limit,
               fmt::format("took longer than {} s to read (limit maxSeconds)", limits.maxSeconds))
      .note("a damaged file can keep the HDF5 library busy for ever");
}

/// What the way in which the child ended says, if it says that there is no answer.
static Status judge(std::optional<int> status, const ReadLimits &limits) {
  if (!status || (WIFEXITED(*status) && WEXITSTATUS(*status) == 0)) {
    return {};
  }
  if (WIFSIGNALED(*status)) {
    int number = WTERMSIG(*status);
    if (number == SIGXCPU) {
      return timeout(limits);
    }
    return Error(Cause::DamagedFile,
                 fmt::format("crashed the HDF5 library ({}) while it was read: the file is damaged",
                             signalName(number)));
  }
  switch (WEXITSTATUS(*status)) {
  case exitNoMemory:
    return Error(Cause::Limit,
                 fmt::format("took more than {} beside its parameters to read (limit maxWorkBytes)",
                             counted(limits.maxWorkBytes, "byte")));
  case exitBadCommand:
    return Error(Cause::NoReader,
                 "cannot be read safely: nirc-read is of another version than this program");
  case exitNoAddresses:
    return Error(Cause::NoReader,
                 fmt::format("cannot be read safely: the reading process found less than {} of "
                             "address space, which it reserves by maxTotalBytes and maxWorkBytes",
                             counted(sharedBytes(limits), "byte")))
        .note("raise `ulimit -v`, or lower the limit: --max-total-bytes 1000000");
  default:
    return Error(Cause::NoReader,
                 fmt::format("cannot be read safely: nirc-read ended with exit code {}",
                             WEXITSTATUS(*status)));
  }
}

/// Seals the memory, maps it, and finds the message in it.
static Result<Reply> receive(const Fd &shared) {
  struct stat info;
  constexpr int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
  // Sealing against writing fails while anyone still has it mapped for writing.
  if (fcntl(shared, F_ADD_SEALS, seals) != 0 || fstat(shared, &info) != 0) {
    return Error(Cause::NoReader, "left a process behind that still holds its memory");
  }
  auto size = static_cast<uint64_t>(info.st_size);
  Header header;
  if (pread(shared, &header, sizeof(header), 0) != sizeof(header) ||
      header.magic != Header::magicNumber || header.tensorEnd < tensorBegin ||
      header.messageBegin < header.tensorEnd || header.messageBegin > size ||
      header.messageBytes > size - header.messageBegin) {
    return Error(Cause::DamagedFile,
                 "made the reading process end without an answer: the file is damaged");
  }
  size_t used = static_cast<size_t>(header.messageBegin + header.messageBytes);
  // Private: a sealed memfd allows no other mapping, and what is never written is never copied.
  void *start = mmap(nullptr, used, PROT_READ, MAP_PRIVATE, shared, 0);
  if (start == MAP_FAILED) {
    return Error(Cause::NoReader, fmt::format("cannot be mapped: {}", std::strerror(errno)));
  }
  Reply reply;
  reply.memory = {static_cast<const std::byte *>(start),
                  [used](const std::byte *start) { munmap(const_cast<std::byte *>(start), used); }};
  reply.tensorEnd = header.tensorEnd;
  reply.message = {reply.memory.get() + header.messageBegin, header.messageBytes};
  return reply;
}

Result<Reply> run(Content content, const std::string &path, const ReadLimits &limits) {
  Fd shared = Fd(memfd_create("nirc-read", MFD_CLOEXEC | MFD_ALLOW_SEALING)).raised();
  int ends[2] = {-1, -1};
  // Sparse: memory is taken where the child writes, not here.
  if (!shared || ftruncate(shared, static_cast<off_t>(sharedBytes(limits))) != 0 ||
      pipe2(ends, O_CLOEXEC) != 0) {
    return Error(Cause::NoReader,
                 fmt::format("cannot be read safely: no shared memory: {}", std::strerror(errno)));
  }
  Fd alive = Fd(ends[0]), childEnd = Fd(ends[1]).raised();
  auto deadline = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(limits.maxSeconds));
  Result<pid_t> pid = start(content, path, limits, shared, childEnd);
  if (!pid) {
    return pid.takeError();
  }
  childEnd.close();
  {
    Child child(*pid);
    if (!child.waitUntil(deadline, alive)) {
      return timeout(limits);
    }
    if (Status error = judge(child.exitStatus(), limits)) {
      return *error;
    }
  }
  return receive(shared);
}

} // namespace nir::confined
