//===- GraphBuilder.cpp - graphs, built -----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/Wording.h"
#include "plugins/c/Arrays.h"
#include "plugins/c/Boundary.h"
#include "plugins/c/Graph.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <string_view>

using namespace nirc;
using namespace nirc::c;

/// What a call gives for a node, by name.
namespace {
class Given {
public:
  Given(const std::string &node, std::string_view type, const nirc_parameter *parameters,
        size_t count)
      : node(node), type(type), parameters(parameters), count(count), used(count) {}

  // What `visitParams` calls, with each parameter of the primitive.
  void operator()(const char *name, nir::Tensor &parameter) {
    if (const nirc_parameter *given = find(name, /*isNeeded=*/true)) {
      takeArray(*given, parameter);
    }
  }
  void operator()(const char *name, std::optional<nir::Tensor> &parameter) {
    if (const nirc_parameter *given = find(name, /*isNeeded=*/false)) {
      takeArray(*given, parameter.emplace());
    }
  }
  void operator()(const char *name, nir::Padding &parameter) {
    const nirc_parameter *given = find(name, /*isNeeded=*/true);
    if (given && given->text) {
      parameter = std::string(given->text);
    } else if (given) {
      takeArray(*given, parameter.emplace<nir::Tensor>());
    }
  }

  /// The first thing that is wrong, once all parameters have been visited.
  nir::Status finish() {
    if (failed) {
      return failed;
    }
    for (size_t i = 0; i < count; ++i) {
      if (!used[i]) {
        return unknown(parameters[i]);
      }
    }
    return {};
  }

private:
  nir::Error error(nir::Cause cause, std::string text) const {
    return nir::Error::atNode(cause, node, std::move(text)).as(nir::ErrorKind::Usage);
  }
  nir::Error unknown(const nirc_parameter &parameter) const {
    std::string name = textOf(parameter.name);
    bool isTwice = std::find(known.begin(), known.end(), name) != known.end();
    if (isTwice) {
      return error(nir::Cause::UnknownParameter,
                   fmt::format("found '{}' twice, expected it once", name));
    }
    nir::Error what =
        error(nir::Cause::UnknownParameter, fmt::format("{} has no parameter '{}'", type, name))
            .note("its parameters are " + nir::quoted(known));
    std::string meant = nir::nearest(name, known);
    return meant.empty() ? what : std::move(what).note(fmt::format("did you mean '{}'?", meant));
  }
  const nirc_parameter *find(const char *name, bool isNeeded) {
    known.emplace_back(name);
    for (size_t i = 0; i < count; ++i) {
      if (!used[i] && parameters[i].name && std::string_view(parameters[i].name) == name) {
        used[i] = true;
        return &parameters[i];
      }
    }
    if (isNeeded && !failed) {
      failed = error(nir::Cause::MissingParameter, fmt::format("{} needs '{}'", type, name));
    }
    return nullptr;
  }
  void takeArray(const nirc_parameter &given, nir::Tensor &parameter) {
    if (failed) {
      return;
    }
    if (given.text) {
      failed = error(nir::Cause::WrongType,
                     fmt::format("'{}': found a text, expected an array", given.name));
      return;
    }
    nir::Result<nir::Tensor> tensor =
        tensorOf(given.array, fmt::format("'{}'", given.name), Ownership::Copied);
    if (!tensor) {
      failed = tensor.takeError();
      failed->node = node;
      return;
    }
    parameter = *std::move(tensor);
  }

  const std::string &node;
  std::string_view type;
  const nirc_parameter *parameters;
  size_t count;
  std::vector<bool> used;
  std::vector<std::string> known;
  nir::Status failed;
};
} // namespace

/// The names of all primitives.
template <size_t Index = 0>
static void addTypes(std::vector<std::string> &names) {
  if constexpr (Index < std::variant_size_v<nir::Params::Variant>) {
    names.emplace_back(std::variant_alternative_t<Index, nir::Params::Variant>::type);
    addTypes<Index + 1>(names);
  }
}

static nir::Status checkName(const nirc_graph &graph, const std::string &name) {
  if (name.empty()) {
    return nir::Error::usage(nir::Cause::NodeName, "found a node without a name, expected one");
  }
  if (nirc_graph_find(&graph, name.c_str())) {
    return nir::Error::atNode(nir::Cause::NodeName, name,
                              "found a second node of this name, expected names that differ")
        .as(nir::ErrorKind::Usage);
  }
  return {};
}

nirc_status nirc_graph_add_node(nirc_graph *graph, const char *name, const char *type,
                                const nirc_parameter *parameters, size_t count,
                                nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing : {needed(graph, "graph"), needed(name, "name"), needed(type, "type"),
                                count ? needed(parameters, "parameters") : nir::Status()}) {
      if (missing) {
        return missing;
      }
    }
    nir::Node node{name, {}, {}};
    if (nir::Status wrong = checkName(*graph, node.name)) {
      return wrong;
    }
    std::optional<nir::Params> primitive = nir::primitiveOfType(type);
    if (!primitive || std::holds_alternative<nir::Graph>(*primitive)) {
      std::vector<std::string> names;
      addTypes(names);
      nir::Error wrong = nir::Error::atNode(nir::Cause::UnknownNodeType, node.name,
                                            fmt::format("no primitive is called '{}'", type))
                             .as(nir::ErrorKind::Usage);
      return std::move(wrong).note(primitive
                                       ? "nirc_graph_add_graph adds a subgraph"
                                       : "there are " + fmt::format("{}", fmt::join(names, ", ")));
    }
    node.params = *std::move(primitive);
    Given given(node.name, node.type(), parameters, count);
    nir::visitParams(node.params, given);
    if (nir::Status wrong = given.finish()) {
      return wrong;
    }
    graph->addNode(std::move(node));
    return {};
  });
}

nirc_status nirc_graph_add_graph(nirc_graph *graph, const char *name, const nirc_graph *subgraph,
                                 nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing :
         {needed(graph, "graph"), needed(name, "name"), needed(subgraph, "subgraph")}) {
      if (missing) {
        return missing;
      }
    }
    if (nir::Status wrong = checkName(*graph, name)) {
      return wrong;
    }
    graph->addNode({name, subgraph->model.graph, subgraph->model.metadata});
    return {};
  });
}

nirc_status nirc_graph_add_edge(nirc_graph *graph, const char *source, const char *target,
                                nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing :
         {needed(graph, "graph"), needed(source, "source"), needed(target, "target")}) {
      if (missing) {
        return missing;
      }
    }
    graph->addEdge({source, target});
    return {};
  });
}

/// Puts a value where the path says, in groups that are made where they are missing.
static nir::Status put(nir::Metadata &metadata, std::string_view path,
                       decltype(nir::MetadataEntry::value) value) {
  size_t slash = path.find('/');
  std::string_view name = path.substr(0, slash);
  if (name.empty()) {
    return nir::Error::usage(nir::Cause::FileMetadata,
                             "found metadata without a name, expected a name");
  }
  auto entry = std::find_if(metadata.begin(), metadata.end(),
                            [&](const nir::MetadataEntry &one) { return one.name == name; });
  if (entry == metadata.end()) {
    metadata.push_back({std::string(name), nir::Metadata()});
    entry = metadata.end() - 1;
  }
  if (slash == std::string_view::npos) {
    entry->value = std::move(value);
    return {};
  }
  auto *group = std::get_if<nir::Metadata>(&entry->value);
  if (!group) {
    return nir::Error::usage(
        nir::Cause::FileMetadata,
        fmt::format("found '{}' as a value in the metadata, expected a group", name));
  }
  return put(*group, path.substr(slash + 1), std::move(value));
}

static nir::Status setMetadata(nirc_graph &graph, const char *node, const char *name,
                               decltype(nir::MetadataEntry::value) value) {
  size_t number = 0;
  const std::vector<nir::Node> &nodes = graph.model.graph.nodes;
  if (node) {
    auto found = std::find_if(nodes.begin(), nodes.end(),
                              [&](const nir::Node &one) { return one.name == node; });
    if (found == nodes.end()) {
      return nir::Error::usage(nir::Cause::UnknownNode,
                               fmt::format("no node is called '{}'", node));
    }
    number = static_cast<size_t>(found - nodes.begin());
  }
  constexpr int most = 64; // as deep as any reader of files goes
  if (std::string_view path(name); std::count(path.begin(), path.end(), '/') > most) {
    return nir::Error::usage(
        nir::Cause::FileMetadata,
        fmt::format("found metadata in more than {} groups, expected fewer", most));
  }
  nir::Metadata metadata = node ? nodes[number].metadata : graph.model.metadata;
  if (nir::Status wrong = put(metadata, name, std::move(value))) {
    return wrong;
  }
  if (node) {
    graph.setMetadata(number, std::move(metadata));
  } else {
    graph.setMetadata(std::move(metadata));
  }
  return {};
}

nirc_status nirc_graph_set_text(nirc_graph *graph, const char *node, const char *name,
                                const char *text, nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing :
         {needed(graph, "graph"), needed(name, "name"), needed(text, "text")}) {
      if (missing) {
        return missing;
      }
    }
    return setMetadata(*graph, node, name, std::string(text));
  });
}

nirc_status nirc_graph_set_array(nirc_graph *graph, const char *node, const char *name,
                                 const nirc_array *array, nirc_error **error) {
  return guarded(error, [&]() -> nir::Status {
    for (nir::Status missing :
         {needed(graph, "graph"), needed(name, "name"), needed(array, "array")}) {
      if (missing) {
        return missing;
      }
    }
    nir::Result<nir::Tensor> tensor =
        tensorOf(*array, fmt::format("metadata '{}'", name), Ownership::Copied);
    if (!tensor) {
      return tensor.takeError();
    }
    return setMetadata(*graph, node, name, *std::move(tensor));
  });
}
