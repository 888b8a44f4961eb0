//===- MappingTest.cpp - what is shown of a mapping -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/tools/text/Mappings.h"
#include "tools/text/Figures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nirc;
using testing::HasSubstr;
using testing::Not;

namespace {

TEST(MappingFigures, NodesAndTheirCores) {
  std::vector<MappedNode> nodes = nodesOf(small().mapping);
  ASSERT_EQ(nodes.size(), 2U);
  EXPECT_EQ(nodes[0].name, "a");
  EXPECT_EQ(nodes[0].neurons, 60);
  EXPECT_EQ(nodes[0].cores, (std::vector<int32_t>{0, 1}));
  EXPECT_EQ(nodes[1].neurons, 4);
  EXPECT_EQ(nodes[1].cores, (std::vector<int32_t>{1, 2}));
}

TEST(MappingFigures, NodesAreInTheOrderThatIsAskedFor) {
  std::vector<MappedNode> nodes = nodesOf(small().mapping, {"none", "b"});
  ASSERT_EQ(nodes.size(), 2U);
  EXPECT_EQ(nodes[0].name, "b");
  EXPECT_EQ(nodes[1].name, "a");
}

TEST(MappingFigures, TrafficIsToldApartByHowFarItGoes) {
  Traffic traffic = trafficOf(small().mapping);
  EXPECT_EQ(traffic.toItself, 5);
  EXPECT_EQ(traffic.toItsChip, 7);
  EXPECT_EQ(traffic.toOtherChips, 9 + 11);
  EXPECT_EQ(traffic.fromOutside, 15);
  EXPECT_EQ(traffic.routes, 3);
}

TEST(MappingFigures, AMatrixOfManyCoresIsOneOfNodes) {
  EXPECT_EQ(trafficMatrix(ring(10).mapping, 10)->kind, "core");
  std::optional<TrafficMatrix> matrix = trafficMatrix(ring(20).mapping, 10);
  ASSERT_TRUE(matrix);
  EXPECT_EQ(matrix->kind, "node");
  EXPECT_EQ(matrix->names, (std::vector<std::string>{"left", "right"}));
  EXPECT_EQ(matrix->messages, (std::vector<std::vector<int64_t>>{{45, 10}, {20, 135}}));
}

TEST(MappingFigures, AMatrixOfOneNodeIsOneOfChips) {
  MappedModel model = ring(20);
  for (Mapping::Core &core : model.mapping.cores) {
    core.neurons.front().node = "one";
  }
  std::optional<TrafficMatrix> matrix = trafficMatrix(model.mapping, 10);
  ASSERT_TRUE(matrix);
  EXPECT_EQ(matrix->kind, "chip");
  EXPECT_EQ(matrix->messages,
            (std::vector<std::vector<int64_t>>{{28, 8, 0}, {0, 84, 16}, {20, 0, 54}}));
  for (Mapping::Core &core : model.mapping.cores) {
    core.chip = 0;
  }
  EXPECT_FALSE(trafficMatrix(model.mapping, 10));
}

TEST(MappingFigures, CoresOfTheSameNodesAreAGroupInAnyOrder) {
  MappedModel model = ring(20);
  model.mapping.cores[0].neurons = {{"left", {{0, 1}}}, {"right", {{100, 101}}}};
  model.mapping.cores[1].neurons = {{"right", {{101, 102}}}, {"left", {{1, 2}}}};
  std::optional<TrafficMatrix> matrix = trafficMatrix(model.mapping, 10);
  ASSERT_TRUE(matrix);
  EXPECT_EQ(matrix->names, (std::vector<std::string>{"left", "left + right", "right"}));
}

TEST(MappingFigures, TheShownResourceIsMemoryOrTheScarcest) {
  Mapping mapping = small().mapping;
  EXPECT_EQ(shownResource(mapping), 1U);
  mapping.resources[1].name = "synapses";
  EXPECT_EQ(shownResource(mapping), 1U); // core 0 has none left of them
  mapping.resources[1].limit = 100000;
  EXPECT_EQ(shownResource(mapping), 0U);
  mapping.resources.clear();
  EXPECT_EQ(shownResource(mapping), std::nullopt);
}

TEST(MappingText, FewCoresHaveARowEach) {
  EXPECT_EQ(
      mappingText(small(), false),
      R"(3 cores on 2 chips of 2 by 1, 50.0 % above the 2 that neurons and memory need at least
partition: by hand

core  chip   place  neurons  neurons   memory  nodes
   0     0  (0, 0)       50   50.0 %  100.0 %  a: 50 of 60
   1     0  (1, 0)       11   11.0 %    0.4 %  b: 1 of 4, a: 10 of 60
   2     1  (0, 0)        3    3.0 %   50.0 %  b: 3 of 4

messages of a step in which all spike: 15 from outside, 5 within cores, 27 between cores, 20 of them between chips
from core to   0  1   2
outside       12  ·   3
0              5  7   9
1              ·  ·  11
2              ·  ·   ·
)");
}

TEST(MappingText, ManyCoresAreToldInShort) {
  std::string text = mappingText(ring(100), false);
  EXPECT_THAT(text, HasSubstr("left        50     50  1.0, 1.0 %  24.5, 49.0 %\n"));
  EXPECT_THAT(text, HasSubstr("all        100    100  1.0, 1.0 %  49.5, 99.0 %\n"));
  EXPECT_THAT(text, HasSubstr("the fullest and the emptiest of 100 cores; --all shows every one"));
  EXPECT_THAT(text, HasSubstr("  99    12  (3, 0)        1    1.0 %  99.0 %  right: 1 of 50\n"));
  EXPECT_THAT(text, Not(HasSubstr("\n  50 ")));
  EXPECT_THAT(mappingText(ring(100), true), HasSubstr("\n  50     6  (2, 0) "));
}

TEST(MappingText, WhatNoMatrixHoldsIsAList) {
  MappedModel model = ring(100);
  for (Mapping::Core &core : model.mapping.cores) {
    core.neurons.front().node = "one";
  }
  EXPECT_THAT(mappingText(model, false), HasSubstr("the strongest of 100 routes; --json has all\n"
                                                   "from core  to core  messages\n"
                                                   "       99        0       100\n"));
}

TEST(MappingText, AMappingFromIrTellsOfNoResources) {
  MappedModel model = small();
  model.mapping.resources.clear();
  model.mapping.leastCores = 0;
  model.mapping.partitioner.clear();
  for (Mapping::Core &core : model.mapping.cores) {
    core.used.clear();
  }
  EXPECT_THAT(mappingText(model, false), HasSubstr("3 cores on 2 chips of 2 by 1\n\n"
                                                   "core  chip   place  neurons  nodes\n"));
}

TEST(MappingText, NoCoresAreNoFault) {
  MappedModel model{"empty.nir", "loihi2", "int8", {}};
  EXPECT_THAT(mappingText(model, false), HasSubstr("0 cores on 0 chips"));
}

TEST(MappingJson, HasAll) {
  nlohmann::ordered_json json = mappingJson(small());
  EXPECT_EQ(json["least_cores"], 2);
  EXPECT_EQ(json["grid"]["columns"], 2);
  EXPECT_EQ(json["cores"][0]["nodes"].dump(),
            R"([{"node":"a","neurons":50,"ranges":[[0,30],[40,60]]}])");
  EXPECT_EQ(json["cores"][0]["used"].dump(), R"({"neurons":50,"memory":1000})");
  EXPECT_EQ(json["cores"][1]["routes"].dump(), R"([{"to":2,"sources":11}])");
  EXPECT_EQ(json["inputs"].size(), 2U);
  EXPECT_EQ(json["traffic"]["to_other_chips"], 20);
}

} // namespace
