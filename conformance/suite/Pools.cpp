//===- Pools.cpp - SumPool2d, AvgPool2d and Flatten -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"
#include "ir/graph/Shapes.h"

namespace nirc::conformance {

static nir::Shape outputOf(const nir::Params &params, const nir::Shape &in) {
  return *nir::outputShape({"node", params, {}}, in);
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

static nir::Params pool(bool isMean, nir::Tensor kernel, nir::Tensor stride, nir::Tensor padding) {
  if (isMean) {
    return nir::AvgPool2d{std::move(kernel), std::move(stride), std::move(padding)};
  }
  return nir::SumPool2d{std::move(kernel), std::move(stride), std::move(padding)};
}

static void addPoolsOf(Catalogue &catalogue, bool isMean) {
  std::string type = isMean ? "AvgPool2d" : "SumPool2d";
  std::string folder = isMean ? "nodes/avgpool2d/" : "nodes/sumpool2d/";
  std::string clause = isMean ? "AvgPool2d: the mean of each window, padding counted"
                              : "SumPool2d: the sum of each window";
  auto add = [&](const char *name, std::string tests, const std::string &features,
                 const nir::Shape &in, nir::Tensor kernel, nir::Tensor stride,
                 nir::Tensor padding) {
    nir::Params params = pool(isMean, std::move(kernel), std::move(stride), std::move(padding));
    nir::Shape out = outputOf(params, in);
    catalogue.add({folder + name, std::move(tests), clause, type + " " + features},
                  alone(std::move(params), in, out), changing("input", in, 4));
  };
  auto pair = [](int64_t rows, int64_t columns) { return wholes({rows, columns}); };
  add("kernel-2", "Windows of 2 by 2 that touch.", "stride", {1, 4, 4}, pair(2, 2), pair(2, 2),
      pair(0, 0));
  add("kernel-2x3", "Windows of two rows and three columns.", "stride", {1, 4, 6}, pair(2, 3),
      pair(2, 3), pair(0, 0));
  add("kernel-whole", "One window over the whole plane.", "stride", {2, 3, 4}, pair(3, 4),
      pair(1, 1), pair(0, 0));
  add("numbers-alone", "kernel_size, stride and padding as one number each.", "stride padding",
      {1, 4, 4}, whole(2), whole(2), whole(0));
  add("overlapping", "Windows that overlap.", "stride", {1, 4, 5}, pair(3, 3), pair(1, 1),
      pair(0, 0));
  add("apart", "Windows that leave elements out.", "stride", {1, 5, 6}, pair(1, 2), pair(2, 3),
      pair(0, 0));
  add("left-over", "What does not fill a window is dropped.", "stride", {1, 5, 7}, pair(2, 2),
      pair(2, 2), pair(0, 0));
  add("stride-1x2", "One row, two columns.", "stride", {1, 3, 6}, pair(2, 2), pair(1, 2),
      pair(0, 0));
  add("padding-1", "A zero on all sides counts as an element.", "padding", {1, 4, 4}, pair(2, 2),
      pair(2, 2), pair(1, 1));
  add("padding-0x1", "Columns of zeros alone.", "padding", {1, 4, 4}, pair(2, 3), pair(2, 2),
      pair(0, 1));
  add("padding-1x0", "Rows of zeros alone.", "padding", {1, 4, 4}, pair(3, 2), pair(2, 2),
      pair(1, 0));
  add("padding-and-overlap", "Windows that overlap, with padding.", "padding stride", {1, 4, 4},
      pair(3, 3), pair(1, 1), pair(1, 1));
  add("channels", "Each channel has its own windows.", "channels", {3, 4, 4}, pair(2, 2),
      pair(2, 2), pair(0, 0));
  for (std::string_view neuron : {"IF", "LIF"}) {
    std::vector<nir::Params> nodes{pool(isMean, pair(2, 2), pair(2, 2), pair(0, 0)),
                                   neuronOf(neuron, nir::Shape{2, 2, 2})};
    catalogue.add({folder + "into-" + nodeCase(neuron, "").substr(6, neuron.size()),
                   "What it makes of spikes drives neurons.", clause,
                   type + " " + std::string(neuron)},
                  inARow(std::move(nodes), {2, 4, 4}, {2, 2, 2}), spiking("input", {2, 4, 4}, 12));
  }
}

void addPools(Catalogue &catalogue) {
  addPoolsOf(catalogue, /*isMean=*/false);
  addPoolsOf(catalogue, /*isMean=*/true);
}

//===----------------------------------------------------------------------===//
// Flatten, and the shapes of ports
//===----------------------------------------------------------------------===//

static void addFlattens(Catalogue &catalogue) {
  auto add = [&](const char *name, std::string tests, const nir::Shape &in, int64_t start,
                 int64_t end, bool hasType = true) {
    nir::Flatten node{whole(start), whole(end), {}};
    if (hasType) {
      node.input_type = wholes(in);
    }
    nir::Shape out = outputOf(node, in);
    catalogue.add({std::string("nodes/flatten/") + name, std::move(tests),
                   "Flatten: joins start_dim to end_dim, both included", "Flatten dimensions"},
                  alone(node, in, out), changing("input", in, 4));
  };
  add("all", "All three dimensions become one; the last runs fastest.", {2, 2, 3}, 0, 2);
  add("all-by-minus-one", "end_dim = -1 is the last dimension.", {2, 2, 3}, 0, -1);
  add("first-two", "The first two dimensions.", {2, 3, 2}, 0, 1);
  add("last-two", "The last two dimensions.", {2, 3, 2}, 1, 2);
  add("negative-start", "start_dim = -2 counts from the end.", {2, 3, 2}, -2, -1);
  add("one-dimension", "A single dimension stays as it is.", {2, 3}, 1, 1);
  add("vector", "A vector stays as it is.", {4}, 0, -1);
  add("plane", "A plane becomes a vector.", {2, 3}, 0, 1);
  add("four-dimensions", "The middle of four dimensions.", {2, 2, 3, 2}, 1, 2);
  add("with-ones", "Dimensions of one element.", {1, 3, 1}, 0, 2);
  add("no-input-type", "The shape follows from what reaches it.", {2, 2, 2}, 0, 2,
      /*hasType=*/false);
  for (std::string_view neuron : {"IF", "LIF"}) {
    std::vector<nir::Params> nodes{
        neuronOf(neuron, nir::Shape{2, 3}), nir::Flatten{whole(0), whole(-1), wholes({2, 3})},
        nir::Linear{pattern({2, 6}, 0.5)}, neuronOf(neuron, nir::Shape{2})};
    catalogue.add({"nodes/flatten/spikes-of-" + nodeCase(neuron, "").substr(6, neuron.size()),
                   "Spikes of a plane of neurons, row by row, into weights.",
                   "Flatten: joins start_dim to end_dim, both included",
                   "Flatten timing " + std::string(neuron)},
                  inARow(std::move(nodes), {2, 3}, {2}), changing("input", {2, 3}, 20));
  }
}

static void addPorts(Catalogue &catalogue) {
  auto add = [&](const char *name, std::string tests, const nir::Shape &shape,
                 const std::string &features) {
    catalogue.add({std::string("nodes/ports/") + name, std::move(tests),
                   "Input, Output: what enters and what leaves", features},
                  Net().input("input", shape).output("output", shape).edge("input", "output").graph,
                  changing("input", shape, 6));
  };
  add("one", "An Input of one element straight to an Output.", {1}, "Input Output");
  add("vector", "A vector from Input to Output.", {5}, "Input Output");
  add("plane", "A plane from Input to Output.", {2, 3}, "Input Output dimensions");
  add("volume", "Three dimensions from Input to Output.", {2, 3, 2}, "Output Input dimensions");
  add("four-dimensions", "Four dimensions from Input to Output.", {2, 1, 3, 2},
      "Output Input dimensions");
  catalogue.add({"nodes/ports/two-outputs", "An Input straight to two Outputs.",
                 "Input, Output: what enters and what leaves", "Output several-outputs fan-out"},
                Net()
                    .input("input", {2})
                    .output("left", {2})
                    .output("right", {2})
                    .edge("input", "left")
                    .edge("input", "right")
                    .graph,
                changing("input", {2}, 6));
  catalogue.add({"nodes/ports/two-inputs", "Two Inputs straight into one Output.",
                 "Input, Output: what enters and what leaves", "Output several-inputs fan-in"},
                Net()
                    .input("left", {2})
                    .input("right", {2})
                    .output("output", {2})
                    .edge("left", "output")
                    .edge("right", "output")
                    .graph,
                {changing("left", {2}, 6), spiking("right", {2}, 6)});
}

void addReshaping(Catalogue &catalogue) {
  addFlattens(catalogue);
  addPorts(catalogue);
}

} // namespace nirc::conformance
