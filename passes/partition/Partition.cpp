//===- Partition.cpp - neurons onto cores ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/partition/Partition.h"

#include "ir/Wording.h"
#include "passes/partition/Orders.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace nirc;

namespace {

/// How a core is filled: neurons of an order, and the largest share of a resource that they take.
struct Filled {
  size_t count = 0;
  double fullness = 0.0;
  int64_t load = 0; ///< the sum over the resources, to tell orders apart
};

/// An order of a population, and what became of it alone.
struct Candidate {
  std::string_view name;
  std::vector<int32_t> order;
  double cores = 0.0; ///< the last one counts as far as it is filled
  int64_t load = 0;
};

using Cores = std::vector<std::vector<int32_t>>;

class Partitioner {
public:
  Partitioner(const NeuronGraph &graph, const CoreModel &model) : graph(graph), model(model) {}

  nir::Result<Partition> run(const PartitionOptions &options);

private:
  double fullnessOf(std::span<const int32_t> neurons, int64_t &load) const;
  Filled fillOne(std::span<const int32_t> rest, size_t guess) const;
  nir::Status fill(std::span<const int32_t> order, std::vector<std::vector<int32_t>> &cores) const;
  nir::Status measure(Candidate &candidate, double hopeless) const;
  nir::Status tooLarge(int32_t neuron) const;
  nir::Result<Candidate> bestOrder(const Population &population) const;
  nir::Status halveBusyCores(Cores &cores) const;
  nir::Result<Cores> fillAll(const std::vector<std::vector<int32_t>> &orders, bool &halved) const;

  const NeuronGraph &graph;
  const CoreModel &model;
  /// How many cores each neuron reached when all were filled before; empty the first time.
  std::vector<int32_t> reach;
};

} // namespace

//===----------------------------------------------------------------------===//
// Filling cores
//===----------------------------------------------------------------------===//

double Partitioner::fullnessOf(std::span<const int32_t> neurons, int64_t &load) const {
  std::vector<int64_t> loads = model.load(neurons);
  double fullness = 0.0;
  load = 0;
  for (size_t i = 0; i < loads.size(); ++i) {
    auto limit = static_cast<double>(model.resources()[i].limit);
    fullness = std::max(fullness, static_cast<double>(loads[i]) / limit);
    load += loads[i];
  }
  int64_t routes = 0;
  for (int32_t neuron : neurons) {
    routes += reach.empty() ? 0 : reach[neuron];
  }
  return std::max(fullness, static_cast<double>(routes) / static_cast<double>(model.mostRoutes()));
}

/// The longest beginning of the order that fits, found by taking the load as proportional; as it
/// nearly is, a few tries do, and the last half percent is not worth more. 0 where the first neuron
/// is too much.
Filled Partitioner::fillOne(std::span<const int32_t> rest, size_t guess) const {
  Filled best;
  size_t tooMany = rest.size() + 1, tries = std::clamp<size_t>(guess, 1, rest.size());
  for (int round = 0; best.count + 1 < tooMany; ++round) {
    int64_t load = 0;
    double fullness = fullnessOf(rest.first(tries), load);
    if (fullness <= 1.0) {
      best = {tries, fullness, load};
    } else {
      tooMany = tries;
    }
    if (best.count > 0 && tooMany - best.count <= 1 + best.count / 256) {
      break;
    }
    double step = static_cast<double>(tries) / std::max(fullness, 1e-9);
    bool isSlow = round >= 6;
    tries =
        isSlow ? best.count + (tooMany - best.count) / 2 : static_cast<size_t>(std::min(step, 1e9));
    tries = std::clamp(tries, best.count + 1, tooMany - 1);
  }
  return best;
}

nir::Status Partitioner::tooLarge(int32_t neuron) const {
  std::vector<int64_t> loads = model.load(std::span(&neuron, 1));
  size_t most = 0;
  for (size_t i = 0; i < loads.size(); ++i) {
    most = loads[i] > model.resources()[i].limit ? i : most;
  }
  auto after = std::find_if(graph.populations.begin(), graph.populations.end(),
                            [&](const Population &each) { return each.first > neuron; });
  const Population &population = *std::prev(after);
  return nir::Error::atNode(
             nir::Cause::DoesNotFit, population.node,
             fmt::format("neuron {} needs {} {}, expected at most {}, which is a core",
                         neuron - population.first, loads[most], model.resources()[most].name,
                         model.resources()[most].limit))
      .note("prune its smallest weights, or put a layer between");
}

nir::Status Partitioner::fill(std::span<const int32_t> order,
                              std::vector<std::vector<int32_t>> &cores) const {
  size_t guess = 64;
  while (!order.empty()) {
    Filled filled = fillOne(order, guess);
    if (filled.count == 0) {
      return tooLarge(order.front());
    }
    cores.emplace_back(order.begin(), order.begin() + static_cast<ptrdiff_t>(filled.count));
    order = order.subspan(filled.count);
    guess = filled.count;
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Orders
//===----------------------------------------------------------------------===//

/// Stops at as many cores as are too many anyway.
nir::Status Partitioner::measure(Candidate &candidate, double hopeless) const {
  std::span<const int32_t> rest = candidate.order;
  Filled filled{64, 0.0, 0};
  while (!rest.empty() && candidate.cores <= hopeless) {
    filled = fillOne(rest, filled.count);
    if (filled.count == 0) {
      return tooLarge(rest.front());
    }
    rest = rest.subspan(filled.count);
    candidate.cores += rest.empty() ? filled.fullness : 1.0;
    candidate.load += filled.load;
  }
  return {};
}

/// An order that is not the first has to be better by this much.
constexpr double worthwhile = 0.99;
/// Beyond so many times what neurons and synapses alone need, clusters are looked for.
constexpr double wasteful = 1.12;

nir::Result<Candidate> Partitioner::bestOrder(const Population &population) const {
  Candidate best{"in order", inOrder(population)};
  if (population.count == 0) {
    return best;
  }
  double least = model.leastCores(best.order);
  if (nir::Status failed = measure(best, 3.0 * least + 3.0)) {
    return std::move(*failed);
  }
  auto offer = [&](Candidate candidate) -> nir::Status {
    if (nir::Status failed = measure(candidate, best.cores)) {
      return failed;
    }
    bool fewer = candidate.cores < best.cores * worthwhile;
    bool lighter = candidate.cores <= best.cores && candidate.load < best.load;
    if (fewer || lighter) {
      best = std::move(candidate);
    }
    return {};
  };
  size_t rank = population.shape.size();
  std::vector<Candidate> others;
  if (rank == 2 || rank == 3) {
    others.push_back({"by place", byPlace(population)});
  }
  if (rank == 3) {
    others.push_back({"by tile", byTile(population)});
  }
  for (Candidate &each : others) {
    if (nir::Status failed = offer(std::move(each))) {
      return std::move(*failed);
    }
  }
  if (best.cores > 1.0 && best.cores > wasteful * least) {
    int parts = std::max(2, static_cast<int>(std::ceil(2.0 * least)));
    if (nir::Status failed = offer({"by cluster", byCluster(graph, population, parts)})) {
      return std::move(*failed);
    }
  }
  return best;
}

//===----------------------------------------------------------------------===//
// Routes
//===----------------------------------------------------------------------===//

/// A core with fewer neurons sends fewer spikes, but its own inputs then leave others twice.
nir::Status Partitioner::halveBusyCores(Cores &cores) const {
  for (bool changed = true; changed;) {
    changed = false;
    Mapping mapping;
    mapping.cores.resize(cores.size());
    addRoutes(graph, cores, mapping);
    std::vector<std::vector<int32_t>> before = std::move(cores);
    cores.clear();
    for (size_t i = 0; i < before.size(); ++i) {
      int64_t routes = 0;
      for (const Mapping::Route &route : mapping.cores[i].routes) {
        routes += route.sources;
      }
      auto half = static_cast<ptrdiff_t>(before[i].size() / 2);
      if (routes <= model.mostRoutes()) {
        cores.push_back(std::move(before[i]));
      } else if (half > 0) {
        changed = true;
        cores.emplace_back(before[i].begin(), before[i].begin() + half);
        cores.emplace_back(before[i].begin() + half, before[i].end());
      } else {
        return nir::Error(nir::Cause::DoesNotFit,
                          fmt::format("a neuron reaches {}, expected at most {}, the {} of a core",
                                      nir::counted(routes, "core"), model.mostRoutes(),
                                      model.routeName()))
            .note("prune its smallest weights");
      }
    }
  }
  return {};
}

//===----------------------------------------------------------------------===//
// All of it
//===----------------------------------------------------------------------===//

/// Cores of each list of neurons, and none with too many routes.
nir::Result<Cores> Partitioner::fillAll(const std::vector<std::vector<int32_t>> &orders,
                                        bool &halved) const {
  Cores cores;
  for (const std::vector<int32_t> &order : orders) {
    if (nir::Status failed = fill(order, cores)) {
      return std::move(*failed);
    }
  }
  size_t filled = cores.size();
  if (nir::Status failed = halveBusyCores(cores)) {
    return std::move(*failed);
  }
  halved = cores.size() != filled;
  return cores;
}

/// How many cores each neuron's spikes go to.
static std::vector<int32_t> reachOf(const NeuronGraph &graph, const Cores &cores) {
  std::vector<int32_t> reach(graph.neurons(), 0), last(graph.neurons(), -1);
  for (size_t i = 0; i < cores.size(); ++i) {
    for (int32_t neuron : cores[i]) {
      for (int32_t source : graph.sourcesOf(neuron)) {
        int32_t from = source - graph.inputs;
        if (from >= 0 && last[from] != static_cast<int32_t>(i)) {
          last[from] = static_cast<int32_t>(i);
          ++reach[from];
        }
      }
    }
  }
  return reach;
}

nir::Result<Partition> Partitioner::run(const PartitionOptions &options) {
  Partition partition;
  std::vector<std::vector<int32_t>> orders;
  std::vector<std::string_view> names;
  for (const Population &population : graph.populations) {
    nir::Result<Candidate> best = bestOrder(population);
    if (!best) {
      return best.takeError();
    }
    if (std::find(names.begin(), names.end(), best->name) == names.end()) {
      names.push_back(best->name);
      partition.partitioner += (names.size() > 1 ? ", " : "") + std::string(best->name);
    }
    if (orders.empty() || !options.shareCores) {
      orders.emplace_back();
    }
    orders.back().insert(orders.back().end(), best->order.begin(), best->order.end());
  }
  bool halved = false;
  nir::Result<Cores> cores = fillAll(orders, halved);
  if (!cores) {
    return cores.takeError();
  }
  partition.cores = *std::move(cores);
  if (halved) {
    // Where spikes go is known when all neurons are placed. The second time it is nearly the same,
    // so cores are filled as far as their routes allow, which leaves less empty than halves do.
    reach = reachOf(graph, partition.cores);
    nir::Result<Cores> again = fillAll(orders, halved);
    if (again && again->size() < partition.cores.size()) {
      partition.cores = *std::move(again);
    }
  }
  return partition;
}

nir::Result<Partition> nirc::partition(const NeuronGraph &graph, const CoreModel &cores,
                                       const PartitionOptions &options) {
  return Partitioner(graph, cores).run(options);
}
