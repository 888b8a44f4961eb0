//===- Layout.cpp - where sums lie ----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/plan/Plan.h"

#include "backends/fpga/Design.h"
#include "passes/bodies/Interval.h"

#include <algorithm>

using namespace nirc;
using namespace nirc::fpga;

static int64_t product(const nir::Shape &dims) {
  int64_t count = 1;
  for (int64_t size : dims) {
    count *= size;
  }
  return count;
}

int64_t Stream::elements() const { return product(dims); }

int Stream::addressBits() const { return addressBitsOf(dims); }

int Stream::valueBits() const {
  return least >= 0 && most <= 1 ? 0 : neededBits({std::min<int64_t>(least, 0), most});
}

size_t Term::Axis::mostEntries() const {
  size_t most = 0;
  for (const std::vector<Entry> &list : entries) {
    most = std::max(most, list.size());
  }
  return most;
}

int64_t Layout::blocks() const { return (dims[lanesDim()] + lanes - 1) / lanes; }
int64_t Layout::elements() const { return product(dims); }

int64_t Layout::words() const {
  int64_t count = blocks();
  for (int d : order) {
    count *= d == lanesDim() ? 1 : dims[d];
  }
  return count;
}

int64_t Layout::stride(int dim) const {
  int64_t words = 1;
  for (size_t i = order.size(); i-- > 0;) {
    if (order[i] == dim) {
      return words;
    }
    words *= order[i] == lanesDim() ? blocks() : dims[order[i]];
  }
  return words;
}

int64_t Layout::elementAt(int64_t place) const {
  int64_t element = 0;
  std::vector<int64_t> strides(dims.size(), 1);
  for (size_t d = dims.size(); d-- > 1;) {
    strides[d - 1] = strides[d] * dims[d];
  }
  for (size_t i = order.size(); i-- > 0; place /= dims[order[i]]) {
    element += place % dims[order[i]] * strides[order[i]];
  }
  return element;
}

std::pair<int64_t, int64_t> Layout::placeOf(int64_t element) const {
  int64_t word = 0, lane = 0;
  for (size_t d = dims.size(); d-- > 0; element /= dims[d]) {
    int64_t coordinate = element % dims[d];
    if (static_cast<int>(d) == lanesDim()) {
      lane = coordinate % lanes;
      coordinate /= lanes;
    }
    word += coordinate * stride(static_cast<int>(d));
  }
  return {word, lane};
}
