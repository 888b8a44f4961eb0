//===- PackRows.h - rows of synapses in their words -------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "passes/split/Split.h"

#include <cstdint>
#include <span>
#include <vector>

namespace nirc::spinnaker2 {

/// How the weights of a block are kept; firmware/pe.h says where which bits are.
enum class BlockKind : uint8_t { Run8, Run16, Run32, List8, List16, List32 };

struct Block {
  BlockKind kind = BlockKind::Run8;
  uint32_t first = 0; ///< place, a multiple of four
  uint32_t count = 0; ///< places of a run, a multiple of four, or entries of a list
  uint32_t delay = 0;
  bool isLast = false;

  uint32_t word() const;
  static Block of(uint32_t word);
  /// Of its weights, behind its word.
  uint32_t words() const;
};

/// Appends the blocks of a row. Its synapses are by delay and place, and no delay is beyond 255.
/// Each delay takes the form that needs fewest words: runs, whose gaps are weights of 0, or lists.
void packRow(std::span<const PartSynapse> synapses, std::vector<uint32_t> &words);

/// Rows of one run each that all have the same block: its word, but for the weights. `cover` makes
/// the run long enough for another row; false where that has another delay or wider weights, or
/// would make the run much longer.
class Matrix {
public:
  bool cover(std::span<const PartSynapse> row);
  /// Of all that was covered: how long a step is from row to row, the word, and then the weights.
  void write(std::span<const std::span<const PartSynapse>> rows,
             std::vector<uint32_t> &words) const;
  Block block() const { return run; }

private:
  Block run;
  bool isEmpty = true;
};

/// What a row holds, in the order of its words, zeros left out; `words` begins with it. It must be
/// sound.
std::vector<PartSynapse> unpackRow(std::span<const uint32_t> words);

/// Whether the row at the beginning of the words ends within them, and all that it adds goes to one
/// of so many places and so many steps.
bool isSoundRow(std::span<const uint32_t> words, uint32_t places, uint32_t slots);

} // namespace nirc::spinnaker2
