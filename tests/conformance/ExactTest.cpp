//===- ExactTest.cpp - real networks, event by event ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The graphs of the NIR paper (Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9) under the
// exact semantics. Skipped without the reference data.
//
//===----------------------------------------------------------------------===//

#include "backends/reference/Exact.h"
#include "backends/reference/steps/Interpreter.h"
#include "ir/choices/Presets.h"
#include "tests/conformance/Digits.h"
#include "tests/support/Random.h"
#include "tests/support/ReferenceData.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;

namespace {

class ExactOnPublishedGraphs : public nir::test::ReferenceData {
protected:
  static Recording solve(const Graph &graph, const Semantics &semantics, const Recording &input) {
    auto executable =
        nirc::reference::compileExact({&graph, "published", semantics, DType::F64, {}});
    if (!executable) {
      ADD_FAILURE() << executable.error().str();
      return {};
    }
    Result<Recording> result = (*executable)->run(input, {});
    EXPECT_TRUE(result) << result.error().str();
    return result ? std::move(*result) : Recording{};
  }
};

Semantics exactly(double dt, Reset reset) {
  Semantics semantics = *presetSemantics("exact");
  semantics.dtSeconds = dt;
  for (NeuronRule &rule : semantics.rules) {
    rule.reset = reset;
  }
  return semantics;
}

/// Spikes of each element over a run of one sample.
std::vector<double> totals(const Tensor &spikes) {
  std::vector<double> counts(static_cast<size_t>(spikes.shape().back()), 0.0);
  for (int64_t k = 0; k < spikes.size(); ++k) {
    counts[static_cast<size_t>(k) % counts.size()] += spikes.at(k);
  }
  return counts;
}

TEST_F(ExactOnPublishedGraphs, CnnTellsTheDigits) {
  Graph cnn = graph("cnn_sinabs.nir");
  for (int64_t digit : {0, 7}) {
    Recording input = nir::test::recordingOfDigit(folder, digit);
    for (Reset reset : {Reset::ToValue, Reset::Subtract}) {
      Recording got = solve(cnn, exactly(1e-3, reset), input);
      const Trace *out = got.find("output", "spikes");
      ASSERT_NE(out, nullptr);
      std::vector<double> counts = totals(out->data);
      EXPECT_EQ(std::max_element(counts.begin(), counts.end()) - counts.begin(), digit);
    }
  }
}

/// The graph for steps much shorter than dt: each spike, one such step long, is held for dt. An
/// integrator takes the spike, and takes it back after dt.
Graph held(const Graph &graph, double dt) {
  Graph result = graph;
  for (const Node &node : graph.nodes) {
    const auto *lif = node.as<CubaLIF>();
    if (!lif) {
      continue;
    }
    size_t count = lif->v_threshold.toDoubles().size();
    auto all = [&](double value) { return Tensor::vector(std::vector<double>(count, value)); };
    std::string hold = node.name + " held", late = node.name + " late",
                minus = node.name + " minus";
    for (Edge &edge : result.edges) {
      bool isRecorded = result.find(edge.target)->as<Output>();
      edge.source = edge.source == node.name && !isRecorded ? hold : edge.source;
    }
    result.nodes.push_back({hold, I{all(1.0)}, {}});
    result.nodes.push_back({late, Delay{all(dt)}, {}});
    result.nodes.push_back({minus, Scale{all(-1.0)}, {}});
    for (const auto &[source, target] : {std::pair(node.name, hold), std::pair(node.name, late),
                                         std::pair(late, minus), std::pair(minus, hold)}) {
      result.edges.push_back({source, target});
    }
  }
  return result;
}

/// The input with each step repeated.
Recording repeated(const Recording &input, int64_t times) {
  const Tensor &data = input.traces[0].data;
  int64_t steps = data.shape()[1], width = data.shape()[2];
  std::vector<double> values;
  for (int64_t t = 0; t < steps * times; ++t) {
    for (int64_t n = 0; n < width; ++n) {
      values.push_back(data.at(t / times * width + n));
    }
  }
  return {input.dtSeconds / static_cast<double>(times),
          {{"input", "value", Tensor::of<double>({1, steps * times, width}, values)}}};
}

TEST_F(ExactOnPublishedGraphs, BrailleIsWhatShortStepsApproach) {
  for (const char *file :
       {"braille_noDelay_bias_zero.nir", "braille_noDelay_noBias_subtract.nir"}) {
    SCOPED_TRACE(file);
    Graph braille = graph(file);
    nir::test::Random random(7);
    constexpr int64_t steps = 200, parts = 400;
    std::vector<double> spikes(static_cast<size_t>(steps * 12));
    std::generate(spikes.begin(), spikes.end(), [&] { return random.chance(0.1) ? 1.0 : 0.0; });
    Recording input{1e-4, {{"input", "value", Tensor::of<double>({1, steps, 12}, spikes)}}};
    Recording exact = solve(braille, exactly(1e-4, Reset::Subtract), input);
    const SpikeTimes *times = exact.findTimes("output");
    ASSERT_NE(times, nullptr);
    EXPECT_GT(times->spikes.size(), 10u);

    Semantics fine(1e-4 / parts, Integrator::Exact, Reset::Subtract);
    Result<Recording> clocked = interpret(held(braille, 1e-4), fine, repeated(input, parts));
    ASSERT_TRUE(clocked) << clocked.error().str();
    const Tensor &grid = clocked->find("output", "spikes")->data;
    std::vector<std::vector<double>> want(7), got(7);
    for (const Spike &spike : times->spikes) {
      got[static_cast<size_t>(spike.neuron)].push_back(spike.seconds);
    }
    for (int64_t k = 0; k < grid.size(); ++k) {
      if (grid.at(k) != 0.0) {
        want[static_cast<size_t>(k % 7)].push_back(static_cast<double>(k / 7 + 1) * fine.dtSeconds);
      }
    }
    size_t compared = 0;
    double apart = 0.0;
    for (size_t n = 0; n < 7; ++n) {
      EXPECT_EQ(got[n].size(), want[n].size()) << "neuron " << n;
      for (size_t k = 0; k < std::min(got[n].size(), want[n].size()); ++k, ++compared) {
        apart += std::abs(got[n][k] - want[n][k]);
      }
    }
    std::printf("%s: %zu spikes, %.1e s apart\n", file, compared,
                apart / static_cast<double>(compared));
    EXPECT_LT(apart / static_cast<double>(compared), 10 * fine.dtSeconds);
  }
}

} // namespace
