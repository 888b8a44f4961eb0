//===- LoadNetwork.cpp - a clocked network from a file --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/Records.h"
#include "passes/pipeline/Pipeline.h"

#include "dialects/Version.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"

#include <algorithm>

using namespace mlir;
using namespace nirc;

void nirc::nameLocations(snn::NetworkOp network) {
  for (Operation &op : network.getBody().front()) {
    auto node = op.getAttrOfType<StringAttr>("node");
    if (node && !isa<NameLoc>(op.getLoc())) {
      op.setLoc(NameLoc::get(node, op.getLoc()));
    }
  }
}

OwningOpRef<ModuleOp> nirc::loadNetwork(StringRef bytes, const std::string &file,
                                        MLIRContext &context) {
  context.loadDialect<snn::SnnDialect, arith::ArithDialect, math::MathDialect>();
  // Of bytecode, weights stay in this memory: they are aligned in it as far as it is.
  auto buffer =
      llvm::WritableMemoryBuffer::getNewUninitMemBuffer(bytes.size(), file, llvm::Align(64));
  std::copy(bytes.begin(), bytes.end(), buffer->getBufferStart());
  auto sources = std::make_shared<llvm::SourceMgr>();
  sources->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, &context);
  if (!module) {
    return {};
  }
  auto networks = llvm::to_vector(module->getOps<snn::NetworkOp>());
  if (networks.size() != 1) {
    emitError(FileLineColLoc::get(&context, file, 0, 0))
        << "the file holds " << networks.size() << " networks, expected one snn.network";
    return {};
  }
  removeVersion<snn::DialectVersionAttr>(*module); // of the text that was read
  nameLocations(networks.front());
  return module;
}

static bool isRecorded(snn::NetworkOp network, const nir::Probe &probe) {
  return llvm::any_of(network.getBody().getOps<snn::RecordOp>(), [&](snn::RecordOp op) {
    return op.getNode() == probe.node && op.getObservable() == probe.observable;
  });
}

LogicalResult nirc::addRecords(snn::NetworkOp network, llvm::ArrayRef<nir::Probe> probes) {
  auto builder = OpBuilder::atBlockEnd(&network.getBody().front());
  for (const nir::Probe &probe : probes) {
    if (isRecorded(network, probe)) {
      continue;
    }
    Value signal;
    if (!snn::findState(network, probe.node, probe.observable)) {
      signal = snn::resultOf(network, probe.node);
      if (!signal || snn::observableOf(signal.getType()) != probe.observable) {
        return network.emitError() << "the network has nothing called '" << probe.observable
                                   << "' at a node '" << probe.node << "'";
      }
    }
    snn::RecordOp::create(builder, network.getLoc(), probe.node, probe.observable, signal);
  }
  return success();
}
