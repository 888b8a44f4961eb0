//===- MutationTest.cpp - damaged graphs are refused, not fatal -----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/reference/steps/Interpreter.h"
#include "ir/graph/Check.h"
#include "ir/graph/Ports.h"
#include "tests/support/Random.h"
#include "tests/support/RandomGraph.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace nir;
using namespace nir::test;

/// A tensor that no reader has looked at: any dtype and value, and half the time any shape.
static Tensor anyTensor(Random &random, Shape shape) {
  static const std::vector<DType> dtypes{DType::Bool, DType::I8,  DType::U8,  DType::I16,
                                         DType::U16,  DType::I32, DType::U32, DType::I64,
                                         DType::U64,  DType::F16, DType::F32, DType::F64};
  if (random.chance(0.5)) {
    shape.clear();
    for (int64_t rank = random.below(5); rank > 0; --rank) {
      shape.push_back(random.below(4));
    }
  }
  DType dtype = random.pick(dtypes);
  std::vector<double> values(static_cast<size_t>(numElements(shape)));
  static const std::vector<double> odd{0.0, -1.0, 1e30, NAN, INFINITY, 1.5, 4e9, -4e18, 1e-310};
  for (double &value : values) {
    bool isOdd = dtype == DType::F64 && random.chance(0.1);
    value = isOdd ? random.pick(odd) : static_cast<double>(random.between(1, 5));
  }
  return tensorOf(dtype, shape, values);
}

static void damage(Graph &graph, Random &random);

static void damageNode(Node &node, Random &random) {
  if (Graph *inner = std::get_if<Graph>(&node.params)) {
    damage(*inner, random);
    return;
  }
  int64_t count = 0;
  visitParams(node.params, [&](const char *, auto &) { ++count; });
  int64_t victim = random.below(count);
  visitParams(node.params, [&](const char *, auto &parameter) {
    if (victim-- != 0) {
      return;
    }
    using T = std::decay_t<decltype(parameter)>;
    if constexpr (std::is_same_v<T, std::optional<Tensor>>) {
      parameter = random.chance(0.3) ? std::optional<Tensor>()
                                     : anyTensor(random, parameter ? parameter->shape() : Shape{});
    } else if constexpr (std::is_same_v<T, Padding>) {
      parameter =
          random.chance(0.5) ? Padding(std::string("same")) : Padding(anyTensor(random, {}));
    } else {
      parameter = anyTensor(random, parameter.shape());
    }
  });
}

static void damage(Graph &graph, Random &random) {
  if (graph.nodes.empty()) {
    return;
  }
  Node &node =
      graph.nodes[static_cast<size_t>(random.below(static_cast<int64_t>(graph.nodes.size())))];
  switch (random.below(6)) {
  case 0:
    node.name = random.pick(graph.nodes).name;
    return;
  case 1:
    graph.edges.push_back({random.pick(graph.nodes).name, node.name});
    return;
  case 2:
    graph.nodes.erase(graph.nodes.begin() + (&node - graph.nodes.data()));
    return;
  default:
    damageNode(node, random);
  }
}

TEST(MutationTest, NothingCrashesOnDamagedGraphs) {
  int accepted = 0;
  constexpr uint64_t seeds = 200;
  constexpr int copies = 30;
  for (uint64_t seed = 0; seed < seeds; ++seed) {
    const Graph sound = randomGraph(seed);
    Random random(seed);
    for (int copy = 0; copy < copies; ++copy) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", copy " << copy);
      Graph graph = sound;
      for (int64_t times = random.between(1, 2); times > 0; --times) {
        damage(graph, random);
      }
      Checked checked = check(graph);
      if (!checked.ok()) {
        EXPECT_FALSE(Interpreter::create(graph, randomSemantics()));
        continue;
      }
      ++accepted;
      EXPECT_TRUE(check(withPorts(graph)).ok());
      InterpretOptions options;
      options.steps = 3;
      Result<Recording> run =
          interpret(graph, randomSemantics(), randomInput(graph, seed, 2), options);
      // What is refused after `check`: numbers that leave the range of doubles, and memory.
      if (!run) {
        EXPECT_FALSE(run.error().message.empty());
      }
    }
  }
  std::printf("%d of %d damaged graphs still mean something\n", accepted,
              static_cast<int>(seeds) * copies);
  EXPECT_GT(accepted, 500);
  EXPECT_LT(accepted, static_cast<int>(seeds) * copies * 3 / 4);
}
