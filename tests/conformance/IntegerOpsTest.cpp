//===- IntegerOpsTest.cpp - integer arithmetic, op by op ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What cpu computes in a network of i32 is what plain C++ computes from the definitions: roundings,
// overflows, every op of a population's body, and what enters and leaves.
//
//===----------------------------------------------------------------------===//

#include "tests/conformance/Integers.h"
#include "tests/conformance/Workshop.h"

#include <bit>
#include <cmath>
#include <functional>

using namespace nir;
using namespace nir::test;

namespace {

constexpr int64_t vectorLengths[] = {0, 128, 512};

//===----------------------------------------------------------------------===//
// snn.rescale
//===----------------------------------------------------------------------===//

int64_t rounded(int64_t x, int64_t multiplier, int shift, const std::string &rounding) {
  __int128 product = static_cast<__int128>(x) * multiplier, unit = __int128(1) << shift;
  __int128 down = product / unit, rest = product % unit;
  if (rest < 0) { // C++ rounds toward zero
    down -= 1;
    rest += unit;
  }
  bool up = rounding == "toward_zero" ? rest != 0 && product < 0
            : rounding == "floor"     ? false
                                      : 2 * rest > unit || (2 * rest == unit && down % 2 != 0);
  return static_cast<int64_t>(down + (up ? 1 : 0));
}

struct Range {
  int bits;
  int64_t least, most;
};

int64_t bounded(int64_t y, const Range &range, const std::string &overflow) {
  int64_t whole = int64_t(1) << range.bits;
  if (overflow == "saturate") {
    return std::min(std::max(y, range.least), range.most);
  }
  if (overflow == "wrap") {
    int64_t low = ((y % whole) + whole) % whole;
    return low >= whole / 2 ? low - whole : low;
  }
  whole = range.most - range.least + 1;
  return y > range.most ? y - whole : y < range.least ? y + whole : y;
}

/// Numbers at which something happens, and others.
std::vector<double> interesting(int64_t least, int64_t most, int shift, size_t count) {
  Random random(17);
  std::vector<double> values;
  for (int64_t base : {int64_t(0), int64_t(1) << shift, int64_t(1) << (shift / 2), least, most,
                       int64_t(1) << 15, int64_t(1) << 23}) {
    for (int64_t near = -3; near <= 3; ++near) {
      for (int64_t sign : {-1, 1}) {
        values.push_back(static_cast<double>(std::clamp(sign * base + near, least, most)));
      }
    }
  }
  while (values.size() < count) {
    values.push_back(static_cast<double>(random.between(least, most)));
  }
  values.resize(count);
  return values;
}

struct Rescaling {
  int64_t least, most; ///< of what is rescaled
  std::vector<int32_t> multiplier;
  int shift;
  Range to;
};

void expectRescaled(const Rescaling &one, const std::string &rounding, const std::string &overflow,
                    const std::string &target) {
  constexpr size_t channels = 4, positions = 33, count = channels * positions;
  std::string from = numbers("4x33", fmt::format("i32<{}:{}>", one.least, one.most));
  std::string to = numbers("4x33", target, "0.25");
  std::string text =
      network(fmt::format("%in = snn.input \"in\" : {0}\n"
                          "%r = snn.rescale \"r\" %in by {1} shift {2} {3} {4} : {0} -> {5}\n"
                          "snn.output \"out\" %r shape [4, 33] : {5}\n",
                          from, list(one.multiplier), one.shift, rounding, overflow, to));
  std::vector<double> values = interesting(one.least, one.most, one.shift, count);
  Recording input = inputOf(Tensor::of<double>({1, 1, channels, positions}, values));
  for (int64_t bits : vectorLengths) {
    auto got = runOnCpu(text, input, {.vectorBits = bits});
    ASSERT_TRUE(got);
    for (size_t i = 0; i < count; ++i) {
      int32_t multiplier = one.multiplier[i * one.multiplier.size() / count];
      int64_t y = rounded(static_cast<int64_t>(values[i]), multiplier, one.shift, rounding);
      ASSERT_EQ(got->traces[0].data.at(static_cast<int64_t>(i)),
                0.25 * static_cast<double>(bounded(y, one.to, overflow)))
          << values[i] << " * " << multiplier << " >> " << one.shift << " " << rounding << " "
          << overflow << " into " << target << ", " << bits << " bits";
    }
  }
}

std::vector<int32_t> multipliersFor(size_t count, int32_t first) {
  std::vector<int32_t> all;
  for (size_t i = 0; i < count; ++i) {
    all.push_back(first - static_cast<int32_t>(7 * i));
  }
  return all;
}

TEST(IntegerRescale, SaturatesInEveryRounding) {
  for (const char *rounding : {"floor", "toward_zero", "nearest_even"}) {
    Range i8{8, -127, 127}, i16{16, -32768, 32767};
    // In 32 bits, and in 64; one multiplier, one a channel, one an element.
    expectRescaled({-30000, 30000, {3}, 5, i8}, rounding, "saturate", "i8<-127:127>");
    expectRescaled({-30000, 30000, multipliersFor(4, 9), 3, i16}, rounding, "saturate", "i16");
    expectRescaled({INT32_MIN, INT32_MAX, multipliersFor(132, 30000), 20, i16}, rounding,
                   "saturate", "i16");
    expectRescaled({INT32_MIN, INT32_MAX, {INT32_MIN}, 62, i8}, rounding, "saturate",
                   "i8<-127:127>");
    expectRescaled({-100, 100, {-1}, 0, i8}, rounding, "saturate", "i8<-127:127>");
  }
}

TEST(IntegerRescale, Wraps) {
  for (const char *rounding : {"floor", "nearest_even"}) {
    expectRescaled({-30000, 30000, {3}, 2, {8, -128, 127}}, rounding, "wrap", "i8");
    expectRescaled({INT32_MIN, INT32_MAX, {12345}, 3, {24, -8388608, 8388607}}, rounding, "wrap",
                   "i24");
    expectRescaled({INT32_MIN, INT32_MAX, {77}, 1, {32, INT32_MIN, INT32_MAX}}, rounding, "wrap",
                   "i32");
  }
}

/// Once, so that what is two turns away stays outside.
TEST(IntegerRescale, WrapsOnceAsLoihi) {
  Range i24{25, -8388607, 8388608};
  for (const char *rounding : {"floor", "toward_zero"}) {
    expectRescaled({-20000000, 20000000, {1}, 0, i24}, rounding, "wrap_loihi",
                   "i25<-8388607:8388608>");
    expectRescaled({INT32_MIN, INT32_MAX, {5}, 3, i24}, rounding, "wrap_loihi",
                   "i25<-8388607:8388608>");
  }
}

TEST(IntegerRescale, OfSpikes) {
  std::string to = numbers("3", "i8");
  std::string text = network(fmt::format(R"(
    %in = snn.input "in" : {0}
    %s = snn.population "n" (%in : {0}) states [] params [] [] -> !snn.spikes<3> {{
    ^bb0(%u: i32):
      %z = arith.constant 0 : i32
      %f = arith.cmpi sgt, %u, %z : i32
      snn.yield %f : i1
    }}
    %r = snn.rescale "r" %s by [9] shift 1 nearest_even saturate : !snn.spikes<3> -> {0}
    snn.output "out" %r shape [3] : {0}
  )",
                                         to));
  auto got = runOnCpu(text, inputOf(Tensor::of<double>({1, 1, 3}, {1, -1, 5})));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->traces[0].data.toDoubles(), (std::vector<double>{4, 0, 4}));
}

//===----------------------------------------------------------------------===//
// The ops of a body
//===----------------------------------------------------------------------===//

struct Operation {
  const char *text; ///< of %a and %b, that makes %r
  std::function<int64_t(int64_t, int64_t)> value;
};

int32_t wrap(int64_t value) { return static_cast<int32_t>(static_cast<uint32_t>(value)); }

int64_t floorDivided(int64_t a, int64_t b) {
  int64_t q = a / b;
  return q - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

/// The lowest number divided by -1 is none of 32 bits.
int64_t aboveLowest(int64_t a) { return std::max<int64_t>(a, -INT32_MAX); }

const std::vector<Operation> &operations() {
  static const std::vector<Operation> all = {
      {"%r = arith.addi %a, %b : i32", [](int64_t a, int64_t b) { return wrap(a + b); }},
      {"%r = arith.subi %a, %b : i32", [](int64_t a, int64_t b) { return wrap(a - b); }},
      {"%r = arith.muli %a, %b : i32", [](int64_t a, int64_t b) { return wrap(a * b); }},
      {"%s = arith.andi %b, %c31 : i32\n%r = arith.shli %a, %s : i32",
       [](int64_t a, int64_t b) { return wrap(a * (int64_t(1) << (b & 31))); }},
      {"%s = arith.andi %b, %c31 : i32\n%r = arith.shrsi %a, %s : i32",
       [](int64_t a, int64_t b) { return a >> (b & 31); }},
      {"%s = arith.andi %b, %c31 : i32\n%r = arith.shrui %a, %s : i32",
       [](int64_t a, int64_t b) { return wrap(static_cast<uint32_t>(a) >> (b & 31)); }},
      {"%r = arith.andi %a, %b : i32", [](int64_t a, int64_t b) { return a & b; }},
      {"%r = arith.ori %a, %b : i32", [](int64_t a, int64_t b) { return a | b; }},
      {"%r = arith.xori %a, %b : i32", [](int64_t a, int64_t b) { return a ^ b; }},
      {"%r = arith.maxsi %a, %b : i32", [](int64_t a, int64_t b) { return std::max(a, b); }},
      {"%r = arith.minsi %a, %b : i32", [](int64_t a, int64_t b) { return std::min(a, b); }},
      {"%t = arith.cmpi slt, %a, %b : i32\n%r = arith.select %t, %a, %c31 : i32",
       [](int64_t a, int64_t b) { return a < b ? a : 31; }},
      {"%t = arith.cmpi eq, %a, %b : i32\n%f = arith.cmpi sge, %a, %c31 : i32\n"
       "%o = arith.ori %t, %f : i1\n%r = arith.extui %o : i1 to i32",
       [](int64_t a, int64_t b) { return a == b || a >= 31 ? 1 : 0; }},
      {"%t = arith.cmpi ne, %a, %b : i32\n%r = arith.extsi %t : i1 to i32",
       [](int64_t a, int64_t b) { return a != b ? -1 : 0; }},
      {"%t = arith.cmpi ult, %a, %b : i32\n%f = arith.cmpi sgt, %a, %b : i32\n"
       "%x = arith.extui %t : i1 to i32\n%y = arith.extui %f : i1 to i32\n"
       "%d = arith.subi %x, %y : i32\n%s = arith.constant 3 : i32\n%r = arith.shrui %d, %s : i32",
       [](int64_t a, int64_t b) {
         int32_t less = static_cast<uint32_t>(a) < static_cast<uint32_t>(b) ? 1 : 0;
         return wrap(static_cast<uint32_t>(less - (a > b ? 1 : 0)) >> 3);
       }},
      {"%t = arith.cmpi slt, %a, %b : i32\n%one = arith.constant 1 : i32\n"
       "%two = arith.constant -2 : i32\n%x = arith.select %t, %one, %two : i32\n"
       "%w = arith.extsi %x : i32 to i64\n%s = arith.constant 30 : i64\n"
       "%y = arith.shrui %w, %s : i64\n%r = arith.trunci %y : i64 to i32",
       [](int64_t a, int64_t b) {
         return wrap(
             static_cast<int64_t>(static_cast<uint64_t>(a < b ? int64_t(1) : int64_t(-2)) >> 30));
       }},
      {"%t = arith.trunci %a : i32 to i1\n%r = arith.select %t, %b, %c31 : i32",
       [](int64_t a, int64_t b) { return a & 1 ? b : 31; }},
      {"%r = math.absi %a : i32", [](int64_t a, int64_t) { return wrap(std::abs(a)); }},
      {"%r = math.ctlz %a : i32",
       [](int64_t a, int64_t) { return std::countl_zero(static_cast<uint32_t>(a)); }},
      {"%n = arith.ori %b, %c31 : i32\n%m = arith.maxsi %a, %low : i32\n%r = arith.divsi %m, %n : "
       "i32",
       [](int64_t a, int64_t b) { return wrap(aboveLowest(a) / (b | 31)); }},
      {"%n = arith.ori %b, %c31 : i32\n%m = arith.maxsi %a, %low : i32\n%r = arith.remsi %m, %n : "
       "i32",
       [](int64_t a, int64_t b) { return aboveLowest(a) % (b | 31); }},
      {"%n = arith.ori %b, %c31 : i32\n%m = arith.maxsi %a, %low : i32\n%r = arith.floordivsi %m, "
       "%n : i32",
       [](int64_t a, int64_t b) { return wrap(floorDivided(aboveLowest(a), b | 31)); }},
      {"%n = arith.ori %b, %c31 : i32\n%m = arith.maxsi %a, %low : i32\n%r = arith.ceildivsi %m, "
       "%n : i32",
       [](int64_t a, int64_t b) { return wrap(-floorDivided(-aboveLowest(a), b | 31)); }},
      {"%x = arith.extsi %a : i32 to i64\n%y = arith.extsi %b : i32 to i64\n"
       "%p = arith.muli %x, %y : i64\n%s = arith.constant 17 : i64\n"
       "%q = arith.shrsi %p, %s : i64\n%r = arith.trunci %q : i64 to i32",
       [](int64_t a, int64_t b) { return wrap((a * b) >> 17); }},
      // What folds to the upper half of a product.
      {"%x = arith.extsi %a : i32 to i64\n%y = arith.extsi %b : i32 to i64\n"
       "%p = arith.muli %x, %y : i64\n%s = arith.constant 32 : i64\n"
       "%q = arith.shrui %p, %s : i64\n%r = arith.trunci %q : i64 to i32",
       [](int64_t a, int64_t b) { return wrap((a * b) >> 32); }},
      {"%x = arith.extsi %a : i32 to i64\n%y = arith.extui %b : i32 to i64\n"
       "%p = arith.addi %x, %y : i64\n%l = arith.constant -1000 : i64\n"
       "%h = arith.constant 3000000000 : i64\n%m = arith.maxsi %p, %l : i64\n"
       "%q = arith.minsi %m, %h : i64\n%r = arith.trunci %q : i64 to i32",
       [](int64_t a, int64_t b) {
         int64_t sum = a + static_cast<uint32_t>(b);
         return wrap(std::min<int64_t>(std::max<int64_t>(sum, -1000), 3000000000));
       }},
  };
  return all;
}

} // namespace

/// A population of numbers, whose parameter is one a neuron.
static std::string bodyNetwork(const char *operation, const std::vector<int32_t> &b) {
  auto count = static_cast<int64_t>(b.size());
  std::string type = numbers(std::to_string(count), "i32");
  return network(
      fmt::format("%in = snn.input \"in\" : {0}\n"
                  "%n = snn.population \"n\" (%in : {0}) states [] params [\"b\"] [{1}] "
                  "-> {0} {{\n^bb0(%a: i32, %b: i32):\n"
                  "%c31 = arith.constant 31 : i32\n"
                  "%low = arith.constant -2147483647 : i32\n{2}\nsnn.yield %r : i32\n}}\n"
                  "snn.output \"out\" %n shape [{3}] : {0}\n",
                  type, dense({count}, b), operation, count));
}

TEST(IntegerBodies, EveryOp) {
  constexpr size_t count = 131; // no whole number of vectors
  std::vector<double> a = interesting(INT32_MIN, INT32_MAX, 30, count);
  Random random(4);
  std::vector<int32_t> b(count);
  for (size_t i = 0; i < count; ++i) {
    b[i] = i % 5 == 0
               ? static_cast<int32_t>(a[i])
               : static_cast<int32_t>(random.between(INT32_MIN, INT32_MAX) >> random.below(31));
  }
  Recording input = inputOf(Tensor::of<double>({1, 1, count}, a));
  for (const Operation &operation : operations()) {
    for (int64_t bits : vectorLengths) {
      auto got = runOnCpu(bodyNetwork(operation.text, b), input, {.vectorBits = bits});
      ASSERT_TRUE(got) << operation.text;
      for (size_t i = 0; i < count; ++i) {
        ASSERT_EQ(got->traces[0].data.at(static_cast<int64_t>(i)),
                  static_cast<double>(operation.value(static_cast<int64_t>(a[i]), b[i])))
            << operation.text << "\nof " << a[i] << " and " << b[i] << ", " << bits << " bits";
      }
    }
  }
}

/// Each op as C, compiled so that it ends where C leaves something undefined.
TEST(IntegerBodies, EveryOpInC) {
  if (!hasGcc()) {
    GTEST_SKIP() << "no gcc";
  }
  constexpr size_t count = 15;
  std::vector<double> a = interesting(INT32_MIN, INT32_MAX, 30, batch * steps * count);
  Random random(4);
  std::vector<int32_t> b;
  for (size_t i = 0; i < count; ++i) {
    b.push_back(static_cast<int32_t>(random.between(INT32_MIN, INT32_MAX) >> (2 * i)));
  }
  Workshop workshop("operations");
  for (const Operation &operation : operations()) {
    SCOPED_TRACE(operation.text);
    nirc::Job job;
    job.file = "random.mlir";
    job.network = bodyNetwork(operation.text, b);
    workshop.expectSame(job, inputOf(Tensor::of<double>({batch, steps, count}, a)),
                        {{"c", "",
                          "-std=c11 -O1 -fsanitize=undefined "
                          "-fsanitize-undefined-trap-on-error"}});
  }
}

/// Elements that fill up a vector have no neuron, and must not divide by 0.
TEST(IntegerBodies, DivideByAParameter) {
  std::vector<int32_t> b{3, -4, 7};
  auto got = runOnCpu(bodyNetwork("%r = arith.divsi %a, %b : i32", b),
                      inputOf(Tensor::of<double>({1, 1, 3}, {10, 10, -70})));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->traces[0].data.toDoubles(), (std::vector<double>{3, -2, -10}));
}

/// What LLVM and C leave undefined: a division by 0 traps, a shift by too much is anything. A
/// network from outside may hold it; cpu gives what the interpreter defines.
TEST(IntegerBodies, WhatIsUndefinedElsewhere) {
  std::vector<double> a;
  std::vector<int32_t> b;
  for (int64_t x : {int64_t(INT32_MIN), int64_t(-7), int64_t(0), int64_t(9), int64_t(INT32_MAX)}) {
    for (int64_t y : {int64_t(0), int64_t(-1), int64_t(1), int64_t(2), int64_t(31), int64_t(32),
                      int64_t(-32), int64_t(64), int64_t(INT32_MIN), int64_t(INT32_MAX)}) {
      a.push_back(static_cast<double>(x));
      b.push_back(static_cast<int32_t>(y));
    }
  }
  auto count = static_cast<int64_t>(b.size());
  Recording input = inputOf(Tensor::of<double>({1, 1, count}, a));
  const std::vector<const char *> operations = {
      "%r = arith.divsi %a, %b : i32",
      "%r = arith.remsi %a, %b : i32",
      "%r = arith.floordivsi %a, %b : i32",
      "%r = arith.ceildivsi %a, %b : i32",
      "%r = arith.shli %a, %b : i32",
      "%r = arith.shrsi %a, %b : i32",
      "%r = arith.shrui %a, %b : i32",
      "%z = arith.constant 0 : i32\n%r = arith.divsi %a, %z : i32",
      "%z = arith.constant 77 : i32\n%r = arith.shli %a, %z : i32",
      "%x = arith.sitofp %a : i32 to f32\n%y = arith.sitofp %b : i32 to f32\n"
      "%q = arith.divf %x, %y : f32\n%r = arith.fptosi %q : f32 to i32",
      "%x = arith.sitofp %a : i32 to f64\n%h = arith.constant 2.5 : f64\n"
      "%q = arith.mulf %x, %h : f64\n%n = arith.fptosi %q : f64 to i8\n"
      "%r = arith.extsi %n : i8 to i32",
  };
  for (const char *operation : operations) {
    nirc::Job job;
    job.file = "test.mlir";
    job.network = bodyNetwork(operation, b);
    auto reference = (*nirc::findTarget("reference"))->compile(job);
    ASSERT_TRUE(reference) << reference.error().str();
    Result<Recording> want = (*reference)->run(input, {.threads = 1});
    ASSERT_TRUE(want) << want.error().str();
    for (int64_t bits : vectorLengths) {
      auto got = runOnCpu(job.network, input, {.vectorBits = bits});
      ASSERT_TRUE(got) << operation;
      EXPECT_EQ(got->traces[0].data.toDoubles(), want->traces[0].data.toDoubles())
          << operation << ", " << bits << " bits";
    }
  }
}

//===----------------------------------------------------------------------===//
// What enters and leaves
//===----------------------------------------------------------------------===//

TEST(IntegerPorts, NumbersAreRoundedToTheScaleAndSaturate) {
  std::string type = numbers("2x4", "i8<-100:101>", "{0.5, 0.1}");
  std::string text = network(fmt::format("%in = snn.input \"in\" : {0}\n"
                                         "snn.output \"out\" %in shape [2, 4] : {0}\n",
                                         type));
  double nan = std::nan(""), infinity = INFINITY;
  std::vector<double> values{0.25, 0.75, -0.25, 1.3, nan, 50.0, -infinity, 0.149};
  std::vector<double> want{0.0, 1.0, 0.0, 1.5, 0.0, 101 * 0.1, -100 * 0.1, 1 * 0.1};
  auto got = runOnCpu(text, inputOf(Tensor::of<double>({1, 1, 2, 4}, values)));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->traces[0].data.dtype(), DType::F64);
  EXPECT_EQ(got->traces[0].data.toDoubles(), want);
  std::vector<float> singles(values.begin(), values.end());
  got = runOnCpu(text, inputOf(Tensor::of<float>({1, 1, 2, 4}, singles)));
  ASSERT_TRUE(got);
  want[7] = static_cast<double>(0.149F) / 0.1 > 1.5 ? 0.2 : 0.1;
  EXPECT_EQ(got->traces[0].data.toDoubles(), want);
  std::vector<int64_t> whole{3, -3, 100, 0, 1, 2, -50, 50};
  got = runOnCpu(text, inputOf(Tensor::of<int64_t>({1, 1, 2, 4}, whole)));
  ASSERT_TRUE(got);
  EXPECT_EQ(got->traces[0].data.toDoubles(),
            (std::vector<double>{3, -3, 50.5, 0, 1, 2, -10, 101 * 0.1}));
}

TEST(IntegerPorts, WhatAnIntegerNetworkDoesNotHave) {
  std::string type = numbers("1x2x2", "i8"), result = numbers("1x1x1", "i16");
  nirc::Job job;
  job.file = "test.mlir";
  job.network = network(
      fmt::format("%in = snn.input \"in\" : {0}\n"
                  "%p = snn.pool \"p\" %in kernel [2, 2] strides [2, 2] pads [0, 0] average "
                  ": {0} -> {1}\nsnn.output \"out\" %p shape [1, 1, 1] : {1}\n",
                  type, result));
  auto executable = nirc::cpu::compile(job, {});
  ASSERT_FALSE(executable);
  EXPECT_EQ(executable.error().str(),
            "test.mlir: error: node 'p': takes an average in a network of "
            "i32, expected the sum, whose scale says what it is worth");
  job.network = "module {}";
  executable = nirc::cpu::compile(job, {});
  ASSERT_FALSE(executable);
  EXPECT_EQ(executable.error().str(),
            "test.mlir: error: the file holds 0 networks, expected one snn.network");
  job.network = "snn.netwerk";
  EXPECT_FALSE(nirc::cpu::compile(job, {}));
}
