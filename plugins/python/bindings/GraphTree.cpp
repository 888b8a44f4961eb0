//===- GraphTree.cpp - graphs as Python's own lists and dicts -------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "plugins/python/bindings/GraphTree.h"

#include "ir/Wording.h"
#include "plugins/python/bindings/Arrays.h"
#include "plugins/python/bindings/Errors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pybind11/stl.h>

namespace py = pybind11;

namespace nirc::python {

//===----------------------------------------------------------------------===//
// To Python
//===----------------------------------------------------------------------===//

py::str strOf(std::string_view bytes) {
  return py::reinterpret_steal<py::str>(
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "surrogateescape"));
}

static py::dict dictOf(const nir::Metadata &metadata);

static py::object objectOf(const nir::MetadataEntry &entry) {
  if (const auto *tensor = std::get_if<nir::Tensor>(&entry.value)) {
    return arrayOf(*tensor, /*canBeWritten=*/false);
  }
  if (const auto *text = std::get_if<std::string>(&entry.value)) {
    return strOf(*text);
  }
  if (const auto *nested = std::get_if<nir::Metadata>(&entry.value)) {
    return dictOf(*nested);
  }
  const auto &strings = std::get<nir::Strings>(entry.value);
  py::list texts;
  for (const std::string &value : strings.values) {
    texts.append(strOf(value));
  }
  py::object numpy = py::module_::import("numpy");
  return numpy.attr("array")(texts, py::arg("dtype") = "str")
      .attr("reshape")(py::cast(strings.shape));
}

static py::dict dictOf(const nir::Metadata &metadata) {
  py::dict out;
  for (const nir::MetadataEntry &entry : metadata) {
    out[strOf(entry.name)] = objectOf(entry);
  }
  return out;
}

namespace {
/// Puts each parameter that a node has into a dict.
struct Taker {
  py::dict out;
  void operator()(const char *name, const nir::Tensor &tensor) {
    out[name] = arrayOf(tensor, /*canBeWritten=*/false);
  }
  void operator()(const char *name, const std::optional<nir::Tensor> &tensor) {
    if (tensor) {
      (*this)(name, *tensor);
    }
  }
  void operator()(const char *name, const nir::Padding &padding) {
    if (const auto *text = std::get_if<std::string>(&padding)) {
      out[name] = strOf(*text);
    } else {
      (*this)(name, std::get<nir::Tensor>(padding));
    }
  }
};
} // namespace

static py::tuple treeOf(const std::string &version, const nir::Graph &graph,
                        const nir::Metadata &metadata) {
  py::list nodes, edges;
  for (const nir::Node &node : graph.nodes) {
    Taker taker;
    nir::visitParams(node.params, [&](const char *name, const auto &value) { taker(name, value); });
    py::object inner = py::none();
    if (const auto *subgraph = node.as<nir::Graph>()) {
      inner = treeOf("", *subgraph, {});
    }
    nodes.append(py::make_tuple(strOf(node.name), strOf(node.type()), std::move(taker.out),
                                dictOf(node.metadata), std::move(inner)));
  }
  for (const nir::Edge &edge : graph.edges) {
    edges.append(py::make_tuple(strOf(edge.source), strOf(edge.target)));
  }
  return py::make_tuple(strOf(version), std::move(nodes), std::move(edges), dictOf(metadata));
}

py::tuple treeOf(const nir::Model &model) {
  return treeOf(model.version, model.graph, model.metadata);
}

//===----------------------------------------------------------------------===//
// From Python
//===----------------------------------------------------------------------===//

static std::string stringOf(py::handle value) {
  if (!PyUnicode_Check(value.ptr())) {
    throw py::type_error(
        fmt::format("found {}, expected a str", py::repr(value).cast<std::string>().substr(0, 80)));
  }
  auto bytes = py::reinterpret_steal<py::bytes>(
      PyUnicode_AsEncodedString(value.ptr(), "utf-8", "surrogateescape"));
  if (!bytes) {
    throw py::error_already_set();
  }
  return bytes;
}

namespace {
struct NamesOf {
  py::dict out;
  template <typename... Primitives>
  void addAll(const std::variant<Primitives...> *) {
    (add<Primitives>(), ...);
  }
  template <typename Primitive>
  void add() {
    py::list names;
    if constexpr (!std::is_same_v<Primitive, nir::Graph>) {
      Primitive primitive;
      Primitive::visit(primitive, [&](const char *name, const auto &) { names.append(name); });
    }
    out[strOf(Primitive::type)] = std::move(names);
  }
};
} // namespace

py::dict primitives() {
  NamesOf names;
  names.addAll(static_cast<const nir::Params::Variant *>(nullptr));
  return std::move(names.out);
}

/// `depth`: as a reader takes it (nir::ReadLimits::maxNesting), and Python may have made a circle.
static nir::Metadata metadataOf(py::handle given, int depth = 0) {
  constexpr int deepest = 200;
  if (depth > deepest) {
    raise(nir::Error::usage(nir::Cause::Limit,
                            fmt::format("metadata is nested deeper than {} dicts", deepest)));
  }
  if (!PyDict_Check(given.ptr())) {
    throw py::type_error(fmt::format("metadata is a {}, expected a dict",
                                     py::str(py::type::of(given)).cast<std::string>()));
  }
  nir::Metadata out;
  for (auto [key, value] : py::reinterpret_borrow<py::dict>(given)) {
    std::string name = stringOf(key);
    if (PyUnicode_Check(value.ptr())) {
      out.push_back({name, stringOf(value)});
    } else if (PyDict_Check(value.ptr())) {
      out.push_back({name, metadataOf(value, depth + 1)});
    } else {
      py::array array = py::module_::import("numpy").attr("asarray")(value);
      if (array.dtype().kind() != 'U' && array.dtype().kind() != 'O') {
        out.push_back({name, copyOf(array, fmt::format("metadata '{}'", name))});
        continue;
      }
      nir::Strings strings{{array.shape(), array.shape() + array.ndim()}, {}};
      for (py::handle text : array.attr("reshape")(-1).attr("tolist")()) {
        strings.values.push_back(stringOf(text));
      }
      out.push_back({name, std::move(strings)});
    }
  }
  return out;
}

namespace {
/// Fills a primitive's parameters from a dict.
class Giver {
public:
  Giver(std::string node, std::string type, const py::dict &given)
      : node(std::move(node)), type(std::move(type)), given(given) {}

  void operator()(const char *name, nir::Tensor &tensor) {
    if (!has(name)) {
      raise(nir::Error::atNode(nir::Cause::MissingParameter, node,
                               fmt::format("{} lacks '{}'", type, name)));
    }
    tensor = copyOf(given[name], fmt::format("'{}' of node '{}'", name, node));
  }
  void operator()(const char *name, std::optional<nir::Tensor> &tensor) {
    if (has(name)) {
      (*this)(name, tensor.emplace());
    }
  }
  void operator()(const char *name, nir::Padding &padding) {
    if (has(name) && PyUnicode_Check(py::object(given[name]).ptr())) {
      padding = stringOf(given[name]);
    } else {
      (*this)(name, padding.emplace<nir::Tensor>());
    }
  }
  /// Whatever the primitive does not have.
  void refuseOthers() const {
    for (auto [key, value] : given) {
      std::string name = stringOf(key);
      if (std::find(known.begin(), known.end(), name) == known.end() && !value.is_none()) {
        raise(nir::Error::atNode(
            nir::Cause::UnknownParameter, node,
            fmt::format("{} has no '{}', it has {}", type, name, fmt::join(known, ", "))));
      }
    }
  }

private:
  bool has(const char *name) {
    known.emplace_back(name);
    return given.contains(name) && !py::object(given[name]).is_none();
  }

  std::string node, type;
  const py::dict &given;
  std::vector<std::string> known;
};
} // namespace

/// `depth`: of subgraphs in each other, which Python may have made a circle of.
static nir::Graph graphOf(py::handle nodes, py::handle edges, int depth) {
  constexpr int deepest = 100;
  if (depth > deepest) {
    raise(nir::Error::usage(nir::Cause::Limit,
                            fmt::format("subgraphs are more than {} deep", deepest)));
  }
  nir::Graph graph;
  for (py::handle each : nodes) {
    auto tuple = each.cast<py::tuple>();
    std::string name = stringOf(tuple[0]), type = stringOf(tuple[1]);
    std::optional<nir::Params> params = nir::primitiveOfType(type);
    if (!params) {
      raise(nir::Error::atNode(nir::Cause::UnknownNodeType, name,
                               fmt::format("NIR has no node of type '{}'", type)));
    }
    py::dict given = tuple[2].cast<py::dict>();
    if (type == nir::Graph::type) {
      auto inner = tuple[4].cast<py::tuple>();
      *params = graphOf(inner[1], inner[2], depth + 1);
    } else {
      Giver giver(name, type, given);
      nir::visitParams(*params, [&](const char *key, auto &value) { giver(key, value); });
      giver.refuseOthers();
    }
    graph.nodes.push_back({name, *std::move(params), metadataOf(tuple[3])});
  }
  for (py::handle each : edges) {
    auto pair = each.cast<py::tuple>();
    if (pair.size() != 2) {
      raise(nir::Error::usage(nir::Cause::UnknownEdge,
                              fmt::format("found an edge of {}, expected (source, target)",
                                          nir::counted(pair.size(), "name"))));
    }
    graph.edges.push_back({stringOf(pair[0]), stringOf(pair[1])});
  }
  return graph;
}

nir::Model modelOf(py::handle tree) {
  auto parts = tree.cast<py::tuple>();
  return {stringOf(parts[0]), graphOf(parts[1], parts[2], 0), metadataOf(parts[3])};
}

} // namespace nirc::python
