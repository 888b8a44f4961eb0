//===- ClockedText.cpp - a clocked network in words -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/ClockedText.h"

#include "ir/Wording.h"
#include "tools/text/NodeText.h"
#include "tools/text/Table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

static int64_t weightsOf(const ClockedModel &clocked) {
  int64_t weights = 0;
  for (const ClockedModel::Node &node : clocked.nodes) {
    weights += node.weights;
  }
  return weights;
}

std::string clockedText(const ModelFile &file) {
  const ClockedModel &clocked = *file.clocked;
  Table table(6);
  table.add({"node", "kind", "out", "states", "weights", "numbers"});
  for (const ClockedModel::Node &node : clocked.nodes) {
    table.add({printable(node.node), node.kind, nir::str(node.shape),
               fmt::format("{}", fmt::join(node.states, " ")),
               node.weights ? fmt::format("{}", node.weights) : "",
               node.isSpikes ? "spikes" : node.numbers});
  }
  return fmt::format("{}: clocked network, {}\n\n{}\n{}, {}, {}, {} weights "
                     "and biases\n",
                     file.path, clocked.text(), table.str(),
                     nir::counted(clocked.inputs.size(), "input"),
                     nir::counted(clocked.outputs.size(), "output"),
                     nir::counted(clocked.neurons, "neuron"), weightsOf(clocked));
}

static Json portsJson(const std::vector<InputPort> &ports) {
  Json list = Json::array();
  for (const InputPort &port : ports) {
    list.push_back({{"node", port.node}, {"shape", port.shape}});
  }
  return list;
}

Json clockedJson(const ModelFile &file) {
  const ClockedModel &clocked = *file.clocked;
  Json nodes = Json::array();
  for (const ClockedModel::Node &node : clocked.nodes) {
    nodes.push_back({{"node", node.node},
                     {"kind", node.kind},
                     {"shape", node.shape},
                     {"spikes", node.isSpikes},
                     {"numbers", node.isSpikes ? Json() : Json(node.numbers)},
                     {"states", node.states},
                     {"weights", node.weights}});
  }
  return {{"file", file.path},
          {"format", file.format},
          {"sha256", file.sha256()},
          {"clocked",
           {{"dt", clocked.semantics.dtSeconds},
            {"semantics", clocked.semantics.text()},
            {"element", clocked.element},
            {"format", clocked.format ? Json(clocked.format->text()) : Json()},
            {"inputs", portsJson(clocked.inputs)},
            {"outputs", portsJson(clocked.outputs)},
            {"neurons", clocked.neurons},
            {"weights", weightsOf(clocked)},
            {"nodes", std::move(nodes)}}}};
}

} // namespace nirc
