//===- CExpressions.cpp - values as C expressions -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/c/CExpressions.h"

#include "backends/c/CText.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

#include <fmt/format.h>

using namespace mlir;
using namespace nirc::cpu;

std::string nirc::cpu::typeText(Type type) {
  if (type.isIndex()) {
    return "size_t";
  }
  if (type.isF32() || type.isF64()) {
    return type.isF32() ? "float" : "double";
  }
  if (type.isInteger(1)) {
    return "bool";
  }
  for (unsigned width : {8, 16, 32, 64}) {
    if (type.isInteger(width)) {
      return fmt::format("uint{}_t", width);
    }
  }
  return {};
}

std::string nirc::cpu::typeText(nir::DType type) {
  if (nir::isFloat(type)) {
    return type == nir::DType::F64 ? "double" : "float";
  }
  return fmt::format("uint{}_t", nir::sizeOf(type) * 8);
}

static std::string signedType(Type type) {
  return type.isIndex() ? "ptrdiff_t" : fmt::format("int{}_t", type.getIntOrFloatBitWidth());
}

/// Whether an operand needs no parentheses. Stricter than the grammar: compilers warn of shifts,
/// bits and conditions that are mixed without them.
static bool standsBare(const Expression &child, Precedence parent, bool isRight) {
  if (child.precedence == Primary) {
    return true;
  }
  switch (parent) {
  case Conditional:
    return child.precedence > Conditional;
  case Or:
  case And:
    return child.precedence >= Equal || (child.precedence == parent && !isRight);
  case Equal:
  case Less:
    return child.precedence >= Sum;
  case Sum:
  case Product:
    return child.precedence > parent || (child.precedence == parent && !isRight);
  case Unary:
    return child.precedence == Unary && child.text[0] != '-';
  default:
    return child.precedence == Unary;
  }
}

std::string Expressions::operand(Value value, Precedence parent, bool isRight) const {
  const Expression &child = known.find(value)->second;
  return standsBare(child, parent, isRight) ? child.text : "(" + child.text + ")";
}

Expression Expressions::binary(Operation *op, const char *sign, Precedence precedence) {
  Value left = op->getOperand(0), right = op->getOperand(1);
  Expression result{
      fmt::format("{} {} {}", operand(left, precedence), sign, operand(right, precedence, true)),
      precedence};
  // C computes narrow integers as int.
  Type type = op->getResult(0).getType();
  bool narrow = type.isInteger(8) || type.isInteger(16);
  return narrow ? Expression{fmt::format("({})({})", typeText(type), result.text), Unary} : result;
}

/// x + -3 is x - 3: unsigned, -3 would be a very long number.
Expression Expressions::ofSum(Operation *op) {
  APInt constant;
  if (matchPattern(op->getOperand(1), m_ConstantInt(&constant)) && constant.getBitWidth() >= 32 &&
      constant.isNegative() && !constant.isMinSignedValue()) {
    return {fmt::format("{} - {}", operand(op->getOperand(0), Sum), -constant.getSExtValue()), Sum};
  }
  return binary(op, "+", Sum);
}

Expression Expressions::cast(const std::string &type, Value value) {
  return {fmt::format("({}){}", type, operand(value, Unary)), Unary};
}

Expression Expressions::signedOperand(Value value) {
  IntegerAttr constant;
  if (matchPattern(value, m_Constant(&constant)) && constant.getValue().isSignedIntN(31)) {
    return {std::to_string(constant.getValue().getSExtValue()), Unary};
  }
  return cast(signedType(value.getType()), value);
}

Expression Expressions::compare(Operation *op, const char *sign, bool isSigned) {
  Precedence precedence = sign[1] == '=' && (sign[0] == '=' || sign[0] == '!') ? Equal : Less;
  if (isSigned) {
    return {fmt::format("{} {} {}", signedOperand(op->getOperand(0)).text, sign,
                        signedOperand(op->getOperand(1)).text),
            precedence};
  }
  return {fmt::format("{} {} {}", operand(op->getOperand(0), precedence), sign,
                      operand(op->getOperand(1), precedence, true)),
          precedence};
}

static const char *signOf(arith::CmpIPredicate predicate) {
  using enum arith::CmpIPredicate;
  switch (predicate) {
  case eq:
    return "==";
  case ne:
    return "!=";
  case slt:
  case ult:
    return "<";
  case sle:
  case ule:
    return "<=";
  case sgt:
  case ugt:
    return ">";
  case sge:
  case uge:
    return ">=";
  }
  llvm_unreachable("a predicate of arith.cmpi that is not known");
}

static bool isSigned(arith::CmpIPredicate predicate) {
  using enum arith::CmpIPredicate;
  return predicate == slt || predicate == sle || predicate == sgt || predicate == sge;
}

/// Of two booleans: `&&` and the like, since compilers warn of `&`.
static const char *logicalSign(Operation *op) {
  return llvm::TypeSwitch<Operation *, const char *>(op)
      .Case([](arith::AndIOp) { return "&&"; })
      .Case([](arith::OrIOp) { return "||"; })
      .Case([](arith::XOrIOp) { return "!="; })
      .Default([](Operation *) { return nullptr; });
}

std::optional<Expression> Expressions::ofInteger(Operation *op) {
  if (const char *sign = op->getResult(0).getType().isInteger(1) ? logicalSign(op) : nullptr) {
    return binary(op, sign, isa<arith::AndIOp>(op) ? And : isa<arith::OrIOp>(op) ? Or : Equal);
  }
  auto smallerOrLarger = [&](const char *sign, bool isSigned) {
    auto a = operand(op->getOperand(0), Conditional), b = operand(op->getOperand(1), Conditional);
    return Expression{fmt::format("{} ? {} : {}", compare(op, sign, isSigned).text, a, b),
                      Conditional};
  };
  auto signedBinary = [&](const char *sign) {
    return Expression{fmt::format("({})({} {} {})", typeText(op->getResult(0).getType()),
                                  signedOperand(op->getOperand(0)).text, sign,
                                  signedOperand(op->getOperand(1)).text),
                      Unary};
  };
  return llvm::TypeSwitch<Operation *, std::optional<Expression>>(op)
      .Case([&](arith::AddIOp) { return ofSum(op); })
      .Case([&](arith::SubIOp) { return binary(op, "-", Sum); })
      .Case([&](arith::MulIOp) { return binary(op, "*", Product); })
      .Case([&](arith::DivUIOp) { return binary(op, "/", Product); })
      .Case([&](arith::RemUIOp) { return binary(op, "%", Product); })
      .Case([&](arith::DivSIOp) { return signedBinary("/"); })
      .Case([&](arith::RemSIOp) { return signedBinary("%"); })
      .Case([&](arith::AndIOp) { return binary(op, "&", Bits); })
      .Case([&](arith::OrIOp) { return binary(op, "|", Bits); })
      .Case([&](arith::XOrIOp) { return binary(op, "^", Bits); })
      .Case([&](arith::ShLIOp) {
        // Cast, or a literal on the left would be an int.
        return Expression{
            fmt::format("{} << {}",
                        cast(typeText(op->getResult(0).getType()), op->getOperand(0)).text,
                        operand(op->getOperand(1), Shift, true)),
            Shift};
      })
      .Case([&](arith::ShRUIOp) { return binary(op, ">>", Shift); })
      .Case([&](arith::ShRSIOp) { return signedBinary(">>"); })
      .Case([&](arith::MinUIOp) { return smallerOrLarger("<", false); })
      .Case([&](arith::MaxUIOp) { return smallerOrLarger(">", false); })
      .Case([&](arith::MinSIOp) { return smallerOrLarger("<", true); })
      .Case([&](arith::MaxSIOp) { return smallerOrLarger(">", true); })
      .Case([&](arith::CmpIOp compared) {
        return compare(op, signOf(compared.getPredicate()), isSigned(compared.getPredicate()));
      })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<Expression> Expressions::ofFloat(Operation *op) {
  auto helper = [&](const char *name) {
    std::string call = fmt::format("{}_{}", name, typeText(op->getResult(0).getType()));
    helpers.insert(call);
    return Expression{
        fmt::format("{}({}, {})", call, text(op->getOperand(0)), text(op->getOperand(1)))};
  };
  return llvm::TypeSwitch<Operation *, std::optional<Expression>>(op)
      .Case([&](arith::AddFOp) { return binary(op, "+", Sum); })
      .Case([&](arith::SubFOp) { return binary(op, "-", Sum); })
      .Case([&](arith::MulFOp) { return binary(op, "*", Product); })
      .Case([&](arith::DivFOp) { return binary(op, "/", Product); })
      .Case([&](arith::NegFOp negated) {
        return Expression{"-" + operand(negated.getOperand(), Unary), Unary};
      })
      .Case([&](arith::MaximumFOp) { return helper("maximum"); })
      .Case([&](arith::MinimumFOp) { return helper("minimum"); })
      .Case([&](arith::CmpFOp compared) -> std::optional<Expression> {
        using enum arith::CmpFPredicate;
        auto negated = [&](const char *sign) {
          return Expression{"!(" + compare(op, sign, false).text + ")", Unary};
        };
        switch (compared.getPredicate()) {
        case OEQ:
          return compare(op, "==", false);
        case UNE:
          return compare(op, "!=", false);
        case OLT:
          return compare(op, "<", false);
        case OLE:
          return compare(op, "<=", false);
        case OGT:
          return compare(op, ">", false);
        case OGE:
          return compare(op, ">=", false);
        case ULT:
          return negated(">=");
        case ULE:
          return negated(">");
        case UGT:
          return negated("<=");
        case UGE:
          return negated("<");
        default:
          return std::nullopt;
        }
      })
      .Case([&](arith::SelectOp select) {
        Expression chosen{fmt::format("{} ? {} : {}", operand(select.getCondition(), Conditional),
                                      operand(select.getTrueValue(), Conditional),
                                      operand(select.getFalseValue(), Conditional)),
                          Conditional};
        // Of two small literals it would be an int.
        bool isWide = op->getResult(0).getType().isInteger(64);
        return isWide ? Expression{"(uint64_t)(" + chosen.text + ")", Unary} : chosen;
      })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<Expression> Expressions::ofConversion(Operation *op) {
  if (op->getNumOperands() != 1) {
    return std::nullopt;
  }
  Value value = op->getOperand(0);
  std::string type = typeText(op->getResult(0).getType());
  if (type.empty()) {
    return std::nullopt;
  }
  bool fromBool = value.getType().isInteger(1);
  auto viaSigned = [&] {
    return Expression{
        fmt::format("({})({}){}", type, signedType(value.getType()), operand(value, Unary)), Unary};
  };
  return llvm::TypeSwitch<Operation *, std::optional<Expression>>(op)
      .Case(
          // A bool is an int in C: where numbers are added up it must not be.
          [&](arith::ExtUIOp extended) {
            bool isNumber = extended.getType().getIntOrFloatBitWidth() >= 32;
            return fromBool && !isNumber ? known.find(value)->second : cast(type, value);
          })
      .Case([&](arith::TruncIOp truncated) {
        return truncated.getType().isInteger(1)
                   ? Expression{"(" + operand(value, Bits) + " & 1) != 0", Equal}
                   : cast(type, value);
      })
      .Case<arith::ExtFOp, arith::TruncFOp, arith::UIToFPOp, arith::FPToUIOp, arith::IndexCastUIOp>(
          [&](auto) { return cast(type, value); })
      .Case([&](arith::IndexCastOp) {
        bool widens = value.getType().isIndex() || value.getType().isInteger(64);
        return widens ? cast(type, value) : viaSigned();
      })
      .Case<arith::ExtSIOp, arith::SIToFPOp>([&](auto) {
        return fromBool ? Expression{"-" + cast(type, value).text, Unary} : viaSigned();
      })
      .Case([&](arith::FPToSIOp) {
        return Expression{fmt::format("({})({}){}", type, signedType(op->getResult(0).getType()),
                                      operand(value, Unary)),
                          Unary};
      })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<Expression> Expressions::ofMath(Operation *op) {
  bool isTrailing = isa<math::CountTrailingZerosOp, LLVM::CountTrailingZerosOp>(op);
  const char *zeros = isTrailing                           ? "trailing_zeros"
                      : isa<LLVM::CountLeadingZerosOp>(op) ? "leading_zeros"
                                                           : nullptr;
  Type type = op->getResult(0).getType();
  if (isTrailing && type.isInteger(32)) {
    helpers.insert("trailing_zeros_32");
    return Expression{fmt::format("trailing_zeros_32({})", text(op->getOperand(0)))};
  }
  if (zeros) {
    helpers.insert(zeros);
    return Expression{fmt::format("({}){}({}, {})", typeText(type), zeros, text(op->getOperand(0)),
                                  type.getIntOrFloatBitWidth()),
                      Unary};
  }
  StringRef name = llvm::StringSwitch<StringRef>(op->getName().getStringRef())
                       .Case("math.absf", "fabs")
                       .Case("math.ceil", "ceil")
                       .Case("math.cos", "cos")
                       .Case("math.exp", "exp")
                       .Case("math.expm1", "expm1")
                       .Case("math.floor", "floor")
                       .Case("math.log", "log")
                       .Case("math.log1p", "log1p")
                       .Case("math.powf", "pow")
                       .Case("math.sin", "sin")
                       .Case("math.sqrt", "sqrt")
                       .Case("math.tanh", "tanh")
                       .Case("math.trunc", "trunc")
                       .Default({});
  if (name.empty()) {
    return std::nullopt;
  }
  usesMath = true;
  std::string call = name.str() + (op->getResult(0).getType().isF32() ? "f(" : "(");
  for (Value value : op->getOperands()) {
    call += (value == op->getOperand(0) ? "" : ", ") + text(value);
  }
  return Expression{call + ")"};
}

static std::optional<Expression> literal(Attribute value, bool &usesMath) {
  if (auto number = dyn_cast<FloatAttr>(value)) {
    if (typeText(number.getType()).empty()) {
      return std::nullopt;
    }
    usesMath |= !number.getValue().isFinite();
    std::string text = numberLiteral(number.getValue());
    if (StringRef(text).contains("0x")) {
      text += fmt::format(" /* {:.6g} */", number.getValueAsDouble());
    }
    return Expression{text, text[0] == '-' || text[0] == '(' ? Unary : Primary};
  }
  auto integer = dyn_cast<IntegerAttr>(value);
  if (!integer || typeText(integer.getType()).empty()) {
    return std::nullopt;
  }
  if (integer.getType().isInteger(1)) {
    return Expression{integer.getValue().isZero() ? "false" : "true"};
  }
  uint64_t number = integer.getValue().getZExtValue();
  if (integer.getType().isInteger(32)) { // an int would overflow
    return Expression{std::to_string(number) + "u"};
  }
  return Expression{number >> 31 ? fmt::format("UINT64_C({})", number) : std::to_string(number)};
}

FailureOr<Expression> Expressions::of(Operation *op) {
  std::optional<Expression> expression;
  if (auto constant = dyn_cast<arith::ConstantOp>(op)) {
    expression = literal(constant.getValue(), usesMath);
  } else if (op->getNumResults() == 1) {
    for (auto part : {&Expressions::ofInteger, &Expressions::ofFloat, &Expressions::ofConversion,
                      &Expressions::ofMath}) {
      if (!expression) {
        expression = (this->*part)(op);
      }
    }
  }
  if (!expression) {
    return op->emitError() << "has no form in C";
  }
  return *expression;
}

/// The larger or smaller of two numbers, as IEEE 754 defines it: a NaN is passed on, and -0 is
/// smaller than +0.
static std::string extremeText(StringRef name, const char *sign, const char *zeros) {
  std::string type = name.rsplit('_').second.str();
  return fmt::format(R"(static {0} {1}({0} a, {0} b) {{
  if (a {2} b || b {2} a) {{
    return a {2} b ? a : b;
  }}
  return a == b && a != 0 ? a : {3}; /* NaN, or the right zero */
}}
)",
                     type, name.str(), sign, zeros);
}

FailureOr<Expression> Expressions::highHalf(Operation *op) {
  Type type = op->getResult(1).getType();
  if (!type.isInteger(32)) {
    return op->emitError() << "has no form in C";
  }
  bool isSigned = isa<arith::MulSIExtendedOp>(op);
  auto wide = [&](Value value) {
    return fmt::format("{}{}", isSigned ? "(int64_t)(int32_t)" : "(uint64_t)",
                       operand(value, Unary));
  };
  return Expression{
      fmt::format("(uint32_t)(({} * {}) >> 32)", wide(op->getOperand(0)), wide(op->getOperand(1))),
      Unary};
}

std::string nirc::cpu::helperText(const std::string &name) {
  if (name == "leading_zeros") {
    return R"(/* The number of bits, of `width`, before the highest that is set. */
static unsigned leading_zeros(uint64_t bits, unsigned width) {
  unsigned count = width;
  while (bits != 0) {
    bits >>= 1;
    --count;
  }
  return count;
}
)";
  }
  if (name == "trailing_zeros_32") {
    return R"(/* The number of the lowest bit that is set; 32 where none is. */
static uint32_t trailing_zeros_32(uint32_t bits) {
  if (bits == 0) {
    return 32;
  }
#ifdef __GNUC__
  return (uint32_t)__builtin_ctzl(bits);
#else
  uint32_t count = 0;
  while (!(bits & 1)) {
    bits >>= 1;
    ++count;
  }
  return count;
#endif
}
)";
  }
  if (name == "trailing_zeros") {
    return R"(/* The number of the lowest bit that is set, of `width`; `width` where none is. */
static unsigned trailing_zeros(uint64_t bits, unsigned width) {
  if (bits == 0) {
    return width;
  }
#ifdef __GNUC__
  return (unsigned)__builtin_ctzll(bits);
#else
  unsigned count = 0;
  while (!(bits & 1)) {
    bits >>= 1;
    ++count;
  }
  return count;
#endif
}
)";
  }
  return StringRef(name).starts_with("maximum") ? extremeText(name, ">", "a + b")
                                                : extremeText(name, "<", "-(-a + -b)");
}
