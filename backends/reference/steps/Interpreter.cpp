//===- Interpreter.cpp - a graph, step by step ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/steps/Interpreter.h"

#include "backends/reference/steps/InterpreterNetwork.h"
#include "ir/Wording.h"
#include "ir/choices/Choices.h"
#include "ir/graph/Check.h"
#include "ir/recording/RunRecords.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <new>

namespace nir {

// An intermediate result that is wider than its type would round twice.
// 16: that only what is shorter than float is evaluated as what it is, too.
static_assert(FLT_EVAL_METHOD == 0 || FLT_EVAL_METHOD == 16,
              "float and double must be evaluated as what they are");

template <typename Number>
BasicInterpreter<Number>::BasicInterpreter(std::unique_ptr<Network> network)
    : network(std::move(network)) {}
template <typename Number>
BasicInterpreter<Number>::BasicInterpreter(BasicInterpreter &&) noexcept = default;
template <typename Number>
BasicInterpreter<Number> &
BasicInterpreter<Number>::operator=(BasicInterpreter &&) noexcept = default;
template <typename Number>
BasicInterpreter<Number>::~BasicInterpreter() = default;

/// Whether steps of these choices can be taken.
static Status checkChoices(const Semantics &semantics) {
  if (semantics.timing == Timing::Events) {
    return Error(Cause::UnsupportedByTarget, "schedule=events has no steps to take one by one");
  }
  return checkSemantics(semantics);
}

Result<Checked> checkForRun(const Graph &graph, double dtSeconds) {
  if (!(dtSeconds > 0.0) || !std::isfinite(dtSeconds)) {
    return Error(Cause::BadOption,
                 fmt::format("dt is {}, expected a positive number of seconds", dtSeconds));
  }
  Checked checked = check(graph);
  for (Diagnostic &diagnostic : checked.diagnostics) {
    if (diagnostic.severity == Severity::Error) {
      Error error;
      static_cast<Diagnostic &>(error) = std::move(diagnostic);
      return error;
    }
  }
  return checked;
}

/// A loop that a Delay which rounds to 0 steps does not break.
static Status checkLoops(const FlatGraph &flat, const std::vector<bool> &opaque,
                         const Semantics &semantics) {
  std::vector<bool> holdsState;
  holdsState.reserve(flat.nodes.size());
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    holdsState.push_back(opaque[i] || isNeuron(*flat.nodes[i].node));
  }
  std::vector<std::vector<int32_t>> loops = statelessLoops(flat, holdsState);
  if (loops.empty()) {
    return {};
  }
  std::vector<std::string> names;
  for (int32_t node : loops.front()) {
    names.push_back(flat.path(node));
  }
  auto delay = std::find_if(loops.front().begin(), loops.front().end(),
                            [&](int32_t node) { return flat.nodes[node].node->as<Delay>(); });
  assert(delay != loops.front().end() && "check refuses loops without any state");
  return Error::atNode(
             Cause::StatelessLoop, flat.path(*delay),
             fmt::format("a delay comes to 0 steps of {}, expected at least 1, as the loop "
                         "{} holds no other state",
                         semantics.dtSeconds, loop(names)))
      .note("take a smaller dt or a longer delay");
}

Status checkSize(const FlatGraph &flat, const std::vector<const NodeShapes *> &shapes) {
  constexpr int64_t most = int64_t{1} << 30; // 8 GiB
  int64_t total = 0;
  for (size_t i = 0; i < shapes.size(); ++i) {
    total += numElements(shapes[i]->input) + numElements(shapes[i]->output);
    if (total > most) {
      return Error::atNode(Cause::Limit, flat.path(static_cast<int32_t>(i)),
                           "the signals come to more than 2^30 elements, expected at most that, "
                           "8 GiB");
    }
  }
  return {};
}

template <typename Number>
Result<BasicInterpreter<Number>> BasicInterpreter<Number>::create(const Graph &graph,
                                                                  const Semantics &semantics) {
  if (Status bad = checkChoices(semantics)) {
    return std::move(*bad);
  }
  Result<Checked> checked = checkForRun(graph, semantics.dtSeconds);
  if (!checked) {
    return checked.takeError();
  }

  auto network = std::make_unique<Network>();
  network->graph =
      semantics.duplicateEdges == DuplicateEdges::Once ? withoutDuplicates(graph) : graph;
  std::vector<Diagnostic> none;
  network->flat = FlatGraph::of(network->graph, none);
  const FlatGraph &flat = network->flat;
  network->kinds = signalKinds(flat, semantics);
  network->startsSilent = semantics.feedbackStart == FeedbackStart::Bias;
  std::vector<const NodeShapes *> shapes = flatShapes(flat, checked->shapes);
  if (Status bad = checkSize(flat, shapes)) {
    return std::move(*bad);
  }

  std::vector<bool> holdsState;
  try {
    for (size_t i = 0; i < flat.nodes.size(); ++i) {
      const Node &node = *flat.nodes[i].node;
      const auto *delay = node.as<Delay>();
      network->opaque.push_back(isOpaque(node, semantics));
      holdsState.push_back(delay || isNeuron(node));
      UnitResult<Number> unit =
          delay ? makeDelay<Number>(*delay, *shapes[i], semantics, network->opaque.back())
          : isNeuron(node) ? makeNeuron<Number>(node, *shapes[i], semantics)
                           : UnitResult<Number>(makeStateless<Number>(node, *shapes[i]));
      if (!unit) {
        Error error = unit.takeError();
        error.node = flat.path(static_cast<int32_t>(i));
        return error;
      }
      network->units.push_back(std::move(*unit));
      network->shapes.push_back(shapes[i]->output);
    }
  } catch (const std::bad_alloc &) {
    return Error(Cause::NoMemory, "the network needs more memory than there is");
  }
  if (Status bad = checkLoops(flat, network->opaque, semantics)) {
    return std::move(*bad);
  }
  Result<Schedule> cut = schedule(flat, shapes, network->opaque, semantics.late);
  if (!cut) {
    return cut.takeError();
  }
  if (semantics.feedbackStart == FeedbackStart::Zero) {
    moveFeedback(flat, holdsState, *cut);
  }
  network->order = std::move(cut->order);
  std::vector<size_t> place(flat.nodes.size());
  for (size_t i = 0; i < network->order.size(); ++i) {
    place[network->order[i]] = i;
  }
  for (size_t edge = 0; edge < flat.edges.size(); ++edge) {
    auto [source, target, scope, index] = flat.edges[edge];
    if (cut->feedback[edge] && (network->opaque[target] || place[source] < place[target])) {
      network->held[static_cast<int32_t>(edge)] = {};
    }
  }
  for (int32_t node : evaluationOrder(flat, holdsState)) {
    if (!holdsState[node]) {
      network->silentOrder.push_back(node);
    }
  }
  network->reset();
  return BasicInterpreter(std::move(network));
}

template <typename Number>
const std::vector<Number> &BasicInterpreter<Number>::Network::carriedBy(int32_t edge) const {
  auto found = held.find(edge);
  bool isHeld = found != held.end() && !found->second.empty(); // before the first step nothing is
  return isHeld ? found->second : units[flat.edges[edge].source]->output;
}

template <typename Number>
void BasicInterpreter<Number>::Network::gather(int32_t node) {
  std::vector<Number> &sum = units[node]->input;
  if (flat.isEntry(node)) {
    return; // what setInput put there
  }
  std::span<const int32_t> incoming = flat.incoming(node);
  if (incoming.empty()) {
    std::fill(sum.begin(), sum.end(), Number(0));
    return;
  }
  sum = carriedBy(incoming[0]);
  for (int32_t edge : incoming.subspan(1)) {
    const std::vector<Number> &term = carriedBy(edge);
    for (size_t n = 0; n < sum.size(); ++n) {
      sum[n] += term[n];
    }
  }
}

template <typename Number>
void BasicInterpreter<Number>::Network::reset() {
  for (const std::unique_ptr<Unit<Number>> &unit : units) {
    unit->reset();
    std::fill(unit->input.begin(), unit->input.end(), Number(0));
    std::fill(unit->output.begin(), unit->output.end(), Number(0));
  }
  for (auto &[edge, values] : held) {
    values.clear();
  }
  if (!startsSilent) {
    return;
  }
  for (int32_t node : silentOrder) {
    gather(node);
    units[node]->evaluate();
  }
  for (size_t node = 0; node < units.size(); ++node) {
    // What step 0 of a pipelined network finds at its neurons.
    if (opaque[node]) {
      gather(static_cast<int32_t>(node));
    }
  }
}

template <typename Number>
void BasicInterpreter<Number>::Network::step() {
  for (auto &[edge, values] : held) {
    values = units[flat.edges[edge].source]->output;
  }
  // An edge whose source is evaluated later, a feedback edge, finds the source's output of the step
  // before.
  for (int32_t node : order) {
    if (!opaque[node]) {
      gather(node);
    }
    units[node]->evaluate();
  }
  for (size_t node = 0; node < units.size(); ++node) {
    if (opaque[node]) {
      gather(static_cast<int32_t>(node));
      units[node]->finish();
    }
  }
}

template <typename Number>
const std::vector<Number> &
BasicInterpreter<Number>::Network::values(int32_t node, std::string_view observable) const {
  const std::vector<Number> *state = units[node]->state(observable);
  return state ? *state : units[node]->output;
}

template <typename Number>
void BasicInterpreter<Number>::reset() {
  network->reset();
}
template <typename Number>
void BasicInterpreter<Number>::step() {
  network->step();
}

template <typename Number>
Status BasicInterpreter<Number>::setInput(std::string_view path, std::span<const double> value) {
  const FlatGraph &flat = network->flat;
  std::optional<FlatGraph::Named> named = flat.find(path);
  if (!named || named->isScope || !flat.isEntry(named->index)) {
    std::vector<std::string> names;
    for (int32_t entry : flat.scopes[0].inputs) {
      names.push_back(flat.path(entry));
    }
    return Error(Cause::UnknownNode,
                 fmt::format("no Input is called '{}', expected one of {}", path,
                             names.empty() ? "none: the graph has no Input" : quoted(names)));
  }
  std::vector<Number> &input = network->units[named->index]->input;
  if (value.size() != input.size()) {
    return Error::atNode(
        Cause::InputShape, std::string(path),
        fmt::format("a step of input has {}, expected {}, as the node has shape {}",
                    counted(value.size(), "element"), input.size(),
                    str(network->shapes[named->index])));
  }
  input.assign(value.begin(), value.end());
  return {};
}

template <typename Number>
Result<std::span<const Number>>
BasicInterpreter<Number>::observe(std::string_view path, std::string_view observable) const {
  Result<int32_t> node = findObservable(network->flat, network->kinds, path, observable);
  if (!node) {
    return node.takeError();
  }
  return std::span<const Number>(network->values(*node, observable));
}

template <typename Number>
Status BasicInterpreter<Number>::setState(std::string_view path, std::string_view state,
                                          std::span<const double> values) {
  Result<int32_t> node = findObservable(network->flat, network->kinds, path, state);
  if (!node) {
    return node.takeError();
  }
  const std::vector<Number> *found = network->units[*node]->state(state);
  if (!found || values.size() != found->size()) {
    return Error::atNode(Cause::InputShape, std::string(path),
                         fmt::format("found {} for '{}', expected {}",
                                     counted(values.size(), "number"), state,
                                     found ? fmt::format("{}", found->size()) : "a state"));
  }
  const_cast<std::vector<Number> &>(*found).assign(values.begin(), values.end());
  return {};
}

template <typename Number>
std::string BasicInterpreter<Number>::snapshot() const {
  std::string bytes;
  for (const std::unique_ptr<Unit<Number>> &unit : network->units) {
    unit->visitMemory([&](std::span<std::byte> piece) {
      bytes.append(reinterpret_cast<const char *>(piece.data()), piece.size());
    });
  }
  return bytes;
}

template <typename Number>
bool BasicInterpreter<Number>::restore(std::string_view snapshot) {
  size_t bytes = 0;
  auto forEach = [&](const MemoryVisitor &visit) {
    for (const std::unique_ptr<Unit<Number>> &unit : network->units) {
      unit->visitMemory(visit);
    }
  };
  forEach([&](std::span<std::byte> piece) { bytes += piece.size(); });
  if (bytes != snapshot.size()) {
    return false;
  }
  forEach([&](std::span<std::byte> piece) {
    std::memcpy(piece.data(), snapshot.data(), piece.size());
    snapshot.remove_prefix(piece.size());
  });
  return true;
}

template class BasicInterpreter<float>;
template class BasicInterpreter<double>;

} // namespace nir
