//===- LeaksAndSynapses.cpp - what LIF and CubaLIF have beside an IF ------===//
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
                const Change &change) {
  NeuronNumbers numbers = numbersOf(type);
  change(numbers);
  catalogue.add({nodeCase(type, name), std::move(tests), equationOf(type),
                 std::string(type) + " " + features},
                alone(neuronOf(type, numbers), {1}, {1}), drive(input));
}

static void addLeaks(Catalogue &catalogue, std::string_view type) {
  auto leak = [](double value) { return [=](NeuronNumbers &n) { n.vLeak = list({value}); }; };
  add(catalogue, type, "leak-positive", "v_leak = 0.75 takes v near the threshold.", "v_leak",
      steps({0, 0.375, 0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0.125}, 24), leak(0.75));
  add(catalogue, type, "leak-negative", "v_leak = -1 takes v away from the threshold.", "v_leak",
      steps({1, 0, 0, 0, 1.25, 1, 0.5}, 16), leak(-1));
  add(catalogue, type, "leak-above-threshold",
      "With v_leak above v_threshold the neuron fires without input.", "v_leak", steps({}, 40),
      leak(1.5));
  add(catalogue, type, "leak-at-threshold",
      "With v_leak = v_threshold v comes near the threshold and does not reach it.", "v_leak tie",
      steps({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.5}, 16), leak(1));
  add(catalogue, type, "leak-and-reset", "v relaxes from v_reset to v_leak, which differ.",
      "v_leak v_reset", steps({0.75, 0.5, 0, 0, 0.875, 0.625}, 20), [](NeuronNumbers &n) {
        n.vLeak = list({0.5});
        n.vReset = list({-0.5});
      });
  add(catalogue, type, "leak-above-reset-fires-evenly",
      "Without input the distance of spikes follows from v_reset, v_leak and tau.",
      "v_leak v_reset time-constant", steps({}, 60), [](NeuronNumbers &n) {
        n.vLeak = list({2});
        n.vReset = list({-1});
      });
  add(catalogue, type, "starts-at-zero", "v starts at 0, not at v_leak and not at v_reset.",
      "v_leak v_reset", steps({0.5, 0, 0, 0, 0, 0, 0, 0.5}, 16), [](NeuronNumbers &n) {
        n.vLeak = list({0.625});
        n.vReset = list({0.5625});
      });
  add(catalogue, type, "r-zero", "With r = 0 input does nothing, and the leak goes on.",
      "resistance v_leak", steps({-4, 4, -4, 2}, 24), [](NeuronNumbers &n) {
        n.vLeak = list({1.5});
        n.r = list({0});
      });
}

static void addTimeConstants(Catalogue &catalogue, std::string_view type) {
  // What r is scales with tau, so that an input of 1 still adds 1.
  auto tau = [&](double inSteps) {
    return [=](NeuronNumbers &n) {
      n.tauMem = list({inSteps * exactDt});
      n.r = list({inSteps});
    };
  };
  add(catalogue, type, "tau-of-two-steps", "tau = 2 dt: half of v stays in a step.",
      "time-constant", steps({0.75, 0.5, 0.5, 0.75, 0.75, 0.75}), tau(2));
  add(catalogue, type, "tau-of-32-steps", "tau = 32 dt: nearly all of v stays.", "time-constant",
      steps({0.5, 0, 0, 0, 0, 0, 0.5, 0.25, 0, 0, 0, 0.5, 0.5}, 20), tau(32));
  add(catalogue, type, "tau-of-512-steps", "tau = 512 dt: a long memory.", "time-constant",
      steps({0.5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.53125}, 20), tau(512));
  add(catalogue, type, "tau-of-a-step", "tau = dt: nothing of v stays in a step.", "coarse-step",
      steps({0.75, 0.75, 1.25, 0.5, 0.75, 1.5}), tau(1));
  add(catalogue, type, "tau-below-a-step", "tau = 2/3 dt: v changes its sign in every step.",
      "coarse-step", steps({0.75, 0, 1.25, 0.5, 0.75, 1.75, 0.25}), tau(2.0 / 3.0));
  add(catalogue, type, "fades", "After 8 tau nothing counts that was before.", "time-constant",
      steps({0.25, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.25, 0.75, 0.75}, 24), tau(2));
}

static void addSynapses(Catalogue &catalogue) {
  auto add = [&](std::string_view name, std::string tests, const std::string &features,
                 const std::vector<double> &input, const Change &change) {
    conformance::add(catalogue, "CubaLIF", name, std::move(tests), features, input, change);
  };
  auto none = [](NeuronNumbers &) {};
  auto wIn = [](double value) { return [=](NeuronNumbers &n) { n.wIn = list({value}); }; };
  auto tauSyn = [](double inSteps) {
    return [=](NeuronNumbers &n) {
      n.tauSyn = list({inSteps * exactDt});
      n.wIn = list({inSteps});
    };
  };
  add("current-in-the-same-step", "The membrane sees the current of this step.", "synapse timing",
      steps({1.5, 0, -1.5}), none);
  add("current-goes-on", "One input drives the membrane for several steps.", "synapse",
      steps({0.625}, 16), none);
  add("current-survives-a-spike", "A spike resets v and leaves i.", "synapse reset",
      steps({2.25}, 16), none);
  add("current-is-cancelled", "A negative input stops the current of an earlier one.",
      "synapse inhibition", steps({0.5, -0.375, 0.75, 0, 0.25}, 16), none);
  add("current-negative", "A negative current takes v below rest for several steps.",
      "synapse inhibition", steps({-1, 0, 0, 1, 0.5, 0.75, 0.5}, 16), none);
  add("w-in-missing", "A missing w_in is 1.", "w_in", steps({2, 0, 1, 2}, 16),
      [](NeuronNumbers &n) { n.wIn.reset(); });
  add("w-in-double", "Twice the w_in: half the input is enough.", "w_in",
      steps({0.625, 0, 0, 0.125}, 16), wIn(8));
  add("w-in-half", "Half the w_in: the same input is too weak.", "w_in",
      steps({0.625, 0, 0, 0.625}, 16), wIn(2));
  add("w-in-negative", "With w_in below 0 a negative input excites.", "w_in inhibition",
      steps({-0.75, 0, 0.5, 0, -1}, 16), wIn(-4));
  add("w-in-zero", "With w_in = 0 input does nothing, and the leak goes on.", "w_in v_leak",
      steps({4, -4, 2}, 24), [](NeuronNumbers &n) {
        n.wIn = list({0});
        n.vLeak = list({1.5});
      });
  add("tau-syn-equals-tau-mem", "Both time constants are the same.", "synapse time-constant",
      steps({0.5, 0, 0, 0.25, 0, 0, 0, 0.375}, 20), tauSyn(8));
  add("tau-syn-above-tau-mem", "A synapse slower than the membrane.", "synapse time-constant",
      steps({0.5, 0, 0, 0, 0, 0, 0.25}, 32), tauSyn(32));
  add("tau-syn-of-a-step", "tau_syn = dt: a current lasts one step.", "synapse coarse-step",
      steps({0.75, 0.5, 0, 0.5, 0.5}, 16), tauSyn(1));
  add("tau-syn-of-two-steps", "tau_syn = 2 dt.", "synapse time-constant",
      steps({0.5, 0.125, 0, 0.5, 0.25}, 16), tauSyn(2));
  add("synapse-and-leak", "Current and leak drive v together.", "synapse v_leak",
      steps({0.125, 0, 0, 0.25, 0, -0.125, 0.25}, 24),
      [](NeuronNumbers &n) { n.vLeak = list({0.75}); });
  add("r-zero-current", "With r = 0 the current rises and v does not see it.",
      "resistance synapse silence", steps({4, 4}), [](NeuronNumbers &n) { n.r = list({0}); });
}

void addLeaksAndSynapses(Catalogue &catalogue) {
  for (std::string_view type : {"LIF", "CubaLIF"}) {
    addLeaks(catalogue, type);
    addTimeConstants(catalogue, type);
  }
  addSynapses(catalogue);
}

} // namespace nirc::conformance
