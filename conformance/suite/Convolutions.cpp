//===- Convolutions.cpp - Conv1d and Conv2d -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "conformance/suite/Families.h"
#include "conformance/suite/Neurons.h"
#include "ir/graph/Shapes.h"

namespace nirc::conformance {

/// The shape that the node passes on; the catalogue's own nodes fit what they get.
static nir::Shape outputOf(const nir::Params &params, const nir::Shape &in) {
  return *nir::outputShape({"node", params, {}}, in);
}

static void add(Catalogue &catalogue, std::string name, std::string tests, std::string clause,
                const std::string &features, nir::Params params, const nir::Shape &in,
                int64_t steps = 4) {
  nir::Shape out = outputOf(params, in);
  catalogue.add({std::move(name), std::move(tests), std::move(clause), features},
                alone(std::move(params), in, out), changing("input", in, steps));
}

//===----------------------------------------------------------------------===//
// One dimension
//===----------------------------------------------------------------------===//

namespace {
/// A Conv1d with what NIR's constructor takes where nothing is said.
struct Line {
  nir::Shape weight{2, 1, 3}; ///< [C_out, C_in/groups, K]
  int64_t size = 8;
  int64_t stride = 1;
  nir::Padding padding = whole(0);
  int64_t dilation = 1, groups = 1;

  nir::Shape in() const { return {weight[1] * groups, size}; }
  nir::Conv1d node() const {
    return {.input_shape = whole(size),
            .weight = pattern(weight),
            .stride = whole(stride),
            .padding = padding,
            .dilation = whole(dilation),
            .groups = whole(groups),
            .bias = pattern({weight[0]}, 0.25)};
  }
};
} // namespace

static constexpr const char *lineClause = "Conv1d: y = W * x + b, a correlation";

static void addLine(Catalogue &catalogue, const char *name, std::string tests,
                    const std::string &features, const Line &line) {
  add(catalogue, std::string("nodes/conv1d/") + name, std::move(tests), lineClause,
      "Conv1d " + features, line.node(), line.in());
}

static void addLines(Catalogue &catalogue) {
  auto line = [&](const char *name, std::string tests, const std::string &features,
                  const Line &one) { addLine(catalogue, name, std::move(tests), features, one); };
  line("kernel-1", "A kernel of one element.", "channels", {.weight = {2, 1, 1}});
  line("kernel-2", "An even kernel.", "channels", {.weight = {2, 1, 2}});
  line("kernel-3", "A correlation: the kernel is not turned around.", "channels", {});
  line("channels-in", "Three input channels are summed.", "channels", {.weight = {1, 3, 3}});
  line("channels-both", "Two channels in, three out.", "channels", {.weight = {3, 2, 3}});
  line("stride-2", "Places are two elements apart.", "stride", {.stride = 2});
  line("stride-3", "Places are three apart; what is left over is dropped.", "stride",
       {.size = 10, .stride = 3});
  line("stride-above-kernel", "A stride longer than the kernel leaves elements out.", "stride",
       {.weight = {1, 1, 2}, .stride = 3});
  line("padding-1", "A zero on both sides.", "padding", {.padding = whole(1)});
  line("padding-2", "Two zeros on both sides.", "padding", {.padding = whole(2)});
  line("padding-as-list", "The padding as a list of one number.", "padding",
       {.padding = wholes({1})});
  line("padding-wide", "Places that lie in the padding alone have the bias.", "padding bias",
       {.padding = whole(4)});
  line("valid", "'valid' is no padding.", "padding", {.padding = "valid"});
  line("same-odd", "'same' with an odd kernel.", "same", {.padding = "same"});
  line("same-even", "'same' with an even kernel: the odd zero goes behind.", "same",
       {.weight = {2, 1, 4}, .padding = "same"});
  line("same-kernel-2", "'same' with a kernel of two: one zero, behind.", "same",
       {.weight = {1, 1, 2}, .padding = "same"});
  line("same-dilated", "'same' with a dilation.", "same dilation",
       {.padding = "same", .dilation = 2});
  line("dilation-2", "Elements of the kernel are two apart.", "dilation", {.dilation = 2});
  line("dilation-and-stride", "Dilation and stride together.", "dilation stride",
       {.size = 10, .stride = 2, .dilation = 2});
  line("dilation-padding-stride", "Dilation, padding and stride together.",
       "dilation padding stride", {.stride = 2, .padding = whole(2), .dilation = 2});
  line("groups-2", "Two groups of two channels.", "groups", {.weight = {4, 2, 3}, .groups = 2});
  line("depthwise", "Each channel has a kernel of its own.", "groups",
       {.weight = {3, 1, 3}, .groups = 3});
  line("depthwise-double", "Each channel has two kernels: outputs are in the order of groups.",
       "groups", {.weight = {4, 1, 3}, .groups = 2});
  line("groups-and-stride", "Groups, stride and padding together.", "groups stride padding",
       {.weight = {4, 1, 3}, .stride = 2, .padding = whole(1), .groups = 2});
  line("short-signal", "A signal of two elements with padding.", "padding",
       {.size = 2, .padding = whole(1)});

  auto changed = [&](const char *name, std::string tests, const std::string &features,
                     const auto &change) {
    Line one;
    nir::Conv1d node = one.node();
    change(node);
    add(catalogue, std::string("nodes/conv1d/") + name, std::move(tests), lineClause,
        "Conv1d " + features, node, one.in());
  };
  changed("bias-zero", "A bias of zeros.", "bias",
          [](nir::Conv1d &node) { node.bias = list({0, 0}); });
  changed("bias-alone", "A kernel of zeros passes on the bias.", "bias",
          [](nir::Conv1d &node) { node.weight = filled({2, 1, 3}, 0); });
  changed("float64", "Weights and bias in float64.", "dtype", [](nir::Conv1d &node) {
    node.weight = pattern({2, 1, 3}, 0.125, nir::DType::F64);
    node.bias = pattern({2}, 0.25, nir::DType::F64);
  });
  changed("float16", "Weights in float16.", "dtype",
          [](nir::Conv1d &node) { node.weight = pattern({2, 1, 3}, 0.125, nir::DType::F16); });
  changed("int8", "Weights in int8.", "dtype",
          [](nir::Conv1d &node) { node.weight = pattern({2, 1, 3}, 1, nir::DType::I8); });
  changed("numbers-int32", "stride, padding and the like in int32.", "stride padding",
          [](nir::Conv1d &node) {
            node.stride = nir::Tensor::scalar<int32_t>(2);
            node.padding = nir::Tensor::scalar<int32_t>(1);
            node.dilation = nir::Tensor::scalar<int32_t>(1);
          });
}

//===----------------------------------------------------------------------===//
// Two dimensions
//===----------------------------------------------------------------------===//

namespace {
struct Plane {
  nir::Shape weight{2, 1, 2, 3}; ///< [C_out, C_in/groups, Kh, Kw]
  std::vector<int64_t> size{5, 6};
  std::vector<int64_t> stride{1, 1};
  nir::Padding padding = wholes({0, 0});
  std::vector<int64_t> dilation{1, 1};
  int64_t groups = 1;

  nir::Shape in() const { return {weight[1] * groups, size[0], size[1]}; }
  nir::Conv2d node() const {
    return {.input_shape = wholes(size),
            .weight = pattern(weight),
            .stride = wholes(stride),
            .padding = padding,
            .dilation = wholes(dilation),
            .groups = whole(groups),
            .bias = pattern({weight[0]}, 0.25)};
  }
};
} // namespace

static constexpr const char *planeClause = "Conv2d: y = W * x + b, a correlation";

static void addPlanes(Catalogue &catalogue) {
  auto plane = [&](const char *name, std::string tests, const std::string &features,
                   const Plane &one) {
    add(catalogue, std::string("nodes/conv2d/") + name, std::move(tests), planeClause,
        "Conv2d " + features, one.node(), one.in(), 3);
  };
  plane("kernel-1", "A kernel of one element.", "channels", {.weight = {2, 1, 1, 1}});
  plane("kernel-2x3", "A kernel of two rows and three columns: rows come first.", "channels", {});
  plane("kernel-3x1", "A kernel of one column.", "channels", {.weight = {2, 1, 3, 1}});
  plane("kernel-1x3", "A kernel of one row.", "channels", {.weight = {2, 1, 1, 3}});
  plane("kernel-3x3", "A square kernel, which is not turned around.", "channels",
        {.weight = {1, 1, 3, 3}});
  plane("kernel-whole", "A kernel as large as the plane has one place.", "channels",
        {.weight = {2, 1, 5, 6}});
  plane("channels-in", "Three input channels are summed.", "channels", {.weight = {1, 3, 2, 2}});
  plane("channels-out", "Four output channels.", "channels", {.weight = {4, 1, 2, 2}});
  plane("channels-both", "Two channels in, three out.", "channels", {.weight = {3, 2, 2, 2}});
  plane("stride-2", "Places are two rows and columns apart.", "stride", {.stride = {2, 2}});
  plane("stride-1x2", "One row, two columns.", "stride", {.stride = {1, 2}});
  plane("stride-3x1", "Three rows, one column.", "stride", {.stride = {3, 1}});
  plane("padding-1", "A zero on all sides.", "padding", {.padding = wholes({1, 1})});
  plane("padding-0x2", "No rows of zeros, two columns.", "padding", {.padding = wholes({0, 2})});
  plane("padding-2x0", "Two rows of zeros, no columns.", "padding", {.padding = wholes({2, 0})});
  plane("padding-one-number", "One number for both dimensions.", "padding", {.padding = whole(1)});
  plane("padding-and-stride", "Padding and stride together.", "padding stride",
        {.stride = {2, 2}, .padding = wholes({1, 1})});
  plane("valid", "'valid' is no padding.", "padding", {.padding = "valid"});
  plane("same-odd", "'same' with an odd kernel.", "same",
        {.weight = {1, 1, 3, 3}, .padding = "same"});
  plane("same-even", "'same' with an even kernel: the odd zeros go behind and below.", "same",
        {.weight = {1, 1, 2, 4}, .padding = "same"});
  plane("same-2x3", "'same' with an even number of rows and an odd one of columns.", "same",
        {.padding = "same"});
  plane("same-dilated", "'same' with a dilation.", "same dilation",
        {.padding = "same", .dilation = {2, 1}});
  plane("dilation-2", "Elements of the kernel are two apart.", "dilation", {.dilation = {2, 2}});
  plane("dilation-1x2", "One row, two columns apart.", "dilation", {.dilation = {1, 2}});
  plane("dilation-and-stride", "Dilation and stride together.", "dilation stride",
        {.stride = {2, 1}, .dilation = {1, 2}});
  plane("dilation-padding-stride", "Dilation, padding and stride together.",
        "dilation padding stride",
        {.stride = {2, 2}, .padding = wholes({2, 1}), .dilation = {2, 2}});
  plane("groups-2", "Two groups of two channels.", "groups", {.weight = {4, 2, 2, 2}, .groups = 2});
  plane("depthwise", "Each channel has a kernel of its own.", "groups",
        {.weight = {3, 1, 2, 2}, .groups = 3});
  plane("depthwise-double", "Each channel has two kernels.", "groups",
        {.weight = {4, 1, 2, 2}, .groups = 2});
  plane("groups-and-stride", "Groups, stride and padding together.", "groups stride padding",
        {.weight = {4, 1, 3, 3}, .stride = {2, 2}, .padding = wholes({1, 1}), .groups = 2});
  plane("one-row", "A plane of one row.", "padding",
        {.weight = {1, 1, 1, 3}, .size = {1, 8}, .padding = wholes({0, 1})});
  plane("one-column", "A plane of one column.", "padding",
        {.weight = {1, 1, 3, 1}, .size = {8, 1}, .padding = wholes({1, 0})});

  auto changed = [&](const char *name, std::string tests, const std::string &features,
                     const auto &change) {
    Plane one;
    nir::Conv2d node = one.node();
    change(node);
    add(catalogue, std::string("nodes/conv2d/") + name, std::move(tests), planeClause,
        "Conv2d " + features, node, one.in(), 3);
  };
  changed("numbers-alone", "stride and dilation as one number for both dimensions.",
          "stride dilation", [](nir::Conv2d &node) {
            node.stride = whole(2);
            node.dilation = whole(1);
          });
  changed("bias-zero", "A bias of zeros.", "bias",
          [](nir::Conv2d &node) { node.bias = list({0, 0}); });
  changed("bias-alone", "A kernel of zeros passes on the bias.", "bias",
          [](nir::Conv2d &node) { node.weight = filled({2, 1, 2, 3}, 0); });
  changed("float64", "Weights in float64.", "dtype",
          [](nir::Conv2d &node) { node.weight = pattern({2, 1, 2, 3}, 0.125, nir::DType::F64); });
  changed("float16", "Weights in float16.", "dtype",
          [](nir::Conv2d &node) { node.weight = pattern({2, 1, 2, 3}, 0.125, nir::DType::F16); });
  changed("int16", "Weights in int16.", "dtype",
          [](nir::Conv2d &node) { node.weight = pattern({2, 1, 2, 3}, 1, nir::DType::I16); });
}

/// A convolution of spikes that drives neurons.
static void addIntoNeurons(Catalogue &catalogue) {
  for (std::string_view type : {"IF", "CubaLIF"}) {
    Line line{.weight = {2, 2, 3}, .padding = whole(1)};
    std::vector<nir::Params> ofLine{line.node(), neuronOf(type, nir::Shape{2, 8})};
    std::string name = nodeCase(type, "").substr(6, type.size());
    catalogue.add({"nodes/conv1d/into-" + name, "What it makes of spikes drives neurons.",
                   lineClause, "Conv1d " + std::string(type)},
                  inARow(std::move(ofLine), {2, 8}, {2, 8}), spiking("input", {2, 8}, 10));
    Plane plane{.weight = {2, 1, 3, 3}, .size = {4, 4}, .padding = wholes({1, 1})};
    std::vector<nir::Params> ofPlane{plane.node(), neuronOf(type, nir::Shape{2, 4, 4})};
    catalogue.add({"nodes/conv2d/into-" + name, "What it makes of spikes drives neurons.",
                   planeClause, "Conv2d " + std::string(type)},
                  inARow(std::move(ofPlane), {1, 4, 4}, {2, 4, 4}),
                  spiking("input", {1, 4, 4}, 10));
  }
}

void addConvolutions(Catalogue &catalogue) {
  addLines(catalogue);
  addPlanes(catalogue);
  addIntoNeurons(catalogue);
}

} // namespace nirc::conformance
