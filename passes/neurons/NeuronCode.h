//===- NeuronCode.h - a neuron's update as instructions ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The body of a population of integers, for chips whose cores execute a program for each neuron.
// Every instruction means what MLIR's op of its name in `arith` or `math` means, and what that
// leaves undefined is defined: a result wraps at its bits, a division by 0 gives 0, and a shift by
// the bits or more shifts everything out.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nirc {

enum class NeuronOp : uint8_t {
  Constant,
  Add,
  Sub,
  Mul,
  DivToZero,
  Remainder,
  DivFloor,
  DivCeil,
  And,
  Or,
  Xor,
  Max,
  Min,
  ShiftLeft,
  ShiftRight,         ///< keeps the sign
  ShiftRightUnsigned, ///< of the bits
  Equal,
  NotEqual,
  Less,
  LessOrEqual,
  Greater,
  GreaterOrEqual,
  LessUnsigned, ///< of the bits, here and below
  LessOrEqualUnsigned,
  GreaterUnsigned,
  GreaterOrEqualUnsigned,
  Select,        ///< the second operand where the first is not 0, else the third
  Widen,         ///< keeps the sign
  WidenUnsigned, ///< of the bits of the operand
  Narrow,        ///< the low bits
  Abs,
  LeadingZeros, ///< of the bits of the operand
};

/// "shrsi": as arith and math call it.
std::string_view name(NeuronOp op);
std::optional<NeuronOp> findNeuronOp(std::string_view name);
/// 0 of a constant, up to 3.
int operandsOf(NeuronOp op);

struct NeuronInstruction {
  NeuronOp op = NeuronOp::Constant;
  uint8_t bits = 32; ///< of the result: 1 to 64. One bit is true (-1) or false (0)
  std::array<int32_t, 3> operands = {};
  int64_t constant = 0;
  bool operator==(const NeuronInstruction &) const = default;
};

/// Values are numbered: the arguments first, which are u, the states and the parameters; then the
/// result of each instruction, which reads values before its own.
struct NeuronCode {
  std::vector<uint8_t> arguments; ///< the bits of each
  std::vector<NeuronInstruction> instructions;
  std::vector<int32_t> results; ///< what the neuron passes on, then its new states
  bool operator==(const NeuronCode &) const = default;

  uint8_t bitsOf(int32_t value) const {
    auto number = static_cast<size_t>(value);
    return number < arguments.size() ? arguments[number]
                                     : instructions[number - arguments.size()].bits;
  }
};

/// What an instruction makes of its operands, each with its sign in 64 bits. `operandBits` are
/// those of the first operand.
int64_t evaluate(const NeuronInstruction &instruction, unsigned operandBits, int64_t a, int64_t b,
                 int64_t c);
/// The low bits, with their sign.
constexpr int64_t wrapped(int64_t value, unsigned bits) {
  return static_cast<int64_t>(static_cast<uint64_t>(value) << (64 - bits)) >> (64 - bits);
}

} // namespace nirc
