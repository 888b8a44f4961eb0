//===- FlatGraph.cpp - nested graphs made flat ----------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/FlatGraph.h"

#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace nir {

/// A file can be wrong in as many places as it has edges; a person reads the first few.
static constexpr size_t mostProblems = 100;

static void report(std::vector<Diagnostic> &problems, Error error) {
  if (problems.size() < mostProblems) {
    problems.push_back(std::move(error));
  }
}

FlatGraph FlatGraph::of(const Graph &graph, std::vector<Diagnostic> &problems) {
  FlatGraph flat;
  flat.layOut(graph, problems);
  flat.connect(problems);
  flat.in = flat.group(&Edge::target);
  flat.out = flat.group(&Edge::source);
  return flat;
}

void FlatGraph::layOut(const Graph &graph, std::vector<Diagnostic> &problems) {
  struct Visit {
    int32_t scope;
    size_t next;
  };
  scopes.push_back({&graph, nullptr, -1, -1, {}, {}});
  names.emplace_back();
  std::vector<Visit> open{{0, 0}};
  while (!open.empty()) {
    auto [scope, next] = open.back();
    if (next == scopes[scope].graph->nodes.size()) {
      open.pop_back();
      continue;
    }
    ++open.back().next;
    const Node &node = scopes[scope].graph->nodes[next];
    if (const Graph *inner = node.as<Graph>()) {
      auto index = static_cast<int32_t>(scopes.size());
      addName(scope, node, {true, index}, problems);
      scopes.push_back({inner, &node, scope, static_cast<int32_t>(next), {}, {}});
      names.emplace_back();
      open.push_back({index, 0});
      continue;
    }
    auto index = static_cast<int32_t>(nodes.size());
    addName(scope, node, {false, index}, problems);
    nodes.push_back({&node, scope, static_cast<int32_t>(next)});
    if (node.as<Input>()) {
      scopes[scope].inputs.push_back(index);
    } else if (node.as<Output>()) {
      scopes[scope].outputs.push_back(index);
    }
  }
}

void FlatGraph::addName(int32_t scope, const Node &node, Named meaning,
                        std::vector<Diagnostic> &problems) {
  // A lone node (nir::Model) has no name.
  bool isLone = scope == 0 && scopes[0].graph->nodes.size() == 1;
  if (node.name.empty() && !isLone) {
    report(problems, Error::atNode(Cause::NodeName, scopePath(scope),
                                   fmt::format("a {} node has an empty name, expected a name to "
                                               "connect it by",
                                               node.type())));
    return;
  }
  if (!names[scope].byName.emplace(node.name, meaning).second) {
    report(problems, Error::atNode(Cause::NodeName, scopePath(scope),
                                   fmt::format("two nodes are called '{}', expected one of a name",
                                               node.name)));
    return;
  }
  if (meaning.isScope) {
    names[scope].longestSubgraph = std::max(names[scope].longestSubgraph, node.name.size());
  }
}

std::optional<FlatGraph::Named> FlatGraph::find(std::string_view name, int32_t scope) const {
  struct Part {
    std::string_view rest;
    int32_t scope;
  };
  // A subgraph is looked at once at most: the letters before `rest` are its path.
  std::vector<Part> parts{{name, scope}};
  while (!parts.empty()) {
    Part part = parts.back();
    parts.pop_back();
    const Names &here = names[part.scope];
    if (auto exact = here.byName.find(part.rest); exact != here.byName.end()) {
      return exact->second;
    }
    size_t firstPrefix = parts.size();
    for (size_t dot = part.rest.find('.'); dot <= here.longestSubgraph;
         dot = part.rest.find('.', dot + 1)) {
      auto prefix = here.byName.find(part.rest.substr(0, dot));
      if (prefix != here.byName.end() && prefix->second.isScope) {
        parts.push_back({part.rest.substr(dot + 1), prefix->second.index});
      }
    }
    std::reverse(parts.begin() + static_cast<ptrdiff_t>(firstPrefix), parts.end());
  }
  return std::nullopt;
}

void FlatGraph::connect(std::vector<Diagnostic> &problems) {
  for (size_t scope = 0; scope < scopes.size(); ++scope) {
    const std::vector<nir::Edge> &list = scopes[scope].graph->edges;
    for (size_t i = 0; i < list.size() && problems.size() < mostProblems; ++i) {
      auto where = static_cast<int32_t>(scope);
      Result<int32_t> source = endOf(list[i], false, where), target = endOf(list[i], true, where);
      if (source && target) {
        edges.push_back({*source, *target, where, static_cast<int32_t>(i)});
        continue;
      }
      if (!source) {
        report(problems, source.takeError());
      }
      if (!target) {
        report(problems, target.takeError());
      }
    }
  }
}

/// The fix of an edge whose end is a subgraph without a port, or with several.
static std::string choosePort(const std::string &subgraph, const std::vector<std::string> &ports,
                              std::string_view type) {
  if (ports.empty()) {
    return fmt::format("give '{}' an {} node", subgraph, type);
  }
  return fmt::format("write '{}.{}'", subgraph, ports.front());
}

Result<int32_t> FlatGraph::endOf(const nir::Edge &edge, bool isTarget, int32_t scope) const {
  const std::string &name = isTarget ? edge.target : edge.source;
  auto fault = [&](const std::string &what) {
    return Error::atNode(Cause::UnknownEdge, scopePath(scope),
                         fmt::format("edge ('{}', '{}') {} '{}', {}", edge.source, edge.target,
                                     isTarget ? "goes to" : "comes from", name, what));
  };

  std::optional<Named> named = find(name, scope);
  if (!named) {
    std::vector<std::string> known = namesIn(scope);
    Error error =
        fault(fmt::format("which is not a node of this {}; its nodes are {}",
                          scope ? "subgraph" : "graph", known.empty() ? "none" : quoted(known)));
    // A subgraph whose nodes were written beside the others, as 'lif1.input' and 'lif1.lif'.
    if (std::string meant = name + (isTarget ? ".input" : ".output"); find(meant, scope)) {
      return std::move(error).note(fmt::format(
          "{} is the node that '{}' stands for: write the edge so, or '{}' as a subgraph",
          quoted({meant}), name, name));
    }
    if (std::string meant = nearest(name, known); !meant.empty()) {
      return std::move(error).note(fmt::format("did you mean '{}'?", meant));
    }
    return error;
  }

  const char *port = isTarget ? "Input" : "Output";
  if (named->isScope) {
    const Scope &subgraph = scopes[named->index];
    const std::vector<int32_t> &ports = isTarget ? subgraph.inputs : subgraph.outputs;
    if (ports.size() == 1) {
      return ports[0];
    }
    std::vector<std::string> portNames;
    for (int32_t node : ports) {
      portNames.push_back(nodes[node].node->name);
    }
    std::string found =
        ports.empty() ? fmt::format("a subgraph without an {} node", port)
                      : fmt::format("a subgraph with the {} nodes {}", port, quoted(portNames));
    return fault(found + ", expected one " + port).note(choosePort(name, portNames, port));
  }

  const Leaf &leaf = nodes[named->index];
  bool isPort = leaf.node->type() == port;
  if (leaf.scope != scope && !isPort) {
    return fault(fmt::format("the {} node inside a subgraph, expected an {} node of the subgraph",
                             leaf.node->type(), port));
  }
  if (isTarget && isEntry(named->index)) {
    return fault("an Input of the outermost graph, expected a node that takes signals");
  }
  if (!isTarget && isExit(named->index)) {
    return fault("an Output of the outermost graph, expected a node that passes signals on");
  }
  return named->index;
}

std::vector<std::string> FlatGraph::namesIn(int32_t scope) const {
  std::vector<std::string> all;
  for (const Node &node : scopes[scope].graph->nodes) {
    all.push_back(node.name);
  }
  return all;
}

FlatGraph::Lists FlatGraph::group(int32_t Edge::*end) const {
  Lists lists;
  lists.begin.assign(nodes.size() + 1, 0);
  for (const Edge &edge : edges) {
    ++lists.begin[edge.*end + 1];
  }
  for (size_t i = 0; i < nodes.size(); ++i) {
    lists.begin[i + 1] += lists.begin[i];
  }
  std::vector<int32_t> next(lists.begin.begin(), lists.begin.end() - 1);
  lists.edges.resize(edges.size());
  for (size_t i = 0; i < edges.size(); ++i) {
    lists.edges[next[edges[i].*end]++] = static_cast<int32_t>(i);
  }
  return lists;
}

std::string FlatGraph::path(int32_t node) const {
  return join(scopePath(nodes[node].scope), nodes[node].node->name);
}

std::string FlatGraph::scopePath(int32_t scope) const {
  std::vector<std::string_view> parts;
  for (; scopes[scope].node; scope = scopes[scope].parent) {
    parts.push_back(scopes[scope].node->name);
  }
  std::reverse(parts.begin(), parts.end());
  return fmt::format("{}", fmt::join(parts, "."));
}

bool FlatGraph::isEntry(int32_t node) const {
  return nodes[node].scope == 0 && nodes[node].node->as<Input>();
}

bool FlatGraph::isExit(int32_t node) const {
  return nodes[node].scope == 0 && nodes[node].node->as<Output>();
}

bool FlatGraph::isWithinReach(int32_t node, bool isSource) const {
  const Leaf &leaf = nodes[node];
  if (leaf.scope == 0) {
    return isSource ? !isExit(node) : !isEntry(node);
  }
  bool isPort = isSource ? leaf.node->as<Output>() != nullptr : leaf.node->as<Input>() != nullptr;
  return scopes[leaf.scope].parent == 0 && isPort;
}

/// The graph of a scope, in a copy of the graph that `flat` lays out.
static Graph &graphOf(Graph &copy, const FlatGraph &flat, int32_t scope) {
  const FlatGraph::Scope &here = flat.scopes[scope];
  return here.parent < 0
             ? copy
             : std::get<Graph>(graphOf(copy, flat, here.parent).nodes[here.index].params);
}

/// All but the first of each two ends.
static std::vector<const FlatGraph::Edge *> duplicatesIn(const FlatGraph &flat) {
  std::set<std::pair<int32_t, int32_t>> seen;
  std::vector<const FlatGraph::Edge *> doubled;
  for (const FlatGraph::Edge &edge : flat.edges) {
    if (!seen.emplace(edge.source, edge.target).second) {
      doubled.push_back(&edge);
    }
  }
  return doubled;
}

bool hasDuplicates(const Graph &graph) {
  std::vector<Diagnostic> ignored;
  return !duplicatesIn(FlatGraph::of(graph, ignored)).empty();
}

Graph withoutDuplicates(const Graph &graph) {
  std::vector<Diagnostic> ignored;
  FlatGraph flat = FlatGraph::of(graph, ignored);
  std::vector<const FlatGraph::Edge *> doubled = duplicatesIn(flat);
  Graph copy = graph;
  // From the back of each list, so that the indices of those before hold.
  std::sort(doubled.begin(), doubled.end(),
            [](const auto *a, const auto *b) { return a->index > b->index; });
  for (const FlatGraph::Edge *edge : doubled) {
    std::vector<Edge> &edges = graphOf(copy, flat, edge->scope).edges;
    edges.erase(edges.begin() + edge->index);
  }
  return copy;
}

} // namespace nir
