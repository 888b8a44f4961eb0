//===- Padding.cpp - what a kernel reads ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/graph/Padding.h"

#include "dialects/nir/Tensors.h"

using namespace mlir;

llvm::SmallVector<int64_t> nirc::perDimension(ElementsAttr attr, size_t dims) {
  std::vector<int64_t> given = nir::viewOf(attr).toInts();
  if (given.size() == 1) {
    return SmallVector<int64_t>(dims, given[0]);
  }
  return SmallVector<int64_t>(given.begin(), given.end());
}

llvm::SmallVector<int64_t> nirc::padsOf(Attribute padding, ArrayRef<int64_t> kernel,
                                        ArrayRef<int64_t> dilations) {
  SmallVector<int64_t> pads(kernel.size(), 0);
  if (auto numbers = dyn_cast<ElementsAttr>(padding)) {
    return perDimension(numbers, kernel.size());
  }
  if (cast<StringAttr>(padding).getValue() == "same") {
    for (size_t d = 0; d < kernel.size(); ++d) {
      pads[d] = (kernel[d] - 1) * dilations[d] / 2;
    }
  }
  return pads;
}
