//===- GraphTest.cpp - graphs, built, walked, written and read ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Reader.h"
#include "tests/plugins/c/Support.h"
#include "tests/support/TemporaryFolder.h"

#include <cstring>
#include <gmock/gmock.h>

using namespace nirc::test;
using nir::test::TemporaryFolder;
using testing::HasSubstr;

namespace {

const char *examples = NIRC_SOURCE_DIR "/examples/";

TEST(Graph, IsWhatWasBuilt) {
  Graph graph = smallGraph();
  ASSERT_EQ(nirc_graph_node_count(graph.get()), 4u);
  ASSERT_EQ(nirc_graph_edge_count(graph.get()), 3u);
  EXPECT_STREQ(nirc_graph_edge(graph.get(), 1)->source, "fc");
  EXPECT_STREQ(nirc_graph_edge(graph.get(), 1)->target, "lif");
  EXPECT_EQ(nirc_graph_edge(graph.get(), 3), nullptr);
  const nirc_node *lif = nirc_graph_node(graph.get(), 2);
  EXPECT_STREQ(lif->name, "lif");
  EXPECT_STREQ(lif->type, "LIF");
  EXPECT_EQ(lif->graph, nullptr);
  ASSERT_EQ(lif->parameter_count, 5u);
  EXPECT_STREQ(lif->parameters[0].name, "tau"); // in NIR's order
  EXPECT_STREQ(lif->parameters[4].name, "v_reset");
  const nirc_array &tau = lif->parameters[0].array;
  EXPECT_EQ(tau.dtype, NIRC_FLOAT64);
  EXPECT_EQ(tau.rank, 1);
  EXPECT_EQ(tau.shape[0], 3);
  EXPECT_EQ(static_cast<const double *>(tau.data)[1], 0.02);
  EXPECT_EQ(nirc_graph_find(graph.get(), "lif"), lif);
  EXPECT_EQ(nirc_graph_find(graph.get(), "nobody"), nullptr);
  EXPECT_EQ(nirc_graph_node(graph.get(), 4), nullptr);
}

TEST(Graph, NodesStayWhereTheyAreWhileOthersAreAdded) {
  Graph graph = smallGraph();
  const nirc_node *in = nirc_graph_node(graph.get(), 0);
  const char *name = in->name;
  const void *numbers = nirc_graph_node(graph.get(), 2)->parameters[0].array.data;
  Numbers scale{{1.0, 2.0}, {2}};
  nirc_parameter parameters[] = {parameter("scale", scale)};
  for (int i = 0; i < 1000; ++i) {
    nirc_graph_add_node(graph.get(), ("s" + std::to_string(i)).c_str(), "Scale", parameters, 1,
                        Well());
    nirc_graph_add_edge(graph.get(), "in", ("s" + std::to_string(i)).c_str(), Well());
  }
  EXPECT_EQ(nirc_graph_node(graph.get(), 0), in);
  EXPECT_EQ(in->name, name);
  EXPECT_STREQ(in->name, "in");
  EXPECT_EQ(nirc_graph_node(graph.get(), 2)->parameters[0].array.data, numbers);
}

TEST(Graph, WrittenAndReadItIsTheSame) {
  TemporaryFolder folder;
  std::string path = folder.path + "/small.nir";
  Graph graph = smallGraph();
  nirc_graph_set_text(graph.get(), nullptr, "made/by", "a test", Well());
  int64_t ten[] = {1};
  int32_t number[] = {10};
  nirc_array array{number, ten, 1, NIRC_INT32};
  nirc_graph_set_array(graph.get(), "lif", "layer", &array, Well());
  nirc_graph_write(graph.get(), path.c_str(), Well());

  nir::Result<nir::Model> read = nir::read(path); // by nirc's own C++
  ASSERT_TRUE(read) << read.error().str();
  ASSERT_EQ(read->graph.nodes.size(), 4u);
  EXPECT_EQ(read->graph.find("lif")->as<nir::LIF>()->tau.toDoubles(),
            (std::vector<double>{0.01, 0.02, 0.01}));

  Graph again =
      owned<Graph>([&](nirc_graph **out) { nirc_graph_read(path.c_str(), nullptr, out, Well()); });
  ASSERT_NE(again, nullptr);
  EXPECT_STREQ(nirc_graph_nir_version(again.get()), "1.0.8");
  ASSERT_EQ(nirc_graph_metadata_count(again.get()), 1u);
  const nirc_metadata *made = nirc_graph_metadata(again.get(), 0);
  EXPECT_STREQ(made->name, "made");
  ASSERT_EQ(made->kind, NIRC_METADATA_GROUP);
  ASSERT_EQ(made->count, 1u);
  EXPECT_STREQ(made->members[0].name, "by");
  EXPECT_EQ(made->members[0].kind, NIRC_METADATA_TEXT);
  EXPECT_STREQ(made->members[0].text, "a test");
  const nirc_node *lif = nirc_graph_find(again.get(), "lif");
  ASSERT_EQ(lif->metadata_count, 1u);
  EXPECT_EQ(lif->metadata[0].kind, NIRC_METADATA_ARRAY);
  EXPECT_EQ(lif->metadata[0].array.dtype, NIRC_INT32);
  EXPECT_EQ(*static_cast<const int32_t *>(lif->metadata[0].array.data), 10);
}

/// Every parameter of every node of a file points at what nirc's own C++ has.
TEST(Graph, WalksOverAModelCopyNoNumbers) {
  std::string path = std::string(examples) + "two-layers.nir";
  Model model =
      owned<Model>([&](nirc_model **out) { nirc_model_open(path.c_str(), nullptr, out, Well()); });
  const nirc_graph *graph = nirc_model_graph(model.get());
  ASSERT_NE(graph, nullptr);
  EXPECT_EQ(nirc_model_graph(model.get()), graph);
  Graph copy = owned<Graph>([&](nirc_graph **out) { nirc_graph_copy(graph, out, Well()); });
  size_t parameters = 0;
  for (size_t i = 0; i < nirc_graph_node_count(graph); ++i) {
    const nirc_node *node = nirc_graph_node(graph, i), *other = nirc_graph_node(copy.get(), i);
    for (size_t k = 0; k < node->parameter_count; ++k, ++parameters) {
      EXPECT_EQ(node->parameters[k].array.data, other->parameters[k].array.data);
      EXPECT_NE(node->parameters[k].array.data, nullptr);
    }
  }
  EXPECT_EQ(nirc_graph_node_count(graph), 6u);
  EXPECT_GT(parameters, 10u);
  // What it points to lives on with the copy.
  model.reset();
  const nirc_node *lif = nirc_graph_find(copy.get(), "lif1");
  ASSERT_NE(lif, nullptr);
  EXPECT_GT(static_cast<const float *>(lif->parameters[0].array.data)[0], 0.0F);
}

TEST(Graph, OfAGraphIsASubgraph) {
  Graph inner = smallGraph(), graph = smallGraph();
  nirc_graph_set_text(inner.get(), nullptr, "note", "inside", Well());
  nirc_graph_add_graph(graph.get(), "sub", inner.get(), Well());
  inner.reset();
  const nirc_node *node = nirc_graph_find(graph.get(), "sub");
  ASSERT_NE(node, nullptr);
  EXPECT_STREQ(node->type, "NIRGraph");
  ASSERT_NE(node->graph, nullptr);
  EXPECT_EQ(nirc_graph_node_count(node->graph), 4u);
  ASSERT_EQ(nirc_graph_metadata_count(node->graph), 1u);
  EXPECT_STREQ(nirc_graph_metadata(node->graph, 0)->text, "inside");
  nirc_graph_set_text(graph.get(), "sub", "note", "changed", Well());
  EXPECT_STREQ(nirc_graph_metadata(node->graph, 0)->text, "changed");
  // A graph added to itself is a copy, and no circle.
  nirc_graph_add_graph(graph.get(), "self", graph.get(), Well());
  EXPECT_EQ(nirc_graph_node_count(nirc_graph_find(graph.get(), "self")->graph), 5u);
}

TEST(Graph, PaddingCanBeAText) {
  Graph graph = owned<Graph>([](nirc_graph **out) { nirc_graph_create(out, Well()); });
  Numbers weight{{1.0}, {1, 1, 1}}, bias{{0.0}, {1}};
  int64_t number[] = {1};
  nirc_array one{number, nullptr, 0, NIRC_INT64};
  nirc_parameter parameters[] = {parameter("weight", weight), {"stride", nullptr, one},
                                 {"padding", "same", {}},     {"dilation", nullptr, one},
                                 {"groups", nullptr, one},    parameter("bias", bias)};
  nirc_graph_add_node(graph.get(), "conv", "Conv1d", parameters, 6, Well());
  const nirc_node *conv = nirc_graph_node(graph.get(), 0);
  ASSERT_EQ(conv->parameter_count, 6u); // without the input_shape, which is optional
  EXPECT_STREQ(conv->parameters[2].name, "padding");
  EXPECT_STREQ(conv->parameters[2].text, "same");
  EXPECT_EQ(conv->parameters[0].text, nullptr);
}

/// A failed call leaves the graph as it was.
class GraphErrors : public testing::Test {
protected:
  void expect(nirc_status status, const char *code, const char *message) {
    EXPECT_EQ(status, NIRC_E_USAGE);
    EXPECT_EQ(failed.code(), code) << failed.text();
    EXPECT_THAT(failed.text(), HasSubstr(message));
    EXPECT_EQ(nirc_graph_node_count(graph.get()), 4u);
    EXPECT_EQ(nirc_graph_edge_count(graph.get()), 3u);
  }
  nirc_status add(const char *name, const char *type, std::vector<nirc_parameter> parameters) {
    return nirc_graph_add_node(graph.get(), name, type, parameters.data(), parameters.size(),
                               failed);
  }

  Graph graph = smallGraph();
  Failed failed;
  Numbers scale{{1.0, 2.0}, {2}};
};

TEST_F(GraphErrors, OfNodes) {
  expect(add("s", "Scales", {}), "unknown-node-type", "no primitive is called 'Scales'");
  EXPECT_THAT(failed.text(), HasSubstr("CubaLIF"));
  EXPECT_STREQ(failed.what().node, "s");
  expect(add("s", "NIRGraph", {}), "unknown-node-type", "nirc_graph_add_graph");
  expect(add("lif", "Scale", {parameter("scale", scale)}), "node-name", "second node");
  expect(add("", "Scale", {parameter("scale", scale)}), "node-name", "without a name");
  expect(add("s", "Scale", {}), "missing-parameter", "node 's': Scale needs 'scale'");
  expect(add("s", "Scale", {parameter("scale", scale), parameter("scales", scale)}),
         "unknown-parameter", "did you mean 'scale'?");
  expect(add("s", "Scale", {parameter("scale", scale), parameter("scale", scale)}),
         "unknown-parameter", "found 'scale' twice");
  expect(add("s", "Scale", {{"scale", "a text", {}}}), "wrong-type", "found a text");
  expect(add("s", "Scale", {{nullptr, nullptr, scale}}), "missing-parameter", "needs 'scale'");
}

TEST_F(GraphErrors, OfArrays) {
  auto with = [&](auto change) {
    nirc_parameter one = parameter("scale", scale);
    change(one.array);
    return add("s", "Scale", {one});
  };
  expect(with([](nirc_array &array) { array.dtype = 0; }), "wrong-type", "found dtype 0");
  expect(with([](nirc_array &array) { array.dtype = 1 << 30; }), "wrong-type",
         "found dtype 1073741824, expected 1 to 12");
  expect(with([](nirc_array &array) { array.data = nullptr; }), "empty-input",
         "found NULL for the data, expected 2 elements");
  expect(with([](nirc_array &array) { array.shape = nullptr; }), "wrong-shape",
         "found NULL for the shape");
  expect(with([](nirc_array &array) { array.rank = -1; }), "wrong-shape", "found -1 dimensions");
  expect(with([](nirc_array &array) { array.rank = 65; }), "wrong-shape", "found 65 dimensions");
  const uint8_t bytes[] = {1, 7};
  expect(with([&](nirc_array &array) {
           array.data = bytes;
           array.dtype = NIRC_BOOL;
         }),
         "wrong-value", "found a bool of 7, expected 0 or 1");
  const int64_t negative[] = {-2}, huge[] = {int64_t(1) << 40, int64_t(1) << 40};
  expect(with([&](nirc_array &array) { array.shape = negative; }), "wrong-shape",
         "found a dimension of -2");
  expect(with([&](nirc_array &array) {
           array.shape = huge;
           array.rank = 2;
         }),
         "wrong-shape", "expected one that memory holds");
}

TEST_F(GraphErrors, OfMetadata) {
  expect(nirc_graph_set_text(graph.get(), "nobody", "a", "b", failed), "unknown-node", "'nobody'");
  expect(nirc_graph_set_text(graph.get(), nullptr, "", "b", failed), "file-metadata",
         "without a name");
  expect(nirc_graph_set_text(graph.get(), nullptr, "a//b", "b", failed), "file-metadata",
         "without a name");
  nirc_graph_set_text(graph.get(), nullptr, "a", "b", Well());
  expect(nirc_graph_set_text(graph.get(), nullptr, "a/c", "b", failed), "file-metadata",
         "found 'a' as a value");
  std::string deep;
  for (int i = 0; i < 100000; ++i) {
    deep += "a/";
  }
  expect(nirc_graph_set_text(graph.get(), nullptr, (deep + "b").c_str(), "b", failed),
         "file-metadata", "more than 64 groups");
}

TEST(Graph, ArraysThatAreNotAlignedAreTaken) {
  Graph graph = owned<Graph>([](nirc_graph **out) { nirc_graph_create(out, Well()); });
  alignas(8) char bytes[24] = {};
  double values[] = {3.0, 4.0};
  std::memcpy(bytes + 1, values, sizeof values);
  int64_t two[] = {2};
  nirc_parameter parameters[] = {{"scale", nullptr, {bytes + 1, two, 1, NIRC_FLOAT64}}};
  nirc_graph_add_node(graph.get(), "s", "Scale", parameters, 1, Well());
  const nirc_array &scale = nirc_graph_node(graph.get(), 0)->parameters[0].array;
  EXPECT_EQ(static_cast<const double *>(scale.data)[1], 4.0);
}

TEST(DTypes, HaveSizesAndNames) {
  EXPECT_EQ(nirc_dtype_size(NIRC_FLOAT32), 4u);
  EXPECT_STREQ(nirc_dtype_name(NIRC_FLOAT32), "float32");
  EXPECT_STREQ(nirc_dtype_name(NIRC_BOOL), "bool");
  EXPECT_EQ(nirc_dtype_size(NIRC_INT64), 8u);
  EXPECT_EQ(nirc_dtype_size(0), 0u);
  EXPECT_STREQ(nirc_dtype_name(13), "");
}

} // namespace
