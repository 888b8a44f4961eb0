//===- NetworkClaims.cpp - what holds of any target -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/NetworkClaims.h"

#include "backends/proof/PopulationTerms.h"
#include "backends/proof/Sums.h"
#include "dialects/Elements.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

static Interval rangeOfType(Type signal) {
  snn::IntegerRange range = snn::integerRange(signal);
  return {range.least, range.most};
}

static Interval rangeOfState(snn::PopulationOp op, size_t number) {
  return rangeOfType(cast<TypeAttr>((*op.getStateTypes())[number]).getValue());
}

/// A question in whole numbers about constants alone, which the solver compares.
static Form ofConstants(MLIRContext &context, ArrayRef<std::pair<Interval, Interval>> within) {
  Sheet sheet(context);
  Integers theory(sheet.builder);
  constexpr int bits = 64;
  SmallVector<Value> wrong;
  for (const auto &[have, to] : within) {
    for (int64_t end : {have.least, have.most}) {
      wrong.push_back(theory.isOutside(theory.constant(end, bits), bits, to));
    }
  }
  return {sheet.text(theory.logic(), {theory.any(wrong)})};
}

//===----------------------------------------------------------------------===//
// Populations
//===----------------------------------------------------------------------===//

/// Where the states are before the first step.
static Question beginnings(snn::PopulationOp op) {
  SmallVector<std::pair<Interval, Interval>> within;
  for (auto [number, initial] : llvm::enumerate(snn::initialOf(op))) {
    Interval have{0, 0};
    if (initial) {
      std::vector<int64_t> values = nir::numbersOf<int64_t>(initial);
      auto [least, most] = std::minmax_element(values.begin(), values.end());
      have = {*least, *most};
    }
    within.emplace_back(have, rangeOfState(op, number));
  }
  return {"a state begins outside of its range", {ofConstants(*op.getContext(), within)}};
}

/// That a next state, or what is passed on, is outside of its range.
static Value leaves(Theory &theory, const PopulationTerms &body, snn::PopulationOp op) {
  SmallVector<Value> wrong;
  for (auto [number, value] : llvm::enumerate(body.results)) {
    if (isa<smt::BoolType>(value.getType())) {
      continue;
    }
    Interval range = number == 0 ? rangeOfType(op.getType()) : rangeOfState(op, number - 1);
    // A name, so that a counterexample shows it.
    std::string name = "next." + body.names[number];
    Value named = theory.declared(name, body.bits);
    theory.facts.push_back(theory.equal(named, value));
    wrong.push_back(theory.isOutside(named, body.bits, range));
  }
  return theory.any(wrong);
}

static Value happens(Theory &theory, ArrayRef<Value> more = {}) {
  SmallVector<Value> all(more);
  for (const Theory::Fault &fault : theory.faults) {
    all.push_back(fault.happens);
  }
  return theory.any(all);
}

static Value asked(Theory &theory, Value wrong) {
  std::vector<Value> all = theory.facts;
  all.push_back(wrong);
  return theory.all(all);
}

static Claim rangesOf(snn::PopulationOp op) {
  Claim claim{op.getNode().str(), "body", "keeps states and results in their ranges"};
  Question step{"a state leaves its range in a step that begins inside", {}};
  bool divides = false;
  {
    Sheet sheet(*op.getContext());
    Bits theory(sheet.builder);
    PopulationTerms body(theory, op);
    if (!body.unknown.empty()) {
      claim.unasked = fmt::format("the body has {}; the interpreter checks the ranges in every run",
                                  body.unknown);
      return claim;
    }
    Value wrong = leaves(theory, body, op);
    step.forms.push_back({sheet.text(theory.logic(), {asked(theory, wrong)}), !theory.isLoose});
    divides = theory.divides;
  }
  {
    Sheet sheet(*op.getContext());
    Integers theory(sheet.builder, /*forgets=*/true);
    PopulationTerms body(theory, op);
    Value wrong = leaves(theory, body, op);
    Value any = happens(theory, wrong);
    step.forms.insert(divides ? step.forms.begin() : step.forms.end(),
                      {sheet.text(theory.logic(), {asked(theory, any)}), false});
  }
  claim.questions = {beginnings(op), std::move(step)};
  return claim;
}

/// What overflows is in the faults of whole numbers. Up to the first one they are exact, where what
/// wraps is not forgotten.
static std::optional<Claim> overflowsOf(snn::PopulationOp op) {
  Question question{"an op overflows", {}};
  size_t count = 0;
  for (bool forgets : {true, false}) {
    Sheet sheet(*op.getContext());
    Integers theory(sheet.builder, forgets);
    PopulationTerms body(theory, op);
    count = theory.faults.size();
    if (!body.unknown.empty() || count == 0) {
      return std::nullopt;
    }
    Form form{sheet.text(theory.logic(), {asked(theory, happens(theory))}), !theory.isLoose};
    bool isNew = question.forms.empty() || question.forms.front().text != form.text;
    if (isNew) {
      question.forms.push_back(std::move(form));
    }
  }
  Claim claim{op.getNode().str(), "body",
              fmt::format("has {} ops that could overflow, and none does", count)};
  claim.questions.push_back(std::move(question));
  return claim;
}

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

/// The result is brought into its range by definition; what it is made of must fit.
static Claim productsOf(snn::RescaleOp op) {
  auto [least, most] = std::minmax_element(op.getMultiplier().begin(), op.getMultiplier().end());
  Interval products = rangeOfType(op.getSignal().getType()) * Interval{*least, *most};
  Interval within = rangeOfWidth(64);
  within.most -= (int64_t{1} << op.getShift()) - 1; // what rounding may add
  Claim claim{op.getNode().str(), "products",
              fmt::format("are {} to {}, and 64 bits hold them as they are rounded", products.least,
                          products.most)};
  claim.questions.push_back(
      {"a product does not fit", {ofConstants(*op.getContext(), {{products, within}})}});
  return claim;
}

std::vector<Claim> nirc::proof::networkClaims(snn::NetworkOp network) {
  std::vector<Claim> claims;
  bool isOfIntegers = network.getElement().isInteger();
  for (Operation &op : network.getBody().front()) {
    if (auto population = dyn_cast<snn::PopulationOp>(op)) {
      if (!isOfIntegers) {
        Claim claim{population.getNode().str(), "body", "keeps states in a range"};
        claim.unasked = "its numbers are floats, which have no range; tests compare runs of all "
                        "targets to the bit";
        claims.push_back(std::move(claim));
        continue;
      }
      claims.push_back(rangesOf(population));
      if (std::optional<Claim> claim = overflowsOf(population)) {
        claims.push_back(*std::move(claim));
      }
      continue;
    }
    if (auto rescale = dyn_cast<snn::RescaleOp>(op)) {
      claims.push_back(productsOf(rescale));
    }
    std::optional<Interval> sums = isOfIntegers ? sumsOf(&op) : std::nullopt;
    if (!sums) {
      continue;
    }
    Interval range = rangeOfType(op.getResult(0).getType());
    Claim claim{op.getAttrOfType<StringAttr>("node").str(), "sums",
                fmt::format("are {} to {}, within {} to {} of their type", sums->least, sums->most,
                            range.least, range.most)};
    claim.questions.push_back(
        {"a sum is outside of its range", {ofConstants(*op.getContext(), {{*sums, range}})}});
    claims.push_back(std::move(claim));
  }
  return claims;
}
