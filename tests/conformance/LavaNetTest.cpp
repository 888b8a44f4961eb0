//===- LavaNetTest.cpp - .net files against the chip model ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/recording/NpyBytes.h"
#include "tests/conformance/Loihi2Jobs.h"
#include "tests/conformance/Netx.h"
#include "tests/support/Build.h"
#include "tests/support/Describe.h"
#include "tests/support/ReferenceData.h"

#include <filesystem>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <set>
#include <unistd.h>

using namespace nir;
using namespace nir::test;

namespace {

/// The job as a .net file, read as netx reads it; throws where netx fails.
Result<netx::Network> netOf(const nirc::Job &job) {
  Result<nirc::Artifact> artifact = (*nirc::findTarget("loihi2"))->emit(job, {.kind = "net"});
  if (!artifact) {
    return artifact.takeError();
  }
  EXPECT_EQ(artifact->files.size(), 1u);
  EXPECT_EQ(artifact->files[0].name, "test.net");
  std::string path = fmt::format("{}/nirc-{}.net", testing::TempDir(), getpid());
  std::ofstream(path, std::ios::binary) << artifact->files[0].bytes;
  netx::Network net(path);
  std::filesystem::remove(path);
  return net;
}

/// The first place where the network's spikes are not `want`'s, or nothing.
std::string difference(netx::Network &net, const Recording &input, const Trace &want) {
  const Tensor &in = input.traces[0].data;
  int64_t batch = in.shape()[0], steps = in.shape()[1];
  int64_t elements = in.size() / (batch * steps), outputs = want.data.size() / (batch * steps);
  for (int64_t sample = 0; sample < batch; ++sample) {
    net.reset();
    for (int64_t t = 0; t < steps; ++t) {
      std::vector<char> now;
      for (int64_t i = 0; i < elements; ++i) {
        now.push_back(in.at((sample * steps + t) * elements + i) != 0);
      }
      const std::vector<char> &spikes = net.step(now);
      for (int64_t i = 0; i < outputs; ++i) {
        bool expected = want.data.at((sample * steps + t) * outputs + i) != 0;
        if ((spikes[static_cast<size_t>(i)] != 0) != expected) {
          return fmt::format("sample {} step {} element {}: expected {}", sample, t, i, expected);
        }
      }
    }
  }
  return {};
}

std::string typesOf(const netx::Network &net) {
  std::string types;
  for (const netx::Block &block : net.layers()) {
    types += (types.empty() ? "" : " ") + block.type;
  }
  return types;
}

/// The file's spikes are the chip model's, of which there are some.
void expectChipsSpikes(const std::string &name, const nirc::Job &job, const Recording &input,
                       const std::string &types) {
  Result<netx::Network> net = netOf(job);
  ASSERT_TRUE(net) << name << ": " << net.error().str();
  EXPECT_EQ(typesOf(*net), types) << name;
  Result<Recording> want = runOn("loihi2", job, input);
  ASSERT_TRUE(want) << want.error().str();
  EXPECT_EQ(difference(*net, input, want->traces[0]), "") << name;
  std::vector<double> spikes = want->traces[0].data.toDoubles();
  EXPECT_GT(std::count(spikes.begin(), spikes.end(), 1.0), 0) << name;
}

void expectChipsSpikes(const std::string &name, const Graph &graph, double dtSeconds,
                       const std::string &types) {
  Recording input = spikesFor(graph, dtSeconds, 100, 1);
  expectChipsSpikes(name, jobOf(graph, input, {}), input, types);
}

//===----------------------------------------------------------------------===//
// What was published, and the examples
//===----------------------------------------------------------------------===//

using LavaNetPublished = nir::test::ReferenceData;

TEST_F(LavaNetPublished, HasTheSpikesOfLava) {
  auto [drive, v, spikes] = columns("lif_lava_cpu_fixed.csv");
  Graph lif = graph("lif_norse.nir");
  Recording input{1e-4, {{"input", "value", Tensor::of<double>({1, 1000, 1}, drive)}}};
  nirc::Job job = jobOf(lif, input, {});
  job.quantization->format = *numberFormatOf("loihi2,scale=256,constants=toward-zero");
  expectChipsSpikes("lif_norse", job, input, "dense");
  Result<netx::Network> net = netOf(job);
  ASSERT_TRUE(net);
  net->reset();
  for (size_t t = 0; t < drive.size(); ++t) {
    EXPECT_EQ(net->step({static_cast<char>(drive[t])})[0], spikes[t]) << "step " << t;
    EXPECT_EQ(static_cast<double>(net->layers()[0].lif.v[0]), v[t]) << "step " << t;
  }
}

TEST_F(LavaNetPublished, GraphsSpikeAsOnTheChip) {
  expectChipsSpikes("braille", graph("braille_noDelay_noBias_subtract.nir"), 1e-4,
                    "dense_rec dense");
  Graph cnn = graph("cnn_sinabs.nir");
  expectChipsSpikes("cnn_sinabs", cnn, 1e-3, "conv conv conv dense dense");
  // Pools and convolutions that are not made one before are made one here.
  Recording input = spikesFor(cnn, 1e-3, 30, 2);
  nirc::Job job = jobOf(cnn, input, {});
  job.fold = nirc::Folding::None;
  expectChipsSpikes("cnn_sinabs as it is", job, input, "conv conv conv dense dense");
}

TEST(LavaNetExamples, SpikeAsOnTheChip) {
  for (auto [name, types] :
       {std::pair("two-layers", "dense dense"), std::pair("fashion-mnist/mlp", "dense dense"),
        std::pair("fashion-mnist/cnn", "conv conv dense")}) {
    Result<nir::Model> model =
        readInProcess(fmt::format("{}/examples/{}.nir", NIRC_SOURCE_DIR, name));
    ASSERT_TRUE(model) << model.error().str();
    expectChipsSpikes(name, model->graph, 1e-3, types);
  }
}

/// Where weights of 8 bits and both signs meet those of one sign, 7 bits each is what netx can
/// read.
TEST(LavaNetExamples, RecurrentInSevenBits) {
  Result<nir::Model> model = readInProcess(NIRC_SOURCE_DIR "/examples/recurrent.nir");
  ASSERT_TRUE(model) << model.error().str();
  Recording input = spikesFor(model->graph, 1e-3, 100, 1);
  nirc::Job job = jobOf(model->graph, input, {});
  Result<netx::Network> net = netOf(job);
  ASSERT_FALSE(net);
  EXPECT_EQ(net.error().notes[0].message,
            "--format loihi2,weight-bits=7 makes smaller weights, and "
            "--emit=lava writes any network");
  job.quantization->format = *numberFormatOf("loihi2,weight-bits=7");
  expectChipsSpikes("recurrent", job, input, "dense_rec");
}

//===----------------------------------------------------------------------===//
// Random rows of layers
//===----------------------------------------------------------------------===//

/// Layers one after another, with convolutions, pools, delays and loops of a layer on itself.
class Row : GraphGrower {
public:
  explicit Row(uint64_t seed) : GraphGrower(seed, 0.3) {}

  Graph build() {
    shape = random.chance(0.5)
                ? Shape{random.between(1, 3), random.between(5, 9), random.between(5, 9)}
                : Shape{random.between(2, 16)};
    graph.nodes.push_back({"in", input(shape), {}});
    last = "in";
    int64_t count = random.between(1, 4);
    for (int64_t i = 0; i < count; ++i) {
      layer(fmt::format("cells{}", i));
    }
    graph.nodes.push_back({"out", output(shape), {}});
    graph.edges.push_back({last, "out"});
    return std::move(graph);
  }

private:
  void layer(const std::string &cells) {
    std::vector<std::string> sources;
    if (shape.size() == 3 && random.chance(0.75)) {
      sources = {plane()};
    } else {
      if (shape.size() == 3) {
        last = add(last, Flatten{whole(0), whole(-1), wholes(shape)});
        shape = {numElements(shape)};
      }
      bool isRecurrent = random.chance(0.3);
      if (!isRecurrent && random.chance(0.4)) {
        std::vector<double> delays;
        for (int64_t i = 0; i < shape[0]; ++i) {
          delays.push_back(1e-3 * static_cast<double>(random.between(0, 62)));
        }
        last = add(last, Delay{vec(delays)});
      }
      int64_t out = random.between(1, 16);
      sources = {add(last, Linear{array({out, shape[0]}, weights(out * shape[0], 0.6))})};
      shape = {out};
      if (isRecurrent) {
        sources.push_back(add(cells, Linear{array({out, out}, weights(out * out, 0.3))}));
      }
    }
    graph.nodes.push_back({cells, neurons(), {}});
    for (const std::string &source : sources) {
      graph.edges.push_back({source, cells});
    }
    last = cells;
  }

  /// Convolutions and pools, one or several; changes `shape`.
  std::string plane() {
    std::string from = last;
    bool pools = shape[1] >= 4 && shape[2] >= 4 && random.chance(0.5);
    if (pools) {
      int64_t pad = random.between(0, 1);
      from = add(from, SumPool2d{wholes({2, 2}), wholes({2, 2}), wholes({pad, pad})});
      shape = {shape[0], (shape[1] + 2 * pad) / 2, (shape[2] + 2 * pad) / 2};
    }
    if (pools && random.chance(0.3)) {
      return from;
    }
    int64_t groups = shape[0] % 2 == 0 && random.chance(0.4) ? 2 : 1;
    int64_t out = groups * random.between(1, 2), in = shape[0] / groups;
    Conv2d conv;
    std::vector<int64_t> kernel, stride, padding, dilation, size;
    for (size_t d : {1, 2}) {
      kernel.push_back(random.between(1, std::min<int64_t>(3, shape[d])));
      dilation.push_back(kernel.back() * 2 - 1 <= shape[d] ? random.between(1, 2) : 1);
      stride.push_back(random.between(1, 2));
      padding.push_back(random.between(0, 2));
      size.push_back((shape[d] + 2 * padding.back() - dilation.back() * (kernel.back() - 1) - 1) /
                         stride.back() +
                     1);
    }
    conv.input_shape = wholes({shape[1], shape[2]});
    conv.weight =
        array({out, in, kernel[0], kernel[1]}, weights(out * in * kernel[0] * kernel[1], 0.8));
    conv.stride = wholes(stride);
    conv.padding = wholes(padding);
    conv.dilation = wholes(dilation);
    conv.groups = whole(groups);
    conv.bias = vec(std::vector<double>(static_cast<size_t>(out), 0.0));
    shape = {out, size[0], size[1]};
    return add(from, conv);
  }

  /// One a neuron; of [channels, rows, columns] one for all, or one a channel. States have one
  /// scale there, so what a current is multiplied by is one for all.
  Tensor each(double low, double high, bool alike = false) {
    bool isOne = shape.size() > 1 && (alike || random.chance(0.5));
    int64_t ofChannel = shape.size() > 1 ? shape[1] * shape[2] : 1;
    std::vector<double> values;
    for (int64_t i = 0; i < numElements(shape); ++i) {
      values.push_back(i > 0 && (isOne || i % ofChannel != 0) ? values.back()
                                                              : random.uniform(low, high));
    }
    return array(shape, values);
  }

  Params neurons() {
    auto all = [&](double value) {
      return array(shape, std::vector<double>(numElements(shape), value));
    };
    Tensor threshold = each(0.5, 2.0);
    if (random.chance(0.3)) {
      return IF{all(1), threshold, {}};
    }
    Tensor tau = each(3e-3, 2e-2), r = each(3.0, 9.0, true);
    if (random.chance(0.5)) {
      return LIF{tau, r, all(0), threshold, {}};
    }
    CubaLIF cells;
    cells.tau_syn = each(2e-3, 2e-2);
    cells.tau_mem = tau;
    cells.r = r;
    cells.v_leak = all(0);
    cells.v_threshold = threshold;
    cells.w_in = each(1.0, 4.0, true);
    return cells;
  }

  std::string last;
  Shape shape;
};

class LavaNetRandomNetworks : public testing::TestWithParam<int> {};

TEST_P(LavaNetRandomNetworks, SpikeAsOnTheChip) {
  constexpr int networksPerShard = 50;
  int refused = 0, spikes = 0;
  std::set<std::string> types;
  for (int i = 0; i < networksPerShard + refused; ++i) {
    uint64_t seed = static_cast<uint64_t>(GetParam()) * 1000 + static_cast<uint64_t>(i);
    Graph graph = Row(seed).build();
    Recording input = spikesFor(graph, 1e-3, 120, seed);
    nirc::Job job = jobOf(graph, input, {});
    job.fold = i % 2 == 0 ? nirc::Folding::Exact : nirc::Folding::None;
    Result<netx::Network> net = netOf(job);
    if (!net) { // by name, and not often
      ASSERT_NE(net.error().str().find("node 'cells"), std::string::npos) << net.error().str();
      ASSERT_LT(++refused, networksPerShard) << net.error().str();
      continue;
    }
    Result<Recording> want = runOn("loihi2", job, input);
    ASSERT_TRUE(want) << want.error().str();
    ASSERT_EQ(difference(*net, input, want->traces[0]), "") << "seed " << seed << "\n"
                                                            << describe(graph);
    for (const netx::Block &block : net->layers()) {
      bool isDelayed = !block.dense.empty() && !block.dense[0].delays.empty();
      bool differs = !block.conv.empty() && block.lif.vth.size() > 1;
      types.insert(block.type + (isDelayed ? " with delays" : differs ? " by channel" : ""));
    }
    std::vector<double> out = want->traces[0].data.toDoubles();
    spikes += std::count(out.begin(), out.end(), 1.0) > 0;
  }
  EXPECT_GT(spikes, networksPerShard / 2);
  EXPECT_EQ(types, (std::set<std::string>{"conv", "conv by channel", "dense", "dense with delays",
                                          "dense_rec"}));
}

/// lava-dl itself, which is no package of Debian: NIRC_LAVA_PYTHON is a python3 that imports it.
TEST(LavaNet, HasTheChipsSpikesOnLavaDl) {
  const char *python = std::getenv("NIRC_LAVA_PYTHON");
  if (!python) {
    GTEST_SKIP() << "NIRC_LAVA_PYTHON names no python3 with lava-dl";
  }
  std::filesystem::path folder =
      std::filesystem::temp_directory_path() / fmt::format("nirc-netx-{}", getpid());
  std::filesystem::create_directories(folder);
  int written = 0;
  for (uint64_t seed = 0; written < 12; ++seed) {
    ASSERT_LT(seed, 40U) << "most are refused";
    Graph graph = Row(seed).build();
    Recording input = spikesFor(graph, 1e-3, 60, seed);
    Tensor &all = input.traces[0].data;
    Shape shape = all.shape();
    shape[0] = 1;
    all = Tensor::of(shape, [&] {
      std::vector<double> values = all.toDoubles();
      return std::vector<double>(values.begin() + std::ssize(values) / 2, values.end());
    }());
    nirc::Job job = jobOf(graph, input, {});
    Result<nirc::Artifact> artifact = (*nirc::findTarget("loihi2"))->emit(job, {.kind = "net"});
    if (!artifact) {
      continue;
    }
    Result<Recording> want = runOn("loihi2", job, input);
    ASSERT_TRUE(want) << want.error().str();
    std::string path = folder / fmt::format("net{}", seed);
    std::ofstream(path + ".net", std::ios::binary) << artifact->files[0].bytes;
    auto flat = [](const Tensor &trace) {
      return npyBytes(Tensor::of({60, trace.size() / 60}, trace.toDoubles()));
    };
    std::ofstream(path + ".in.npy", std::ios::binary) << flat(all);
    std::ofstream(path + ".want.npy", std::ios::binary) << flat(want->traces[0].data);
    ++written;
  }
  std::string command =
      fmt::format("'{}' {}/tests/backends/loihi2/Inputs/check_nets.py '{}' > '{}/log' 2>&1", python,
                  NIRC_SOURCE_DIR, folder.string(), folder.string());
  EXPECT_EQ(std::system(command.c_str()), 0) << std::ifstream(folder / "log").rdbuf();
  std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(Shards, LavaNetRandomNetworks, testing::Range(0, 4));

} // namespace
