//===- Emit.cpp - designs as files ----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/emit/Emit.h"

#include "backends/fpga/hdl/Simplify.h"
#include "backends/fpga/verilog/Writer.h"
#include "backends/run/Digest.h"

#include "dialects/snn/Records.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;

/// What the names of the network's ports stand for, in place of what the plan calls them.
static LogicalResult describe(Design &design, const ProgramInfo &info, snn::NetworkOp network) {
  design.info = info;
  auto scalesOf = [](Type type) {
    auto scales = snn::scalesOf(type);
    return std::vector<double>(scales.begin(), scales.end());
  };
  size_t next = 0;
  for (auto input : network.getBody().getOps<snn::InputOp>()) {
    design.inputs[next].info = info.inputs[next];
    design.inputs[next++].scales = scalesOf(input.getType());
  }
  next = 0;
  for (auto output : network.getBody().getOps<snn::OutputOp>()) {
    design.outputs[next].info = info.outputs[next];
    design.outputs[next++].scales = scalesOf(output.getSignal().getType());
  }
  size_t record = 0;
  for (auto op : network.getBody().getOps<snn::RecordOp>()) {
    if (op.getSignal()) {
      design.outputs[next].info = info.records[record];
      design.outputs[next++].scales = scalesOf(op.getSignal().getType());
    }
    record += record < info.records.size() ? 1 : 0;
  }
  // States as the program has them; the others are there too, but have no name outside.
  std::vector<StateWindow> windows;
  for (const PortInfo &state : info.states) {
    auto found = llvm::find_if(design.states, [&](const StateWindow &window) {
      return window.info.node == state.node && window.info.observable == state.observable;
    });
    auto of = snn::findState(network, state.node, state.observable);
    if (found == design.states.end() || !of) {
      return network.emitError("node '")
             << state.node << "' has no state '" << state.observable << "' in the design";
    }
    StateWindow window = *found;
    window.info = state;
    window.scales = scalesOf(of->type());
    snn::IntegerRange range = snn::integerRange(of->type());
    window.least = range.least;
    window.most = range.most;
    windows.push_back(std::move(window));
  }
  design.states = std::move(windows);
  return success();
}

/// Modules that a module is made of, itself included.
static llvm::StringSet<> partsOf(mlir::ModuleOp circuits, StringRef top) {
  llvm::StringSet<> parts{top};
  auto all = llvm::to_vector(circuits.getOps<hdl::CircuitOp>());
  for (hdl::CircuitOp circuit : llvm::reverse(all)) { // a module stands behind those in it
    if (parts.contains(circuit.getSymName())) {
      for (auto instance : circuit.getBody().getOps<hdl::InstanceOp>()) {
        parts.insert(instance.getModule());
      }
    }
  }
  return parts;
}

FailureOr<Written> nirc::fpga::writeDesign(snn::NetworkOp network, const ProgramInfo &info,
                                           const EmitChoices &choices) {
  Written out;
  out.network = cast<mlir::ModuleOp>(network->getParentOp()->clone());
  snn::NetworkOp copy = *out.network->getOps<snn::NetworkOp>().begin();
  MLIRContext *context = network.getContext();
  FailureOr<Circuits> circuits = failure();
  if (choices.latency > 0) {
    circuits = buildUnrolled(copy, choices.name, choices.latency, context, choices.build,
                             out.timing.emplace());
  } else {
    FailureOr<Plan> plan = makePlan(copy, choices.plan);
    if (failed(plan)) {
      return failure();
    }
    out.plan = std::move(*plan);
    circuits = buildCircuits(out.plan, choices.name, context, choices.build);
  }
  if (failed(circuits)) {
    return failure();
  }
  out.circuits = std::move(*circuits);
  Design &design = out.circuits.design;
  if (failed(describe(design, info, network)) || failed(hdl::simplify(*out.circuits.module))) {
    return failure();
  }
  std::string all; // what the build id is of
  for (const Image &image : out.circuits.images) {
    std::string file = "mem/" + image.file;
    design.memories.push_back({file, image.words, image.bits, sha256Of(image.text)});
    out.files.push_back({file, image.text});
    all += file + "\n" + image.text;
  }
  llvm::StringSet<> parts = partsOf(*out.circuits.module, design.top);
  for (bool isTop : {false, true}) {
    for (auto circuit : out.circuits.module->getOps<hdl::CircuitOp>()) {
      if ((circuit.getSymName() == design.top) != isTop) {
        continue;
      }
      if (isTop) {
        llvm::to_integer(StringRef(sha256Of(all)).take_front(8), design.buildId, 16);
        circuit.setDoc(
            fmt::format("{} in steps of {} s, {} under the semantics {}, written by nirc {}",
                        info.model, info.dtSeconds, info.format, info.semantics, info.nirc));
        OpBuilder builder(out.circuits.buildId);
        Value number = arith::ConstantOp::create(
            builder, circuit.getLoc(),
            builder.getI32IntegerAttr(static_cast<int32_t>(design.buildId)));
        out.circuits.buildId.getValueMutable().assign(number);
      }
      FailureOr<std::string> text = writeVerilog(circuit, "../mem/");
      if (failed(text)) {
        return failure();
      }
      // Stages in a row, where units have registers between them, are there for proofs.
      bool isPart = parts.contains(circuit.getSymName());
      std::string file =
          fmt::format("{}/{}.v", isPart ? "rtl" : "formal", std::string_view(circuit.getSymName()));
      if (!isPart) {
        out.files.push_back({file, *text});
        continue;
      }
      design.sources.push_back(file);
      out.files.push_back({file, *text});
      all += file + "\n" + *text;
    }
  }
  return std::move(out);
}
