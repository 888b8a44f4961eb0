//===- SnnIntegersTest.cpp - what networks of integers compute ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Networks that are written by hand, with results that are worked by hand from the descriptions of
// the ops.
//
//===----------------------------------------------------------------------===//

#include "dialects/snn/interpreter/Interpreter.h"

#include "RoundTrip.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <limits>

using testing::ElementsAre;
using testing::HasSubstr;

namespace {

using Numbers = std::vector<double>;
constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double notANumber = std::numeric_limits<double>::quiet_NaN();
constexpr int32_t least = std::numeric_limits<int32_t>::min();
constexpr int32_t most = std::numeric_limits<int32_t>::max();

/// A network of i32 that stands in a text.
class Network {
public:
  explicit Network(const std::string &body, const std::string &head = "of i32") {
    context.mlir.loadDialect<snn::SnnDialect, mlir::arith::ArithDialect, mlir::math::MathDialect>();
    std::string format = head == "of i32" ? " in <\"int8\">" : "";
    module = mlir::parseSourceString<mlir::ModuleOp>(
        fmt::format("snn.network @n {} <\"nir\", dt = 1.0>{} {{\n{}\n}}", head, format, body),
        &context.mlir);
    EXPECT_TRUE(module) << context.errors << body;
  }

  snn::NetworkOp op() { return *module->getOps<snn::NetworkOp>().begin(); }

  /// The traces of a sample, after another; `input` is [T, elements] of the input "in".
  nir::Result<nir::Recording> run(const Numbers &input, int64_t steps,
                                  const snn::InterpretOptions &options = {}) {
    int64_t elements = static_cast<int64_t>(input.size()) / steps;
    nir::Tensor data = nir::Tensor::of(nir::Shape{1, steps, elements}, input);
    return snn::interpret(op(), {1.0, {{"in", "value", data}}}, options);
  }
  /// All numbers of the first trace.
  Numbers first(const Numbers &input, int64_t steps = 1) {
    nir::Result<nir::Recording> recording = run(input, steps);
    EXPECT_TRUE(recording) << recording.error().str();
    return recording ? numbersOf(recording->traces[0]) : Numbers();
  }
  static Numbers numbersOf(const nir::Trace &trace) {
    Numbers numbers;
    for (int64_t i = 0; i < trace.data.size(); ++i) {
      numbers.push_back(trace.data.at(i));
    }
    return numbers;
  }

  nir::test::Context context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

//===----------------------------------------------------------------------===//
// rescale
//===----------------------------------------------------------------------===//

/// x by `multiplier` shift `shift`, into numbers of `type`.
Numbers rescaled(const Numbers &x, const std::string &how, const std::string &type = "i32") {
  std::string in = fmt::format("tensor<{}x!quant.uniform<i32:f64, 1.0>>", x.size());
  std::string out = fmt::format("tensor<{}x!quant.uniform<{}:f64, 1.0>>", x.size(), type);
  Network network(fmt::format(R"(
    %in = snn.input "in" : {0}
    %y = snn.rescale "y" %in by {2} : {0} -> {1}
    snn.output "out" %y shape [{3}] : {1})",
                              in, out, how, x.size()));
  return network.first(x);
}

TEST(SnnIntegers, RescaleRounds) {
  Numbers x{-7, -6, -5, -3, -2, -1, 0, 1, 2, 3, 5, 6, 7};
  EXPECT_EQ(rescaled(x, "[1] shift 2 floor saturate"),
            (Numbers{-2, -2, -2, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(rescaled(x, "[1] shift 2 toward_zero saturate"),
            (Numbers{-1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1}));
  // -1.75 -1.5 -1.25 -0.75 -0.5 -0.25 0 0.25 0.5 0.75 1.25 1.5 1.75
  EXPECT_EQ(rescaled(x, "[1] shift 2 nearest_even saturate"),
            (Numbers{-2, -2, -1, -1, 0, 0, 0, 0, 0, 1, 1, 2, 2}));
}

TEST(SnnIntegers, RescaleWithoutAShiftRoundsNothing) {
  for (const char *rounding : {"floor", "toward_zero", "nearest_even"}) {
    EXPECT_EQ(rescaled({-3, 3}, fmt::format("[-5] shift 0 {} saturate", rounding)),
              (Numbers{15, -15}));
  }
}

TEST(SnnIntegers, RescaleMultipliesExactly) {
  // (2^31 - 1)^2 = 2^62 - 2^32 + 1
  EXPECT_EQ(rescaled({most, -most, least}, "[2147483647] shift 31 floor saturate"),
            (Numbers{most - 1.0, -most, -most}));
  EXPECT_EQ(rescaled({most, -most, least}, "[2147483647] shift 62 nearest_even saturate"),
            (Numbers{1, -1, -1}));
  EXPECT_EQ(rescaled({most, -most}, "[2147483647] shift 62 toward_zero saturate"), (Numbers{0, 0}));
}

TEST(SnnIntegers, RescaleOverflows) {
  Numbers x{-300, -129, -128, -127, 127, 128, 129, 300};
  EXPECT_EQ(rescaled(x, "[1] shift 0 floor saturate", "i8"),
            (Numbers{-128, -128, -128, -127, 127, 127, 127, 127}));
  EXPECT_EQ(rescaled(x, "[1] shift 0 floor saturate", "i8<-127:100>"),
            (Numbers{-127, -127, -127, -127, 100, 100, 100, 100}));
  EXPECT_EQ(rescaled(x, "[1] shift 0 floor wrap", "i8"),
            (Numbers{-44, 127, -128, -127, 127, -128, -127, 44}));
  EXPECT_EQ(rescaled({100000}, "[1] shift 0 floor wrap", "i8"), Numbers{-96});
}

/// u of Loihi is in (-2^23, 2^23], which takes a bit more than 24.
TEST(SnnIntegers, RescaleWrapsAsLoihi) {
  constexpr int edge = 1 << 23;
  EXPECT_EQ(rescaled({edge - 1, edge, edge + 1, -edge + 1, -edge, -edge - 1},
                     "[1] shift 0 floor wrap_loihi", "i25<-8388607:8388608>"),
            (Numbers{edge - 1, edge, -edge + 1, -edge + 1, edge, edge - 1}));
}

TEST(SnnIntegers, RescaleHasAMultiplierAChannelOrAnElement) {
  auto run = [](const std::string &multipliers) {
    Network network(fmt::format(R"(
      %in = snn.input "in" : tensor<2x2x!quant.uniform<i32:f64, 1.0>>
      %y = snn.rescale "y" %in by {} shift 1 floor saturate
        : tensor<2x2x!quant.uniform<i32:f64, 1.0>> -> tensor<2x2x!quant.uniform<i32:f64:0, {{0.5, 0.25}}>>
      snn.output "out" %y shape [4] : tensor<2x2x!quant.uniform<i32:f64:0, {{0.5, 0.25}}>>)",
                                multipliers));
    return network.first({10, 20, 30, 40});
  };
  EXPECT_EQ(run("[2, 4]"), (Numbers{5, 10, 15, 20}));
  EXPECT_EQ(run("[2, 4, 6, 8]"), (Numbers{5, 20, 22.5, 40}));
}

//===----------------------------------------------------------------------===//
// The bodies of populations
//===----------------------------------------------------------------------===//

/// `op` of a and b, for each pair: a body that gives it as %r.
Numbers evaluated(const std::string &op, const Numbers &a, const Numbers &b) {
  std::string type = fmt::format("tensor<{}x!quant.uniform<i32:f64, 1.0>>", a.size());
  Network network(fmt::format(R"(
    %in = snn.input "in" : {0}
    %p = snn.population "p" (%in : {0}) states ["v"] of [{0}] params [] [] -> {0} {{
    ^bb0(%b: i32, %a: i32):
      {1}
      snn.yield %r, %b : i32, i32
    }}
    snn.output "out" %p shape [{2}] : {0})",
                              type, op, a.size()));
  Numbers input = a; // becomes the state in the first step
  input.insert(input.end(), b.begin(), b.end());
  Numbers both = network.first(input, 2);
  return {both.begin() + static_cast<ptrdiff_t>(a.size()), both.end()};
}
Numbers binary(const std::string &name, const Numbers &a, const Numbers &b) {
  return evaluated(fmt::format("%r = arith.{} %a, %b : i32", name), a, b);
}

TEST(SnnIntegers, SumsAndProductsWrap) {
  EXPECT_EQ(binary("addi", {most, 1}, {1, -5}), (Numbers{least, -4}));
  EXPECT_EQ(binary("subi", {least, 1}, {1, -5}), (Numbers{most, 6}));
  EXPECT_EQ(binary("muli", {65536, -3}, {65537, 7}), (Numbers{65536, -21}));
}

TEST(SnnIntegers, QuotientsRoundAsTheyAreCalled) {
  Numbers a{7, -7, 7, -7, 6, -6, 0, least}, b{2, 2, -2, -2, 3, 3, 5, 2};
  EXPECT_EQ(binary("divsi", a, b), (Numbers{3, -3, -3, 3, 2, -2, 0, least / 2}));
  EXPECT_EQ(binary("floordivsi", a, b), (Numbers{3, -4, -4, 3, 2, -2, 0, least / 2}));
  EXPECT_EQ(binary("ceildivsi", a, b), (Numbers{4, -3, -3, 4, 2, -2, 0, least / 2}));
  EXPECT_EQ(binary("remsi", a, b), (Numbers{1, -1, 1, -1, 0, 0, 0, 0}));
  EXPECT_EQ(binary("divsi", {5, least}, {0, -1}), (Numbers{0, least})) << "which MLIR leaves open";
}

TEST(SnnIntegers, Shifts) {
  EXPECT_EQ(binary("shli", {1, 3, -1}, {31, 31, 4}), (Numbers{least, least, -16}));
  EXPECT_EQ(binary("shrsi", {-5, 5, least, -1}, {1, 1, 31, 0}), (Numbers{-3, 2, -1, -1}));
  EXPECT_EQ(binary("shrui", {-1, least, 5}, {28, 31, 1}), (Numbers{15, 1, 2}));
  EXPECT_EQ(binary("shli", {1}, {32}), Numbers{0});
  EXPECT_EQ(binary("shrsi", {-7}, {40}), Numbers{-1});
}

TEST(SnnIntegers, BitsAndExtremes) {
  EXPECT_EQ(binary("andi", {12, -1}, {10, 7}), (Numbers{8, 7}));
  EXPECT_EQ(binary("ori", {12, -2}, {10, 1}), (Numbers{14, -1}));
  EXPECT_EQ(binary("xori", {12, -1}, {10, 7}), (Numbers{6, -8}));
  EXPECT_EQ(binary("maxsi", {-3, 4}, {2, -9}), (Numbers{2, 4}));
  EXPECT_EQ(binary("minsi", {-3, 4}, {2, -9}), (Numbers{-3, -9}));
}

TEST(SnnIntegers, Comparisons) {
  Numbers a{-1, 1, 2}, b{1, 1, -2};
  auto compared = [&](const std::string &predicate) {
    return evaluated(fmt::format("%c = arith.cmpi {}, %a, %b : i32\n"
                                 "%r = arith.extui %c : i1 to i32",
                                 predicate),
                     a, b);
  };
  EXPECT_EQ(compared("eq"), (Numbers{0, 1, 0}));
  EXPECT_EQ(compared("ne"), (Numbers{1, 0, 1}));
  EXPECT_EQ(compared("slt"), (Numbers{1, 0, 0}));
  EXPECT_EQ(compared("sle"), (Numbers{1, 1, 0}));
  EXPECT_EQ(compared("sgt"), (Numbers{0, 0, 1}));
  EXPECT_EQ(compared("sge"), (Numbers{0, 1, 1}));
  EXPECT_EQ(compared("ult"), (Numbers{0, 0, 1}));
  EXPECT_EQ(compared("ule"), (Numbers{0, 1, 1}));
  EXPECT_EQ(compared("ugt"), (Numbers{1, 0, 0}));
  EXPECT_EQ(compared("uge"), (Numbers{1, 1, 0}));
}

TEST(SnnIntegers, WidthsAndTheirBits) {
  // 64 bits hold what 32 do not: (a b) >> 31.
  EXPECT_EQ(evaluated(R"(
      %s = arith.constant 31 : i64
      %x = arith.extsi %a : i32 to i64
      %y = arith.extsi %b : i32 to i64
      %p = arith.muli %x, %y : i64
      %q = arith.shrsi %p, %s : i64
      %r = arith.trunci %q : i64 to i32)",
                      {least, most}, {most, most}),
            (Numbers{-most, most - 1.0}));
  EXPECT_EQ(evaluated(R"(
      %n = arith.trunci %a : i32 to i8
      %s = arith.extsi %n : i8 to i32
      %u = arith.extui %n : i8 to i32
      %r = arith.subi %u, %s : i32)",
                      {200, 100, 256}, {0, 0, 0}),
            (Numbers{256, 0, 0}));
  EXPECT_EQ(evaluated("%c = arith.cmpi sgt, %a, %b : i32\n%r = arith.extsi %c : i1 to i32", {1, 0},
                      {0, 1}),
            (Numbers{-1, 0}));
  EXPECT_EQ(evaluated("%r = math.absi %a : i32", {-5, 5, 0}, {0, 0, 0}), (Numbers{5, 5, 0}));
  EXPECT_EQ(evaluated("%r = math.ctlz %a : i32", {0, 1, -1, most}, {0, 0, 0, 0}),
            (Numbers{32, 31, 0, 1}));
}

TEST(SnnIntegers, FloatsInABody) {
  // 2^24 + 1 is no float32: to even; and a quarter is lost there too.
  EXPECT_EQ(evaluated(R"(
      %f = arith.sitofp %a : i32 to f32
      %g = arith.sitofp %b : i32 to f32
      %h = arith.divf %f, %g : f32
      %r = arith.fptosi %h : f32 to i32)",
                      {16777217, -7, 100}, {1, 2, -8}),
            (Numbers{16777216, -3, -12}));
  EXPECT_EQ(evaluated(R"(
      %f = arith.sitofp %a : i32 to f64
      %h = arith.constant 0.5 : f64
      %p = arith.mulf %f, %h : f64
      %e = math.roundeven %p : f64
      %r = arith.fptosi %e : f64 to i32)",
                      {1, 3, 5, -1, -3}, {0, 0, 0, 0, 0}),
            (Numbers{0, 2, 2, 0, -2}));
  // The bits of 1.5f are a state of 32 bits.
  EXPECT_EQ(evaluated(R"(
      %f = arith.bitcast %a : i32 to f32
      %g = arith.addf %f, %f : f32
      %r = arith.bitcast %g : f32 to i32)",
                      {0x3fc00000}, {0}),
            Numbers{0x40400000});
}

/// The worked step of Loihi 2: x = rtz(u, d) + a, wrapped into (-2^23, 2^23].
TEST(SnnIntegers, AStepOfLoihi) {
  const char *step = R"(
      %keep = arith.constant 3686 : i64
      %unit = arith.constant 4096 : i64
      %edge = arith.constant 8388608 : i32
      %low = arith.constant -8388608 : i32
      %size = arith.constant 16777216 : i32
      %w = arith.extsi %a : i32 to i64
      %p = arith.muli %w, %keep : i64
      %q = arith.divsi %p, %unit : i64
      %k = arith.trunci %q : i64 to i32
      %x = arith.addi %k, %b : i32
      %over = arith.cmpi sgt, %x, %edge : i32
      %under = arith.cmpi sle, %x, %low : i32
      %less = arith.subi %x, %size : i32
      %more = arith.addi %x, %size : i32
      %y = arith.select %over, %less, %x : i32
      %r = arith.select %under, %more, %y : i32)";
  // 8388607 * 3686 / 4096 = 7548927.1, and the same below 0; -1 * 3686 / 4096 = -0.9, to 0
  EXPECT_EQ(evaluated(step, {8388607, -8388607, -1, 8388607, 8388607, -8388607},
                      {0, 0, 0, 8388608 - 7548927, 8388609 - 7548927, -8388608 + 7548927}),
            (Numbers{7548927, -7548927, 0, 8388608, -8388607, 8388608}));
}

TEST(SnnIntegers, PopulationsAreUpdatedInBlocks) {
  constexpr int count = 600;
  Numbers a, b, sum;
  for (int i = 0; i < count; ++i) {
    a.push_back(i);
    b.push_back(1000 * i);
    sum.push_back(1001 * i);
  }
  EXPECT_EQ(binary("addi", a, b), sum);
}

//===----------------------------------------------------------------------===//
// Networks
//===----------------------------------------------------------------------===//

TEST(SnnIntegers, InputsRoundToEvenAndSaturate) {
  Network network(R"(
    %in = snn.input "in" : tensor<2x5x!quant.uniform<i8<-100:100>:f64:0, {0.5, 2.0}>>
    snn.output "out" %in shape [10] : tensor<2x5x!quant.uniform<i8<-100:100>:f64:0, {0.5, 2.0}>>)");
  EXPECT_EQ(network.first({0.25, 0.75, -0.25, -0.75, 1e9, /*2.0*/ 1, 3, -1, infinity, notANumber}),
            (Numbers{0, 1, 0, -1, 50, /*2.0*/ 0, 4, 0, 200, 0}));
  EXPECT_EQ(network.first({-1e9, 0, 0, 0, 0, -infinity, 0, 0, 0, 0})[5], -200);
}

/// The network of tests/dialects/snn/integers.mlir.
constexpr const char *lif = R"(
  %in = snn.input "in" : tensor<2x!quant.uniform<i8<0:1>:f64, 1.0>>
  %a = snn.dense "fc" %in {weight = dense<[[80, -31], [5, 127]]> : tensor<2x2xi8>}
    : tensor<2x!quant.uniform<i8<0:1>:f64, 1.0>> -> tensor<2x!quant.uniform<i32<-31:132>:f64, 0.001>>
  %b = snn.rescale "fc" %a by [3, 5] shift 2 nearest_even saturate
    : tensor<2x!quant.uniform<i32<-31:132>:f64, 0.001>> -> tensor<2x!quant.uniform<i16<-23:165>:f64:0, {0.00075, 0.00125}>>
  %s = snn.population "lif" (%b : tensor<2x!quant.uniform<i16<-23:165>:f64:0, {0.00075, 0.00125}>>)
    states ["v"] of [tensor<2x!quant.uniform<i24:f64:0, {0.00075, 0.00125}>>] params [] []
    -> !snn.spikes<2> {
  ^bb0(%u: i32, %v: i32):
    %keep = arith.constant 3932 : i32
    %twelve = arith.constant 12 : i32
    %theta = arith.constant 300 : i32
    %zero = arith.constant 0 : i32
    %product = arith.muli %v, %keep : i32
    %kept = arith.shrsi %product, %twelve : i32
    %next = arith.addi %kept, %u : i32
    %fires = arith.cmpi sgt, %next, %theta : i32
    %after = arith.select %fires, %zero, %next : i32
    snn.yield %fires, %after : i1, i32
  }
  snn.output "out" %s shape [2] : !snn.spikes<2>
  snn.record "lif" "v"
  snn.record "fc" "value" %b : tensor<2x!quant.uniform<i16<-23:165>:f64:0, {0.00075, 0.00125}>>)";

TEST(SnnIntegers, ALayerOfNeurons) {
  Network network(lif);
  nir::Result<nir::Recording> got = network.run({1, 1, 0, 1, 0, 1, 0, 0}, 4);
  ASSERT_TRUE(got) << got.error().str();
  ASSERT_EQ(got->traces.size(), 3u);
  // fc: [49, 132], [-31, 127], [-31, 127], [0, 0]; by [3, 5] / 4: 36.75, 165; -23.25, 158.75
  EXPECT_EQ(Network::numbersOf(got->traces[2]),
            (Numbers{37 * 0.00075, 165 * 0.00125, -23 * 0.00075, 159 * 0.00125, -23 * 0.00075,
                     159 * 0.00125, 0, 0}));
  // v[0]: 37; 35 - 23 = 12; 11 - 23 = -12; -12 * 3932 / 4096 = -11.5, floor -12
  // v[1]: 165; 158 + 159 = 317 fires; 159; 152
  EXPECT_EQ(Network::numbersOf(got->traces[1]),
            (Numbers{37 * 0.00075, 165 * 0.00125, 12 * 0.00075, 0, -12 * 0.00075, 159 * 0.00125,
                     -12 * 0.00075, 152 * 0.00125}));
  EXPECT_EQ(Network::numbersOf(got->traces[0]), (Numbers{0, 0, 0, 1, 0, 0, 0, 0}));
  EXPECT_EQ(got->traces[0].observable, "spikes");
  EXPECT_EQ(got->traces[0].data.dtype(), nir::DType::U8);
  EXPECT_EQ(got->traces[1].data.dtype(), nir::DType::F64);
}

TEST(SnnIntegers, SamplesStartSilent) {
  Network network(lif);
  nir::Tensor data = nir::Tensor::of({2, 2, 2}, Numbers{1, 1, 0, 1, 1, 1, 0, 1});
  nir::Result<nir::Recording> got = snn::interpret(network.op(), {1.0, {{"in", "value", data}}});
  ASSERT_TRUE(got) << got.error().str();
  EXPECT_EQ(Network::numbersOf(got->traces[0]), (Numbers{0, 0, 0, 1, 0, 0, 0, 1}));
}

TEST(SnnIntegers, ConnectionsAddUpExactly) {
  Network network(R"(
    %in = snn.input "in" : tensor<1x3x3x!quant.uniform<i8:f64, 1.0>>
    %c = snn.conv "c" %in strides [2, 2] pads [1, 1] dilations [1, 1] groups 1
      {weight = dense<[[[[1, 2], [3, 4]]], [[[-1, 0], [0, 100]]]]> : tensor<2x1x2x2xi8>, bias = dense<[10, -10]> : tensor<2xi32>}
      : tensor<1x3x3x!quant.uniform<i8:f64, 1.0>> -> tensor<2x2x2x!quant.uniform<i32:f64, 1.0>>
    %p = snn.pool "p" %c kernel [2, 2] strides [2, 2] pads [0, 0]
      : tensor<2x2x2x!quant.uniform<i32:f64, 1.0>> -> tensor<2x1x1x!quant.uniform<i32:f64, 1.0>>
    %s = snn.scale "s" %p {scale = dense<[[[3]], [[-2]]]> : tensor<2x1x1xi16>}
      : tensor<2x1x1x!quant.uniform<i32:f64, 1.0>> -> tensor<2x1x1x!quant.uniform<i32:f64, 1.0>>
    %a = snn.add "a" (%s, %p, %s : tensor<2x1x1x!quant.uniform<i32:f64, 1.0>>, tensor<2x1x1x!quant.uniform<i32:f64, 1.0>>, tensor<2x1x1x!quant.uniform<i32:f64, 1.0>>)
      -> tensor<2x1x1x!quant.uniform<i32:f64, 1.0>>
    %r = snn.reshape "r" %a : tensor<2x1x1x!quant.uniform<i32:f64, 1.0>> -> tensor<2x!quant.uniform<i32:f64, 1.0>>
    snn.output "out" %r shape [2] : tensor<2x!quant.uniform<i32:f64, 1.0>>
    snn.record "c" "value" %c : tensor<2x2x2x!quant.uniform<i32:f64, 1.0>>
    snn.record "p" "value" %p : tensor<2x1x1x!quant.uniform<i32:f64, 1.0>>)");
  nir::Result<nir::Recording> got = network.run({1, 2, 3, 4, 5, 6, 7, 8, 9}, 1);
  ASSERT_TRUE(got) << got.error().str();
  // The windows begin at (-1, -1), (-1, 1), (1, -1), (1, 1).
  EXPECT_EQ(Network::numbersOf(got->traces[1]),
            (Numbers{10 + 4, 10 + 6 + 12, 10 + 8 + 28, 10 + 5 + 12 + 24 + 36, //
                     -10 + 100, -10 + 300, -10 + 700, -10 - 5 + 900}));
  EXPECT_EQ(Network::numbersOf(got->traces[2]), (Numbers{175, 1955}));
  EXPECT_EQ(Network::numbersOf(got->traces[0]), (Numbers{7 * 175, -3 * 1955}));
}

TEST(SnnIntegers, DelaysAndStarts) {
  Network network(R"(
    %late = snn.delay "late" %sum by [1] : tensor<2x!quant.uniform<i32:f64, 1.0>>
    %in = snn.input "in" : tensor<2x!quant.uniform<i32:f64, 1.0>>
    %sum = snn.add "sum" (%in, %late : tensor<2x!quant.uniform<i32:f64, 1.0>>, tensor<2x!quant.uniform<i32:f64, 1.0>>)
      -> tensor<2x!quant.uniform<i32:f64, 1.0>>
    %each = snn.delay "each" %in by [0, 2] start 1 : tensor<2x!quant.uniform<i32:f64, 1.0>>
    %p = snn.population "p" (%in : tensor<2x!quant.uniform<i32:f64, 1.0>>)
      states ["v"] of [tensor<2x!quant.uniform<i32:f64, 1.0>>] params ["one"] [dense<[1, 2]> : tensor<2xi32>] start 2
      -> tensor<2x!quant.uniform<i32:f64, 1.0>> {
    ^bb0(%u: i32, %v: i32, %one: i32):
      %next = arith.addi %v, %one : i32
      snn.yield %next, %next : i32, i32
    }
    snn.output "sums" %sum shape [2] : tensor<2x!quant.uniform<i32:f64, 1.0>>
    snn.output "each" %each shape [2] latency 1 : tensor<2x!quant.uniform<i32:f64, 1.0>>
    snn.output "counts" %p shape [2] count : tensor<2x!quant.uniform<i32:f64, 1.0>>)");
  nir::Result<nir::Recording> got = network.run({1, 10, 2, 20, 3, 30, 4, 40}, 4);
  ASSERT_TRUE(got) << got.error().str();
  EXPECT_EQ(Network::numbersOf(got->traces[0]), (Numbers{1, 10, 3, 30, 6, 60, 10, 100}));
  EXPECT_EQ(Network::numbersOf(got->traces[1]), (Numbers{0, 0, 2, 0, 3, 0, 4, 20}));
  EXPECT_EQ(Network::numbersOf(got->traces[2]), (Numbers{0, 0, 0, 0, 1, 2, 2, 4}));
  EXPECT_EQ(got->traces[1].latency, 1);
  EXPECT_EQ(got->traces[2].data.dtype(), nir::DType::I32);
  EXPECT_EQ(got->traces[2].observable, "spikes");
}

/// Weights of 8 bits, and floats else: each product rounds in the type of the network.
TEST(SnnIntegers, WeightsOfAFloatNetworkMayBeIntegers) {
  Network network(R"(
    %in = snn.input "in" : tensor<2xf32>
    %a = snn.dense "fc" %in {weight = dense<[[3, -2]]> : tensor<1x2xi8>} : tensor<2xf32> -> tensor<1xf32>
    snn.output "out" %a shape [1] : tensor<1xf32>)",
                  "of f32");
  float x = 0.1F, y = 0.7F, sum = 3 * x;
  sum -= 2 * y;
  EXPECT_EQ(network.first({0.1, 0.7}), Numbers{sum});
}

//===----------------------------------------------------------------------===//
// Observers, ranges, errors
//===----------------------------------------------------------------------===//

TEST(SnnIntegers, ObserversSeeAllOfAStep) {
  Network network(lif);
  auto interpreter = snn::BasicInterpreter<int64_t>::create(network.op());
  ASSERT_TRUE(mlir::succeeded(interpreter)) << network.context.errors;
  interpreter->setInput(0, Numbers{1, 1});
  interpreter->step();
  std::string seen;
  auto note = [&](llvm::StringRef what, std::span<const int64_t> values) {
    seen += fmt::format("{} {} {}; ", what.str(), values[0], values[1]);
  };
  interpreter->observe({
      .onResult = [&](mlir::Operation *op,
                      auto values) { note(op->getName().stripDialect(), values); },
      .onDrive = [&](snn::PopulationOp, auto values) { note("u", values); },
      .onState =
          [&](snn::PopulationOp op, unsigned i, auto values) {
            note(mlir::cast<mlir::StringAttr>(op.getStates()[i]), values);
          },
  });
  EXPECT_EQ(seen, "input 1 1; dense 49 132; rescale 37 165; u 37 165; v 37 165; population 0 0; ");
  auto population = *network.op().getBody().getOps<snn::PopulationOp>().begin();
  EXPECT_THAT(interpreter->state(population, 0), ElementsAre(37, 165));
  EXPECT_THAT(interpreter->value(population.getInputs()[0]), ElementsAre(37, 165));
  EXPECT_FALSE(interpreter->outOfRange());
}

TEST(SnnIntegers, NumbersOutsideTheirRangeAreFound) {
  Network results(R"(
    %in = snn.input "in" : tensor<2x!quant.uniform<i8:f64, 1.0>>
    %s = snn.scale "s" %in {scale = dense<2> : tensor<i8>}
      : tensor<2x!quant.uniform<i8:f64, 1.0>> -> tensor<2x!quant.uniform<i8:f64, 1.0>>
    snn.output "out" %s shape [2] : tensor<2x!quant.uniform<i8:f64, 1.0>>)");
  EXPECT_TRUE(results.run({-64, 63}, 1, {.checkRanges = true}));
  auto outside = results.run({1, 1, 1, 64}, 2, {.checkRanges = true});
  ASSERT_FALSE(outside);
  EXPECT_EQ(outside.error().str(),
            "error: node 's': the result of its scale is 128 in element 1, expected -128 to 127\n"
            "note: in step 1 of sample 0");
  EXPECT_TRUE(results.run({1, 1, 1, 64}, 2)) << "ranges are checked on request";

  Network states(R"(
    %in = snn.input "in" : tensor<1x!quant.uniform<i32:f64, 1.0>>
    %p = snn.population "p" (%in, %in : tensor<1x!quant.uniform<i32:f64, 1.0>>, tensor<1x!quant.uniform<i32:f64, 1.0>>)
      states ["v"] of [tensor<1x!quant.uniform<i8<-9:9>:f64, 1.0>>] params [] []
      -> tensor<1x!quant.uniform<i32:f64, 1.0>> {
    ^bb0(%u: i32, %v: i32):
      snn.yield %u, %u : i32, i32
    }
    snn.output "out" %p shape [1] : tensor<1x!quant.uniform<i32:f64, 1.0>>)");
  auto error = [&](double x) {
    auto run = states.run({x}, 1, {.checkRanges = true});
    return run ? std::string() : run.error().message;
  };
  EXPECT_EQ(error(4), "");
  EXPECT_EQ(error(-5), "its state 'v' is -10 in element 0, expected -9 to 9");
  EXPECT_EQ(error(1 << 30), "the sum of its inputs is 2147483648 in element 0, expected "
                            "-2147483648 to 2147483647");
}

TEST(SnnIntegers, WhatCannotBeRunIsRefusedByName) {
  auto errorOf = [](const std::string &body, const std::string &head = "of i32") {
    auto run = Network(body, head).run({0}, 1);
    return run ? std::string() : run.error().str();
  };
  EXPECT_THAT(errorOf(R"(
    %in = snn.input "in" : tensor<1xf64>
    %p = snn.population "p" (%in : tensor<1xf64>) states [] params [] [] -> tensor<1xf64> {
    ^bb0(%u: f64):
      %r = math.sin %u : f64
      snn.yield %r : f64
    })",
                      "of f64"),
              HasSubstr("node 'p': its body holds 'math.sin'"));
  EXPECT_THAT(errorOf(R"(
    %in = snn.input "in" : tensor<1x1x!quant.uniform<i8:f64, 1.0>>
    %p = snn.pool "p" %in kernel [1] strides [1] pads [0] average
      : tensor<1x1x!quant.uniform<i8:f64, 1.0>> -> tensor<1x1x!quant.uniform<i8:f64, 1.0>>)"),
              HasSubstr("node 'p': averages integers"));
  EXPECT_THAT(errorOf(R"(
    %in = snn.input "other" : tensor<1xf64>)",
                      "of f64"),
              HasSubstr("node 'other': the input has no data for it, only for 'in'"));
  Network floats(R"(%in = snn.input "in" : tensor<1xf64>)", "of f64");
  EXPECT_TRUE(mlir::failed(snn::BasicInterpreter<float>::create(floats.op())));
  EXPECT_THAT(floats.context.errors, HasSubstr("the network is one of 'f64'"));
}

} // namespace
