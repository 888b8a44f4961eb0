//===- Verdict.cpp - what was found of a run -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/judge/Verdict.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

namespace nirc::conformance {

/// "0.5", or "0.5 and then 0.75" for the step before and the step itself.
static std::string pairText(const std::vector<double> &values) {
  return fmt::format("{}", fmt::join(values, " and then "));
}

std::string text(const NodeDivergence &divergence) {
  const TraceDifference &trace = divergence.trace;
  const Divergence &first = *trace.first;
  std::string line =
      fmt::format("'{}' {}: step {}{}, index {}: {}, expected {}", trace.node, trace.observable,
                  first.step, first.sample > 0 ? fmt::format(" of sample {}", first.sample) : "",
                  indexText(first.element, trace.shape), first.other, first.base);
  for (const StatePair &state : divergence.states) {
    line += fmt::format("; {} {}, expected {}", state.observable, pairText(state.other),
                        pairText(state.base));
  }
  return line;
}

std::string Divergences::text() const {
  return !nodes.empty()     ? conformance::text(nodes.front())
         : !missing.empty() ? fmt::format("has no recording of {}", fmt::join(missing, ", "))
                            : "";
}

/// Recordings of no step and no sample have no trace to compare.
static bool isEmpty(const nir::Recording &recording) {
  return std::all_of(recording.traces.begin(), recording.traces.end(),
                     [](const nir::Trace &trace) { return trace.data.size() == 0; });
}

void earliestFirst(std::vector<NodeDivergence> &nodes) {
  std::multimap<int64_t, NodeDivergence> byStep; // equal ones stay in their order
  for (NodeDivergence &node : nodes) {
    byStep.emplace(node.trace.first->step, std::move(node));
  }
  nodes.clear();
  for (auto &[step, node] : byStep) {
    nodes.push_back(std::move(node));
  }
}

nir::Result<Divergences> divergencesOf(const nir::Recording &right, const nir::Recording &got,
                                       double tolerance) {
  Divergences found;
  if (isEmpty(right)) {
    if (!isEmpty(got)) {
      return nir::Error(nir::Cause::NotComparable, "found steps, expected none");
    }
    return found;
  }
  DifferenceOptions options;
  options.tolerance = tolerance;
  options.victorPurpuraBudget = 0; // distances are not asked for
  nir::Result<Difference> difference = differenceOf(right, got, options);
  if (!difference) {
    return difference.takeError();
  }
  found.missing = difference->onlyInBase;
  for (TraceDifference &trace : difference->traces) {
    if (trace.first) {
      NodeDivergence node{std::move(trace), {}};
      node.states = statesAt(node.trace, node.trace.first->sample, right, got);
      found.nodes.push_back(std::move(node));
    }
  }
  earliestFirst(found.nodes);
  return found;
}

std::string_view name(Outcome outcome) {
  constexpr std::array<std::string_view, 4> names = {"equal", "differs", "refused", "failed"};
  return names[static_cast<size_t>(outcome)];
}

bool isRefusal(const nir::Error &error) {
  // What is wrong with the network, or with what it is asked for; or a tool that is not there.
  constexpr std::array refusals = {nir::Cause::UnsupportedByTarget,
                                   nir::Cause::DoesNotFit,
                                   nir::Cause::CannotCompile,
                                   nir::Cause::CannotQuantize,
                                   nir::Cause::NotFinite,
                                   nir::Cause::ChoiceConflict,
                                   nir::Cause::OptionConflict,
                                   nir::Cause::StatelessLoop,
                                   nir::Cause::LateEdge,
                                   nir::Cause::InputValue,
                                   nir::Cause::EmptyInput,
                                   nir::Cause::RunLength,
                                   nir::Cause::Toolchain,
                                   nir::Cause::NoMemory,
                                   nir::Cause::StepConflict,
                                   nir::Cause::NoStep,
                                   nir::Cause::TimeUnit,
                                   nir::Cause::WrongValue,
                                   nir::Cause::NodeName,
                                   nir::Cause::UnknownNode};
  return error.kind != nir::ErrorKind::Internal &&
         std::any_of(refusals.begin(), refusals.end(),
                     [&](nir::Cause cause) { return error.code == nir::kindOf(cause).code; });
}

} // namespace nirc::conformance
