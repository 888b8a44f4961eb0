//===- FanOut.cpp --------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/stats/FanOut.h"

#include "ir/graph/Window.h"

#include <cassert>
#include <numeric>

namespace nirc {

int64_t FanOut::total() const {
  return std::accumulate(synapses.begin(), synapses.end(), int64_t{0});
}

const nir::Tensor *weightsOf(const nir::Node &node) {
  if (const auto *affine = node.as<nir::Affine>()) {
    return &affine->weight;
  }
  if (const auto *linear = node.as<nir::Linear>()) {
    return &linear->weight;
  }
  if (const auto *conv = node.as<nir::Conv1d>()) {
    return &conv->weight;
  }
  const auto *conv = node.as<nir::Conv2d>();
  return conv ? &conv->weight : nullptr;
}

bool isConnection(const nir::Node &node) { return weightsOf(node) != nullptr; }

/// weight [..., out, in]: leading dimensions index separate matrices.
static FanOut ofMatrices(const nir::Tensor &weight) {
  int64_t in = weight.shape().back(), out = weight.shape().end()[-2];
  int64_t matrices = weight.size() / std::max<int64_t>(1, in * out);
  FanOut fan;
  fan.synapses.assign(static_cast<size_t>(matrices * in), out);
  fan.effective.assign(static_cast<size_t>(matrices * in), 0);
  std::vector<double> values = weight.toDoubles();
  for (size_t i = 0; i < values.size(); ++i) {
    auto at = static_cast<int64_t>(i);
    int64_t element = at / (in * out) * in + at % in;
    fan.effective[static_cast<size_t>(element)] += values[i] != 0.0;
  }
  return fan;
}

/// For each place k of the kernel along a dimension, and each element of the signal: 1 where some
/// output reads the element through k, else 0. It is never more, as outputs are strides apart.
static std::vector<std::vector<int64_t>> readsAlong(const nir::Window &window, size_t d, int64_t in,
                                                    int64_t out) {
  std::vector<std::vector<int64_t>> reads;
  for (int64_t k = 0; k < window.kernel[d]; ++k) {
    std::vector<int64_t> &row = reads.emplace_back(static_cast<size_t>(in), 0);
    for (int64_t place = 0; place < out; ++place) {
      int64_t at = place * window.stride[d] - window.before[d] + k * window.dilation[d];
      if (at >= 0 && at < in) {
        row[static_cast<size_t>(at)] += 1;
      }
    }
  }
  return reads;
}

/// weight [C_out, C_in/groups, Kh, Kw] over [C_in, H, W]; without rows for a Conv1d.
static FanOut ofConvolution(const nir::Node &node, const nir::Tensor &weight,
                            const nir::Tensor &groupsOfNode, const nir::NodeShapes &shapes) {
  nir::Result<nir::Window> window = nir::windowOf(node);
  nir::Result<int64_t> groups = nir::groupsOf(groupsOfNode);
  assert(window && groups && "the graph passed the check");
  bool hasRows = shapes.input.size() == 3;
  int64_t channels = shapes.input[0], height = hasRows ? shapes.input[1] : 1;
  int64_t width = shapes.input.back(), channelsOut = shapes.output[0];
  auto rows = readsAlong(*window, 0, height, hasRows ? shapes.output[1] : 1);
  auto columns = readsAlong(*window, 1, width, shapes.output.back());
  int64_t inOfGroup = channels / *groups, outOfGroup = channelsOut / *groups;
  int64_t places = window->kernel[0] * window->kernel[1];

  // Of each input channel and place of the kernel: how many output channels have a weight there.
  std::vector<int64_t> nonZero(static_cast<size_t>(channels * places), 0);
  std::vector<double> values = weight.toDoubles();
  for (size_t i = 0; i < values.size(); ++i) {
    auto at = static_cast<int64_t>(i);
    int64_t channel = at / (inOfGroup * places) / outOfGroup * inOfGroup + at / places % inOfGroup;
    nonZero[static_cast<size_t>(channel * places + at % places)] += values[i] != 0.0;
  }
  FanOut fan;
  fan.synapses.assign(static_cast<size_t>(channels * height * width), 0);
  fan.effective = fan.synapses;
  for (int64_t channel = 0; channel < channels; ++channel) {
    for (int64_t place = 0; place < places; ++place) {
      const auto &down = rows[static_cast<size_t>(place / window->kernel[1])];
      const auto &across = columns[static_cast<size_t>(place % window->kernel[1])];
      int64_t effective = nonZero[static_cast<size_t>(channel * places + place)];
      for (int64_t at = 0; at < height * width; ++at) {
        int64_t reads =
            down[static_cast<size_t>(at / width)] * across[static_cast<size_t>(at % width)];
        auto element = static_cast<size_t>(channel * height * width + at);
        fan.synapses[element] += reads * outOfGroup;
        fan.effective[element] += reads * effective;
      }
    }
  }
  return fan;
}

FanOut fanOutOf(const nir::Node &node, const nir::NodeShapes &shapes) {
  if (const auto *conv = node.as<nir::Conv1d>()) {
    return ofConvolution(node, conv->weight, conv->groups, shapes);
  }
  if (const auto *conv = node.as<nir::Conv2d>()) {
    return ofConvolution(node, conv->weight, conv->groups, shapes);
  }
  assert(isConnection(node) && "no other node has synapses");
  return ofMatrices(*weightsOf(node));
}

} // namespace nirc
