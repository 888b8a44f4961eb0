//===- Writer.cpp - a graph into HDF5 -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Writer.h"

#include "ir/file/Hdf5Sink.h"

#include <fmt/format.h>

namespace nir {

using hdf5::Id;

namespace {

class GraphWriter {
public:
  explicit GraphWriter(hdf5::Sink &sink) : sink(sink) {}
  Status model(const Model &model);

private:
  Status node(hid_t parent, const std::string &component, const Node &node,
              const std::string &path);
  Status graph(hid_t group, const Graph &graph, const Metadata &metadata, const std::string &path);
  Status metadata(hid_t group, const Metadata &metadata, const std::string &path,
                  const std::string &name);

  hdf5::Sink &sink;
};

/// As nodes of graphs in graphs, to keep the stack.
constexpr size_t maxDepth = 1000;

} // namespace

/// The error at the node it is about.
static Status at(const std::string &path, Status status) {
  if (status && status->node.empty()) {
    status->node = path;
  }
  return status;
}

/// A group `name` with the entries, unless there are none: the official library writes none then.
Status GraphWriter::metadata(hid_t group, const Metadata &metadata, const std::string &path,
                             const std::string &name) {
  std::vector<std::string_view> names;
  for (const MetadataEntry &entry : metadata) {
    names.push_back(entry.name);
  }
  Result<NameTree> tree = nameTree(names, "metadata", path);
  if (!tree) {
    return tree.takeError();
  }
  Result<Id> inner = sink.group(group, name, !tree->isSorted);
  if (!inner) {
    return inner.takeError();
  }
  return sink.tree(*inner, *tree, [&](hid_t parent, const std::string &component, size_t item) {
    const auto &value = metadata[item].value;
    if (const auto *nested = std::get_if<Metadata>(&value)) {
      return this->metadata(parent, *nested, path, component);
    }
    if (const auto *tensor = std::get_if<Tensor>(&value)) {
      return sink.write(parent, component, *tensor);
    }
    if (const auto *text = std::get_if<std::string>(&value)) {
      return sink.write(parent, component, *text);
    }
    return sink.write(parent, component, std::get<Strings>(value));
  });
}

/// Writes a parameter of any kind; an absent one not at all.
static Status writeParameter(hdf5::Sink &sink, hid_t group, const char *name, const Tensor &value) {
  return sink.write(group, name, value);
}

static Status writeParameter(hdf5::Sink &sink, hid_t group, const char *name,
                             const std::optional<Tensor> &value) {
  return value ? sink.write(group, name, *value) : Status();
}

static Status writeParameter(hdf5::Sink &sink, hid_t group, const char *name,
                             const Padding &value) {
  return std::visit([&](const auto &held) { return sink.write(group, name, held); }, value);
}

Status GraphWriter::node(hid_t parent, const std::string &component, const Node &node,
                         const std::string &path) {
  Result<Id> group = sink.group(parent, component);
  if (!group) {
    return at(path, group.takeError());
  }
  if (const Graph *inner = node.as<Graph>()) {
    return graph(*group, *inner, node.metadata, path);
  }
  Status failed = sink.write(*group, "type", std::string(node.type()));
  visitParams(node.params, [&](const char *name, const auto &parameter) {
    if (!failed) {
      failed = writeParameter(sink, *group, name, parameter);
    }
  });
  if (!failed && !node.metadata.empty()) {
    failed = metadata(*group, node.metadata, path, "metadata");
  }
  return at(path, std::move(failed));
}

static Strings pairs(const std::vector<Edge> &edges) {
  Strings strings{{static_cast<int64_t>(edges.size()), 2}, {}};
  for (const Edge &edge : edges) {
    strings.values.push_back(edge.source);
    strings.values.push_back(edge.target);
  }
  return strings;
}

Status GraphWriter::graph(hid_t group, const Graph &graph, const Metadata &metadata,
                          const std::string &path) {
  std::vector<std::string_view> names;
  for (const Node &node : graph.nodes) {
    names.push_back(node.name);
  }
  Result<NameTree> tree = nameTree(names, "node", path);
  if (!tree) {
    return tree.takeError();
  }
  // An empty list is float64 [0] in h5py's hands.
  Status failed = graph.edges.empty() ? sink.write(group, "edges", Tensor::of<double>({0}, {}))
                                      : sink.write(group, "edges", pairs(graph.edges));
  if (!failed) {
    failed = sink.write(group, "type", std::string(Graph::type));
  }
  if (!failed && !metadata.empty()) {
    failed = this->metadata(group, metadata, path, "metadata");
  }
  Result<Id> nodes = sink.group(group, "nodes", !tree->isSorted);
  if (failed || !nodes) {
    return at(path, failed ? std::move(failed) : Status(nodes.takeError()));
  }
  return sink.tree(*nodes, *tree, [&](hid_t parent, const std::string &component, size_t item) {
    const Node &node = graph.nodes[item];
    return this->node(parent, component, node, join(path, node.name));
  });
}

Status GraphWriter::model(const Model &model) {
  std::string version = model.version.empty() ? writtenVersion : model.version;
  if (Status error = sink.write(sink.root(), "version", version)) {
    return error;
  }
  if (model.isLoneNode()) {
    return node(sink.root(), "node", model.graph.nodes[0], "");
  }
  Result<Id> group = sink.group(sink.root(), "node");
  return group ? graph(*group, model.graph, model.metadata, "") : Status(group.takeError());
}

/// Whether graphs or metadata lie in each other deeper than `left`.
static bool isDeeper(const Metadata &metadata, size_t left) {
  for (const MetadataEntry &entry : metadata) {
    const auto *nested = std::get_if<Metadata>(&entry.value);
    if (nested && (left == 0 || isDeeper(*nested, left - 1))) {
      return true;
    }
  }
  return false;
}

static bool isDeeper(const Graph &graph, size_t left) {
  for (const Node &node : graph.nodes) {
    const Graph *inner = node.as<Graph>();
    if (isDeeper(node.metadata, left) || (inner && (left == 0 || isDeeper(*inner, left - 1)))) {
      return true;
    }
  }
  return false;
}

Status write(const Model &model, const std::string &path, const WriteOptions &options) {
  if (isDeeper(model.graph, maxDepth) || isDeeper(model.metadata, maxDepth)) {
    return Error(Cause::CannotWrite,
                 fmt::format("graphs or metadata lie in each other deeper than {}, which no reader "
                             "follows",
                             maxDepth))
        .in(path);
  }
  hdf5::Session session;
  hdf5::Sink sink(path, options.gzipLevel);
  Status failed = sink.open();
  if (!failed) {
    failed = GraphWriter(sink).model(model);
  }
  if (!failed) {
    failed = sink.commit();
  }
  if (failed) {
    failed->file = path;
  }
  return failed;
}

} // namespace nir
