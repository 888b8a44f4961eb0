//===- LoopsTest.cpp - the loops compute what nirc computes ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//
// A baseline that computes something else is none. Spikes alone would not show it, as in these
// networks the input decides them: v is compared, to the last bit.
//
//===----------------------------------------------------------------------===//

#include "bench/Loops.h"
#include "bench/Cases.h"
#include "bench/Events.h"

#include "backends/Target.h"

#include <gtest/gtest.h>

using namespace nirc;
using namespace nirc::bench;

namespace {

constexpr int64_t steps = 20;
constexpr double activity = 0.1;

/// v after the last step, and the spikes of all.
struct Outcome {
  std::vector<float> v;
  std::vector<uint8_t> spikes;
};

Outcome nircRun(const Network &network, const nir::Tensor &input, int threads) {
  auto executable = (*findTarget("cpu"))
                        ->compile({.graph = &network.graph,
                                   .file = network.name,
                                   .semantics = network.semantics,
                                   .probes = {{"lif", "v"}}});
  EXPECT_TRUE(executable) << executable.error().str();
  auto result = (*executable)->run(driving(network, input), {.threads = threads});
  EXPECT_TRUE(result) << result.error().str();
  int64_t neurons = input.shape()[2];
  auto v = result->find("lif", "v")->data.as<float>();
  auto spikes = result->traces.front().data.as<uint8_t>();
  return {{v.begin() + (steps - 1) * neurons, v.begin() + steps * neurons},
          {spikes.begin(), spikes.begin() + steps * neurons}};
}

Outcome loopRun(const LoopNetwork &net, Loop loop, const nir::Tensor &input) {
  LoopState state(net.neurons);
  std::vector<uint8_t> spikes(steps * net.neurons);
  loop(net, state, input.as<uint8_t>().data(), steps, spikes.data());
  return {state.v, spikes};
}

/// 100 neurons, so that no loop's blocks come out even.
struct LoopsTest : testing::Test {
  static constexpr int64_t neurons = 100;
  nir::Tensor input = bernoulli(activity, 1, steps, neurons);

  void expectSame(const Network &network, const std::vector<Loop> &loops) {
    LoopNetwork net = loopNetworkOf(network);
    net.makeByInput();
    net.makeSparse();
    Outcome want = nircRun(network, input, 1);
    auto in = input.as<uint8_t>();
    EXPECT_EQ(want.spikes, std::vector<uint8_t>(in.begin(), in.end()));
    EXPECT_NE(want.v, std::vector<float>(neurons)) << "the weights show in v";
    for (size_t i = 0; i < loops.size(); ++i) {
      Outcome got = loopRun(net, loops[i], input);
      EXPECT_EQ(got.spikes, want.spikes) << "loop " << i;
      EXPECT_EQ(got.v, want.v) << "loop " << i;
    }
  }
};

} // namespace

TEST_F(LoopsTest, DenseLoopsComputeWhatNircComputes) {
  expectSame(denseNetwork(neurons), {textbookLoop, vectorLoop, eventLoop, sparseLoop});
}

TEST_F(LoopsTest, SparseLoopComputesWhatNircComputes) {
  expectSame(sparseNetwork(neurons, 41), {textbookLoop, eventLoop, sparseLoop});
}

TEST_F(LoopsTest, BatchAndThreadsChangeNothing) {
  Network network = denseNetwork(neurons);
  // The first sample of a larger batch is the same draw.
  Outcome one = nircRun(network, input, 1);
  Outcome many = nircRun(network, bernoulli(activity, 33, steps, neurons), 2);
  EXPECT_EQ(one.spikes, many.spikes);
  EXPECT_EQ(one.v, many.v);
}

TEST_F(LoopsTest, EventsAreSpikesTimesSynapses) {
  Network network = sparseNetwork(neurons, 41);
  nir::Result<int64_t> events = synapticEvents(network, driving(network, input));
  ASSERT_TRUE(events) << events.error().str();
  int64_t spikes = 0;
  for (uint8_t spike : input.as<uint8_t>()) {
    spikes += spike;
  }
  EXPECT_EQ(*events, spikes * 41);
}
