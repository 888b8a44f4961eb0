//===- Workplace.h - a folder and processes that leave nothing --*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A shell beside this process waits for the end of a pipe, which comes however the process ends:
// by itself, by Ctrl-C or killed. It then kills what was started and removes the folder. So no
// signal of the program's has to be handled.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/Error.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace nirc {

/// An open file.
class Descriptor {
public:
  explicit Descriptor(int number = -1) : number(number) {}
  Descriptor(Descriptor &&other) noexcept : number(std::exchange(other.number, -1)) {}
  Descriptor &operator=(Descriptor &&other) noexcept {
    std::swap(number, other.number);
    return *this;
  }
  ~Descriptor() { close(); }
  void close();
  int get() const { return number; }
  explicit operator bool() const { return number >= 0; }

private:
  int number;
};

/// Writes all of it, and raises no SIGPIPE where nobody reads. Whether it could.
bool writeQuietly(int file, std::string_view bytes);

class Workplace;

/// A process that ends with this object at the latest, and all that it started.
class Child {
public:
  Child(Workplace &place, pid_t pid) : place(&place), pid(pid) {}
  Child(const Child &) = delete;
  Child &operator=(const Child &) = delete;
  ~Child();

  /// Waits for its end: whether it ended with 0. Also where the program reaps its children
  /// elsewhere, and nothing is known.
  bool wait();
  /// The same, within that time: the exit code, or as a shell has it 128 and the number of the
  /// signal that ended it. Nothing: it still runs.
  std::optional<int> waitFor(std::chrono::milliseconds most);
  void kill();

private:
  /// Its status, or nothing where somebody else has taken it.
  std::optional<int> reap();

  Workplace *place;
  pid_t pid;
  bool isReaped = false;
};

/// What a process is started with. The strings are copied.
struct Command {
  std::vector<std::string> words;  ///< the program, which is looked for on the PATH
  std::string folder;              ///< that it runs in
  int in = -1, out = -1, err = -1; ///< open files; -1: /dev/null
};

/// A folder of this user alone.
class Workplace {
public:
  static nir::Result<std::unique_ptr<Workplace>> make();
  Workplace(const Workplace &) = delete;
  Workplace &operator=(const Workplace &) = delete;
  /// Removes it. No child may be left.
  ~Workplace();

  const std::string &path() const { return folder; }
  std::string pathOf(const std::string &name) const { return folder + "/" + name; }
  /// With the folders that it is in.
  nir::Status write(const std::string &name, std::string_view bytes, bool isProgram = false);
  /// At most `most` bytes of it; empty where it is not there.
  std::string read(const std::string &name, size_t most) const;
  /// Fails if the program does not exist or the system cannot start it.
  nir::Result<std::unique_ptr<Child>> start(const Command &command);

private:
  friend class Child;
  explicit Workplace(std::string folder) : folder(std::move(folder)) {}
  /// Tells the keeper of a process group, or that it is gone.
  void tell(char sign, pid_t group);

  std::string folder;
  Descriptor keeperIn;
  pid_t keeper = -1;
};

} // namespace nirc
