//===- Netx.h - what lava-dl's netx does with a file ------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loads a .net file and steps it as lava-dl d825ac5 on Lava b6822fb does, from a description of
// these two and without a line of nirc: fixed-point LIF processes, Dense, DelayDense and Conv.
// Where the reader would fail, or change a number without a word, this fails too.
//
//===----------------------------------------------------------------------===//

#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <hdf5.h>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace netx {

using Ints = std::vector<int64_t>;

//===----------------------------------------------------------------------===//
// The file
//===----------------------------------------------------------------------===//

inline bool has(hid_t file, const std::string &path) {
  for (size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    if (H5Lexists(file, path.substr(0, slash).c_str(), H5P_DEFAULT) <= 0) {
      return false;
    }
  }
  return H5Lexists(file, path.c_str(), H5P_DEFAULT) > 0;
}

struct Array {
  Ints shape, values;
  bool isScalar() const { return shape.empty(); }
};

inline Array readArray(hid_t file, const std::string &path) {
  hid_t data = H5Dopen2(file, path.c_str(), H5P_DEFAULT);
  if (data < 0) {
    throw std::runtime_error("no " + path);
  }
  hid_t space = H5Dget_space(data);
  std::array<hsize_t, 8> dims{};
  int rank = H5Sget_simple_extent_dims(space, dims.data(), nullptr);
  Array array;
  array.shape.assign(dims.begin(), dims.begin() + rank);
  array.values.resize(static_cast<size_t>(H5Sget_simple_extent_npoints(space)));
  if (H5Dread(data, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.values.data()) < 0) {
    throw std::runtime_error(path + " is no array of numbers");
  }
  H5Sclose(space);
  H5Dclose(data);
  return array;
}

/// A text of variable length, or the first of an array of texts of one length.
inline std::string readText(hid_t file, const std::string &path) {
  hid_t data = H5Dopen2(file, path.c_str(), H5P_DEFAULT);
  if (data < 0) {
    throw std::runtime_error("no " + path);
  }
  hid_t type = H5Dget_type(data);
  std::string text;
  if (H5Tis_variable_str(type) > 0) {
    char *pointer = nullptr;
    H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, &pointer);
    text = pointer;
    H5free_memory(pointer);
  } else {
    text.resize(H5Tget_size(type) * 16);
    H5Dread(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, text.data());
    text = text.c_str();
  }
  H5Tclose(type);
  H5Dclose(data);
  return text;
}

//===----------------------------------------------------------------------===//
// Lava
//===----------------------------------------------------------------------===//

/// A share of x, toward zero.
inline int64_t decayed(int64_t x, int64_t decay) {
  int64_t size = ((x < 0 ? -x : x) * (4096 - decay)) >> 12;
  return x < 0 ? -size : size;
}

/// PyLifModelBitAcc, for all neurons of a layer. Constants are one, or one a neuron.
struct Lif {
  int64_t neurons = 0;
  Ints du, dv, vth, bias;
  int biasExp = 6;
  Ints u, v;

  void step(const Ints &a, std::vector<char> &spikes) {
    constexpr int64_t limit = 1 << 23;
    auto of = [](const Ints &values, size_t n) { return values[values.size() == 1 ? 0 : n]; };
    for (size_t n = 0; n < static_cast<size_t>(neurons); ++n) {
      int64_t x = decayed(u[n], of(du, n) + 1) + a[n] * 64;
      u[n] = x > limit ? x - 2 * limit : x <= -limit ? x + 2 * limit : x;
      int64_t y = decayed(v[n], of(dv, n)) + u[n] + of(bias, n) * (int64_t{1} << biasExp);
      y = std::clamp<int64_t>(y, -limit + 1, limit - 1);
      spikes[n] = y > of(vth, n) * 64;
      v[n] = spikes[n] ? 0 : y;
    }
  }
};

/// What sums of weights are to be shifted by, and the weights.
struct Fixed {
  int bits = 8;
  int exponent = 0;
};

/// netx's optimize_weight_bits: shifts the weights, and says in how many bits they are.
inline Fixed optimizeWeightBits(std::vector<Ints *> parts) {
  int64_t most = INT64_MIN, least = INT64_MAX;
  for (Ints *part : parts) {
    for (int64_t w : *part) {
      most = std::max(most, w);
      least = std::min(least, w);
    }
  }
  if ((most > 254 && least < 0) || (least < -256 && most > 0)) {
    throw std::runtime_error("weights are clipped");
  }
  bool isSigned = !(most < 0) && !(least >= 0);
  double scale =
      isSigned   ? std::min(127.0 / static_cast<double>(most), -128.0 / static_cast<double>(least))
      : most < 0 ? -256.0 / static_cast<double>(least)
                 : 255.0 / static_cast<double>(most);
  double scaleBits = std::floor(std::log2(scale)) + (isSigned ? 1 : 0);
  if (!std::isfinite(scaleBits)) {
    throw std::runtime_error("OverflowError: cannot convert float infinity to integer");
  }
  int n = 8;
  for (bool found = false; !found && n > 0;) {
    found = true;
    for (Ints *part : parts) {
      found &= std::all_of(part->begin(), part->end(),
                           [&](int64_t w) { return w % (int64_t{1} << n) == 0; });
    }
    n -= found ? 0 : 1;
  }
  n -= isSigned ? 1 : 0;
  for (Ints *part : parts) {
    for (int64_t &w : *part) {
      w = scaleBits < 0 ? 0 : w * (int64_t{1} << static_cast<int>(scaleBits));
    }
  }
  return {8 - static_cast<int>(scaleBits) - n, -static_cast<int>(scaleBits)};
}

/// Dense and DelayDense, bit-accurate: clips and cuts the weights by the sign that it finds.
struct Dense {
  int64_t in = 0, out = 0;
  Ints weights; ///< [out, in]
  Ints delays;  ///< the same, or none
  Fixed fixed;

  void prepare() {
    auto [least, most] = std::minmax_element(weights.begin(), weights.end());
    bool isInhibitory = *least < 0 && *most <= 0, isMixed = *least < 0 && *most > 0;
    int64_t low = isInhibitory ? -255 : isMixed ? -256 : 0, high = isInhibitory ? 0 : 255;
    if (fixed.bits > 8 || fixed.bits < 1) {
      throw std::runtime_error("weights of " + std::to_string(fixed.bits) + " bits");
    }
    int cut = 8 - fixed.bits + (isMixed ? 1 : 0);
    for (int64_t &w : weights) {
      w = std::clamp(w, low, high);
      int64_t magnitude = isInhibitory ? -w : w;
      magnitude = (magnitude >> cut) * (int64_t{1} << cut);
      w = isInhibitory ? -magnitude : magnitude;
    }
  }

  /// Adds what spikes of this step make of `arrivals`: that of the next step, and of later ones.
  void send(const std::vector<char> &spikes, std::vector<Ints> &arrivals) const {
    for (size_t d = 0; d < arrivals.size(); ++d) {
      for (size_t o = 0; o < static_cast<size_t>(out); ++o) {
        int64_t sum = 0;
        for (size_t i = 0; i < static_cast<size_t>(in); ++i) {
          size_t at = o * static_cast<size_t>(in) + i;
          if (spikes[i] && (delays.empty() ? 0 : delays[at]) == static_cast<int64_t>(d)) {
            sum += weights[at];
          }
        }
        arrivals[d][o] +=
            fixed.exponent > 0 ? sum * (int64_t{1} << fixed.exponent) : sum >> -fixed.exponent;
      }
    }
  }
};

/// PyConvModelFixed. Everything here is [channels, rows, columns], in which netx's two turnings,
/// of the kernel and of its result, are none.
struct Conv {
  std::array<int64_t, 3> from{}, to{};
  Ints kernel; ///< [to, from / groups, rows, columns]
  std::array<int64_t, 2> size{}, stride{}, padding{}, dilation{};
  int64_t groups = 1;

  void send(const std::vector<char> &spikes, std::vector<Ints> &arrivals) const {
    int64_t inOfGroup = from[0] / groups, outOfGroup = to[0] / groups;
    Ints sums(arrivals[0].size(), 0);
    for (int64_t i = 0; i < from[0] * from[1] * from[2]; ++i) {
      if (!spikes[static_cast<size_t>(i)]) {
        continue;
      }
      int64_t c = i / (from[1] * from[2]), y = i / from[2] % from[1], x = i % from[2];
      for (int64_t ky = 0; ky < size[0]; ++ky) {
        for (int64_t kx = 0; kx < size[1]; ++kx) {
          int64_t oy = y + padding[0] - ky * dilation[0], ox = x + padding[1] - kx * dilation[1];
          if (oy < 0 || ox < 0 || oy % stride[0] != 0 || ox % stride[1] != 0 ||
              oy / stride[0] >= to[1] || ox / stride[1] >= to[2]) {
            continue;
          }
          for (int64_t o = c / inOfGroup * outOfGroup; o < (c / inOfGroup + 1) * outOfGroup; ++o) {
            sums[static_cast<size_t>((o * to[1] + oy / stride[0]) * to[2] + ox / stride[1])] +=
                kernel[static_cast<size_t>(
                    ((o * inOfGroup + c % inOfGroup) * size[0] + ky) * size[1] + kx)];
          }
        }
      }
    }
    constexpr int64_t limit = 1 << 23;
    for (size_t n = 0; n < sums.size(); ++n) {
      if (sums[n] >= limit || sums[n] < -limit) {
        throw std::runtime_error("a sum of a convolution beyond 24 bits");
      }
      arrivals[0][n] += sums[n];
    }
  }
};

//===----------------------------------------------------------------------===//
// The network
//===----------------------------------------------------------------------===//

struct Block {
  std::string type;
  std::vector<Dense> dense; ///< the second one recurrent
  std::vector<Conv> conv;
  Lif lif;
  std::vector<Ints> arrivals; ///< of the next step, and of later ones
  std::vector<char> spikes;
};

class Network {
public:
  /// Throws where netx fails.
  explicit Network(const std::string &path) {
    hid_t file = H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    if (file < 0) {
      throw std::runtime_error("no HDF5 file");
    }
    std::unique_ptr<hid_t, void (*)(hid_t *)> closer(&file, [](hid_t *id) { H5Fclose(*id); });
    H5G_info_t info;
    hid_t group = H5Gopen2(file, "layer", H5P_DEFAULT);
    H5Gget_info(group, &info);
    H5Gclose(group);
    for (hsize_t i = 0; i < info.nlinks; ++i) {
      addLayer(file, "layer/" + std::to_string(i) + "/");
    }
  }

  const std::vector<Block> &layers() const { return blocks; }

  /// Back to before the first step.
  void reset() {
    for (Block &block : blocks) {
      block.lif.u.assign(static_cast<size_t>(block.lif.neurons), 0);
      block.lif.v = block.lif.u;
      std::fill(block.arrivals.begin(), block.arrivals.end(), block.lif.u);
      block.spikes.assign(block.lif.u.size(), 0);
    }
  }

  /// The spikes of the last layer in this step.
  const std::vector<char> &step(const std::vector<char> &input) {
    for (Block &block : blocks) {
      block.lif.step(block.arrivals[0], block.spikes);
      std::rotate(block.arrivals.begin(), block.arrivals.begin() + 1, block.arrivals.end());
      std::fill(block.arrivals.back().begin(), block.arrivals.back().end(), 0);
    }
    const std::vector<char> *from = &input;
    for (Block &block : blocks) {
      for (const Conv &conv : block.conv) {
        conv.send(*from, block.arrivals);
      }
      for (const Dense &dense : block.dense) {
        dense.send(&dense == &block.dense[0] ? *from : block.spikes, block.arrivals);
      }
      from = &block.spikes;
    }
    return *from;
  }

private:
  void addLayer(hid_t file, const std::string &at);
  void addNeurons(hid_t file, const std::string &at, Block &block, const Ints &shape);
  void addConv(hid_t file, const std::string &at, Block &block, const Ints &shape);
  void addDense(hid_t file, const std::string &at, Block &block);

  std::vector<Block> blocks;
  Ints inputShape;
  bool isFlat = false;
};

inline void Network::addLayer(hid_t file, const std::string &at) {
  std::string type = readText(file, at + "type");
  if (type == "input") {
    if (has(file, at + "neuron")) {
      throw std::runtime_error("an input with neurons, which is not connected");
    }
    inputShape = readArray(file, at + "shape").values;
    return;
  }
  if (type == "flatten") {
    isFlat = true;
    return;
  }
  if (type != "dense" && type != "dense_rec" && type != "conv") {
    throw std::runtime_error("NotImplementedError: " + type);
  }
  Ints shape = readArray(file, at + "shape").values;
  Block block;
  block.type = type;
  if (type == "conv") {
    addConv(file, at, block, shape);
  } else {
    int64_t size = 1;
    for (int64_t d : shape) {
      size *= d;
    }
    shape = {size};
    block.lif.neurons = size;
    addDense(file, at, block);
    bool wasPlane = !blocks.empty() && blocks.back().type == "conv";
    if (wasPlane != (isFlat && !blocks.empty())) {
      throw std::runtime_error("a dense layer on planes, or flatten on none");
    }
    isFlat = false;
  }
  addNeurons(file, at, block, shape);
  int64_t slots = 1;
  for (const Dense &dense : block.dense) {
    for (int64_t delay : dense.delays) {
      slots = std::max(slots, delay + 1);
    }
  }
  block.arrivals.resize(static_cast<size_t>(slots));
  blocks.push_back(std::move(block));
}

/// Constants are one, or one a neuron of a dense layer, or one a channel.
inline void Network::addNeurons(hid_t file, const std::string &at, Block &block,
                                const Ints &shape) {
  std::string type = readText(file, at + "neuron/type");
  if (type != "CUBA" && type != "LOIHI") {
    throw std::runtime_error("neurons of type " + type);
  }
  if (has(file, at + "neuron/messageBits")) {
    throw std::runtime_error("TypeError: messageBits");
  }
  block.lif.neurons = 1;
  for (int64_t d : shape) {
    block.lif.neurons *= d;
  }
  int64_t ofChannel = block.lif.neurons / shape[0];
  auto spread = [&](const Array &array) {
    if (array.isScalar()) {
      return array.values;
    }
    if (std::ssize(array.values) != shape[0]) {
      throw std::runtime_error("constants that do not fit the layer");
    }
    Ints all;
    for (int64_t n = 0; n < block.lif.neurons; ++n) {
      all.push_back(array.values[static_cast<size_t>(n / ofChannel)]);
    }
    return all;
  };
  block.lif.du = spread(readArray(file, at + "neuron/iDecay"));
  for (int64_t &du : block.lif.du) {
    du -= 1;
  }
  block.lif.dv = spread(readArray(file, at + "neuron/vDecay"));
  block.lif.vth = spread(readArray(file, at + "neuron/vThMant"));
  block.lif.bias = has(file, at + "bias") ? spread(readArray(file, at + "bias")) : Ints{0};
}

inline void Network::addConv(hid_t file, const std::string &at, Block &block, const Ints &shape) {
  Ints from = inputShape;
  if (!blocks.empty()) {
    from.clear();
    for (const Conv &before : blocks.back().conv) {
      from.assign(before.to.begin(), before.to.end());
    }
  }
  if (from.size() != 3 || shape.size() != 3) {
    throw std::runtime_error("a convolution of other than [channels, rows, columns]");
  }
  Array weight = readArray(file, at + "weight");
  if (weight.shape.size() < 4) {
    throw std::runtime_error("a kernel of other than 4 dimensions");
  }
  auto pair = [&](const char *name) {
    Array array = readArray(file, at + name);
    return std::array<int64_t, 2>{array.values[0], array.values[array.isScalar() ? 0 : 1]};
  };
  Conv conv;
  std::copy(from.begin(), from.end(), conv.from.begin());
  std::copy(shape.begin(), shape.end(), conv.to.begin());
  conv.kernel = weight.values;
  conv.size = {weight.shape[2], weight.shape[3]};
  conv.stride = pair("stride");
  conv.padding = pair("padding");
  conv.dilation = pair("dilation");
  conv.groups = readArray(file, at + "groups").values[0];
  bool fits = weight.shape[0] == shape[0] && weight.shape[1] * conv.groups == from[0];
  for (size_t d = 0; d < 2; ++d) {
    fits &= (from[d + 1] + 2 * conv.padding[d] - conv.dilation[d] * (conv.size[d] - 1) - 1) /
                    conv.stride[d] +
                1 ==
            shape[d + 1];
  }
  if (!fits) {
    throw std::runtime_error("Expected synapse output shape to be other");
  }
  block.conv.push_back(std::move(conv));
}

inline void Network::addDense(hid_t file, const std::string &at, Block &block) {
  auto matrix = [&](const char *name) {
    Array weight = readArray(file, at + name);
    if (weight.shape.size() != 2 || weight.shape[0] != block.lif.neurons) {
      throw std::runtime_error("weights that are no matrix for the layer");
    }
    return Dense{weight.shape[1], weight.shape[0], weight.values, {}, {}};
  };
  block.dense.push_back(matrix("weight"));
  if (block.type == "dense_rec") {
    block.dense.push_back(matrix("weight_rec"));
  }
  if (has(file, at + "delay")) {
    Array delay = readArray(file, at + "delay");
    if (block.type == "dense_rec" || delay.shape.size() != 2 ||
        *std::max_element(delay.values.begin(), delay.values.end()) > 62) {
      throw std::runtime_error("delays of a recurrent layer, of other shape, or beyond 62");
    }
    block.dense[0].delays = delay.values;
  }
  std::vector<Ints *> parts;
  for (Dense &dense : block.dense) {
    parts.push_back(&dense.weights);
  }
  Fixed fixed = optimizeWeightBits(parts);
  for (Dense &dense : block.dense) {
    dense.fixed = fixed;
    dense.prepare();
  }
}

} // namespace netx
