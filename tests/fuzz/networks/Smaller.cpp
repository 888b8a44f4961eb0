//===- Smaller.cpp - the smallest case that still fails -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Smaller.h"

#include "ir/choices/Choices.h"
#include "ir/graph/Check.h"
#include "tests/support/Shrink.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace nir::fuzz {

Recording inputFor(const Graph &graph, const Recording &input) {
  Recording result{input.dtSeconds, {}};
  Shape extent{1, 1};
  if (!input.traces.empty()) {
    const Shape &shape = input.traces[0].data.shape();
    extent = {shape[0], shape[1]};
  }
  for (const Node &node : graph.nodes) {
    const auto *port = node.as<Input>();
    if (!port) {
      continue;
    }
    Shape shape = extent;
    for (int64_t dim : port->shape.toInts()) {
      shape.push_back(dim);
    }
    const Trace *trace = input.find(node.name, "value");
    bool fits = trace && trace->data.shape() == shape;
    result.traces.push_back(
        fits ? *trace : Trace{node.name, "value", Tensor::allocate(DType::F64, shape).first});
  }
  return result;
}

namespace {

/// [from, to) of the samples or of the steps of every trace.
Recording partOf(const Recording &input, size_t dimension, int64_t from, int64_t to) {
  Recording part{input.dtSeconds, {}};
  for (const Trace &trace : input.traces) {
    Shape shape = trace.data.shape(), smaller = shape;
    smaller[dimension] = to - from;
    int64_t outer = dimension == 0 ? 1 : shape[0];
    int64_t inner = trace.data.size() / outer / shape[dimension];
    std::vector<double> values;
    for (int64_t o = 0; o < outer; ++o) {
      for (int64_t k = from * inner; k < to * inner; ++k) {
        values.push_back(trace.data.at(o * shape[dimension] * inner + k));
      }
    }
    part.traces.push_back({trace.node, trace.observable, Tensor::of<double>(smaller, values)});
  }
  return part;
}

class Search {
public:
  Search(Case start, const Check &check, const Failure &failure, const SmallerOptions &options)
      : best(std::move(start)), check(check), failure(failure), left(options.mostTries),
        end(std::chrono::steady_clock::now() +
            std::chrono::milliseconds(static_cast<int64_t>(options.maxSeconds * 1e3))) {}

  Case run();

private:
  bool isOver() const { return left <= 0 || std::chrono::steady_clock::now() > end; }
  bool fails(const Case &other);
  bool keepIfFails(Case other);
  bool graph();
  bool length();
  bool choices();
  bool format();
  bool numbers();

  Case best;
  const Check &check;
  const Failure &failure;
  int left;
  std::chrono::steady_clock::time_point end;
};

bool Search::fails(const Case &other) {
  if (isOver()) {
    return false;
  }
  --left;
  std::optional<Failure> now = failureOf(other, check);
  return now && now->cause == failure.cause;
}

bool Search::keepIfFails(Case other) {
  if (!fails(other)) {
    return false;
  }
  best = std::move(other);
  return true;
}

bool Search::graph() {
  Case other = best;
  other.graph = test::shrink(best.graph, [&](const Graph &graph) {
    Case tried = best;
    tried.graph = graph;
    tried.input = inputFor(graph, best.input);
    return fails(tried);
  });
  bool isSmaller = !(other.graph == best.graph);
  best.graph = other.graph;
  best.input = inputFor(best.graph, best.input);
  return isSmaller;
}

/// One sample, and as few steps from the start on as fail, by halves.
bool Search::length() {
  bool changed = false;
  auto extent = [&](size_t dimension) {
    return best.input.traces.empty() ? 1 : best.input.traces[0].data.shape()[dimension];
  };
  for (int64_t sample = 0; sample < extent(0) && extent(0) > 1; ++sample) {
    Case other = best;
    other.input = partOf(best.input, 0, sample, sample + 1);
    changed |= keepIfFails(std::move(other));
  }
  for (int64_t cut = extent(1) / 2; cut > 0; cut /= 2) {
    while (extent(1) > cut) {
      Case other = best;
      other.input = partOf(best.input, 1, 0, extent(1) - cut);
      if (!keepIfFails(std::move(other))) {
        break;
      }
      changed = true;
    }
  }
  return changed;
}

/// All of "nir", or as many of its choices as may be.
bool Search::choices() {
  Case plain = best;
  plain.semantics = Semantics(best.semantics.dtSeconds);
  plain.balances = false;
  if (plain.semantics == best.semantics && !best.balances) {
    return false;
  }
  if (keepIfFails(plain)) {
    return true;
  }
  bool changed = false;
  for (const Choice &choice : nir::choices()) {
    for (Family family : families) {
      Case other = best;
      std::string value = choice.get(plain.semantics, family);
      bool isNew =
          choice.get(best.semantics, family) != value && choice.set(other.semantics, family, value);
      changed |= isNew && !checkSemantics(other.semantics) && keepIfFails(std::move(other));
    }
  }
  Case other = best;
  other.balances = false;
  return (best.balances && keepIfFails(std::move(other))) || changed;
}

/// All of "int8", or as many of its fields as may be; without a calibration.
bool Search::format() {
  if (!best.format) {
    return false;
  }
  bool changed = false;
  Case plain = best;
  plain.format = NumberFormat();
  changed |= !(*best.format == *plain.format) && keepIfFails(plain);
  for (const FormatField &field : formatFields()) {
    Case other = best;
    std::string value = field.get(*plain.format);
    bool isNew = field.get(*best.format) != value && field.set(*other.format, value);
    changed |= isNew && !checkNumberFormat(*other.format) && keepIfFails(std::move(other));
  }
  Case other = best;
  other.calibrated = Calibrated::No;
  return (best.calibrated != Calibrated::No && keepIfFails(std::move(other))) || changed;
}

/// Parameters of few digits, and an input of zeros and ones.
bool Search::numbers() {
  Graph before = best.graph;
  best.graph = test::simplifyParameters(best.graph, [&](const Graph &graph) {
    Case tried = best;
    tried.graph = graph;
    return fails(tried);
  });
  bool changed = !(before == best.graph);
  for (size_t i = 0; i < best.input.traces.size(); ++i) {
    for (double value : {0.0, 1.0}) {
      Case other = best;
      Tensor &data = other.input.traces[i].data;
      data = Tensor::of<double>(data.shape(),
                                std::vector<double>(static_cast<size_t>(data.size()), value));
      if (data == best.input.traces[i].data || keepIfFails(std::move(other))) {
        break;
      }
    }
  }
  return changed;
}

Case Search::run() {
  for (bool changed = true; changed && !isOver();) {
    changed = length();
    changed |= graph();
    changed |= choices();
    changed |= format();
    changed |= numbers();
  }
  return std::move(best);
}

} // namespace

Case smaller(Case of, const Check &check, const Failure &failure, const SmallerOptions &options) {
  return Search(std::move(of), check, failure, options).run();
}

} // namespace nir::fuzz
