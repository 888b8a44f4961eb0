//===- Graph.h - a NIR graph as a handle ------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/file/ReadLimits.h"
#include "ir/graph/Graph.h"
#include "plugins/c/nirc.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace nirc::c {

/// A file's metadata, or that of a node.
class MetadataView {
public:
  explicit MetadataView(nir::Metadata metadata);
  MetadataView(const MetadataView &) = delete;
  MetadataView &operator=(const MetadataView &) = delete;

  const std::vector<nirc_metadata> &all() const { return items; }

private:
  nirc_metadata viewOf(const nir::MetadataEntry &entry);

  nir::Metadata metadata;
  std::vector<nirc_metadata> items;
  std::deque<std::vector<const char *>> texts;
  std::deque<MetadataView> groups;
};

/// A node and all that its struct points to.
class NodeView {
public:
  explicit NodeView(const nir::Node &node);
  NodeView(const NodeView &) = delete;
  NodeView &operator=(const NodeView &) = delete;
  ~NodeView();

  const nirc_node &get() const { return view; }
  void setMetadata(const nir::Metadata &metadata);

private:
  std::string name;
  std::deque<std::string> texts;
  std::vector<nir::Tensor> tensors; ///< share the numbers of the node's
  std::vector<nirc_parameter> parameters;
  std::unique_ptr<MetadataView> metadata;
  std::unique_ptr<nirc_graph> subgraph;
  nirc_node view;
};

/// Bounds of reading, of options.
nir::ReadLimits limitsOf(const nirc_read_options &options);

} // namespace nirc::c

/// A file's content, with a view of each of its parts. Nodes are only ever added.
struct nirc_graph {
  explicit nirc_graph(nir::Model content);

  void addNode(nir::Node node);
  void addEdge(nir::Edge edge);
  /// Of the graph, or of a node.
  void setMetadata(nir::Metadata metadata);
  void setMetadata(size_t node, nir::Metadata metadata);

  nir::Model model;
  std::deque<nirc::c::NodeView> nodes;
  std::deque<nir::Edge> edgeTexts;
  std::deque<nirc_edge> edges;
  std::unique_ptr<nirc::c::MetadataView> metadata;
};
