//===- StatsText.cpp - counts for people ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "tools/text/Grouped.h"
#include "tools/text/NodeText.h"
#include "tools/text/StatsView.h"
#include "tools/text/Table.h"

#include <cmath>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace nirc {

/// "3,667", "11.5"; "-" where there is nothing of the kind.
static std::string numberText(double number, bool applies = true) {
  if (!applies) {
    return "-";
  }
  double rounded = std::round(number * 100.0) / 100.0, whole = std::floor(rounded);
  return grouped(whole) +
         (rounded == whole ? "" : fmt::format("{:.2f}", rounded - whole).substr(1));
}

static std::string numberText(int64_t number, bool applies = true) {
  return numberText(static_cast<double>(number), applies);
}

static std::string percentText(std::optional<double> share) {
  return share ? fmt::format("{:.1f} %", 100.0 * *share) : "-";
}

static std::vector<std::string> sizeRow(std::string node, std::string type, const Size &size) {
  return {std::move(node),
          std::move(type),
          numberText(size.neurons, size.neurons > 0),
          numberText(size.synapses, size.weights > 0),
          percentText(size.connectionSparsity()),
          numberText(size.parameters, size.parameters > 0),
          numberText(size.footprintBytes(), size.footprintBytes() > 0),
          numberText(size.denseOperations, size.weights > 0)};
}

static bool hasSize(const NodeStats &node) {
  return node.size.neurons > 0 || node.size.parameters > 0 || node.role != Role::Other;
}

static std::string sizeTable(const Stats &stats) {
  Table table(2);
  table.add({"node", "type", "neurons", "synapses", "zero weights", "parameters", "bytes",
             "dense a step"});
  for (const NodeStats &node : stats.nodes) {
    if (hasSize(node)) {
      table.add(sizeRow(nameText(node.node), node.type, node.size));
    }
  }
  table.add(sizeRow("total", "", stats.totalSize()));
  return table.str();
}

/// Of one sample, in the mean.
static std::vector<std::string> activityRow(std::string node, const Size &size, const Activity &all,
                                            const Workload &work) {
  auto samples = static_cast<double>(work.samples);
  auto mean = [&](int64_t count, bool applies) {
    return numberText(static_cast<double>(count) / samples, applies);
  };
  double seconds = static_cast<double>(all.outputs) * work.dtSeconds;
  bool fires = all.outputs > 0, connects = size.weights > 0;
  return {std::move(node),
          mean(all.spikes, fires),
          fires ? fmt::format("{:.1f}", static_cast<double>(all.spikes) / seconds) : "-",
          percentText(all.activationSparsity()),
          mean(all.denseOperations, connects),
          mean(all.effectiveMacs, connects),
          mean(all.effectiveAcs, connects),
          mean(all.fanOutOperations, connects),
          mean(all.membraneUpdates, work.hasMembranes && size.neurons > 0)};
}

static std::string activityTable(const Stats &stats) {
  const Workload &work = *stats.workload;
  Table table(1);
  table.add({"a sample", "spikes", "Hz a neuron", "sparsity", "dense", "eff. MACs", "eff. ACs",
             "by fan-out", "v updates"});
  for (const NodeStats &node : stats.nodes) {
    if (node.role != Role::Other) {
      table.add(activityRow(nameText(node.node), node.size, node.activity, work));
    }
  }
  table.add(activityRow("total", stats.totalSize(), stats.totalActivity(), work));
  if (work.samples > 0 && work.steps > 0) {
    auto steps = static_cast<double>(work.samples * work.steps);
    Activity all = stats.totalActivity();
    auto ofStep = [&](int64_t count, bool applies = true) {
      return numberText(static_cast<double>(count) / steps, applies);
    };
    table.add({"a step", ofStep(all.spikes), "", "", ofStep(all.denseOperations),
               ofStep(all.effectiveMacs), ofStep(all.effectiveAcs), ofStep(all.fanOutOperations),
               ofStep(all.membraneUpdates, work.hasMembranes)});
  }
  return table.str();
}

static std::string neuroBenchText(const Stats &stats) {
  NeuroBenchFigures figures = neuroBenchFigures(stats);
  std::string text =
      fmt::format("NeuroBench: footprint {} ({} of parameters, {} of buffers by {})",
                  nir::counted(figures.footprint, "byte"), stats.totalSize().parameterBytes,
                  stats.totalSize().bufferBytes, stats.convention);
  std::string separator = "\n  ";
  auto add = [&](std::string_view name, std::optional<double> value) {
    if (value) {
      text += fmt::format("{}{} {:.10g}", separator, name, *value);
      separator = ", ";
    }
  };
  add("connection sparsity", figures.connectionSparsity);
  add("activation sparsity", figures.activationSparsity);
  separator = "\n  a sample: ";
  add("Dense", figures.dense);
  add("Effective_MACs", figures.effectiveMacs);
  add("Effective_ACs", figures.effectiveAcs);
  separator = "\n  a sample: ";
  add("membrane updates", figures.membraneUpdates);
  if (figures.effectiveNeuronOperations) {
    text += fmt::format(", neuron operations {:.10g} of {:.10g}",
                        *figures.effectiveNeuronOperations, *figures.denseNeuronOperations);
  }
  return text + "\n";
}

/// What the membrane updates are of, and which neurons NeuroBench does not see.
static std::string remarksText(const Stats &stats) {
  std::vector<std::string> silent;
  for (const NodeStats &node : stats.nodes) {
    if (node.role == Role::Integrating) {
      silent.push_back(node.node);
    }
  }
  std::string text;
  if (!silent.empty()) {
    text += fmt::format("{} never fire{}: no activations, and not among NeuroBench's updates\n",
                        nir::quoted(silent), silent.size() == 1 ? "s" : "");
  }
  if (!stats.workload) {
    return text;
  }
  for (const std::string &gap : stats.workload->gaps) {
    text += fmt::format("not counted: {}\n", gap);
  }
  return text + fmt::format("calls of {}; v as a step leaves it, after its reset\n",
                            nir::counted(stats.workload->batch, "sample"));
}

std::string statsText(const Stats &stats) {
  std::string text = sizeTable(stats);
  if (stats.workload) {
    text += "\n" + activityTable(stats);
  }
  return text + "\n" + neuroBenchText(stats) + remarksText(stats);
}

} // namespace nirc
