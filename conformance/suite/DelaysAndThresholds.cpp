//===- DelaysAndThresholds.cpp - Delay and Threshold ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

#include <cmath>

namespace nirc::conformance {

constexpr const char *delayClause = "Delay: y(t) = x(t - delay)";
constexpr const char *thresholdClause = "Threshold: 1 where x > threshold, else 0";

/// The delay in seconds of so many steps.
static nir::Tensor stepsOf(const std::vector<double> &counts) {
  std::vector<double> seconds;
  for (double count : counts) {
    seconds.push_back(count * exactDt);
  }
  return list(seconds);
}

static void addDelaysAlone(Catalogue &catalogue) {
  auto add = [&](const char *name, std::string tests, const std::string &features,
                 nir::Tensor delay, const nir::Shape &shape, double dtSeconds = exactDt) {
    catalogue.add(
        {std::string("nodes/delay/") + name, std::move(tests), delayClause, "Delay " + features},
        alone(nir::Delay{std::move(delay)}, shape, shape), changing("input", shape, 12), dtSeconds);
  };
  add("zero", "A delay of 0 changes nothing.", "per-element", stepsOf({0}), {1});
  add("one-step", "A delay of one step.", "per-element", stepsOf({1}), {1});
  add("five-steps", "Nothing comes out in the first five steps.", "per-element", stepsOf({5}), {1});
  add("per-element", "A delay for each element.", "per-element", stepsOf({0, 1, 2, 3}), {4});
  add("per-element-falling", "Later elements come earlier.", "per-element", stepsOf({6, 3, 1}),
      {3});
  add("rank-0", "One delay for all elements.", "rank-0", scalar(2 * exactDt), {3});
  add("plane", "Delays of shape [2, 2].", "dimensions",
      tensor({2, 2}, {0, exactDt, 2 * exactDt, 4 * exactDt}), {2, 2});
  add("last-step", "A delay of eleven steps in a run of twelve: one number comes out.",
      "per-element", stepsOf({11}), {1});
  add("longer-than-the-run", "A delay longer than the run, beside a short one.", "per-element",
      stepsOf({100, 1}), {2});
  add("rounded-down", "1.25 steps are one step.", "rounded-delay", stepsOf({1.25}), {1});
  add("rounded-up", "1.75 steps are two steps.", "rounded-delay", stepsOf({1.75}), {1});
  add("half-a-step", "Half a step is a step.", "rounded-delay", stepsOf({0.5}), {1});
  add("one-and-a-half", "1.5 steps are two: halves are rounded up.", "rounded-delay",
      stepsOf({1.5}), {1});
  add("two-and-a-half", "2.5 steps are three, not the even number.", "rounded-delay",
      stepsOf({2.5}), {1});
  add("below-half", "0.4375 steps are none.", "rounded-delay", stepsOf({0.4375}), {1});
  add("rounded-per-element", "Each element is rounded by itself.", "rounded-delay per-element",
      stepsOf({0.25, 0.5, 0.75, 1.5, 2.25}), {5});
  add("one-millisecond", "3 ms in steps of 1 ms, neither exact in binary.", "per-element",
      list({3e-3}), {1}, 1e-3);
  add("seven-tenths", "0.7 ms in steps of 0.1 ms: seven, whatever the quotient's last bit.",
      "rounded-delay", list({7e-4}), {1}, 1e-4);
  add("float64", "Delays in float64.", "dtype", tensor({2}, {2e-3, 5e-3}, nir::DType::F64), {2},
      1e-3);
  add("float16", "Delays in float16.", "dtype",
      tensor({2}, {2 * exactDt, 4 * exactDt}, nir::DType::F16), {2});
}

static void addDelaysOfSpikes(Catalogue &catalogue) {
  catalogue.add({"nodes/delay/in-a-row", "Two Delays in a row add up.", delayClause, "Delay"},
                inARow({nir::Delay{stepsOf({2})}, nir::Delay{stepsOf({3})}}, {1}, {1}),
                changing("input", {1}, 12));
  catalogue.add({"nodes/delay/rounded-in-a-row",
                 "Two Delays of 1.5 steps are rounded one by one: four steps.", delayClause,
                 "Delay rounded-delay"},
                inARow({nir::Delay{stepsOf({1.5})}, nir::Delay{stepsOf({1.5})}}, {1}, {1}),
                changing("input", {1}, 12));
  for (std::string_view type : spikingTypes) {
    std::string neuron = nodeCase(type, "").substr(6, type.size());
    catalogue.add({"nodes/delay/after-" + neuron, "Spikes come out later.", delayClause,
                   "Delay timing " + std::string(type)},
                  inARow({neuronOf(type, nir::Shape{3}), nir::Delay{stepsOf({0, 2, 5})}}, {3}, {3}),
                  exciting("input", {3}, 20));
    catalogue.add(
        {"nodes/delay/before-" + neuron, "Delayed inputs meet in one step.", delayClause,
         "Delay timing " + std::string(type)},
        inARow({nir::Delay{stepsOf({3, 2, 0})}, nir::Linear{tensor({1, 3}, {0.5, 0.5, 0.5})},
                neuronOf(type, nir::Shape{1})},
               {3}, {1}),
        drive("input", {3}, steps({1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1}, 36)));
  }
}

static void addThresholdsAlone(Catalogue &catalogue) {
  const double ulp = std::ldexp(1.0, -23);
  auto add = [&](const char *name, std::string tests, const std::string &features,
                 nir::Tensor threshold, const nir::Shape &shape, std::vector<double> input) {
    catalogue.add({std::string("nodes/threshold/") + name, std::move(tests), thresholdClause,
                   "Threshold " + features},
                  alone(nir::Threshold{std::move(threshold)}, shape, shape),
                  drive("input", shape, input));
  };
  add("above-and-below", "1 above the threshold, 0 below.", "v_threshold", list({1}), {1},
      {0.5, 1.5, -2, 1.25, 0, 3});
  add("tie", "A number that is equal to the threshold gives 0.", "tie", list({1}), {1},
      {1, 2, 1, 0.5, 1.5});
  add("tie-at-zero", "0 is not above a threshold of 0, nor is -0.", "tie", list({0}), {1},
      {0, 1, -0.0, -1, 0.5});
  add("by-one-ulp", "The last bit of a float32 decides.", "ulp tie", list({1}), {1},
      {1 + ulp, 1 - ulp / 2, 1, 1 + 2 * ulp});
  add("negative", "A threshold below 0: no input gives 1.", "v_threshold", list({-0.5}), {1},
      {0, -1, -0.5, -0.25, 1});
  add("no-state", "The same input gives the same, whatever came before.", "reset", list({1}), {1},
      {2, 2, 0.75, 0.75, 2, 0.75, 2, 2});
  add("never-more-than-one", "An input of many thresholds gives 1.", "several-thresholds",
      list({0.5}), {1}, {8, 1, 0.5, 100});
  add("per-element", "A threshold for each element.", "per-element", list({0, 1, -1, 2}), {4},
      {0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1, -1, -1, -1, -1, 3, 3, 3, 3});
  add("rank-0", "One threshold for all elements.", "rank-0", scalar(0.5), {3},
      {0, 0.5, 1, 1, 0, 0.75, 2, -2, 0.625});
  add("plane", "Thresholds of shape [2, 2].", "dimensions", tensor({2, 2}, {0, 1, 2, 3}), {2, 2},
      {1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4});
  add("float64", "A threshold in float64.", "dtype", tensor({1}, {0.75}, nir::DType::F64), {1},
      {0.75, 1, 0.5});
  add("int32", "A threshold in int32.", "dtype", tensor({1}, {2}, nir::DType::I32), {1},
      {2, 2.5, 1.5});
  add("one-step", "A run of one step.", "one-step", list({1}), {1}, {2});
}

void addThresholds(Catalogue &catalogue) {
  addThresholdsAlone(catalogue);
  catalogue.add(
      {"nodes/threshold/of-a-sum", "The sum of its edges is compared.", thresholdClause,
       "Threshold fan-in tie"},
      Net()
          .input("left", {1})
          .input("right", {1})
          .node("threshold", nir::Threshold{list({1})})
          .output("output", {1})
          .edge("left", "threshold")
          .edge("right", "threshold")
          .edge("threshold", "output")
          .graph,
      {drive("left", {1}, {0.5, 0.5, 1, 0, 2}), drive("right", {1}, {0.25, 0.5, 0.5, 1, -1.5})});
  for (std::string_view type : spikingTypes) {
    catalogue.add({"nodes/threshold/into-" + nodeCase(type, "").substr(6, type.size()),
                   "What it sends drives neurons in the same step.", thresholdClause,
                   "Threshold timing " + std::string(type)},
                  inARow({nir::Threshold{list({0.25, 0})}, nir::Scale{list({0.75, 1.25})},
                          neuronOf(type, nir::Shape{2})},
                         {2}, {2}),
                  changing("input", {2}, 16));
  }
  for (std::string_view type : analogTypes) {
    catalogue.add({"nodes/threshold/of-" + nodeCase(type, "").substr(6, type.size()),
                   "The v of a neuron that does not spike is compared.", thresholdClause,
                   "Threshold hybrid " + std::string(type)},
                  inARow({neuronOf(type, nir::Shape{2}), nir::Threshold{list({1, 0.5})}}, {2}, {2}),
                  drive("input", {2}, steps({0.5, 0.5, 0.75, 0.25, 0, 0, -1, 1, 0, 0, 1, -1}, 24)));
  }
}

void addDelays(Catalogue &catalogue) {
  addDelaysAlone(catalogue);
  addDelaysOfSpikes(catalogue);
}

} // namespace nirc::conformance
