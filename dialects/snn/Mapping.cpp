//===- Mapping.cpp - neurons on cores -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/MappingText.h"
#include "dialects/snn/Snn.h"
#include "dialects/snn/Verify.h"

#include "ir/Wording.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringMap.h"

#include <limits>
#include <set>

using namespace mlir;
using namespace snn;

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

ParseResult snn::parseRoutes(OpAsmParser &parser, DenseI64ArrayAttr &routes) {
  SmallVector<int64_t> numbers;
  auto route = [&] {
    return failure(parser.parseInteger(numbers.emplace_back()) || parser.parseColon() ||
                   parser.parseInteger(numbers.emplace_back()));
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, route)) {
    return failure();
  }
  routes = parser.getBuilder().getDenseI64ArrayAttr(numbers);
  return success();
}

void snn::printRoutes(OpAsmPrinter &printer, Operation *, DenseI64ArrayAttr routes) {
  printer << '[';
  for (int64_t i = 0; i + 1 < routes.size(); i += 2) {
    printer << (i ? ", " : "") << routes[i] << " : " << routes[i + 1];
  }
  printer << ']';
}

ParseResult snn::parseNeurons(OpAsmParser &parser, ArrayAttr &nodes, ArrayAttr &neurons) {
  SmallVector<Attribute> names, ranges;
  auto ofNode = [&] {
    std::string name;
    SmallVector<int32_t> ends;
    auto range = [&] {
      return failure(parser.parseInteger(ends.emplace_back()) || parser.parseKeyword("to") ||
                     parser.parseInteger(ends.emplace_back()));
    };
    if (parser.parseString(&name) ||
        parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, range)) {
      return failure();
    }
    names.push_back(parser.getBuilder().getStringAttr(name));
    ranges.push_back(parser.getBuilder().getDenseI32ArrayAttr(ends));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, ofNode)) {
    return failure();
  }
  nodes = parser.getBuilder().getArrayAttr(names);
  neurons = parser.getBuilder().getArrayAttr(ranges);
  return success();
}

void snn::printNeurons(OpAsmPrinter &printer, Operation *, ArrayAttr nodes, ArrayAttr neurons) {
  printer << '[';
  llvm::interleaveComma(llvm::zip(nodes, neurons), printer, [&](auto each) {
    printer << std::get<0>(each) << " [";
    ArrayRef<int32_t> ends = cast<DenseI32ArrayAttr>(std::get<1>(each));
    for (size_t i = 0; i + 1 < ends.size(); i += 2) {
      printer << (i ? ", " : "") << ends[i] << " to " << ends[i + 1];
    }
    printer << ']';
  });
  printer << ']';
}

//===----------------------------------------------------------------------===//
// What is verified
//===----------------------------------------------------------------------===//

/// core (C2), mapping (C5): pairs of a core and how many send there.
static bool arePairs(ArrayRef<int64_t> routes) {
  bool isPaired = routes.size() % 2 == 0;
  for (size_t i = 1; isPaired && i < routes.size(); i += 2) {
    isPaired = routes[i] > 0;
  }
  return isPaired;
}

LogicalResult CoreOp::verify() {
  if (getNodes().size() != getNeurons().size()) {
    return emitOpError("core ") << getNumber() << " has " << getNodes().size() << " nodes and "
                                << getNeurons().size() << " lists of neurons";
  }
  for (auto [node, ends] : llvm::zip(getNodes().getAsValueRange<StringAttr>(),
                                     getNeurons().getAsRange<DenseI32ArrayAttr>())) {
    bool isPaired = !ends.empty() && ends.size() % 2 == 0;
    for (int64_t i = 0; isPaired && i < ends.size(); i += 2) {
      isPaired = ends[i] >= 0 && ends[i] < ends[i + 1];
    }
    if (!isPaired) { // core (C1)
      return emitOpError("core ") << getNumber() << " has a range of node '" << node
                                  << "' that is empty, expected its first neuron and its end";
    }
  }
  return arePairs(getRoutes()) ? success() // core (C2)
                               : emitOpError("core ")
                                     << getNumber()
                                     << " has a route of nobody, expected pairs of a core and "
                                        "how many send spikes there";
}

/// mapping (C5)
static LogicalResult verifyRoutes(MappingOp op, ArrayRef<int64_t> routes, int64_t cores) {
  for (size_t i = 0; i < routes.size(); i += 2) {
    if (routes[i] < 0 || routes[i] >= cores) {
      return op.emitOpError("has a route to core ")
             << routes[i] << ", expected 0 to " << cores - 1 << ", those that there are";
    }
  }
  return success();
}

namespace {

/// mapping (C3), one population.
struct Placed {
  std::vector<bool> neurons;
  int64_t count = 0;
};

} // namespace

/// mapping (C3)
static LogicalResult placeNeurons(CoreOp core, llvm::StringMap<Placed> &populations) {
  for (auto [node, ends] : llvm::zip(core.getNodes().getAsValueRange<StringAttr>(),
                                     core.getNeurons().getAsRange<DenseI32ArrayAttr>())) {
    auto found = populations.find(node);
    if (found == populations.end()) {
      continue;
    }
    Placed &placed = found->second;
    for (int64_t i = 0; i < ends.size(); i += 2) {
      if (static_cast<size_t>(ends[i + 1]) > placed.neurons.size()) {
        return core.emitOpError("core ")
               << core.getNumber() << " has neurons " << ends[i] << " to " << ends[i + 1]
               << " of node '" << node << "', which has " << placed.neurons.size();
      }
      for (int32_t n = ends[i]; n < ends[i + 1]; ++n) {
        if (placed.neurons[n]) {
          return core.emitOpError("core ") << core.getNumber() << " has neuron " << n
                                           << " of node '" << node << "', which is on another";
        }
        placed.neurons[n] = true;
        ++placed.count;
      }
    }
  }
  return success();
}

/// Of a grid; and of chips there are no more than numbers of 32 bits.
constexpr uint64_t mostColumns = 1 << 16;
constexpr uint64_t mostChips = std::numeric_limits<int32_t>::max();

LogicalResult snn::verifyMapping(MappingOp op) {
  auto network = op->getParentOfType<NetworkOp>();
  if (*network.getBody().getOps<MappingOp>().begin() != op) {
    return op.emitOpError("is the second of its network, expected one"); // mapping (C1)
  }
  if (op.getColumns() > mostColumns || op.getRows() > mostColumns) { // mapping (C4)
    return op.emitOpError("lies on grids of ")
           << op.getColumns() << " by " << op.getRows() << ", expected at most " << mostColumns
           << " of each";
  }
  llvm::StringMap<Placed> populations;
  for (auto population : network.getBody().getOps<PopulationOp>()) {
    auto [placed, isNew] = populations.try_emplace(population.getNode());
    if (!isNew) { // mapping (C3)
      return nodeError(population) << "is there twice, expected one population of a name to map";
    }
    placed->second.neurons.resize(static_cast<size_t>(elementsOf(population.getType())));
  }
  auto cores = static_cast<int64_t>(op.getBody().front().getOperations().size());
  std::set<std::tuple<uint64_t, uint64_t, uint64_t>> places;
  int64_t number = 0;
  for (Operation &inner : op.getBody().front()) {
    auto core = dyn_cast<CoreOp>(inner);
    if (!core || static_cast<int64_t>(core.getNumber()) != number) { // mapping (C2)
      return op.emitOpError("holds something else where snn.core ") << number << " is expected";
    }
    ++number;
    if (failed(placeNeurons(core, populations)) ||
        failed(verifyRoutes(op, core.getRoutes(), cores))) {
      return failure();
    }
    bool isInGrid = core.getColumn() < op.getColumns() && core.getRow() < op.getRows() &&
                    core.getChip() < mostChips;
    if (!isInGrid || !places.insert({core.getChip(), core.getColumn(), core.getRow()}).second) {
      return core.emitOpError("core ") // mapping (C4)
             << core.getNumber() << " is at (" << core.getColumn() << ", " << core.getRow()
             << "), expected a place in the grid of " << op.getColumns() << " by " << op.getRows()
             << " that no other core of the chip has";
    }
  }
  for (const llvm::StringMapEntry<Placed> &each : populations) {
    auto size = static_cast<int64_t>(each.second.neurons.size());
    if (each.second.count != size) {
      return op.emitOpError("places ") << nir::counted(each.second.count, "neuron") << " of node '"
                                       << each.getKey() << "', expected all " << size;
    }
  }
  if (!arePairs(op.getInputs())) { // mapping (C5)
    return op.emitOpError("has a route of nobody, expected pairs of a core and how many send "
                          "spikes there");
  }
  return verifyRoutes(op, op.getInputs(), cores);
}
