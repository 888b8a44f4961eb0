//===- Bodies.h - populations and the arithmetic of datapaths ---*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/fpga/datapath/Datapath.h"
#include "dialects/snn/interpreter/InterpreterUnits.h"
#include "tests/dialects/RoundTrip.h"
#include "tests/support/Random.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace nirc::fpga::test {

/// A network of i32 with one population of three neurons. u is of -100 to 60, the state v of -1000
/// to 1000, the state r any i32; the parameter a is 3, 7 and 5, the parameter b -2 for all. The
/// body yields %s (i1), %x (v) and %y (r).
class Neurons {
public:
  explicit Neurons(const std::string &body) {
    context.mlir.loadDialect<snn::SnnDialect, mlir::arith::ArithDialect, mlir::math::MathDialect,
                             mlir::func::FuncDialect>();
    std::string text = R"(
      snn.network @n of i32 <"nir", dt = 1.0> in <"int8"> {
        %in = snn.input "in" : tensor<3x!quant.uniform<i8<-50:30>:f64, 1.0>>
        %p = snn.population "a.b/1" (%in, %in : tensor<3x!quant.uniform<i8<-50:30>:f64, 1.0>>,
                                            tensor<3x!quant.uniform<i8<-50:30>:f64, 1.0>>)
          states ["v", "r"] of [tensor<3x!quant.uniform<i16<-1000:1000>:f64, 1.0>>,
                                tensor<3x!quant.uniform<i32:f64, 1.0>>]
          params ["a", "b"] [dense<[3, 7, 5]> : tensor<3xi32>, dense<-2> : tensor<3xi32>]
          -> !snn.spikes<3> {
        ^bb0(%u: i32, %v: i32, %r: i32, %a: i32, %b: i32):
          %zero = arith.constant 0 : i32
          %one = arith.constant 1 : i32
          %ten = arith.constant 10 : i32
          )" + body + R"(
          snn.yield %s, %x, %y : i1, i32, i32
        }
        snn.output "out" %p shape [3] : !snn.spikes<3>
      })";
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context.mlir);
    EXPECT_TRUE(module) << context.errors << text;
  }

  snn::PopulationOp op() {
    auto network = *module->getOps<snn::NetworkOp>().begin();
    return *network.getBody().getOps<snn::PopulationOp>().begin();
  }

  nir::test::Context context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// A function around the datapath, so that it can be printed, verified and evaluated.
inline mlir::OwningOpRef<mlir::func::FuncOp> functionOf(snn::PopulationOp op,
                                                        const Datapath &datapath) {
  mlir::OpBuilder builder(op.getContext());
  auto typesOf = [&](const std::vector<DatapathPort> &ports) {
    llvm::SmallVector<mlir::Type> types;
    for (const DatapathPort &port : ports) {
      types.push_back(builder.getIntegerType(port.bits));
    }
    return types;
  };
  auto function = mlir::func::FuncOp::create(
      op.getLoc(), datapath.module,
      builder.getFunctionType(typesOf(datapath.inputs), typesOf(datapath.outputs)));
  mlir::Block *block = function.addEntryBlock();
  builder.setInsertionPointToStart(block);
  llvm::SmallVector<mlir::Value> outputs =
      buildDatapath(builder, op, datapath, block->getArguments());
  mlir::func::ReturnOp::create(builder, op.getLoc(), outputs);
  return function;
}

/// What such a function returns, with its sign: arith as its documentation says, bit by bit.
class Evaluator {
public:
  explicit Evaluator(mlir::func::FuncOp function) : block(function.getBody().front()) {}

  std::vector<int64_t> operator()(const std::vector<int64_t> &inputs) {
    for (auto [argument, number] : llvm::zip(block.getArguments(), inputs)) {
      unsigned bits = argument.getType().getIntOrFloatBitWidth();
      values[argument] = llvm::APInt(64, static_cast<uint64_t>(number)).sextOrTrunc(bits);
    }
    for (mlir::Operation &op : block.without_terminator()) {
      values[op.getResult(0)] = valueOf(op);
    }
    std::vector<int64_t> outputs;
    for (mlir::Value value : block.getTerminator()->getOperands()) {
      outputs.push_back(values.at(value).getSExtValue());
    }
    return outputs;
  }

private:
  llvm::APInt valueOf(mlir::Operation &op) {
    namespace arith = mlir::arith;
    auto in = [&](unsigned i) { return values.at(op.getOperand(i)); };
    unsigned bits = op.getResult(0).getType().getIntOrFloatBitWidth();
    llvm::StringRef name = op.getName().getStringRef();
    if (auto constant = mlir::dyn_cast<arith::ConstantOp>(op)) {
      return mlir::cast<mlir::IntegerAttr>(constant.getValue()).getValue();
    }
    if (auto compare = mlir::dyn_cast<arith::CmpIOp>(op)) {
      return llvm::APInt(1, arith::applyCmpPredicate(compare.getPredicate(), in(0), in(1)));
    }
    // What a shift by the width or a quotient by 0 would be, arith does not say: it must not occur.
    EXPECT_TRUE(!name.starts_with("arith.sh") || in(1).ult(bits)) << name.str();
    EXPECT_TRUE(!name.starts_with("arith.div") || !in(1).isZero()) << name.str();
    return name == "arith.addi"     ? in(0) + in(1)
           : name == "arith.subi"   ? in(0) - in(1)
           : name == "arith.muli"   ? in(0) * in(1)
           : name == "arith.divsi"  ? in(0).sdiv(in(1))
           : name == "arith.remsi"  ? in(0).srem(in(1))
           : name == "arith.shli"   ? in(0).shl(in(1))
           : name == "arith.shrsi"  ? in(0).ashr(in(1))
           : name == "arith.shrui"  ? in(0).lshr(in(1))
           : name == "arith.andi"   ? in(0) & in(1)
           : name == "arith.ori"    ? in(0) | in(1)
           : name == "arith.xori"   ? in(0) ^ in(1)
           : name == "arith.select" ? (in(0).isOne() ? in(1) : in(2))
           : name == "arith.extsi"  ? in(0).sext(bits)
           : name == "arith.extui"  ? in(0).zext(bits)
           : name == "arith.trunci" ? in(0).trunc(bits)
                                    : unknown(name, bits);
  }

  static llvm::APInt unknown(llvm::StringRef name, unsigned bits) {
    ADD_FAILURE() << "a datapath holds " << name.str();
    return {bits, 0};
  }

  mlir::Block &block;
  llvm::DenseMap<mlir::Value, llvm::APInt> values;
};

} // namespace nirc::fpga::test
