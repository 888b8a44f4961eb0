//===- PerNeuron.h - a number for each neuron of a population ---*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace nirc {

/// The neurons of a population: the channels of its shape, [channels, positions...].
struct Neurons {
  int64_t channels = 1, count = 1;
  int64_t positions() const { return count / channels; }
  bool operator==(const Neurons &) const = default;
};

/// A number for each neuron, written as one for all, one a channel, or one a neuron.
class PerNeuron {
public:
  PerNeuron() = default;
  PerNeuron(double uniform) : numbers{uniform} {}
  PerNeuron(Neurons of, llvm::ArrayRef<double> values) : of(of), numbers(values) {
    assert(numbers.size() == 1 || std::ssize(numbers) == of.channels ||
           std::ssize(numbers) == of.count);
    if (llvm::all_equal(numbers)) {
      numbers.resize(1);
    } else if (std::ssize(numbers) == of.count && isSameWithinChannels()) {
      for (int64_t channel = 0; channel < of.channels; ++channel) {
        numbers[channel] = numbers[channel * of.positions()];
      }
      numbers.resize(of.channels);
    }
  }

  bool isUniform() const { return numbers.size() == 1; }
  bool isByChannel() const { return isUniform() || std::ssize(numbers) == of.channels; }
  llvm::ArrayRef<double> values() const { return numbers; }
  /// Of neuron n.
  double operator[](int64_t n) const {
    if (isUniform()) {
      return numbers[0];
    }
    return std::ssize(numbers) == of.count ? numbers[n] : numbers[n / of.positions()];
  }

  double largest() const { return *std::max_element(numbers.begin(), numbers.end()); }
  double smallest() const { return *std::min_element(numbers.begin(), numbers.end()); }
  /// The largest absolute value.
  double magnitude() const { return std::max(std::abs(largest()), std::abs(smallest())); }
  bool is(double value) const { return isUniform() && numbers[0] == value; }

  template <typename F>
  friend PerNeuron map(F f, const PerNeuron &a) {
    PerNeuron out = a;
    std::transform(a.numbers.begin(), a.numbers.end(), out.numbers.begin(), f);
    return {out.of, out.numbers};
  }
  template <typename F>
  friend PerNeuron map(F f, const PerNeuron &a, const PerNeuron &b) {
    if (b.isUniform()) {
      return map([&](double x) { return f(x, b.numbers[0]); }, a);
    }
    if (a.isUniform()) {
      return map([&](double x) { return f(a.numbers[0], x); }, b);
    }
    llvm::SmallVector<double> values;
    if (a.numbers.size() == b.numbers.size()) {
      for (auto [x, y] : llvm::zip(a.numbers, b.numbers)) {
        values.push_back(f(x, y));
      }
    } else {
      for (int64_t n = 0; n < a.of.count; ++n) {
        values.push_back(f(a[n], b[n]));
      }
    }
    return {a.of, values};
  }
  friend PerNeuron operator*(const PerNeuron &a, const PerNeuron &b) {
    return map([](double x, double y) { return x * y; }, a, b);
  }
  friend PerNeuron operator/(const PerNeuron &a, const PerNeuron &b) {
    return map([](double x, double y) { return x / y; }, a, b);
  }
  friend PerNeuron operator+(const PerNeuron &a, const PerNeuron &b) {
    return map([](double x, double y) { return x + y; }, a, b);
  }
  friend PerNeuron operator-(const PerNeuron &a, const PerNeuron &b) {
    return map([](double x, double y) { return x - y; }, a, b);
  }
  friend bool operator==(const PerNeuron &a, const PerNeuron &b) { return a.numbers == b.numbers; }

private:
  bool isSameWithinChannels() const {
    for (int64_t n = 0; n < of.count; ++n) {
      if (numbers[n] != numbers[n - n % of.positions()]) {
        return false;
      }
    }
    return true;
  }

  Neurons of;
  llvm::SmallVector<double> numbers{0.0};
};

} // namespace nirc
