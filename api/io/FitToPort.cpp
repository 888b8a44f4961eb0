//===- FitToPort.cpp - arrays as the signal of a port ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/Inputs.h"

#include <algorithm>
#include <fmt/format.h>

namespace nirc {

nir::Shape joined(nir::Shape first, const nir::Shape &rest) {
  first.insert(first.end(), rest.begin(), rest.end());
  return first;
}

std::string innerText(const nir::Shape &shape) {
  std::string text = nir::str(shape);
  return shape.empty() ? "" : ", " + text.substr(1, text.size() - 2);
}

nir::Result<nir::Tensor> fitToPort(const nir::Tensor &array, const InputPort &port, bool &batched,
                                   const std::string &file) {
  const nir::Shape &have = array.shape();
  int64_t elements = nir::numElements(port.shape);
  // The shapes that a step may have in the file: the port's own, flat, and none at all for one
  // element. The last is not taken with a batch: [300, 12] would be 300 samples of 12 steps.
  std::vector<nir::Shape> steps = {port.shape, {elements}};
  if (elements == 1 && have.size() == 1) {
    steps.push_back({});
  }
  for (const nir::Shape &step : steps) {
    for (size_t leading : {size_t(1), size_t(2)}) {
      if (have.size() == leading + step.size() &&
          std::equal(step.begin(), step.end(), have.begin() + static_cast<ptrdiff_t>(leading))) {
        batched = leading == 2;
        nir::Shape whole =
            joined(batched ? nir::Shape{have[0], have[1]} : nir::Shape{1, have[0]}, port.shape);
        if (array.size() == 0) {
          return nir::Error(nir::Cause::EmptyInput,
                            fmt::format("shape {} holds no step", nir::str(have)))
              .in(file);
        }
        return nir::Tensor(array.dtype(), whole, array.share());
      }
    }
  }
  std::string inner = innerText(port.shape);
  return nir::Error(nir::Cause::InputShape,
                    fmt::format("found shape {}, expected [T{}] or [batch, T{}] for input '{}'",
                                nir::str(have), inner, inner, port.node))
      .in(file);
}

} // namespace nirc
