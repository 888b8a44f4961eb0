//===- Theory.cpp - what both theories have -------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/Theory.h"

#include "mlir/Dialect/SMT/IR/SMTDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Target/SMTLIB/ExportSMTLIB.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

Value Theory::declared(StringRef name, int bits, Interval range) {
  Value number = make<smt::DeclareFunOp>(type(bits), builder.getStringAttr(name));
  Interval all = rangeOfWidth(bits);
  auto limit = [&](arith::CmpIPredicate predicate, int64_t end) {
    facts.push_back(compared(predicate, number, constant(end, bits), bits));
  };
  if (isEndless() || range.least > all.least) {
    limit(arith::CmpIPredicate::sge, range.least);
  }
  if (isEndless() || range.most < all.most) {
    limit(arith::CmpIPredicate::sle, range.most);
  }
  return number;
}

Value Theory::declared(StringRef name, int bits) {
  return declared(name, bits, rangeOfWidth(bits));
}

Value Theory::truth(bool is) { return make<smt::BoolConstantOp>(is); }

Value Theory::declaredTruth(StringRef name) {
  return make<smt::DeclareFunOp>(smt::BoolType::get(builder.getContext()),
                                 builder.getStringAttr(name));
}

Value Theory::negated(Value truth) { return make<smt::NotOp>(truth); }
Value Theory::both(Value a, Value b) { return make<smt::AndOp>(a, b); }
Value Theory::either(Value a, Value b) { return make<smt::OrOp>(a, b); }

Value Theory::all(ValueRange truths) {
  return truths.empty() ? truth(true) : truths.size() == 1 ? truths[0] : make<smt::AndOp>(truths);
}

Value Theory::any(ValueRange truths) {
  return truths.empty() ? truth(false) : truths.size() == 1 ? truths[0] : make<smt::OrOp>(truths);
}

Value Theory::equal(Value a, Value b) { return make<smt::EqOp>(a, b); }
Value Theory::differ(Value a, Value b) { return make<smt::DistinctOp>(a, b); }

Value Theory::select(Value condition, Value a, Value b) {
  return make<smt::IteOp>(condition, a, b);
}

Value Theory::number(Value truth, int bits, bool isSigned) {
  Value one = constant(isSigned ? -1 : 1, bits), zero = constant(0, bits);
  return select(truth, one, zero);
}

Value Theory::isOutside(Value number, int bits, Interval range) {
  Value least = constant(range.least, bits), most = constant(range.most, bits);
  return either(compared(arith::CmpIPredicate::slt, number, least, bits),
                compared(arith::CmpIPredicate::sgt, number, most, bits));
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static OwningOpRef<Operation *> moduleIn(MLIRContext &context) {
  context.loadDialect<smt::SMTDialect>();
  return OwningOpRef<Operation *>(ModuleOp::create(UnknownLoc::get(&context)));
}

Sheet::Sheet(MLIRContext &context) : builder(&context), module(moduleIn(context)) {
  Location loc = builder.getUnknownLoc();
  builder.setInsertionPointToEnd(cast<ModuleOp>(*module).getBody());
  auto solver = smt::SolverOp::create(builder, loc, TypeRange(), ValueRange());
  builder.setInsertionPointToStart(&solver.getBodyRegion().emplaceBlock());
}

/// MLIR writes -5, where SMT-LIB has (- 5).
static std::string withoutSigns(StringRef text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    bool isSign = text[at] == '-' && at > 0 && (text[at - 1] == ' ' || text[at - 1] == '(') &&
                  at + 1 < text.size() && llvm::isDigit(text[at + 1]);
    if (!isSign) {
      out += text[at];
      continue;
    }
    StringRef digits = text.drop_front(at + 1).take_while(llvm::isDigit);
    out += "(- " + digits.str() + ")";
    at += digits.size();
  }
  return out;
}

std::string Sheet::text(StringRef logic, ArrayRef<Value> assertions) {
  Location loc = builder.getUnknownLoc();
  for (Value assertion : assertions) {
    smt::AssertOp::create(builder, loc, assertion);
  }
  smt::YieldOp::create(builder, loc, ValueRange());
  std::string text;
  llvm::raw_string_ostream out(text);
  smt::SMTEmissionOptions options;
  options.inlineSingleUseValues = true;
  LogicalResult written = smt::exportSMTLIB(*module, out, options);
  assert(succeeded(written) && "the ops of a theory are of SMT-LIB");
  (void)written;
  text.resize(text.rfind("(reset)")); // more is asked about the same constants
  text = withoutSigns(text);
  return logic.empty() ? text : "(set-logic " + logic.str() + ")\n" + text;
}
