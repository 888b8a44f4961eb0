//===- CTermsTest.cpp - C as terms, and as a compiler has it --------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/proof/CTerms.h"

#include "backends/c/CReader.h"
#include "tests/support/Proofs.h"
#include "tests/support/Random.h"
#include "tests/support/TemporaryFolder.h"

#include "mlir/Dialect/SMT/IR/SMTDialect.h"

#include <fmt/format.h>
#include <fstream>

using namespace nirc;
using namespace nirc::proof;

namespace {

const std::vector<std::string> types = {"int8_t",   "uint8_t", "int16_t",  "uint16_t", "int32_t",
                                        "uint32_t", "int64_t", "uint64_t", "bool"};

/// A random expression of the variables v0 to v8, one of each type.
class Writer {
public:
  explicit Writer(nir::test::Random &random) : random(random) {}

  std::string expression(int depth) {
    if (depth == 0 || random.chance(0.1)) {
      return random.chance(0.75) ? fmt::format("v{}", random.below(std::ssize(types))) : number();
    }
    auto sub = [&] { return expression(depth - 1); };
    switch (random.below(8)) {
    case 0:
      return fmt::format("({}){}", random.pick(types), parenthesized(sub()));
    case 1:
      return fmt::format("({} ? {} : {})", sub(), sub(), sub());
    case 2:
      return fmt::format("({} {} {})", sub(), random.pick(comparisons), sub());
    case 3:
      return fmt::format("({}{})", random.pick(signs), parenthesized(sub()));
    case 4: // by a number that is small, as a rule
      return fmt::format("({} {} {})", sub(), random.chance(0.5) ? "<<" : ">>",
                         random.chance(0.8) ? std::to_string(random.below(32))
                                            : fmt::format("({} & 31)", sub()));
    case 5:
      return fmt::format("((int32_t){} {} (int32_t){})", parenthesized(sub()),
                         random.chance(0.5) ? "/" : "%", random.between(2, 99));
    default:
      return fmt::format("({} {} {})", sub(), random.pick(operators), sub());
    }
  }

private:
  static std::string parenthesized(const std::string &text) { return "(" + text + ")"; }
  std::string number() {
    int64_t value = random.between(0, 70000);
    return random.pick(std::vector<std::string>{std::to_string(value), fmt::format("{}u", value),
                                                "UINT64_C(18446744071562067969)", "4286578689u",
                                                "2147483647", "0x80000000"});
  }
  const std::vector<std::string> operators = {"+", "-", "*", "&", "|", "^", "+", "-"};
  const std::vector<std::string> comparisons = {"==", "!=", "<", "<=", ">", ">=", "&&", "||"};
  const std::vector<std::string> signs = {"-", "~", "!"};
  nir::test::Random &random;
};

struct Sample {
  size_t expression;
  std::vector<int64_t> values; ///< of the variables
  int64_t result = 0;
};

/// The same in a program: each sample's number as 64 bits, on a line of its own.
std::string programOf(const std::vector<std::string> &expressions,
                      const std::vector<Sample> &samples) {
  std::string text = "#include <stdbool.h>\n#include <stdint.h>\n#include <stdio.h>\n";
  for (size_t i = 0; i < expressions.size(); ++i) {
    text += fmt::format("static int64_t f{}(", i);
    for (size_t v = 0; v < types.size(); ++v) {
      text += fmt::format("{}{} v{}", v ? ", " : "", types[v], v);
    }
    text += ") {\n";
    for (size_t v = 0; v < types.size(); ++v) {
      text += fmt::format("  (void)v{};\n", v);
    }
    text += fmt::format("  return (int64_t)({});\n}}\n", expressions[i]);
  }
  text += "int main(void) {\n";
  for (const Sample &sample : samples) {
    text += fmt::format("  printf(\"%lld\\n\", (long long)f{}(", sample.expression);
    for (size_t v = 0; v < types.size(); ++v) {
      text += fmt::format("{}({})UINT64_C({})", v ? ", " : "", types[v],
                          static_cast<uint64_t>(sample.values[v]));
    }
    text += "));\n";
  }
  return text + "  return 0;\n}\n";
}

class CTermsAndCompiler : public testing::Test {
protected:
  void SetUp() override {
    if (nir::test::solvers().all().empty()) {
      GTEST_SKIP() << "needs cvc5 or z3";
    }
    context.loadDialect<mlir::smt::SMTDialect>();
  }

  /// What the compiler makes of all samples.
  void compute(const std::vector<std::string> &expressions, std::vector<Sample> &samples) {
    std::string at = folder.path + "/f";
    std::ofstream(at + ".c") << programOf(expressions, samples);
    // -fwrapv: what C leaves undefined must not make the compiler forget the rest.
    ASSERT_EQ(
        std::system(
            fmt::format("cc -std=c11 -w -O1 -fwrapv -o {0} {0}.c && {0} > {0}.txt", at).c_str()),
        0);
    std::ifstream results(at + ".txt");
    for (Sample &sample : samples) {
      results >> sample.result;
      ASSERT_TRUE(results) << expressions[sample.expression];
    }
  }

  /// That a sample is another number here, where C defines it.
  mlir::Value differs(Theory &theory, const std::string &expression, const Sample &sample) {
    theory.faults.clear();
    CTerms terms(theory);
    for (size_t v = 0; v < types.size(); ++v) {
      nir::Result<c::File> file =
          c::File::read(fmt::format("static const {} t[1] = {{0}};", types[v]));
      c::Type type = file->table("t")->type;
      terms.declare(fmt::format("v{}", v), type,
                    type.bits == 1 ? theory.truth(sample.values[v] != 0)
                                   : theory.constant(sample.values[v], type.bits));
    }
    nir::Result<std::vector<c::Token>> tokens = c::tokensOf(expression);
    c::Typedefs none;
    c::Parser parser(*tokens, none);
    c::Expression parsed = parser.expression();
    EXPECT_FALSE(parser.failed()) << expression << ": " << parser.error()->str();
    CNumber number = terms.converted(terms.of(parsed), c::integerType(64, true));
    EXPECT_FALSE(terms.failed()) << expression << ": " << terms.refusal();
    mlir::Value wrong = theory.differ(number.term, theory.constant(sample.result, 64));
    std::vector<mlir::Value> all{wrong};
    for (const Theory::Fault &fault : theory.faults) {
      all.push_back(theory.negated(fault.happens));
    }
    return theory.all(all);
  }

  proof::Verdict ask(const std::vector<std::string> &expressions,
                     const std::vector<Sample> &samples) {
    Sheet sheet(context);
    Bits theory(sheet.builder);
    std::vector<mlir::Value> wrong;
    for (const Sample &sample : samples) {
      wrong.push_back(differs(theory, expressions[sample.expression], sample));
    }
    std::string text = sheet.text("QF_BV", {theory.any(wrong)});
    auto answer =
        nir::test::solvers().ask({"a number differs from the compiler's", {{text, true}}});
    EXPECT_TRUE(answer) << answer.error().str();
    return answer ? answer->verdict : Verdict::Undecided;
  }

  mlir::MLIRContext context;
  nir::test::TemporaryFolder folder;
};

TEST_F(CTermsAndCompiler, AgreeOnRandomExpressions) {
  constexpr uint64_t seed = 20;
  constexpr int count = 150, samplesOfEach = 4;
  SCOPED_TRACE(fmt::format("seed {}", seed));
  nir::test::Random random(seed);
  Writer writer(random);
  std::vector<std::string> expressions;
  std::vector<Sample> samples;
  for (size_t i = 0; i < count; ++i) {
    expressions.push_back(writer.expression(static_cast<int>(random.between(1, 4))));
    for (int k = 0; k < samplesOfEach; ++k) {
      Sample sample{i, {}};
      for (size_t v = 0; v < types.size(); ++v) {
        bool isSmall = random.chance(0.5);
        sample.values.push_back(isSmall ? random.between(-5, 5)
                                        : random.between(INT64_MIN / 2, INT64_MAX / 2) * 2 + 1);
      }
      samples.push_back(std::move(sample));
    }
  }
  compute(expressions, samples);
  if (ask(expressions, samples) == Verdict::Proved) {
    return;
  }
  for (const Sample &sample : samples) {
    EXPECT_EQ(ask(expressions, {sample}), Verdict::Proved)
        << expressions[sample.expression] << " of " << testing::PrintToString(sample.values)
        << " is " << sample.result;
  }
}

/// What C leaves undefined is a fault.
TEST_F(CTermsAndCompiler, FindsWhatIsUndefined) {
  struct Case {
    const char *expression;
    bool isDefined;
  };
  const std::vector<int64_t> ends = {-128,       255,       -32768, 65535, INT32_MIN,
                                     0xffffffff, INT64_MIN, -1,     1};
  for (const Case &each : {Case{"v4 - 1", false},
                           {"v4 + 1", true},
                           {"v4 * v4", false},
                           {"v0 * v2", true},
                           {"v3 * v3", false},
                           {"v3 << 16", false},
                           {"v5 << 31", true},
                           {"v0 << 1", false},
                           {"v1 << 23", true},
                           {"-v4", false},
                           {"-v5", true},
                           {"-v6", false},
                           {"v4 / v8", true},
                           {"v4 / -1", false},
                           {"v4 % (v8 - 1)", false},
                           {"1 << v1", false},
                           {"v8 ? 1 : v4 - 1", true},
                           {"!v8 || v4 - 1", false},
                           {"v8 || v4 - 1", true},
                           {"v6 - v7", true},
                           {"(int64_t)v4 * v4", true}}) {
    Sheet sheet(context);
    Bits theory(sheet.builder);
    differs(theory, each.expression, {0, ends});
    std::vector<mlir::Value> faults;
    for (const Theory::Fault &fault : theory.faults) {
      faults.push_back(fault.happens);
    }
    std::string text = sheet.text("QF_BV", {theory.any(faults)});
    auto answer = nir::test::solvers().ask({"it is undefined", {{text, true}}});
    ASSERT_TRUE(answer) << answer.error().str();
    EXPECT_EQ(answer->verdict, each.isDefined ? Verdict::Proved : Verdict::Refuted)
        << each.expression;
  }
}

} // namespace
