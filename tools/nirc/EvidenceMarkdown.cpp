//===- EvidenceMarkdown.cpp - docs/presets.md: what was compared ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Evidence.h"
#include "tools/nirc/SemanticsView.h"

#include <fmt/format.h>
#include <string>

namespace nirc {

/// Whether spikes of the platform were at hand.
static bool isComparison(const nir::Evidence &each) {
  return each.how == nir::Evidence::How::LiveRun || each.how == nir::Evidence::How::Recording;
}

void printEvidenceTable() {
  fmt::print(
      "\n## What was compared with what\n\n"
      "Each row is a preset by its plain name, a network, and what computed the platform's "
      "spikes. A place is one neuron of the\noutput in one step; it is equal where nirc "
      "sends as many spikes as the platform. A live run is one of ours, of a\nsmall random network "
      "in tests/conformance/platforms; a recording was published by others.\n\n"
      "| preset | network | how | by | equal places | spikes | repeated by |\n"
      "| --- | --- | --- | --- | --- | --- | --- |\n");
  for (const nir::Evidence &each : nir::evidence()) {
    if (isComparison(each)) {
      const nir::Evidence::Count &count = each.count;
      fmt::print("| [`{}`](#{}) | {} | {} | {} | {} of {} | {} | {} |\n", each.preset, each.preset,
                 each.network, nir::name(each.how), each.by, count.equal, count.places, count.sent,
                 each.repeatedBy.empty() ? "by hand, once" : each.repeatedBy);
    }
  }
}

void printEvidence(const nir::Preset &preset) {
  bool isFirst = true;
  for (const nir::Evidence &each : nir::evidence()) {
    if (each.preset != preset.name) {
      continue;
    }
    if (isFirst) {
      fmt::print("\nEvidence:\n\n");
      isFirst = false;
    }
    std::string what = fmt::format("{}: {}", nir::name(each.how), each.network);
    if (isComparison(each)) {
      what +=
          fmt::format(", {}: {} of {} places equal", each.by, each.count.equal, each.count.places);
    } else if (each.how == nir::Evidence::How::Source) {
      what += fmt::format(", sequences of PresetsTest.cpp worked out by hand from {}", each.by);
    }
    fmt::print("- {}{}{}\n", what, each.note.empty() ? "" : ". ", each.note);
  }
}

} // namespace nirc
