//===- Child.cpp - work that may crash, or never end ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Child.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace nir::fuzz {

namespace {

/// In memory that both processes see.
struct Shared {
  std::atomic<int64_t> sinceMs, usedMs; ///< when the last thing was begun
  std::atomic<int64_t> maxMs;
  char what[64];
};

int64_t nowMs() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

/// Milliseconds of the processor that a process has had.
int64_t usedMs(pid_t pid) {
  clockid_t clock = 0;
  timespec used{};
  if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &used) != 0) {
    return 0;
  }
  return int64_t{1000} * used.tv_sec + used.tv_nsec / 1'000'000;
}

/// By its own time of the processor, or by ten times as much of the clock: a machine may be busy.
bool isOverdue(const Shared &state, pid_t pid) {
  constexpr int64_t patience = 10;
  return usedMs(pid) - state.usedMs > state.maxMs ||
         nowMs() - state.sinceMs > patience * state.maxMs;
}

/// The bytes of a file without a name; at most the last `most`.
std::string contentOf(int file, off_t most) {
  off_t size = lseek(file, 0, SEEK_END), start = std::max<off_t>(0, size - most);
  std::string bytes(static_cast<size_t>(size - start), '\0');
  ssize_t got = pread(file, bytes.data(), bytes.size(), start);
  bytes.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
  return bytes;
}

} // namespace

void Report::say(const std::string &line) const {
  std::string bytes = line + "\n";
  [[maybe_unused]] ssize_t written = write(file, bytes.data(), bytes.size());
}

void Report::begin(std::string_view what, double maxSeconds) const {
  auto *state = static_cast<Shared *>(shared);
  size_t length = std::min(what.size(), sizeof state->what - 1);
  std::memcpy(state->what, what.data(), length);
  state->what[length] = '\0';
  state->maxMs = static_cast<int64_t>(maxSeconds * 1e3);
  state->usedMs = usedMs(getpid());
  state->sinceMs = nowMs();
}

Child::Child(const std::function<void(const Report &)> &work)
    : said(memfd_create("said", MFD_CLOEXEC)), printed(memfd_create("printed", 0)),
      shared(mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
                  0)) {
  constexpr double atFirst = 120.0;
  Report report(said, shared);
  report.begin("start", atFirst);
  std::fflush(nullptr);
  pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    dup2(printed, STDERR_FILENO);
    dup2(printed, STDOUT_FILENO);
    work(report);
    std::fflush(nullptr);
    _exit(0);
  }
}

Child::Child(Child &&other) noexcept
    : pid(std::exchange(other.pid, -1)), said(std::exchange(other.said, -1)),
      printed(std::exchange(other.printed, -1)), shared(std::exchange(other.shared, nullptr)) {}

Child::~Child() {
  if (pid > 0) {
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
  }
  for (int file : {said, printed}) {
    if (file >= 0) {
      close(file);
    }
  }
  if (shared) {
    munmap(shared, sizeof(Shared));
  }
}

std::optional<Ending> Child::poll() {
  auto *state = static_cast<Shared *>(shared);
  int status = 0;
  bool isLate = false;
  if (waitpid(pid, &status, WNOHANG) == 0) {
    isLate = isOverdue(*state, pid);
    if (!isLate) {
      return std::nullopt;
    }
    kill(-pid, SIGKILL);
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
  }
  kill(-pid, SIGKILL); // what it started and left
  pid = -1;
  constexpr off_t allOf = off_t{1} << 24, endOf = 4000;
  Ending ending{contentOf(said, allOf), contentOf(printed, endOf), state->what, {}};
  if (isLate) {
    ending.how = fmt::format("took longer than {} s of the processor, or ten times as long",
                             state->maxMs / 1000);
  } else if (WIFSIGNALED(status)) {
    ending.how = fmt::format("signal {}", WTERMSIG(status));
  } else if (WEXITSTATUS(status) != 0) {
    ending.how = fmt::format("exit {}", WEXITSTATUS(status));
  }
  return ending;
}

Ending Child::wait() {
  using namespace std::chrono_literals;
  std::optional<Ending> ending = poll();
  for (; !ending; ending = poll()) {
    std::this_thread::sleep_for(2ms);
  }
  return *std::move(ending);
}

} // namespace nir::fuzz
