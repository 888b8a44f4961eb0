//===- Loihi2LayersTest.cpp - what is a row of layers ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/lava/Layers.h"
#include "backends/loihi2/lava/WriteNet.h"

#include <gtest/gtest.h>

using namespace nirc::loihi2;

namespace {

/// An input of two elements and two populations of two neurons, one after another: sources 0 and 1,
/// then 2 and 3, then 4 and 5.
Model twoLayers() {
  Model model;
  model.dtSeconds = 1e-3;
  model.inputs.push_back({"in", {2}, 0});
  model.inputElements = 2;
  Compartment neuron{4095, 100, 50, 0, 0};
  model.populations.push_back({"first", 0, {neuron, neuron}});
  model.populations.push_back({"second", 2, {neuron, neuron}});
  model.synapses = {{{0, 0, 3}}, {{0, 0, 5}, {1, 0, 7}}, {{2, 0, -2}}, {{3, 0, 4}}};
  model.readouts.push_back({"out", "spikes", Readout::Kind::Spikes, {2}, {}, {2, 3}, 0});
  return model;
}

std::string refusal(const Model &model) {
  nir::Result<std::string> net = writeNet(model, {});
  return net ? "none" : net.error().str().substr(0, net.error().str().find('\n'));
}

TEST(Loihi2Layers, AreInTheOrderOfSpikes) {
  Model model = twoLayers();
  std::swap(model.populations[0].node, model.populations[1].node);
  model.synapses = {{{4, 0, -2}}, {{5, 0, 4}}, {{0, 0, 3}}, {{0, 0, 5}, {1, 0, 7}}};
  model.readouts[0].neurons = {0, 1};
  nir::Result<std::vector<Layer>> layers = layersOf(model, {});
  ASSERT_TRUE(layers) << layers.error().str();
  ASSERT_EQ(layers->size(), 2u);
  EXPECT_EQ((*layers)[0].population->node, "first");
  EXPECT_EQ((*layers)[0].weights, (std::vector<int16_t>{3, 0, 5, 7}));
  EXPECT_EQ((*layers)[1].weights, (std::vector<int16_t>{-2, 0, 0, 4}));
  EXPECT_EQ(refusal(twoLayers()), "none");
}

TEST(Loihi2Layers, RefusesWhatIsNoRow) {
  Model model = twoLayers();
  model.inputs[0].shape = {1};
  model.inputs.push_back({"other", {1}, 1});
  EXPECT_EQ(refusal(model),
            "error: node 'other': the network has 2 inputs, expected 1: lava-dl's .net "
            "is one row of layers");
  model = twoLayers();
  model.synapses[3].push_back({0, 0, 1});
  EXPECT_EQ(refusal(model),
            "error: node 'second': is driven by 'first' and by 'in', expected one of "
            "them: lava-dl's .net is one row of layers");
  model = twoLayers();
  model.synapses[2] = {{0, 0, 1}};
  model.synapses[3] = {{1, 0, 1}};
  EXPECT_EQ(refusal(model), "error: node 'in': drives 'first' and 'second', expected one of them: "
                            "lava-dl's .net is one row of layers");
  model = twoLayers();
  model.synapses[0] = {{4, 0, 3}};
  model.synapses[1] = {};
  EXPECT_EQ(refusal(model),
            "error: node 'first': is in a loop with 'second', expected loops of one "
            "population: lava-dl's .net is one row of layers");
  model = twoLayers();
  model.synapses[2] = model.synapses[3] = {};
  EXPECT_EQ(refusal(model), "error: node 'second': is driven by no input and no other neurons, and "
                            "lava-dl's netx reads no weights that are all 0");
  model = twoLayers();
  model.readouts[0].neurons = {3, 2};
  EXPECT_EQ(refusal(model), "error: node 'out': is not the spikes of 'second', the last layer, and "
                            "lava-dl's .net has no other output");
  model = twoLayers();
  model.readouts[0].kind = Readout::Kind::Voltage;
  EXPECT_NE(refusal(model), "none");
}

TEST(Loihi2Layers, RefusesNumbersWithoutAPlace) {
  Model model = twoLayers();
  model.synapses[2][0].weight = 512;
  EXPECT_EQ(refusal(model),
            "error: node 'second': has a synapse of the weight 512, expected -256 to "
            "255: lava-dl's .net has no exponents of weights");
  model = twoLayers();
  model.synapses[2].push_back({2, 4, 1});
  EXPECT_EQ(refusal(model), "error: node 'second': has two synapses of one neuron of 'first', with "
                            "different delays, expected one");
  model = twoLayers();
  model.synapses[2][0].delay = 4;
  EXPECT_EQ(refusal(model), "none");
  model.synapses[2].push_back({4, 0, 1});
  EXPECT_EQ(refusal(model), "error: node 'second': has delays, and synapses of its own neurons, "
                            "expected one of them: lava-dl's dense_rec has no delays");
  model = twoLayers();
  model.populations[0].compartments[1].biasMantissa = 3;
  model.populations[0].compartments[1].biasExponent = 7;
  EXPECT_EQ(refusal(model), "none");
  model.populations[0].compartments[1].biasExponent = 5;
  EXPECT_EQ(refusal(model), "error: node 'first': has the bias 96, expected a multiple of 64 from "
                            "-262144 to 262080: in lava-dl's .net all biases have the exponent 6");
  model = twoLayers();
  model.populations[1].compartments[0].current = 9;
  EXPECT_EQ(refusal(model), "error: node 'second': starts with a current of 9 and a voltage of 0, "
                            "expected 0: lava-dl's .net has no states before the first step");
  model = twoLayers();
  model.synapses[2][0].weight = -1;
  model.synapses[3][0].weight = 255;
  EXPECT_EQ(refusal(model),
            "error: node 'second': has weights from -1 to 255 that lava-dl's netx "
            "would change, expected 0 to 255, -127 to 127, or even ones from -254 to "
            "254");
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// Of a kernel [1, 2] over a row of three, without padding.
struct Kernels : testing::Test {
  ConvWindow window{{1, 1, 3}, {1, 1, 2}, {}, {2, 1, 0, 1}, 1};
  std::vector<std::vector<Synapse>> synapses = {{{5, 0, 3}, {6, 0, -4}}, {{6, 0, 3}, {7, 0, -4}}};
};

TEST_F(Kernels, AreFoundInSynapses) {
  EXPECT_EQ(kernelOf(window, synapses, 5), (std::vector<int64_t>{3, -4}));
}

TEST_F(Kernels, AreNoneWhereASynapseDiffers) {
  synapses[1][0].weight = 2;
  EXPECT_FALSE(kernelOf(window, synapses, 5));
}

TEST_F(Kernels, AreNoneWhereASynapseIsMissing) {
  synapses[1].pop_back();
  EXPECT_FALSE(kernelOf(window, synapses, 5));
}

TEST_F(Kernels, AreNoneWhereASynapseIsOutside) {
  synapses[0][0].source = 4;
  EXPECT_FALSE(kernelOf(window, synapses, 5));
  synapses[0][0].source = 7; // seen by no tap
  EXPECT_FALSE(kernelOf(window, synapses, 5));
}

TEST_F(Kernels, AreNoneWithDelays) {
  synapses[0][0].delay = 1;
  EXPECT_FALSE(kernelOf(window, synapses, 5));
}

TEST_F(Kernels, AreNoneWhereTheSizeIsAnother) {
  window.columns.pad = 1; // two places more
  EXPECT_FALSE(kernelOf(window, synapses, 5));
}

} // namespace
