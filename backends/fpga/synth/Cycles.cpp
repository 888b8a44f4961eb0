//===- Cycles.cpp - how long a step takes ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The phases of a unit are those of build/Unit.cpp: events are spread over the sums one word a
// cycle, then each element takes a cycle. What units do in their own pipelines is a constant.
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/synth/Cycles.h"

#include <algorithm>

using namespace nirc;
using namespace nirc::fpga;

/// Of a step in a unit beside its loops: its pipelines fill and drain, and its end is passed on.
constexpr double unitOverhead = 10, edgeOverhead = 4;

/// Words that an event is added to, in the mean over the elements that can send one.
static double wordsPerEvent(const Term &term) {
  double words = static_cast<double>(term.blocks);
  for (const Term::Axis &axis : term.axes) {
    if (axis.isTable()) {
      double entries = 0;
      for (const auto &list : axis.entries) {
        entries += static_cast<double>(list.size());
      }
      words *= entries / static_cast<double>(axis.entries.size());
    }
  }
  return std::max(1.0, words);
}

CyclePrediction nirc::fpga::predictCycles(const Plan &plan, llvm::ArrayRef<double> events) {
  // When the events of a stream begin and end, from the first beat of the step on.
  struct Span {
    double begin = 0, end = 0;
  };
  std::vector<Span> spans(plan.streams.size());
  CyclePrediction prediction;
  double beats = edgeOverhead;
  for (const Port &port : plan.inputs) {
    beats += events[port.stream];
  }
  prediction.parts.push_back({"input", beats});
  for (const Port &port : plan.inputs) {
    spans[port.stream] = {0, beats};
  }
  std::vector<double> gathers;
  for (const Unit &unit : plan.units) {
    double gather = 0;
    for (const Term &term : unit.terms) {
      gather += events[term.stream] * wordsPerEvent(term);
    }
    gathers.push_back(gather);
    prediction.parts.push_back(
        {unit.name, gather + static_cast<double>(unit.layout.elements()) + unitOverhead});
  }
  // What is delayed was there before the step. All else goes from part to part, in as many rounds
  // as there are parts at most.
  for (size_t round = 0; round <= plan.units.size() + plan.maps.size(); ++round) {
    for (const Map &map : plan.maps) {
      spans[map.to] = spans[map.from];
    }
    for (const auto &[unit, gather] : llvm::zip(plan.units, gathers)) {
      double begin = 0, end = gather;
      for (const Term &term : unit.terms) {
        begin = std::max(begin, spans[term.stream].begin);
        end = std::max(end, spans[term.stream].end);
      }
      end = std::max(end, begin + gather) + unitOverhead;
      spans[unit.result] = {end, end + static_cast<double>(unit.layout.elements())};
    }
  }
  for (const Port &port : plan.outputs) {
    prediction.latency = std::max(prediction.latency, spans[port.stream].end + edgeOverhead);
  }
  for (const CyclePrediction::Part &part : prediction.parts) {
    prediction.interval = std::max(prediction.interval, part.cycles);
  }
  return prediction;
}

CyclePrediction nirc::fpga::predictCycles(const Plan &plan, double share) {
  std::vector<double> events;
  for (const Stream &stream : plan.streams) {
    events.push_back(share * static_cast<double>(stream.elements()));
  }
  return predictCycles(plan, events);
}
