//===- Driven.cpp - the cases of single nodes, as chips can run them ------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace nirc::conformance {

/// "lif/tie-at-threshold" of "nodes/lif/tie-at-threshold", with '-' between the two.
static std::string shortName(const Case &one) {
  std::string name = one.name.substr(std::string_view("nodes/").size());
  std::replace(name.begin(), name.end(), '/', '-');
  return name;
}

/// The node of a case of "input" -> "node" -> "output" that numbers drive, else nothing.
static const nir::Node *onlyNode(const Case &one) {
  const std::vector<nir::Node> &nodes = one.graph.nodes;
  bool isRow = nodes.size() == 3 && one.graph.edges.size() == 2 && nodes[0].name == "input" &&
               nodes[1].name == "node" && nodes[2].name == "output";
  return isRow && one.input.traces.size() == 1 && one.metadata.empty() ? &nodes[1] : nullptr;
}

/// As the catalogue takes them: with blanks between.
static std::string features(const Case &one) {
  return fmt::format("{}", fmt::join(one.features, " "));
}

/// The input of a case as spikes and weights that add up to it: a channel for each row of numbers
/// that a step has, and the row is its weights. Rows of zeros are silence.
static void addDriven(Catalogue &catalogue, const Case &one, const nir::Node &neuron) {
  const nir::Tensor &input = one.input.traces.front().data;
  auto count = static_cast<size_t>(input.shape()[1]);
  std::vector<double> values = input.toDoubles();
  size_t size = values.size() / count;
  std::map<std::vector<double>, size_t> channels;
  std::vector<std::vector<double>> rows;
  for (size_t step = 0; step < count; ++step) {
    auto first = values.begin() + static_cast<ptrdiff_t>(step * size);
    rows.emplace_back(first, first + static_cast<ptrdiff_t>(size));
    bool isSilent = std::all_of(rows.back().begin(), rows.back().end(),
                                [](double value) { return value == 0.0; });
    if (!isSilent) {
      channels.emplace(rows.back(), channels.size());
    }
  }
  size_t width = std::max<size_t>(1, channels.size());
  std::vector<double> weights(size * width), spikes(count * width);
  for (const auto &[row, channel] : channels) {
    for (size_t element = 0; element < size; ++element) {
      weights[element * width + channel] = row[element];
    }
  }
  for (size_t step = 0; step < count; ++step) {
    if (auto channel = channels.find(rows[step]); channel != channels.end()) {
      spikes[step * width + channel->second] = 1.0;
    }
  }
  auto elements = static_cast<int64_t>(size), wide = static_cast<int64_t>(width);
  std::string about = features(one);
  catalogue.add({"models/driven/" + shortName(one), one.tests + " Here spikes drive the neuron.",
                 one.clause, about},
                Net()
                    .input("input", {wide})
                    .node("weights", nir::Linear{tensor({elements, wide}, weights)})
                    .node("neuron", neuron.params)
                    .output("output", {elements})
                    .chain({"input", "weights", "neuron", "output"})
                    .graph,
                drive("input", {wide}, spikes), one.dtSeconds);
}

/// Spikes in two of three places, another pattern in each step.
static nir::Trace busy(const nir::Shape &shape, int64_t steps) {
  int64_t size = nir::numElements(shape);
  std::vector<double> values;
  for (int64_t step = 0; step < steps; ++step) {
    for (int64_t element = 0; element < size; ++element) {
      values.push_back((step * step + element * (step + 2)) % 3 == 2 ? 0.0 : 1.0);
    }
  }
  return drive("input", shape, values);
}

/// Of spikes such a node makes nothing above 0, and the neurons would be silent.
static bool givesNothing(const Case &one) {
  return one.name.starts_with("nodes/numbers/subnormal") || one.name == "nodes/scale/negative" ||
         one.name == "nodes/scale/rank-0";
}

/// Spikes through the node into neurons that count: any sum above an eighth gives a spike.
static void addLayer(Catalogue &catalogue, const Case &one, const nir::Node &node) {
  const nir::Tensor &input = one.input.traces.front().data;
  nir::Shape in(input.shape().begin() + 2, input.shape().end());
  nir::Shape out = one.graph.nodes[2].as<nir::Output>()->shape.toInts();
  NeuronNumbers numbers = numbersOf("IF", out);
  numbers.vThreshold = filled(out, 0.125);
  std::string about = features(one);
  catalogue.add({"models/layers/" + shortName(one), one.tests + " Here spikes come, and go on.",
                 one.clause, about},
                Net()
                    .input("input", in)
                    .node("layer", node.params)
                    .node("neurons", neuronOf("IF", numbers))
                    .output("output", out)
                    .chain({"input", "layer", "neurons", "output"})
                    .graph,
                busy(in, std::max<int64_t>(12, input.shape()[1])), one.dtSeconds);
}

void addDrivenBySpikes(Catalogue &catalogue) {
  static const std::set<std::string_view> layers = {"Affine",  "Linear", "Scale",
                                                    "Conv1d",  "Conv2d", "SumPool2d",
                                                    "Flatten", "Delay",  "AvgPool2d"};
  const std::vector<Case> nodes = catalogue.cases;
  for (const Case &one : nodes) {
    const nir::Node *node = onlyNode(one);
    if (!node) {
      continue;
    }
    std::string_view type = node->type();
    if (spikes(type) && one.input.traces.front().data.rank() == 3) {
      addDriven(catalogue, one, *node);
    } else if (layers.contains(type) && !givesNothing(one)) {
      addLayer(catalogue, one, *node);
    }
  }
}

} // namespace nirc::conformance
