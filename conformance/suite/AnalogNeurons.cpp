//===- AnalogNeurons.cpp - neurons that pass on v -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

#include <functional>

namespace nirc::conformance {

using Change = std::function<void(NeuronNumbers &)>;

static void add(Catalogue &catalogue, std::string_view type, std::string_view name,
                std::string tests, const std::string &features, const std::vector<double> &input,
                const Change &change = {}, double dtSeconds = exactDt) {
  NeuronNumbers numbers = numbersOf(type);
  if (change) {
    change(numbers);
  }
  catalogue.add({nodeCase(type, name), std::move(tests), equationOf(type),
                 std::string(type) + " " + features},
                alone(neuronOf(type, numbers), {1}, {1}), drive(input), dtSeconds);
}

static void addToAll(Catalogue &catalogue, std::string_view type) {
  add(catalogue, type, "impulse", "What is passed on after a single input.", "time-constant",
      steps({1}));
  add(catalogue, type, "step", "What is passed on under a constant input.", "time-constant",
      constant(0.25, 16));
  add(catalogue, type, "two-inputs", "Two inputs add up.", "time-constant", steps({1, 0, 0, 0.5}));
  add(catalogue, type, "negative-input", "Negative input gives negative v.", "inhibition",
      steps({-1, 0, 0.5, -0.25}));
  add(catalogue, type, "no-input", "Without input v stays at 0.", "silence", steps({}));
  add(catalogue, type, "one-step", "A run of one step.", "one-step", {0.75});
  add(catalogue, type, "r-double", "Twice the r gives twice the v.", "resistance",
      steps({0.5, 0, 0.25}), [](NeuronNumbers &n) { n.r = list({2 * n.r.at(0)}); });
  add(catalogue, type, "r-negative", "With r below 0 the sign changes.", "resistance",
      steps({0.5, 0, -0.25}), [](NeuronNumbers &n) { n.r = list({-n.r.at(0)}); });
  add(catalogue, type, "irregular-input", "Forty steps of an input of many sizes.", "time-constant",
      changing("input", {1}, 40).data.toDoubles());
  add(
      catalogue, type, "one-millisecond", "tau = 20 ms in steps of 1 ms.", "time-constant",
      steps({0.7, 0.2, 0, 0.6, 0, 0, -0.45, 0.3}, 30),
      [](NeuronNumbers &n) {
        n.tauMem = list({0.02});
        n.tauSyn = list({0.005});
        n.r = list({1.5});
      },
      1e-3);
}

static void addLeaks(Catalogue &catalogue, std::string_view type) {
  auto tau = [](double inSteps) {
    return [=](NeuronNumbers &n) {
      n.tauMem = list({inSteps * exactDt});
      n.r = list({inSteps});
    };
  };
  add(catalogue, type, "leak-positive", "v relaxes to v_leak = 0.5 from 0.", "v_leak", steps({}),
      [](NeuronNumbers &n) { n.vLeak = list({0.5}); });
  add(catalogue, type, "leak-negative", "v relaxes to v_leak = -2 after an input.", "v_leak",
      steps({0, 0, 4}), [](NeuronNumbers &n) { n.vLeak = list({-2}); });
  add(catalogue, type, "starts-at-zero", "v starts at 0, not at v_leak.", "v_leak",
      steps({0.125}, 4), [](NeuronNumbers &n) { n.vLeak = list({8}); });
  add(catalogue, type, "tau-of-two-steps", "tau = 2 dt.", "time-constant", steps({1}), tau(2));
  add(catalogue, type, "tau-of-64-steps", "tau = 64 dt.", "time-constant", steps({1, 0, 0, 0.5}),
      tau(64));
  add(catalogue, type, "tau-of-a-step", "tau = dt: v is what came in this step.", "coarse-step",
      steps({1, 0.5, -0.25}), tau(1));
  add(catalogue, type, "tau-below-a-step", "tau = 2/3 dt: v changes its sign in every step.",
      "coarse-step", steps({1, 0, 0, 0.5}), tau(2.0 / 3.0));
}

static void addSynapses(Catalogue &catalogue) {
  auto add = [&](std::string_view name, std::string tests, const std::string &features,
                 const std::vector<double> &input, const Change &change) {
    conformance::add(catalogue, "CubaLI", name, std::move(tests), features, input, change);
  };
  add("w-in-missing", "A missing w_in is 1.", "w_in", steps({1, 0, 0, 0.5}),
      [](NeuronNumbers &n) { n.wIn.reset(); });
  add("w-in-double", "Twice the w_in gives twice the v.", "w_in", steps({1, 0, 0, 0.5}),
      [](NeuronNumbers &n) { n.wIn = list({8}); });
  add("w-in-negative", "With w_in below 0 the sign changes.", "w_in", steps({1, 0, 0, 0.5}),
      [](NeuronNumbers &n) { n.wIn = list({-4}); });
  add("tau-syn-equals-tau-mem", "Both time constants are the same.", "synapse", steps({1}),
      [](NeuronNumbers &n) { n.tauSyn = n.tauMem; });
  add("tau-syn-above-tau-mem", "A synapse slower than the membrane.", "synapse", steps({1}, 24),
      [](NeuronNumbers &n) { n.tauSyn = list({32 * exactDt}); });
  add("tau-syn-of-a-step", "tau_syn = dt: a current lasts one step.", "synapse coarse-step",
      steps({1, 0, 0.5}), [](NeuronNumbers &n) { n.tauSyn = list({exactDt}); });
  add("synapse-and-leak", "Current and leak drive v together.", "synapse v_leak",
      steps({1, 0, -0.5}), [](NeuronNumbers &n) { n.vLeak = list({1}); });
}

void addAnalogNeurons(Catalogue &catalogue) {
  for (std::string_view type : analogTypes) {
    addToAll(catalogue, type);
    if (hasLeak(type)) {
      addLeaks(catalogue, type);
    }
  }
  addSynapses(catalogue);
}

} // namespace nirc::conformance
