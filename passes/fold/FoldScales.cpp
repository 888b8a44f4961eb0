//===- FoldScales.cpp - factors into weights ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "passes/fold/Fold.h"

#include <cmath>

using namespace mlir;
using namespace nirc;

//===----------------------------------------------------------------------===//
// One factor a weight
//===----------------------------------------------------------------------===//

static ElementsAttr weightOf(Operation *node) {
  if (auto scale = dyn_cast<nir::ScaleOp>(node)) {
    return scale.getScale();
  }
  return node->getAttrOfType<ElementsAttr>("weight");
}

/// Its type, as MLIR spells it.
static StringRef nameOf(Operation *node) { return node->getName().getStringRef(); }

static StringRef weightName(Operation *node) {
  return isa<nir::ScaleOp>(node) ? "scale" : "weight";
}

/// Equal factors in each of `count` parts of the same size, as one a part; none where they differ.
static std::optional<std::vector<double>> onePerPart(ArrayRef<double> factors, int64_t count) {
  std::vector<double> parts;
  size_t size = factors.size() / static_cast<size_t>(count);
  for (int64_t part = 0; part < count; ++part) {
    ArrayRef<double> same = factors.slice(part * size, size);
    if (same.empty() || !llvm::all_equal(same)) {
      return std::nullopt;
    }
    parts.push_back(same.front());
  }
  return parts;
}

/// The factor by which each weight of `node` is multiplied if what it reads is multiplied by
/// `factors`, one for each number that it reads.
static std::optional<std::vector<double>> factorsBefore(Operation *node, ArrayRef<double> factors) {
  ArrayRef<int64_t> shape = weightOf(node).getShapedType().getShape();
  int64_t size = weightOf(node).getNumElements();
  std::vector<double> all(size);
  if (isa<nir::ScaleOp>(node)) {
    return std::vector<double>(factors.begin(), factors.end());
  }
  if (isa<nir::AffineOp, nir::LinearOp>(node)) { // [..., out, in]
    int64_t in = shape.back(), out = shape[shape.size() - 2];
    for (int64_t i = 0; i < size; ++i) {
      all[i] = factors[i / (out * in) * in + i % in];
    }
    return all;
  }
  // [out, in / groups, kernel...]
  int64_t groups = nir::viewOf(node->getAttrOfType<ElementsAttr>("groups")).intAt(0);
  int64_t out = shape[0], in = shape[1];
  auto channels = onePerPart(factors, in * groups);
  if (!channels) {
    return std::nullopt;
  }
  int64_t kernel = size / (out * in);
  for (int64_t i = 0; i < size; ++i) {
    int64_t group = i / (kernel * in) / (out / groups);
    all[i] = (*channels)[group * in + i / kernel % in];
  }
  return all;
}

/// The same if what it passes on is multiplied: a factor for each of its rows.
static std::optional<std::vector<double>> factorsAfter(Operation *node, ArrayRef<double> factors) {
  if (isa<nir::AffineOp, nir::LinearOp>(node)) {
    return std::vector<double>(factors.begin(), factors.end());
  }
  return onePerPart(factors, weightOf(node).getShapedType().getShape().front());
}

/// One factor for each number of `signal`.
static std::vector<double> perNumber(std::vector<double> factors, Value signal) {
  auto shape = cast<nir::SignalType>(signal.getType()).getShape();
  factors.resize(llvm::product_of(shape), factors.front());
  return factors;
}

//===----------------------------------------------------------------------===//
// Proofs: docs/folding.md
//===----------------------------------------------------------------------===//

static bool areSigns(ArrayRef<double> factors) {
  return llvm::all_of(factors, [](double s) { return std::abs(s) == 1.0; });
}

static bool arePowersOfTwo(ArrayRef<double> factors) {
  constexpr double half = 0.5;
  return llvm::all_of(factors, [](double s) {
    int exponent = 0;
    return s != 0.0 && std::isfinite(s) && std::abs(std::frexp(s, &exponent)) == half;
  });
}

/// Whether a proof is out of reach, as far as can be told without a look at the weights.
static bool isHopeless(Folder &folder, Operation *first, ArrayRef<double> factors) {
  return !folder.mayRound() && !areSigns(factors) && !folder.ranges().into(folder.indexOf(first));
}

/// The range of numbers of range `range` times such factors.
static Range timesPowers(Range range, ArrayRef<double> factors) {
  int least = std::numeric_limits<int>::max(), most = std::numeric_limits<int>::min();
  for (double s : factors) {
    least = std::min(least, std::ilogb(s));
    most = std::max(most, std::ilogb(s));
  }
  return {range.grid + least, std::ldexp(range.bound, most)};
}

/// Whether each product of a weight and its factor is a number of the run.
static bool areExact(ArrayRef<double> weights, ArrayRef<double> factors, const Element &element) {
  for (auto [weight, factor] : llvm::zip_equal(weights, factors)) {
    double product = weight * factor;
    // Far above the smallest double, so that fma finds what the product leaves.
    constexpr double least = 0x1p-900;
    if ((product != 0.0 && std::abs(product) < least) || !std::isfinite(product) ||
        element.rounded(product) != product || std::fma(weight, factor, -product) != 0.0 ||
        (product == 0.0 && weight != 0.0 && factor != 0.0)) {
      return false;
    }
  }
  return true;
}

/// Why a Scale before `reader` can go into its weights without a change; empty where no proof is
/// found. `before` are the Scale's factors, `each` those of the weights, all as the run reads them.
static StringRef proofBefore(Folder &folder, Operation *scale, Operation *reader,
                             ArrayRef<double> before, ArrayRef<double> each) {
  const Element &element = folder.element();
  std::vector<double> weights = elementsOf(weightOf(reader), element);
  weights.resize(each.size(), weights.front());
  if (areSigns(before)) {
    return "signs go through products";
  }
  std::optional<Range> input = folder.ranges().into(folder.indexOf(scale));
  if (!input) {
    return "";
  }
  bool areFinite = llvm::all_of(llvm::zip_equal(weights, each), [&](auto pair) {
    return std::isfinite(element.rounded(std::get<0>(pair) * std::get<1>(pair)));
  });
  if (input->grid >= 0 && input->bound <= 1.0 && areFinite) {
    return "of spikes there is one product";
  }
  if (arePowersOfTwo(before) && element.spans(timesPowers(*input, before)) &&
      areExact(weights, each, element)) {
    return "powers of two shift products";
  }
  std::optional<Range> scaled = folder.ranges().outOf(folder.indexOf(scale));
  std::optional<Range> result = folder.ranges().outOf(folder.indexOf(reader));
  bool isWhole = scaled && result && element.holds(*scaled) && element.holds(*result);
  return isWhole && areExact(weights, each, element) ? "no sum is rounded" : "";
}

/// The same for a Scale behind `node`.
static StringRef proofAfter(Folder &folder, Operation *node, Operation *scale,
                            ArrayRef<double> after, ArrayRef<double> each, ArrayRef<double> biases,
                            ArrayRef<double> biasFactors) {
  const Element &element = folder.element();
  if (areSigns(after)) {
    return "signs go through sums";
  }
  std::optional<Range> input = folder.ranges().into(folder.indexOf(node));
  std::optional<Rows> rows = rowsOf(node, element);
  std::optional<Range> sums = input && rows ? sumsOf(*rows, *input) : std::nullopt;
  if (!sums || !areExact(rows->weights, each, element) || !areExact(biases, biasFactors, element)) {
    return "";
  }
  Range rounded{sums->grid, sums->bound * 2.0};
  if (arePowersOfTwo(after) && element.spans(rounded) &&
      element.spans(timesPowers(rounded, after))) {
    return "powers of two shift sums";
  }
  std::optional<Range> result = folder.ranges().outOf(folder.indexOf(scale));
  return result && element.holds(*sums) && element.holds(*result) ? "no sum is rounded" : "";
}

//===----------------------------------------------------------------------===//
// The folds
//===----------------------------------------------------------------------===//

static std::vector<double> products(std::vector<double> values, ArrayRef<double> factors,
                                    const Element *element) {
  values.resize(factors.size(), values.empty() ? 0.0 : values.front());
  for (auto [value, factor] : llvm::zip_equal(values, factors)) {
    value *= factor;
    value = element ? element->rounded(value) : value;
  }
  return values;
}

static constexpr StringRef effectOnProducts =
    "products of weights and factors are rounded once, to the dtype of the weights";

/// The attributes of `reader` for what it reads without the Scale, or nothing.
static std::optional<NamedAttrList> withoutScaleBefore(Folder &folder, nir::ScaleOp scale,
                                                       Operation *reader, StringRef &proof) {
  auto factors = [&](bool isExact) {
    return perNumber(folder.values(scale.getScale(), isExact), scale.getResult());
  };
  std::vector<double> exact = factors(true);
  if (isHopeless(folder, scale, exact)) {
    return std::nullopt;
  }
  auto each = factorsBefore(reader, exact);
  if (!each) {
    return std::nullopt;
  }
  proof = proofBefore(folder, scale, reader, exact, *each);
  bool isExact = !proof.empty();
  if (!isExact && !folder.mayRound()) {
    return std::nullopt;
  }
  ElementsAttr weight = weightOf(reader);
  SmallVector<int64_t> shape(isa<nir::ScaleOp>(reader)
                                 ? cast<nir::SignalType>(reader->getResult(0).getType()).getShape()
                                 : weight.getShapedType().getShape());
  std::vector<double> weights = products(folder.values(weight, isExact),
                                         isExact ? *each : *factorsBefore(reader, factors(false)),
                                         isExact ? &folder.element() : nullptr);
  NamedAttrList attributes(reader->getAttrDictionary());
  attributes.set(weightName(reader), folder.tensor(shape, std::move(weights), isExact,
                                                   {weight, scale.getScale()}, reader));
  return attributes;
}

/// Scale, then perhaps a Flatten, then weights.
static bool foldBefore(Folder &folder, nir::ScaleOp scale) {
  Operation *next = folder.onlyReader(scale);
  Operation *flatten = isa_and_nonnull<nir::FlattenOp>(next) ? next : nullptr;
  Operation *reader = flatten ? folder.onlyReader(flatten) : next;
  if (!reader ||
      !isa<nir::AffineOp, nir::LinearOp, nir::Conv1dOp, nir::Conv2dOp, nir::ScaleOp>(reader)) {
    return false;
  }
  StringRef proof;
  auto attributes = withoutScaleBefore(folder, scale, reader, proof);
  if (!attributes) {
    return false;
  }
  folder.report(scale, reader, proof, proof.empty() ? effectOnProducts : "");
  if (!flatten) {
    folder.merge(nameOf(reader), scale, reader, *attributes);
    return true;
  }
  Operation *flat =
      folder.merge(nameOf(flatten), scale, flatten, NamedAttrList(flatten->getAttrDictionary()));
  folder.replace(reader, flat->getResult(0), *attributes);
  return true;
}

/// Weights, then a Scale.
static bool foldAfter(Folder &folder, Operation *node) {
  auto scale = dyn_cast_or_null<nir::ScaleOp>(folder.onlyReader(node));
  if (!scale) {
    return false;
  }
  bool isMatrix = isa<nir::AffineOp, nir::LinearOp>(node);
  auto weight = weightOf(node), bias = node->getAttrOfType<ElementsAttr>("bias");
  auto rowFactors = [&](bool isExact) {
    return factorsAfter(node,
                        perNumber(folder.values(scale.getScale(), isExact), scale.getResult()));
  };
  auto weightFactors = [&](ArrayRef<double> rows) {
    std::vector<double> each(weight.getNumElements());
    for (size_t i = 0; i < each.size(); ++i) {
      each[i] = rows[i / (each.size() / rows.size())];
    }
    return each;
  };
  auto rows = rowFactors(true);
  if (!rows || isHopeless(folder, node, *rows)) {
    return false;
  }
  std::vector<double> none, each = weightFactors(*rows);
  std::vector<double> biases = bias ? folder.values(bias, true) : none;
  if (bias) {
    biases.resize(rows->size(), biases.front()); // a convolution may have one for all channels
  }
  StringRef proof = proofAfter(folder, node, scale, *rows, each, biases, bias ? *rows : none);
  bool isExact = !proof.empty();
  if (!isExact && !folder.mayRound()) {
    return false;
  }
  const Element *rounding = isExact ? &folder.element() : nullptr;
  std::vector<double> factors = *rowFactors(isExact);
  NamedAttrList attributes(node->getAttrDictionary());
  attributes.set("weight", folder.tensor(weight.getShapedType().getShape(),
                                         products(folder.values(weight, isExact),
                                                  weightFactors(factors), rounding),
                                         isExact, {weight, scale.getScale()}, scale));
  if (bias) {
    SmallVector<int64_t> shape(bias.getShapedType().getShape());
    if (!isMatrix) {
      shape.assign(1, static_cast<int64_t>(factors.size()));
    }
    attributes.set("bias",
                   folder.tensor(shape, products(folder.values(bias, isExact), factors, rounding),
                                 isExact, {bias, scale.getScale()}, scale));
  }
  folder.report(node, scale, proof, isExact ? "" : effectOnProducts);
  folder.merge(nameOf(node), node, scale, attributes);
  return true;
}

bool nirc::foldScales(Folder &folder, Operation *first) {
  if (auto scale = dyn_cast<nir::ScaleOp>(first)) {
    return foldBefore(folder, scale);
  }
  return isa<nir::AffineOp, nir::LinearOp, nir::Conv1dOp, nir::Conv2dOp>(first) &&
         foldAfter(folder, first);
}
