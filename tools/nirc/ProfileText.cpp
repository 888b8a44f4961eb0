//===- ProfileText.cpp - a profile as a person reads it -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/ProfileText.h"

#include "tools/text/NodeText.h"
#include "tools/text/Table.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numeric>

namespace nirc {

/// "3.4 ms": three digits in the multiple of the unit that fits.
static std::string quantityText(double value, std::string_view unit) {
  for (auto [prefix, size] : {std::pair("", 1.0), {"m", 1e-3}, {"u", 1e-6}, {"n", 1e-9}}) {
    if (value >= size) {
      return fmt::format("{:.3g} {}{}", value / size, prefix, unit);
    }
  }
  return fmt::format("{:.3g} p{}", value * 1e12, unit);
}

static std::string timeText(double seconds) { return quantityText(seconds, "s"); }

static double sumOfNodes(const Profile &profile) {
  return std::accumulate(profile.nodes.begin(), profile.nodes.end(), 0.0,
                         [](double sum, const NodeProfile &node) { return sum + node.seconds; });
}

static double ratio(double part, double whole) { return whole > 0 ? part / whole : 0.0; }

/// Sparse, dense, or both by turns: whether the step took the events or all elements.
static std::string formText(const NodeProfile &node, int64_t steps) {
  if (!node.counts || node.denseSteps == 0) {
    return node.counts ? "events" : "";
  }
  return node.denseSteps == steps
             ? "all"
             : fmt::format("all in {:.0f}%", 100 * ratio(double(node.denseSteps), double(steps)));
}

static std::string compilationText(const Profile &profile, double read) {
  double total = read;
  std::string text = fmt::format("read {}", timeText(read));
  for (const Profile::Part &part : profile.compilation) {
    text += fmt::format(", {} {}", part.name, timeText(part.seconds));
    total += part.seconds;
  }
  return fmt::format("to the first step: {} ({})\n", timeText(total), text);
}

static std::string codeText(const CodeOrigin &code) {
  return code.isFromCache    ? fmt::format("machine code: from the cache, {}\n", code.file)
         : code.file.empty() ? "machine code: compiled, and kept nowhere\n"
                             : fmt::format("machine code: compiled, and kept in {}\n", code.file);
}

/// What was counted, its sum, and the share of each node in the last of it.
static std::string countsText(const CountTable &counts) {
  CountTable::Row all{"all", std::vector<int64_t>(counts.names.size(), 0)};
  for (const CountTable::Row &row : counts.rows) {
    std::transform(row.values.begin(), row.values.end(), all.values.begin(), all.values.begin(),
                   std::plus());
  }
  Table table(1);
  std::vector<std::string> head = {"node"};
  head.insert(head.end(), counts.names.begin(), counts.names.end());
  head.emplace_back("share");
  table.add(std::move(head));
  auto add = [&](const CountTable::Row &row) {
    std::vector<std::string> cells = {printable(row.node)};
    for (int64_t value : row.values) {
      cells.push_back(value ? fmt::format("{}", value) : "");
    }
    cells.push_back(row.values.back()
                        ? fmt::format("{:.1f}%", 100 * ratio(double(row.values.back()),
                                                             double(all.values.back())))
                        : "");
    table.add(std::move(cells));
  };
  for (const CountTable::Row &row : counts.rows) {
    add(row);
  }
  add(all);
  return table.str();
}

/// "1.2 to 3.4 uJ", "1.2 uJ or more".
static std::string rangeText(const Estimate &estimate) {
  std::string least = quantityText(estimate.least, estimate.unit);
  std::string most = quantityText(estimate.most, estimate.unit);
  return std::isinf(estimate.most) ? least + " or more"
         : least == most           ? least
                                   : fmt::format("{} to {}", least, most);
}

/// What a step would take, with what it is computed from; a source is named once for the lines
/// below it.
static std::string estimatesText(const std::vector<Estimate> &estimates) {
  std::string text;
  for (size_t i = 0; i < estimates.size();) {
    const Estimate &first = estimates[i];
    text += fmt::format("a step would take, by {} ({}):\n", first.source, first.made);
    Table table(3);
    for (; i < estimates.size() && estimates[i].source == first.source; ++i) {
      table.add({"  " + estimates[i].name, rangeText(estimates[i]), estimates[i].basis});
    }
    text += table.str();
  }
  return text;
}

std::string profileText(const Profile &profile, double read, double bandwidth) {
  std::string text = compilationText(profile, read);
  if (profile.code) {
    text += codeText(*profile.code);
  }
  if (!profile.counts.names.empty()) {
    text += countsText(profile.counts);
    text += estimatesText(profile.estimates);
    text += fmt::format("the model took {} a step\n",
                        timeText(ratio(profile.seconds, static_cast<double>(profile.steps))));
  }
  if (profile.nodes.empty()) {
    return text;
  }
  auto steps = static_cast<double>(std::max<int64_t>(profile.steps, 1));
  double all = sumOfNodes(profile);
  Table table(2);
  table.add({"node", "what", "time a step", "share", "active", "taken", "weights read"});
  for (const NodeProfile &node : profile.nodes) {
    double rate = ratio(static_cast<double>(node.bytes), node.seconds);
    table.add({printable(node.node), node.kind, timeText(node.seconds / steps),
               fmt::format("{:.1f}%", 100 * ratio(node.seconds, all)),
               node.counts
                   ? fmt::format("{:.2f}%", 100 * ratio(double(node.events), double(node.elements)))
                   : "",
               formText(node, profile.steps),
               node.bytes ? fmt::format("{:.2f} GB/s, {:.0f}% of memory's", rate * 1e-9,
                                        100 * ratio(rate, bandwidth))
                          : ""});
  }
  text += table.str();
  text += fmt::format("a step takes {} in its nodes, {} with inputs, results and the profile's "
                      "clock; one thread reads {:.1f} GB/s from memory\n",
                      timeText(all / steps), timeText(profile.seconds / steps), bandwidth * 1e-9);
  return text;
}

Json profileJson(const Profile &profile, double read) {
  Json compilation = {{"read", read}}, nodes = Json::array(), counts = Json::array(),
       estimates = Json::array();
  for (const Profile::Part &part : profile.compilation) {
    compilation[std::string(part.name)] = part.seconds;
  }
  for (const NodeProfile &node : profile.nodes) {
    Json one = {{"node", node.node}, {"kind", node.kind}, {"seconds", node.seconds}};
    if (node.counts) {
      one.update(Json{{"events", node.events},
                      {"elements", node.elements},
                      {"bytes", node.bytes},
                      {"dense_steps", node.denseSteps}});
    }
    nodes.push_back(std::move(one));
  }
  for (const CountTable::Row &row : profile.counts.rows) {
    Json one = {{"node", row.node}};
    for (size_t i = 0; i < row.values.size(); ++i) {
      one[profile.counts.names[i]] = row.values[i];
    }
    counts.push_back(std::move(one));
  }
  for (const Estimate &estimate : profile.estimates) {
    bool isBounded = std::isfinite(estimate.most);
    estimates.push_back({{"name", estimate.name},
                         {"unit", estimate.unit},
                         {"least", estimate.least},
                         {"most", isBounded ? Json(estimate.most) : Json()},
                         {"basis", estimate.basis},
                         {"source", estimate.source},
                         {"made", estimate.made}});
  }
  Json code;
  if (profile.code) {
    code = {{"from_cache", profile.code->isFromCache},
            {"file", profile.code->file.empty() ? Json() : Json(profile.code->file)}};
  }
  return {{"compilation_seconds", std::move(compilation)},
          {"code", std::move(code)},
          {"run_seconds", profile.seconds},
          {"steps", profile.steps},
          {"nodes", std::move(nodes)},
          {"counts", std::move(counts)},
          {"estimates", std::move(estimates)}};
}

} // namespace nirc
