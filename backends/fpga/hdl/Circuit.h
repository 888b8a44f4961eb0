//===- Circuit.h - circuits in expressions ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/hdl/Hdl.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"

#include <cstdint>
#include <string>
#include <vector>

namespace hdl {

class Circuit;

/// Bits of a circuit that is being built. Numbers have no sign unless the function says so. Both
/// sides of an operator have the same width; a whole number takes that of the other side.
class Signal {
public:
  Signal() = default;
  Signal(Circuit *circuit, mlir::Value value) : circuit(circuit), val(value) {}

  mlir::Value value() const { return val; }
  explicit operator bool() const { return static_cast<bool>(val); }
  int bits() const { return static_cast<int>(bitsOf(val)); }
  Circuit &in() const { return *circuit; }

  /// The same, as a wire of that name.
  Signal named(llvm::StringRef name) const;
  Signal bitsFrom(int low, int count) const;
  Signal bit(int place) const { return bitsFrom(place, 1); }
  Signal top() const { return bit(bits() - 1); }
  /// With zeros above, or without what is above.
  Signal resized(int bits) const;
  /// With its sign above, or without what is above.
  Signal resizedSigned(int bits) const;
  Signal isZero() const;
  Signal isNonzero() const;

private:
  Circuit *circuit = nullptr;
  mlir::Value val;
};

Signal operator+(Signal a, Signal b);
Signal operator+(Signal a, int64_t b);
Signal operator-(Signal a, Signal b);
Signal operator-(Signal a, int64_t b);
Signal operator&(Signal a, Signal b);
Signal operator|(Signal a, Signal b);
Signal operator~(Signal a);
Signal operator==(Signal a, Signal b);
Signal operator==(Signal a, int64_t b);
Signal operator!=(Signal a, Signal b);
Signal operator<(Signal a, int64_t b);
Signal mux(Signal condition, Signal a, Signal b);
/// The lowest part last.
Signal concat(llvm::ArrayRef<Signal> parts);
/// a b with their signs, in that many bits.
Signal product(Signal a, Signal b, int bits);
/// a times a constant, without signs.
Signal times(Signal a, int64_t factor, int bits);

/// A register that is given its next value after it was read.
class Reg {
public:
  Reg() = default;
  Reg(Circuit *circuit, RegOp op) : circuit(circuit), op(op) {}
  operator Signal() const { return {circuit, RegOp(op).getResult()}; }
  Signal value() const { return *this; }
  void next(Signal value) { op.getNextMutable().assign(value.value()); }
  /// Takes the value where `enable` holds.
  void next(Signal enable, Signal value);

private:
  Circuit *circuit = nullptr;
  RegOp op;
};

/// A wire that is driven after it was read.
class Wire {
public:
  Wire() = default;
  Wire(Circuit *circuit, WireOp op) : circuit(circuit), op(op) {}
  operator Signal() const { return {circuit, WireOp(op).getResult()}; }
  Signal value() const { return *this; }
  void drive(Signal value) { op.getValueMutable().assign(value.value()); }

private:
  Circuit *circuit = nullptr;
  WireOp op;
};

/// A memory whose write port is connected after it was read.
struct Memory {
  Signal data;
  MemoryOp op;
};

/// A module that is being built.
class Circuit {
public:
  Circuit(mlir::ModuleOp into, llvm::StringRef name, llvm::StringRef doc,
          llvm::StringRef clock = "clk");

  CircuitOp module;
  mlir::OpBuilder builder;
  mlir::Location loc;
  Signal reset; ///< what registers with a start value are reset by

  Signal input(llvm::StringRef name, int bits);
  void output(llvm::StringRef name, Signal value);
  Signal constant(int64_t value, int bits);
  Signal zero(int bits) { return constant(0, bits); }
  Signal low() { return constant(0, 1); }
  Signal high() { return constant(1, 1); }
  /// Of an undefined start value, for what is written before it is read.
  Reg reg(llvm::StringRef name, int bits);
  /// That is `start` after a reset.
  Reg reg(llvm::StringRef name, int bits, int64_t start);
  Wire wire(llvm::StringRef name, int bits);
  /// A memory that is filled from `init`, without a write port.
  Signal rom(llvm::StringRef name, int64_t words, int bits, Signal address, Signal read,
             llvm::StringRef init);
  Signal ram(llvm::StringRef name, int64_t words, int bits, Signal address, Signal read,
             Signal target, Signal data, Signal write);
  /// One of constants, with as many bits as the largest needs, or those that are given.
  Signal table(Signal index, llvm::ArrayRef<int64_t> values, int bits);
  std::vector<Signal> instance(llvm::StringRef name, CircuitOp of, llvm::ArrayRef<Signal> inputs);
  /// A name that nothing here has yet.
  std::string fresh(llvm::StringRef name);

private:
  llvm::StringMap<int> taken;
};

/// Bits of the address of a memory.
inline int addressBits(int64_t words) {
  return words <= 2 ? 1 : static_cast<int>(llvm::Log2_64_Ceil(static_cast<uint64_t>(words)));
}

} // namespace hdl
