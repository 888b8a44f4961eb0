//===- Faults.cpp - faults of nirc itself, as an exit code ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Faults.h"

#include "tools/nirc/Command.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <llvm/Support/ErrorHandling.h>
#include <new>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace nirc {

static constexpr std::string_view outOfMemory = "error: out of memory [no-memory]\n";

/// The line for what is being thrown. Called inside a catch, or by std::terminate.
static void printException() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc &) {
    std::fwrite(outOfMemory.data(), 1, outOfMemory.size(), stderr);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "error: a fault of nirc itself: %s [internal]\n", error.what());
  } catch (...) {
    std::fputs("error: a fault of nirc itself: an unknown exception [internal]\n", stderr);
  }
}

/// Ends the process at once. LLVM aborts after its handler returns, and destructors cannot be
/// trusted any more; what was printed is still wanted.
[[noreturn]] static void end() {
  std::fflush(nullptr);
  std::_Exit(static_cast<int>(Exit::Internal));
}

static void onFatalError(void *, const char *reason, bool) {
  std::fprintf(stderr, "error: a fault of nirc itself: LLVM: %s [internal]\n", reason);
  end();
}

/// There is no memory to format with, nor for stdio's buffer.
static void onBadAlloc(void *, const char *, bool) {
  if (write(STDERR_FILENO, outOfMemory.data(), outOfMemory.size()) < 0) {
    // Nobody listens; the exit code still says it.
  }
  end();
}

static void onTerminate() {
  if (std::current_exception()) {
    printException();
  } else {
    std::fputs("error: a fault of nirc itself: std::terminate was called [internal]\n", stderr);
  }
  end();
}

void openStandardFiles() {
  for (int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (fcntl(number, F_GETFD) < 0 && errno == EBADF) {
      // What is written to a closed output is lost, and an error; to stderr it is only lost.
      int file = open("/dev/null", number == STDERR_FILENO ? O_WRONLY : O_RDONLY);
      if (file >= 0 && file != number) {
        close(file); // cannot be: the lowest number that is free is taken
      }
    }
  }
}

/// Whether all that was printed got there. A file system that is full says so at the end.
static bool isPrinted() { return std::fflush(stdout) == 0 && std::ferror(stdout) == 0; }

static int resultsLost() {
  int reason = errno;
  std::fprintf(stderr, "error: standard output: cannot be written: %s [cannot-write]\n",
               std::strerror(reason));
  return static_cast<int>(Exit::Input);
}

int endingFaults(const std::function<int()> &body) {
  llvm::install_fatal_error_handler(onFatalError);
  llvm::install_bad_alloc_error_handler(onBadAlloc);
  std::set_terminate(onTerminate);
  try {
    int code = body();
    return isPrinted() ? code : resultsLost();
  } catch (const std::system_error &error) {
    errno = error.code().value();
    if (std::ferror(stdout) != 0) { // fmt throws what the system says
      return resultsLost();
    }
    printException();
    return static_cast<int>(Exit::Internal);
  } catch (...) {
    printException();
    return static_cast<int>(Exit::Internal);
  }
}

} // namespace nirc
