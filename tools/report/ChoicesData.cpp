//===- ChoicesData.cpp ----------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/report/ChoicesData.h"

#include "api/io/Totals.h"
#include "ir/choices/Choices.h"
#include "ir/graph/Schedule.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace nirc {

static std::vector<nir::Family> familiesIn(const nir::Graph &graph) {
  std::set<nir::Family> families;
  forEachNode(graph, {}, [&](const std::string &, const nir::Node &node, const nir::NodeShapes &) {
    if (nir::isNeuron(node)) {
      families.insert(nir::familyOf(node));
    }
  });
  return {families.begin(), families.end()};
}

static std::string_view meaningOf(const nir::Choice &choice, std::string_view value) {
  auto found = std::find_if(choice.values.begin(), choice.values.end(),
                            [&](const nir::Choice::Value &one) { return one.name == value; });
  return found == choice.values.end() ? "" : found->meaning;
}

/// The values of a choice, each once, with the families that have it.
static Json valuesJson(const nir::Choice &choice, const nir::Semantics &semantics,
                       const std::vector<nir::Family> &families) {
  std::vector<std::pair<std::string, Json>> values;
  for (nir::Family family : families) {
    std::string value = choice.get(semantics, family);
    auto same = std::find_if(values.begin(), values.end(),
                             [&](const auto &other) { return other.first == value; });
    if (same == values.end()) {
      same = values.insert(values.end(), {value, Json::array()});
    }
    same->second.push_back(nir::name(family));
  }
  Json json = Json::array();
  for (auto &[value, names] : values) {
    Json one = {{"value", value}, {"meaning", meaningOf(choice, value)}};
    if (choice.perFamily && values.size() > 1) {
      one["families"] = std::move(names);
    }
    json.push_back(std::move(one));
  }
  return json;
}

Json choicesJson(const nir::Semantics &semantics, const nir::Graph &graph) {
  std::vector<nir::Family> families = familiesIn(graph);
  Json choices = Json::array();
  const nir::Semantics usual;
  for (const nir::Choice &choice : nir::choices()) {
    if (choice.perFamily && families.empty()) {
      continue;
    }
    std::vector<nir::Family> asked =
        choice.perFamily ? families : std::vector<nir::Family>{nir::Family::IF};
    bool isUsual = std::all_of(asked.begin(), asked.end(), [&](nir::Family family) {
      return choice.get(semantics, family) == choice.get(usual, family);
    });
    choices.push_back({{"name", choice.name},
                       {"summary", choice.summary},
                       {"isUsual", isUsual},
                       {"values", valuesJson(choice, semantics, asked)}});
  }
  return choices;
}

} // namespace nirc
