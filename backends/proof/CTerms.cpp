//===- CTerms.cpp - C as terms of a theory --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/CTerms.h"

#include <algorithm>
#include <fmt/format.h>

using namespace mlir;
using namespace nirc;
using namespace nirc::proof;

using Kind = c::Expression::Kind;
using Predicate = arith::CmpIPredicate;

CNumber CTerms::refuse(int line, const std::string &message) {
  if (refused.empty()) {
    refused = fmt::format("line {}: {}", line, message);
  }
  return {c::integerType(32, true), theory.constant(0, 32)};
}

void CTerms::fault(Value happens, const std::string &what) {
  theory.faults.push_back({path ? theory.both(path, happens) : happens, what});
}

void CTerms::under(Value condition, llvm::function_ref<void()> body) {
  Value before = path;
  path = path ? theory.both(path, condition) : condition;
  body();
  path = before;
}

//===----------------------------------------------------------------------===//
// Conversions
//===----------------------------------------------------------------------===//

/// Bits of a signed number that holds it.
static int bitsFor(int64_t number) { return neededBits({number, number}); }

CNumber CTerms::constant(int64_t number, const c::Type &type) {
  if (type.bits == 1) {
    return {type, theory.truth(number != 0), number != 0 ? 1 : 0, 2};
  }
  bool isLarge = !type.isSigned && number < 0; // of 64 bits
  int unused = 64 - type.bits;
  auto bits = static_cast<uint64_t>(number) << unused;
  Value term = theory.constant(static_cast<int64_t>(bits) >> unused, type.bits);
  return {type, term, number, isLarge ? 65 : bitsFor(number)};
}

CNumber CTerms::converted(CNumber number, const c::Type &to) {
  const c::Type &from = number.type;
  bool isTagged = !number.tag.empty() && to.bits != from.bits;
  if (!to.isInteger() || isTagged) {
    return refuse(0, fmt::format("found a conversion to {}", to.name));
  }
  if (number.literal && to.bits > 1) {
    // The same as the bits below say; so that a constant stays one.
    int64_t value = *number.literal;
    if (to.bits < 64) {
      int unused = 64 - to.bits;
      value = to.isSigned ? static_cast<int64_t>(static_cast<uint64_t>(value) << unused) >> unused
                          : static_cast<int64_t>(static_cast<uint64_t>(value) << unused >> unused);
    }
    return constant(value, to);
  }
  if (to.bits == 1) {
    return truth(truthOf(number));
  }
  CNumber made{to, number.term, {}, number.fits};
  made.tag = to.bits == from.bits ? number.tag : "";
  bool isWhole = number.whole && (from.isSigned == number.isWholeSigned || to.bits == from.bits);
  if (isWhole && to.bits > from.bits) {
    int own = number.bitsOfWhole;
    made.term = to.bits < own ? theory.truncated(number.whole, own, to.bits)
                              : theory.extended(number.whole, own, to.bits, number.isWholeSigned);
  } else if (from.bits == 1) {
    made.term = theory.number(number.term, to.bits);
  } else if (to.bits > from.bits) {
    made.term = theory.extended(number.term, from.bits, to.bits, from.isSigned);
  } else if (to.bits < from.bits) {
    made.term = theory.truncated(number.term, from.bits, to.bits);
  }
  int own = to.bits + (to.isSigned ? 0 : 1);
  bool isKept = number.fits <= own && (to.isSigned || !from.isSigned);
  made.fits = isKept ? number.fits : own;
  if (isWhole && to.bits >= from.bits && to.bits < number.bitsOfWhole) {
    made.whole = number.whole;
    made.bitsOfWhole = number.bitsOfWhole;
    made.isWholeSigned = number.isWholeSigned;
  }
  return made;
}

/// Integers narrower than int become int.
CNumber CTerms::promoted(const CNumber &number) {
  return number.type.bits < 32 ? converted(number, c::integerType(32, true)) : number;
}

/// The usual arithmetic conversions.
void CTerms::balance(CNumber &a, CNumber &b) {
  a = promoted(a);
  b = promoted(b);
  int bits = std::max(a.type.bits, b.type.bits);
  auto isUnsigned = [&](const CNumber &each) {
    return each.type.bits == bits && !each.type.isSigned;
  };
  c::Type type = c::integerType(bits, !isUnsigned(a) && !isUnsigned(b));
  a = converted(a, type);
  b = converted(b, type);
}

Value CTerms::truthOf(const CNumber &number) {
  if (number.type.bits == 1) {
    return number.term;
  }
  if (!number.tag.empty()) {
    refuse(0, "found a part of a word as a condition");
  }
  return theory.differ(number.term, theory.constant(0, number.type.bits));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// Whether a signed sum, difference or product is another number than in as many bits as it needs.
void CTerms::checkOverflow(const std::string &sign, const CNumber &a, const CNumber &b,
                           Value result) {
  int bits = a.type.bits;
  if (isa<smt::IntType>(theory.type(bits))) {
    return; // to leave its width is a fault there anyway
  }
  int needed = sign == "*" ? a.fits + b.fits : std::max(a.fits, b.fits) + 1;
  if (needed <= bits) {
    return;
  }
  int wide = sign == "*" ? 2 * bits : bits + 1;
  Operator op = sign == "+" ? Operator::Add : sign == "-" ? Operator::Subtract : Operator::Multiply;
  Value x = theory.extended(a.term, bits, wide, true),
        y = theory.extended(b.term, bits, wide, true);
  Value whole = theory.binary(op, x, y, wide);
  fault(theory.differ(whole, theory.extended(result, bits, wide, true)),
        fmt::format("a signed number of {} bits overflows at {}", bits, sign));
}

CNumber CTerms::arithmetic(const std::string &sign, CNumber a, CNumber b, int line) {
  if (sign == "<<" || sign == ">>") {
    return shifted(sign, promoted(a), promoted(b), line);
  }
  balance(a, b);
  if (sign == "/" || sign == "%") {
    return divided(sign, a, b, line);
  }
  int bits = a.type.bits;
  Operator op = sign == "+"   ? Operator::Add
                : sign == "-" ? Operator::Subtract
                : sign == "*" ? Operator::Multiply
                : sign == "&" ? Operator::And
                : sign == "|" ? Operator::Or
                              : Operator::Xor;
  CNumber made{a.type, theory.binary(op, a.term, b.term, bits)};
  bool isBitwise = op == Operator::And || op == Operator::Or || op == Operator::Xor;
  int needed = isBitwise                  ? std::max(a.fits, b.fits)
               : op == Operator::Multiply ? a.fits + b.fits
                                          : std::max(a.fits, b.fits) + 1;
  made.fits = std::min(needed, bits + (a.type.isSigned ? 0 : 1));
  if (a.type.isSigned && !isBitwise) {
    checkOverflow(sign, a, b, made.term);
    made.fits = std::min(made.fits, bits);
  } else if (!a.type.isSigned && op == Operator::Subtract) {
    made.fits = bits + 1; // it wraps below 0
  }
  return made;
}

CNumber CTerms::shifted(const std::string &sign, const CNumber &a, CNumber b, int line) {
  int bits = a.type.bits;
  bool isLeft = sign == "<<";
  if (b.literal && (*b.literal < 0 || *b.literal >= bits)) {
    return refuse(line,
                  fmt::format("found a shift by {} of a number of {} bits", *b.literal, bits));
  }
  c::Type type = c::integerType(bits, a.type.isSigned);
  CNumber by = converted(b, type);
  if (!b.literal) {
    fault(theory.isOutside(by.term, bits, {0, bits - 1}), "a shift by the width or more");
  }
  Operator op = isLeft            ? Operator::ShiftLeft
                : a.type.isSigned ? Operator::ShiftRight
                                  : Operator::ShiftRightUnsigned;
  CNumber made{a.type, theory.binary(op, a.term, by.term, bits)};
  made.fits = isLeft ? bits + (a.type.isSigned ? 0 : 1) : a.fits;
  if (isLeft && a.type.isSigned) {
    // Negative, or more than the type holds: C11, 6.5.7.
    Value back = theory.binary(Operator::ShiftRight, made.term, by.term, bits);
    Value zero = theory.constant(0, bits);
    fault(theory.either(theory.differ(back, a.term),
                        theory.compared(Predicate::slt, a.term, zero, bits)),
          "a shift of a signed number that is negative or overflows");
  }
  return made;
}

/// The power of two; -1: it is none.
static int exponentOf(const CNumber &number) {
  if (!number.literal || *number.literal <= 0 || (*number.literal & (*number.literal - 1)) != 0) {
    return -1;
  }
  return bitsFor(*number.literal) - 2;
}

CNumber CTerms::divided(const std::string &sign, const CNumber &a, const CNumber &b, int line) {
  int bits = a.type.bits;
  CNumber made{a.type, {}, {}, a.fits};
  if (!a.type.isSigned) {
    int exponent = exponentOf(b);
    if (exponent < 0) {
      return refuse(line, "found an unsigned quotient by other than a power of two");
    }
    made.term = sign == "/" ? theory.binary(Operator::ShiftRightUnsigned, a.term,
                                            theory.constant(exponent, bits), bits)
                            : theory.binary(Operator::And, a.term,
                                            theory.constant(*b.literal - 1, bits), bits);
    return made;
  }
  Value zero = theory.constant(0, bits), minus = theory.constant(-1, bits);
  if (!b.literal || *b.literal == 0) {
    fault(theory.equal(b.term, zero), "a divisor of 0");
  }
  if ((!b.literal || *b.literal == -1) && a.fits >= bits) {
    Value least = theory.constant(rangeOf(bits, nir::Overflow::Wrap).least, bits);
    fault(theory.both(theory.equal(b.term, minus), theory.equal(a.term, least)),
          "a quotient that does not fit");
  }
  made.term =
      theory.binary(sign == "/" ? Operator::Quotient : Operator::Rest, a.term, b.term, bits);
  return made;
}

CNumber CTerms::compared(const std::string &sign, const CNumber &a, const CNumber &b) {
  if (sign == "==" || sign == "!=") {
    return truth(sign == "==" ? theory.equal(a.term, b.term) : theory.differ(a.term, b.term));
  }
  bool isSigned = a.type.isSigned;
  Predicate predicate = sign == "<"    ? (isSigned ? Predicate::slt : Predicate::ult)
                        : sign == "<=" ? (isSigned ? Predicate::sle : Predicate::ule)
                        : sign == ">"  ? (isSigned ? Predicate::sgt : Predicate::ugt)
                                       : (isSigned ? Predicate::sge : Predicate::uge);
  return truth(theory.compared(predicate, a.term, b.term, a.type.bits));
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

CNumber CTerms::untagged(CNumber number, int line) {
  return number.tag.empty() ? std::move(number)
                            : refuse(line, "found a part of a word as a number");
}

CNumber CTerms::unary(const c::Expression &e) {
  CNumber a = of(e.of[0]);
  if (e.text == "!") {
    return truth(theory.negated(truthOf(a)));
  }
  a = promoted(untagged(a, e.line));
  if (e.text == "+") {
    return a;
  }
  if (a.literal && e.text == "-" && (a.type.bits == 32 || *a.literal != INT64_MIN)) {
    CNumber wide = constant(-*a.literal, c::integerType(64, true));
    bool overflows = a.type.isSigned && a.type.bits == 32 && -*a.literal > INT32_MAX;
    return overflows ? refuse(e.line, "found a constant that overflows") : converted(wide, a.type);
  }
  if (e.text == "-") {
    return arithmetic("-", converted(constant(0, c::integerType(32, true)), a.type), a, e.line);
  }
  CNumber ones = converted(constant(-1, c::integerType(64, true)), a.type);
  return arithmetic("^", a, ones, e.line);
}

/// The right side is evaluated only where the left one does not decide.
CNumber CTerms::logical(const c::Expression &e) {
  Value a = truthOf(of(e.of[0])), b;
  bool isAnd = e.text == "&&";
  under(isAnd ? a : theory.negated(a), [&] { b = truthOf(of(e.of[1])); });
  return truth(isAnd ? theory.both(a, b) : theory.either(a, b));
}

CNumber CTerms::binary(const c::Expression &e) {
  if (e.text == "&&" || e.text == "||") {
    return logical(e);
  }
  CNumber a = of(e.of[0]), b = of(e.of[1]);
  if (std::optional<CNumber> more = combined(e, a, b)) {
    return *more;
  }
  bool isComparison = e.text == "==" || e.text == "!=" || e.text[0] == '<' || e.text[0] == '>';
  if (isComparison && e.text != "<<" && e.text != ">>") {
    bool areTruths = a.type.bits == 1 && b.type.bits == 1 && e.text[1] == '=' && e.text[0] != '<' &&
                     e.text[0] != '>';
    if (!areTruths) {
      balance(a, b);
    }
    return compared(e.text, a, b);
  }
  return arithmetic(e.text, a, b, e.line);
}

CNumber CTerms::conditional(const c::Expression &e) {
  Value condition = truthOf(of(e.of[0]));
  CNumber a, b;
  under(condition, [&] { a = untagged(of(e.of[1]), e.line); });
  under(theory.negated(condition), [&] { b = untagged(of(e.of[2]), e.line); });
  balance(a, b);
  return {a.type, theory.select(condition, a.term, b.term), {}, std::max(a.fits, b.fits)};
}

/// The functions that writers put before those of neurons, by what their comments say of them.
CNumber CTerms::helper(const c::Expression &e) {
  bool isLeading = e.text == "leading_zeros" && e.of.size() == 2;
  if (!isLeading) {
    return refuse(e.line, fmt::format("found a call of {}", e.text));
  }
  CNumber width = of(e.of[1]), number = of(e.of[0]);
  if (!width.literal || *width.literal != number.type.bits || number.type.isSigned) {
    return refuse(e.line, "found leading_zeros of another width than its unsigned number's");
  }
  int bits = number.type.bits;
  Value zeros = theory.leadingZeros(number.term, bits);
  c::Type type = c::integerType(32, false);
  return converted({c::integerType(bits, false), zeros, {}, 8}, type);
}

CNumber CTerms::of(const c::Expression &e) {
  if (failed()) {
    return refuse(e.line, "");
  }
  switch (e.kind) {
  case Kind::Number:
    return constant(static_cast<int64_t>(e.number), e.type);
  case Kind::Name: {
    const Variable *variable = find(e.text);
    if (!variable || !variable->number.type.isInteger()) {
      return refuse(e.line, fmt::format("found '{}', which is not a number", e.text));
    }
    return variable->number.term
               ? variable->number
               : refuse(e.line, fmt::format("found '{}', which may not be written yet", e.text));
  }
  case Kind::Member:
  case Kind::Index:
    return read(e);
  case Kind::Unary:
    return unary(e);
  case Kind::Cast:
    if (!e.type.isInteger()) {
      return refuse(e.line, fmt::format("found a number of type {}", e.type.name));
    }
    return converted(of(e.of[0]), e.type);
  case Kind::Binary:
    return binary(e);
  case Kind::Conditional:
    return conditional(e);
  case Kind::Call:
    return helper(e);
  }
  return refuse(e.line, "found no expression");
}

CNumber CTerms::read(const c::Expression &place) {
  auto found = cells.find(placeOf(place));
  return found != cells.end()
             ? found->second
             : refuse(place.line, fmt::format("found '{}', which is not known", placeOf(place)));
}

void CTerms::write(const c::Expression &place, CNumber value) {
  std::string text = placeOf(place);
  auto found = cells.find(text);
  if (found == cells.end()) {
    refuse(place.line, fmt::format("found '{}', which is not known", text));
    return;
  }
  found->second = converted(std::move(value), found->second.type);
}
