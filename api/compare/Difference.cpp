//===- Difference.cpp - where two recordings differ, and how far ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/Difference.h"

#include "api/compare/SpikeDistance.h"
#include "ir/Wording.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

namespace nirc {

namespace {
/// Two traces of the same size, element by element.
struct Pair {
  const nir::Tensor &base, &other;
  int64_t samples, steps, width;

  int64_t at(int64_t sample, int64_t step, int64_t element) const {
    return (sample * steps + step) * width + element;
  }
  bool sameBits() const {
    return base.dtype() == other.dtype() &&
           std::memcmp(base.bytes(), other.bytes(), base.sizeInBytes()) == 0;
  }
};

/// The spikes of one neuron in one sample.
struct Train {
  double count = 0.0;
  std::vector<double> times; ///< ascending; of `count` spikes where `isWhole()`
  bool isWhole() const { return count == static_cast<double>(times.size()); }
};
} // namespace

bool Difference::equal() const {
  return std::all_of(traces.begin(), traces.end(),
                     [](const TraceDifference &trace) { return trace.unequal == 0; });
}

const TraceDifference *Difference::first() const {
  const TraceDifference *earliest = nullptr;
  for (const TraceDifference &trace : traces) {
    if (trace.first && (!earliest || trace.first->step < earliest->first->step)) {
      earliest = &trace;
    }
  }
  return earliest;
}

static nir::Shape nodeShape(const nir::Trace &trace) {
  return {trace.data.shape().begin() + 2, trace.data.shape().end()};
}

static double distance(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) {
    return 0.0;
  }
  double apart = std::abs(a - b);
  return std::isnan(apart) ? std::numeric_limits<double>::infinity() : apart;
}

/// The values that differ, their number and the first of them.
static void compareValues(const Pair &pair, double tolerance, TraceDifference &result) {
  for (int64_t step = 0; step < pair.steps; ++step) {
    for (int64_t sample = 0; sample < pair.samples; ++sample) {
      for (int64_t element = 0; element < pair.width; ++element) {
        int64_t at = pair.at(sample, step, element);
        double base = pair.base.at(at);
        double other = pair.other.at(at);
        double apart = distance(base, other);
        result.largest = std::max(result.largest, apart);
        if (apart > tolerance) {
          ++result.unequal;
          if (!result.first) {
            result.first = Divergence{sample, step, element, base, other};
          }
        }
      }
    }
  }
}

/// The spikes of every neuron in one sample. A file may claim any number of them in a step: more
/// than memory is there for are counted only.
static std::vector<Train> trainsOf(const nir::Tensor &spikes, const Pair &pair, int64_t sample,
                                   double dtSeconds) {
  constexpr double most = 1 << 24;
  std::vector<Train> trains(static_cast<size_t>(pair.width));
  for (int64_t step = 0; step < pair.steps; ++step) {
    for (int64_t element = 0; element < pair.width; ++element) {
      double count = spikes.at(pair.at(sample, step, element));
      if (!(count > 0.0)) {
        continue;
      }
      Train &train = trains[static_cast<size_t>(element)];
      train.count += count;
      if (train.count <= most) {
        train.times.insert(train.times.end(), static_cast<size_t>(count),
                           static_cast<double>(step) * dtSeconds);
      }
    }
  }
  return trains;
}

/// Of equal traces only the number of spikes is left to find.
static void countSpikes(const nir::Tensor &spikes, double dtSeconds, TraceDifference &result) {
  for (int64_t i = 0; i < spikes.size(); ++i) {
    result.baseSpikes += spikes.at(i);
  }
  result.otherSpikes = result.baseSpikes;
  if (dtSeconds > 0.0) {
    result.vanRossum = 0.0;
    result.victorPurpura = 0.0;
  }
}

/// Numbers of spikes and the distances of trains, neuron by neuron.
static void compareTrains(const Pair &pair, double dtSeconds, const DifferenceOptions &options,
                          TraceDifference &result) {
  Cosine cosine;
  double squared = 0.0;
  std::optional<double> cost = 0.0;
  bool measured = dtSeconds > 0.0;
  int64_t budget = options.victorPurpuraBudget;
  for (int64_t sample = 0; sample < pair.samples; ++sample) {
    std::vector<Train> bases = trainsOf(pair.base, pair, sample, dtSeconds);
    std::vector<Train> others = trainsOf(pair.other, pair, sample, dtSeconds);
    for (size_t i = 0; i < bases.size(); ++i) {
      const Train &base = bases[i];
      const Train &other = others[i];
      result.baseSpikes += base.count;
      result.otherSpikes += other.count;
      cosine.add(base.count, other.count);
      measured = measured && base.isWhole() && other.isWhole();
      if (!measured || base.times == other.times) {
        continue;
      }
      squared += vanRossumSquared(base.times, other.times, options.tauSeconds);
      if (cost) {
        std::optional<double> here =
            victorPurpura(base.times, other.times, options.costPerSecond, budget);
        cost = here ? std::optional(*cost + *here) : std::nullopt;
      }
    }
  }
  result.cosine = cosine.value();
  if (measured) {
    result.vanRossum = std::sqrt(squared);
    result.victorPurpura = cost;
  }
}

static TraceDifference compareTraces(const nir::Trace &base, const nir::Trace &other,
                                     double dtSeconds, const DifferenceOptions &options) {
  const nir::Shape &shape = base.data.shape();
  Pair pair{base.data, other.data, shape[0], shape[1], nir::numElements(nodeShape(base))};
  TraceDifference result;
  result.node = base.node;
  result.observable = base.observable;
  // NIRData has no shapes of nodes: the side that has one says where the neuron is.
  bool otherSaysMore = other.data.rank() > base.data.rank();
  result.shape = nodeShape(otherSaysMore ? other : base);
  result.isSpikes = base.observable == "spikes";
  if (!pair.sameBits()) {
    compareValues(pair, result.isSpikes ? 0.0 : options.tolerance, result);
  }
  if (result.isSpikes && !result.first) {
    countSpikes(base.data, dtSeconds, result);
  } else if (result.isSpikes) {
    compareTrains(pair, dtSeconds, options, result);
  } else if (result.largest > 0.0) {
    Cosine cosine;
    for (int64_t i = 0; i < base.data.size(); ++i) {
      cosine.add(base.data.at(i), other.data.at(i));
    }
    result.cosine = cosine.value();
  }
  return result;
}

/// Whether the two can be compared at all.
static nir::Status comparable(const nir::Trace &base, const nir::Trace &other) {
  const nir::Shape &have = other.data.shape();
  const nir::Shape &want = base.data.shape();
  const char *what = have[0] != want[0] ? "sample" : have[1] != want[1] ? "step" : nullptr;
  if (what) {
    size_t dim = have[0] != want[0] ? 0 : 1;
    return nir::Error::atNode(nir::Cause::NotComparable, other.node,
                              fmt::format("{} has {}, expected {} as what it is compared with",
                                          other.observable, nir::counted(have[dim], what),
                                          want[dim]));
  }
  if (other.data.size() != base.data.size()) {
    return nir::Error::atNode(
        nir::Cause::NotComparable, other.node,
        fmt::format("{} has shape {}, expected {} as what it is compared with", other.observable,
                    nir::str(nodeShape(other)), nir::str(nodeShape(base))));
  }
  return std::nullopt;
}

static std::vector<std::string> namesOfRest(const nir::Recording &all, const nir::Recording &from) {
  std::vector<std::string> names;
  for (const nir::Trace &trace : all.traces) {
    if (!from.find(trace.node, trace.observable)) {
      names.push_back(trace.node + " " + trace.observable);
    }
  }
  return names;
}

/// Whether each side has one trace and these are of one kind: then names do not matter.
static bool areAlone(const nir::Recording &base, const nir::Recording &other) {
  return base.traces.size() == 1 && other.traces.size() == 1 &&
         (base.traces[0].observable == "spikes") == (other.traces[0].observable == "spikes");
}

const nir::Trace *partnerOf(const nir::Recording &base, const nir::Trace &trace,
                            const nir::Recording &other) {
  return areAlone(base, other) ? &other.traces[0] : other.find(trace.node, trace.observable);
}

nir::Result<Difference> differenceOf(const nir::Recording &base, const nir::Recording &other,
                                     const DifferenceOptions &options) {
  double dt = std::max(base.dtSeconds, other.dtSeconds);
  double least = std::min(base.dtSeconds, other.dtSeconds);
  if (least > 0.0 && dt - least > 1e-9 * dt) {
    return nir::Error(nir::Cause::NotComparable,
                      fmt::format("found steps of {} s, expected {} s as what it is compared with",
                                  other.dtSeconds, base.dtSeconds));
  }
  Difference difference;
  for (const nir::Trace &trace : base.traces) {
    const nir::Trace *partner = partnerOf(base, trace, other);
    if (!partner) {
      continue;
    }
    if (nir::Status failed = comparable(trace, *partner)) {
      return std::move(*failed);
    }
    difference.traces.push_back(compareTraces(trace, *partner, dt, options));
  }
  if (!areAlone(base, other)) {
    difference.onlyInBase = namesOfRest(base, other);
    difference.onlyInOther = namesOfRest(other, base);
  }
  if (difference.traces.empty()) {
    return nir::Error(nir::Cause::NotComparable,
                      "has no recorded node in common with what it is compared with");
  }
  return difference;
}

} // namespace nirc
