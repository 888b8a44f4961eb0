//===- MappingJson.cpp - a mapping for programs ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/text/Figures.h"
#include "tools/text/MappingView.h"

namespace nirc {

using Json = nlohmann::ordered_json;

static Json routesJson(const std::vector<Mapping::Route> &routes) {
  Json list = Json::array();
  for (Mapping::Route route : routes) {
    list.push_back({{"to", route.to}, {"sources", route.sources}});
  }
  return list;
}

static Json neuronsJson(const Mapping::Core &core) {
  Json list = Json::array();
  for (const Mapping::Neurons &neurons : core.neurons) {
    Json ranges = Json::array();
    for (Mapping::Range range : neurons.ranges) {
      ranges.push_back(Json::array({range.first, range.end}));
    }
    list.push_back(
        {{"node", neurons.node}, {"neurons", count(neurons)}, {"ranges", std::move(ranges)}});
  }
  return list;
}

static Json usedJson(const Mapping &mapping, const Mapping::Core &core) {
  Json used = Json::object();
  for (size_t i = 0; i < std::min(core.used.size(), mapping.resources.size()); ++i) {
    used[mapping.resources[i].name] = core.used[i];
  }
  return used;
}

static Json coresJson(const Mapping &mapping) {
  Json list = Json::array();
  for (const Mapping::Core &core : mapping.cores) {
    list.push_back({{"core", list.size()},
                    {"chip", core.chip},
                    {"column", core.column},
                    {"row", core.row},
                    {"neurons", neuronsOf(core)},
                    {"nodes", neuronsJson(core)},
                    {"used", usedJson(mapping, core)},
                    {"routes", routesJson(core.routes)}});
  }
  return list;
}

static Json trafficJson(const Mapping &mapping) {
  Traffic traffic = trafficOf(mapping);
  return {{"routes", traffic.routes},
          {"to_itself", traffic.toItself},
          {"to_its_chip", traffic.toItsChip},
          {"to_other_chips", traffic.toOtherChips},
          {"from_outside", traffic.fromOutside}};
}

Json mappingJson(const MappedModel &model) {
  const Mapping &mapping = model.mapping;
  Json resources = Json::array();
  for (const Resource &resource : mapping.resources) {
    resources.push_back({{"name", resource.name}, {"limit", resource.limit}});
  }
  return {{"target", mapping.target},
          {"semantics", model.semantics},
          {"format", model.format},
          {"chips", chipsOf(mapping).size()},
          {"grid", {{"columns", mapping.grid.columns}, {"rows", mapping.grid.rows}}},
          {"least_cores", mapping.leastCores > 0 ? Json(mapping.leastCores) : Json()},
          {"partitioner", mapping.partitioner},
          {"resources", std::move(resources)},
          {"cores", coresJson(mapping)},
          {"inputs", routesJson(mapping.inputs)},
          {"traffic", trafficJson(mapping)}};
}

} // namespace nirc
