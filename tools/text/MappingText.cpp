//===- MappingText.cpp - a mapping for people -----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "tools/text/Figures.h"
#include "tools/text/MappingView.h"
#include "tools/text/NodeText.h"
#include "tools/text/Table.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <numeric>

namespace nirc {

/// More cores than the first are summarized, and beyond the second they have no row and column
/// each.
constexpr size_t mostRows = 24, mostColumns = 10;
/// A summary shows this many of the fullest and of the emptiest cores, and of the strongest routes.
constexpr size_t atEachEnd = 3, mostRoutes = 10;
/// Nodes of a core that its row names.
constexpr size_t mostNames = 4;

static std::string percent(std::optional<double> share) {
  return share ? fmt::format("{:.1f} %", 100.0 * *share) : "-";
}

static std::string coresText(const Mapping &mapping) {
  auto cores = static_cast<int64_t>(mapping.cores.size());
  auto chips = static_cast<int64_t>(chipsOf(mapping).size());
  std::string text =
      fmt::format("{} on {} of {} by {}", nir::counted(cores, "core"), nir::counted(chips, "chip"),
                  mapping.grid.columns, mapping.grid.rows);
  int64_t least = mapping.leastCores;
  if (least > 0 && cores > least) {
    text +=
        fmt::format(", {:.1f} % above the {} that neurons and memory need at least",
                    100.0 * static_cast<double>(cores - least) / static_cast<double>(least), least);
  } else if (least > 0) {
    text += ", as few as neurons and memory allow";
  }
  return text + "\n" +
         (mapping.partitioner.empty() ? "" : fmt::format("partition: {}\n", mapping.partitioner));
}

/// "lif1: 512 of 4096, lif2: all 20".
static std::string nodesText(const Mapping::Core &core,
                             const std::map<std::string, int64_t> &sizes) {
  std::string text;
  size_t named = 0;
  for (const Mapping::Neurons &neurons : core.neurons) {
    if (named == mostNames && core.neurons.size() > mostNames + 1) {
      return text + fmt::format(" and {} more", core.neurons.size() - named);
    }
    int64_t here = count(neurons), all = sizes.at(neurons.node);
    text +=
        fmt::format("{}{}: {}", named ? ", " : "", printable(neurons.node),
                    here == all ? fmt::format("all {}", all) : fmt::format("{} of {}", here, all));
    ++named;
  }
  return text.empty() ? "-" : text;
}

namespace {
/// The rows of cores in a table.
class CoreTable {
public:
  explicit CoreTable(const Mapping &mapping) : mapping(mapping) {
    for (const MappedNode &node : nodesOf(mapping)) {
      sizes.emplace(node.name, node.neurons);
    }
    std::vector<std::string> header = {"core", "chip", "place", "neurons"};
    for (const Resource &resource : mapping.resources) {
      header.push_back(printable(resource.name));
    }
    header.emplace_back("nodes");
    rows.push_back(std::move(header));
  }

  void add(size_t number) {
    const Mapping::Core &core = mapping.cores[number];
    std::vector<std::string> row = {fmt::format("{}", number), fmt::format("{}", core.chip),
                                    fmt::format("({}, {})", core.column, core.row),
                                    fmt::format("{}", neuronsOf(core))};
    for (size_t i = 0; i < mapping.resources.size(); ++i) {
      row.push_back(percent(shareOf(mapping, core, i)));
    }
    row.push_back(nodesText(core, sizes));
    rows.push_back(std::move(row));
  }
  void addGap() { rows.push_back({"…"}); }

  /// The nodes, which are last, flush left, and all else flush right.
  std::string str() const {
    Table table(0);
    size_t widest = 0;
    for (const std::vector<std::string> &row : rows) {
      widest = std::max(widest, displayWidth(row.back()) * (row.size() > 1));
    }
    for (std::vector<std::string> row : rows) {
      if (row.size() > 1) {
        row.back().append(widest - displayWidth(row.back()), ' ');
      }
      table.add(std::move(row));
    }
    return table.str();
  }

private:
  const Mapping &mapping;
  std::map<std::string, int64_t> sizes; ///< neurons of each node
  std::vector<std::vector<std::string>> rows;
};
} // namespace

static std::string allCoresText(const Mapping &mapping) {
  CoreTable table(mapping);
  for (size_t core = 0; core < mapping.cores.size(); ++core) {
    table.add(core);
  }
  return table.str();
}

/// The fullest and the emptiest cores.
static std::string extremesText(const Mapping &mapping) {
  std::vector<size_t> order(mapping.cores.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    std::optional<double> ofA = fullest(mapping, mapping.cores[a]);
    std::optional<double> ofB = fullest(mapping, mapping.cores[b]);
    return ofA != ofB ? ofA > ofB : a < b;
  });
  CoreTable table(mapping);
  for (size_t i = 0; i < atEachEnd; ++i) {
    table.add(order[i]);
  }
  table.addGap();
  for (size_t i = order.size() - atEachEnd; i < order.size(); ++i) {
    table.add(order[i]);
  }
  return fmt::format("the fullest and the emptiest of {}; --all shows every one\n{}",
                     nir::counted(mapping.cores.size(), "core"), table.str());
}

/// The mean and the most of a resource over cores.
static std::string meanAndMost(const Mapping &mapping, const std::vector<int32_t> &cores,
                               size_t resource) {
  double sum = 0.0, most = 0.0;
  for (int32_t core : cores) {
    std::optional<double> share = shareOf(mapping, mapping.cores[core], resource);
    if (!share) {
      return "-";
    }
    sum += *share;
    most = std::max(most, *share);
  }
  return fmt::format("{:.1f}, {:.1f} %", 100.0 * sum / static_cast<double>(cores.size()),
                     100.0 * most);
}

static std::string nodeTableText(const MappedModel &model) {
  const Mapping &mapping = model.mapping;
  std::vector<MappedNode> nodes = nodesOf(mapping, model.order);
  Table table(1);
  std::vector<std::string> header = {"node", "neurons", "cores"};
  for (const Resource &resource : mapping.resources) {
    header.push_back(printable(resource.name));
  }
  table.add(header);
  MappedNode all;
  all.name = "all";
  all.cores.resize(mapping.cores.size());
  std::iota(all.cores.begin(), all.cores.end(), 0);
  for (const MappedNode &node : nodes) {
    all.neurons += node.neurons;
  }
  if (nodes.size() > 1) {
    nodes.push_back(all);
  }
  for (const MappedNode &node : nodes) {
    std::vector<std::string> row = {printable(node.name), fmt::format("{}", node.neurons),
                                    fmt::format("{}", node.cores.size())};
    for (size_t i = 0; i < mapping.resources.size(); ++i) {
      row.push_back(meanAndMost(mapping, node.cores, i));
    }
    table.add(row);
  }
  return (mapping.resources.empty()
              ? ""
              : "of each resource the mean and the most over the cores that a node is on\n") +
         table.str();
}

static std::string matrixText(const TrafficMatrix &matrix) {
  Table table(1);
  auto cell = [](int64_t messages) { return messages ? fmt::format("{}", messages) : "·"; };
  std::vector<std::string> header = {fmt::format("from {} to", matrix.kind)};
  for (const std::string &name : matrix.names) {
    header.push_back(printable(name));
  }
  table.add(header);
  auto add = [&](const std::string &name, const std::vector<int64_t> &messages) {
    std::vector<std::string> row = {printable(name)};
    for (int64_t each : messages) {
      row.push_back(cell(each));
    }
    table.add(row);
  };
  add("outside", matrix.fromOutside);
  for (size_t i = 0; i < matrix.names.size(); ++i) {
    add(matrix.names[i], matrix.messages[i]);
  }
  return table.str();
}

static std::string strongestText(const Mapping &mapping) {
  std::vector<LongRoute> routes = strongestRoutes(mapping);
  if (routes.empty()) {
    return "";
  }
  Table table(0);
  table.add({"from core", "to core", "messages"});
  for (size_t i = 0; i < std::min(routes.size(), mostRoutes); ++i) {
    table.add({routes[i].from < 0 ? "outside" : fmt::format("{}", routes[i].from),
               fmt::format("{}", routes[i].to), fmt::format("{}", routes[i].sources)});
  }
  std::string title =
      routes.size() > mostRoutes
          ? fmt::format("the strongest of {} routes; --json has all\n", routes.size())
          : "";
  return title + table.str();
}

/// What is sent, where everything spikes at once.
static std::string trafficText(const MappedModel &model) {
  const Mapping &mapping = model.mapping;
  Traffic traffic = trafficOf(mapping);
  std::string text = fmt::format(
      "messages of a step in which all spike: {} from outside, {} within cores, {} between cores",
      traffic.fromOutside, traffic.toItself, traffic.toItsChip + traffic.toOtherChips);
  if (chipsOf(mapping).size() > 1) {
    text += fmt::format(", {} of them between chips", traffic.toOtherChips);
  }
  text += "\n";
  std::optional<TrafficMatrix> matrix = trafficMatrix(mapping, mostColumns, model.order);
  return text + (matrix ? matrixText(*matrix) : strongestText(mapping));
}

std::string mappingText(const MappedModel &model, bool all) {
  const Mapping &mapping = model.mapping;
  std::string text = coresText(mapping) + "\n";
  if (mapping.cores.size() <= mostRows) {
    text += allCoresText(mapping);
  } else {
    text += nodeTableText(model) + "\n" + (all ? allCoresText(mapping) : extremesText(mapping));
  }
  return text + "\n" + trafficText(model);
}

} // namespace nirc
