//===- LowerEvents.cpp - functions that list what is not zero -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Spiking neurons list their own events. Of numbers, what is not zero is looked for. Where nearly
// nothing is zero, listing costs more than the few zeros that it spares, so then every element is
// listed: the dense form. A zero that is listed adds w * 0 = 0, which changes no sum: a sum that
// does not start as -0 never becomes -0, and w is finite.

#include "backends/cpu/lower/Emitter.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace nirc::cpu;

//===----------------------------------------------------------------------===//
// When to list everything
//===----------------------------------------------------------------------===//

namespace {
/// What the readers of a signal do with an event.
struct Readers {
  double vectorsPerEvent = 0.0; ///< additions of whole vectors
  bool takeZeros = true;        ///< a zero that is listed changes none of their sums
};
} // namespace

/// Whether these are numbers that the network's type holds, and for a bias none is -0.
static bool isHarmless(const Numbers &values, nir::DType type, bool isBias) {
  if (type == nir::DType::I32) {
    return true;
  }
  double most = type == nir::DType::F64 ? std::numeric_limits<double>::max()
                                        : std::numeric_limits<float>::max();
  for (int64_t i = 0; i < (values.isSplat() ? 1 : values.size()); ++i) {
    double value = values[i];
    if (!(std::abs(value) <= most) || (isBias && value == 0.0 && std::signbit(value))) {
      return false;
    }
  }
  return true;
}

static void addReader(Emitter &emit, Operation *op, Readers &readers) {
  auto weigh = [&](ElementsAttr weight, std::optional<ElementsAttr> bias) {
    readers.takeZeros &= isHarmless(emit.numbers(weight), emit.numberType(), false) &&
                         (!bias || isHarmless(emit.numbers(*bias), emit.numberType(), true));
  };
  double perVector = 1.0 / static_cast<double>(emit.lanes);
  if (auto dense = dyn_cast<snn::DenseOp>(op)) {
    weigh(dense.getWeight(), dense.getBias());
    readers.vectorsPerEvent +=
        static_cast<double>(snn::shapeOf(dense.getType()).back()) * perVector;
  } else if (auto conv = dyn_cast<snn::ConvOp>(op)) {
    weigh(conv.getWeight(), conv.getBias());
    readers.vectorsPerEvent += static_cast<double>(conv.getWeight().getNumElements()) * perVector /
                               static_cast<double>(snn::shapeOf(conv.getSignal().getType())[0]);
  } else if (isa<snn::PoolOp>(op)) {
    readers.vectorsPerEvent += 1.0;
  } else if (isa<snn::ReshapeOp>(op)) {
    for (Operation *user : op->getUsers()) {
      addReader(emit, user, readers);
    }
  }
}

/// From how many elements that are not zero on everything is listed; more than there are: never.
/// Listing an element takes about as long as adding `listing` vectors, measured at 8 and at 16
/// lanes, so n of N elements are worth it up to n (vectors + listing) = N vectors.
static int64_t denseFrom(Emitter &emit, Value signal, int64_t elements) {
  constexpr double listing = 2.5;
  if (snn::isSpikes(signal.getType()) || emit.lanes == 1) { // a listed spike counts as 1
    return elements + 1;
  }
  Readers readers;
  for (Operation *user : signal.getUsers()) {
    addReader(emit, user, readers);
  }
  if (!readers.takeZeros) {
    return elements + 1;
  }
  double share = readers.vectorsPerEvent / (readers.vectorsPerEvent + listing);
  return static_cast<int64_t>(std::ceil(static_cast<double>(elements) * share));
}

//===----------------------------------------------------------------------===//
// Listing
//===----------------------------------------------------------------------===//

namespace {

class Gather {
public:
  Gather(Emitter &emit, Value value)
      : emit(emit), signal(emit.signal(value)), array(emit.array(*signal.array)),
        list(emit.array(signal.events->list)), elements(snn::elementsOf(value.getType())),
        own(emit.ownCounter()) {
    std::tie(from, to) = emit.range(elements);
  }

  /// Lists what is not zero; how many.
  Value listNonZero();
  /// Lists all, where they are not listed from the step before.
  void listAll();
  Value countNonZero();
  void finish(Value count) { emit.storeIndex(count, emit.array(signal.events->counts), own); }
  Value size() { return emit.sub(to, from); }
  /// Whether the list has every element from the step before.
  Value hasAll() {
    return emit.compare(arith::CmpIPredicate::eq,
                        emit.loadIndex(emit.array(signal.events->counts), own), size());
  }

private:
  Value maskAt(Value i);

  Emitter &emit;
  const Signal &signal;
  Value array, list;
  int64_t elements;
  Value own, from, to;
};

} // namespace

Value Gather::maskAt(Value i) {
  Value mask = emit.isNonZero(emit.loadNumberLanes(array, i));
  Value inside = emit.below(i, elements);
  return inside ? arith::AndIOp::create(emit.builder, mask.getLoc(), mask, inside) : mask;
}

Value Gather::listNonZero() {
  Emitter::Values end = emit.loop(from, to, emit.lanes, from, [&](Value i, ValueRange count) {
    return Emitter::Values{emit.appendSet(list, count[0], maskAt(i), i)};
  });
  return emit.sub(end[0], from);
}

void Gather::listAll() {
  emit.loop(from, to, emit.lanes, [&](Value i) { emit.storeLanes(emit.indexLanes(i), list, i); });
}

Value Gather::countNonZero() {
  return emit.loop(from, to, emit.lanes, emit.index(0),
                   [&](Value i, ValueRange count) -> Emitter::Values {
                     return {emit.add(count[0], emit.countSet(maskAt(i)))};
                   })[0];
}

void nirc::cpu::emitGather(Emitter &emit, Value value) {
  int64_t elements = snn::elementsOf(value.getType());
  int64_t least = denseFrom(emit, value, elements);
  Gather gather(emit, value);
  if (least > elements) {
    return gather.finish(gather.listNonZero());
  }
  // The share of this part's range: threads each decide for their own.
  Value enough = emit.div(emit.mul(gather.size(), emit.index(least)), emit.index(elements));
  auto isDense = [&](Value count) {
    return emit.compare(arith::CmpIPredicate::uge, count, enough);
  };
  // A signal that was dense in the last step is counted first. One that was not is listed at once,
  // and only found to be dense afterwards: a step that changes from one to the other does both.
  Value had = gather.hasAll();
  Emitter::Values count = emit.choose(
      had, [&] { return Emitter::Values{gather.countNonZero()}; },
      [&] { return Emitter::Values{gather.listNonZero()}; });
  Emitter::Values listed = emit.choose(
      isDense(count[0]),
      [&] {
        emit.unless(had, [&] { gather.listAll(); });
        return Emitter::Values{gather.size()};
      },
      [&] {
        emit.when(had, [&] { gather.listNonZero(); });
        return count;
      });
  gather.finish(listed[0]);
}
