//===- Design.cpp - what a design shows of itself -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/Design.h"

using namespace nirc::fpga;

int64_t StateWindow::addressOf(int64_t element) const {
  nir::Shape place(dims.size());
  for (size_t d = place.size(); d-- > 0; element /= dims[d]) {
    place[d] = element % dims[d];
  }
  int64_t index = 0;
  for (int d : order) {
    index = index * dims[static_cast<size_t>(d)] + place[static_cast<size_t>(d)];
  }
  return base + 4 * index;
}
