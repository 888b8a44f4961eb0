//===- WriteNet.cpp - lava-dl's .net --------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format is what lava.lib.dl.netx.hdf5 of lava-dl d825ac5 reads. README.md tells what of it was
// found out by reading and what by loading files.
//
//===----------------------------------------------------------------------===//

#include "backends/loihi2/lava/WriteNet.h"

#include "backends/loihi2/Limits.h"
#include "backends/loihi2/lava/Layers.h"
#include "backends/loihi2/lava/NetxWeights.h"
#include "ir/file/Hdf5Sink.h"

#include <algorithm>
#include <fmt/format.h>

using namespace nirc;
using namespace nirc::loihi2;
using nir::Tensor;

namespace {

class NetWriter {
public:
  nir::Result<std::string> write(const Model &model, const std::vector<Layer> &layers);

private:
  /// The next group below "layer", of that type.
  nir::Result<nir::hdf5::Id> layer(const std::string &type);
  nir::Status input(const nir::Shape &shape, bool beforeConvolution);
  nir::Status dense(const Layer &layer);
  nir::Status convolution(const Layer &layer);
  nir::Status neurons(hid_t group, const Layer &layer);

  nir::Status put(hid_t group, const std::string &name, const Tensor &value) {
    return sink.write(group, name, value);
  }
  nir::Status put(hid_t group, const std::string &name, const std::vector<int64_t> &values) {
    return put(group, name, Tensor::vector(values));
  }

  nir::hdf5::Session session;
  nir::hdf5::Sink sink{/*gzipLevel=*/4};
  nir::hdf5::Id root;
  int next = 0;
};

} // namespace

nir::Result<nir::hdf5::Id> NetWriter::layer(const std::string &type) {
  nir::Result<nir::hdf5::Id> group = sink.group(root, std::to_string(next++));
  if (!group) {
    return group.takeError();
  }
  if (nir::Status error = sink.write(*group, "type", type)) {
    return *std::move(error);
  }
  return group;
}

nir::Status NetWriter::input(const nir::Shape &shape, bool beforeConvolution) {
  nir::Result<nir::hdf5::Id> group = layer("input");
  if (!group) {
    return group.takeError();
  }
  bool isLine = beforeConvolution && shape.size() == 2;
  return put(*group, "shape", isLine ? nir::Shape{shape[0], 1, shape[1]} : shape);
}

//===----------------------------------------------------------------------===//
// Neurons
//===----------------------------------------------------------------------===//

/// One value where all are the same, else one a channel, of which a neuron of a dense layer is one.
template <typename Field>
static Tensor constants(const Layer &layer, Field field) {
  std::vector<int64_t> values;
  const std::vector<Compartment> &all = layer.population->compartments;
  auto each = static_cast<size_t>(layer.window ? layer.window->to[1] * layer.window->to[2] : 1);
  for (size_t n = 0; n < all.size(); n += each) {
    values.push_back(field(all[n]));
  }
  bool isOne =
      std::all_of(values.begin(), values.end(), [&](int64_t value) { return value == values[0]; });
  return isOne ? Tensor::scalar(values[0]) : Tensor::vector(values);
}

static int64_t biasOf(const Compartment &each) {
  return int64_t{each.biasMantissa} * (int64_t{1} << each.biasExponent);
}

static nir::Status checkStart(const Layer &layer) {
  for (const Compartment &each : layer.population->compartments) {
    if (each.current != 0 || each.voltage != 0) {
      return notInNet(layer.population->node,
                      fmt::format("starts with a current of {} and a voltage of {}, expected 0: "
                                  "lava-dl's .net has no states before the first step",
                                  each.current, each.voltage));
    }
  }
  return {};
}

nir::Status NetWriter::neurons(hid_t group, const Layer &layer) {
  if (nir::Status error = checkStart(layer)) {
    return error;
  }
  constexpr int64_t unit = 1 << mantissaShift; // of netx's biases, as of thresholds
  std::vector<int64_t> biases;
  auto each = static_cast<size_t>(layer.window ? layer.window->to[1] * layer.window->to[2] : 1);
  for (size_t n = 0; n < layer.population->compartments.size(); n += each) {
    int64_t bias = biasOf(layer.population->compartments[n]);
    if (bias % unit != 0 || bias / unit < leastBias || bias / unit > largestBias) {
      return notInNet(layer.population->node,
                      fmt::format("has the bias {}, expected a multiple of {} from {} to {}: in "
                                  "lava-dl's .net all biases have the exponent {}",
                                  bias, unit, leastBias * unit, largestBias * unit, mantissaShift));
    }
    biases.push_back(bias / unit);
  }
  if (std::any_of(biases.begin(), biases.end(), [](int64_t bias) { return bias != 0; })) {
    if (nir::Status error = put(group, "bias", biases)) {
      return error;
    }
  }
  nir::Result<nir::hdf5::Id> neuron = sink.group(group, "neuron");
  if (!neuron) {
    return neuron.takeError();
  }
  if (nir::Status error = sink.write(*neuron, "type", std::string("CUBA"))) {
    return error;
  }
  auto field = [&](const char *name, auto value) {
    return put(*neuron, name, constants(layer, value));
  };
  // netx takes 1 off iDecay, for the 1 that the neuron adds.
  if (nir::Status error = field("iDecay", [](const Compartment &c) { return c.du + 1; })) {
    return error;
  }
  if (nir::Status error = field("vDecay", [](const Compartment &c) { return c.dv; })) {
    return error;
  }
  return field("vThMant", [](const Compartment &c) { return c.threshold; });
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

static nir::Status checkReader(const Layer &layer) {
  if (netxKeeps(layer.weights, layer.recurrent)) {
    return {};
  }
  auto [least, most] = std::minmax_element(layer.weights.begin(), layer.weights.end());
  auto [leastOwn, mostOwn] =
      layer.recurrent.empty() ? std::pair(least, most)
                              : std::minmax_element(layer.recurrent.begin(), layer.recurrent.end());
  return weightsNotInNet(
      layer.population->node,
      fmt::format("has weights from {} to {} that lava-dl's netx would change, expected 0 to 255, "
                  "-127 to 127, or even ones from -254 to 254",
                  std::min(*least, *leastOwn), std::max(*most, *mostOwn)));
}

nir::Status NetWriter::dense(const Layer &layer) {
  if (nir::Status error = checkReader(layer)) {
    return error;
  }
  nir::Result<nir::hdf5::Id> group = this->layer(layer.recurrent.empty() ? "dense" : "dense_rec");
  if (!group) {
    return group.takeError();
  }
  int64_t neurons = std::ssize(layer.population->compartments);
  if (nir::Status error = put(*group, "shape", {neurons})) {
    return error;
  }
  nir::Shape shape{neurons, layer.sources};
  if (nir::Status error = put(*group, "weight", Tensor::of(shape, layer.weights))) {
    return error;
  }
  if (!layer.recurrent.empty()) {
    if (nir::Status error =
            put(*group, "weight_rec", Tensor::of({neurons, neurons}, layer.recurrent))) {
      return error;
    }
  }
  if (!layer.delays.empty()) {
    if (nir::Status error = put(*group, "delay", Tensor::of(shape, layer.delays))) {
      return error;
    }
  }
  return this->neurons(*group, layer);
}

nir::Status NetWriter::convolution(const Layer &layer) {
  const ConvWindow &window = *layer.window;
  nir::Result<nir::hdf5::Id> group = this->layer("conv");
  if (!group) {
    return group.takeError();
  }
  nir::Shape kernel{window.to[0], window.channelsOfGroup(), window.rows.kernel,
                    window.columns.kernel};
  nir::Status error = put(*group, "weight", Tensor::of(kernel, layer.weights));
  auto pair = [&](const char *name, int64_t ConvWindow::Dimension::*of) {
    error = error ? std::move(error) : put(*group, name, {window.rows.*of, window.columns.*of});
  };
  pair("stride", &ConvWindow::Dimension::stride);
  pair("padding", &ConvWindow::Dimension::pad);
  pair("dilation", &ConvWindow::Dimension::dilation);
  if (!error) {
    error = put(*group, "groups", Tensor::scalar(window.groups));
  }
  if (!error) {
    error = put(*group, "shape", {window.to[0], window.to[1], window.to[2]});
  }
  return error ? std::move(error) : neurons(*group, layer);
}

nir::Result<std::string> NetWriter::write(const Model &model, const std::vector<Layer> &layers) {
  if (nir::Status error = sink.open()) {
    return *std::move(error);
  }
  nir::Result<nir::hdf5::Id> group = sink.group(sink.root(), "layer");
  if (!group) {
    return group.takeError();
  }
  root = *std::move(group);
  if (nir::Status error = input(model.inputs[0].shape, layers[0].window.has_value())) {
    return *std::move(error);
  }
  bool isPlane = false;
  for (const Layer &each : layers) {
    if (isPlane && !each.window) {
      if (nir::Result<nir::hdf5::Id> flatten = layer("flatten"); !flatten) {
        return flatten.takeError();
      }
    }
    isPlane = each.window.has_value();
    if (nir::Status error = isPlane ? convolution(each) : dense(each)) {
      return *std::move(error);
    }
  }
  root = nir::hdf5::Id();
  return sink.takeBytes();
}

nir::Result<std::string> loihi2::writeNet(const Model &model,
                                          const std::vector<std::optional<ConvWindow>> &windows) {
  nir::Result<std::vector<Layer>> layers = layersOf(model, windows);
  if (!layers) {
    return layers.takeError();
  }
  return NetWriter().write(model, *layers);
}
