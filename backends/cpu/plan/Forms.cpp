//===- Forms.cpp - in which forms a signal is needed ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/plan/Forms.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace nirc::cpu;

ChannelsLast nirc::cpu::channelsLast(Type signal, int64_t lanes) {
  int64_t channels = snn::shapeOf(signal).front();
  int64_t pitch = channels < lanes ? static_cast<int64_t>(llvm::PowerOf2Ceil(channels))
                                   : static_cast<int64_t>(llvm::alignTo(channels, lanes));
  return {channels, snn::elementsOf(signal) / channels, pitch};
}

bool nirc::cpu::isChannelsLast(snn::PopulationOp op) {
  return snn::isSpikes(op.getType()) && !op.getInputs().empty() &&
         llvm::all_of(op.getInputs(), [&](Value input) {
           return input.getDefiningOp<snn::ConvOp>() &&
                  snn::shapeOf(input.getType()) == snn::shapeOf(op.getType());
         });
}

bool nirc::cpu::delaysEvents(snn::DelayOp op) {
  return snn::isSpikes(op.getType()) && op.longest() == op.shortest() && op.longest() > 0;
}

namespace {

/// What grows until nothing changes: cycles lead through delays, so one walk would not do.
struct Search {
  explicit Search(bool compact) : compact(compact) {}

  bool compact;
  FormsOf forms;
  bool changed = true;

  void need(Value signal, Forms more) {
    if (compact && more.any()) {
      bool spikes = snn::isSpikes(signal.getType());
      more = {.array = !spikes, .bits = spikes};
    }
    Forms &have = forms[signal];
    Forms all{have.array || more.array, have.events || more.events,
              have.channelsLast || more.channelsLast, have.bits || more.bits};
    changed |= all.array != have.array || all.events != have.events ||
               all.channelsLast != have.channelsLast || all.bits != have.bits;
    have = all;
  }

  /// The elements that are not zero; of numbers, their values too.
  void needEvents(Value signal) {
    need(signal, {.array = !snn::isSpikes(signal.getType()), .events = true});
  }

  void needDelayed(snn::DelayOp op) {
    Forms result = forms.lookup(op.getResult());
    if (compact) {
      need(op.getSignal(), result);
    } else if (delaysEvents(op)) {
      need(op.getSignal(), {.array = result.array, .events = result.events});
    } else if (result.array || result.events) {
      need(op.getResult(), {.array = true});
      need(op.getSignal(), {.array = true});
    }
  }

  void visit(Operation &op) {
    llvm::TypeSwitch<Operation *>(&op)
        .Case([&](snn::DenseOp dense) { needEvents(dense.getSignal()); })
        .Case([&](snn::ConvOp conv) { needEvents(conv.getSignal()); })
        .Case([&](snn::PoolOp pool) { needEvents(pool.getSignal()); })
        .Case([&](snn::DelayOp delay) { needDelayed(delay); })
        .Case([&](snn::ReshapeOp reshape) {
          need(reshape.getSignal(), forms.lookup(reshape.getResult()));
        })
        .Case([&](snn::PopulationOp population) {
          bool last = isChannelsLast(population);
          for (Value input : population.getInputs()) {
            need(input, {.array = !last, .channelsLast = last});
          }
        })
        .Default([&](Operation *other) {
          for (Value operand : other->getOperands()) {
            need(operand, {.array = true});
          }
        });
  }
};

} // namespace

FormsOf nirc::cpu::formsOf(snn::NetworkOp network, bool compact) {
  Search search(compact);
  while (search.changed) {
    search.changed = false;
    for (Operation &op : llvm::reverse(network.getBody().front())) {
      search.visit(op);
    }
  }
  return std::move(search.forms);
}
