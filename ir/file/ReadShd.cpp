//===- ReadShd.cpp - recordings of SHD and SSC out of HDF5 ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/file/ReadShd.h"

#include <fmt/format.h>

namespace nir {

using hdf5::Lists;
using hdf5::Object;
using hdf5::Place;

static const std::string nowhere;

static Result<Lists> listsOf(hdf5::Source &source, hid_t group, const char *name) {
  std::string what = fmt::format("'spikes/{}'", name);
  Object dataset = hdf5::openObject(group, name);
  if (!dataset.isDataset()) {
    hdf5::takeErrorText();
    return Error(Cause::DamagedInput, what + " is missing, expected lists of numbers");
  }
  const ReadLimits &limits = source.bounds();
  return source.readLists(dataset.id, limits.firstRecording, limits.maxRecordings, {nowhere, what});
}

/// The labels of the recordings that are read, where the file has labels.
static Status readLabels(hdf5::Source &source, ShdRecordings &out) {
  Place place{nowhere, "'labels'"};
  Object dataset = hdf5::openObject(source.root(), "labels");
  std::vector<int64_t> labels;
  if (dataset.isDataset()) {
    Result<hdf5::Value> value = source.read(dataset.id, place);
    if (!value) {
      return value.takeError();
    }
    const auto *tensor = std::get_if<Tensor>(&*value);
    if (!tensor || isFloat(tensor->dtype()) || tensor->shape() != Shape{out.total}) {
      return place.error(Cause::DamagedInput, fmt::format("is {}, expected integers [{}]",
                                                          hdf5::describe(*value), out.total));
    }
    int64_t first = source.bounds().firstRecording;
    for (int64_t i = 0; i < out.sizes.size(); ++i) {
      labels.push_back(tensor->intAt(first + i));
    }
  }
  hdf5::takeErrorText();
  Result<Tensor> all =
      source.takeTensor(DType::I64, labels.data(), static_cast<int64_t>(labels.size()), place);
  if (!all) {
    return all.takeError();
  }
  out.labels = *std::move(all);
  return std::nullopt;
}

Result<ShdRecordings> readShd(hdf5::Source &source) {
  Object group = hdf5::openObject(source.root(), "spikes");
  if (!group.isGroup()) {
    hdf5::takeErrorText();
    return Error(Cause::InputFormat,
                 "the group 'spikes' is missing, expected the datasets spikes/times, spikes/units "
                 "and labels, as SHD and SSC have them");
  }
  Result<Lists> times = listsOf(source, group.id, "times");
  if (!times) {
    return times.takeError();
  }
  Result<Lists> units = listsOf(source, group.id, "units");
  if (!units) {
    return units.takeError();
  }
  if (times->total != units->total || times->sizes != units->sizes) {
    return Error(
        Cause::DamagedInput,
        fmt::format("'spikes/times' and 'spikes/units' differ, with {} and {} lists or in their "
                    "lengths, expected the same of both",
                    times->total, units->total));
  }
  ShdRecordings out;
  out.total = times->total;
  out.seconds = std::move(times->values);
  out.channels = std::move(units->values);
  Result<Tensor> sizes =
      source.takeTensor(DType::I64, times->sizes.data(), static_cast<int64_t>(times->sizes.size()),
                        {nowhere, "'spikes/times'"});
  if (!sizes) {
    return sizes.takeError();
  }
  out.sizes = *std::move(sizes);
  if (Status failed = readLabels(source, out)) {
    return std::move(*failed);
  }
  return out;
}

void put(WireWriter &wire, const ShdRecordings &recordings) {
  wire.number(static_cast<uint64_t>(recordings.total));
  for (const Tensor *tensor :
       {&recordings.sizes, &recordings.seconds, &recordings.channels, &recordings.labels}) {
    wire.tensor(*tensor);
  }
}

void take(WireReader &wire, ShdRecordings &recordings) {
  recordings.total = static_cast<int64_t>(wire.choice(size_t(INT64_MAX)));
  for (Tensor *tensor :
       {&recordings.sizes, &recordings.seconds, &recordings.channels, &recordings.labels}) {
    *tensor = wire.tensor();
    bool isInteger = tensor == &recordings.sizes || tensor == &recordings.labels;
    if (tensor->rank() != 1 || tensor->dtype() != (isInteger ? DType::I64 : DType::F64)) {
      return wire.fail();
    }
  }
  int64_t left = recordings.seconds.size();
  for (int64_t i = 0; i < recordings.sizes.size(); ++i) {
    int64_t size = recordings.sizes.intAt(i);
    if (size < 0 || size > left) {
      return wire.fail();
    }
    left -= size;
  }
  bool hasLabels = recordings.labels.size() == recordings.sizes.size();
  if (left != 0 || recordings.channels.size() != recordings.seconds.size() ||
      !(hasLabels || recordings.labels.size() == 0)) {
    wire.fail();
  }
}

} // namespace nir
