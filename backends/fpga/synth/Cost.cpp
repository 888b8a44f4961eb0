//===- Cost.cpp - what a design needs, before synthesis -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Logic is counted in bits of each kind of op, and a kind has a price in LUTs on each family. The
// prices are those that come close to what Yosys 0.23 made of six designs (README.md). Memories
// are placed as Yosys places them: in blocks, in LUTs or in logic, whatever is cheapest by the
// costs in its own tables.
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/synth/Cost.h"

#include "backends/fpga/hdl/Hdl.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <cmath>
#include <tuple>

using namespace mlir;
using namespace nirc;
using namespace nirc::fpga;

Resources &Resources::operator+=(const Resources &other) {
  luts += other.luts;
  flipFlops += other.flipFlops;
  blocks += other.blocks;
  multipliers += other.multipliers;
  return *this;
}

//===----------------------------------------------------------------------===//
// Prices
//===----------------------------------------------------------------------===//

namespace {

/// LUTs a bit.
struct Prices {
  double sum;     ///< adders and comparisons by size
  double equal;   ///< comparisons for equality
  double mux;     ///< a choice of two
  double logic;   ///< and, or, exclusive or; a negation is in what reads it
  double table;   ///< a bit of a table's constants
  double product; ///< a bit of one factor times a bit of the other
  double reg;     ///< a register's bit: what its enable and reset take
};

/// What memories are made of.
struct MemoryKinds {
  ArrayRef<int> blockWidths;
  int64_t blockBits; ///< of the widest form
  double blockCost;  ///< in the unit of Yosys, in which a written bit of logic is 1
  double romCost;    ///< of a bit of logic that is never written
  double romLuts;    ///< that such a bit takes
  /// LUTs as memory: of so many words and bits. None where there are no such LUTs.
  int64_t lutWords, lutBits;
  double lutsOfIt, lutCost;
  bool lutsHaveStart; ///< whether they can be filled
};

struct Multiplier {
  int left, right; ///< bits of the factors, with their signs
};

} // namespace

static const Prices &pricesOf(Family family) {
  static constexpr Prices ice40{1.0, 0.4, 0.7, 0.5, 0.1, 1.15, 0.1};
  static constexpr Prices ecp5{0.65, 0.4, 0.75, 0.5, 0.1, 1.15, 0.1};
  static constexpr Prices xc7{0.25, 0.3, 0.6, 0.35, 0.05, 1.1, 0.05};
  return family == Family::Ice40 ? ice40 : family == Family::Ecp5 ? ecp5 : xc7;
}

static const MemoryKinds &memoriesOf(Family family) {
  static constexpr int ice40Widths[] = {2, 4, 8, 16}, ecp5Widths[] = {1, 2, 4, 9, 18, 36};
  static const MemoryKinds ice40{ice40Widths, 4096, 64, 1.0 / 16, 1.0 / 16, 0, 0, 0, 0, false};
  static const MemoryKinds ecp5{ecp5Widths, 18432, 128, 1.0 / 16, 1.0 / 16, 16, 4, 6, 4, false};
  static const MemoryKinds xc7{ecp5Widths, 18432, 129, 1.0 / 64, 1.0 / 40, 32, 6, 4, 7, true};
  return family == Family::Ice40 ? ice40 : family == Family::Ecp5 ? ecp5 : xc7;
}

static Multiplier multiplierOf(Family family) {
  return family == Family::Ice40  ? Multiplier{16, 16}
         : family == Family::Ecp5 ? Multiplier{18, 18}
                                  : Multiplier{25, 18};
}

static int64_t divideUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// Words a block has at a width: those with parity have a ninth bit for each eight.
static int64_t wordsOf(const MemoryKinds &kinds, int width) {
  int64_t bits = kinds.blockBits % 9 == 0 && width < 9 ? kinds.blockBits / 9 * 8 : kinds.blockBits;
  return bits / width;
}

static Resources memory(int64_t words, int64_t bits, bool isWritten, Family family) {
  const MemoryKinds &kinds = memoriesOf(family);
  int64_t blocks = INT64_MAX;
  for (int width : kinds.blockWidths) {
    blocks = std::min(blocks, divideUp(words, wordsOf(kinds, width)) * divideUp(bits, width));
  }
  auto size = static_cast<double>(words * bits);
  double logicCost = isWritten ? size : size * kinds.romCost;
  double blockCost = static_cast<double>(blocks) * kinds.blockCost;
  double lutCost = INFINITY, lutsOfIt = 0;
  if (kinds.lutWords > 0 && (isWritten || kinds.lutsHaveStart)) {
    auto parts =
        static_cast<double>(divideUp(words, kinds.lutWords) * divideUp(bits, kinds.lutBits));
    lutCost = parts * kinds.lutCost;
    lutsOfIt = parts * kinds.lutsOfIt;
  }
  auto word = static_cast<double>(bits);
  if (logicCost <= std::min(blockCost, lutCost)) {
    // Written words are registers with a choice among them; others are logic.
    return isWritten ? Resources{size * 0.7, size + word} : Resources{size * kinds.romLuts, word};
  }
  if (lutCost < blockCost) {
    return {lutsOfIt, word};
  }
  return {0, 0, static_cast<double>(blocks)};
}

//===----------------------------------------------------------------------===//
// Logic
//===----------------------------------------------------------------------===//

static bool isConstant(Value value) { return matchPattern(value, m_Constant()); }

static Resources productCost(arith::MulIOp op, Family family, bool usesMultipliers) {
  // What was extended for the product is not multiplied.
  auto bitsBefore = [](Value value) {
    if (auto wide = value.getDefiningOp<arith::ExtSIOp>()) {
      value = wide.getIn();
    } else if (auto wide = value.getDefiningOp<arith::ExtUIOp>()) {
      return static_cast<int>(hdl::bitsOf(wide.getIn())) + 1;
    }
    return static_cast<int>(hdl::bitsOf(value));
  };
  int a = bitsBefore(op.getLhs()), b = bitsBefore(op.getRhs());
  APInt constant;
  if (matchPattern(op.getRhs(), m_ConstantInt(&constant))) {
    b = static_cast<int>(constant.getSignificantBits());
  }
  if (!usesMultipliers) {
    return {pricesOf(family).product * a * b};
  }
  Multiplier size = multiplierOf(family);
  auto blocks = [&](int left, int right) {
    return static_cast<double>(divideUp(left, size.left) * divideUp(right, size.right));
  };
  return {0, 0, 0, std::min(blocks(a, b), blocks(b, a))};
}

static Resources costOf(Operation *op, Family family, bool usesMultipliers) {
  const Prices &prices = pricesOf(family);
  double bits = op->getNumResults() == 1 ? hdl::bitsOf(op->getResult(0)) : 0;
  return TypeSwitch<Operation *, Resources>(op)
      .Case<arith::AddIOp, arith::SubIOp>([&](auto) { return Resources{prices.sum * bits}; })
      .Case<arith::MaxSIOp, arith::MinSIOp>(
          [&](auto) { return Resources{(prices.sum + prices.mux) * bits}; })
      .Case([&](arith::CmpIOp cmp) {
        bool isEqual = cmp.getPredicate() == arith::CmpIPredicate::eq ||
                       cmp.getPredicate() == arith::CmpIPredicate::ne;
        return Resources{(isEqual ? prices.equal : prices.sum) * hdl::bitsOf(cmp.getLhs())};
      })
      .Case([&](arith::SelectOp) { return Resources{prices.mux * bits}; })
      .Case<arith::AndIOp, arith::OrIOp, arith::XOrIOp>([&](auto logic) {
        return isConstant(logic.getRhs()) ? Resources{} : Resources{prices.logic * bits};
      })
      .Case<arith::ShLIOp, arith::ShRSIOp, arith::ShRUIOp>([&](auto shift) {
        double levels = std::ceil(std::log2(bits + 1));
        return isConstant(shift.getRhs()) ? Resources{} : Resources{prices.mux * bits * levels};
      })
      // A restoring divider: an adder and a choice for each bit of the quotient.
      .Case<arith::DivSIOp, arith::RemSIOp>(
          [&](auto) { return Resources{(prices.sum + prices.mux) * bits * bits}; })
      .Case([&](arith::MulIOp mul) { return productCost(mul, family, usesMultipliers); })
      .Case([&](hdl::TableOp table) {
        return Resources{prices.table * bits * static_cast<double>(table.getValues().size())};
      })
      .Case([&](hdl::RegOp) { return Resources{prices.reg * bits, bits}; })
      .Case([&](hdl::MemoryOp op) {
        return memory(static_cast<int64_t>(op.getWords()), static_cast<int64_t>(bits),
                      static_cast<bool>(op.getWrite()), family);
      })
      .Default([](Operation *) { return Resources{}; });
}

namespace {

/// Sums up modules, each once.
class Summation {
public:
  Summation(ModuleOp circuits, Family family, bool usesMultipliers)
      : family(family), usesMultipliers(usesMultipliers) {
    for (auto circuit : circuits.getOps<hdl::CircuitOp>()) {
      named[circuit.getSymName()] = circuit;
    }
  }

  hdl::CircuitOp find(StringRef name) const { return named.lookup(name); }
  Resources of(StringRef name) {
    auto found = made.find(name);
    if (found != made.end()) {
      return found->second;
    }
    Resources all;
    for (Operation &op : find(name).getBody().front()) {
      auto instance = dyn_cast<hdl::InstanceOp>(op);
      all += instance ? of(instance.getModule()) : costOf(&op, family, usesMultipliers);
    }
    return made[name] = all;
  }

private:
  Family family;
  bool usesMultipliers;
  llvm::StringMap<hdl::CircuitOp> named;
  llvm::StringMap<Resources> made;
};

} // namespace

ResourcePrediction nirc::fpga::predictResources(ModuleOp circuits, StringRef top, const Plan &plan,
                                                Family family, bool usesMultipliers) {
  Summation sums(circuits, family, usesMultipliers);
  ResourcePrediction prediction;
  prediction.total = sums.of(top);
  size_t units = 0;
  for (auto instance : sums.find(top).getBody().getOps<hdl::InstanceOp>()) {
    // Those of units stand in the plan's order.
    bool isUnit = instance.getName().ends_with("_unit") && units < plan.units.size();
    std::string name = isUnit ? plan.units[units++].name : instance.getName().str();
    prediction.parts.push_back({std::move(name), isUnit, sums.of(instance.getModule())});
  }
  llvm::sort(prediction.parts, [](const auto &a, const auto &b) {
    return std::tie(b.needs.luts, a.name) < std::tie(a.needs.luts, b.name);
  });
  return prediction;
}
