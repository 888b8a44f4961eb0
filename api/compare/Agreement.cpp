//===- Agreement.cpp - how much of a recording a run has ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/compare/Agreement.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace nirc {

static bool isBefore(const Divergence &a, const Divergence &b) {
  return std::tie(a.step, a.sample, a.element) < std::tie(b.step, b.sample, b.element);
}

static void keepFirst(std::optional<Divergence> &first, const Divergence &found) {
  if (!first || isBefore(found, *first)) {
    first = found;
  }
}

void Agreement::add(const Agreement &other) {
  expected += other.expected;
  agree += other.agree;
  extra += other.extra;
  values += other.values;
  unequal += other.unequal;
  largest = std::max(largest, other.largest);
  if (other.first) {
    keepFirst(first, *other.first);
  }
}

bool isCloser(const Agreement &a, const Agreement &b) {
  // Within the tolerance no error is better than another.
  auto error = [](const Agreement &one) { return one.unequal == 0 ? 0.0 : one.largest; };
  // Beside a recording without spikes no share is larger than another, but fewer spikes are closer.
  auto wrong = [](const Agreement &one) { return one.expected - one.agree + one.extra; };
  return std::tuple(-a.share(), wrong(a), a.unequal, error(a)) <
         std::tuple(-b.share(), wrong(b), b.unequal, error(b));
}

SpikeList SpikeList::of(const nir::Tensor &spikes) {
  const nir::Shape &shape = spikes.shape();
  SpikeList list;
  list.steps = shape[1];
  int64_t size = spikes.size(), width = size == 0 ? 1 : size / shape[0] / shape[1];
  for (int64_t i = 0; i < size; ++i) {
    double count = spikes.at(i);
    if (count != 0.0) {
      list.entries.push_back({i / width / list.steps, i / width % list.steps, i % width, count});
    }
  }
  return list;
}

Agreement agreementOf(const SpikeList &expected, const SpikeList &run, int64_t shift) {
  Agreement result;
  auto found = [&](const SpikeList::Entry &place, double base, double other) {
    result.expected += base;
    result.agree += std::min(base, other);
    result.extra += std::max(0.0, other - base);
    if (base != other) {
      keepFirst(result.first, {place.sample, place.step, place.element, base, other});
    }
  };
  auto order = [](const SpikeList::Entry &entry) {
    return std::tie(entry.sample, entry.step, entry.element);
  };
  auto left = expected.entries.begin();
  for (SpikeList::Entry entry : run.entries) {
    entry.step += shift;
    if (entry.step < 0 || entry.step >= expected.steps) {
      continue;
    }
    for (; left != expected.entries.end() && order(*left) < order(entry); ++left) {
      found(*left, left->count, 0.0);
    }
    bool both = left != expected.entries.end() && order(*left) == order(entry);
    found(entry, both ? left->count : 0.0, entry.count);
    left += both ? 1 : 0;
  }
  for (; left != expected.entries.end(); ++left) {
    found(*left, left->count, 0.0);
  }
  return result;
}

static double distance(double a, double b) {
  if (a == b || (std::isnan(a) && std::isnan(b))) {
    return 0.0;
  }
  double apart = std::abs(a - b);
  return std::isnan(apart) ? std::numeric_limits<double>::infinity() : apart;
}

Agreement agreementOf(const nir::Tensor &expected, const nir::Tensor &run, int64_t shift,
                      double tolerance) {
  Agreement result;
  int64_t samples = expected.shape()[0], steps = expected.shape()[1], has = run.shape()[1];
  int64_t width = expected.size() / samples / steps;
  for (int64_t sample = 0; sample < samples; ++sample) {
    for (int64_t step = std::max<int64_t>(0, shift); step < std::min(steps, has + shift); ++step) {
      for (int64_t element = 0; element < width; ++element) {
        double base = expected.at((sample * steps + step) * width + element);
        double other = run.at((sample * has + step - shift) * width + element);
        double apart = distance(base, other);
        ++result.values;
        result.largest = std::max(result.largest, apart);
        if (apart > tolerance) {
          ++result.unequal;
          keepFirst(result.first, {sample, step, element, base, other});
        }
      }
    }
  }
  return result;
}

} // namespace nirc
