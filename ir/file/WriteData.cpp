//===- WriteData.cpp - NIRData into HDF5 ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/Hdf5Sink.h"
#include "ir/file/NirData.h"
#include "ir/graph/Graph.h"

#include <set>

namespace nir {

using hdf5::Id;

/// The first of the steps that fails; the others are not taken.
template <typename... Steps>
static Status inTurn(Steps &&...steps) {
  Status failed;
  (void)((failed = steps(), !failed) && ...);
  return failed;
}

static Status writeEvents(hdf5::Sink &sink, hid_t group, const EventData &data) {
  return inTurn([&] { return sink.write(group, "idx", data.idx); },
                [&] { return sink.write(group, "time", data.time); },
                [&] { return sink.attribute(group, "n_neurons", Tensor::scalar(data.neurons)); },
                [&] { return sink.attribute(group, "t_max", Tensor::scalar(data.endSeconds)); });
}

static Status writeObservable(hdf5::Sink &sink, hid_t group, const TimeGriddedData &data) {
  return inTurn([&] { return sink.attribute(group, "__type__", std::string("TimeGriddedData")); },
                [&] { return sink.write(group, "data", data.data); },
                [&] { return sink.attribute(group, "dt", Tensor::scalar(data.dtSeconds)); });
}

static Status writeObservable(hdf5::Sink &sink, hid_t group, const EventData &data) {
  return inTurn([&] { return sink.attribute(group, "__type__", std::string("EventData")); },
                [&] { return writeEvents(sink, group, data); });
}

static Status writeObservable(hdf5::Sink &sink, hid_t group, const ValuedEventData &data) {
  return inTurn([&] { return sink.attribute(group, "__type__", std::string("ValuedEventData")); },
                [&] { return writeEvents(sink, group, data.events); },
                [&] { return sink.write(group, "value", data.value); });
}

/// A group `member` with what `leaf` writes for each of the items.
template <typename Items, typename Leaf>
static Status writeMembers(hdf5::Sink &sink, hid_t parent, const char *member, const Items &items,
                           const char *kind, const std::string &path, const Leaf &leaf) {
  std::vector<std::string_view> names;
  for (const auto &item : items) {
    names.push_back(item.name);
  }
  Result<NameTree> tree = nameTree(names, kind, path);
  if (!tree) {
    return tree.takeError();
  }
  Result<Id> group = sink.group(parent, member, !tree->isSorted);
  if (!group) {
    return group.takeError();
  }
  return sink.tree(*group, *tree,
                   [&](hid_t parent, const std::string &component, size_t index) -> Status {
                     Result<Id> inner = sink.group(parent, component);
                     return inner ? leaf(*inner, items[index]) : Status(inner.takeError());
                   });
}

static Status writeEntry(hdf5::Sink &sink, hid_t group, const NIRNodeData &data,
                         const std::string &path) {
  if (Status error = sink.attribute(group, "__type__", std::string("NIRNodeData"))) {
    return error;
  }
  return writeMembers(sink, group, "observables", data.observables, "observable", path,
                      [&](hid_t inner, const Observable &observable) {
                        return std::visit(
                            [&](const auto &data) { return writeObservable(sink, inner, data); },
                            observable.data);
                      });
}

static Status writeEntry(hdf5::Sink &sink, hid_t group, const NIRGraphData &data,
                         const std::string &path) {
  if (Status error = sink.attribute(group, "__type__", std::string("NIRGraphData"))) {
    return error;
  }
  return writeMembers(
      sink, group, "nodes", data.nodes, "node", path, [&](hid_t inner, const DataEntry &entry) {
        std::string innerPath = join(path, entry.name);
        Status failed = std::visit(
            [&](const auto &data) { return writeEntry(sink, inner, data, innerPath); }, entry.data);
        if (failed && failed->node.empty()) {
          failed->node = innerPath;
        }
        return failed;
      });
}

static Status writeProvenance(hdf5::Sink &sink, const NIRGraphData &data,
                              const WriteDataOptions &options) {
  std::set<std::string> written;
  for (const auto *list : {&options.provenance, &data.provenance}) {
    for (const auto &[key, text] : *list) {
      if (!written.insert(key).second) {
        continue; // what the writer says now takes precedence over what the data say
      }
      if (Status error = sink.attribute(sink.root(), "nirc." + key, text)) {
        return error;
      }
    }
  }
  return {};
}

Status writeData(const NIRGraphData &data, const std::string &path,
                 const WriteDataOptions &options) {
  hdf5::Session session;
  hdf5::Sink sink(path, options.gzipLevel);
  Status failed =
      inTurn([&] { return sink.open(); }, [&] { return writeEntry(sink, sink.root(), data, ""); },
             [&] { return writeProvenance(sink, data, options); }, [&] { return sink.commit(); });
  if (failed) {
    failed->file = path;
  }
  return failed;
}

} // namespace nir
