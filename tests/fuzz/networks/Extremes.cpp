//===- Extremes.cpp - parameters that nobody would choose -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/networks/Draw.h"

#include "ir/graph/Check.h"
#include "tests/support/Shrink.h"

#include <algorithm>

namespace nir::fuzz {

/// Around where floats lose their digits, overflow, or become something else than they say.
static double extreme(test::Random &random) {
  static const std::vector<double> values = {
      0.0,   -0.0,   1e-45,     -1e-45,   1.1754944e-38, 1e-40,       3.4028235e38, -3.4e38,
      1e300, -1e300, 5e-324,    2.2e-308, 16777217.0,    0.1,         1.0 / 3.0,    -1.0,
      1e-6,  1e-3,   1.0,       1e6,      65504.0,       6e-8,        0x1p-24,      0x1p24,
      1e12,  -1e12,  0x1p-1022, 0x1p53,   1.0000001,     0.999999999, 2147483648.0, -128.0,
      127.5, 0.5,    -0.5,      1e-9,     1e9,           0x1p31,      -0x1p31,      0x1p63};
  return random.pick(values);
}

static Tensor changed(const Tensor &tensor, test::Random &random) {
  std::vector<double> values = tensor.toDoubles();
  bool isAll = random.chance(0.3);
  double one = extreme(random);
  for (double &value : values) {
    if (isAll || random.chance(0.3)) {
      value = isAll ? one : extreme(random);
    }
  }
  return test::tensorOf(tensor.dtype(), tensor.shape(), values);
}

Graph withExtremes(Graph graph, test::Random &random) {
  for (size_t i = 0; i < test::countParameters(graph); ++i) {
    if (!random.chance(0.15)) {
      continue;
    }
    Graph other = test::withParameter(graph, i, [&](const Tensor &tensor) {
      return isFloat(tensor.dtype()) ? changed(tensor, random) : tensor;
    });
    if (check(other).ok()) {
      graph = std::move(other);
    }
  }
  return graph;
}

} // namespace nir::fuzz
