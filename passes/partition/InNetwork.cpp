//===- InNetwork.cpp - a mapping as part of a network ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/partition/InNetwork.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace nirc;

static SmallVector<int64_t> pairsOf(const std::vector<Mapping::Route> &routes) {
  SmallVector<int64_t> pairs;
  for (const Mapping::Route &route : routes) {
    pairs.append({route.to, route.sources});
  }
  return pairs;
}

static void writeCore(OpBuilder &builder, Location loc, int64_t number, const Mapping::Core &core) {
  SmallVector<StringRef> nodes;
  SmallVector<Attribute> neurons;
  for (const Mapping::Neurons &each : core.neurons) {
    nodes.push_back(each.node);
    SmallVector<int32_t> ends;
    for (Mapping::Range range : each.ranges) {
      ends.append({range.first, range.end});
    }
    neurons.push_back(builder.getDenseI32ArrayAttr(ends));
  }
  snn::CoreOp::create(builder, loc, number, core.chip, core.column, core.row,
                      builder.getStrArrayAttr(nodes), builder.getArrayAttr(neurons),
                      pairsOf(core.routes));
}

void nirc::eraseMapping(snn::NetworkOp network) {
  for (auto old : llvm::make_early_inc_range(network.getBody().getOps<snn::MappingOp>())) {
    old.erase();
  }
}

void nirc::writeMapping(snn::NetworkOp network, const Mapping &mapping) {
  eraseMapping(network);
  auto builder = OpBuilder::atBlockEnd(&network.getBody().front());
  auto op = snn::MappingOp::create(builder, network.getLoc(), mapping.target, mapping.grid.columns,
                                   mapping.grid.rows, pairsOf(mapping.inputs));
  builder.createBlock(&op.getBody());
  for (auto [number, core] : llvm::enumerate(mapping.cores)) {
    writeCore(builder, network.getLoc(), static_cast<int64_t>(number), core);
  }
}

static std::vector<Mapping::Route> routesOf(ArrayRef<int64_t> pairs) {
  std::vector<Mapping::Route> routes;
  for (size_t i = 0; i < pairs.size(); i += 2) {
    routes.push_back({static_cast<int32_t>(pairs[i]), pairs[i + 1]});
  }
  return routes;
}

std::optional<Mapping> nirc::readMapping(snn::NetworkOp network) {
  auto ops = network.getBody().getOps<snn::MappingOp>();
  if (ops.empty()) {
    return std::nullopt;
  }
  snn::MappingOp op = *ops.begin();
  Mapping mapping;
  mapping.target = op.getTarget().str();
  mapping.grid = {static_cast<int32_t>(op.getColumns()), static_cast<int32_t>(op.getRows())};
  mapping.inputs = routesOf(op.getInputs());
  for (auto coreOp : op.getBody().getOps<snn::CoreOp>()) {
    Mapping::Core &core = mapping.cores.emplace_back();
    core.chip = static_cast<int32_t>(coreOp.getChip());
    core.column = static_cast<int32_t>(coreOp.getColumn());
    core.row = static_cast<int32_t>(coreOp.getRow());
    core.routes = routesOf(coreOp.getRoutes());
    for (auto [node, ends] : llvm::zip(coreOp.getNodes().getAsValueRange<StringAttr>(),
                                       coreOp.getNeurons().getAsRange<DenseI32ArrayAttr>())) {
      Mapping::Neurons &neurons = core.neurons.emplace_back();
      neurons.node = node.str();
      for (int64_t i = 0; i < ends.size(); i += 2) {
        neurons.ranges.push_back({ends[i], ends[i + 1]});
      }
    }
  }
  return mapping;
}
