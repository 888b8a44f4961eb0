//===- NeuronCode.cpp - a neuron's update as instructions -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/neurons/NeuronCode.h"

#include <algorithm>
#include <bit>

using namespace nirc;

namespace {
struct Known {
  NeuronOp op;
  std::string_view name;
  int operands;
};
} // namespace

static constexpr Known known[] = {
    {NeuronOp::Constant, "constant", 0},
    {NeuronOp::Add, "addi", 2},
    {NeuronOp::Sub, "subi", 2},
    {NeuronOp::Mul, "muli", 2},
    {NeuronOp::DivToZero, "divsi", 2},
    {NeuronOp::Remainder, "remsi", 2},
    {NeuronOp::DivFloor, "floordivsi", 2},
    {NeuronOp::DivCeil, "ceildivsi", 2},
    {NeuronOp::And, "andi", 2},
    {NeuronOp::Or, "ori", 2},
    {NeuronOp::Xor, "xori", 2},
    {NeuronOp::Max, "maxsi", 2},
    {NeuronOp::Min, "minsi", 2},
    {NeuronOp::ShiftLeft, "shli", 2},
    {NeuronOp::ShiftRight, "shrsi", 2},
    {NeuronOp::ShiftRightUnsigned, "shrui", 2},
    {NeuronOp::Equal, "cmpi eq", 2},
    {NeuronOp::NotEqual, "cmpi ne", 2},
    {NeuronOp::Less, "cmpi slt", 2},
    {NeuronOp::LessOrEqual, "cmpi sle", 2},
    {NeuronOp::Greater, "cmpi sgt", 2},
    {NeuronOp::GreaterOrEqual, "cmpi sge", 2},
    {NeuronOp::LessUnsigned, "cmpi ult", 2},
    {NeuronOp::LessOrEqualUnsigned, "cmpi ule", 2},
    {NeuronOp::GreaterUnsigned, "cmpi ugt", 2},
    {NeuronOp::GreaterOrEqualUnsigned, "cmpi uge", 2},
    {NeuronOp::Select, "select", 3},
    {NeuronOp::Widen, "extsi", 1},
    {NeuronOp::WidenUnsigned, "extui", 1},
    {NeuronOp::Narrow, "trunci", 1},
    {NeuronOp::Abs, "absi", 1},
    {NeuronOp::LeadingZeros, "ctlz", 1},
};

static const Known &find(NeuronOp op) { return known[static_cast<size_t>(op)]; }

std::string_view nirc::name(NeuronOp op) { return find(op).name; }
int nirc::operandsOf(NeuronOp op) { return find(op).operands; }

std::optional<NeuronOp> nirc::findNeuronOp(std::string_view name) {
  const auto *found = std::ranges::find(known, name, &Known::name);
  return found == std::end(known) ? std::nullopt : std::optional(found->op);
}

/// The bits without a sign.
static uint64_t plain(int64_t value, unsigned bits) {
  return static_cast<uint64_t>(value) << (64 - bits) >> (64 - bits);
}

static int64_t negated(int64_t value) {
  return static_cast<int64_t>(uint64_t{0} - static_cast<uint64_t>(value));
}

static int64_t divided(NeuronOp op, int64_t a, int64_t b) {
  if (b == 0) {
    return 0;
  }
  int64_t quotient = b == -1 ? negated(a) : a / b, rest = b == -1 ? 0 : a % b;
  bool isBelow = rest != 0 && (a < 0) != (b < 0), isAbove = rest != 0 && (a < 0) == (b < 0);
  return op == NeuronOp::Remainder  ? rest
         : op == NeuronOp::DivFloor ? quotient - (isBelow ? 1 : 0)
         : op == NeuronOp::DivCeil  ? quotient + (isAbove ? 1 : 0)
                                    : quotient;
}

static int64_t shifted(NeuronOp op, unsigned bits, int64_t a, int64_t b) {
  uint64_t by = plain(b, bits);
  if (op == NeuronOp::ShiftRight) {
    return a >> std::min<uint64_t>(by, 63);
  }
  if (by >= bits) {
    return 0;
  }
  return op == NeuronOp::ShiftLeft ? static_cast<int64_t>(static_cast<uint64_t>(a) << by)
                                   : static_cast<int64_t>(plain(a, bits) >> by);
}

/// With its sign in 64 bits, an unsigned number is still in its order among those of its width.
static bool holds(NeuronOp op, int64_t a, int64_t b) {
  auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
  switch (op) {
  case NeuronOp::Equal:
    return a == b;
  case NeuronOp::NotEqual:
    return a != b;
  case NeuronOp::Less:
    return a < b;
  case NeuronOp::LessOrEqual:
    return a <= b;
  case NeuronOp::Greater:
    return a > b;
  case NeuronOp::GreaterOrEqual:
    return a >= b;
  case NeuronOp::LessUnsigned:
    return x < y;
  case NeuronOp::LessOrEqualUnsigned:
    return x <= y;
  case NeuronOp::GreaterUnsigned:
    return x > y;
  default:
    return x >= y;
  }
}

static int64_t unwrapped(const NeuronInstruction &instruction, unsigned operandBits, int64_t a,
                         int64_t b, int64_t c) {
  auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
  switch (instruction.op) {
  case NeuronOp::Constant:
    return instruction.constant;
  case NeuronOp::Add:
    return static_cast<int64_t>(x + y);
  case NeuronOp::Sub:
    return static_cast<int64_t>(x - y);
  case NeuronOp::Mul:
    return static_cast<int64_t>(x * y);
  case NeuronOp::DivToZero:
  case NeuronOp::Remainder:
  case NeuronOp::DivFloor:
  case NeuronOp::DivCeil:
    return divided(instruction.op, a, b);
  case NeuronOp::And:
    return a & b;
  case NeuronOp::Or:
    return a | b;
  case NeuronOp::Xor:
    return a ^ b;
  case NeuronOp::Max:
    return std::max(a, b);
  case NeuronOp::Min:
    return std::min(a, b);
  case NeuronOp::ShiftLeft:
  case NeuronOp::ShiftRight:
  case NeuronOp::ShiftRightUnsigned:
    return shifted(instruction.op, operandBits, a, b);
  case NeuronOp::Select:
    return a != 0 ? b : c;
  case NeuronOp::Widen:
  case NeuronOp::Narrow:
    return a;
  case NeuronOp::WidenUnsigned:
    return static_cast<int64_t>(plain(a, operandBits));
  case NeuronOp::Abs:
    return a < 0 ? negated(a) : a;
  case NeuronOp::LeadingZeros:
    return std::countl_zero(plain(a, operandBits)) - static_cast<int64_t>(64 - operandBits);
  default:
    return holds(instruction.op, a, b) ? -1 : 0;
  }
}

int64_t nirc::evaluate(const NeuronInstruction &instruction, unsigned operandBits, int64_t a,
                       int64_t b, int64_t c) {
  return wrapped(unwrapped(instruction, operandBits, a, b, c), instruction.bits);
}
