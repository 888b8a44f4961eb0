//===- VerilogText.h - a datapath as Verilog --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tests/backends/fpga/Bodies.h"

namespace nirc::fpga::test {

/// A function around a datapath as a module: a signed wire for each value, written for nothing but
/// to be right.
class VerilogText {
public:
  VerilogText(mlir::func::FuncOp function, const Datapath &datapath)
      : block(function.getBody().front()), datapath(datapath) {}

  std::string text() {
    std::string ports, body;
    for (auto [port, argument] : llvm::zip(datapath.inputs, block.getArguments())) {
      names[argument] = port.name;
      ports += fmt::format("  input signed [{}:0] {},\n", port.bits - 1, port.name);
    }
    for (mlir::Operation &op : block.without_terminator()) {
      std::string name = fmt::format("w{}", names.size());
      body += fmt::format("  wire signed [{}:0] {} = {};\n", widthOf(op.getResult(0)) - 1, name,
                          expression(op));
      names[op.getResult(0)] = name;
    }
    for (auto [port, value] : llvm::zip(datapath.outputs, block.getTerminator()->getOperands())) {
      ports += fmt::format("  output signed [{}:0] {},\n", port.bits - 1, port.name);
      body += fmt::format("  assign {} = {};\n", port.name, names.lookup(value));
    }
    ports.resize(ports.size() - 2);
    return fmt::format("module {} (\n{}\n);\n{}endmodule\n", datapath.module, ports, body);
  }

private:
  static unsigned widthOf(mlir::Value value) { return value.getType().getIntOrFloatBitWidth(); }

  std::string expression(mlir::Operation &op) {
    namespace arith = mlir::arith;
    auto in = [&](unsigned i) { return names.lookup(op.getOperand(i)); };
    unsigned bits = widthOf(op.getResult(0));
    llvm::StringRef name = op.getName().getStringRef();
    if (auto constant = mlir::dyn_cast<arith::ConstantOp>(op)) {
      auto number = mlir::cast<mlir::IntegerAttr>(constant.getValue()).getValue();
      return fmt::format("{}'sh{}", bits, llvm::toString(number, 16, false));
    }
    if (auto compare = mlir::dyn_cast<arith::CmpIOp>(op)) {
      using P = arith::CmpIPredicate;
      P p = compare.getPredicate();
      bool isUnsigned = p == P::ult || p == P::ule || p == P::ugt || p == P::uge;
      const char *sign = p == P::eq                   ? "=="
                         : p == P::ne                 ? "!="
                         : p == P::slt || p == P::ult ? "<"
                         : p == P::sle || p == P::ule ? "<="
                         : p == P::sgt || p == P::ugt ? ">"
                                                      : ">=";
      return fmt::format("{} {} {}", read(in(0), isUnsigned), sign, read(in(1), isUnsigned));
    }
    if (name == "arith.select") {
      return fmt::format("{} ? {} : {}", in(0), in(1), in(2));
    }
    if (name == "arith.extui") {
      return fmt::format("{{{}'h0, {}}}", bits - widthOf(op.getOperand(0)), in(0));
    }
    if (name == "arith.extsi" || name == "arith.trunci") {
      return in(0); // by the width of the wire
    }
    const char *sign = name == "arith.addi"    ? "+"
                       : name == "arith.subi"  ? "-"
                       : name == "arith.muli"  ? "*"
                       : name == "arith.divsi" ? "/"
                       : name == "arith.remsi" ? "%"
                       : name == "arith.shli"  ? "<<<"
                       : name == "arith.shrsi" ? ">>>"
                       : name == "arith.shrui" ? ">>"
                       : name == "arith.andi"  ? "&"
                       : name == "arith.ori"   ? "|"
                                               : "^";
    return fmt::format("{} {} {}", in(0), sign, read(in(1), name.starts_with("arith.sh")));
  }

  static std::string read(const std::string &wire, bool isUnsigned) {
    return isUnsigned ? "$unsigned(" + wire + ")" : wire;
  }

  mlir::Block &block;
  const Datapath &datapath;
  llvm::DenseMap<mlir::Value, std::string> names;
};

} // namespace nirc::fpga::test
