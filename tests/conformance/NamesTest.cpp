//===- NamesTest.cpp - names never change spikes --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// HDF5 lists nodes by name. Random graphs with cycles run with their nodes renamed, and listed by
// the new names: each node is what it was before, or the advice `undecided-loop` says that it may
// not be.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "backends/reference/steps/Interpreter.h"
#include "ir/graph/Schedule.h"
#include "tests/support/Build.h"
#include "tests/support/Describe.h"
#include "tests/support/Random.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/Recordings.h"
#include "tests/support/Targets.h"

#include <algorithm>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <map>
#include <numeric>

using namespace nir;
using namespace nir::test;

namespace {

constexpr int64_t steps = 30;

/// New names by old ones, of a graph and of those in it.
struct Names {
  std::map<std::string, std::string> own;
  std::map<std::string, Names> inner; ///< by the old name of the subgraph's node
};

Names drawNames(const Graph &graph, Random &random) {
  std::vector<size_t> numbers(graph.nodes.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  for (size_t i = numbers.size(); i > 1; --i) {
    std::swap(numbers[i - 1], numbers[random.below(static_cast<int64_t>(i))]);
  }
  Names names;
  for (size_t i = 0; i < numbers.size(); ++i) {
    const Node &node = graph.nodes[i];
    names.own[node.name] = fmt::format("n{:03}", numbers[i]);
    if (const auto *inner = node.as<Graph>()) {
      names.inner[node.name] = drawNames(*inner, random);
    }
  }
  return names;
}

/// What an end of an edge, or a path, is called now, by the rule of FlatGraph: a name, or the name
/// of a subgraph, a dot and what is inside. Empty where it is not there.
std::string translated(const Names &names, const std::string &end) {
  if (auto found = names.own.find(end); found != names.own.end()) {
    return found->second;
  }
  for (size_t dot = end.find('.'); dot != std::string::npos; dot = end.find('.', dot + 1)) {
    std::string first = end.substr(0, dot), rest = end.substr(dot + 1);
    if (auto inner = names.inner.find(first); inner != names.inner.end()) {
      // A port of a subgraph that has only one can have any name in an edge.
      std::string inside = translated(inner->second, rest);
      return names.own.at(first) + "." + (inside.empty() ? rest : inside);
    }
  }
  return "";
}

Graph renamed(const Graph &graph, const Names &names) {
  Graph result;
  for (const Node &node : graph.nodes) {
    Node copy{names.own.at(node.name), node.params, node.metadata};
    if (const auto *inner = node.as<Graph>()) {
      copy.params = renamed(*inner, names.inner.at(node.name));
    }
    result.nodes.push_back(std::move(copy));
  }
  std::sort(result.nodes.begin(), result.nodes.end(),
            [](const Node &a, const Node &b) { return a.name < b.name; });
  for (const Edge &edge : graph.edges) {
    result.edges.push_back({translated(names, edge.source), translated(names, edge.target)});
  }
  return result;
}

/// Populations of LIF and CubaLIF, matrices and delays, connected at random: every node has at
/// least a source, and most lie on cycles.
Graph tangle(uint64_t seed) {
  Random random(seed);
  constexpr int64_t size = 2;
  auto all = [&](double low, double high) {
    return vec({random.uniform(low, high), random.uniform(low, high)});
  };
  auto matrix = [&] {
    std::vector<double> weights;
    for (int64_t i = 0; i < size * size; ++i) {
      weights.push_back(random.uniform(-0.5, 1.5));
    }
    return array({size, size}, weights);
  };
  std::vector<NamedParams> nodes;
  int64_t inputs = 1 + random.below(2), outputs = 1 + random.below(2), inner = 3 + random.below(6);
  for (int64_t i = 0; i < inputs; ++i) {
    nodes.push_back({fmt::format("in{}", i), input({size})});
  }
  auto neuron = [&]() -> Params {
    if (random.below(3) == 0) {
      return CubaLIF{vec({2e-3, 2e-3}), vec({3e-3, 3e-3}), all(2.0, 3.0), vec({0.0, 0.0}),
                     all(0.3, 0.6),     std::nullopt,      all(2.0, 3.0)};
    }
    return LIF{vec({3e-3, 3e-3}), all(2.0, 3.0), vec({0.0, 0.0}), all(0.3, 0.6), std::nullopt};
  };
  for (int64_t i = 0; i < inner; ++i) {
    // A neuron and the matrix behind it: no loop is without a state.
    nodes.push_back({fmt::format("neuron{}", i), neuron()});
    nodes.push_back({fmt::format("weight{}", i), Linear{matrix()}});
  }
  for (int64_t i = 0; i < outputs; ++i) {
    nodes.push_back({fmt::format("out{}", i), output({size})});
  }
  std::vector<std::pair<std::string, std::string>> edges;
  auto any = [&](const char *kind) { return fmt::format("{}{}", kind, random.below(inner)); };
  for (int64_t i = 0; i < inner; ++i) {
    edges.emplace_back(fmt::format("neuron{}", i), fmt::format("weight{}", i));
    edges.emplace_back(any("weight"), fmt::format("neuron{}", i));
    if (random.below(3) == 0) {
      edges.emplace_back(any("weight"), fmt::format("neuron{}", i));
    }
  }
  for (int64_t i = 0; i < inputs; ++i) {
    edges.emplace_back(fmt::format("in{}", i), any("neuron"));
  }
  for (int64_t i = 0; i < outputs; ++i) {
    edges.emplace_back(any("neuron"), fmt::format("out{}", i));
  }
  return graphOf(nodes, edges);
}

/// What becomes of `graph` with other names.
enum class Outcome { Same, Advised, Other };

struct Checked {
  Outcome outcome;
  std::string text;
};

Recording translated(const Names &names, Recording recording) {
  for (Trace &trace : recording.traces) {
    trace.node = translated(names, trace.node);
  }
  return recording;
}

/// Outputs come in the order of the file.
Recording sorted(Recording recording) {
  std::sort(recording.traces.begin(), recording.traces.end(), [](const Trace &a, const Trace &b) {
    return std::pair(a.node, a.observable) < std::pair(b.node, b.observable);
  });
  return recording;
}

Checked withOtherNames(const Graph &graph, const Semantics &semantics, uint64_t seed) {
  Random random(seed);
  Names names = drawNames(graph, random);
  Graph other = renamed(graph, names);
  std::vector<Probe> probes = everything(graph, semantics), otherProbes;
  for (const Probe &probe : probes) {
    otherProbes.push_back({translated(names, probe.node), probe.observable});
  }
  Recording input = randomInput(graph, seed, steps);
  Result<Recording> want =
      interpret(graph, semantics, input, {.probes = probes, .dtype = DType::F64});
  if (!want) {
    return {Outcome::Other, want.error().str()};
  }
  Recording expected = sorted(translated(names, *want));
  std::vector<std::pair<std::string, Result<Recording>>> runs;
  runs.emplace_back("interpreted", interpret(other, semantics, translated(names, input),
                                             {.probes = otherProbes, .dtype = DType::F64}));
  constexpr uint64_t compiled =
      4; // of so many graphs one: the compiler has its rule from the same place
  for (const nirc::Target *target : floatTargets()) {
    if (seed % compiled != 0) {
      break;
    }
    auto executable = target->compile({&other, "renamed", semantics, DType::F64, otherProbes});
    runs.emplace_back(target->name(), executable ? (*executable)->run(translated(names, input), {})
                                                 : Result<Recording>(executable.takeError()));
  }
  for (const auto &[who, got] : runs) {
    std::string differs = got ? difference(sorted(*got), expected) : got.error().str();
    if (!differs.empty()) {
      bool isAdvised = got && !loopsOf(graph, semantics)->undecided.empty();
      return {isAdvised ? Outcome::Advised : Outcome::Other, fmt::format("{}: {}", who, differs)};
    }
  }
  return {Outcome::Same, ""};
}

/// Runs each graph under other names; how often it came out as it was, and how often as advised.
void expectTheSameSpikes(int count, uint64_t first, Graph (*make)(uint64_t), int &same,
                         int &advised) {
  Semantics semantics(1e-3);
  for (uint64_t seed = first; seed < first + static_cast<uint64_t>(count); ++seed) {
    Graph graph = make(seed);
    Checked checked = withOtherNames(graph, semantics, seed);
    same += checked.outcome == Outcome::Same ? 1 : 0;
    advised += checked.outcome == Outcome::Advised ? 1 : 0;
    ASSERT_NE(checked.outcome, Outcome::Other) << "seed " << seed << ": " << checked.text << '\n'
                                               << describe(graph);
  }
}

} // namespace

TEST(NamesTest, TangledGraphsGiveTheSameSpikesOrAdvice) {
  int same = 0, advised = 0;
  expectTheSameSpikes(200, 1, tangle, same, advised);
  RecordProperty("advised", advised);
  // Most are told apart: the rule has something to say.
  EXPECT_GT(same, 180);
}

TEST(NamesTest, NestedGraphsOfAllPrimitivesGiveTheSameSpikesOrAdvice) {
  int same = 0, advised = 0;
  expectTheSameSpikes(200, 1000, [](uint64_t seed) { return randomGraph(seed); }, same, advised);
  EXPECT_GT(same, 180);
}

/// Any edges of cycles are late by choice, several of one cycle too.
TEST(LateEdgesTest, AreTheSameOnEveryTarget) {
  int compared = 0;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    Graph graph = tangle(seed);
    Random random(seed);
    Semantics semantics(1e-3);
    semantics.feedbackStart = seed % 2 == 0 ? FeedbackStart::Zero : FeedbackStart::Bias;
    for (int tries = 0; tries < 6; ++tries) {
      const Edge &edge = random.pick(graph.edges);
      semantics.late.push_back({edge.source, edge.target});
      if (!Interpreter::create(graph, semantics)) { // it lies on no cycle
        semantics.late.pop_back();
      }
    }
    std::vector<Probe> probes = everything(graph, semantics);
    Recording input = randomInput(graph, seed, steps);
    Result<Recording> want =
        interpret(graph, semantics, input, {.probes = probes, .dtype = DType::F64});
    ASSERT_TRUE(want) << want.error().str();
    compared += semantics.late.size() > 1 ? 1 : 0;
    for (const nirc::Target *target : floatTargets()) {
      auto executable = target->compile({&graph, "late", semantics, DType::F64, probes});
      ASSERT_TRUE(executable) << executable.error().str();
      Result<Recording> got = (*executable)->run(input, {});
      ASSERT_TRUE(got) << got.error().str();
      EXPECT_EQ(difference(*got, *want), "")
          << "seed " << seed << ", " << target->name() << ", " << semantics.text() << '\n'
          << describe(graph);
    }
  }
  EXPECT_GT(compared, 10);
}
