//===- ReadGraph.cpp - a graph out of HDF5 --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layout of a .nir file, as the official library writes it (neuromorphs/NIR,
// nir/serialization.py, v0.1 to v1.0.8): /version (since 0.2) and /node, a group for each node with
// its `type`, its parameters as datasets, and perhaps a group `metadata`. A NIRGraph holds a group
// `nodes` and a dataset `edges`. A slash in a node's name makes groups in between.
//
//===----------------------------------------------------------------------===//

#include "ir/file/ReadGraph.h"

#include "ir/Wording.h"
#include "ir/graph/InferShapes.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>

namespace nir {

using hdf5::Link;
using hdf5::Object;
using hdf5::Place;
using hdf5::Value;
using Order = hdf5::Source::Order;

namespace {

class GraphReader {
public:
  explicit GraphReader(hdf5::Source &source) : source(source) {}
  Result<Model> model();

private:
  /// A group on the way down, entered for as long as this lives.
  struct Level {
    Level(GraphReader &reader, haddr_t address) : reader(reader) { reader.open.push_back(address); }
    ~Level() { reader.open.pop_back(); }
    GraphReader &reader;
  };
  using Links = std::vector<Link>;

  Status enter(haddr_t address, const std::string &path);
  Status node(hid_t group, const Links &links, Object type, const std::string &path, Node &out);
  Status member(hid_t group, const Link &link, const std::string &name,
                const std::string &graphPath, Graph &graph);
  Status members(hid_t group, const Links &links, const std::string &prefix,
                 const std::string &graphPath, Graph &graph);
  Status nodes(hid_t group, const Link &link, const std::string &path, Graph &graph);
  Status edges(hid_t group, const std::string &path, Graph &graph);
  Status parameters(hid_t group, const Links &links, const std::string &path, Node &node);
  Status metadata(hid_t group, const Link &link, const std::string &what, const std::string &path,
                  Metadata &out);
  Result<std::string> text(hid_t dataset, const Place &place);
  Result<std::optional<Value>> parameter(hid_t group, const std::string &name,
                                         const std::string &path);
  Status readLater(Graph &graph);

  /// A large parameter that is read when the shapes of the whole graph fit each other: a few
  /// kilobytes can unpack to gigabytes, which takes longer than to refuse them.
  struct Later {
    hdf5::Id dataset;
    std::string path, name;
  };

  hdf5::Source &source;
  std::vector<Later> later;  ///< in the order of the nodes
  size_t unpacked = 0;       ///< bytes of all packed parameters so far
  std::vector<haddr_t> open; ///< the groups from the root to here
  int64_t nodesSeen = 0, edgesSeen = 0;
};

const Link *find(const std::vector<Link> &links, std::string_view name) {
  auto it = std::find_if(links.begin(), links.end(), [&](const Link &l) { return l.name == name; });
  return it == links.end() ? nullptr : &*it;
}

std::string names(const std::vector<Link> &links) {
  constexpr size_t shown = 20;
  std::vector<std::string_view> all;
  for (const Link &link : links) {
    all.push_back(link.name);
  }
  if (all.empty()) {
    return "nothing";
  }
  if (all.size() <= shown) {
    return fmt::format("{}", fmt::join(all, ", "));
  }
  return fmt::format("{} and {} more", fmt::join(all.begin(), all.begin() + shown, ", "),
                     all.size() - shown);
}

template <size_t... Index>
std::string allTypes(std::index_sequence<Index...>) {
  return fmt::format(
      "{}", fmt::join({std::variant_alternative_t<Index, Params::Variant>::type...}, ", "));
}

/// The parameters of a primitive, those that older files lack in brackets.
std::string parameterNames(const Params &params) {
  std::vector<std::string> all;
  visitParams(params, [&](const char *name, const auto &parameter) {
    constexpr bool isOptional =
        std::is_same_v<std::decay_t<decltype(parameter)>, std::optional<Tensor>>;
    all.push_back(isOptional ? fmt::format("[{}]", name) : name);
  });
  return fmt::format("{}", fmt::join(all, ", "));
}

} // namespace

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

/// Whether the group at `address` may be entered: not one that we are in, nor too deep.
Status GraphReader::enter(haddr_t address, const std::string &path) {
  if (std::find(open.begin(), open.end(), address) != open.end()) {
    return Error::atNode(Cause::DamagedFile, path,
                         "contains itself: the links of the file form a cycle");
  }
  int64_t bound = std::clamp<int64_t>(source.bounds().maxNesting, 1, 1000);
  if (static_cast<int64_t>(open.size()) >= bound) {
    return Error::atNode(
        Cause::Limit, path,
        fmt::format("is nested deeper than {} (limit maxNesting)", counted(bound, "group")));
  }
  return {};
}

static Status checkText(const Value &value, const Place &place) {
  const auto *strings = std::get_if<Strings>(&value);
  return strings && strings->shape.empty()
             ? Status()
             : place.error(Cause::WrongType,
                           fmt::format("holds {}, expected one text", hdf5::describe(value)));
}

Result<std::string> GraphReader::text(hid_t dataset, const Place &place) {
  if (hdf5::Source::mayUnpack(dataset)) {
    Result<Value> declared = source.unread(dataset, place);
    Status wrong = declared ? checkText(*declared, place) : declared.takeError();
    if (wrong) {
      return std::move(*wrong);
    }
  }
  Result<Value> value = source.read(dataset, place);
  if (!value) {
    return value.takeError();
  }
  if (Status wrong = checkText(*value, place)) {
    return std::move(*wrong);
  }
  return std::move(std::get<Strings>(*value).values[0]);
}

/// Parameters that are numbers about the signal, such as its shape, and not numbers of neurons or
/// connections.
static bool isList(std::string_view name) {
  constexpr std::string_view lists[] = {"shape",       "input_shape", "input_type", "stride",
                                        "padding",     "dilation",    "groups",     "kernel_size",
                                        "output_type", "start_dim",   "end_dim"};
  return std::find(std::begin(lists), std::end(lists), name) != std::end(lists);
}

/// Calls `each` with the tensors of all nodes, in the order in which they are read.
static void forEachTensor(Graph &graph, const std::function<void(Tensor &)> &each) {
  for (Node &node : graph.nodes) {
    if (auto *inner = std::get_if<Graph>(&node.params)) {
      forEachTensor(*inner, each);
      continue;
    }
    visitParams(node.params, [&](const char *, auto &parameter) {
      using T = std::decay_t<decltype(parameter)>;
      if constexpr (std::is_same_v<T, Tensor>) {
        each(parameter);
      } else if constexpr (std::is_same_v<T, std::optional<Tensor>>) {
        if (parameter) {
          each(*parameter);
        }
      }
    });
  }
}

/// The value of a parameter that is there; nothing where its dataset has no dataspace.
Result<std::optional<Value>> GraphReader::parameter(hid_t group, const std::string &name,
                                                    const std::string &path) {
  Place place{path, name};
  Object object = hdf5::openObject(group, name);
  if (!object.id) {
    return hdf5::Source::failure(place, "cannot be opened: the file is damaged");
  }
  if (!object.isDataset()) {
    return place.error(Cause::WrongType, object.isGroup()
                                             ? "is a group, expected a dataset"
                                             : "is a committed datatype, expected a dataset");
  }
  Result<Value> value = source.mayUnpack(object.id) ? source.unread(object.id, place) : Value();
  if (!value) {
    return value.takeError();
  }
  constexpr size_t longList = size_t(1) << 20;
  constexpr size_t quick = size_t(1) << 26; // unpacked in a fraction of a second
  const auto *tensor = std::get_if<Tensor>(&*value);
  if (tensor && tensor->sizeInBytes() > longList && isList(name)) {
    return place.error(Cause::WrongType, fmt::format("has shape {}, expected a few whole numbers",
                                                     str(tensor->shape())));
  }
  unpacked += tensor ? tensor->sizeInBytes() : 0;
  if (tensor && unpacked > quick) {
    later.push_back({std::move(object.id), path, name});
    return std::optional(std::move(*value));
  }
  value = source.read(object.id, place);
  if (!value) {
    return value.takeError();
  }
  if (std::holds_alternative<std::monostate>(*value)) {
    return std::optional<Value>();
  }
  return std::optional(std::move(*value));
}

/// Reads what `parameter` left, once it is certain that it fits.
Status GraphReader::readLater(Graph &graph) {
  if (later.empty()) {
    return {};
  }
  if (Status fault = faultOfShapes(graph)) {
    return fault;
  }
  size_t next = 0;
  Status failed;
  auto fill = [&](Tensor &tensor) {
    if (failed || tensor.bytes()) {
      return;
    }
    const Later &one = later[next++];
    Result<Value> value = source.read(one.dataset, {one.path, one.name});
    if (value) {
      tensor = std::move(std::get<Tensor>(*value));
    } else {
      failed = value.takeError();
    }
  };
  forEachTensor(graph, fill);
  return failed;
}

/// Moves a value into a parameter; says what was expected where it does not fit.
static const char *assign(Value &&value, Tensor &out) {
  if (auto *tensor = std::get_if<Tensor>(&value)) {
    out = std::move(*tensor);
    return nullptr;
  }
  return "numbers";
}

static const char *assign(Value &&value, std::optional<Tensor> &out) {
  return assign(std::move(value), out.emplace());
}

static const char *assign(Value &&value, Padding &out) {
  if (auto *strings = std::get_if<Strings>(&value); strings && strings->shape.empty()) {
    out = std::move(strings->values[0]);
    return nullptr;
  }
  return assign(std::move(value), out.emplace<Tensor>()) ? "numbers or one text" : nullptr;
}

Status GraphReader::parameters(hid_t group, const Links &links, const std::string &path,
                               Node &node) {
  Status failed;
  std::vector<std::string_view> known = {"type", "metadata"};
  visitParams(node.params, [&](const char *name, auto &parameter) {
    using T = std::decay_t<decltype(parameter)>;
    known.push_back(name);
    if (failed) {
      return;
    }
    std::optional<Value> value;
    if (find(links, name)) {
      auto result = this->parameter(group, name, path);
      if (!result) {
        failed = result.takeError();
        return;
      }
      value = std::move(*result);
    }
    if (value) {
      std::string found = hdf5::describe(*value);
      if (const char *expected = assign(std::move(*value), parameter)) {
        failed = Error::atNode(Cause::WrongType, path,
                               fmt::format("{} holds {}, expected {}", name, found, expected));
      }
    } else if (!std::is_same_v<T, std::optional<Tensor>>) {
      failed = Error::atNode(Cause::MissingParameter, path,
                             fmt::format("has no {}, which a {} needs", name, node.type()))
                   .note(fmt::format("the node holds: {}", names(links)));
    }
  });
  if (failed) {
    return failed;
  }
  for (const Link &link : links) {
    if (std::find(known.begin(), known.end(), link.name) == known.end()) {
      return Error::atNode(Cause::UnknownParameter, path,
                           fmt::format("has an unknown parameter '{}'", link.name))
          .note(fmt::format("the parameters of a {} are: {}", node.type(),
                            parameterNames(node.params)));
    }
  }
  return {};
}

Status GraphReader::metadata(hid_t group, const Link &link, const std::string &what,
                             const std::string &path, Metadata &out) {
  Place place{path, what};
  Object object = hdf5::openObject(group, link.name);
  if (!object.isGroup()) {
    return place.error(Cause::WrongType,
                       "is not a group, expected one with an entry for each name");
  }
  if (Status error = enter(link.address, path)) {
    return error;
  }
  Level level(*this, link.address);
  Result<Links> links = source.list(object.id, place, Order::AsH5py);
  if (!links) {
    return links.takeError();
  }
  for (const Link &entry : *links) {
    std::string name = fmt::format("{} '{}'", what, entry.name);
    Object inner = hdf5::openObject(object.id, entry.name);
    if (inner.isGroup()) {
      Metadata nested;
      if (Status error = metadata(object.id, entry, name, path, nested)) {
        return error;
      }
      out.push_back({entry.name, std::move(nested)});
      continue;
    }
    if (!inner.isDataset()) {
      return Place{path, name}.error(Cause::WrongType, "is neither a group nor a dataset");
    }
    Result<Value> value = source.read(inner.id, {path, name});
    if (!value) {
      return value.takeError();
    }
    if (auto *tensor = std::get_if<Tensor>(&*value)) {
      out.push_back({entry.name, std::move(*tensor)});
    } else if (auto *strings = std::get_if<Strings>(&*value)) {
      if (strings->shape.empty()) {
        out.push_back({entry.name, std::move(strings->values[0])});
      } else {
        out.push_back({entry.name, std::move(*strings)});
      }
    }
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Nodes and graphs
//===----------------------------------------------------------------------===//

Status GraphReader::edges(hid_t group, const std::string &path, Graph &graph) {
  Place place{path, "edges"};
  Object object = hdf5::openObject(group, "edges");
  if (!object.isDataset()) {
    return place.error(Cause::WrongType, "is not a dataset, expected one of shape [edges, 2]");
  }
  Result<Value> declared = source.unread(object.id, place);
  if (!declared) {
    return declared.takeError();
  }
  auto isEmptyList = [](const Shape &shape) { return !shape.empty() && shape[0] == 0; };
  if (const auto *tensor = std::get_if<Tensor>(&*declared);
      tensor && isEmptyList(tensor->shape())) {
    return {}; // what h5py makes of a list without elements: float64 [0]
  }
  const auto *texts = std::get_if<Strings>(&*declared);
  if (texts && isEmptyList(texts->shape)) {
    return {};
  }
  if (!texts || texts->shape.size() != 2 || texts->shape[1] != 2) {
    Error error = place.error(Cause::WrongType, fmt::format("holds {}, expected text [edges, 2]",
                                                            hdf5::describe(*declared)));
    return std::holds_alternative<std::monostate>(*declared)
               ? std::move(error).note("a graph without edges has an empty list of them, of shape "
                                       "[0, 2]")
               : error;
  }
  edgesSeen += texts->shape[0];
  if (edgesSeen > source.bounds().maxEdges) {
    return place.error(Cause::Limit,
                       fmt::format("brings the file to {}, expected at most {} (limit maxEdges)",
                                   counted(edgesSeen, "edge"), source.bounds().maxEdges));
  }
  Result<Value> value = source.read(object.id, place);
  if (!value) {
    return value.takeError();
  }
  auto *strings = &std::get<Strings>(*value);
  graph.edges.reserve(strings->values.size() / 2);
  for (size_t i = 0; i + 1 < strings->values.size(); i += 2) {
    graph.edges.push_back({std::move(strings->values[i]), std::move(strings->values[i + 1])});
  }
  return {};
}

Status GraphReader::node(hid_t group, const Links &links, Object type, const std::string &path,
                         Node &out) {
  if (++nodesSeen > source.bounds().maxNodes) {
    return Error(Cause::Limit, fmt::format("has more than {} (limit maxNodes)",
                                           counted(source.bounds().maxNodes, "node")));
  }
  Result<std::string> typeName = text(type.id, {path, "type"});
  if (!typeName) {
    return typeName.takeError();
  }
  std::optional<Params> params = primitiveOfType(*typeName);
  if (!params) {
    constexpr auto count = std::make_index_sequence<std::variant_size_v<Params::Variant>>();
    return Error::atNode(Cause::UnknownNodeType, path,
                         fmt::format("has the unknown type '{}'", *typeName))
        .note(fmt::format("the types of NIR are: {}", allTypes(count)));
  }
  out.params = std::move(*params);
  if (const Link *link = find(links, "metadata")) {
    if (Status error = metadata(group, *link, "metadata", path, out.metadata)) {
      return error;
    }
  }
  auto *graph = std::get_if<Graph>(&out.params);
  if (!graph) {
    return parameters(group, links, path, out);
  }
  for (const Link &link : links) {
    if (link.name != "type" && link.name != "metadata" && link.name != "nodes" &&
        link.name != "edges") {
      return Error::atNode(Cause::UnknownParameter, path,
                           fmt::format("has an unknown member '{}'", link.name))
          .note("the members of a NIRGraph are: nodes, edges, [metadata]");
    }
  }
  for (const char *needed : {"nodes", "edges"}) {
    if (!find(links, needed)) {
      return Error::atNode(Cause::MissingParameter, path,
                           fmt::format("has no {}, which a NIRGraph needs", needed))
          .note(fmt::format("the node holds: {}", names(links)));
    }
  }
  if (Status error = nodes(group, *find(links, "nodes"), path, *graph)) {
    return error;
  }
  return edges(group, path, *graph);
}

Status GraphReader::nodes(hid_t group, const Link &link, const std::string &path, Graph &graph) {
  Place place{path, "nodes"};
  Object object = hdf5::openObject(group, link.name);
  if (!object.isGroup()) {
    return place.error(Cause::WrongType, "is not a group, expected one with a group for each node");
  }
  if (Status error = enter(link.address, path)) {
    return error;
  }
  Level level(*this, link.address);
  Result<Links> links = source.list(object.id, place, Order::AsH5py);
  return links ? members(object.id, *links, "", path, graph) : Status(links.takeError());
}

Status GraphReader::members(hid_t group, const Links &links, const std::string &prefix,
                            const std::string &graphPath, Graph &graph) {
  for (const Link &link : links) {
    if (Status error = member(group, link, prefix + link.name, graphPath, graph)) {
      return error;
    }
  }
  return {};
}

/// One member of a group of nodes: a node, or what precedes a slash in the names of several.
Status GraphReader::member(hid_t group, const Link &link, const std::string &name,
                           const std::string &graphPath, Graph &graph) {
  std::string path = join(graphPath, name);
  Place place{path, ""};
  Object object = hdf5::openObject(group, link.name);
  if (!object.id) {
    return hdf5::Source::failure(place, "cannot be opened: the file is damaged");
  }
  if (!object.isGroup()) {
    return place.error(Cause::WrongType, "is not a group, expected a node");
  }
  if (Status error = enter(link.address, path)) {
    return error;
  }
  Level level(*this, link.address);
  Result<Links> links = source.list(object.id, place, Order::ByName);
  if (!links) {
    return links.takeError();
  }
  // A node "a/type" makes a group `type` in the group "a"; the type of a node is a dataset.
  Object type = find(*links, "type") ? hdf5::openObject(object.id, "type") : Object();
  if (type.isDataset()) {
    Node node;
    node.name = name;
    if (Status error = this->node(object.id, *links, std::move(type), path, node)) {
      return error;
    }
    graph.nodes.push_back(std::move(node));
    return {};
  }
  for (const Link &inner : *links) {
    if (!hdf5::openObject(object.id, inner.name).isGroup()) {
      return place.error(Cause::MissingParameter, "has no type")
          .note(fmt::format("the node holds: {}", names(*links)));
    }
  }
  if (links->empty()) {
    return place.error(Cause::MissingParameter, "has no type").note("the node holds: nothing");
  }
  links = source.list(object.id, place, Order::AsH5py);
  return links ? members(object.id, *links, name + "/", graphPath, graph)
               : Status(links.takeError());
}

Result<Model> GraphReader::model() {
  static const std::string root;
  Result<Links> top = source.list(source.root(), {root, "the root"}, Order::ByName);
  if (!top) {
    return top.takeError();
  }
  Model model;
  if (find(*top, "version")) {
    Object version = hdf5::openObject(source.root(), "version");
    if (!version.isDataset()) {
      return Error(Cause::WrongType, "version is not a dataset, expected one text");
    }
    Result<std::string> text = this->text(version.id, {root, "version"});
    if (!text) {
      return text.takeError();
    }
    model.version = std::move(*text);
  }
  const Link *link = find(*top, "node");
  Object object = link ? hdf5::openObject(source.root(), "node") : Object();
  if (!object.isGroup()) {
    Error error = Error(Cause::NotAModel, "has no group 'node', which every NIR file has")
                      .note(fmt::format("the file holds: {}", names(*top)));
    return H5Aexists(source.root(), "__type__") > 0
               ? std::move(error).note("this looks like recorded data (NIRData), not a graph")
               : error;
  }
  Level level(*this, link->address);
  Result<Links> links = source.list(object.id, {root, "node"}, Order::ByName);
  if (!links) {
    return links.takeError();
  }
  Object type = find(*links, "type") ? hdf5::openObject(object.id, "type") : Object();
  if (!type.isDataset()) {
    return Error(Cause::MissingParameter, "the root node has no type")
        .note(fmt::format("the node holds: {}", names(*links)));
  }
  Node node;
  if (Status error = this->node(object.id, *links, std::move(type), "", node)) {
    return *error;
  }
  if (auto *graph = std::get_if<Graph>(&node.params)) {
    model.graph = std::move(*graph);
    model.metadata = std::move(node.metadata);
  } else {
    model.graph.nodes.push_back(std::move(node));
  }
  if (Status error = readLater(model.graph)) {
    return *error;
  }
  return model;
}

Result<Model> readGraph(hdf5::Source &source) { return GraphReader(source).model(); }

} // namespace nir
