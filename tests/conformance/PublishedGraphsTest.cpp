//===- PublishedGraphsTest.cpp - real networks on every target ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The graphs of the NIR paper (Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9), read from
// their files and run on the interpreter and on cpu. Skipped without the reference data.
//
//===----------------------------------------------------------------------===//

#include "backends/Target.h"
#include "ir/graph/Check.h"
#include "tests/conformance/Digits.h"
#include "tests/support/Random.h"
#include "tests/support/Recordings.h"
#include "tests/support/ReferenceData.h"
#include "tests/support/Targets.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace nir;
using nir::test::floatPlatforms;
using nir::test::Platform;
using testing::ElementsAre;

namespace {

class PublishedGraphs : public nir::test::ReferenceData {
protected:
  static Recording run(const Graph &graph, const Semantics &semantics, const Recording &input,
                       const std::vector<Probe> &probes, Platform platform) {
    nirc::Job job{&graph, "published", semantics, platform.dtype, probes};
    auto executable = platform.target->compile(job);
    if (!executable) {
      ADD_FAILURE() << platform.target->name() << ": " << executable.error().str();
      return {};
    }
    Result<Recording> result = (*executable)->run(input, {});
    EXPECT_TRUE(result) << platform.target->name() << ": " << result.error().str();
    return result ? std::move(*result) : Recording{};
  }

  /// Every target of floats gives the reference's numbers in both dtypes. Returns those in float64
  /// and in float32.
  static std::array<Recording, 2> expectAllAgree(const Graph &graph, const Semantics &semantics,
                                                 const Recording &input,
                                                 const std::vector<Probe> &probes) {
    const nirc::Target *reference = *nirc::findTarget("reference");
    std::array want{run(graph, semantics, input, probes, {reference, DType::F64}),
                    run(graph, semantics, input, probes, {reference, DType::F32})};
    for (Platform platform : floatPlatforms()) {
      Recording got = run(graph, semantics, input, probes, platform);
      EXPECT_EQ(nir::test::difference(got, want[platform.dtype == DType::F64 ? 0 : 1]), "")
          << platform.target->name();
    }
    return want;
  }
};

TEST_F(PublishedGraphs, LifGivesNorsesVoltagesAndSpikes) {
  const auto [in, v, spikes] = columns("lif_norse.csv");
  ASSERT_EQ(in.size(), 1000u);

  Graph lif = graph("lif_norse.nir");
  Recording input{1e-4, {{"input", "value", Tensor::of<double>({1, 1000, 1}, in)}}};
  Semantics semantics{1e-4, Integrator::Euler, Reset::ToValue};
  for (Platform platform : floatPlatforms()) {
    SCOPED_TRACE(fmt::format("{} {}", platform.target->name(), name(platform.dtype)));
    Recording got = run(lif, semantics, input, {{"1", "v"}}, platform);
    const Trace *voltage = got.find("1", "v"), *out = got.find("output", "spikes");
    ASSERT_TRUE(voltage && out);
    std::vector<int64_t> at;
    for (int64_t t = 0; t < 1000; ++t) {
      EXPECT_NEAR(voltage->data.at(t), v[static_cast<size_t>(t)], 1e-6) << "step " << t;
      EXPECT_EQ(out->data.at(t), spikes[static_cast<size_t>(t)]) << "step " << t;
      if (out->data.at(t) != 0) {
        at.push_back(t);
      }
    }
    EXPECT_THAT(at, ElementsAre(460, 510, 710, 760));
  }
  expectAllAgree(lif, semantics, input, nir::test::everything(lif, semantics));
}

/// Output counts of one sample, [1, T, classes].
int64_t classOf(const Tensor &spikes) {
  int64_t classes = spikes.shape().back();
  std::vector<double> counts(static_cast<size_t>(classes), 0.0);
  for (int64_t k = 0; k < spikes.size(); ++k) {
    counts[static_cast<size_t>(k % classes)] += spikes.at(k);
  }
  return std::max_element(counts.begin(), counts.end()) - counts.begin();
}

TEST_F(PublishedGraphs, CnnTellsTheDigitsAndBothTargetsAgreeOnEveryNeuron) {
  Graph cnn = graph("cnn_sinabs.nir");
  std::vector<Probe> probes = nir::test::everything(cnn, Semantics(1e-3));
  ASSERT_GT(probes.size(), 8u);
  for (int64_t digit : {0, 1, 2, 5, 7}) {
    SCOPED_TRACE(fmt::format("digit {}", digit));
    Recording input = nir::test::recordingOfDigit(folder, digit);

    Semantics semantics{1e-3, Integrator::Euler, Reset::ToValue};
    for (const Recording &got : expectAllAgree(cnn, semantics, input, probes)) {
      ASSERT_NE(got.find("output", "spikes"), nullptr);
      EXPECT_EQ(classOf(got.find("output", "spikes")->data), digit);
    }
  }
}

TEST_F(PublishedGraphs, BrailleRunsAlikeOnBothTargets) {
  for (const char *file :
       {"braille_noDelay_bias_zero.nir", "braille_noDelay_noBias_subtract.nir"}) {
    SCOPED_TRACE(file);
    Graph braille = graph(file);
    nir::test::Random random(7);
    std::vector<double> spikes(size_t{2} * 256 * 12);
    std::generate(spikes.begin(), spikes.end(), [&] { return random.chance(0.1) ? 1.0 : 0.0; });
    Recording input{1e-4, {{"input", "value", Tensor::of<double>({2, 256, 12}, spikes)}}};
    std::vector<Probe> probes = nir::test::everything(braille, Semantics(1e-4));
    for (Reset reset : {Reset::ToValue, Reset::Subtract}) {
      Semantics semantics{1e-4, Integrator::Euler, reset};
      for (const Recording &got : expectAllAgree(braille, semantics, input, probes)) {
        const Trace *hidden = got.find("lif1.lif", "spikes");
        ASSERT_NE(hidden, nullptr);
        std::vector<double> all = hidden->data.toDoubles();
        EXPECT_GT(std::count(all.begin(), all.end(), 1.0), 100) << "the network is silent";
      }
    }
  }
}

TEST_F(PublishedGraphs, SubgraphsWhoseEdgesMissANodeAreRefused) {
  for (const char *file :
       {"braille_noDelay_bias_zero_subgraph.nir", "braille_noDelay_noBias_subtract_subgraph.nir"}) {
    SCOPED_TRACE(file);
    Graph braille = graph(file);
    Checked checked = check(braille);
    auto error = std::find_if(checked.diagnostics.begin(), checked.diagnostics.end(),
                              [](const Diagnostic &d) { return d.severity == Severity::Error; });
    ASSERT_NE(error, checked.diagnostics.end());
    EXPECT_EQ(error->node, "lif1");
    EXPECT_THAT(error->str(), testing::HasSubstr("edge ('input', 'lif') goes to 'lif', which is "
                                                 "not a node of this subgraph"));
  }
}

} // namespace
