//===- IntegerNetworksTest.cpp - networks of i32 in every form ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// cpu computes in networks of i32 what plain loops in C++ do: however matrices are added up, with
// vectors of any length, on any number of threads, with samples one by one or together.
//
//===----------------------------------------------------------------------===//

#include "mlir/Bytecode/BytecodeWriter.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/conformance/Integers.h"
#include "tests/conformance/Workshop.h"
#include "tests/support/Recordings.h"

#include <regex>

using namespace nir;
using namespace nir::test;
using nirc::cpu::LowerOptions;

namespace {

const LowerOptions sharing{
    .compresses = true, .expands = true, .parts = true, .leastShared = 0, .nearBytes = 0};
constexpr int64_t vectorLengths[] = {0, 128, 256, 512};

int32_t wrap(int64_t value) { return static_cast<int32_t>(static_cast<uint32_t>(value)); }

/// Input -> dense -> LIF, which drives itself through a delayed matrix, -> dense -> Output.
template <typename Weight>
struct Recurrent {
  Recurrent(uint64_t seed, int64_t inputs, int64_t neurons, double share, int64_t largest)
      : inputs(inputs), neurons(neurons) {
    Random random(seed);
    enter = integers<int8_t>(random, neurons * inputs, 100);
    bias = integers<int16_t>(random, neurons, 3000);
    again = integers<Weight>(random, neurons * neurons, largest, share);
    leave = integers<int8_t>(random, outputs * neurons, 127);
    leaveBias = integers<int32_t>(random, outputs, 1 << 20);
    theta = integers<int32_t>(random, neurons, 2000);
    for (int32_t &value : theta) {
      value += 4000;
    }
  }

  std::string text() const;
  Recording expected(const Tensor &values) const;

  static constexpr int64_t outputs = 5;
  int64_t inputs, neurons;
  std::vector<int8_t> enter, leave;
  std::vector<int16_t> bias;
  std::vector<Weight> again;
  std::vector<int32_t> leaveBias, theta;
};

template <typename Weight>
std::string Recurrent<Weight>::text() const {
  std::string n = std::to_string(neurons), in = numbers(std::to_string(inputs), "i8<-100:100>");
  std::string sum = numbers(n, "i32", "0.5"), state = numbers(n, "i24", "0.125");
  std::string out = numbers(std::to_string(outputs), "i32", "2.0");
  std::string head =
      fmt::format("%in = snn.input \"in\" : {0}\n"
                  "%e = snn.dense \"enter\" %in {{weight = {1}, bias = {2}}} : {0} -> {3}\n"
                  "%d = snn.delay \"d\" %s by [1] : !snn.spikes<{4}>\n"
                  "%a = snn.dense \"again\" %d {{weight = {5}}} : !snn.spikes<{4}> -> {3}\n"
                  "%s = snn.population \"lif\" (%e, %a : {3}, {3}) states [\"v\"] of [{6}] "
                  "params [\"theta\"] [{7}] -> !snn.spikes<{4}> {{\n",
                  in, dense({neurons, inputs}, enter), dense({neurons}, bias), sum, n,
                  dense({neurons, neurons}, again), state, dense({neurons}, theta));
  // A leak with a product in 64 bits, rounded to nearest, then saturation.
  std::string body = R"(^bb0(%u: i32, %v: i32, %theta: i32):
    %keep = arith.constant 58982 : i64
    %half = arith.constant 32768 : i64
    %by = arith.constant 16 : i64
    %least = arith.constant -8388607 : i32
    %most = arith.constant 8388607 : i32
    %wide = arith.extsi %v : i32 to i64
    %product = arith.muli %wide, %keep : i64
    %more = arith.addi %product, %half : i64
    %shifted = arith.shrsi %more, %by : i64
    %kept = arith.trunci %shifted : i64 to i32
    %sum = arith.addi %kept, %u : i32
    %low = arith.maxsi %sum, %least : i32
    %next = arith.minsi %low, %most : i32
    %fires = arith.cmpi sgt, %next, %theta : i32
    %reset = arith.subi %next, %theta : i32
    %after = arith.select %fires, %reset, %next : i32
    snn.yield %fires, %after : i1, i32
  }
)";
  return network(head + body +
                 fmt::format("%l = snn.dense \"leave\" %s {{weight = {0}, bias = {1}}} : "
                             "!snn.spikes<{2}> -> {3}\n"
                             "snn.output \"spikes\" %s shape [{2}] : !snn.spikes<{2}>\n"
                             "snn.output \"out\" %l shape [{4}] : {3}\n",
                             dense({outputs, neurons}, leave), dense({outputs}, leaveBias), n, out,
                             outputs));
}

template <typename Weight>
Recording Recurrent<Weight>::expected(const Tensor &values) const {
  int64_t batch = values.shape()[0], steps = values.shape()[1];
  std::vector<uint8_t> spikes;
  std::vector<double> out, v;
  for (int64_t sample = 0; sample < batch; ++sample) {
    std::vector<int64_t> state(neurons, 0);
    std::vector<uint8_t> last(neurons, 0);
    for (int64_t t = 0; t < steps; ++t) {
      std::vector<uint8_t> now(neurons);
      for (int64_t n = 0; n < neurons; ++n) {
        int64_t u = bias[n];
        for (int64_t j = 0; j < inputs; ++j) {
          u += enter[n * inputs + j] * values.intAt((sample * steps + t) * inputs + j);
        }
        for (int64_t j = 0; j < neurons; ++j) {
          u += again[n * neurons + j] * last[j];
        }
        int64_t next = ((state[n] * 58982 + 32768) >> 16) + wrap(u);
        next = std::clamp<int64_t>(next, -8388607, 8388607);
        now[n] = next > theta[n];
        state[n] = next - (now[n] ? theta[n] : 0);
        v.push_back(0.125 * static_cast<double>(state[n]));
      }
      for (int64_t o = 0; o < outputs; ++o) {
        int64_t sum = leaveBias[o];
        for (int64_t n = 0; n < neurons; ++n) {
          sum += leave[o * neurons + n] * now[n];
        }
        out.push_back(2.0 * static_cast<double>(sum));
      }
      spikes.insert(spikes.end(), now.begin(), now.end());
      last = now;
    }
  }
  return {1e-3,
          {{"spikes", "spikes", Tensor::of<uint8_t>({batch, steps, neurons}, spikes)},
           {"out", "value", Tensor::of<double>({batch, steps, outputs}, out)},
           {"lif", "v", Tensor::of<double>({batch, steps, neurons}, v)}}};
}

/// Whole numbers, of which there are many in some steps and few in others.
Tensor changingInput(int64_t batch, int64_t steps, int64_t inputs) {
  Random random(5);
  constexpr double shares[] = {1.0, 1.0, 0.97, 0.02, 0.0, 0.5, 1.0, 0.02, 0.9, 1.0};
  std::vector<double> values;
  for (int64_t i = 0; i < batch * steps * inputs; ++i) {
    bool some = random.chance(shares[i / inputs % 10]);
    values.push_back(some ? static_cast<double>(random.between(-20, 30)) : 0.0);
  }
  return Tensor::of<double>({batch, steps, inputs}, values);
}

template <typename Weight>
void expectSame(const Recurrent<Weight> &one, const LowerOptions &options, int64_t batch,
                std::initializer_list<int> threads) {
  Tensor values = changingInput(batch, 20, one.inputs);
  Recording want = one.expected(values);
  // Neither silent nor all at once.
  int64_t spikes = 0;
  for (int64_t i = 0; i < want.traces[0].data.size(); ++i) {
    spikes += want.traces[0].data.intAt(i);
  }
  ASSERT_GT(spikes, want.traces[0].data.size() / 50);
  ASSERT_LT(spikes, want.traces[0].data.size() / 2);
  for (int count : threads) {
    auto got = runOnCpu(one.text(), inputOf(values), options, {{"lif", "v"}}, count);
    ASSERT_TRUE(got);
    ASSERT_EQ(difference(*got, want), "") << options.vectorBits << " bits, " << count << " threads";
  }
}

TEST(IntegerNetworks, VectorsOfAnyLength) {
  for (int64_t bits : vectorLengths) {
    for (LowerOptions options : {sharing, LowerOptions{.compresses = true}}) {
      options.vectorBits = bits;
      expectSame(Recurrent<int8_t>(1, 40, 330, 1.0, 127), options, 3, {1, 2});
      expectSame(Recurrent<int16_t>(2, 17, 70, 1.0, 900), options, 1, {1});
    }
  }
}

TEST(IntegerNetworks, SamplesThatGoTogether) {
  for (int64_t batch : {2, 40}) {
    expectSame(Recurrent<int8_t>(3, 40, 330, 1.0, 127), sharing, batch, {1, 3});
  }
}

TEST(IntegerNetworks, SparseMatrices) {
  for (int64_t bits : vectorLengths) {
    LowerOptions options = sharing;
    options.vectorBits = bits;
    expectSame(Recurrent<int8_t>(4, 30, 150, 0.1, 127), options, 2, {1, 2});
    expectSame(Recurrent<int16_t>(5, 30, 150, 0.1, 5000), options, 2, {1});
    options.expands = false;
    expectSame(Recurrent<int8_t>(4, 30, 150, 0.1, 127), options, 1, {2});
  }
}

/// All weights are -128 and all neurons fire: no sum on the way may be too narrow for it.
TEST(IntegerNetworks, TheLargestSums) {
  constexpr int64_t inputs = 700, outputs = 100;
  std::vector<int8_t> weight(inputs * outputs, -128);
  weight[1] = 1;
  std::string type = numbers("100", "i32");
  std::string text = network(fmt::format(R"(
    %s = snn.population "n" () states [] params [] [] -> !snn.spikes<700> {{
    ^bb0(%u: i32):
      %f = arith.cmpi eq, %u, %u : i32
      snn.yield %f : i1
    }}
    %w = snn.dense "w" %s {{weight = {0}}} : !snn.spikes<700> -> {1}
    snn.output "out" %w shape [100] : {1}
  )",
                                         dense({outputs, inputs}, weight), type));
  for (int64_t bits : vectorLengths) {
    for (LowerOptions options : {sharing, LowerOptions{}}) {
      options.vectorBits = bits;
      nirc::Job job;
      job.network = text;
      auto executable = nirc::cpu::compile(job, options);
      ASSERT_TRUE(executable) << executable.error().str();
      auto got = (*executable)->run({1e-3, {}}, {.steps = 2, .threads = 2});
      ASSERT_TRUE(got) << got.error().str();
      for (int64_t i = 0; i < 2 * outputs; ++i) {
        double want = i % outputs == 0 ? -128.0 * (inputs - 1) + 1 : -128.0 * inputs;
        ASSERT_EQ(got->traces[0].data.at(i), want) << "output " << i << ", " << bits << " bits";
      }
    }
  }
}

//===----------------------------------------------------------------------===//
// Everything between
//===----------------------------------------------------------------------===//

/// Convolution, spikes, pool, convolution in groups, rescale, sum, delay, scale: [2, 9, 9].
struct Convolutional {
  Convolutional() {
    Random random(8);
    first = integers<int8_t>(random, int64_t{6} * 2 * 3 * 3, 127);
    firstBias = integers<int32_t>(random, 6, 500);
    second = integers<int16_t>(random, int64_t{6} * 3 * 2 * 2, 3000);
    factor = integers<int8_t>(random, 54, 9);
  }
  std::string text() const;
  Recording expected(const Tensor &values) const;

  std::vector<int8_t> first, factor;
  std::vector<int32_t> firstBias;
  std::vector<int16_t> second;
  std::vector<int32_t> multiplier{3, -5, 7, 1, 0, 90};
};

std::string Convolutional::text() const {
  std::string in = numbers("2x9x9", "i8<-50:50>"), c1 = numbers("6x5x5", "i32", "0.25");
  std::string sums = numbers("6x4x4", "i16"), c2 = numbers("6x3x3", "i32");
  std::string r = numbers("6x3x3", "i16<-3000:3000>", "{1.0, 2.0, 3.0, 4.0, 5.0, 6.0}");
  std::string flat = numbers("54", "i16<-3000:3000>"), last = numbers("54", "i32");
  std::vector<int64_t> steps;
  for (int64_t i = 0; i < 54; ++i) {
    steps.push_back(i % 4);
  }
  return network(fmt::format(
      R"(%in = snn.input "in" : {0}
    %c1 = snn.conv "c1" %in strides [2, 2] pads [1, 1] dilations [1, 1] groups 1 {{weight = {1}, bias = {2}}} : {0} -> {3}
    %s = snn.population "n" (%c1 : {3}) states ["v"] of [{3}] params [] [] start 1 -> !snn.spikes<6x5x5> {{
    ^bb0(%u: i32, %v: i32):
      %one = arith.constant 1 : i32
      %theta = arith.constant 900 : i32
      %zero = arith.constant 0 : i32
      %half = arith.shrsi %v, %one : i32
      %next = arith.addi %half, %u : i32
      %fires = arith.cmpi sge, %next, %theta : i32
      %after = arith.select %fires, %zero, %next : i32
      snn.yield %fires, %after : i1, i32
    }}
    %p = snn.pool "p" %s kernel [2, 2] strides [1, 1] pads [0, 0] : !snn.spikes<6x5x5> -> {4}
    %c2 = snn.conv "c2" %p strides [1, 1] pads [0, 0] dilations [1, 1] groups 2 {{weight = {5}}} : {4} -> {6}
    %r = snn.rescale "r" %c2 by {7} shift 4 toward_zero saturate : {6} -> {8}
    %flat = snn.reshape "f" %r : {8} -> {9}
    %d = snn.delay "d" %flat by {10} : {9}
    %scaled = snn.scale "scale" %d {{scale = {11}}} : {9} -> {12}
    %sum = snn.add "sum" (%scaled, %flat : {12}, {9}) -> {12}
    snn.output "spikes" %s shape [6, 5, 5] : !snn.spikes<6x5x5>
    snn.output "counts" %p shape [6, 4, 4] count : {4}
    snn.output "scaled" %r shape [6, 3, 3] : {8}
    snn.output "out" %sum shape [54] : {12}
)",
      in, dense({6, 2, 3, 3}, first), dense({6}, firstBias), c1, sums, dense({6, 3, 2, 2}, second),
      c2, list(multiplier), r, flat, list(steps), dense({54}, factor), last));
}

/// A convolution in plain loops.
std::vector<int64_t> convolve(const std::vector<int64_t> &x, int64_t in, int64_t size,
                              const auto &weight, int64_t out, int64_t kernel, int64_t stride,
                              int64_t pad, int64_t groups) {
  int64_t result = (size + 2 * pad - kernel) / stride + 1, each = in / groups;
  std::vector<int64_t> sums(out * result * result, 0);
  for (int64_t o = 0; o < out; ++o) {
    for (int64_t at = 0; at < result * result; ++at) {
      for (int64_t c = 0; c < each; ++c) {
        for (int64_t k = 0; k < kernel * kernel; ++k) {
          int64_t row = at / result * stride + k / kernel - pad;
          int64_t column = at % result * stride + k % kernel - pad;
          if (row >= 0 && row < size && column >= 0 && column < size) {
            int64_t channel = o / (out / groups) * each + c;
            sums[o * result * result + at] += weight[(o * each + c) * kernel * kernel + k] *
                                              x[(channel * size + row) * size + column];
          }
        }
      }
    }
  }
  return sums;
}

Recording Convolutional::expected(const Tensor &values) const {
  int64_t batch = values.shape()[0], steps = values.shape()[1];
  std::vector<uint8_t> allSpikes;
  std::vector<int32_t> counts;
  std::vector<double> rescaled, out, v;
  for (int64_t sample = 0; sample < batch; ++sample) {
    std::vector<int64_t> state(150, 0);
    std::vector<std::vector<int64_t>> history;
    for (int64_t t = 0; t < steps; ++t) {
      std::vector<int64_t> x, spikes(150, 0);
      for (int64_t i = 0; i < 162; ++i) {
        x.push_back(values.intAt((sample * steps + t) * 162 + i));
      }
      std::vector<int64_t> u = convolve(x, 2, 9, first, 6, 3, 2, 1, 1);
      for (int64_t n = 0; n < 150 && t >= 1; ++n) {
        int64_t next = (state[n] >> 1) + u[n] + firstBias[n / 25];
        spikes[n] = next >= 900;
        state[n] = spikes[n] ? 0 : next;
      }
      for (int64_t n = 0; n < 150; ++n) {
        allSpikes.push_back(static_cast<uint8_t>(spikes[n]));
        v.push_back(0.25 * static_cast<double>(state[n]));
      }
      std::vector<int64_t> pooled;
      for (int64_t i = 0; i < 96; ++i) {
        int64_t at = i / 16 * 25 + i % 16 / 4 * 5 + i % 4;
        pooled.push_back(spikes[at] + spikes[at + 1] + spikes[at + 5] + spikes[at + 6]);
        counts.push_back(static_cast<int32_t>(pooled.back()));
      }
      history.push_back(convolve(pooled, 6, 4, second, 6, 2, 1, 0, 2));
      for (int64_t i = 0; i < 54; ++i) {
        int64_t &q = history.back()[i];
        q = std::clamp<int64_t>(q * multiplier[i / 9] / 16, -3000, 3000);
        rescaled.push_back(static_cast<double>(q * (i / 9 + 1)));
        int64_t past = t - i % 4;
        int64_t delayed = past < 0 ? 0 : history[past][i];
        out.push_back(static_cast<double>(delayed * factor[i] + q));
      }
    }
  }
  return {1e-3,
          {{"spikes", "spikes", Tensor::of<uint8_t>({batch, steps, 6, 5, 5}, allSpikes)},
           {"counts", "spikes", Tensor::of<int32_t>({batch, steps, 6, 4, 4}, counts)},
           {"scaled", "value", Tensor::of<double>({batch, steps, 6, 3, 3}, rescaled)},
           {"out", "value", Tensor::of<double>({batch, steps, 54}, out)},
           {"n", "v", Tensor::of<double>({batch, steps, 6, 5, 5}, v)}}};
}

Tensor convolutionalInput(int64_t length = 12) {
  Random random(6);
  std::vector<double> values;
  for (int64_t i = 0; i < 2 * length * 162; ++i) {
    values.push_back(random.chance(0.2) ? static_cast<double>(random.between(-20, 20)) : 0.0);
  }
  return Tensor::of<double>({2, length, 2, 9, 9}, values);
}

TEST(IntegerNetworks, ConvolutionsPoolsDelaysAndSums) {
  Convolutional one;
  Tensor values = convolutionalInput();
  Recording want = one.expected(values);
  for (int64_t bits : vectorLengths) {
    auto got = runOnCpu(one.text(), inputOf(values), {.vectorBits = bits}, {{"n", "v"}}, 2);
    ASSERT_TRUE(got);
    EXPECT_EQ(difference(*got, want), "") << bits << " bits";
  }
}

/// Bytecode, whose weights stay in the file's memory.
TEST(IntegerNetworks, FromBytecode) {
  Convolutional one;
  mlir::MLIRContext context;
  mlir::OwningOpRef<mlir::ModuleOp> module = nirc::loadNetwork(one.text(), "a.mlir", context);
  ASSERT_TRUE(module);
  std::string bytes;
  llvm::raw_string_ostream out(bytes);
  ASSERT_TRUE(succeeded(mlir::writeBytecodeToFile(*module, out)));
  Tensor values = convolutionalInput();
  auto got = runOnCpu(bytes, inputOf(values), {}, {{"n", "v"}}, 2);
  ASSERT_TRUE(got);
  EXPECT_EQ(difference(*got, one.expected(values)), "");
}

/// Weights of integers in a network of floats.
TEST(IntegerNetworks, IntegerWeightsAmongFloats) {
  std::string text = R"(snn.network @test of f32 <"nir", dt = 1.0e-3> {
    %in = snn.input "in" : tensor<3xf32>
    %w = snn.dense "w" %in {weight = dense<[[1, -2, 3], [-128, 5, 127]]> : tensor<2x3xi8>,
                            bias = dense<[1000, -1000]> : tensor<2xi16>} : tensor<3xf32> -> tensor<2xf32>
    %s = snn.scale "s" %w {scale = dense<[3, -3]> : tensor<2xi32>} : tensor<2xf32> -> tensor<2xf32>
    %m = snn.reshape "m" %s : tensor<2xf32> -> tensor<2x1xf32>
    %c = snn.conv "c" %m strides [1] pads [0] dilations [1] groups 1
      {weight = dense<[[[2], [-7]]]> : tensor<1x2x1xi8>} : tensor<2x1xf32> -> tensor<1x1xf32>
    snn.output "out" %s shape [2] : tensor<2xf32>
    snn.output "sum" %c shape [1] : tensor<1x1xf32>
  })";
  for (int64_t bits : vectorLengths) {
    auto got =
        runOnCpu(text, inputOf(Tensor::of<double>({1, 1, 3}, {0.5, 1, 2})), {.vectorBits = bits});
    ASSERT_TRUE(got);
    EXPECT_EQ(got->traces[0].data.dtype(), DType::F32);
    EXPECT_EQ(got->traces[0].data.toDoubles(),
              (std::vector<double>{3 * 1004.5, -3 * (-64 + 5 + 254 - 1000.0)}));
    EXPECT_EQ(got->traces[1].data.toDoubles(), (std::vector<double>{2 * 3013.5 - 7 * 2415.0}));
  }
}

//===----------------------------------------------------------------------===//
// On disk
//===----------------------------------------------------------------------===//

/// The same network whose integers stand for themselves: an artifact's numbers are those.
std::string withoutScales(std::string text) {
  text = std::regex_replace(text, std::regex(R"(:f64:0, \{[^}]*\})"), ":f64, 1.0");
  return std::regex_replace(text, std::regex(":f64, [0-9.]+"), ":f64, 1.0");
}

nirc::Job jobOf(const std::string &text, std::vector<Probe> probes = {}) {
  nirc::Job job;
  job.file = "random.mlir";
  job.network = text;
  job.probes = std::move(probes);
  return job;
}

/// C, in which nothing that C leaves undefined may happen; and machine code.
const std::vector<Form> &forms() {
  static const std::vector<Form> all = {
      {"c", "", "-std=c11 -O1 -fsanitize=undefined -fsanitize-undefined-trap-on-error"},
      {"c", "", "-std=gnu11 -O3 -march=native"},
      {"shared", "native"},
      {"object", "generic"}};
  return all;
}

TEST(IntegerArtifacts, GiveTheBitsOfARun) {
  if (!hasGcc()) {
    GTEST_SKIP() << "no gcc";
  }
  Workshop workshop("integers");
  Recurrent<int8_t> recurrent(1, 40, 70, 1.0, 127);
  Recurrent<int16_t> sparse(5, 30, 150, 0.1, 5000);
  Recurrent<int8_t> masks(4, 30, 150, 0.1, 127);
  for (auto [inputs, text] :
       {std::pair(recurrent.inputs, recurrent.text()), std::pair(sparse.inputs, sparse.text()),
        std::pair(masks.inputs, masks.text())}) {
    workshop.expectSame(jobOf(withoutScales(text), {{"lif", "v"}}),
                        inputOf(changingInput(batch, steps, inputs)), forms());
  }
  workshop.expectSame(jobOf(withoutScales(Convolutional().text()), {{"n", "v"}}),
                      inputOf(convolutionalInput(steps)), forms());
}

/// A microcontroller needs no floating point, and learns from the header what an integer is worth.
TEST(IntegerArtifacts, HaveNoFloatsInC) {
  const nirc::Target *cpu = *nirc::findTarget("cpu");
  auto artifact = cpu->emit(jobOf(Convolutional().text()), {.kind = "c", .name = "small"});
  ASSERT_TRUE(artifact) << artifact.error().str();
  const std::string &header = artifact->files[0].bytes, &code = artifact->files[1].bytes;
  std::string text = std::regex_replace(code, std::regex(R"(/\*[^]*?\*/)"), "");
  EXPECT_FALSE(std::regex_search(text, std::regex(R"(\bfloat|\bdouble|math\.h)"))) << text;
  for (const char *line :
       {"#define SMALL_FORMAT \"int8\"", "#define SMALL_IN_SCALE 1.0 ",
        "#define SMALL_IN_LEAST -50\n#define SMALL_IN_MOST 50 ", "#define SMALL_N_V_SCALE 0.25 ",
        "#define SMALL_SCALED_SCALES {1.0, 2.0, 3.0, 4.0, 5.0, 6.0} ",
        "void small_step(small_network *net, const int8_t *in, uint8_t *spikes, "
        "int16_t *counts, int16_t *scaled, int32_t *out);"}) {
    EXPECT_NE(header.find(line), std::string::npos) << line << "\n" << header;
  }
}

} // namespace
