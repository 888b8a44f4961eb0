//===- ArrivalsTest.cpp ---------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What reaches a connection, found from spikes alone, beside the sum of what the interpreter
// recorded of every node that the connection reads: equal to the last bit.
//
//===----------------------------------------------------------------------===//

#include "api/stats/Arrivals.h"
#include "backends/reference/steps/Interpreter.h"
#include "ir/choices/Choices.h"
#include "ir/graph/Check.h"
#include "ir/graph/FlatGraph.h"
#include "ir/graph/Schedule.h"
#include "ir/graph/SignalKinds.h"
#include "tests/support/Build.h"
#include "tests/support/RandomGraph.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>

using namespace nir;
using namespace nir::test;
using nirc::Arrivals;

namespace {

constexpr int64_t steps = 12;

std::string observableOf(const FlatGraph &flat, const std::vector<SignalKind> &kinds,
                         int32_t node) {
  auto index = static_cast<size_t>(node);
  return observables(*flat.nodes[index].node, kinds[index]).front();
}

/// The sum of what the edges into `node` carry in a step, from recordings of all nodes.
std::vector<double> expected(const FlatGraph &flat, const std::vector<SignalKind> &kinds,
                             const Schedule &schedule, const Recording &all, int32_t node,
                             int64_t step, size_t size) {
  std::vector<double> sum(size, 0.0);
  for (int32_t edge : flat.incoming(node)) {
    auto at = static_cast<size_t>(edge);
    int32_t source = flat.edges[at].source;
    const Trace *trace = all.find(flat.path(source), observableOf(flat, kinds, source));
    int64_t from = schedule.feedback[at] ? step - 1 : step;
    for (size_t i = 0; i < size && from >= 0; ++i) {
      sum[i] += trace->data.at(from * static_cast<int64_t>(size) + static_cast<int64_t>(i));
    }
  }
  return sum;
}

/// Whether an edge carries a bias into step 0, which Arrivals does not look for.
bool carriesBias(const FlatGraph &flat, const Schedule &schedule) {
  for (size_t edge = 0; edge < flat.edges.size(); ++edge) {
    const Node &source = *flat.nodes[static_cast<size_t>(flat.edges[edge].source)].node;
    if (schedule.feedback[edge] && !isNeuron(source) && !source.as<Delay>()) {
      return true;
    }
  }
  return false;
}

/// Connections that were compared, or nothing where the graph is not for this test.
int compare(const Graph &graph, const Semantics &semantics, uint64_t seed) {
  Checked checked = check(graph);
  std::vector<Diagnostic> none;
  FlatGraph flat = FlatGraph::of(graph, none);
  std::vector<SignalKind> kinds = signalKinds(flat, semantics);
  Result<Schedule> schedule = nir::schedule(flat, flatShapes(flat, checked.shapes),
                                            opaqueNodes(flat, semantics), semantics.late);
  if (!schedule || carriesBias(flat, *schedule)) {
    return 0;
  }
  std::vector<Probe> probes;
  std::map<std::string, int32_t> places;
  for (size_t i = 0; i < flat.nodes.size(); ++i) {
    auto node = static_cast<int32_t>(i);
    probes.push_back({flat.path(node), observableOf(flat, kinds, node)});
    places[flat.path(node)] = node;
  }
  Result<Arrivals> arrivals = Arrivals::create(graph, semantics);
  EXPECT_TRUE(arrivals) << arrivals.error().message;
  probes.insert(probes.end(), arrivals->probes().begin(), arrivals->probes().end());
  Recording input = randomInput(graph, seed, steps);
  Result<Recording> all = interpret(graph, semantics, input, {.probes = probes, .steps = steps});
  EXPECT_TRUE(all) << all.error().message;
  int compared = 0;
  Status failed = arrivals->visit(
      input, *all, 0, steps, [&](size_t which, int64_t step, std::span<const double> values) {
        int32_t node = places.at(arrivals->connections()[which]);
        std::vector<double> want =
            expected(flat, kinds, *schedule, *all, node, step, values.size());
        EXPECT_TRUE(std::equal(want.begin(), want.end(), values.begin()))
            << flat.path(node) << " in step " << step;
        ++compared;
      });
  EXPECT_FALSE(failed) << failed->message;
  return compared;
}

TEST(Arrivals, AreWhatTheInterpreterAddsUp) {
  int compared = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    for (const char *name : {"nir", "snntorch-native", "nir,schedule=pipelined"}) {
      Semantics semantics = *semanticsOf(name);
      semantics.dtSeconds = 1e-3;
      compared += compare(randomGraph(seed), semantics, seed);
    }
    if (HasFailure()) {
      return;
    }
  }
  EXPECT_GT(compared, 1000); // steps of connections
}

TEST(Arrivals, NeedStepsAndWhatWasRecorded) {
  Graph graph = around(Linear{array({1, 2}, {1, 1})}, {2}, {1});
  Semantics exact = *semanticsOf("exact");
  exact.dtSeconds = 1e-3;
  Result<Arrivals> refused = Arrivals::create(graph, exact);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::Usage);

  Semantics semantics = *semanticsOf("nir");
  semantics.dtSeconds = 1e-3;
  Result<Arrivals> arrivals = Arrivals::create(graph, semantics);
  ASSERT_TRUE(arrivals);
  EXPECT_TRUE(arrivals->probes().empty()); // the input is known
  Status failed = arrivals->visit({}, {}, 0, 1, [](size_t, int64_t, std::span<const double>) {});
  ASSERT_TRUE(failed);
  EXPECT_EQ(failed->node, "in");
}

} // namespace
