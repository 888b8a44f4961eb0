//===- Mappings.h - mappings that tests show --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "tools/text/MappingView.h"

namespace nirc {

/// Two chips of two cores. Node "a" is on cores 0 and 1, "b" on 1 and 2.
inline MappedModel small() {
  Mapping mapping;
  mapping.target = "chip";
  mapping.grid = {2, 1};
  mapping.resources = {{"neurons", 100}, {"memory", 1000}};
  mapping.partitioner = "by hand";
  mapping.leastCores = 2;
  mapping.cores = {
      {0, 0, 0, {{"a", {{0, 30}, {40, 60}}}}, {{0, 5}, {1, 7}, {2, 9}}, {50, 1000}},
      {0, 1, 0, {{"b", {{0, 1}}}, {"a", {{30, 40}}}}, {{2, 11}}, {11, 4}},
      {1, 0, 0, {{"b", {{1, 4}}}}, {}, {3, 500}},
  };
  mapping.inputs = {{0, 12}, {2, 3}};
  return {"net.nir", "loihi2", "int8", mapping};
}

/// So many cores in a ring, half of them of each of two nodes, on chips of eight.
inline MappedModel ring(int32_t cores) {
  MappedModel model{"ring.nir", "loihi2", "int8", {}};
  model.mapping.target = "chip";
  model.mapping.grid = {4, 2};
  model.mapping.resources = {{"neurons", 100}, {"memory", 1000}};
  for (int32_t i = 0; i < cores; ++i) {
    int32_t first = i < cores / 2 ? i : i - cores / 2;
    model.mapping.cores.push_back({i / 8,
                                   i % 4,
                                   i % 8 / 4,
                                   {{i < cores / 2 ? "left" : "right", {{first, first + 1}}}},
                                   {{(i + 1) % cores, i + 1}},
                                   {1, int64_t(10) * (i % 100)}});
  }
  return model;
}

} // namespace nirc
