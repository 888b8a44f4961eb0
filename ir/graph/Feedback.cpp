//===- Feedback.cpp - which edges of a cycle are a step late --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/graph/Feedback.h"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <numeric>
#include <random>
#include <tuple>
#include <unordered_map>

namespace nir {

/// Nodes are told apart by what lies within so many edges of them.
static constexpr int mostRounds = 32;

/// So many other orders are tried on what structure does not decide.
static constexpr unsigned otherOrders = 16;

namespace {

/// What breaks ties: the place of a node in the file, and of an edge at its target. None: as it is.
struct Order {
  std::vector<int32_t> ofNodes;
  std::vector<std::vector<int32_t>> ofEdges;
};

class Cutter {
public:
  explicit Cutter(const std::vector<LoopNode> &nodes);

  Status choose(const std::vector<LateEdge> &edges,
                const std::function<std::string(int32_t)> &pathOf);
  const EdgeFlags &chosenEdges() const { return chosen; }
  EdgeFlags cut(const Order &order) const;
  Order fileOrder() const;
  /// Whether two nodes, or two edges between the same nodes, have the same rank.
  bool hasTies() const { return ties; }
  /// Whether an edge of this step closes a cycle.
  bool hasCycles() const;
  /// What `cut` needs, and `hasTies`.
  void rankNodes();
  /// For each node a number that it shares with those on cycles with it (Tarjan's algorithm).
  std::vector<int32_t> loopOf() const;

private:
  std::vector<int32_t> distances(bool fromEntries) const;
  bool refine();

  const std::vector<LoopNode> &nodes;
  std::vector<std::vector<int32_t>> readers;
  std::vector<int32_t> rank; ///< smaller: visited earlier
  bool ties = false;
  EdgeFlags chosen;
};

} // namespace

Cutter::Cutter(const std::vector<LoopNode> &nodes) : nodes(nodes), readers(nodes.size()) {
  for (size_t node = 0; node < nodes.size(); ++node) {
    chosen.emplace_back(nodes[node].sources.size(), false);
    for (int32_t source : nodes[node].sources) {
      readers[source].push_back(static_cast<int32_t>(node));
    }
  }
}

/// Edges to the nearest entry or exit, however slow they are.
std::vector<int32_t> Cutter::distances(bool fromEntries) const {
  std::vector<int32_t> distance(nodes.size(), std::numeric_limits<int32_t>::max());
  std::vector<int32_t> front;
  for (size_t node = 0; node < nodes.size(); ++node) {
    if (fromEntries ? nodes[node].isEntry : nodes[node].isExit) {
      distance[node] = 0;
      front.push_back(static_cast<int32_t>(node));
    }
  }
  for (size_t next = 0; next < front.size(); ++next) {
    int32_t node = front[next];
    for (int32_t other : fromEntries ? readers[node] : nodes[node].sources) {
      if (distance[other] == std::numeric_limits<int32_t>::max()) {
        distance[other] = distance[node] + 1;
        front.push_back(other);
      }
    }
  }
  return distance;
}

/// Gives each node the place of its key among all keys; equal keys share a place.
template <typename Key>
static std::vector<int32_t> ranksOf(const std::vector<Key> &keys) {
  std::vector<int32_t> sorted(keys.size()), ranks(keys.size());
  std::iota(sorted.begin(), sorted.end(), 0);
  std::sort(sorted.begin(), sorted.end(), [&](int32_t a, int32_t b) { return keys[a] < keys[b]; });
  for (size_t i = 1; i < sorted.size(); ++i) {
    ranks[sorted[i]] =
        keys[sorted[i - 1]] < keys[sorted[i]] ? static_cast<int32_t>(i) : ranks[sorted[i - 1]];
  }
  return ranks;
}

void Cutter::rankNodes() {
  std::vector<int32_t> toExit = distances(/*fromEntries=*/false);
  std::vector<int32_t> fromEntry = distances(/*fromEntries=*/true);
  std::vector<std::tuple<int32_t, int32_t, std::string_view, int64_t>> keys;
  keys.reserve(nodes.size());
  for (size_t node = 0; node < nodes.size(); ++node) {
    keys.emplace_back(toExit[node], -fromEntry[node], nodes[node].kind, nodes[node].elements);
  }
  rank = ranksOf(keys);
  for (int round = 0; round < mostRounds && refine(); ++round) {
  }
}

/// Tells nodes of one rank apart by the ranks of those that they read and that read them, as in
/// colour refinement. False where nothing new is told apart; then `ties` says whether any are left.
bool Cutter::refine() {
  auto countOf = [](std::vector<int32_t> ranks) {
    std::sort(ranks.begin(), ranks.end());
    return std::unique(ranks.begin(), ranks.end()) - ranks.begin();
  };
  auto before = countOf(rank);
  ties = before != static_cast<std::ptrdiff_t>(nodes.size());
  if (!ties) {
    return false;
  }
  auto sortedRanks = [&](const std::vector<int32_t> &of) {
    std::vector<int32_t> ranks;
    ranks.reserve(of.size());
    for (int32_t node : of) {
      ranks.push_back(rank[node]);
    }
    std::sort(ranks.begin(), ranks.end());
    return ranks;
  };
  std::vector<std::tuple<int32_t, std::vector<int32_t>, std::vector<int32_t>>> keys;
  keys.reserve(nodes.size());
  for (size_t node = 0; node < nodes.size(); ++node) {
    keys.emplace_back(rank[node], sortedRanks(nodes[node].sources), sortedRanks(readers[node]));
  }
  rank = ranksOf(keys);
  return countOf(rank) != before;
}

Order Cutter::fileOrder() const {
  Order order;
  order.ofNodes.resize(nodes.size());
  std::iota(order.ofNodes.begin(), order.ofNodes.end(), 0);
  for (const LoopNode &node : nodes) {
    order.ofEdges.emplace_back(node.sources.size());
    std::iota(order.ofEdges.back().begin(), order.ofEdges.back().end(), 0);
  }
  return order;
}

/// Depth first against the edges. A source that is still being visited closes a cycle.
EdgeFlags Cutter::cut(const Order &order) const {
  std::vector<int32_t> roots(nodes.size());
  std::iota(roots.begin(), roots.end(), 0);
  // Exits are first: their distance to an exit is 0.
  std::sort(roots.begin(), roots.end(), [&](int32_t a, int32_t b) {
    return std::pair(rank[a], order.ofNodes[a]) < std::pair(rank[b], order.ofNodes[b]);
  });
  enum class State : uint8_t { New, Open, Done };
  std::vector<State> state(nodes.size(), State::New);
  struct Visit {
    int32_t node;
    std::vector<int32_t> edges; ///< those to go to, the next one last
  };
  std::vector<Visit> open; // a stack of its own: a chain of nodes can be as long as the file
  auto enter = [&](int32_t node) {
    state[node] = State::Open;
    Visit visit{node, {}};
    const std::vector<int32_t> &sources = nodes[node].sources;
    for (size_t edge = 0; edge < sources.size() && !nodes[node].isOpaque; ++edge) {
      if (!chosen[node][edge]) {
        visit.edges.push_back(static_cast<int32_t>(edge));
      }
    }
    const std::vector<int32_t> &places = order.ofEdges[node];
    std::sort(visit.edges.begin(), visit.edges.end(), [&](int32_t a, int32_t b) {
      return std::pair(rank[sources[a]], places[a]) > std::pair(rank[sources[b]], places[b]);
    });
    open.push_back(std::move(visit));
  };
  EdgeFlags feedback = chosen;
  for (int32_t root : roots) {
    if (state[root] == State::New) {
      enter(root);
    }
    while (!open.empty()) {
      Visit &visit = open.back();
      if (visit.edges.empty()) {
        state[visit.node] = State::Done;
        open.pop_back();
        continue;
      }
      int32_t edge = visit.edges.back();
      visit.edges.pop_back();
      int32_t source = nodes[visit.node].sources[edge];
      if (state[source] == State::Open) {
        feedback[visit.node][edge] = true;
      } else if (state[source] == State::New) {
        enter(source);
      }
    }
  }
  return feedback;
}

std::vector<int32_t> Cutter::loopOf() const {
  constexpr int32_t none = -1;
  std::vector<int32_t> found(nodes.size(), none), low(nodes.size()), loop(nodes.size(), none), path;
  struct Visit {
    int32_t node;
    size_t next;
  };
  int32_t count = 0, loops = 0;
  for (size_t root = 0; root < nodes.size(); ++root) {
    std::vector<Visit> open;
    auto enter = [&](int32_t node) {
      found[node] = low[node] = count++;
      path.push_back(node);
      open.push_back({node, nodes[node].isOpaque ? nodes[node].sources.size() : 0});
    };
    if (found[root] == none) {
      enter(static_cast<int32_t>(root));
    }
    while (!open.empty()) {
      auto [node, next] = open.back();
      if (next < nodes[node].sources.size()) {
        ++open.back().next;
        int32_t source = nodes[node].sources[next];
        if (found[source] == none) {
          enter(source);
        } else if (loop[source] == none) {
          low[node] = std::min(low[node], found[source]);
        }
        continue;
      }
      open.pop_back();
      if (!open.empty()) {
        low[open.back().node] = std::min(low[open.back().node], low[node]);
      }
      if (low[node] == found[node]) {
        int32_t last = none;
        while (last != node) {
          last = path.back();
          path.pop_back();
          loop[last] = loops;
        }
        ++loops;
      }
    }
  }
  return loop;
}

bool Cutter::hasCycles() const {
  std::vector<int32_t> loop = loopOf();
  for (size_t node = 0; node < nodes.size(); ++node) {
    const std::vector<int32_t> &sources = nodes[node].sources;
    if (!nodes[node].isOpaque && std::any_of(sources.begin(), sources.end(), [&](int32_t source) {
          return loop[source] == loop[node];
        })) {
      return true;
    }
  }
  return false;
}

Status Cutter::choose(const std::vector<LateEdge> &edges,
                      const std::function<std::string(int32_t)> &pathOf) {
  if (edges.empty()) {
    return {};
  }
  std::unordered_map<std::string, int32_t> byPath;
  for (size_t node = 0; node < nodes.size(); ++node) {
    byPath.emplace(pathOf(static_cast<int32_t>(node)), static_cast<int32_t>(node));
  }
  std::vector<int32_t> loop = loopOf();
  for (const LateEdge &edge : edges) {
    for (const std::string &end : {edge.source, edge.target}) {
      if (!byPath.contains(end)) {
        return Error(Cause::LateEdge,
                     fmt::format("late={}:{} names no node '{}'", edge.source, edge.target, end))
            .note("`nirc inspect` lists the nodes, and the feedback edges there are");
      }
    }
    int32_t source = byPath[edge.source], target = byPath[edge.target];
    const LoopNode &node = nodes[target];
    bool isThere = false;
    for (size_t i = 0; i < node.sources.size(); ++i) {
      if (node.sources[i] == source) {
        chosen[target][i] = true;
        isThere = true;
      }
    }
    if (!isThere) {
      return Error::atNode(Cause::LateEdge, edge.target,
                           fmt::format("late={}:{} names an edge from '{}' that is "
                                       "not there",
                                       edge.source, edge.target, edge.source));
    }
    if (node.isOpaque || loop[source] != loop[target]) {
      return Error::atNode(Cause::LateEdge, edge.target,
                           fmt::format("late={}:{} names an edge that lies on no cycle of a step",
                                       edge.source, edge.target))
          .note(
              "only an edge of a cycle can be late, and where neurons read the step before anyway "
              "(schedule=pipelined, spike-test=old, a Delay) there is none: --late none");
    }
  }
  return {};
}

Result<EdgeFlags> feedbackOf(const std::vector<LoopNode> &nodes,
                             const std::vector<LateEdge> &chosen,
                             const std::function<std::string(int32_t)> &pathOf) {
  Cutter cutter(nodes);
  if (Status bad = cutter.choose(chosen, pathOf)) {
    return std::move(*bad);
  }
  if (!cutter.hasCycles()) {
    return cutter.chosenEdges();
  }
  cutter.rankNodes();
  return cutter.cut(cutter.fileOrder());
}

std::vector<UndecidedEdge> undecidedFeedback(const std::vector<LoopNode> &nodes,
                                             const std::vector<LateEdge> &chosen,
                                             const std::function<std::string(int32_t)> &pathOf) {
  Cutter cutter(nodes);
  if (cutter.choose(chosen, pathOf) || !cutter.hasCycles()) {
    return {};
  }
  cutter.rankNodes();
  Order order = cutter.fileOrder();
  EdgeFlags cut = cutter.cut(order);
  std::vector<int32_t> loop = cutter.loopOf();
  std::vector<UndecidedEdge> found;
  auto entryOf = [&](int32_t source, int32_t target) -> UndecidedEdge & {
    auto entry = std::find_if(found.begin(), found.end(), [&](const UndecidedEdge &edge) {
      return edge.source == source && edge.target == target;
    });
    return entry != found.end() ? *entry : found.emplace_back(UndecidedEdge{source, target, {}});
  };
  for (unsigned i = 0; i < otherOrders && cutter.hasTies(); ++i) {
    std::mt19937 random(i); // any will do, the same in each run
    std::shuffle(order.ofNodes.begin(), order.ofNodes.end(), random);
    for (std::vector<int32_t> &edges : order.ofEdges) {
      std::shuffle(edges.begin(), edges.end(), random);
    }
    EdgeFlags other = cutter.cut(order);
    auto notIn = [&](const EdgeFlags &left, const EdgeFlags &right) {
      std::vector<std::pair<int32_t, int32_t>> edges;
      for (size_t node = 0; node < nodes.size(); ++node) {
        for (size_t edge = 0; edge < left[node].size(); ++edge) {
          if (left[node][edge] && !right[node][edge]) {
            edges.emplace_back(nodes[node].sources[edge], static_cast<int32_t>(node));
          }
        }
      }
      return edges;
    };
    // Each cut is minimal, since every edge of it closes a cycle with edges that are not: of two
    // that differ, neither is a part of the other.
    auto gained = notIn(other, cut);
    for (auto [source, target] : notIn(cut, other)) {
      auto &others = entryOf(source, target).others;
      for (const std::pair<int32_t, int32_t> &edge : gained) {
        bool isNew = std::find(others.begin(), others.end(), edge) == others.end();
        if (isNew && loop[edge.second] == loop[target]) {
          others.push_back(edge);
        }
      }
    }
  }
  return found;
}

} // namespace nir
