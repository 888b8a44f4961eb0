//===- LabelledSet.cpp - samples with their classes -----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/io/LabelledSet.h"

#include "ir/Wording.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <numeric>

namespace nirc {

/// One of each class in turn: by how many of its class come before a sample.
static std::vector<int64_t> inTurn(const std::vector<int64_t> &labels) {
  std::map<int64_t, int64_t> seen;
  std::vector<int64_t> before;
  for (int64_t label : labels) {
    before.push_back(seen[label]++);
  }
  std::vector<int64_t> order(labels.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    auto i = static_cast<size_t>(a), j = static_cast<size_t>(b);
    return std::pair(before[i], labels[i]) < std::pair(before[j], labels[j]); // no two are equal
  });
  return order;
}

std::string LabelledSet::nameOf(int64_t place) const {
  auto sample = static_cast<size_t>(order[static_cast<size_t>(place)]);
  return samples->names.empty() ? fmt::format("{}", sample) : samples->names[sample];
}

/// Says where a file of labels and the folders, which are called by numbers, contradict each other.
static void remarkOnFolders(const LabelledSet &set, const std::string &source, Heard &heard) {
  nir::Result<Labels> folders = labelsOf(*set.samples, "folders");
  if (!folders || !folders->names.empty()) {
    return;
  }
  int64_t others = 0;
  for (size_t i = 0; i < folders->values.size(); ++i) {
    others += folders->values[i] != set.labels.values[i];
  }
  if (others > 0) {
    heard.remarks.add(
        {{nir::Severity::Warning,
          source,
          {},
          fmt::format("the folders say another class than {} for {} of {}", set.labels.from, others,
                      nir::counted(folders->values.size(), "sample")),
          {{{},
            "labels are in the natural order of the folders and files; --labels "
            "folders takes the folders' names"}}}});
  }
}

nir::Result<LabelledSet> openLabelled(const InputSource &source, const std::string &labels,
                                      const InputOptions &options, Heard &heard) {
  LabelledSet set;
  set.port = source.port;
  set.dtSeconds = options.dtSeconds;
  InputOptions how = options;
  bool isFile = isLabelFile(labels);
  if (isFile) {
    nir::Result<Labels> read = readLabels(labels, options.maxBytes);
    if (!read) {
      return read.takeError();
    }
    set.labels = *std::move(read);
    how.samples = static_cast<int64_t>(set.labels.values.size());
  }
  auto opened = openSource(source, how, heard);
  if (!opened) {
    return opened.takeError();
  }
  set.samples = *std::move(opened);
  if (!isFile) {
    nir::Result<Labels> said = labelsOf(*set.samples, labels);
    if (!said) {
      return said.takeError();
    }
    set.labels = *std::move(said);
  }
  if (static_cast<int64_t>(set.labels.values.size()) != set.samples->count) {
    return nir::Error(nir::Cause::Label,
                      fmt::format("found {}, expected {}, one a sample of {}",
                                  nir::counted(set.labels.values.size(), "label"),
                                  set.samples->count, source.source))
        .in(labels);
  }
  if (isFile && !set.samples->folders.empty()) {
    remarkOnFolders(set, source.source, heard);
  }
  if (set.samples->folders.empty()) {
    set.order.resize(set.labels.values.size());
    std::iota(set.order.begin(), set.order.end(), 0);
  } else {
    set.order = inTurn(set.labels.values);
    std::vector<int64_t> ordered;
    for (int64_t sample : set.order) {
      ordered.push_back(set.labels.values[static_cast<size_t>(sample)]);
    }
    set.labels.values = std::move(ordered);
  }
  set.steps = options.steps ? options.steps : set.samples->steps();
  set.shortest = set.samples->steps();
  return set;
}

nir::Result<bool> sourceHasLabels(const InputSource &source, const InputOptions &options) {
  if (isGenerated(source.source)) {
    return false;
  }
  Heard ignored;
  auto opened = openSource(source, options, ignored);
  return opened ? nir::Result<bool>(!(*opened)->labels.empty() || !(*opened)->folders.empty())
                : opened.takeError();
}

nir::Status measureSteps(LabelledSet &set, int64_t first, int64_t number) {
  if (set.steps > 0) {
    return std::nullopt;
  }
  set.shortest = INT64_MAX;
  Heard ignored;
  for (int64_t place = first; place < first + number; ++place) {
    auto sample = set.samples->read(set.order[static_cast<size_t>(place)], 0, ignored);
    if (!sample) {
      return sample.takeError();
    }
    set.steps = std::max(set.steps, sample->shape()[1]);
    set.shortest = std::min(set.shortest, sample->shape()[1]);
  }
  return std::nullopt;
}

nir::Result<nir::Recording> LabelledSet::show(int64_t first, int64_t number, uint64_t seed,
                                              Heard &heard) const {
  nir::Shape shape = joined({number, steps}, port.shape);
  std::optional<nir::Tensor> batch;
  std::byte *out = nullptr;
  for (int64_t i = 0; i < number; ++i) {
    auto sample = samples->read(order[static_cast<size_t>(first + i)], seed, heard);
    if (!sample) {
      return sample.takeError();
    }
    if (!batch) {
      auto [whole, bytes] = nir::Tensor::allocate(sample->dtype(), shape);
      batch = whole;
      out = bytes;
    }
    if (sample->dtype() != batch->dtype()) {
      return nir::Error(nir::Cause::InputFormat,
                        fmt::format("found dtype {}, expected {} as in {}",
                                    nir::name(sample->dtype()), nir::name(batch->dtype()),
                                    samples->fileOf(order[static_cast<size_t>(first)])))
          .in(samples->fileOf(order[static_cast<size_t>(first + i)]));
    }
    size_t room = batch->sizeInBytes() / static_cast<size_t>(number);
    std::memcpy(out + static_cast<size_t>(i) * room, sample->bytes(),
                std::min(room, sample->sizeInBytes()));
  }
  nir::Recording input{dtSeconds, {}};
  input.traces.push_back({port.node, "value", *std::move(batch)});
  return input;
}

namespace {
/// What a set showed.
class Shown : public SourceSamples {
public:
  explicit Shown(nir::Tensor shown) : array(std::move(shown)) { count = array.shape()[0]; }
  nir::Result<nir::Tensor> read(int64_t i, uint64_t /*seed*/, Heard & /*heard*/) const override {
    return sampleOf(array, i);
  }
  std::string fileOf(int64_t i) const override { return fmt::format("sample {}", i); }
  int64_t steps() const override { return array.shape()[1]; }
  const nir::Tensor *whole() const override { return &array; }

private:
  nir::Tensor array;
};
} // namespace

nir::Result<LabelledSet> held(const LabelledSet &set, int64_t first, int64_t number, uint64_t seed,
                              Heard &heard) {
  nir::Result<nir::Recording> shown = set.show(first, number, seed, heard);
  if (!shown) {
    return shown.takeError();
  }
  LabelledSet some = set;
  some.samples = std::make_shared<const Shown>(shown->traces.front().data);
  auto begin = set.labels.values.begin() + static_cast<ptrdiff_t>(first);
  some.labels.values.assign(begin, begin + static_cast<ptrdiff_t>(number));
  some.order.resize(static_cast<size_t>(number));
  std::iota(some.order.begin(), some.order.end(), 0);
  return some;
}

} // namespace nirc
