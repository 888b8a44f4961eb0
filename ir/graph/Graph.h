//===- Graph.h - a NIR graph as plain data ----------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The 18 primitives of NIR 1.0.8 and the graph that nests, as structs that hold what a .nir file
// holds: the same parameter names, the same dtypes, nothing inferred. Source of the definitions:
// neuromorphs/NIR, nir/ir/*.py; Pedersen et al. 2024, doi:10.1038/s41467-024-52259-9.
//
// Every primitive lists its parameters once, in `visit`; reader, writer, import, export and printer
// go through that list. A parameter is a Tensor, an optional Tensor (older files lack it), or a
// Padding.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/graph/Tensor.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nir {

/// "same", "valid", or numbers, one or one a dimension.
using Padding = std::variant<Tensor, std::string>;

/// An entry point of a graph. `shape`: of the signal that enters, int [rank].
struct Input {
  static constexpr std::string_view type = "Input";
  Tensor shape;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("shape", self.shape);
  }
};

/// An exit of a graph. `shape`: of the signal that leaves, int [rank].
struct Output {
  static constexpr std::string_view type = "Output";
  Tensor shape;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("shape", self.shape);
  }
};

/// y = W x + b. weight [..., out, in], bias [..., out].
struct Affine {
  static constexpr std::string_view type = "Affine";
  Tensor weight, bias;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("weight", self.weight), f("bias", self.bias);
  }
};

/// y = W x. weight [..., out, in].
struct Linear {
  static constexpr std::string_view type = "Linear";
  Tensor weight;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("weight", self.weight);
  }
};

/// y = x * s, element by element. scale has the shape of the signal.
struct Scale {
  static constexpr std::string_view type = "Scale";
  Tensor scale;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("scale", self.scale);
  }
};

/// Convolution (correlation, as PyTorch's) over [C_in, N]. weight [C_out, C_in/groups, K], bias
/// [C_out]; input_shape N, stride, padding, dilation, groups: int.
struct Conv1d {
  static constexpr std::string_view type = "Conv1d";
  std::optional<Tensor> input_shape;
  Tensor weight, stride;
  Padding padding;
  Tensor dilation, groups, bias;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("input_shape", self.input_shape), f("weight", self.weight), f("stride", self.stride);
    f("padding", self.padding), f("dilation", self.dilation), f("groups", self.groups);
    f("bias", self.bias);
  }
};

/// Convolution (correlation, as PyTorch's) over [C_in, H, W]. weight [C_out, C_in/groups, Kh, Kw],
/// bias [C_out]; input_shape (H, W); stride, padding, dilation: one int or (h, w); groups: int.
struct Conv2d {
  static constexpr std::string_view type = "Conv2d";
  std::optional<Tensor> input_shape;
  Tensor weight, stride;
  Padding padding;
  Tensor dilation, groups, bias;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    Conv1d::visit(std::forward<Self>(self), std::forward<F>(f));
  }
};

/// The sum over windows of [C, H, W]. kernel_size, stride, padding: one int or (h, w).
struct SumPool2d {
  static constexpr std::string_view type = "SumPool2d";
  Tensor kernel_size, stride, padding;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("kernel_size", self.kernel_size), f("stride", self.stride), f("padding", self.padding);
  }
};

/// The mean over windows of [C, H, W], padding counted, as PyTorch's. kernel_size, stride, padding:
/// one int or (h, w).
struct AvgPool2d {
  static constexpr std::string_view type = "AvgPool2d";
  Tensor kernel_size, stride, padding;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    SumPool2d::visit(std::forward<Self>(self), std::forward<F>(f));
  }
};

/// Joins the dimensions start_dim ... end_dim (both included; negative counts from the end).
/// input_type: the shape of the signal, where the file gives it.
struct Flatten {
  static constexpr std::string_view type = "Flatten";
  Tensor start_dim, end_dim;
  std::optional<Tensor> input_type;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("start_dim", self.start_dim), f("end_dim", self.end_dim), f("input_type", self.input_type);
  }
};

/// y(t) = x(t - delay). delay [s], one an element.
struct Delay {
  static constexpr std::string_view type = "Delay";
  Tensor delay;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("delay", self.delay);
  }
};

/// z = 1 where x > threshold, else 0.
struct Threshold {
  static constexpr std::string_view type = "Threshold";
  Tensor threshold;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("threshold", self.threshold);
  }
};

/// Integrator: dv/dt = r I.
struct I {
  static constexpr std::string_view type = "I";
  Tensor r;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("r", self.r);
  }
};

/// Integrate and fire: dv/dt = r I; v > v_threshold: spike, v := v_reset (0 where the file lacks
/// it).
struct IF {
  static constexpr std::string_view type = "IF";
  Tensor r, v_threshold;
  std::optional<Tensor> v_reset;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("r", self.r), f("v_threshold", self.v_threshold), f("v_reset", self.v_reset);
  }
};

/// Leaky integrator: tau dv/dt = (v_leak - v) + r I.
struct LI {
  static constexpr std::string_view type = "LI";
  Tensor tau, r, v_leak;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("tau", self.tau), f("r", self.r), f("v_leak", self.v_leak);
  }
};

/// Leaky integrate and fire: tau dv/dt = (v_leak - v) + r I; v > v_threshold: spike, v := v_reset.
struct LIF {
  static constexpr std::string_view type = "LIF";
  Tensor tau, r, v_leak, v_threshold;
  std::optional<Tensor> v_reset;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("tau", self.tau), f("r", self.r), f("v_leak", self.v_leak);
    f("v_threshold", self.v_threshold), f("v_reset", self.v_reset);
  }
};

/// Current-based leaky integrator: tau_syn dI/dt = -I + w_in S; tau_mem dv/dt = (v_leak - v) + r I.
/// w_in is 1 where the file lacks it.
struct CubaLI {
  static constexpr std::string_view type = "CubaLI";
  Tensor tau_syn, tau_mem, r, v_leak;
  std::optional<Tensor> w_in;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("tau_syn", self.tau_syn), f("tau_mem", self.tau_mem), f("r", self.r);
    f("v_leak", self.v_leak), f("w_in", self.w_in);
  }
};

/// Current-based leaky integrate and fire: CubaLI's equations, and v > v_threshold: spike, v :=
/// v_reset.
struct CubaLIF {
  static constexpr std::string_view type = "CubaLIF";
  Tensor tau_syn, tau_mem, r, v_leak, v_threshold;
  std::optional<Tensor> v_reset, w_in;
  template <typename Self, typename F>
  static void visit(Self &&self, F &&f) {
    f("tau_syn", self.tau_syn), f("tau_mem", self.tau_mem), f("r", self.r);
    f("v_leak", self.v_leak), f("v_threshold", self.v_threshold), f("v_reset", self.v_reset);
    f("w_in", self.w_in);
  }
};

struct MetadataEntry;
/// What a file says beside the network: nested names with text or numbers, in the file's order.
using Metadata = std::vector<MetadataEntry>;

/// An array of texts, row-major.
struct Strings {
  Shape shape;
  std::vector<std::string> values;
  friend bool operator==(const Strings &, const Strings &) = default;
};

struct MetadataEntry {
  std::string name;
  std::variant<Tensor, std::string, Metadata, Strings> value;
  friend bool operator==(const MetadataEntry &, const MetadataEntry &) = default;
};

/// From the output of one node to the input of another. A name is that of a node, or "G.B" for the
/// input or output node B of the subgraph G (and "G.H.B" for one deeper); a node whose own name has
/// that spelling comes first.
struct Edge {
  std::string source, target;
  friend bool operator==(const Edge &, const Edge &) = default;
};

struct Node;

/// Nodes in the file's order, and edges in the file's order; the same edge twice counts twice.
struct Graph {
  static constexpr std::string_view type = "NIRGraph";
  std::vector<Node> nodes;
  std::vector<Edge> edges;

  /// The node of that name, or null. Linear in the number of nodes: build a map for more than a few
  /// look-ups.
  const Node *find(std::string_view name) const;
};

/// The parameters of one primitive. Copies and moves are in Graph.cpp: compiled in each file that
/// has a graph, they would be a fifth of a build.
struct Params
    : std::variant<Input, Output, Affine, Linear, Scale, Conv1d, Conv2d, SumPool2d, AvgPool2d,
                   Flatten, Delay, Threshold, I, IF, LI, LIF, CubaLI, CubaLIF, Graph> {
  using Variant = variant;
  using variant::variant;
  Params();
  Params(const Params &);
  Params(Params &&) noexcept;
  Params &operator=(const Params &);
  Params &operator=(Params &&) noexcept;
  ~Params();
};

struct Node {
  std::string name;
  Params params;
  Metadata metadata;

  /// NIR's name of the primitive: "LIF", "NIRGraph".
  std::string_view type() const;
  template <typename T>
  const T *as() const {
    return std::get_if<T>(&params);
  }
};

/// What a .nir file holds. A file whose root is a lone node, not a graph, is read as a graph of one
/// node with the empty name (which HDF5 cannot hold otherwise) and written back as a lone node.
struct Model {
  std::string
      version; ///< the NIR version that wrote it, "1.0.8"; empty where the file does not say
  Graph graph;
  Metadata metadata; ///< of the root graph

  bool isLoneNode() const;
};

/// Calls f(name, parameter) for each parameter of a primitive, in the order of `visit`; nothing for
/// a NIRGraph. `parameter` is a Tensor, an optional<Tensor> or a Padding, const where `params` is.
template <typename ParamsT, typename F>
void visitParams(ParamsT &&params, F &&f) {
  std::visit(
      [&](auto &&primitive) {
        using T = std::decay_t<decltype(primitive)>;
        if constexpr (!std::is_same_v<T, Graph>) {
          T::visit(primitive, f);
        }
      },
      std::forward<ParamsT>(params));
}

/// An empty primitive of that NIR type, or nothing for a name that is not one.
std::optional<Params> primitiveOfType(std::string_view type);

/// Same names, order, parameters (dtype, shape, bits), metadata and edges.
bool operator==(const Node &a, const Node &b);
bool operator==(const Graph &a, const Graph &b);
bool operator==(const Model &a, const Model &b);

/// "encoder.lif1": the path of a node in a subgraph.
std::string join(std::string_view path, std::string_view name);

} // namespace nir
