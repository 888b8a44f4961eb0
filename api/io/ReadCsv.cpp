//===- ReadCsv.cpp - results as text, read back ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The results that csvText wrote: comment lines "# key: value", a line of columns, a line a step.
// A column is "NODE.OBSERVABLE[i][j]", in quotes where the node's name asks for it.
//
//===----------------------------------------------------------------------===//

#include "api/io/ReadResults.h"

#include "ir/Wording.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace nirc {

using Json = nlohmann::ordered_json;

namespace {
/// The text line by line, cell by cell; a quoted cell may hold line ends.
class CsvLines {
public:
  explicit CsvLines(std::string_view text) : rest(text) {}

  bool done() const { return rest.empty(); }
  size_t line() const { return number; }
  bool atComment() const { return rest.starts_with('#'); }
  std::string_view comment() { return take(rest.find('\n')); }

  /// The cells of the next line; nothing where a quote stays open.
  std::optional<std::vector<std::string>> cells() {
    std::vector<std::string> cells(1);
    bool quoted = false;
    size_t at = 0;
    for (; at < rest.size() && (quoted || rest[at] != '\n'); ++at) {
      if (rest[at] == '"') {
        bool doubled = quoted && at + 1 < rest.size() && rest[at + 1] == '"';
        quoted = doubled || !quoted;
        if (!doubled) {
          continue;
        }
        ++at;
      } else if (rest[at] == ',' && !quoted) {
        cells.emplace_back();
        continue;
      }
      cells.back() += rest[at];
    }
    take(at);
    return quoted ? std::nullopt : std::optional(std::move(cells));
  }

private:
  /// The first `count` letters; the end of the line goes with them.
  std::string_view take(size_t count) {
    std::string_view taken = rest.substr(0, count);
    rest.remove_prefix(std::min(rest.size(), taken.size() + 1));
    ++number;
    return taken;
  }

  std::string_view rest;
  size_t number = 0;
};

/// The columns of one trace: `count` of them from `begin` on.
struct Columns {
  std::string node, observable;
  size_t begin = 0;
  size_t count = 0;
  nir::Shape last; ///< index of the last column
};
} // namespace

/// Takes "[3][4]" off the end of `text`.
static nir::Shape takeIndex(std::string_view &text) {
  nir::Shape index;
  while (text.ends_with(']')) {
    size_t open = text.rfind('[');
    int64_t value = 0;
    if (open == std::string_view::npos ||
        std::from_chars(text.data() + open + 1, text.data() + text.size() - 1, value).ptr !=
            text.data() + text.size() - 1 ||
        value < 0) {
      break;
    }
    index.insert(index.begin(), value);
    text = text.substr(0, open);
  }
  return index;
}

/// The traces that the columns from `begin` on are of; neighbours of one name are one trace.
static std::optional<std::vector<Columns>> traceColumns(const std::vector<std::string> &header,
                                                        size_t begin) {
  std::vector<Columns> traces;
  for (size_t i = begin; i < header.size(); ++i) {
    std::string_view name = header[i];
    nir::Shape index = takeIndex(name);
    size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) {
      return std::nullopt;
    }
    std::string node(name.substr(0, dot));
    std::string observable(name.substr(dot + 1));
    if (traces.empty() || traces.back().node != node || traces.back().observable != observable) {
      traces.push_back({node, observable, i, 0, {}});
    }
    ++traces.back().count;
    traces.back().last = index;
  }
  return traces;
}

/// The node's shape by the index of its last element; flat where that does not add up.
static nir::Shape shapeOf(const Columns &columns) {
  nir::Shape shape = columns.last;
  double product = 1.0;
  for (int64_t &dim : shape) {
    product *= static_cast<double>(dim) + 1.0;
    dim = product <= static_cast<double>(columns.count) ? dim + 1 : dim;
  }
  bool fits = product == static_cast<double>(columns.count);
  return fits ? shape : nir::Shape{static_cast<int64_t>(columns.count)};
}

template <typename T>
static std::optional<T> numberOf(std::string_view text) {
  T value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = error == std::errc() && end == text.data() + text.size();
  return whole ? std::optional(value) : std::nullopt;
}

/// The cells of a trace's columns, all rows, as T; the error is the row that has no number.
template <typename T>
static std::optional<nir::Tensor> valuesOf(const std::vector<std::vector<std::string>> &rows,
                                           const Columns &columns, nir::Shape shape,
                                           size_t &badRow) {
  auto [tensor, bytes] = nir::Tensor::allocate(nir::dtypeOf<T>(), std::move(shape));
  T *out = reinterpret_cast<T *>(bytes);
  for (size_t row = 0; row < rows.size(); ++row) {
    for (size_t i = 0; i < columns.count; ++i) {
      std::optional<T> value = numberOf<T>(rows[row][columns.begin + i]);
      if (!value) {
        badRow = row;
        return std::nullopt;
      }
      *out++ = *value;
    }
  }
  return tensor;
}

/// The comments as provenance: JSON where it is a number or a list, else text.
static void addComment(std::string_view line, Json &provenance) {
  line.remove_prefix(std::min(line.find_first_not_of("# "), line.size()));
  size_t colon = line.find(": ");
  if (colon != std::string_view::npos) {
    std::string_view value = line.substr(colon + 2);
    Json parsed = Json::parse(value, nullptr, /*allow_exceptions=*/false);
    bool plain = parsed.is_number() || parsed.is_array();
    provenance[std::string(line.substr(0, colon))] = plain ? parsed : Json(std::string(value));
  }
}

nir::Result<ReadResult> parseCsv(std::string_view text, const std::string &file) {
  ReadResult result;
  CsvLines lines(text);
  while (!lines.done() && lines.atComment()) {
    addComment(lines.comment(), result.provenance);
  }
  auto damaged = [&](size_t line, const std::string &what) {
    return nir::Error(nir::Cause::DamagedInput, fmt::format("line {}: {}", line, what)).in(file);
  };
  auto header = lines.cells();
  size_t headerLine = lines.line();
  result.batched = header && header->front() == "sample";
  size_t begin = result.batched ? 3 : 2;
  auto columns = header && header->size() > begin && (*header)[begin - 2] == "step"
                     ? traceColumns(*header, begin)
                     : std::nullopt;
  if (!columns) {
    return damaged(headerLine, "expected the columns step, time, NODE.OBSERVABLE[0], ...");
  }
  std::vector<std::vector<std::string>> rows;
  while (!lines.done()) {
    auto cells = lines.cells();
    if (!cells || cells->size() != header->size()) {
      return damaged(lines.line(),
                     fmt::format("found {}, expected {}",
                                 nir::counted(cells ? cells->size() : 0, "cell"), header->size()));
    }
    rows.push_back(std::move(*cells));
  }
  int64_t batch = 1;
  if (result.batched && !rows.empty()) {
    int64_t last = numberOf<int64_t>(rows.back()[0]).value_or(0);
    batch = std::clamp<int64_t>(last, 0, static_cast<int64_t>(rows.size())) + 1;
  }
  auto count = static_cast<int64_t>(rows.size());
  if (count == 0 || count % batch != 0) {
    return damaged(lines.line(),
                   fmt::format("found {}, expected as many for each of {}",
                               nir::counted(count, "row"), nir::counted(batch, "sample")));
  }
  auto dtype = result.provenance.find("dtype");
  bool isFloat32 = dtype != result.provenance.end() && *dtype == "float32";
  for (const Columns &one : *columns) {
    nir::Shape shape = shapeOf(one);
    shape.insert(shape.begin(), {batch, count / batch});
    size_t badRow = 0;
    // Digits read back to the bits they were printed from only in their own dtype.
    auto data = one.observable == "spikes" ? valuesOf<int32_t>(rows, one, shape, badRow)
                : isFloat32                ? valuesOf<float>(rows, one, shape, badRow)
                                           : valuesOf<double>(rows, one, shape, badRow);
    if (!data) {
      return damaged(headerLine + 1 + badRow,
                     fmt::format("a cell of {}.{} is not a number", one.node, one.observable));
    }
    result.recording.traces.push_back({one.node, one.observable, *data});
  }
  auto dt = result.provenance.find("dt");
  result.recording.dtSeconds =
      dt != result.provenance.end() && dt->is_number() ? dt->get<double>() : 0.0;
  return result;
}

} // namespace nirc
