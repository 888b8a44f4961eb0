//===- QuantizeTest.cpp - networks of integers, compared with chips -------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "dialects/nir/Ops.h"
#include "dialects/snn/interpreter/Interpreter.h"
#include "ir/choices/Choices.h"
#include "passes/pipeline/Pipeline.h"
#include "tests/conformance/Digits.h"
#include "tests/support/Describe.h"
#include "tests/support/RandomFormat.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/ReferenceData.h"
#include "tests/support/Shrink.h"
#include "tests/support/Targets.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using nir::test::Random;

namespace {

/// A network of integers, and what keeps it.
struct Quantized {
  std::unique_ptr<mlir::MLIRContext> context;
  mlir::OwningOpRef<mlir::ModuleOp> module;
  nirc::QuantizationReport report;

  snn::NetworkOp network() { return *module->getOps<snn::NetworkOp>().begin(); }
};

/// The network that `quantize` makes of a graph, or the first diagnostic.
Result<Quantized> quantize(const Graph &graph, const Semantics &semantics,
                           const NumberFormat &format, std::vector<Probe> probes = {},
                           std::shared_ptr<const nirc::Calibration> calibration = {}) {
  Quantized out;
  out.context = std::make_unique<mlir::MLIRContext>(mlir::MLIRContext::Threading::DISABLED);
  out.context->printOpOnDiagnostic(false);
  nirc::DiagnosticCollector collector(*out.context);
  nirc::NetworkOptions options{semantics, DType::F64, std::move(probes)};
  options.quantization = nirc::QuantizationOptions{
      format, std::move(calibration),
      [&](const nirc::QuantizationReport &report) { out.report = report; }};
  out.module = nirc::buildNetwork(graph, "test", options, *out.context);
  if (!out.module) {
    return collector.takeError();
  }
  return out;
}

using Chips = nir::test::ReferenceData;

/// The v and the spikes of the neuron of lif_norse.nir in a number format, on a target.
struct Course {
  std::vector<double> v, spikes;
};
Course runLif(const Graph &lif, const char *semanticsText, const char *format,
              const nirc::Target *target, const std::vector<double> &drive) {
  Semantics semantics = *semanticsOf(semanticsText);
  semantics.dtSeconds = 1e-4;
  nirc::Job job{&lif, "lif_norse.nir", semantics, DType::F32, {{"1", "v"}, {"1", "spikes"}}};
  job.quantization = nirc::QuantizationOptions{*numberFormatOf(format)};
  Recording input{1e-4, {{"input", "value", Tensor::of<double>({1, 1000, 1}, drive)}}};
  auto executable = target->compile(job);
  if (!executable) {
    ADD_FAILURE() << executable.error().str();
    return {};
  }
  Result<Recording> got = (*executable)->run(input, {});
  if (!got) {
    ADD_FAILURE() << got.error().str();
    return {};
  }
  return {got->find("1", "v")->data.toDoubles(), got->find("1", "spikes")->data.toDoubles()};
}

/// Lava's fixed-point LIF (CPU) on the graph of the NIR paper. Its script takes 256 weight units a
/// volt and cuts constants off; v is in its units of 1/16384 V.
TEST_F(Chips, LoihiGivesEveryVoltageAndSpikeOfLava) {
  auto [drive, v, spikes] = columns("lif_lava_cpu_fixed.csv");
  Graph lif = graph("lif_norse.nir");
  for (const nirc::Target *target : nir::test::floatTargets()) {
    Course got = runLif(lif, "loihi2", "loihi2,scale=256,constants=toward-zero", target, drive);
    for (double &each : got.v) {
      each *= 16384;
    }
    EXPECT_EQ(got.v, v) << target->name();
    EXPECT_EQ(got.spikes, spikes) << target->name();
  }
}

/// What s2_nir makes of the graph for py-spinnaker2: 102.02 weight units, cut off, the gain in the
/// threshold, states in float32. A spike takes a step.
TEST_F(Chips, SpiNNaker2ComputesAsItsScriptSays) {
  std::vector<double> drive = columns("lif_norse.csv")[0];
  Graph lif = graph("lif_norse.nir");
  std::vector<double> v, spikes;
  float x = 0.0F, before = 0.0F;
  for (double spike : drive) {
    x = 0.96F * x + 102.0F * before;
    before = static_cast<float>(spike);
    spikes.push_back(x > 255.05F ? 1.0 : 0.0);
    x = spikes.back() != 0.0 ? 0.0F : x;
    v.push_back(x);
  }
  for (const nirc::Target *target : nir::test::floatTargets()) {
    Course got = runLif(lif, "spinnaker2,reset=to-value",
                        "spinnaker2,scale=102.02,constants=toward-zero", target, drive);
    EXPECT_EQ(got.v, v) << target->name();
    EXPECT_EQ(got.spikes, spikes) << target->name();
    EXPECT_EQ(std::count(got.spikes.begin(), got.spikes.end(), 1.0), 4) << target->name();
  }
}

/// The label of each recording is the name of its file.
TEST_F(Chips, DigitsAreRightInEightBits) {
  Graph cnn = graph("cnn_sinabs.nir");
  Semantics semantics = *semanticsOf("nir");
  semantics.dtSeconds = 1e-3;
  for (const char *format : {"int8", "int4", "loihi2"}) {
    nirc::Job job{&cnn, "cnn_sinabs.nir", semantics, DType::F32, {}};
    job.quantization = nirc::QuantizationOptions{*numberFormatOf(format)};
    auto executable = (*nirc::findTarget("cpu"))->compile(job);
    ASSERT_TRUE(executable) << executable.error().str();
    for (int64_t digit : {0, 1, 2, 5, 7}) {
      Result<Recording> got = (*executable)->run(nir::test::recordingOfDigit(folder, digit), {});
      ASSERT_TRUE(got) << got.error().str();
      std::vector<double> spikes = got->find("output", "spikes")->data.toDoubles();
      std::vector<double> counts(10, 0.0);
      for (size_t i = 0; i < spikes.size(); ++i) {
        counts[i % 10] += spikes[i];
      }
      EXPECT_EQ(std::max_element(counts.begin(), counts.end()) - counts.begin(), digit) << format;
    }
  }
}

//===----------------------------------------------------------------------===//
// Loihi's step, from its formulas
//===----------------------------------------------------------------------===//

/// One neuron of Loihi, and a plain model of it. Lava b6822fb, PyLifModelBitAcc.
struct LoihiNeuron {
  int64_t du = 0, dv = 0, vth = 0, bias = 0; // bias: mantissa << exponent
  int64_t u = 0, v = 0;

  static int64_t decayed(int64_t x, int64_t d) {
    int64_t size = (std::abs(x) * (4096 - d)) >> 12;
    return x < 0 ? -size : size;
  }
  /// A step with `a` from the synapses; whether it spikes.
  bool step(int64_t a) {
    constexpr int64_t half = int64_t{1} << 23;
    int64_t x = decayed(u, du + 1) + (a << 6);
    u = x > half ? x - 2 * half : x <= -half ? x + 2 * half : x;
    v = std::clamp(decayed(v, dv) + u + bias, -half + 1, half - 1);
    bool fires = v > vth << 6;
    v = fires ? 0 : v;
    return fires;
  }
};

/// The weight that a synapse of 8 bits keeps of a matrix with both signs: an even one.
int64_t mixedWeight(int64_t w) { return (std::clamp<int64_t>(w, -256, 255) >> 1) << 1; }

/// Neurons behind a matrix, as a graph under gain=raw, where a unit of v is 64.
struct LoihiLayer {
  std::vector<LoihiNeuron> neurons;
  std::vector<int64_t> weights; // [neurons, inputs]
  static constexpr double dt = 1e-3;

  Graph graph() const {
    auto count = static_cast<int64_t>(neurons.size());
    int64_t inputs = std::ssize(weights) / count;
    std::vector<double> tauSyn, tauMem, leak, threshold;
    for (const LoihiNeuron &n : neurons) {
      double share = static_cast<double>(n.dv) / 4096.0;
      tauSyn.push_back(dt * 4096.0 / static_cast<double>(n.du + 1));
      tauMem.push_back(dt / share);
      leak.push_back(static_cast<double>(n.bias) / 64.0 / share);
      threshold.push_back(static_cast<double>(n.vth));
    }
    Graph out;
    out.nodes.push_back({"in", Input{Tensor::vector<int64_t>({inputs})}, {}});
    out.nodes.push_back({"synapses",
                         Linear{Tensor::of<double>(
                             {count, inputs}, std::vector<double>(weights.begin(), weights.end()))},
                         {}});
    CubaLIF cells;
    cells.tau_syn = Tensor::vector(tauSyn);
    cells.tau_mem = Tensor::vector(tauMem);
    cells.r = Tensor::vector(std::vector<double>(neurons.size(), 1.0));
    cells.v_leak = Tensor::vector(leak);
    cells.v_threshold = Tensor::vector(threshold);
    out.nodes.push_back({"cells", cells, {}});
    out.nodes.push_back({"out", Output{Tensor::vector<int64_t>({count})}, {}});
    out.edges = {{"in", "synapses"}, {"synapses", "cells"}, {"cells", "out"}};
    return out;
  }

  Result<Quantized> quantized() const {
    Semantics semantics = *semanticsOf("loihi2,gain=raw");
    semantics.dtSeconds = dt;
    return quantize(graph(), semantics,
                    *numberFormatOf("loihi2,scale=1,constants=floor"), // as Lava cuts weights
                    {{"cells", "i"}, {"cells", "v"}, {"cells", "spikes"}});
  }
};

/// Numbers of a trace in units of 1/64.
std::vector<int64_t> in64ths(const Recording &recording, const char *observable) {
  std::vector<int64_t> out;
  for (double x : recording.find("cells", observable)->data.toDoubles()) {
    out.push_back(std::llround(x * 64));
  }
  return out;
}

TEST(LoihiStep, IsTheWorkedExample) {
  LoihiLayer layer{{{1023, 410, 200, -80}}, {80, -31}};
  std::vector<double> spikes(20, 0.0);
  for (size_t t : {0, 2, 6, 7}) {
    spikes[2 * t] = 1;
  }
  for (size_t t : {1, 4}) {
    spikes[2 * t + 1] = 1;
  }
  Result<Quantized> net = layer.quantized();
  ASSERT_TRUE(net) << net.error().str();
  Recording input{layer.dt, {{"in", "value", Tensor::of<double>({1, 10, 2}, spikes)}}};
  Result<Recording> got = snn::interpret(net->network(), input, {.checkRanges = true});
  ASSERT_TRUE(got) << got.error().str();
  EXPECT_THAT(in64ths(*got, "i"),
              testing::ElementsAre(0, 5120, 1792, 6464, 4848, 1588, 1191, 6013, 9629, 7221));
  EXPECT_THAT(in64ths(*got, "v"),
              testing::ElementsAre(-80, 4969, 6183, 11948, 0, 1508, 2468, 8153, 0, 7141));
  EXPECT_THAT(got->find("cells", "spikes")->data.toDoubles(),
              testing::ElementsAre(0, 0, 0, 0, 1, 0, 0, 0, 1, 0));
}

TEST(LoihiStep, IsTheFormulasOverTenMillionSteps) {
  constexpr int64_t cells = 2000, inputs = 12, steps = 5000, chunk = 500;
  Random random(1);
  LoihiLayer layer;
  for (int64_t i = 0; i < cells; ++i) {
    LoihiNeuron n;
    n.du = random.chance(0.3) ? random.between(0, 4) : random.between(0, 4095);
    n.dv = random.chance(0.3) ? random.between(1, 40) : random.between(1, 4096);
    n.vth = random.chance(0.5) ? random.between(0, 2000) : random.between(0, 131071);
    n.bias = random.between(-4096, 4095) << random.between(0, 7);
    layer.neurons.push_back(n);
  }
  for (int64_t i = 0; i < cells; ++i) {
    int64_t least = random.chance(0.3) ? 100 : -256; // a third is driven until its current wraps
    for (int64_t k = 0; k < inputs; ++k) {
      layer.weights.push_back(random.between(least, 255));
    }
  }
  Result<Quantized> net = layer.quantized();
  ASSERT_TRUE(net) << net.error().str();
  auto interpreter = snn::BasicInterpreter<int64_t>::create(net->network());
  ASSERT_TRUE(succeeded(interpreter));
  auto population = *net->network().getBody().getOps<snn::PopulationOp>().begin();
  std::vector<double> now(inputs), before(inputs, 0.0);
  int64_t wraps = 0, spikes = 0;
  double activity = 0.5;
  for (int64_t t = 0; t < steps; ++t) {
    if (t % chunk == 0) {
      activity = random.uniform(0.0, 1.0);
    }
    for (double &each : now) {
      each = random.chance(activity) ? 1.0 : 0.0;
    }
    interpreter->setInput(0, now);
    interpreter->step();
    std::span<const int64_t> i = interpreter->state(population, 0);
    std::span<const int64_t> v = interpreter->state(population, 1);
    std::span<const int64_t> s = interpreter->value(population.getResult());
    for (int64_t n = 0; n < cells; ++n) {
      int64_t a = 0;
      for (int64_t k = 0; k < inputs; ++k) { // what was sent in the step before
        a += before[static_cast<size_t>(k)] != 0.0
                 ? mixedWeight(layer.weights[static_cast<size_t>(n * inputs + k)])
                 : 0;
      }
      LoihiNeuron &neuron = layer.neurons[static_cast<size_t>(n)];
      int64_t unwrapped = LoihiNeuron::decayed(neuron.u, neuron.du + 1) + (a << 6);
      bool fires = neuron.step(a);
      wraps += unwrapped != neuron.u;
      spikes += fires;
      ASSERT_EQ(i[n], neuron.u) << "step " << t << ", neuron " << n;
      ASSERT_EQ(v[n], neuron.v) << "step " << t << ", neuron " << n;
      ASSERT_EQ(s[n], fires) << "step " << t << ", neuron " << n;
    }
    std::swap(before, now);
  }
  EXPECT_GT(wraps, 1000);
  EXPECT_GT(spikes, 100000);
}

//===----------------------------------------------------------------------===//
// Ranges
//===----------------------------------------------------------------------===//

/// Inputs at the limits of what an input can be: all high, all low, and each on its own, for a
/// while or changing in every step.
Recording adversarialInput(const Recording &like, Random &random) {
  constexpr int64_t samples = 4, steps = 30;
  Recording out{like.dtSeconds, {}};
  for (const Trace &trace : like.traces) {
    Shape shape = trace.data.shape();
    int64_t elements = numElements(shape) / (shape[0] * shape[1]);
    shape[0] = samples;
    shape[1] = steps;
    constexpr double huge = 1e9; // is saturated as it enters
    std::vector<double> values;
    for (int64_t sample = 0; sample < samples; ++sample) {
      std::vector<double> held(static_cast<size_t>(elements));
      for (double &each : held) {
        each = random.chance(0.5) ? huge : -huge;
      }
      for (int64_t t = 0; t < steps; ++t) {
        for (int64_t i = 0; i < elements; ++i) {
          double changing = random.chance(0.5) ? huge : -huge;
          values.push_back(sample == 0   ? huge
                           : sample == 1 ? -huge
                           : sample == 2 ? held[static_cast<size_t>(i)]
                                         : changing);
        }
      }
    }
    out.traces.push_back({trace.node, "value", Tensor::of<double>(shape, values)});
  }
  return out;
}

/// What is wrong with the ranges of a network of integers; empty where none is left.
std::string unsoundness(const Graph &graph, const Semantics &semantics, const NumberFormat &format,
                        uint64_t seed) {
  constexpr int64_t steps = 20, batch = 1;
  auto calibration = std::make_shared<nirc::Calibration>();
  calibration->input = nir::test::randomInput(graph, seed, steps, batch);
  calibration->origin = "random input";
  Result<Quantized> net = quantize(graph, semantics, format, {}, calibration);
  if (!net) {
    return "quantize: " + net.error().str();
  }
  Random random(seed);
  Recording inputs = adversarialInput(calibration->input, random);
  Result<Recording> got = snn::interpret(net->network(), inputs, {.checkRanges = true});
  return got ? "" : got.error().str();
}

class ProvenRanges : public testing::TestWithParam<int> {};

TEST_P(ProvenRanges, NoNumberLeavesThem) {
  constexpr int networksPerShard = 50;
  int refused = 0;
  for (int i = 0; i < networksPerShard + refused; ++i) {
    uint64_t seed = 9000 + static_cast<uint64_t>(GetParam()) * 1000 + i;
    Random random(seed);
    Semantics semantics = nir::test::randomChoices(random);
    NumberFormat format = nir::test::randomFormat(random);
    format.states = StateArithmetic::Integer;
    Graph graph = nir::test::randomGraph(seed);
    std::string wrong = unsoundness(graph, semantics, format, seed);
    if (wrong.starts_with("quantize: ")) { // refused by name
      ASSERT_LT(++refused, networksPerShard) << wrong;
      continue;
    }
    ASSERT_EQ(wrong, "") << "seed " << seed << ", " << semantics.str() << ", " << format.text()
                         << "\nshrunk: "
                         << nir::test::describe(nir::test::shrink(graph, [&](const Graph &g) {
                              std::string text = unsoundness(g, semantics, format, seed);
                              return !text.empty() && !text.starts_with("quantize: ");
                            }));
  }
}

/// A graph with numbers that nobody trains: some parameters huge, tiny or 0.
Graph distorted(Graph graph, Random &random) {
  for (Node &node : graph.nodes) {
    if (auto *inner = std::get_if<Graph>(&node.params)) {
      *inner = distorted(std::move(*inner), random);
      continue;
    }
    visitParams(node.params, [&](std::string_view name, auto &parameter) {
      bool isNumber = name == "weight" || name == "bias" || name == "scale" || name == "r" ||
                      name == "v_leak" || name == "v_reset" || name == "w_in" ||
                      name.starts_with("v_threshold") || name == "threshold";
      if constexpr (std::is_same_v<std::decay_t<decltype(parameter)>, Tensor>) {
        if (!isNumber || !random.chance(0.3)) {
          return;
        }
        double factor =
            random.chance(0.2) ? 0.0 : std::pow(10.0, static_cast<double>(random.between(-30, 30)));
        std::vector<double> values = parameter.toDoubles();
        for (double &each : values) {
          each *= factor;
        }
        parameter = Tensor::of<double>(parameter.shape(), values);
      }
    });
  }
  return graph;
}

TEST_P(ProvenRanges, HoldForNumbersThatNobodyTrains) {
  constexpr int networksPerShard = 30;
  int refused = 0;
  for (int i = 0; i < networksPerShard; ++i) {
    uint64_t seed = 70000 + static_cast<uint64_t>(GetParam()) * 1000 + i;
    Random random(seed);
    Semantics semantics = nir::test::randomChoices(random);
    NumberFormat format = nir::test::randomFormat(random);
    format.states = StateArithmetic::Integer;
    Graph graph = distorted(nir::test::randomGraph(seed), random);
    std::string wrong = unsoundness(graph, semantics, format, seed);
    refused += wrong.starts_with("quantize: ") ? 1 : 0;
    ASSERT_TRUE(wrong.empty() || wrong.starts_with("quantize: "))
        << "seed " << seed << ", " << semantics.str() << ", " << format.text() << ": " << wrong;
  }
  EXPECT_LT(refused, networksPerShard * 2 / 3) << "most are refused";
}

INSTANTIATE_TEST_SUITE_P(Shards, ProvenRanges, testing::Range(0, 10));

} // namespace
