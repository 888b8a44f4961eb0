//===- SpikingNeurons.cpp - threshold and reset, neuron by neuron ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

#include <cmath>
#include <functional>

namespace nirc::conformance {

namespace {
/// One neuron of a primitive, case by case.
class OneNeuron {
public:
  OneNeuron(Catalogue &catalogue, std::string_view type) : catalogue(catalogue), type(type) {}

  using Change = std::function<void(NeuronNumbers &)>;
  void add(std::string_view name, std::string tests, const std::string &features,
           std::vector<double> input, const Change &change = {}, double dtSeconds = exactDt) {
    NeuronNumbers numbers = numbersOf(type);
    if (change) {
      change(numbers);
    }
    catalogue.add({nodeCase(type, name), std::move(tests), equationOf(type),
                   std::string(type) + " " + features},
                  alone(neuronOf(type, numbers), {1}, {1}), drive(input), dtSeconds);
  }

  bool isIF() const { return type == "IF"; }
  bool isCuba() const { return hasSynapse(type); }

private:
  Catalogue &catalogue;
  std::string_view type;
};
} // namespace

static OneNeuron::Change threshold(double value) {
  return [=](NeuronNumbers &n) { n.vThreshold = list({value}); };
}

static OneNeuron::Change reset(double value) {
  return [=](NeuronNumbers &n) { n.vReset = list({value}); };
}

/// Times what it is by default.
static OneNeuron::Change resistance(double times) {
  return [=](NeuronNumbers &n) { n.r = list({n.r.at(0) * times}); };
}

/// The v of an IF stays where it is put; that of a LIF decays by 1/8 a step, and a synaptic current
/// goes on driving a CubaLIF.
static void addThresholdCases(OneNeuron &neuron) {
  const double ulp = std::ldexp(1.0, -23), halfUlp = std::ldexp(1.0, -24); // of 1 in float32
  neuron.add("one-spike", "An input above the threshold gives one spike in its own step.", "reset",
             steps({1.5}));
  neuron.add("below-threshold", "An input below the threshold gives no spike.",
             "silence v_threshold", steps({0.25, 0, 0, 0.125}));
  neuron.add("no-input", "Without input a neuron at rest is silent.", "silence", steps({}));
  neuron.add("one-step", "A run of one step has its spike.", "one-step", {1.5});
  neuron.add("tie-at-threshold",
             "v that is equal to v_threshold gives no spike; the next input gives it.", "tie",
             steps({1, 0, 0.5}));
  neuron.add("tie-later", "v that reaches v_threshold by several inputs gives no spike.", "tie",
             neuron.isIF()     ? steps({0.25, 0.25, 0.5, 0, 0.25})
             : neuron.isCuba() ? steps({0.25, 0.59375})
                               : steps({0.5, 0.5625, 0, 0.5}));
  neuron.add("tie-at-other-threshold", "The same where v_threshold is 2.5.", "tie v_threshold",
             steps({2.5, 0, 0.75}), threshold(2.5));
  neuron.add("above-by-one-ulp", "v above v_threshold by the last bit of a float32 gives a spike.",
             "ulp tie", steps({1 + ulp}));
  neuron.add("below-by-one-ulp", "v below v_threshold by the last bit gives no spike.", "ulp tie",
             steps({1 - halfUlp, 0, 0, 0.5}));
  neuron.add("threshold-high", "v_threshold is read: 4 needs four times the input.", "v_threshold",
             steps({2, 0, 1.5, 0, 2.5}), threshold(4));
  neuron.add("threshold-zero",
             "At v_threshold 0 a neuron at rest is silent, and any input wakes it.",
             "v_threshold tie", steps({0, 0.25, 0, -0.5, 0.25, 0, 0.75}), threshold(0));
  neuron.add("threshold-negative",
             "With v_threshold below 0 the neuron starts above it and spikes in step 0.",
             "v_threshold v_reset", steps({0, 0.25, 0.5, 0, 0.125}), [](NeuronNumbers &n) {
               n.vThreshold = list({-0.5});
               n.vReset = list({-1});
             });
}

static void addResetCases(OneNeuron &neuron) {
  neuron.add("reset-drops-the-rest",
             "A spike sets v to v_reset: what v was above the threshold is lost.", "reset",
             steps({1.75, 0, 0.5, 0, 0, 0.75}));
  neuron.add("v-reset-above-zero", "v starts again at v_reset = 0.5 after a spike.", "v_reset",
             steps({1.5, 0.25, 0, 0.625}), reset(0.5));
  neuron.add("v-reset-below-zero", "v starts again at v_reset = -1 after a spike.", "v_reset",
             steps({1.5, 1.25, 0, 1.25}), reset(-1));
  neuron.add("v-reset-missing", "A missing v_reset is 0.", "v_reset",
             steps({1.5, 0.75, 0.5, 0, 0.875}), [](NeuronNumbers &n) { n.vReset.reset(); });
  neuron.add("v-reset-at-threshold",
             "v_reset = v_threshold: v is at the threshold after a spike, and not above it.",
             "v_reset tie", steps({1.5, 0, 0, 0.5}), reset(1));
  neuron.add("v-reset-above-threshold",
             "v_reset above v_threshold: after the first spike the neuron fires in every step.",
             "v_reset", steps({0, 0, 1.25}), reset(1.5));
  neuron.add("several-thresholds", "v at 3.5 thresholds gives one spike, and the reset takes all.",
             "several-thresholds reset", steps({3.5, 0, 0, 0, 0.75, 0, 2.75}));
  neuron.add("several-thresholds-tie", "v at exactly three thresholds gives one spike.",
             "several-thresholds tie", steps({3, 0, 0, 0, 0, 2, 0, 0, 0, 1.25}));
  neuron.add("spikes-in-a-row", "Input above the threshold in every step gives a spike in each.",
             "reset", steps({1.5, 1.25, 1.125, 2, 1.75}, 8));
  neuron.add("reset-in-the-same-step",
             "The reset comes in the step of the spike: the next input starts from v_reset.",
             "reset timing", steps({1.25, 0.875, 0, 0.875}));
}

static void addInputCases(OneNeuron &neuron) {
  neuron.add("two-inputs", "Two inputs below the threshold add up to a spike.", "time-constant",
             steps({0.625, 0.625, 0, 0, 0.75, 0.125, 0.375}));
  neuron.add("memory", "What is left of an early input decides on a late one.", "time-constant",
             steps({0.75, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.75, 0.5}, 16));
  double steady = neuron.isIF() ? 0.3125 : neuron.isCuba() ? 0.046875 : 0.1875;
  neuron.add("constant-input", "A constant input gives spikes at even distances.", "time-constant",
             constant(steady, 40));
  neuron.add("inhibition", "Negative input takes v far below rest; there is no floor.",
             "inhibition", steps({-2, 0, 0.5, 0.75, 1, 1, 1}));
  neuron.add("inhibition-stops-a-spike", "A negative input in time keeps the neuron silent.",
             "inhibition silence", steps({0.5, -1, 0.5}));
  neuron.add("r-double", "r scales the input: twice as large it makes half the input enough.",
             "resistance", steps({0.75, 0, 0.25, 0, 0.375}), resistance(2));
  neuron.add("r-negative", "With r below 0 a negative input excites.", "resistance inhibition",
             steps({-1.5, 0, 1, -0.5, -1, -1.25}), resistance(-1));
  neuron.add("irregular-input", "Forty steps of an input of many sizes.", "time-constant",
             changing("input", {1}, 40).data.toDoubles());
  auto millisecond = [](NeuronNumbers &n) {
    n.tauMem = list({0.02});
    n.tauSyn = list({0.005});
    n.r = list({n.r.at(0) == 1.0 ? 1.0 : 20.0});
    n.wIn = list({5.0});
  };
  neuron.add("one-millisecond", "tau = 20 ms in steps of 1 ms, numbers that are not exact.",
             "time-constant",
             steps({0.7, 0.2, 0.1, 0.6, 0, 0, 0.45, 0.3, 0.2, 0.9, 0.15, 0.35}, 30), millisecond,
             1e-3);
}

void addSpikingNeurons(Catalogue &catalogue) {
  for (std::string_view type : spikingTypes) {
    OneNeuron neuron(catalogue, type);
    addThresholdCases(neuron);
    addResetCases(neuron);
    addInputCases(neuron);
  }
}

} // namespace nirc::conformance
