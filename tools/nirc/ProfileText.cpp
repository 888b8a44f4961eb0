//===- ProfileText.cpp - a profile as a person reads it -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/ProfileText.h"

#include "tools/nirc/NodeText.h"
#include "tools/nirc/Table.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <numeric>

namespace nirc {

/// "3.4 ms": three digits in the unit that fits.
static std::string timeText(double seconds) {
  for (auto [unit, size] : {std::pair("s", 1.0), {"ms", 1e-3}, {"us", 1e-6}}) {
    if (seconds >= size) {
      return fmt::format("{:.3g} {}", seconds / size, unit);
    }
  }
  return fmt::format("{:.3g} ns", seconds * 1e9);
}

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

std::string profileText(const Profile &profile, double read, double bandwidth) {
  std::string text = compilationText(profile, read);
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

double measureReadBandwidth() {
  std::vector<uint64_t> buffer(size_t(1) << 24, 1); // 128 MB
  double best = 0.0;
  for (int attempt = 0; attempt < 5; ++attempt) {
    auto start = std::chrono::steady_clock::now();
    uint64_t sums[8] = {}; // apart, so that no addition waits for the one before
    for (size_t i = 0; i < buffer.size(); i += 8) {
      for (size_t lane = 0; lane < 8; ++lane) {
        sums[lane] += buffer[i + lane];
      }
    }
    volatile uint64_t kept = std::accumulate(std::begin(sums), std::end(sums), uint64_t(0));
    static_cast<void>(kept);
    double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::max(best, static_cast<double>(buffer.size()) * 8 / seconds);
  }
  return best;
}

} // namespace nirc
