//===- ShapesTest.cpp - shapes, and the words of refusals -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Check.h"
#include "tests/support/Build.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using namespace nir::test;

/// The shape that the node passes on, or the error it is refused with.
static std::string passedOn(const Params &params, const std::vector<int64_t> &shape) {
  Graph graph = graphOf({{"in", input(shape)}, {"node", params}}, {{"in", "node"}});
  Checked checked = check(graph);
  for (const Diagnostic &diagnostic : checked.diagnostics) {
    if (diagnostic.severity == Severity::Error) {
      return diagnostic.str();
    }
  }
  return str(checked.shapes[1].output);
}

static Tensor zeros(Shape shape) { return Tensor::allocate(DType::F32, std::move(shape)).first; }

static Conv1d conv1d(Shape weight) {
  Tensor bias = zeros({weight[0]});
  return {{}, zeros(std::move(weight)), whole(1), whole(0), whole(1), whole(1), bias};
}
static Conv2d conv2d(Shape weight) {
  Tensor bias = zeros({weight[0]});
  return {{}, zeros(std::move(weight)), whole(1), whole(0), whole(1), whole(1), bias};
}
static std::string error(const std::string &text) { return "error: node 'node': " + text; }

/// A file may name any sizes beside a 0: that nobody multiplies them is seen by the sanitizers.
/// Found by fuzz-idx.
TEST(ShapesTest, NoElementsHoweverLargeTheOtherDimensionsAre) {
  constexpr int64_t most = INT64_MAX;
  EXPECT_EQ(numElements({most, 3, 0}), 0);
  EXPECT_EQ(numElements({0, most, most}), 0);
  EXPECT_EQ(numElements({}), 1);
}

TEST(ShapesTest, AffineAndLinear) {
  EXPECT_EQ(passedOn(Linear{zeros({4, 3})}, {3}), "[4]");
  EXPECT_EQ(passedOn(Linear{zeros({2, 5, 4, 3})}, {2, 5, 3}), "[2, 5, 4]");
  EXPECT_EQ(passedOn(Affine{zeros({2, 4, 3}), zeros({2, 4})}, {2, 3}), "[2, 4]");
  EXPECT_EQ(passedOn(Linear{zeros({3})}, {3}), // linear (C1)
            error("weight has shape [3], expected [..., out, in]"));
  EXPECT_EQ(passedOn(Affine{zeros({4, 3}), zeros({3})}, {3}), // affine (C2)
            error("bias has shape [3], expected [4], as weight has shape [4, 3]"));
  EXPECT_EQ(passedOn(Linear{zeros({0, 3})}, {3}),
            error("weight has shape [0, 3], expected dimensions of at least 1"));
}

TEST(ShapesTest, Conv2dRectangular) {
  EXPECT_EQ(passedOn(conv2d({8, 2, 3, 5}), {2, 10, 20}), "[8, 8, 16]");
  Conv2d conv = conv2d({8, 2, 3, 5});
  conv.stride = wholes({2, 3});
  conv.padding = wholes({1, 2});
  conv.dilation = wholes({2, 1});
  // floor((10 + 2 - 2·2 - 1)/2 + 1), floor((20 + 4 - 4 - 1)/3 + 1)
  EXPECT_EQ(passedOn(conv, {2, 10, 20}), "[8, 4, 7]");
}

TEST(ShapesTest, ConvPaddingByName) {
  Conv2d conv = conv2d({8, 2, 4, 3});
  conv.dilation = wholes({1, 2});
  conv.padding = std::string("same");
  EXPECT_EQ(passedOn(conv, {2, 10, 20}), "[8, 10, 20]");
  conv.padding = std::string("valid");
  EXPECT_EQ(passedOn(conv, {2, 10, 20}), "[8, 7, 16]");
  conv.padding = std::string("full");
  EXPECT_EQ(passedOn(conv, {2, 10, 20}),
            error("padding is 'full', expected 'same', 'valid', or whole numbers"));
  conv.padding = std::string("same");
  conv.stride = whole(2);
  EXPECT_EQ(passedOn(conv, {2, 10, 20}),
            error("padding 'same' comes with stride 2, expected stride 1\n"
                  "note: write the padding as numbers"));
}

TEST(ShapesTest, ConvGroups) {
  Conv1d conv = conv1d({6, 2, 3});
  conv.groups = whole(3);
  EXPECT_EQ(passedOn(conv, {6, 10}), "[6, 8]");
  EXPECT_EQ(passedOn(conv, {2, 10}), // conv (C6)
            error("input has shape [2, 10], expected [6, N], as weight has shape [6, 2, 3]"));
  conv.groups = whole(4); // conv (C3)
  EXPECT_EQ(passedOn(conv, {8, 10}),
            error("weight has 6 output channels, expected a multiple of groups, 4"));
  conv.groups = whole(0);
  EXPECT_EQ(passedOn(conv, {8, 10}), error("groups is 0, expected at least 1"));
}

TEST(ShapesTest, ConvInputShape) {
  Conv1d conv = conv1d({1, 2, 3});
  conv.input_shape = whole(10);
  EXPECT_EQ(passedOn(conv, {2, 10}), "[1, 8]");
  conv.input_shape = wholes({10});
  EXPECT_EQ(passedOn(conv, {2, 10}), "[1, 8]");
  EXPECT_EQ(passedOn(conv, {2, 11}), error("input has shape [2, 11], expected [2, 10]\n"
                                           "note: node 'in': passes on a signal of shape [2, 11]"));
  Conv2d flat = conv2d({1, 2, 3, 3});
  flat.input_shape = whole(10); // conv (C5)
  EXPECT_EQ(passedOn(flat, {2, 10, 10}), error("input_shape has shape [], expected [2]"));
}

TEST(ShapesTest, ConvParametersThatDoNotFit) {
  EXPECT_EQ(passedOn(conv1d({1, 2, 3, 3}), {2, 10, 10}),
            error("weight has shape [1, 2, 3, 3], expected [C_out, C_in/groups, K]"));
  EXPECT_EQ(passedOn(conv2d({1, 2, 3}), {2, 10}),
            error("weight has shape [1, 2, 3], expected [C_out, C_in/groups, Kh, Kw]"));
  Conv1d conv = conv1d({1, 2, 3});
  conv.bias = zeros({2}); // conv (C4)
  EXPECT_EQ(passedOn(conv, {2, 10}),
            error("bias has shape [2], expected [1], one value an output channel"));
  conv = conv1d({1, 2, 3});
  conv.stride = whole(0);
  EXPECT_EQ(passedOn(conv, {2, 10}), error("stride is 0, expected at least 1"));
  conv.stride = wholes({1, 1});
  EXPECT_EQ(passedOn(conv, {2, 10}), error("stride has shape [2], expected one number"));
  conv.stride = number(1.5);
  EXPECT_EQ(passedOn(conv, {2, 10}), error("stride is 1.5, expected a whole number"));
  conv = conv1d({1, 2, 3});
  conv.dilation = whole(0);
  EXPECT_EQ(passedOn(conv, {2, 10}), error("dilation is 0, expected at least 1"));
  conv = conv1d({1, 2, 3});
  conv.padding = whole(-1);
  EXPECT_EQ(passedOn(conv, {2, 10}), error("padding is -1, expected at least 0"));
  conv.padding = whole(int64_t{1} << 40);
  EXPECT_EQ(passedOn(conv, {2, 10}),
            error("padding is 1099511627776, expected at most 2147483648"));
}

TEST(ShapesTest, AKernelLargerThanItsInput) { // window (C1)
  EXPECT_EQ(passedOn(conv2d({1, 1, 3, 3}), {1, 5, 2}),
            error("the kernel spans 3 elements, expected at most 2, the padded input"));
  Conv2d conv = conv2d({1, 1, 3, 3});
  conv.padding = wholes({0, 1});
  conv.dilation = wholes({2, 1});
  EXPECT_EQ(passedOn(conv, {1, 5, 2}), "[1, 1, 2]");
  EXPECT_EQ(passedOn(conv, {1, 4, 2}),
            error("the kernel spans 5 elements, expected at most 4, the padded input"));
}

TEST(ShapesTest, Pools) {
  EXPECT_EQ(passedOn(SumPool2d{whole(2), whole(2), whole(0)}, {3, 7, 8}), "[3, 3, 4]");
  EXPECT_EQ(passedOn(AvgPool2d{wholes({3, 2}), wholes({1, 2}), wholes({1, 0})}, {3, 7, 8}),
            "[3, 7, 4]");
  EXPECT_EQ(passedOn(SumPool2d{whole(2), whole(2), whole(0)}, {7, 8}), // pool (C1)
            error("input has shape [7, 8], expected [C, H, W]"));
  EXPECT_EQ(passedOn(SumPool2d{wholes({2, 2, 2}), whole(2), whole(0)}, {3, 7, 8}),
            error("kernel_size has shape [3], expected one number or [2]"));
  EXPECT_EQ(passedOn(SumPool2d{whole(0), whole(2), whole(0)}, {3, 7, 8}),
            error("kernel_size is 0, expected at least 1"));
  EXPECT_EQ(passedOn(SumPool2d{whole(9), whole(2), whole(0)}, {3, 7, 8}),
            error("the kernel spans 9 elements, expected at most 7, the padded input"));
}

TEST(ShapesTest, Flatten) {
  EXPECT_EQ(passedOn(nir::Flatten{whole(0), whole(-1), {}}, {8, 4, 4}), "[128]");
  EXPECT_EQ(passedOn(nir::Flatten{whole(1), whole(-1), {}}, {8, 4, 4}), "[8, 16]");
  EXPECT_EQ(passedOn(nir::Flatten{whole(0), whole(1), {}}, {8, 4, 4}), "[32, 4]");
  EXPECT_EQ(passedOn(nir::Flatten{whole(-3), whole(-2), {}}, {8, 4, 4}), "[32, 4]");
  EXPECT_EQ(passedOn(nir::Flatten{whole(0), whole(-1), wholes({8, 4, 4})}, {8, 4, 4}), "[128]");
  EXPECT_EQ(passedOn(nir::Flatten{whole(0), whole(3), {}}, {8, 4, 4}), // flatten (C1)
            error("end_dim is 3, expected a dimension of a signal with 3"));
  EXPECT_EQ(passedOn(nir::Flatten{whole(-4), whole(0), {}}, {8, 4, 4}),
            error("start_dim is -4, expected a dimension of a signal with 3"));
  EXPECT_EQ(passedOn(nir::Flatten{whole(2), whole(1), {}}, {8, 4, 4}), // flatten (C2)
            error("start_dim is 2, expected at most end_dim, 1"));
  EXPECT_EQ(passedOn(nir::Flatten{whole(0), whole(-1), wholes({8, 4})}, {8, 4, 4}),
            error("input has shape [8, 4, 4], expected [8, 4]\n"
                  "note: node 'in': passes on a signal of shape [8, 4, 4]"));
}

TEST(ShapesTest, NeuronsBroadcastLoneNumbersOnly) {
  EXPECT_EQ(passedOn(I{number(1)}, {2, 3}), "[2, 3]");
  EXPECT_EQ(passedOn(I{zeros({2, 3})}, {2, 3}), "[2, 3]");
  EXPECT_EQ(passedOn(I{zeros({1})}, {2}),
            error("input has shape [2], expected [1]\n"
                  "note: node 'in': passes on a signal of shape [2]"));
}

TEST(ShapesTest, DeclaredShapes) {
  auto message = [](const Tensor &shape) {
    Checked checked = check(graphOf({{"node", Input{shape}}}, {}));
    return checked.ok() ? str(checked.shapes[0].output) : checked.diagnostics[0].str();
  };
  EXPECT_EQ(message(wholes({2, 3})), "[2, 3]");
  EXPECT_EQ(message(Tensor::vector<int64_t>({})), "[]");
  EXPECT_EQ(message(vec({2.0, 3.0})), "[2, 3]");
  EXPECT_EQ(message(vec({2.5})), error("shape is 2.5, expected a whole number"));
  EXPECT_EQ(message(wholes({2, 0})), error("shape is 0, expected at least 1"));
  EXPECT_EQ(message(whole(3)), error("shape has shape [], expected a list of dimensions"));
  EXPECT_EQ(message(wholes({1 << 30, 1 << 30})),
            error("the signal has shape [1073741824, 1073741824], expected at most 2^40 elements"));
}
