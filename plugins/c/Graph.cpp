//===- Graph.cpp - graphs, walked -----------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "plugins/c/Graph.h"

#include "ir/file/Reader.h"
#include "ir/file/Writer.h"
#include "plugins/c/Arrays.h"
#include "plugins/c/Boundary.h"

#include <string_view>

using namespace nirc;
using namespace nirc::c;

MetadataView::MetadataView(nir::Metadata given) : metadata(std::move(given)) {
  items.reserve(metadata.size());
  for (const nir::MetadataEntry &entry : metadata) {
    items.push_back(viewOf(entry));
  }
}

nirc_metadata MetadataView::viewOf(const nir::MetadataEntry &entry) {
  nirc_metadata view{};
  view.name = entry.name.c_str();
  view.text = "";
  if (const auto *tensor = std::get_if<nir::Tensor>(&entry.value)) {
    view.kind = NIRC_METADATA_ARRAY;
    view.array = c::viewOf(*tensor);
  } else if (const auto *text = std::get_if<std::string>(&entry.value)) {
    view.kind = NIRC_METADATA_TEXT;
    view.text = text->c_str();
  } else if (const auto *strings = std::get_if<nir::Strings>(&entry.value)) {
    std::vector<const char *> &all = texts.emplace_back();
    for (const std::string &one : strings->values) {
      all.push_back(one.c_str());
    }
    view.kind = NIRC_METADATA_TEXTS;
    view.array.shape = strings->shape.data();
    view.array.rank = static_cast<int32_t>(strings->shape.size());
    view.texts = all.data();
    view.count = all.size();
  } else {
    const MetadataView &group = groups.emplace_back(std::get<nir::Metadata>(entry.value));
    view.kind = NIRC_METADATA_GROUP;
    view.members = group.all().data();
    view.count = group.all().size();
  }
  return view;
}

namespace {
/// Calls `add` with what a parameter holds, where the file has it.
template <typename AddTensor, typename AddText>
struct ParameterOf {
  AddTensor addTensor;
  AddText addText;

  void operator()(const char *name, const nir::Tensor &tensor) const { addTensor(name, tensor); }
  void operator()(const char *name, const std::optional<nir::Tensor> &tensor) const {
    if (tensor) {
      addTensor(name, *tensor);
    }
  }
  void operator()(const char *name, const nir::Padding &padding) const {
    if (const auto *text = std::get_if<std::string>(&padding)) {
      addText(name, *text);
    } else {
      addTensor(name, std::get<nir::Tensor>(padding));
    }
  }
};
template <typename AddTensor, typename AddText>
ParameterOf(AddTensor, AddText) -> ParameterOf<AddTensor, AddText>;
} // namespace

NodeView::NodeView(const nir::Node &node) : name(node.name), view() {
  constexpr size_t most = 16; // parameters of a primitive: their tensors stay where they are
  tensors.reserve(most);
  ParameterOf collect{[&](const char *parameter, const nir::Tensor &tensor) {
                        tensors.push_back(tensor);
                        parameters.push_back({parameter, nullptr, c::viewOf(tensors.back())});
                      },
                      [&](const char *parameter, const std::string &text) {
                        parameters.push_back({parameter, texts.emplace_back(text).c_str(), {}});
                      }};
  nir::visitParams(node.params, collect);
  if (const nir::Graph *inner = node.as<nir::Graph>()) {
    subgraph = std::make_unique<nirc_graph>(nir::Model{"", *inner, node.metadata});
  }
  view.name = name.c_str();
  view.type = node.type().data(); // of a literal
  view.parameter_count = parameters.size();
  view.parameters = parameters.data();
  view.graph = subgraph.get();
  setMetadata(node.metadata);
}

NodeView::~NodeView() = default;

void NodeView::setMetadata(const nir::Metadata &given) {
  metadata = std::make_unique<MetadataView>(given);
  view.metadata_count = metadata->all().size();
  view.metadata = metadata->all().data();
  if (subgraph) {
    subgraph->setMetadata(given);
  }
}

nirc_graph::nirc_graph(nir::Model content)
    : model(std::move(content)), metadata(std::make_unique<MetadataView>(model.metadata)) {
  for (const nir::Node &node : model.graph.nodes) {
    nodes.emplace_back(node);
  }
  for (const nir::Edge &edge : model.graph.edges) {
    const nir::Edge &text = edgeTexts.emplace_back(edge);
    edges.push_back({text.source.c_str(), text.target.c_str()});
  }
}

// Either all of it is there afterwards, or nothing: memory is taken before anything changes.

void nirc_graph::addNode(nir::Node node) {
  nodes.emplace_back(node);
  try {
    model.graph.nodes.push_back(std::move(node));
  } catch (...) {
    nodes.pop_back();
    throw;
  }
}

void nirc_graph::addEdge(nir::Edge edge) {
  model.graph.edges.reserve(model.graph.edges.size() + 1);
  const nir::Edge &text = edgeTexts.emplace_back(edge);
  edges.push_back({text.source.c_str(), text.target.c_str()});
  model.graph.edges.push_back(std::move(edge));
}

void nirc_graph::setMetadata(nir::Metadata given) {
  metadata = std::make_unique<MetadataView>(given);
  model.metadata = std::move(given);
}

void nirc_graph::setMetadata(size_t node, nir::Metadata given) {
  nodes[node].setMetadata(given);
  model.graph.nodes[node].metadata = std::move(given);
}

nir::ReadLimits nirc::c::limitsOf(const nirc_read_options &options) {
  nir::ReadLimits limits;
  auto take = [](auto &limit, auto given) { limit = given > 0 ? given : limit; };
  take(limits.maxFileBytes, options.max_file_bytes);
  take(limits.maxTensorBytes, options.max_tensor_bytes);
  take(limits.maxTotalBytes, options.max_total_bytes);
  take(limits.maxSeconds, options.max_seconds);
  return limits;
}

nirc_status nirc_graph_create(nirc_graph **graph, nirc_error **error) {
  return made(graph, "graph", error, [&]() -> nir::Result<std::unique_ptr<nirc_graph>> {
    return std::make_unique<nirc_graph>(nir::Model());
  });
}

nirc_status nirc_graph_read(const char *path, const nirc_read_options *options, nirc_graph **graph,
                            nirc_error **error) {
  return made(graph, "graph", error, [&]() -> nir::Result<std::unique_ptr<nirc_graph>> {
    if (nir::Status missing = needed(path, "path")) {
      return std::move(*missing);
    }
    nir::Result<nirc_read_options> how = known(options);
    if (!how) {
      return how.takeError();
    }
    nir::Result<nir::Model> model = nir::read(path, limitsOf(*how));
    if (!model) {
      return model.takeError();
    }
    return std::make_unique<nirc_graph>(*std::move(model));
  });
}

nirc_status nirc_graph_copy(const nirc_graph *graph, nirc_graph **copy, nirc_error **error) {
  return made(copy, "copy", error, [&]() -> nir::Result<std::unique_ptr<nirc_graph>> {
    if (nir::Status missing = needed(graph, "graph")) {
      return std::move(*missing);
    }
    return std::make_unique<nirc_graph>(graph->model);
  });
}

void nirc_graph_free(nirc_graph *graph) { delete graph; }

size_t nirc_graph_node_count(const nirc_graph *graph) { return graph ? graph->nodes.size() : 0; }

const nirc_node *nirc_graph_node(const nirc_graph *graph, size_t number) {
  return number < nirc_graph_node_count(graph) ? &graph->nodes[number].get() : nullptr;
}

const nirc_node *nirc_graph_find(const nirc_graph *graph, const char *name) {
  if (!graph || !name) {
    return nullptr;
  }
  for (const NodeView &node : graph->nodes) {
    if (std::string_view(node.get().name) == name) {
      return &node.get();
    }
  }
  return nullptr;
}

size_t nirc_graph_edge_count(const nirc_graph *graph) { return graph ? graph->edges.size() : 0; }

const nirc_edge *nirc_graph_edge(const nirc_graph *graph, size_t number) {
  return graph ? c::at(graph->edges, number) : nullptr;
}

size_t nirc_graph_metadata_count(const nirc_graph *graph) {
  return graph ? graph->metadata->all().size() : 0;
}

const nirc_metadata *nirc_graph_metadata(const nirc_graph *graph, size_t number) {
  return graph ? c::at(graph->metadata->all(), number) : nullptr;
}

const char *nirc_graph_nir_version(const nirc_graph *graph) {
  return graph ? graph->model.version.c_str() : "";
}

nirc_status nirc_graph_write(const nirc_graph *graph, const char *path, nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing : {needed(graph, "graph"), needed(path, "path")}) {
      if (missing) {
        return missing;
      }
    }
    return nir::write(graph->model, path);
  });
}
