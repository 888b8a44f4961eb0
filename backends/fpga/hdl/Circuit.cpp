//===- Circuit.cpp - circuits in expressions ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/hdl/Circuit.h"

using namespace mlir;
using namespace hdl;

//===----------------------------------------------------------------------===//
// Signals
//===----------------------------------------------------------------------===//

Signal Signal::named(StringRef name) const {
  Wire wire = circuit->wire(name, bits());
  wire.drive(*this);
  return wire;
}

Signal Signal::bitsFrom(int low, int count) const {
  assert(low >= 0 && count > 0 && low + count <= bits());
  if (count == bits()) {
    return *this;
  }
  OpBuilder &b = circuit->builder;
  return {circuit, ExtractOp::create(b, circuit->loc, b.getIntegerType(count), val, low)};
}

Signal Signal::resized(int to) const {
  if (to <= bits()) {
    return bitsFrom(0, to);
  }
  OpBuilder &b = circuit->builder;
  return {circuit, arith::ExtUIOp::create(b, circuit->loc, b.getIntegerType(to), val)};
}

Signal Signal::resizedSigned(int to) const {
  if (to <= bits()) {
    return bitsFrom(0, to);
  }
  OpBuilder &b = circuit->builder;
  return {circuit, arith::ExtSIOp::create(b, circuit->loc, b.getIntegerType(to), val)};
}

Signal Signal::isZero() const { return bits() == 1 ? ~*this : *this == 0; }
Signal Signal::isNonzero() const { return bits() == 1 ? *this : *this != circuit->zero(bits()); }

template <typename Op>
static Signal binary(Signal a, Signal b) {
  assert(a.bits() == b.bits() && "both sides have the same width");
  return {&a.in(), Op::create(a.in().builder, a.in().loc, a.value(), b.value())};
}

static Signal compared(arith::CmpIPredicate predicate, Signal a, Signal b) {
  assert(a.bits() == b.bits() && "both sides have the same width");
  return {&a.in(),
          arith::CmpIOp::create(a.in().builder, a.in().loc, predicate, a.value(), b.value())};
}

Signal hdl::operator+(Signal a, Signal b) { return binary<arith::AddIOp>(a, b); }
Signal hdl::operator+(Signal a, int64_t b) { return a + a.in().constant(b, a.bits()); }
Signal hdl::operator-(Signal a, Signal b) { return binary<arith::SubIOp>(a, b); }
Signal hdl::operator-(Signal a, int64_t b) { return a - a.in().constant(b, a.bits()); }
Signal hdl::operator&(Signal a, Signal b) { return binary<arith::AndIOp>(a, b); }
Signal hdl::operator|(Signal a, Signal b) { return binary<arith::OrIOp>(a, b); }
Signal hdl::operator~(Signal a) { return binary<arith::XOrIOp>(a, a.in().constant(-1, a.bits())); }
Signal hdl::operator==(Signal a, Signal b) { return compared(arith::CmpIPredicate::eq, a, b); }
Signal hdl::operator==(Signal a, int64_t b) { return a == a.in().constant(b, a.bits()); }
Signal hdl::operator!=(Signal a, Signal b) { return compared(arith::CmpIPredicate::ne, a, b); }
Signal hdl::operator<(Signal a, int64_t b) {
  return compared(arith::CmpIPredicate::ult, a, a.in().constant(b, a.bits()));
}

Signal hdl::mux(Signal condition, Signal a, Signal b) {
  assert(a.bits() == b.bits() && "both sides have the same width");
  return {&a.in(), arith::SelectOp::create(a.in().builder, a.in().loc, condition.value(), a.value(),
                                           b.value())};
}

Signal hdl::concat(ArrayRef<Signal> parts) {
  if (parts.size() == 1) {
    return parts.front();
  }
  SmallVector<Value> values;
  int bits = 0;
  for (Signal part : parts) {
    values.push_back(part.value());
    bits += part.bits();
  }
  Circuit &circuit = parts.front().in();
  return {&circuit, ConcatOp::create(circuit.builder, circuit.loc,
                                     circuit.builder.getIntegerType(bits), values)};
}

Signal hdl::product(Signal a, Signal b, int bits) {
  return binary<arith::MulIOp>(a.resizedSigned(bits), b.resizedSigned(bits));
}

Signal hdl::times(Signal a, int64_t factor, int bits) {
  Signal wide = a.resized(bits);
  return factor == 1 ? wide : binary<arith::MulIOp>(wide, a.in().constant(factor, bits));
}

//===----------------------------------------------------------------------===//
// Circuits
//===----------------------------------------------------------------------===//

void Reg::next(Signal enable, Signal value) {
  op.getNextMutable().assign(value.value());
  op.getEnableMutable().assign(enable.value());
}

Circuit::Circuit(mlir::ModuleOp into, StringRef name, StringRef doc, StringRef clock)
    : builder(into.getContext()), loc(builder.getUnknownLoc()) {
  builder.setInsertionPointToEnd(into.getBody());
  module = CircuitOp::create(builder, loc, name, clock,
                             doc.empty() ? StringAttr() : builder.getStringAttr(doc));
  builder.setInsertionPointToStart(&module.getBody().emplaceBlock());
}

std::string Circuit::fresh(StringRef name) {
  int &count = taken[name];
  ++count;
  if (count == 1) {
    return name.str();
  }
  std::string numbered = (name + "_" + Twine(count)).str();
  return taken.contains(numbered) ? fresh(numbered) : (taken[numbered] = 1, numbered);
}

Signal Circuit::input(StringRef name, int bits) {
  return {this, InputOp::create(builder, loc, builder.getIntegerType(bits), fresh(name))};
}

void Circuit::output(StringRef name, Signal value) {
  OutputOp::create(builder, loc, fresh(name), value.value());
}

Signal Circuit::constant(int64_t value, int bits) {
  IntegerType type = builder.getIntegerType(bits);
  APInt number(64, static_cast<uint64_t>(value), /*isSigned=*/true);
  return {this, arith::ConstantOp::create(builder, loc,
                                          IntegerAttr::get(type, number.sextOrTrunc(bits)))};
}

/// Registers and wires read themselves until they are connected.
static void connectToItself(Operation *op, Value placeholder) {
  Operation *def = placeholder.getDefiningOp();
  op->replaceUsesOfWith(placeholder, op->getResult(0));
  def->erase();
}

Reg Circuit::reg(StringRef name, int bits) {
  Value placeholder = zero(bits).value();
  auto op = RegOp::create(builder, loc, placeholder.getType(), fresh(name), placeholder, Value(),
                          Value(), IntegerAttr());
  connectToItself(op, placeholder);
  return {this, op};
}

Reg Circuit::reg(StringRef name, int bits, int64_t start) {
  assert(reset && "a start value needs a reset");
  Value placeholder = zero(bits).value();
  APInt number(64, static_cast<uint64_t>(start), /*isSigned=*/true);
  auto op = RegOp::create(builder, loc, placeholder.getType(), fresh(name), placeholder, Value(),
                          reset.value(),
                          IntegerAttr::get(placeholder.getType(), number.sextOrTrunc(bits)));
  connectToItself(op, placeholder);
  return {this, op};
}

Wire Circuit::wire(StringRef name, int bits) {
  Value placeholder = zero(bits).value();
  auto op = WireOp::create(builder, loc, fresh(name), placeholder);
  connectToItself(op, placeholder);
  return {this, op};
}

Signal Circuit::rom(StringRef name, int64_t words, int bits, Signal address, Signal read,
                    StringRef init) {
  return {this, MemoryOp::create(builder, loc, builder.getIntegerType(bits), fresh(name), words,
                                 address.value(), read.value(), Value(), Value(), Value(),
                                 builder.getStringAttr(init))};
}

Signal Circuit::ram(StringRef name, int64_t words, int bits, Signal address, Signal read,
                    Signal target, Signal data, Signal write) {
  return {this, MemoryOp::create(builder, loc, builder.getIntegerType(bits), fresh(name), words,
                                 address.value(), read.value(), target.value(), data.value(),
                                 write.value(), StringAttr())};
}

Signal Circuit::table(Signal index, ArrayRef<int64_t> values, int bits) {
  return {this, TableOp::create(builder, loc, builder.getIntegerType(bits), index.value(), values)};
}

std::vector<Signal> Circuit::instance(StringRef name, CircuitOp of, ArrayRef<Signal> inputs) {
  SmallVector<Value> values;
  for (Signal one : inputs) {
    values.push_back(one.value());
  }
  SmallVector<Type> types;
  for (auto output : of.getBody().getOps<OutputOp>()) {
    types.push_back(output.getValue().getType());
  }
  auto op = InstanceOp::create(builder, loc, types, builder.getStringAttr(fresh(name)),
                               FlatSymbolRefAttr::get(of.getSymNameAttr()), values);
  std::vector<Signal> outputs;
  for (Value result : op.getResults()) {
    outputs.push_back({this, result});
  }
  return outputs;
}
