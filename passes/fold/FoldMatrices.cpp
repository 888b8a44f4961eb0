//===- FoldMatrices.cpp - a matrix after a matrix -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/fold/Fold.h"

using namespace mlir;
using namespace nirc;

namespace {
/// W [..., out, in] with a bias or without.
struct Matrices {
  ElementsAttr weight, bias;
  int64_t count, out, in;
};
} // namespace

static std::optional<Matrices> matricesOf(Operation *node) {
  if (!isa_and_nonnull<nir::AffineOp, nir::LinearOp>(node)) {
    return std::nullopt;
  }
  auto weight = node->getAttrOfType<ElementsAttr>("weight");
  ArrayRef<int64_t> shape = weight.getShapedType().getShape();
  return Matrices{weight, node->getAttrOfType<ElementsAttr>("bias"),
                  llvm::product_of(shape.drop_back(2)), shape[shape.size() - 2], shape.back()};
}

/// Whether one matrix is no more work than two, whatever the share a of the inputs that are not 0:
/// a in out against a in middle + middle out. That grows with a, so that a = 1 decides, where it is
/// the number of weights as well.
static bool isLess(const Matrices &first, const Matrices &second) {
  return first.in * second.out <= first.in * first.out + second.in * second.out;
}

/// Why the product's sums are those of the two; empty where no proof is found.
static StringRef proofOf(Folder &folder, Operation *first, Operation *second) {
  const Element &element = folder.element();
  auto inside = folder.ranges().outOf(folder.indexOf(first));
  auto outside = folder.ranges().outOf(folder.indexOf(second));
  if (!inside || !outside) {
    return "";
  }
  auto left = rangeOf(elementsOf(matricesOf(second)->weight, element));
  auto right = rangeOf(elementsOf(matricesOf(first)->weight, element));
  bool isWhole = left && right && element.holds(*inside) && element.holds(*outside) &&
                 left->grid + right->grid >= element.finest;
  return isWhole ? "no sum is rounded" : "";
}

/// left right, and left right + add for the vector; sums in float64.
static std::vector<double> product(const Matrices &second, ArrayRef<double> left,
                                   ArrayRef<double> right, int64_t columns,
                                   std::vector<double> sums) {
  int64_t out = second.out, middle = second.in;
  sums.resize(second.count * out * columns, 0.0);
  for (int64_t row = 0; row < second.count * out; ++row) {
    int64_t matrix = row / out;
    for (int64_t k = 0; k < middle; ++k) {
      double factor = left[row * middle + k];
      for (int64_t i = 0; i < columns; ++i) {
        sums[row * columns + i] += factor * right[(matrix * middle + k) * columns + i];
      }
    }
  }
  return sums;
}

bool nirc::foldMatrices(Folder &folder, Operation *first) {
  auto inner = matricesOf(first);
  Operation *second = inner ? folder.onlyReader(first) : nullptr;
  auto outer = matricesOf(second);
  if (!outer || inner->count != outer->count || inner->out != outer->in ||
      !isLess(*inner, *outer) ||
      inner->in * inner->out > mostProducts / std::max<int64_t>(1, outer->out * outer->count)) {
    return false;
  }
  StringRef proof = proofOf(folder, first, second);
  bool isExact = !proof.empty();
  if (!isExact && !folder.mayRound()) {
    return false;
  }
  std::vector<double> left = folder.values(outer->weight, isExact);
  SmallVector<int64_t> shape(outer->weight.getShapedType().getShape());
  ElementsAttr biases[] = {outer->weight, inner->bias ? inner->bias : inner->weight,
                           outer->bias ? outer->bias : outer->weight};
  NamedAttrList attributes;
  if (inner->bias || outer->bias) {
    std::vector<double> sums =
        outer->bias ? folder.values(outer->bias, isExact) : std::vector<double>();
    if (inner->bias) {
      sums = product(*outer, left, folder.values(inner->bias, isExact), 1, std::move(sums));
    }
    attributes.set("bias", folder.tensor(ArrayRef(shape).drop_back(), std::move(sums), isExact,
                                         biases, second));
  }
  shape.back() = inner->in;
  attributes.set(
      "weight",
      folder.tensor(shape,
                    product(*outer, left, folder.values(inner->weight, isExact), inner->in, {}),
                    isExact, {outer->weight, inner->weight}, second));
  folder.report(
      first, second, proof,
      isExact ? ""
              : "sums are in another order, products of weights are rounded once, to their dtype");
  if (attributes.get("bias")) {
    folder.merge(nir::AffineOp::getOperationName(), first, second, attributes);
  } else {
    folder.merge(nir::LinearOp::getOperationName(), first, second, attributes);
  }
  return true;
}
