//===- Orders.cpp - in which order a population fills cores ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/partition/Orders.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>

using namespace nirc;

std::vector<int32_t> nirc::inOrder(const Population &population) {
  std::vector<int32_t> order(population.count);
  std::iota(order.begin(), order.end(), population.first);
  return order;
}

/// All channels of each place, in an order of places.
static std::vector<int32_t> channelsAt(const Population &population,
                                       const std::vector<int32_t> &places) {
  auto channels = static_cast<int32_t>(population.shape[0]);
  auto size = static_cast<int32_t>(places.size());
  std::vector<int32_t> order;
  order.reserve(population.count);
  for (int32_t place : places) {
    for (int32_t channel = 0; channel < channels; ++channel) {
      order.push_back(population.first + channel * size + place);
    }
  }
  return order;
}

std::vector<int32_t> nirc::byPlace(const Population &population) {
  assert(population.shape.size() >= 2 && "there are places behind the channels");
  std::vector<int32_t> places(population.count / population.shape[0]);
  std::iota(places.begin(), places.end(), 0);
  return channelsAt(population, places);
}

/// Where a point of a square, whose side is a power of two, lies on Hilbert's curve through it.
static int64_t alongHilbert(int64_t side, int64_t row, int64_t column) {
  int64_t distance = 0;
  for (int64_t s = side / 2; s > 0; s /= 2) {
    bool right = column & s, down = row & s;
    distance += s * s * (right ? (down ? 2 : 3) : (down ? 1 : 0));
    if (!down) { // the curve in this quarter is turned
      if (right) {
        column = side - 1 - column;
        row = side - 1 - row;
      }
      std::swap(row, column);
    }
  }
  return distance;
}

std::vector<int32_t> nirc::byTile(const Population &population) {
  assert(population.shape.size() == 3 && "rows and columns lie behind the channels");
  int64_t rows = population.shape[1], columns = population.shape[2];
  auto side = static_cast<int64_t>(std::bit_ceil(static_cast<uint64_t>(std::max(rows, columns))));
  std::vector<std::pair<int64_t, int32_t>> places;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) {
      places.emplace_back(alongHilbert(side, row, column),
                          static_cast<int32_t>(row * columns + column));
    }
  }
  std::sort(places.begin(), places.end());
  std::vector<int32_t> inOrder;
  for (auto [distance, place] : places) {
    inOrder.push_back(place);
  }
  return channelsAt(population, inOrder);
}
