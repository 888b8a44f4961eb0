//===- Summary.cpp - what a run gave, in a few lines ----------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/nirc/Summary.h"

#include "api/RunReport.h"
#include "api/io/Raster.h"
#include "ir/Wording.h"
#include "tools/text/NodeText.h"

#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <numeric>

namespace nirc {

static constexpr int64_t shownElements = 16;
static constexpr int64_t shownSamples = 10;

/// The element with the largest sum, the first of several; nothing to tell for one element.
static std::string argmax(const std::vector<double> &values) {
  if (values.size() < 2) {
    return {};
  }
  auto best = std::max_element(values.begin(), values.end());
  return fmt::format(", argmax {}", best - values.begin());
}

static std::string spikesText(const std::vector<double> &counts) {
  double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  auto active = counts.size() - static_cast<size_t>(std::count(counts.begin(), counts.end(), 0.0));
  std::string text =
      fmt::format("{} from {} of {}", nir::withNoun(fmt::format("{}", total), "spike"), active,
                  nir::counted(counts.size(), "neuron"));
  if (counts.size() > 1 && counts.size() <= shownElements) {
    text += fmt::format(", counts [{}]", fmt::join(counts, ", "));
  }
  return text + (total > 0 ? argmax(counts) : "");
}

static std::string valuesText(const nir::Tensor &data, int64_t sample,
                              const std::vector<double> &sum) {
  int64_t count = data.size() / data.shape()[0];
  auto width = static_cast<int64_t>(sum.size());
  double low = data.at(sample * count);
  double high = low;
  for (int64_t i = 0; i < count; ++i) {
    low = std::min(low, data.at(sample * count + i));
    high = std::max(high, data.at(sample * count + i));
  }
  std::vector<std::string> last;
  for (int64_t i = 0; i < std::min(width, shownElements); ++i) {
    last.push_back(fmt::format("{:.6g}", data.at((sample + 1) * count - width + i)));
  }
  return fmt::format("{:.6g} to {:.6g}, last [{}{}]{}", low, high, fmt::join(last, ", "),
                     width > shownElements ? ", ..." : "", argmax(sum));
}

std::string traceSummary(const nir::Trace &trace) {
  std::string title = fmt::format("{} {}", nameText(trace.node), trace.observable);
  if (trace.latency > 0) {
    title += fmt::format(", {} behind the sequential network", nir::counted(trace.latency, "step"));
  }
  int64_t samples = trace.data.shape()[0];
  std::string text;
  for (int64_t sample = 0; sample < std::min(samples, shownSamples); ++sample) {
    std::vector<double> sum = sums(trace.data, sample);
    text += samples == 1 ? title + ": " : fmt::format("{}, sample {}: ", title, sample);
    text += trace.observable == "spikes" ? spikesText(sum) : valuesText(trace.data, sample, sum);
    text += '\n';
  }
  if (samples > shownSamples) {
    text += fmt::format("{}: {}\n", title, nir::counted(samples - shownSamples, "more sample"));
  }
  return text;
}

std::string traceRaster(const nir::Trace &trace, int64_t width, double dtSeconds,
                        const std::string &sample) {
  if (trace.observable != "spikes") {
    return "";
  }
  std::string title = sample.empty() ? "" : fmt::format("  sample {}:\n", sample);
  return title + raster(trace.data, 0, width, 16, dtSeconds);
}

} // namespace nirc
