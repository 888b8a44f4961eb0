//===- Exploration.cpp - a model in many number formats -------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Exploration.h"

#include "api/compare/Tradeoff.h"
#include "backends/FrontEnd.h"

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <mutex>
#include <thread>

namespace nirc {

static nir::Status setField(nir::NumberFormat &format, std::string_view name,
                            const std::string &value) {
  for (const nir::FormatField &field : nir::formatFields()) {
    if (field.name == name && !field.set(format, value)) {
      return nir::Error::usage(
          fmt::format("--{}: found '{}', expected {}", name, value, field.expected));
    }
  }
  return std::nullopt;
}

nir::Result<std::vector<nir::NumberFormat>>
combinations(const nir::NumberFormat &base, const std::vector<std::string> &weightBits,
             const std::vector<std::string> &stateBits, const std::vector<std::string> &roundings) {
  std::vector<nir::NumberFormat> all;
  for (const std::string &weights : weightBits) {
    for (const std::string &states : stateBits) {
      for (const std::string &rounding : roundings) {
        nir::NumberFormat format = base;
        for (const auto &[field, value] :
             {std::pair("weight-bits", &weights), std::pair("state-bits", &states),
              std::pair("rounding", &rounding)}) {
          if (nir::Status failed = setField(format, field, *value)) {
            return std::move(*failed);
          }
        }
        if (nir::Status failed = nir::checkNumberFormat(format)) {
          return std::move(*failed).as(nir::ErrorKind::Usage);
        }
        all.push_back(std::move(format));
      }
    }
  }
  return all;
}

/// What the network takes of a small machine's memory, where the target writes code for any.
static nir::Status measureMemory(const Network &network, const Choices &choices,
                                 const std::shared_ptr<FrontEnd> &frontEnd, FormatTrial &trial) {
  Job job = jobOf(network, choices);
  if (!job.frontEnd) {
    job.frontEnd = frontEnd;
  }
  nir::Result<std::optional<MemoryUse>> use = choices.target->memory(job);
  if (!use) {
    return use.takeError();
  }
  if (*use) {
    trial.weightBytes = (*use)->flashBytes();
    trial.stateBytes = (*use)->ramBytes;
  }
  return std::nullopt;
}

/// One format. What it takes in memory is what the target lays out, or else all weights and states
/// packed.
static void tryFormat(const Network &network, Choices choices, const Scorer &scorer, int threads,
                      FormatTrial &trial) {
  choices.quantization->format = trial.format;
  choices.quantization->onReport = [&](const QuantizationReport &report) {
    trial.weightBytes = report.weightBytes;
    trial.stateBytes = report.stateBytes;
    for (const NodeReport &node : report.nodes) {
      trial.weights += node.weights ? node.weights->present : 0;
      trial.vanished += node.weights ? node.weights->vanished : 0;
      trial.vanishedThresholds += node.vanishedThresholds;
    }
  };
  auto frontEnd = std::make_shared<FrontEnd>();
  nir::Result<Compiled> compiled =
      compile(network, choices, {.threads = threads, .frontEnd = frontEnd});
  nir::Result<double> score =
      compiled ? scorer(*compiled->executable, threads) : compiled.takeError();
  if (score) {
    if (nir::Status failed = measureMemory(network, choices, frontEnd, trial)) {
      score = std::move(*failed);
    }
  }
  if (score) {
    trial.score = *score;
  } else {
    const nir::Error &error = score.error();
    trial.error =
        (error.node.empty() ? "" : fmt::format("node '{}': ", error.node)) + error.message;
  }
}

void tryFormats(const Network &network, const Choices &choices, const Scorer &scorer,
                const Manner &manner, std::vector<FormatTrial> &trials) {
  // Compiling is done by one thread: several formats at a time keep all cores at work.
  auto cores = static_cast<size_t>(
      manner.threads ? manner.threads : std::max(1U, std::thread::hardware_concurrency()));
  size_t workers = std::clamp<size_t>(cores, 1, std::max<size_t>(trials.size(), 1));
  auto threads = static_cast<int>(std::max<size_t>(1, cores / workers));
  std::mutex mutex;
  std::atomic<size_t> next = 0;
  size_t done = 0;
  auto work = [&] {
    for (size_t i = next++; i < trials.size(); i = next++) {
      tryFormat(network, choices, scorer, threads, trials[i]);
      std::lock_guard lock(mutex);
      ++done;
      if (manner.progress) {
        manner.progress(static_cast<int64_t>(done), static_cast<int64_t>(trials.size()));
      }
    }
  };
  std::vector<std::jthread> team;
  for (size_t worker = 1; worker < workers; ++worker) {
    team.emplace_back(work);
  }
  work();
}

void Exploration::conclude() {
  bool moreIsBetter = yardstick == Yardstick::Accuracy;
  auto quality = [&](double value) { return moreIsBetter ? value : -value; };
  std::vector<Tradeoff> ways;
  std::vector<size_t> places;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (trials[i].error.empty()) {
      ways.push_back({trials[i].bytes(), quality(trials[i].score)});
      places.push_back(i);
    }
  }
  std::vector<bool> front = paretoFront(ways);
  for (size_t i = 0; i < ways.size(); ++i) {
    trials[places[i]].onFront = front[i];
  }
  constexpr double slack = 1e-12; // 0.5 points of 85.5 % are 85 %
  std::optional<size_t> found =
      mostBytes ? bestOf(ways, *mostBytes) : cheapestOf(ways, quality(leastScore) - slack);
  if (found) {
    proposed = places[*found];
  }
}

} // namespace nirc
