//===- Import.cpp - nir::Graph to the nir dialect -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/nir/Import.h"

#include "dialects/nir/Diagnostics.h"
#include "dialects/nir/Nodes.h"
#include "ir/graph/Check.h"
#include "ir/graph/FlatGraph.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/Path.h"

namespace nir {

namespace {

/// What one end of an edge is in the graph that lists it: a node of that graph, and for a subgraph
/// the port in the file's spelling.
struct End {
  bool isScope;
  int32_t index; ///< in FlatGraph's `scopes` or `nodes`
  std::string port;
};

/// Builds the ops of a checked graph. Ops come first, operands second: an edge may come from a node
/// that stands later in the file.
class Importer {
public:
  Importer(const FlatGraph &flat, llvm::StringRef file, mlir::MLIRContext &context)
      : flat(flat), file(file), builder(&context), leaves(flat.nodes.size()),
        scopes(flat.scopes.size()), sources(flat.nodes.size()), ports(flat.scopes.size()) {}

  GraphOp run(const std::vector<NodeShapes> &shapes);

private:
  void findSources();
  void makeTypes(const std::vector<NodeShapes> &shapes);
  void makeOps();
  void connect();
  void orderEdges();

  End endOf(int32_t leaf, const std::string &name, int32_t scope) const;
  GraphOp makeGraph(int32_t scope);
  void makeLeaf(int32_t leaf);
  mlir::Location location(const std::string &path) {
    return locationOf(file, path, builder.getContext());
  }

  /// The results of a subgraph: one for each spelling by which edges start at it.
  struct Results {
    llvm::StringMap<unsigned> byPort;
    llvm::SmallVector<mlir::Attribute> ports;
    llvm::SmallVector<int32_t> leaves; ///< the Output that each one reads
  };

  const FlatGraph &flat;
  llvm::StringRef file;
  mlir::OpBuilder builder;
  std::vector<mlir::Operation *> leaves;
  std::vector<GraphOp> scopes;
  std::vector<bool> sources; ///< whether an edge of its own graph starts at a leaf
  std::vector<Results> ports;
  std::vector<SignalType> outputs; ///< of each leaf
};

GraphOp Importer::run(const std::vector<NodeShapes> &shapes) {
  findSources();
  makeTypes(shapes);
  makeOps();
  connect();
  orderEdges();
  return scopes[0];
}

End Importer::endOf(int32_t leaf, const std::string &name, int32_t scope) const {
  int32_t inner = flat.nodes[leaf].scope;
  if (inner == scope) {
    return {false, leaf, {}};
  }
  while (flat.scopes[inner].parent != scope) {
    inner = flat.scopes[inner].parent;
  }
  size_t length = flat.scopes[inner].node->name.size();
  return {true, inner, name.size() == length ? std::string() : name.substr(length + 1)};
}

static const std::string &sourceName(const FlatGraph &flat, const FlatGraph::Edge &edge) {
  return flat.scopes[edge.scope].graph->edges[edge.index].source;
}

static const std::string &targetName(const FlatGraph &flat, const FlatGraph::Edge &edge) {
  return flat.scopes[edge.scope].graph->edges[edge.index].target;
}

void Importer::findSources() {
  for (const FlatGraph::Edge &edge : flat.edges) {
    End end = endOf(edge.source, sourceName(flat, edge), edge.scope);
    if (!end.isScope) {
      sources[end.index] = true;
      continue;
    }
    Results &results = ports[end.index];
    if (results.byPort.try_emplace(end.port, results.ports.size()).second) {
      results.ports.push_back(builder.getStringAttr(end.port));
      results.leaves.push_back(edge.source);
    }
  }
}

/// A graph whose nodes before `next` have been visited. Graphs are walked without recursion, in the
/// order in which FlatGraph numbers leaves and scopes.
struct OpenGraph {
  int32_t scope;
  size_t next;
  const std::vector<NodeShapes> *shapes; ///< of its nodes
};

/// The types of all leaves come first: those of a subgraph's results are those of leaves inside it.
void Importer::makeTypes(const std::vector<NodeShapes> &shapes) {
  int32_t nextScope = 1;
  std::vector<OpenGraph> open{{0, 0, &shapes}};
  while (!open.empty()) {
    OpenGraph &top = open.back();
    const std::vector<Node> &nodes = flat.scopes[top.scope].graph->nodes;
    if (top.next == nodes.size()) {
      open.pop_back();
      continue;
    }
    size_t index = top.next++;
    const NodeShapes &here = (*top.shapes)[index];
    if (nodes[index].as<Graph>()) {
      open.push_back({nextScope++, 0, &here.inner});
      continue;
    }
    outputs.push_back(SignalType::get(builder.getContext(), here.output));
  }
}

void Importer::makeOps() {
  int32_t nextLeaf = 0, nextScope = 1;
  std::vector<OpenGraph> open{{0, 0, nullptr}};
  scopes[0] = makeGraph(0);
  while (!open.empty()) {
    OpenGraph &top = open.back();
    const std::vector<Node> &nodes = flat.scopes[top.scope].graph->nodes;
    if (top.next == nodes.size()) {
      open.pop_back();
      continue;
    }
    builder.setInsertionPointToEnd(&scopes[top.scope].getBody().front());
    if (nodes[top.next++].as<Graph>()) {
      scopes[nextScope] = makeGraph(nextScope);
      open.push_back({nextScope++, 0, nullptr});
    } else {
      makeLeaf(nextLeaf++);
    }
  }
}

GraphOp Importer::makeGraph(int32_t scope) {
  const Node *node = flat.scopes[scope].node;
  std::string path = flat.scopePath(scope);
  mlir::OperationState state(location(path), GraphOp::getOperationName());
  for (int32_t leaf : ports[scope].leaves) {
    state.addTypes(outputs[leaf]);
  }
  state.addRegion()->emplaceBlock();
  auto &properties = state.getOrAddProperties<GraphOp::Properties>();
  properties.setName(
      builder.getStringAttr(node ? llvm::StringRef(node->name) : llvm::sys::path::stem(file)));
  properties.setInputPorts(builder.getArrayAttr({}));
  properties.setOutputPorts(builder.getArrayAttr(ports[scope].ports));
  if (node && !node->metadata.empty()) {
    properties.setMetadata(attributeOf(node->metadata, path, builder.getContext()));
  }
  return llvm::cast<GraphOp>(builder.create(state));
}

void Importer::makeLeaf(int32_t leaf) {
  const Node &node = *flat.nodes[leaf].node;
  std::string path = flat.path(leaf);
  mlir::MLIRContext *context = builder.getContext();
  mlir::OperationState state(location(path), opNameOf(node.type()));
  state.addAttribute("name", builder.getStringAttr(node.name));
  auto add = [&](const char *name, const Tensor &tensor) {
    state.addAttribute(name, attributeOf(tensor, join(path, name), context));
  };
  visitParams(node.params, [&](const char *name, const auto &parameter) {
    using T = std::decay_t<decltype(parameter)>;
    if constexpr (std::is_same_v<T, Tensor>) {
      add(name, parameter);
    } else if constexpr (std::is_same_v<T, Padding>) {
      if (auto *text = std::get_if<std::string>(&parameter)) {
        state.addAttribute(name, builder.getStringAttr(*text));
      } else {
        add(name, std::get<Tensor>(parameter));
      }
    } else if (parameter) {
      add(name, *parameter);
    }
  });
  if (!node.metadata.empty()) {
    state.addAttribute("metadata", attributeOf(node.metadata, path, context));
  }
  // An Output only passes on where its own graph goes on from it.
  if (!node.as<Output>() || sources[leaf]) {
    state.addTypes(outputs[leaf]);
  }
  leaves[leaf] = builder.create(state);
}

void Importer::connect() {
  std::vector<llvm::SmallVector<mlir::Value>> leafOperands(leaves.size()),
      scopeOperands(scopes.size());
  std::vector<llvm::SmallVector<mlir::Attribute>> inputPorts(scopes.size());
  for (const FlatGraph::Edge &edge : flat.edges) {
    End from = endOf(edge.source, sourceName(flat, edge), edge.scope);
    End to = endOf(edge.target, targetName(flat, edge), edge.scope);
    mlir::Value value =
        from.isScope ? scopes[from.index]->getResult(ports[from.index].byPort.lookup(from.port))
                     : leaves[from.index]->getResult(0);
    if (to.isScope) {
      scopeOperands[to.index].push_back(value);
      inputPorts[to.index].push_back(builder.getStringAttr(to.port));
    } else {
      leafOperands[to.index].push_back(value);
    }
  }
  for (size_t i = 0; i < leaves.size(); ++i) {
    leaves[i]->setOperands(leafOperands[i]);
  }
  for (size_t i = 0; i < scopes.size(); ++i) {
    scopes[i]->setOperands(scopeOperands[i]);
    scopes[i].setInputPortsAttr(builder.getArrayAttr(inputPorts[i]));
  }
}

/// The file's order of edges, where it is not that of the operands.
void Importer::orderEdges() {
  llvm::DenseMap<mlir::Operation *, int64_t> next; // the place of an op's next operand
  for (GraphOp graph : scopes) {
    int64_t place = 0;
    for (mlir::Operation &op : graph.getBody().front()) {
      next[&op] = place;
      place += op.getNumOperands();
    }
  }
  std::vector<llvm::SmallVector<int64_t>> orders(scopes.size());
  for (const FlatGraph::Edge &edge : flat.edges) {
    End to = endOf(edge.target, targetName(flat, edge), edge.scope);
    mlir::Operation *op = to.isScope ? scopes[to.index].getOperation() : leaves[to.index];
    orders[edge.scope].push_back(next[op]++);
  }
  for (size_t i = 0; i < scopes.size(); ++i) {
    if (!llvm::is_sorted(orders[i])) {
      scopes[i].setEdgeOrder(orders[i]);
    }
  }
}

} // namespace

mlir::OwningOpRef<mlir::ModuleOp> importGraph(const Model &model, llvm::StringRef file,
                                              mlir::MLIRContext &context) {
  context.getOrLoadDialect<NirDialect>();
  Checked checked = check(model.graph, file.str());
  if (!checked.ok()) {
    for (const Diagnostic &diagnostic : checked.diagnostics) {
      if (diagnostic.severity == Severity::Error) {
        emit(diagnostic, &context);
      }
    }
    return nullptr;
  }
  std::vector<Diagnostic> problems;
  FlatGraph flat = FlatGraph::of(model.graph, problems);
  GraphOp graph = Importer(flat, file, context).run(checked.shapes);
  if (!model.version.empty()) {
    graph.setVersion(model.version);
  }
  if (!model.metadata.empty()) {
    graph.setMetadataAttr(attributeOf(model.metadata, "metadata", &context));
  }
  mlir::OwningOpRef<mlir::ModuleOp> module = mlir::ModuleOp::create(locationOf(file, {}, &context));
  module->getBody()->push_back(graph);
  return module;
}

} // namespace nir
