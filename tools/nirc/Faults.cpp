//===- Faults.cpp - faults of nirc itself, as an exit code ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Faults.h"

#include "tools/nirc/Command.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fmt/format.h>
#include <llvm/Support/ErrorHandling.h>
#include <new>
#include <string_view>
#include <unistd.h>

namespace nirc {

static constexpr std::string_view outOfMemory = "error: out of memory\n";

/// The line for what is being thrown. Called inside a catch, or by std::terminate.
static void printException() noexcept {
  try {
    throw;
  } catch (const std::bad_alloc &) {
    std::fwrite(outOfMemory.data(), 1, outOfMemory.size(), stderr);
  } catch (const std::exception &error) {
    fmt::print(stderr, "error: a fault of nirc itself: {}\n", error.what());
  } catch (...) {
    fmt::print(stderr, "error: a fault of nirc itself: an unknown exception\n");
  }
}

/// Ends the process at once. LLVM aborts after its handler returns, and destructors cannot be
/// trusted any more; what was printed is still wanted.
[[noreturn]] static void end() {
  std::fflush(nullptr);
  std::_Exit(static_cast<int>(Exit::Internal));
}

static void onFatalError(void *, const char *reason, bool) {
  fmt::print(stderr, "error: a fault of nirc itself: LLVM: {}\n", reason);
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
    std::fputs("error: a fault of nirc itself: std::terminate was called\n", stderr);
  }
  end();
}

int endingFaults(const std::function<int()> &body) {
  llvm::install_fatal_error_handler(onFatalError);
  llvm::install_bad_alloc_error_handler(onBadAlloc);
  std::set_terminate(onTerminate);
  try {
    return body();
  } catch (...) {
    printException();
    return static_cast<int>(Exit::Internal);
  }
}

} // namespace nirc
