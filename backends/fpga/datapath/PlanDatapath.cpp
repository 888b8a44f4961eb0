//===- PlanDatapath.cpp - the ports of a datapath -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/datapath/Datapath.h"
#include "backends/fpga/datapath/LiveBody.h"
#include "backends/fpga/verilog/Names.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

namespace {
/// Names of ports, each once.
class Names {
public:
  std::string unique(const std::string &wanted) {
    std::string name = wanted;
    for (int i = 2; !taken.insert(name).second; ++i) {
      name = wanted + "_" + std::to_string(i);
    }
    return name;
  }

private:
  llvm::StringSet<> taken;
};
} // namespace

//===----------------------------------------------------------------------===//
// What has a form in hardware
//===----------------------------------------------------------------------===//

/// Why an op that the datapath computes has no form; empty where it has one.
static std::string refusalOf(Operation &op, LiveBody &body) {
  auto isIntegral = [](Type type) { return type.isSignlessInteger(); };
  if (op.getNumResults() != 1 || !llvm::all_of(op.getOperandTypes(), isIntegral) ||
      !llvm::all_of(op.getResultTypes(), isIntegral)) {
    return "which is not of integers";
  }
  if (isa<arith::ShLIOp, arith::ShRSIOp, arith::ShRUIOp>(op)) {
    return body.onlyNumber(op.getOperand(1)) ? "" : "by a number that is not constant";
  }
  if (isa<arith::DivSIOp, arith::RemSIOp, arith::FloorDivSIOp, arith::CeilDivSIOp>(op)) {
    return body.boundsOf(op.getOperand(1)).least > 0 ? "" : "by a number that may not be positive";
  }
  bool isKnown = isa<arith::ConstantOp, arith::AddIOp, arith::SubIOp, arith::MulIOp, arith::AndIOp,
                     arith::OrIOp, arith::XOrIOp, arith::MaxSIOp, arith::MinSIOp, arith::CmpIOp,
                     arith::SelectOp, arith::ExtSIOp, arith::ExtUIOp, arith::TruncIOp,
                     arith::BitcastOp, math::AbsIOp, math::CountLeadingZerosOp>(op);
  return isKnown ? "" : "which has no form in hardware";
}

static LogicalResult verifyOps(snn::PopulationOp op, LiveBody &body) {
  for (Operation &inner : op.getBody().front().without_terminator()) {
    bool isRead = llvm::any_of(inner.getResults(), [&](Value v) { return body.isRead(v); });
    if (!isRead || (inner.getNumResults() == 1 && body.onlyNumber(inner.getResult(0)))) {
      continue;
    }
    if (std::string refusal = refusalOf(inner, body); !refusal.empty()) {
      InFlightDiagnostic error = snn::nodeError(op)
                                 << "its body holds '" << inner.getName() << "' " << refusal;
      error.attachNote(inner.getLoc())
          << "expected sums, products, bits, comparisons, selections and conversions of integers, "
             "shifts by constants, and quotients by positive numbers";
      return error;
    }
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Ports
//===----------------------------------------------------------------------===//

static std::string nameOf(snn::PopulationOp op, unsigned argument) {
  unsigned states = op.getStates().size();
  if (argument == 0) {
    return "u";
  }
  Attribute name =
      argument <= states ? op.getStates()[argument - 1] : op.getParamNames()[argument - 1 - states];
  return verilogName(cast<StringAttr>(name).getValue());
}

static std::vector<DatapathPort> inputsOf(snn::PopulationOp op, LiveBody &body, Names &names) {
  std::vector<DatapathPort> inputs;
  for (BlockArgument argument : op.getBody().getArguments()) {
    if (!body.isRead(argument) || body.onlyNumber(argument)) {
      continue;
    }
    Interval range = body.boundsOf(argument);
    inputs.push_back({names.unique(nameOf(op, argument.getArgNumber())), neededBits(range),
                      range.least, range.most, static_cast<int>(argument.getArgNumber())});
  }
  return inputs;
}

static std::vector<DatapathPort> outputsOf(snn::PopulationOp op, Names &names) {
  std::vector<DatapathPort> outputs;
  auto yield = cast<snn::YieldOp>(op.getBody().front().getTerminator());
  for (auto [place, value] : llvm::enumerate(yield.getValues())) {
    DatapathPort port{"", 1, 0, 1, static_cast<int>(place), value.getType().isInteger(1)};
    if (!port.isBit) {
      snn::IntegerRange range = snn::integerRange(
          place == 0 ? op.getType() : cast<TypeAttr>((*op.getStateTypes())[place - 1]).getValue());
      port.least = range.least;
      port.most = range.most;
      port.bits = neededBits({range.least, range.most});
    }
    port.name = names.unique(place > 0    ? nameOf(op, place) + "_next"
                             : port.isBit ? "spike"
                                          : "result");
    outputs.push_back(port);
  }
  return outputs;
}

FailureOr<Datapath> nirc::fpga::planDatapath(snn::PopulationOp op) {
  for (Type type : op.getBody().getArgumentTypes()) {
    if (!type.isSignlessInteger()) {
      InFlightDiagnostic error = snn::nodeError(op)
                                 << "computes in " << type << ", expected integers";
      error.attachNote() << "choose a number format with states=integer";
      return error;
    }
  }
  LiveBody body(op);
  if (failed(verifyOps(op, body))) {
    return failure();
  }
  Names names;
  Datapath datapath{verilogName(op.getNode()) + "_update", inputsOf(op, body, names), {}};
  datapath.outputs = outputsOf(op, names);
  return datapath;
}
