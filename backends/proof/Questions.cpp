//===- Questions.cpp - what a solver is asked of a neuron -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/Questions.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

namespace {

/// One theory, with the names of both sides in the text.
struct Comparison {
  Comparison(Theory &theory, snn::PopulationOp op, const CodeTerms &code)
      : theory(theory), body(theory, op), unknown(body.unknown) {
    if (unknown.empty()) {
      of = code(theory, body);
      unknown = of.unknown;
    }
    assert((!unknown.empty() || of.values.size() == body.results.size()) &&
           "code has what is passed on, and the states");
  }

  /// That something differs, all in one assertion, as each repeats what it is computed from.
  Value assertion();

  Theory &theory;
  PopulationTerms body;
  CodeResults of;
  std::string unknown;
};

} // namespace

Value Comparison::assertion() {
  std::vector<Value> wrong, all = theory.facts;
  for (auto [name, mine, other] : llvm::zip_equal(body.names, of.values, body.results)) {
    if (mine == other) {
      continue;
    }
    auto named = [&](StringRef side, Value value) {
      std::string full = side.str() + "." + name;
      Value constant =
          smt::DeclareFunOp::create(theory.builder, theory.builder.getUnknownLoc(), value.getType(),
                                    theory.builder.getStringAttr(full));
      all.push_back(theory.equal(constant, value));
      return constant;
    };
    Value left = named("code", mine), right = named("body", other);
    wrong.push_back(theory.differ(left, right));
  }
  for (const Theory::Fault &fault : theory.faults) {
    wrong.push_back(fault.happens);
  }
  all.push_back(theory.any(wrong));
  return theory.all(all);
}

std::optional<Question> nirc::proof::differs(snn::PopulationOp op, const CodeTerms &code,
                                             std::string &unknown) {
  Question question{"a result of the code differs from the body's", {}};
  {
    Sheet sheet(*op.getContext());
    Bits theory(sheet.builder);
    Comparison comparison(theory, op, code);
    unknown = comparison.unknown;
    if (!unknown.empty()) {
      return std::nullopt;
    }
    Value assertion = comparison.assertion();
    question.forms.push_back({sheet.text(theory.logic(), {assertion}), !theory.isLoose});
  }
  if (op.getBody().getArgument(0).getType().isInteger()) {
    Sheet sheet(*op.getContext());
    Integers theory(sheet.builder);
    Comparison comparison(theory, op, code);
    if (comparison.unknown.empty()) {
      Value assertion = comparison.assertion();
      question.forms.push_back({sheet.text(theory.logic(), {assertion}), false});
    }
  }
  return question;
}
