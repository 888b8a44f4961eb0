//===- ImportExportTest.cpp - nothing is lost on the way ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RoundTrip.h"
#include "dialects/nir/Ops.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomGraph.h"

#include <bit>
#include <cmath>
#include <numeric>
#include <set>

using namespace nir;
using namespace nir::test;

namespace {

Node input(std::string name, std::vector<int64_t> shape) {
  return {std::move(name), Input{Tensor::vector(shape)}, {}};
}

Node output(std::string name, std::vector<int64_t> shape) {
  return {std::move(name), Output{Tensor::vector(shape)}, {}};
}

Tensor ramp(Shape shape) {
  std::vector<float> values(static_cast<size_t>(numElements(shape)));
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = 0.1f * static_cast<float>(i + 1);
  }
  return Tensor::of(std::move(shape), values);
}

/// One node of every primitive, with numbers that differ from each other.
std::vector<Node> everyPrimitive() {
  Tensor one = Tensor::scalar<int64_t>(1);
  std::vector<Node> nodes{input("input", {4})};
  auto add = [&](const char *name, Params params) {
    nodes.push_back({name, std::move(params), {}});
  };
  add("affine", Affine{ramp({3, 4}), ramp({3})});
  add("linear", Linear{ramp({6, 4})});
  add("scale", Scale{ramp({4})});
  add("conv1d", Conv1d{Tensor::vector<int64_t>({8}), ramp({2, 1, 3}), one, Padding("valid"), one,
                       one, ramp({2})});
  add("conv2d",
      Conv2d{Tensor::vector<int64_t>({5, 6}), ramp({4, 1, 3, 2}), Tensor::vector<int64_t>({2, 1}),
             Tensor::vector<int64_t>({1, 0}), one, Tensor::scalar<int64_t>(2), ramp({4})});
  add("i", I{ramp({4})});
  add("if", IF{ramp({4}), ramp({4}), std::nullopt});
  add("li", LI{ramp({4}), ramp({4}), ramp({4})});
  add("lif", LIF{ramp({4}), ramp({4}), ramp({4}), ramp({4}), ramp({4})});
  add("cuba_li", CubaLI{ramp({4}), ramp({4}), ramp({4}), ramp({4}), std::nullopt});
  add("cuba_lif",
      CubaLIF{ramp({4}), ramp({4}), ramp({4}), ramp({4}), ramp({4}), ramp({4}), ramp({4})});
  add("sum", SumPool2d{one, one, Tensor::scalar<int64_t>(0)});
  add("avg", AvgPool2d{one, one, Tensor::scalar<int64_t>(0)});
  add("flatten", Flatten{Tensor::scalar<int64_t>(0), Tensor::scalar<int64_t>(-1), std::nullopt});
  add("delay", Delay{ramp({4})});
  add("threshold", Threshold{ramp({4})});
  add("graph", Graph{{input("in", {4}), output("out", {4})}, {{"in", "out"}}});
  nodes.push_back(output("output", {4}));
  return nodes;
}

Model everything() {
  Model model{"1.0.8", {everyPrimitive(), {}}, {}};
  for (const char *target : {"affine", "linear", "scale", "i", "if", "li", "lif", "cuba_li",
                             "cuba_lif", "delay", "threshold", "graph", "output"}) {
    model.graph.edges.push_back({"input", target});
  }
  model.graph.edges.push_back({"conv2d", "sum"});
  model.graph.edges.push_back({"conv2d", "avg"});
  model.graph.edges.push_back({"sum", "flatten"});
  model.graph.edges.push_back({"graph", "delay"});
  model.graph.edges.push_back({"graph.out", "lif"});
  model.graph.edges.push_back({"graph", "output"});
  return model;
}

TEST(ImportExport, EveryPrimitive) {
  Model model = everything();
  std::set<size_t> kinds;
  for (const Node &node : model.graph.nodes) {
    kinds.insert(node.params.index());
  }
  EXPECT_EQ(kinds.size(), std::variant_size_v<Params::Variant>) << "a primitive has no node here";
  expectLossless(model);
}

TEST(ImportExport, NothingAtAll) { expectLossless({}); }

TEST(ImportExport, LoneNode) {
  Model model{"0.1", {{{"", LI{ramp({3}), ramp({3}), ramp({3})}, {}}}, {}}, {}};
  ASSERT_TRUE(model.isLoneNode());
  expectLossless(model);
}

TEST(ImportExport, Names) {
  std::vector<std::string> names{"ψ",           "a.b",       "a/b",   "\"q\"",
                                 "back\\slash", "line\nend", "tab\t", std::string("null\0byte", 9),
                                 "broken\xC3",  "\xFF",      "0",     " ",
                                 "%x",          "🧠",        "a",     "a_b"};
  Model model;
  for (const std::string &name : names) {
    model.graph.nodes.push_back({name, LI{ramp({20}), ramp({20}), ramp({20})}, {}});
    model.graph.edges.push_back({name, names.front()});
  }
  model.graph.nodes.push_back(
      {"sub.graph",
       Graph{{input("i.n", {20}), {"d", Delay{ramp({20})}, {}}, output("o.u.t", {20})},
             {{"i.n", "d"}, {"d", "o.u.t"}, {"d", "o.u.t"}}},
       {}});
  model.graph.edges.push_back({"sub.graph.o.u.t", "sub.graph.i.n"});
  model.graph.edges.push_back({"sub.graph", "sub.graph.i.n"});
  model.graph.edges.push_back({"sub.graph.o.u.t", "sub.graph"});
  expectLossless(model);
}

TEST(ImportExport, EdgesKeepOrderAndMultiplicity) {
  Model model;
  model.graph.nodes = {
      input("in", {2}), {"a", I{ramp({2})}, {}}, {"b", I{ramp({2})}, {}}, output("out", {2})};
  model.graph.edges = {{"b", "out"}, {"in", "b"}, {"a", "out"}, {"in", "a"}, {"in", "b"},
                       {"a", "b"},   {"a", "b"},  {"b", "a"},   {"in", "a"}};
  expectLossless(model);
  Context context;
  auto module = importGraph(model, "x.nir", context.mlir);
  EXPECT_NE(textOf(*module).find("edge_order"), std::string::npos);
}

TEST(ImportExport, EdgesInOrderNeedNoAttribute) {
  Model model;
  model.graph.nodes = {input("in", {2}), {"a", I{ramp({2})}, {}}, output("out", {2})};
  model.graph.edges = {{"in", "a"}, {"a", "out"}};
  Context context;
  auto module = importGraph(model, "x.nir", context.mlir);
  ASSERT_TRUE(module) << context.errors;
  EXPECT_EQ(textOf(*module).find("edge_order"), std::string::npos);
}

TEST(ImportExport, PortsOfNestedGraphs) {
  Graph inner{{input("x", {2}), {"d", Delay{ramp({2})}, {}}, output("y", {2})},
              {{"x", "d"}, {"d", "y"}}};
  Graph outer{
      {{"deep", inner, {}}, input("p", {2}), input("q", {2}), output("r", {2}), output("s", {2})},
      {{"p", "deep"}, {"deep", "r"}, {"q", "s"}, {"r", "deep.x"}, {"p", "q"}}};
  Model model{"1.0.8", {{input("in", {2}), {"G", outer, {}}, output("out", {2})}, {}}, {}};
  model.graph.edges = {{"in", "G.q"},       {"G.r", "out"}, {"in", "G.deep"},  {"G.s", "out"},
                       {"G.deep.y", "G.p"}, {"G.r", "out"}, {"in", "G.deep.x"}};
  expectLossless(model);
}

TEST(ImportExport, Metadata) {
  Metadata deep{{"zulu", "text"}, {"alpha", Tensor::scalar<int64_t>(-3)}, {"", Metadata{}}};
  Metadata metadata{
      {"zz", deep}, {"aa", std::string("line\n\"quoted\" ü\0", 18)}, {"mm", ramp({40})}};
  Model model{"1.0.8", {{{"n", I{ramp({2})}, metadata}, {"g", Graph{}, deep}}, {}}, metadata};
  expectLossless(model);
}

template <typename T>
void addTensors(Metadata &all, std::vector<T> values) {
  using Limits = std::numeric_limits<T>;
  values.insert(values.end(), {Limits::lowest(), Limits::max(), Limits::min()});
  all.push_back({"few", Tensor::vector(values)});
  while (values.size() < 40) {
    values.push_back(static_cast<T>(values.size()));
  }
  all.push_back({"many", Tensor::vector(values)});
  all.push_back({"matrix", Tensor::of({8, 5}, values)});
  all.push_back({"uniform", Tensor::vector(std::vector<T>(40, values[1]))});
  all.push_back({"one", Tensor::scalar(values[0])});
  all.push_back({"none", Tensor::of<T>({3, 0, 2}, {})});
}

/// The same bits as float16.
Tensor halves(const std::vector<uint16_t> &bits) {
  Tensor raw = Tensor::vector(bits);
  return {DType::F16, raw.shape(), raw.share()};
}

TEST(ImportExport, EveryDTypeBitForBit) {
  Model model;
  Metadata &all = model.metadata;
  addTensors<int8_t>(all, {0, 1, -1});
  addTensors<uint8_t>(all, {0, 1, 255});
  addTensors<int16_t>(all, {0, 1, -1});
  addTensors<uint16_t>(all, {0, 1, 0x8000});
  addTensors<int32_t>(all, {0, 1, -1});
  addTensors<uint32_t>(all, {0, 1, 0x80000000});
  addTensors<int64_t>(all, {0, 1, -1});
  addTensors<uint64_t>(all, {0, 1, uint64_t{1} << 63});
  addTensors<float>(all, {-0.0f, 0.1f, NAN, INFINITY, -INFINITY, std::bit_cast<float>(0x7fa00001u),
                          std::bit_cast<float>(1u)});
  addTensors<double>(all, {-0.0, 0.1, NAN, INFINITY, std::bit_cast<double>(0xfff0000000000001u)});
  std::vector<uint16_t> everyHalf(65536);
  std::iota(everyHalf.begin(), everyHalf.end(), uint16_t{0});
  all.push_back({"many", halves(everyHalf)});
  for (uint16_t bits : {0x0000, 0x8000, 0x2e66, 0x7c00, 0x7c01, 0x7e00, 0xfc00, 0x0001, 0xffff}) {
    all.push_back({"few", halves({bits, 0x3c00, 0x2e66})});
    all.push_back({"uniform", halves(std::vector<uint16_t>(40, bits))});
  }
  std::vector<bool> bits(40);
  bits[3] = bits[17] = true;
  all.push_back({"many", Tensor::vector(bits)});
  all.push_back({"few", Tensor::vector(std::vector<bool>{true, false, true})});
  all.push_back({"uniform", Tensor::vector(std::vector<bool>(40, true))});
  all.push_back({"one", Tensor::scalar(false)});
  all.push_back({"none", Tensor::of<bool>({0}, {})});
  expectLossless(model);
}

TEST(ImportExport, LargeTensorsAreSharedNotCopied) {
  Tensor weight = ramp({50, 40});
  const std::byte *memory = weight.bytes();
  std::optional<Model> back;
  {
    Context context;
    Model model{"1.0.8", {{{"fc", Linear{std::move(weight)}, {}}}, {}}, {}};
    auto module = importGraph(model, "x.nir", context.mlir);
    ASSERT_TRUE(module) << context.errors;
    model = {}; // the context holds the memory now
    mlir::ElementsAttr attribute;
    module->walk([&](LinearOp op) { attribute = op.getWeight(); });
    auto resource = llvm::cast<mlir::DenseResourceElementsAttr>(attribute);
    const char *blob = resource.getRawHandle().getBlob()->getData().data();
    EXPECT_EQ(reinterpret_cast<const std::byte *>(blob), memory);
    Result<Model> exported = exportGraph(*module);
    ASSERT_TRUE(exported);
    back = std::move(*exported);
  }
  // The context is gone, the model holds the memory.
  EXPECT_EQ(back->graph.nodes[0].as<Linear>()->weight.bytes(), memory);
  EXPECT_EQ(back->graph.nodes[0].as<Linear>()->weight, ramp({50, 40}));
}

TEST(ImportExport, ParsedTensorsOutliveTheirContext) {
  Model model{"1.0.8", {{{"fc", Linear{ramp({50, 40})}, {}}}, {}}, {}};
  Context first;
  auto module = importGraph(model, "x.nir", first.mlir);
  for (const std::string &written : {textOf(*module), bytecodeOf(*module)}) {
    std::optional<Model> once, twice;
    {
      Context context;
      auto parsed = mlir::parseSourceString<mlir::ModuleOp>(written, &context.mlir);
      ASSERT_TRUE(parsed) << context.errors;
      once = *exportGraph(*parsed);
      twice = *exportGraph(*parsed);
    }
    EXPECT_EQ(*once, model);
    EXPECT_EQ(*twice, model);
    EXPECT_EQ(once->graph.nodes[0].as<Linear>()->weight.bytes(),
              twice->graph.nodes[0].as<Linear>()->weight.bytes());
  }
}

TEST(ImportExport, ArraysOfTexts) {
  for (const Strings &strings : {Strings{{}, {"alone"}}, Strings{{0}, {}}, Strings{{5, 0}, {}},
                                 Strings{{2, 2}, {"a", "", "größer", "\xff\n\""}}}) {
    Model model{"1.0.8",
                {{{"in", Input{Tensor::vector<int64_t>({1})}, {{"labels", strings}}}}, {}},
                {{"labels", strings}}};
    expectLossless(model);
  }
}

TEST(ImportExport, RandomGraphs) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    Model model{"1.0.8", randomGraph(seed), {}};
    expectLossless(model);
    if (HasFailure()) {
      FAIL() << "seed " << seed << "\n" << describe(model.graph);
    }
  }
}

TEST(ImportExport, ManyNodes) {
  constexpr int count = 100000;
  Model model;
  for (int i = 0; i < count; ++i) {
    std::string name = "n" + std::to_string(i);
    model.graph.nodes.push_back({name, I{ramp({1})}, {}});
    model.graph.edges.push_back({name, "n" + std::to_string((i + 1) % count)});
  }
  expectLossless(model);
}

TEST(ImportExport, DeepNesting) {
  Graph graph{{input("in", {2}), output("out", {2})}, {{"in", "out"}}};
  for (int level = 0; level < 1500; ++level) {
    Graph outer;
    outer.nodes = {input("in", {2}), {"g", std::move(graph), {}}, output("out", {2})};
    outer.edges = {{"in", "g"}, {"g", "out"}};
    graph = std::move(outer);
  }
  expectLossless({"1.0.8", std::move(graph), {}});
}

TEST(ImportExport, WhatCheckRefusesIsReported) {
  Context context;
  Model model;
  model.graph.nodes = {{"lif1", I{ramp({2})}, {}}};
  model.graph.edges = {{"lif1", "lif"}};
  EXPECT_FALSE(importGraph(model, "x.nir", context.mlir));
  EXPECT_NE(context.errors.find("edge ('lif1', 'lif') goes to 'lif'"), std::string::npos)
      << context.errors;
}

TEST(ImportExport, OneGraphAndNothingElse) {
  Context context;
  auto empty = mlir::parseSourceString<mlir::ModuleOp>("module {}", &context.mlir);
  EXPECT_EQ(exportGraph(*empty).error().message, "the module is empty, expected one 'nir.graph'");
  auto two = mlir::parseSourceString<mlir::ModuleOp>("nir.graph {} nir.graph {}", &context.mlir);
  EXPECT_EQ(exportGraph(*two).error().message,
            "the module holds 'nir.graph', expected one 'nir.graph' and nothing else");
}

} // namespace
