//===- Draw.cpp - cases from seeds ----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Draw.h"

#include "ir/choices/Choices.h"
#include "tests/support/RandomFormat.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomLayers.h"
#include "tests/support/RandomSemantics.h"

namespace nir::fuzz {

using test::Random;

namespace {

Graph drawGraph(uint64_t seed, Random &random) {
  static const std::vector<test::RandomGraphOptions> sizes = {
      {.maxNodes = 8, .maxDepth = 1, .maxElements = 12},
      {.maxNodes = 14, .maxDepth = 2, .maxElements = 24},
      {.maxNodes = 14, .maxDepth = 2, .maxElements = 24},
      {.maxNodes = 25, .maxDepth = 3, .maxElements = 60},
      {.maxNodes = 60, .maxDepth = 4, .maxElements = 150}};
  test::RandomGraphOptions options = random.pick(sizes);
  options.loops = random.chance(0.8);
  options.oddNames = random.chance(0.5);
  return test::randomGraph(seed, options);
}

/// A twentieth is event-driven, and most others are of no platform.
Semantics drawSemantics(Random &random) {
  Semantics semantics = test::randomSemantics();
  if (random.chance(0.05)) {
    semantics = *semanticsOf("exact");
  } else if (random.chance(0.7)) {
    semantics = test::randomChoices(random);
  } else {
    for (NeuronRule &rule : semantics.rules) {
      rule.integrator = static_cast<Integrator>(random.below(3));
      rule.reset = static_cast<Reset>(random.below(2));
    }
  }
  semantics.dtSeconds = random.pick(std::vector<double>{1e-3, 1e-3, 1e-3, 5e-4, 7e-4, 1e-4, 1e-5});
  return semantics;
}

/// Spikes take a step, and neurons spike once in it: the rest is anything.
Semantics drawChipSemantics(Random &random) {
  Semantics semantics = *semanticsOf(random.chance(0.5) ? "loihi2" : "spinnaker2");
  for (int i = 0; i < 5 && random.chance(0.6); ++i) {
    Semantics other = test::randomChoices(random);
    other.timing = Timing::Pipelined;
    for (NeuronRule &rule : other.rules) {
      rule.spikesPerStep = SpikesPerStep::Single;
      rule.afterSpike = AfterSpike::WholeStep;
    }
    if (!checkSemantics(other)) { // nothing is wrong
      semantics = other;
      break;
    }
  }
  semantics.dtSeconds = 1e-3;
  return semantics;
}

/// Numbers of which some are of another size.
void roughen(Recording &input, Random &random) {
  for (Trace &trace : input.traces) {
    std::vector<double> values = trace.data.toDoubles();
    for (double &value : values) {
      if (random.chance(0.1)) {
        value = random.pick(std::vector<double>{0.0, -0.0, 1e-40, -3.0, 17.25, 1e6, -1e9, 1e30,
                                                127.0, 128.0, 0x1p-30});
      }
    }
    trace.data = Tensor::of<double>(trace.data.shape(), values);
  }
}

void drawInput(Case &drawn, Random &random) {
  int64_t steps = random.pick(std::vector<int64_t>{1, 2, 7, 20, 30, 40});
  if (drawn.isForChips) {
    constexpr int64_t least = 20;
    drawn.input =
        test::spikesFor(drawn.graph, drawn.semantics.dtSeconds, steps + least, drawn.seed);
    return;
  }
  drawn.input = test::randomInput(drawn.graph, drawn.seed, steps, random.between(1, 3));
  drawn.input.dtSeconds = drawn.semantics.dtSeconds;
  if (random.chance(0.1)) {
    roughen(drawn.input, random);
  }
}

Case drawForChips(uint64_t seed, Random &random) {
  Case drawn;
  drawn.seed = seed;
  drawn.graph = test::Layers(seed).build();
  drawn.isForChips = true;
  drawn.semantics = drawChipSemantics(random);
  drawn.balances = random.chance(0.2);
  drawn.calibrated = Calibrated::OnInputs;
  drawn.format = random.chance(0.4) ? *numberFormatOf("loihi2") : test::randomFormat(random);
  return drawn;
}

Case drawGeneral(uint64_t seed, Random &random) {
  Case drawn;
  drawn.seed = seed;
  drawn.graph = drawGraph(seed, random);
  if (random.chance(0.2)) {
    drawn.graph = withExtremes(std::move(drawn.graph), random);
  }
  drawn.semantics = drawSemantics(random);
  if (random.chance(0.45)) {
    drawn.format = test::randomFormat(random);
    drawn.calibrated = static_cast<Calibrated>(random.below(3));
  }
  return drawn;
}

} // namespace

Case drawCase(uint64_t seed) {
  constexpr uint64_t spread = 0x9e3779b97f4a7c15; // neighbours have nothing in common
  Random random(seed * spread + 1);
  Case drawn = random.chance(0.25) ? drawForChips(seed, random) : drawGeneral(seed, random);
  drawInput(drawn, random);
  return drawn;
}

} // namespace nir::fuzz
