//===- RelativeDistance.cpp - one number for how far apart ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/RelativeDistance.h"

#include "api/compare/Difference.h"

#include <cmath>
#include <limits>

namespace nirc {

/// The same traces, all 0.
static nir::Recording silenceOf(const nir::Recording &recording) {
  nir::Recording silence{recording.dtSeconds, {}};
  for (const nir::Trace &trace : recording.traces) {
    silence.traces.push_back({trace.node, trace.observable,
                              nir::Tensor::allocate(trace.data.dtype(), trace.data.shape()).first,
                              trace.latency});
  }
  return silence;
}

/// The sum of the squared distances of spikes, and whether there are any traces of spikes.
static nir::Result<std::pair<double, bool>>
spikesBetween(const nir::Recording &base, const nir::Recording &other, double tauSeconds) {
  // The other distance takes time with the product of the numbers of spikes, and is not asked for.
  nir::Result<Difference> difference =
      differenceOf(base, other, {.tauSeconds = tauSeconds, .victorPurpuraBudget = 0});
  if (!difference) {
    return difference.takeError();
  }
  std::pair<double, bool> squares{0.0, false};
  for (const TraceDifference &trace : difference->traces) {
    if (trace.vanRossum) {
      squares.first += *trace.vanRossum * *trace.vanRossum;
      squares.second = true;
    }
  }
  return squares;
}

static double ratio(double square, double base) {
  if (base > 0.0) {
    return std::sqrt(square / base);
  }
  return square > 0.0 ? std::numeric_limits<double>::infinity() : 0.0;
}

static double ofNumbers(const nir::Recording &base, const nir::Recording &other) {
  double square = 0.0, whole = 0.0;
  for (const nir::Trace &trace : base.traces) {
    const nir::Trace *partner = other.find(trace.node, trace.observable);
    for (int64_t i = 0; partner && i < trace.data.size(); ++i) {
      double a = trace.data.at(i), b = partner->data.at(i);
      square += (a - b) * (a - b);
      whole += a * a;
    }
  }
  return ratio(square, whole);
}

nir::Result<RelativeDistance> relativeDistance(const nir::Recording &base,
                                               const nir::Recording &other, double tauSeconds) {
  auto distance = spikesBetween(base, other, tauSeconds);
  if (!distance) {
    return distance.takeError();
  }
  if (!distance->second) {
    return RelativeDistance{false, ofNumbers(base, other)};
  }
  auto whole = spikesBetween(base, silenceOf(base), tauSeconds);
  if (!whole) {
    return whole.takeError();
  }
  return RelativeDistance{true, ratio(distance->first, whole->first)};
}

} // namespace nirc
