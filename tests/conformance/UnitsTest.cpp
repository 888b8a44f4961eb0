//===- UnitsTest.cpp - units of FMI against runs --------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A unit gives the bits of `nirc run` on random networks, in floats and in integers: every output
// and everything that is recorded, for communication steps of one and of several steps of the
// network, of two instances that take turns.
//
//===----------------------------------------------------------------------===//

#include "tests/conformance/Importer.h"
#include "tests/support/RandomFormat.h"
#include "tests/support/RandomGraph.h"
#include "tests/support/RandomSemantics.h"
#include "tests/support/Recordings.h"
#include "tests/support/ReferenceData.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

using namespace nir;
using nir::test::ImportedUnit;
using nir::test::Random;
using nir::test::UnitInstance;

namespace {

constexpr int64_t steps = 30, batch = 2;

/// Numbers of a trace in one step of a sample.
std::vector<double> numbersOf(const Trace &trace, int64_t sample, int64_t step) {
  int64_t length = trace.data.shape()[1], elements = trace.data.size() / (batch * length);
  std::vector<double> numbers;
  for (int64_t i = 0; i < elements; ++i) {
    numbers.push_back(trace.data.at((sample * length + step) * elements + i));
  }
  return numbers;
}

bool isSame(const std::vector<double> &a, const std::vector<double> &b) {
  bool same = a.size() == b.size();
  for (size_t i = 0; same && i < a.size(); ++i) {
    same = std::bit_cast<uint64_t>(a[i]) == std::bit_cast<uint64_t>(b[i]) ||
           (std::isnan(a[i]) && std::isnan(b[i]));
  }
  return same;
}

/// `input` with each of its steps several times, `lengths[i]` times the i-th.
Recording repeated(const Recording &input, const std::vector<int64_t> &lengths) {
  int64_t total = std::accumulate(lengths.begin(), lengths.end(), int64_t(0));
  Recording longer{input.dtSeconds, {}};
  for (const Trace &trace : input.traces) {
    Shape shape = trace.data.shape();
    shape[1] = total;
    std::vector<double> numbers;
    for (int64_t sample = 0; sample < batch; ++sample) {
      for (size_t step = 0; step < lengths.size(); ++step) {
        std::vector<double> once = numbersOf(trace, sample, static_cast<int64_t>(step));
        for (int64_t i = 0; i < lengths[step]; ++i) {
          numbers.insert(numbers.end(), once.begin(), once.end());
        }
      }
    }
    longer.traces.push_back({trace.node, trace.observable, Tensor::of<double>(shape, numbers)});
  }
  return longer;
}

/// The sum of what a trace of spikes counts from one step to before another, as a counter has it.
std::vector<double> countsOf(const Trace &trace, int64_t sample, int64_t first, int64_t end) {
  std::vector<double> sums = numbersOf(trace, sample, first);
  for (int64_t step = first + 1; step < end; ++step) {
    std::vector<double> more = numbersOf(trace, sample, step);
    for (size_t i = 0; i < sums.size(); ++i) {
      sums[i] = std::min(sums[i] + more[i], 2147483647.0);
    }
  }
  return sums;
}

/// What of the outputs and records differs after the steps from `first` to before `end`.
std::string difference(const ImportedUnit &unit, UnitInstance &instance, const Recording &want,
                       size_t inputs, int64_t sample, int64_t first, int64_t end) {
  auto reference = static_cast<uint32_t>(1 + inputs);
  for (const Trace &trace : want.traces) {
    bool isCount = trace.data.dtype() == DType::U8 || trace.data.dtype() == DType::I32;
    std::string type = trace.data.dtype() == DType::U8    ? "UInt8"
                       : trace.data.dtype() == DType::I32 ? "Int32"
                                                          : "Float64";
    if (unit.variables.at(reference).type != type) {
      return fmt::format("{}:{} is {}, expected {}", trace.node, trace.observable,
                         unit.variables[reference].type, type);
    }
    std::vector<double> last = numbersOf(trace, sample, end - 1);
    if (!isSame(instance.values(reference++, last.size()), last)) {
      return fmt::format("{}:{} after step {}", trace.node, trace.observable, end);
    }
    if (isCount &&
        !isSame(instance.values(reference++, last.size()), countsOf(trace, sample, first, end))) {
      return fmt::format("the counter of {}:{} after step {}", trace.node, trace.observable, end);
    }
  }
  return reference == unit.variables.size() ? "" : "there are more variables";
}

/// Compares a unit of the job with a run in which inputs hold as long as communication steps are.
/// `compared`: whether there was anything to compare.
void expectSame(const nirc::Job &job, const Recording &input, Random &random, bool &compared) {
  const nirc::Target *cpu = *nirc::findTarget("cpu");
  auto executable = cpu->compile(job);
  auto artifact = cpu->emit(job, {.kind = "fmu", .cpu = "native"});
  ASSERT_EQ(bool(executable), bool(artifact));
  if (!executable) { // a choice that this network does not go with
    EXPECT_EQ(artifact.error().str(), executable.error().str());
    return;
  }
  std::vector<int64_t> lengths;
  for (int64_t step = 0; step < steps; ++step) {
    lengths.push_back(random.chance(0.5) ? 1 : 1 + static_cast<int64_t>(random.below(5)));
  }
  compared = true;
  Result<Recording> want = (*executable)->run(repeated(input, lengths), {});
  ASSERT_TRUE(want) << want.error().str();
  ImportedUnit unit(*artifact);
  ASSERT_TRUE(unit);
  const auto &ports = (*executable)->info().inputs;
  UnitInstance first(unit), second(unit);
  int64_t done = 0;
  for (int64_t step = 0; step < steps; done += lengths[static_cast<size_t>(step++)]) {
    int64_t length = lengths[static_cast<size_t>(step)];
    for (int64_t sample = 0; sample < batch; ++sample) {
      UnitInstance &instance = sample == 0 ? first : second;
      for (size_t i = 0; i < ports.size(); ++i) {
        std::vector<double> values = numbersOf(*input.find(ports[i].node, "value"), sample, step);
        instance.set(static_cast<uint32_t>(1 + i), values);
        ASSERT_TRUE(isSame(instance.values(static_cast<uint32_t>(1 + i), values.size()), values));
      }
      instance.step(static_cast<double>(length) * job.semantics.dtSeconds);
      ASSERT_EQ(difference(unit, instance, *want, ports.size(), sample, done, done + length), "");
    }
  }
}

class Units : public testing::TestWithParam<int> {};

TEST_P(Units, GiveTheBitsOfARun) {
  auto seed = static_cast<uint64_t>(GetParam());
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Random random(seed + 12000);
  Semantics semantics = seed % 2 ? nir::test::randomChoices(random) : nir::test::randomSemantics();
  Graph graph = nir::test::randomGraph(seed);
  Recording input = nir::test::randomInput(graph, seed, steps, batch);
  std::vector<Probe> probes = nir::test::everything(graph, semantics);
  for (DType dtype : {DType::F32, DType::F64}) {
    bool compared = false;
    expectSame({&graph, "random.nir", semantics, dtype, probes}, input, random, compared);
    EXPECT_TRUE(compared) << semantics.str();
  }
  nirc::Job job{&graph, "random.nir", semantics, DType::F32, probes};
  bool compared = false;
  for (int i = 0; i < 8 && !compared; ++i) { // not every format goes with every network
    job.quantization = nirc::QuantizationOptions{nir::test::randomFormat(random)};
    job.quantization->calibration = std::make_shared<nirc::Calibration>(
        nirc::Calibration{.input = input, .origin = "the input"});
    expectSame(job, input, random, compared);
  }
  EXPECT_TRUE(compared) << semantics.str();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Units, testing::Range(0, 12));

class PublishedUnits : public nir::test::ReferenceData {};

/// States behind convolutions, whose channels lie innermost.
TEST_F(PublishedUnits, OfAConvolutionalNetworkGiveTheBitsOfARun) {
  Graph cnn = graph("cnn_sinabs.nir");
  Random random(6);
  std::vector<double> events(size_t{batch} * steps * 2 * 34 * 34);
  std::generate(events.begin(), events.end(), [&] { return random.chance(0.05) ? 1.0 : 0.0; });
  Recording input{1e-3,
                  {{"input", "value", Tensor::of<double>({batch, steps, 2, 34, 34}, events)}}};
  Semantics semantics{1e-3, Integrator::Euler, Reset::ToValue};
  nirc::Job job{&cnn, "cnn_sinabs.nir", semantics, DType::F32,
                nir::test::everything(cnn, semantics)};
  bool compared = false;
  expectSame(job, input, random, compared);
  ASSERT_TRUE(compared);
  compared = false;
  job.quantization = nirc::QuantizationOptions{};
  expectSame(job, input, random, compared);
  EXPECT_TRUE(compared);
}

} // namespace
