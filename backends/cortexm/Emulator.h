//===- Emulator.h - a program under QEMU's Cortex-M4 -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cortexm/Elf.h"
#include "backends/run/Workplace.h"

#include <chrono>
#include <memory>
#include <span>
#include <vector>

namespace nirc::cortexm {

struct EmulatorOptions {
  std::string machine = "mps2-an386";
  /// Instructions are counted by these, and all others together.
  std::vector<AddressRange> counted = {};
  /// Time passes by instructions: one takes 1 ns, and a processor's timer of 25 MHz counts 1 in 40.
  /// Slower.
  bool isTimed = false;
  /// A program that says nothing for so long when an answer is waited for is taken to hang.
  std::chrono::milliseconds patience = std::chrono::minutes(2);
};

/// A program that boot.c begins, at work: what is sent it reads by host_read, and what it writes by
/// host_write is received. One thread at a time.
class Emulator {
public:
  /// Boots the ELF, a file. An error where QEMU is missing or does not start.
  static nir::Result<std::unique_ptr<Emulator>> start(std::shared_ptr<Workplace> place,
                                                      const std::string &elf,
                                                      const EmulatorOptions &options = {});
  ~Emulator();

  /// An error where the program has ended; it says what it said last.
  nir::Status send(std::string_view bytes);
  nir::Status receive(std::span<char> bytes);

  /// Instructions so far: one number for each counted range, and one for all others. Exact while
  /// the program waits in host_read.
  std::vector<uint64_t> counts() const;

  /// Waits for the end, which comes when all was read: whether main returned 0.
  nir::Status finish();

private:
  Emulator(std::shared_ptr<Workplace> place, size_t ranges, std::chrono::milliseconds patience)
      : place(std::move(place)), ranges(ranges), patience(patience) {}
  nir::Error ended();

  std::shared_ptr<Workplace> place; // before the child, which runs in its folder
  size_t ranges;
  std::chrono::milliseconds patience;
  Descriptor questions, answers;
  std::string log; ///< what it says, a file of the place
  const uint64_t *shared = nullptr;
  std::unique_ptr<Child> child;
};

} // namespace nirc::cortexm
