//===- ReadData.cpp - NIRData out of HDF5 ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The layout of recorded data (neuromorphs/NIR, nir/serialization.py, 1.0.8): every group says by
// the attribute `__type__` what it is. The root is a NIRGraphData with a group `nodes`; a
// NIRNodeData has a group `observables`; an observable has its arrays as datasets and its numbers
// as attributes.
//
//===----------------------------------------------------------------------===//

#include "ir/file/ReadData.h"

#include "ir/Wording.h"

#include <algorithm>
#include <fmt/format.h>
#include <functional>

namespace nir {

using hdf5::Link;
using hdf5::Object;
using hdf5::Place;
using hdf5::Value;

namespace {

class DataReader {
public:
  explicit DataReader(hdf5::Source &source) : source(source) {}

  Status graph(hid_t group, const std::string &path, NIRGraphData &out);
  Status provenance(NIRGraphData &out);
  Result<std::string> typeName(hid_t group, const Place &place);

private:
  using Visit =
      std::function<Status(const std::string &name, hid_t group, const std::string &type)>;

  Status groups(hid_t parent, const char *member, const std::string &path, const Visit &visit);
  Status members(hid_t group, const std::string &prefix, const std::string &path,
                 const Place &place, const Visit &visit);
  Status observable(hid_t group, const std::string &type, const Place &place, Observable &out);
  Status dataset(hid_t group, const char *name, const Place &place, int64_t rank, Tensor &out);
  Status attribute(hid_t group, const char *name, const Place &place, double &out);
  Status events(hid_t group, const Place &place, EventData &out);

  hdf5::Source &source;
  int64_t depth = 0, nodesSeen = 0;
};

} // namespace

Result<std::string> DataReader::typeName(hid_t group, const Place &place) {
  std::string what = std::string(place.what) + (place.what.empty() ? "" : ": ") + "__type__";
  Result<Value> value = source.readAttribute(group, "__type__", {place.node, what});
  if (!value) {
    return value.takeError();
  }
  if (std::holds_alternative<std::monostate>(*value)) {
    return std::string();
  }
  auto *strings = std::get_if<Strings>(&*value);
  if (!strings || !strings->shape.empty()) {
    return Place{place.node, what}.error(
        Cause::DamagedInput, fmt::format("holds {}, expected one text", hdf5::describe(*value)));
  }
  return std::move(strings->values[0]);
}

/// Calls `visit` for each group with a `__type__` in the group `member` of `parent`.
Status DataReader::groups(hid_t parent, const char *member, const std::string &path,
                          const Visit &visit) {
  Place place{path, member};
  Object object = hdf5::openObject(parent, member);
  if (!object.isGroup()) {
    hdf5::takeErrorText();
    return place.error(Cause::DamagedInput, "is missing or not a group");
  }
  return members(object.id, "", path, place, visit);
}

/// A slash in a name makes groups in between, which have no `__type__`.
Status DataReader::members(hid_t group, const std::string &prefix, const std::string &path,
                           const Place &place, const Visit &visit) {
  if (++depth > std::clamp<int64_t>(source.bounds().maxNesting, 1, 1000)) {
    return place.error(Cause::Limit, fmt::format("is nested deeper than {} (limit maxNesting)",
                                                 counted(source.bounds().maxNesting, "group")));
  }
  Result<std::vector<Link>> links = source.list(group, place, hdf5::Source::Order::AsH5py);
  if (!links) {
    return links.takeError();
  }
  if (links->empty() && !prefix.empty()) {
    return place.error(Cause::DamagedInput, fmt::format("has the member '{}' without __type__",
                                                        prefix.substr(0, prefix.size() - 1)));
  }
  for (const Link &link : *links) {
    std::string name = prefix + link.name;
    Object object = hdf5::openObject(group, link.name);
    if (!object.isGroup()) {
      return place.error(Cause::DamagedInput,
                         fmt::format("has the member '{}', which is not a group", name));
    }
    Result<std::string> type =
        typeName(object.id, {path, fmt::format("{} '{}'", place.what, name)});
    if (!type) {
      return type.takeError();
    }
    if (++nodesSeen > source.bounds().maxNodes) {
      return Error(Cause::Limit,
                   fmt::format("has more than {} nodes and observables (limit maxNodes)",
                               source.bounds().maxNodes));
    }
    if (Status error = type->empty() ? members(object.id, name + "/", path, place, visit)
                                     : visit(name, object.id, *type)) {
      return error;
    }
  }
  --depth;
  return {};
}

Status DataReader::dataset(hid_t group, const char *name, const Place &place, int64_t rank,
                           Tensor &out) {
  std::string what = fmt::format("{} {}", place.what, name);
  Place inner{place.node, what};
  Object object = hdf5::openObject(group, name);
  if (!object.isDataset()) {
    hdf5::takeErrorText();
    return inner.error(Cause::DamagedInput, "is missing or not a dataset");
  }
  Result<Value> value = source.read(object.id, inner);
  if (!value) {
    return value.takeError();
  }
  auto *tensor = std::get_if<Tensor>(&*value);
  if (!tensor || tensor->rank() != rank) {
    return inner.error(Cause::DamagedInput,
                       fmt::format("holds {}, expected numbers with {}", hdf5::describe(*value),
                                   counted(rank, "dimension")));
  }
  out = std::move(*tensor);
  return {};
}

Status DataReader::attribute(hid_t group, const char *name, const Place &place, double &out) {
  std::string what = fmt::format("{} {}", place.what, name);
  Place inner{place.node, what};
  Result<Value> value = source.readAttribute(group, name, inner);
  if (!value) {
    return value.takeError();
  }
  auto *tensor = std::get_if<Tensor>(&*value);
  if (!tensor || tensor->size() != 1) {
    return inner.error(
        Cause::DamagedInput,
        fmt::format("holds {}, expected an attribute with one number", hdf5::describe(*value)));
  }
  out = tensor->at(0);
  return {};
}

Status DataReader::events(hid_t group, const Place &place, EventData &out) {
  double neurons = 0.0;
  if (Status error = dataset(group, "idx", place, 2, out.idx)) {
    return error;
  }
  if (Status error = dataset(group, "time", place, 2, out.time)) {
    return error;
  }
  if (Status error = attribute(group, "n_neurons", place, neurons)) {
    return error;
  }
  if (Status error = attribute(group, "t_max", place, out.endSeconds)) {
    return error;
  }
  if (!(neurons >= 0.0 && neurons <= 1e15)) {
    return place.error(Cause::DamagedInput,
                       fmt::format("n_neurons is {}, expected a number of neurons", neurons));
  }
  out.neurons = static_cast<int64_t>(neurons);
  if (isFloat(out.idx.dtype())) {
    return place.error(Cause::DamagedInput,
                       fmt::format("idx holds {}, expected integers", name(out.idx.dtype())));
  }
  if (out.idx.shape() != out.time.shape()) {
    return place.error(Cause::DamagedInput,
                       fmt::format("time has shape {}, expected {} like idx", str(out.time.shape()),
                                   str(out.idx.shape())));
  }
  return {};
}

Status DataReader::observable(hid_t group, const std::string &type, const Place &place,
                              Observable &out) {
  if (type == "TimeGriddedData") {
    TimeGriddedData grid;
    if (Status error = dataset(group, "data", place, 3, grid.data)) {
      return error;
    }
    if (Status error = attribute(group, "dt", place, grid.dtSeconds)) {
      return error;
    }
    out.data = std::move(grid);
    return {};
  }
  if (type != "EventData" && type != "ValuedEventData") {
    return place.error(Cause::DamagedInput,
                       fmt::format("has the unknown type '{}', expected one of TimeGriddedData, "
                                   "EventData, ValuedEventData",
                                   type));
  }
  ValuedEventData valued;
  if (Status error = events(group, place, valued.events)) {
    return error;
  }
  if (type == "EventData") {
    out.data = std::move(valued.events);
    return {};
  }
  if (Status error = dataset(group, "value", place, 2, valued.value)) {
    return error;
  }
  if (valued.value.shape() != valued.events.idx.shape()) {
    return place.error(Cause::DamagedInput,
                       fmt::format("value has shape {}, expected {} like idx",
                                   str(valued.value.shape()), str(valued.events.idx.shape())));
  }
  out.data = std::move(valued);
  return {};
}

Status DataReader::graph(hid_t group, const std::string &path, NIRGraphData &out) {
  return groups(group, "nodes", path,
                [&](const std::string &name, hid_t node, const std::string &type) -> Status {
                  std::string inner = join(path, name);
                  if (type == "NIRGraphData") {
                    NIRGraphData nested;
                    if (Status error = graph(node, inner, nested)) {
                      return error;
                    }
                    out.nodes.push_back({name, std::move(nested)});
                    return {};
                  }
                  if (type != "NIRNodeData") {
                    return Error::atNode(
                        Cause::DamagedInput, inner,
                        fmt::format("has the unknown type '{}', expected NIRNodeData or "
                                    "NIRGraphData",
                                    type));
                  }
                  NIRNodeData data;
                  auto addObservable = [&](const std::string &name, hid_t group,
                                           const std::string &type) -> Status {
                    std::string what = fmt::format("observable '{}'", name);
                    Observable observable{name, {}};
                    if (Status error = this->observable(group, type, {inner, what}, observable)) {
                      return error;
                    }
                    data.observables.push_back(std::move(observable));
                    return {};
                  };
                  if (Status error = groups(node, "observables", inner, addObservable)) {
                    return error;
                  }
                  out.nodes.push_back({name, std::move(data)});
                  return {};
                });
}

Status DataReader::provenance(NIRGraphData &out) {
  static const std::string root;
  constexpr std::string_view prefix = "nirc.";
  Result<std::vector<std::string>> names =
      source.attributes(source.root(), prefix, {root, "the root"});
  if (!names) {
    return names.takeError();
  }
  for (const std::string &name : *names) {
    Place place{root, name};
    Result<Value> value = source.readAttribute(source.root(), name.c_str(), place);
    if (!value) {
      return value.takeError();
    }
    auto *strings = std::get_if<Strings>(&*value);
    if (!strings || !strings->shape.empty()) {
      return place.error(Cause::DamagedInput,
                         fmt::format("holds {}, expected one text", hdf5::describe(*value)));
    }
    out.provenance.emplace_back(name.substr(prefix.size()), std::move(strings->values[0]));
  }
  return {};
}

Result<NIRGraphData> readData(hdf5::Source &source) {
  static const std::string root;
  DataReader reader(source);
  Result<std::string> type = reader.typeName(source.root(), {root, ""});
  if (!type) {
    return type.takeError();
  }
  if (*type != "NIRGraphData") {
    Error error(Cause::InputFormat,
                type->empty()
                    ? "is not recorded data: the root has no attribute __type__"
                    : fmt::format("is not recorded data: __type__ is '{}', expected 'NIRGraphData'",
                                  *type));
    bool isGraph = H5Lexists(source.root(), "node", H5P_DEFAULT) > 0;
    return isGraph ? std::move(error).note("this looks like a graph, not recorded data (NIRData)")
                   : error;
  }
  NIRGraphData data;
  if (Status error = reader.graph(source.root(), "", data)) {
    return *error;
  }
  if (Status error = reader.provenance(data)) {
    return *error;
  }
  return data;
}

} // namespace nir
