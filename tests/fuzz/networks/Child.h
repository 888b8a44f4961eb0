//===- Child.h - work that may crash, or never end --------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace nir::fuzz {

/// What a child process says while it works. What it has said outlives it.
class Report {
public:
  Report(int file, void *shared) : file(file), shared(shared) {}
  /// A line, and what is done next: its name, and how long it may take from now on, in
  /// time of the processor.
  void say(const std::string &line) const;
  void begin(std::string_view what, double maxSeconds) const;

private:
  int file;
  void *shared;
};

/// How a child ended.
struct Ending {
  std::string said;    ///< all lines
  std::string printed; ///< the end of what it wrote to standard error
  std::string during;  ///< what it had begun last
  std::string how;     ///< empty: as it should; "signal 11", "exit 3", "took longer than 120 s"
};

/// A process of its own, with its children in its group. One thread may be in the parent.
class Child {
public:
  explicit Child(const std::function<void(const Report &)> &work);
  Child(Child &&other) noexcept;
  Child &operator=(Child &&) = delete;
  ~Child();

  /// Nothing as long as it works. Ends it where it takes longer than it said.
  std::optional<Ending> poll();
  /// Waits for the end.
  Ending wait();

private:
  pid_t pid = -1;
  int said = -1, printed = -1;
  void *shared = nullptr;
};

} // namespace nir::fuzz
