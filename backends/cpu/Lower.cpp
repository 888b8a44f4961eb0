//===- Lower.cpp - snn to a step function ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/Lower.h"

#include "backends/cpu/Emitter.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/FuncToLLVM/ConvertFuncToLLVMPass.h"
#include "mlir/Conversion/IndexToLLVM/IndexToLLVM.h"
#include "mlir/Conversion/MathToLibm/MathToLibm.h"
#include "mlir/Conversion/MemRefToLLVM/MemRefToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace nirc::cpu;

/// Writes the body of the function of `op`. False where the op does nothing in a step.
static bool emitNode(Emitter &emit, Operation &op) {
  return llvm::TypeSwitch<Operation *, bool>(&op)
      .Case([&](snn::PopulationOp population) { return emitPopulation(emit, population), true; })
      .Case([&](snn::DenseOp dense) { return emitDense(emit, dense), true; })
      .Case([&](snn::ConvOp conv) { return emitConv(emit, conv), true; })
      .Case([&](snn::PoolOp pool) { return emitPool(emit, pool), true; })
      .Case([&](snn::ScaleOp scale) { return emitScale(emit, scale), true; })
      .Case([&](snn::AddOp add) { return emitAdd(emit, add), true; })
      .Case([&](snn::DelayOp delay) { return emitDelayRead(emit, delay), true; })
      .Default([](Operation *) { return false; });
}

/// A function a node, so that the compiler's work grows with the number of nodes and not faster.
static SmallVector<func::FuncOp> emitNodes(Emitter &emit, Block &body) {
  SmallVector<func::FuncOp> calls;
  for (auto [number, op] : llvm::enumerate(body)) {
    func::FuncOp function = emit.begin(op.getLoc(), ("node_" + llvm::Twine(number)).str());
    if (emitNode(emit, op)) {
      emit.finish();
      function.setPrivate();
      calls.push_back(function);
    } else {
      function.erase();
    }
  }
  // What the delays hand to the next step, once every signal of this one is there. Inputs of delays
  // may be outputs of other delays, but those are arrays of their own, so the order does not
  // matter.
  for (auto [number, delay] : llvm::enumerate(body.getOps<snn::DelayOp>())) {
    if (delay.longest() > 0) {
      calls.push_back(emit.begin(delay.getLoc(), ("delay_" + llvm::Twine(number)).str()));
      emitDelayWrite(emit, delay);
      emit.finish();
      calls.back().setPrivate();
    }
  }
  return calls;
}

FailureOr<Lowered> nirc::cpu::lower(ModuleOp module) {
  auto networks = llvm::to_vector(module.getOps<snn::NetworkOp>());
  if (networks.size() != 1) {
    return module.emitError() << "the module has " << networks.size() << " networks, expected 1";
  }
  snn::NetworkOp network = networks.front();
  FailureOr<Layout> layout = layOut(network);
  if (failed(layout)) {
    return failure();
  }
  Lowered lowered{std::move(*layout), {}};
  Emitter emit(module, lowered.layout, network.getElement(), lowered.parameters);
  SmallVector<func::FuncOp> calls = emitNodes(emit, network.getBody().front());

  func::FuncOp step = emit.begin(network.getLoc(), "step");
  for (func::FuncOp call : calls) {
    func::CallOp::create(emit.builder, call.getLoc(), call, step.getArguments());
  }
  if (lowered.layout.clock) {
    emit.advanceClock();
  }
  emit.finish();
  // The network is gone after this, and with it the keys of the layout's maps; the ports stay.
  network.erase();
  lowered.layout.signals.clear();
  lowered.layout.states.clear();
  lowered.layout.rings.clear();
  return lowered;
}

namespace {

struct LowerPass : PassWrapper<LowerPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(LowerPass)
  StringRef getArgument() const override { return "cpu-lower"; }
  StringRef getDescription() const override {
    return "turn the module's snn.network into a step function over one block of memory";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry
        .insert<arith::ArithDialect, func::FuncDialect, memref::MemRefDialect, scf::SCFDialect>();
  }
  void runOnOperation() override {
    if (failed(lower(getOperation()))) {
      signalPassFailure();
    }
  }
};

} // namespace

std::unique_ptr<Pass> nirc::cpu::createLowerPass() { return std::make_unique<LowerPass>(); }

std::unique_ptr<MLIRContext> nirc::cpu::makeContext() {
  // One small module, compiled once: threads would cost more than they save.
  auto context = std::make_unique<MLIRContext>(MLIRContext::Threading::DISABLED);
  context->loadDialect<arith::ArithDialect, cf::ControlFlowDialect, func::FuncDialect,
                       LLVM::LLVMDialect, memref::MemRefDialect, scf::SCFDialect>();
  context->printOpOnDiagnostic(false); // a user's error names the node, not the IR
  return context;
}

void nirc::cpu::buildToLLVMPipeline(OpPassManager &pm) {
  // Calls of libm, whose results the interpreter has too.
  pm.addPass(createConvertMathToLibmPass());
  pm.addPass(createSCFToControlFlowPass());
  pm.addPass(createConvertIndexToLLVMPass());
  pm.addPass(createArithToLLVMConversionPass());
  pm.addPass(createFinalizeMemRefToLLVMConversionPass());
  // A memref of static shape is passed as its pointer: `step` takes the arena's address and nothing
  // else.
  ConvertFuncToLLVMPassOptions function;
  function.useBarePtrCallConv = true;
  pm.addPass(createConvertFuncToLLVMPass(function));
  pm.addPass(createConvertControlFlowToLLVMPass());
  pm.addPass(createReconcileUnrealizedCastsPass());
}
