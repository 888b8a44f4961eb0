//===- Conversation.h - steps to a simulator and its answers ----*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/run/Simulator.h"

#include <functional>
#include <span>
#include <string>

namespace nirc::fpga {

/// The integers of a step as lines for tb --in, without its end. `values`: of the outside, one span
/// for each input; they are rounded to nearest, ties to even, and saturated, and NaN is 0.
/// `events`: one counter for each input.
void appendEvents(const Design &design, std::span<const std::span<const double>> values,
                  std::string &text, std::span<int64_t> events);

/// What stands in a line of tb --out.
struct Answer {
  enum Kind { Event, End, Back, Waited, Word } kind = End;
  uint64_t beat = 0; ///< of an event
  int64_t word = 0;
};

/// A simulator at work. One thread at a time.
class Conversation {
public:
  /// `options`: of tb, beside --in and --out. `number`: of this one among those of the simulator.
  static nir::Result<std::unique_ptr<Conversation>>
  start(std::shared_ptr<Simulator> simulator, int number, std::vector<std::string> options = {});

  std::string toSend; ///< what is to be sent next; it gets shorter
  /// Nothing follows when all is sent.
  void finishSending() { isLast = true; }
  /// Whether more answers may come.
  bool isOpen() const { return static_cast<bool>(answers); }
  /// After the end: what went wrong, if anything.
  nir::Status finish();

  /// Sends and receives what can be at once, of all of them, and waits until there is something.
  static nir::Status exchange(std::span<const std::unique_ptr<Conversation>> all,
                              const std::function<nir::Status(size_t which, const Answer &)> &take);

private:
  Conversation(std::shared_ptr<Simulator> simulator, int number)
      : simulator(std::move(simulator)), number(number) {}
  nir::Status receive(const std::function<nir::Status(const Answer &)> &take);
  void send();

  std::shared_ptr<Simulator> simulator; // before the child, which runs in its folder
  int number;
  Descriptor questions, answers, complaints;
  std::unique_ptr<Child> child;
  std::string received; ///< the beginning of a line
  bool isLast = false;
};

} // namespace nirc::fpga
