//===- ReadImage.cpp - files as an image, or an error ---------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// FlatBuffers' verifier shows that every table and vector lies within the file. What the numbers in
// them point to is checked here, so that neither a core nor who emulates it need look again.

#include "backends/Described.h"
#include "backends/spinnaker2/image/Image.h"
#include "backends/spinnaker2/image/Router.h"
#include "backends/spinnaker2/image/image_generated.h"
#include "backends/spinnaker2/map/PackRows.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace nirc;
using namespace nirc::spinnaker2;

namespace {

template <typename... Arguments>
nir::Status bad(fmt::format_string<Arguments...> text, Arguments &&...arguments) {
  return nir::Error(nir::Cause::DamagedFile,
                    "the image is damaged: " +
                        fmt::format(text, std::forward<Arguments>(arguments)...));
}

template <typename Vector>
size_t sizeOf(const Vector *vector) {
  return vector ? vector->size() : 0;
}

std::string textOf(const flatbuffers::String *text) { return text ? text->str() : std::string(); }

template <typename Number>
std::vector<Number> numbersOf(const flatbuffers::Vector<Number> *vector) {
  std::vector<Number> numbers(sizeOf(vector));
  if (!numbers.empty()) { // FlatBuffers 2.0's verifier looks at the alignment of lengths alone
    std::memcpy(numbers.data(), vector->Data(), numbers.size() * sizeof(Number));
  }
  return numbers;
}

/// The verifier and all reads expect a buffer to lie at a multiple of 8.
class Buffer {
public:
  explicit Buffer(std::string_view bytes)
      : aligned(bytes.size() / sizeof(uint64_t) + 1), size(bytes.size()) {
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
  }
  const uint8_t *data() const { return reinterpret_cast<const uint8_t *>(aligned.data()); }
  /// The root table; null if the file is of another kind, or cut short.
  template <typename Table>
  const Table *root(const char *identifier) const {
    constexpr size_t smallest = 8; // the offset of the root and the identifier
    flatbuffers::Verifier verifier(data(), size);
    bool isSound = size >= smallest && flatbuffers::BufferHasIdentifier(data(), identifier) &&
                   verifier.VerifyBuffer<Table>(identifier);
    return isSound ? flatbuffers::GetRoot<Table>(data()) : nullptr;
  }

private:
  std::vector<uint64_t> aligned;
  size_t size;
};

constexpr uint32_t four = 4;

//===----------------------------------------------------------------------===//
// Cores
//===----------------------------------------------------------------------===//

class CoreReader {
public:
  explicit CoreReader(const image::Core &from) : from(from) {}
  nir::Result<CoreImage> read();

private:
  nir::Status readHead();
  nir::Status readSlice(const image::Slice &slice, uint32_t &next);
  nir::Status readColumns(const image::Slice &slice, Slice &to);
  nir::Status readKeys();
  nir::Status readRows();
  nir::Status readChanges();
  nir::Status readDelays();

  const image::Core &from;
  CoreImage core;
};

} // namespace

nir::Status CoreReader::readHead() {
  if (from.version() != imageVersion) {
    return nir::Error(nir::Cause::OtherVersion, fmt::format("the core has version {}, expected {}",
                                                            from.version(), imageVersion))
        .note("write it again with `nirc compile --target spinnaker2`");
  }
  core.program = textOf(from.program());
  core.dataBegin = from.data_begin();
  core.data.places = from.places();
  core.data.ringBits = static_cast<int>(from.ring_bits());
  core.data.slots = from.slots();
  core.data.historySlots = from.history_slots();
  if (core.dataBegin % four != 0 || core.dataBegin > coreBytes - stackBytes) {
    return bad("its data begin at {:#x}, expected a multiple of 4 before {:#x}", core.dataBegin,
               coreBytes - stackBytes);
  }
  if (core.data.places == 0 || core.data.places % four != 0 || core.data.places > mostPlaces) {
    return bad("it has {} places, expected a multiple of 4 up to {}", core.data.places, mostPlaces);
  }
  if (from.ring_bits() != 16 && from.ring_bits() != 32) {
    return bad("its sums have {} bits, expected 16 or 32", from.ring_bits());
  }
  if (core.data.slots < 1 || core.data.slots > longestRingDelay + 1) {
    return bad("it keeps sums of {} steps, expected 1 to {}", core.data.slots,
               longestRingDelay + 1);
  }
  return {};
}

nir::Status CoreReader::readColumns(const image::Slice &slice, Slice &to) {
  constexpr size_t mostColumns = 24; // of firmware/pe.h
  if (sizeOf(slice.columns()) > mostColumns) {
    return bad("'{}' has {} columns, expected at most {}", to.node, sizeOf(slice.columns()),
               mostColumns);
  }
  for (uint32_t i = 0; i < sizeOf(slice.columns()); ++i) {
    const image::Column &each = *slice.columns()->Get(i);
    if (each.width() > image::Width::Float32) {
      return bad("'{}': column {} has no known width", to.node, i);
    }
    SliceColumn column{textOf(each.name()), static_cast<Width>(each.width()), each.is_state(),
                       numbersOf(each.bits())};
    if (column.bits.size() != to.neurons.size()) {
      return bad("'{}': column {} has {} numbers, expected {}", to.node, i, column.bits.size(),
                 to.neurons.size());
    }
    to.columns.push_back(std::move(column));
  }
  if (to.bias >= std::max<size_t>(to.columns.size(), 1)) {
    return bad("'{}': its biases are column {}, and there are {}", to.node, to.bias,
               to.columns.size());
  }
  return {};
}

nir::Status CoreReader::readSlice(const image::Slice &slice, uint32_t &next) {
  Slice to;
  to.node = textOf(slice.node());
  to.update = slice.update();
  to.first = slice.first();
  to.start = slice.start();
  to.sends = slice.sends();
  to.bias = slice.bias();
  if (to.first % four != 0 || to.first < next || to.first >= core.data.places) {
    return bad("'{}' has places from {} on, expected a multiple of 4 from {} up to {}", to.node,
               to.first, next, core.data.places);
  }
  for (uint32_t i = 0; i < sizeOf(slice.neurons()); ++i) {
    image::Range range = *slice.neurons()->Get(i);
    uint32_t room = core.data.places - to.first - static_cast<uint32_t>(to.neurons.size());
    if (range.first() >= range.end() || range.end() - range.first() > room ||
        range.end() > uint32_t{std::numeric_limits<int32_t>::max()}) {
      return bad("'{}' has neurons {} to {}, and {} places for them", to.node, range.first(),
                 range.end(), room);
    }
    for (uint32_t n = range.first(); n < range.end(); ++n) {
      to.neurons.push_back(static_cast<int32_t>(n));
    }
  }
  if (to.neurons.empty()) {
    return bad("'{}' has no neurons", to.node);
  }
  next = to.first + static_cast<uint32_t>(to.neurons.size());
  if (nir::Status wrong = readColumns(slice, to)) {
    return wrong;
  }
  core.data.slices.push_back(std::move(to));
  return {};
}

nir::Status CoreReader::readKeys() {
  uint64_t next = 0;
  for (uint32_t i = 0; i < sizeOf(from.keys()); ++i) {
    const image::Keys &each = *from.keys()->Get(i);
    KeyRange range{each.first(), numbersOf(each.pointers()), each.matrix_rows()};
    bool isSound = range.key >= next && !range.pointers.empty() && range.count() <= mostKeys &&
                   (range.matrixRows == 0 || range.pointers.size() == 1);
    if (!isSound) {
      return bad("keys {:#x} and on have {} rows, expected them after key {:#x}, 1 to {} of them",
                 range.key, range.count(), next, mostKeys);
    }
    next = uint64_t{range.key} + range.count();
    if (next > uint64_t{1} << 32) {
      return bad("keys {:#x} and on have {} rows, beyond the last key", range.key, range.count());
    }
    core.data.keys.push_back(std::move(range));
  }
  return {};
}

/// Whether it ends within the words, and its one block, a run, is sound.
static bool isSoundMatrix(std::span<const uint32_t> rows, const KeyRange &range,
                          const CoreData &core) {
  constexpr size_t head = 2;
  size_t from = range.pointers[0];
  if (from > rows.size() || rows.size() - from < head) {
    return false;
  }
  rows = rows.subspan(from);
  Block block = Block::of(rows[1]);
  if (block.kind > BlockKind::Run32 || !block.isLast || block.words() != rows[0] ||
      uint64_t{rows[0]} * range.matrixRows > rows.size() - head) {
    return false;
  }
  return isSoundRow(rows.subspan(1), core.places, core.slots);
}

nir::Status CoreReader::readRows() {
  core.data.rows = numbersOf(from.rows());
  std::span<const uint32_t> rows = core.data.rows;
  for (const KeyRange &range : core.data.keys) {
    if (range.matrixRows > 0) {
      if (!isSoundMatrix(rows, range, core.data)) {
        return bad("the rows of key {:#x} and on do not end within the {} words of rows, or add to "
                   "a place or a step that there is not",
                   range.key, rows.size());
      }
      continue;
    }
    for (size_t i = 0; i < range.pointers.size(); ++i) {
      uint16_t pointer = range.pointers[i];
      bool isSound = pointer == noRow ||
                     (pointer < rows.size() &&
                      isSoundRow(rows.subspan(pointer), core.data.places, core.data.slots));
      if (!isSound) {
        return bad("the row of key {:#x} does not end within the {} words of rows, or adds to a "
                   "place or a step that there is not",
                   range.key + i, rows.size());
      }
    }
  }
  return {};
}

nir::Status CoreReader::readChanges() {
  uint32_t step = 0;
  for (uint32_t i = 0; i < sizeOf(from.changes()); ++i) {
    const image::Change &each = *from.changes()->Get(i);
    bool isSound = each.step() >= step && each.slice() < core.data.slices.size();
    if (isSound) {
      const Slice &slice = core.data.slices[each.slice()];
      isSound = each.neuron() < slice.neurons.size() && slice.bias < slice.columns.size() &&
                bytesOf(slice.columns[slice.bias].width) == 4;
    }
    if (!isSound) {
      return bad("the change {} of a bias is of a neuron or a step that there is not", i);
    }
    step = each.step();
    core.data.changes.push_back({each.step(), each.slice(), each.neuron(), each.added()});
  }
  return {};
}

nir::Status CoreReader::readDelays() {
  core.data.sendDelays = numbersOf(from.send_delays());
  size_t expected = core.data.historySlots > 0 ? core.data.places : 0;
  if (core.data.sendDelays.size() != expected || core.data.historySlots > neverSends) {
    return bad("it has {} delays of what it sends, expected {}", core.data.sendDelays.size(),
               expected);
  }
  for (uint16_t delay : core.data.sendDelays) {
    if (delay != neverSends && delay >= core.data.historySlots) {
      return bad("it sends {} steps late, and keeps {}", delay, core.data.historySlots);
    }
  }
  return {};
}

nir::Result<CoreImage> CoreReader::read() {
  nir::Status wrong = readHead();
  uint32_t next = 0;
  for (uint32_t i = 0; i < sizeOf(from.slices()) && !wrong; ++i) {
    wrong = readSlice(*from.slices()->Get(i), next);
  }
  wrong = wrong ? std::move(wrong) : readKeys();
  wrong = wrong ? std::move(wrong) : readRows();
  wrong = wrong ? std::move(wrong) : readChanges();
  wrong = wrong ? std::move(wrong) : readDelays();
  if (!wrong) {
    int64_t room = coreBytes - stackBytes - core.dataBegin, needed = bytesOf(core.data).data();
    if (needed > room) {
      wrong = bad("its data are {} bytes, expected at most {}, what its program leaves of {}",
                  needed, room, coreBytes);
    }
  }
  return wrong ? nir::Result<CoreImage>(std::move(*wrong)) : std::move(core);
}

nir::Result<CoreImage> nirc::spinnaker2::readCore(std::string_view bytes) {
  Buffer buffer(bytes);
  const auto *root = buffer.root<image::Core>("NRSC");
  if (!root) {
    return *bad("its tables are not within its {} bytes, or are not those of a core", bytes.size());
  }
  return CoreReader(*root).read();
}

//===----------------------------------------------------------------------===//
// The network
//===----------------------------------------------------------------------===//

namespace {
class NetworkReader {
public:
  explicit NetworkReader(const image::Network &from) : from(from) {}
  nir::Result<NetworkImage> read();

private:
  nir::Status readCores();
  nir::Status readChips();
  nir::Status readInputs();
  nir::Status readReadout(const image::Readout &readout);
  nir::Status readHead();
  nir::Status readShape(const flatbuffers::Vector<int64_t> *shape, size_t elements,
                        const std::string &node, nir::Shape &to);

  const image::Network &from;
  NetworkImage network;
};
} // namespace

nir::Status NetworkReader::readCores() {
  for (uint32_t i = 0; i < sizeOf(from.cores()); ++i) {
    const image::Place &each = *from.cores()->Get(i);
    constexpr uint32_t mostChips = 48;
    if (each.chip() >= mostChips || each.column() >= uint32_t(chipGrid.columns) ||
        each.row() >= uint32_t(chipGrid.rows) || each.first_key() != i * keysOfCore) {
      return bad("core {} is on chip {} at ({}, {}) with keys from {:#x} on, expected a place on "
                 "{} chips of {} by {} and {:#x}",
                 i, each.chip(), each.column(), each.row(), each.first_key(), mostChips,
                 chipGrid.columns, chipGrid.rows, i * keysOfCore);
    }
    NetworkImage::Core &core = network.cores.emplace_back();
    core.chip = static_cast<int32_t>(each.chip());
    core.column = static_cast<int32_t>(each.column());
    core.row = static_cast<int32_t>(each.row());
    core.file = textOf(each.file());
    core.firstKey = each.first_key();
    for (uint32_t n = 0; n < sizeOf(each.nodes()); ++n) {
      core.nodes.push_back(textOf(each.nodes()->Get(n)));
    }
  }
  return {};
}

nir::Status NetworkReader::readChips() {
  for (uint32_t i = 0; i < sizeOf(from.chips()); ++i) {
    const image::Chip &chip = *from.chips()->Get(i);
    std::vector<RouteEntry> &entries = network.chips.emplace_back();
    if (sizeOf(chip.routes()) > multicastEntries) {
      return bad("chip {} has {} multicast entries, expected at most {}", i, sizeOf(chip.routes()),
                 multicastEntries);
    }
    for (uint32_t r = 0; r < sizeOf(chip.routes()); ++r) {
      const image::Route &each = *chip.routes()->Get(r);
      RouteEntry entry{
          each.key(), each.mask(), {numbersOf(each.cores()), each.to_next(), each.to_previous()}};
      bool isSound =
          (entry.key & ~entry.mask) == 0 &&
          std::ranges::is_sorted(entry.to.cores, std::less_equal<>()) &&
          std::ranges::all_of(entry.to.cores, [](uint16_t core) { return core < coresPerChip; });
      if (!isSound) {
        return bad("chip {}: its multicast entry {} has bits outside its mask, or cores that there "
                   "are not",
                   i, r);
      }
      entries.push_back(std::move(entry));
    }
  }
  return {};
}

nir::Status NetworkReader::readShape(const flatbuffers::Vector<int64_t> *shape, size_t elements,
                                     const std::string &node, nir::Shape &to) {
  constexpr uint64_t most = std::numeric_limits<int32_t>::max();
  constexpr size_t mostDimensions = 64;
  std::vector<int64_t> dims = numbersOf(shape);
  uint64_t product = dims.size() > mostDimensions ? 0 : 1;
  for (int64_t size : dims) {
    bool fits = size > 0 && static_cast<uint64_t>(size) <= most;
    product = fits ? product * static_cast<uint64_t>(size) : 0;
    product = product > most ? 0 : product;
  }
  if (product == 0 || (elements > 0 && product != elements)) {
    return bad("'{}' has a shape that is not one of {} elements", node,
               elements > 0 ? std::to_string(elements) : fmt::format("1 to {}", most));
  }
  to.assign(dims.begin(), dims.end());
  return {};
}

nir::Status NetworkReader::readInputs() {
  uint64_t next = firstInputKey;
  for (uint32_t i = 0; i < sizeOf(from.inputs()); ++i) {
    const image::Input &each = *from.inputs()->Get(i);
    NetworkImage::Input input{textOf(each.node()), {}, each.first(), numbersOf(each.send_delays())};
    if (nir::Status wrong =
            readShape(each.shape(), input.sendDelays.size(), input.node, input.shape)) {
      return wrong;
    }
    if (input.firstKey != next) {
      return bad("input '{}' has keys from {:#x} on, expected {:#x}", input.node, input.firstKey,
                 next);
    }
    next += static_cast<uint64_t>(nir::numElements(input.shape));
    network.inputs.push_back(std::move(input));
  }
  if (next > uint64_t{1} << 32) {
    return bad("its inputs have more elements than there are keys");
  }
  return {};
}

nir::Status NetworkReader::readReadout(const image::Readout &readout) {
  NetworkImage::Readout to;
  to.node = textOf(readout.node());
  to.observable = textOf(readout.observable());
  to.isSpikes = readout.is_spikes();
  to.column = readout.column();
  to.scales = numbersOf(readout.scales());
  to.latency = readout.latency();
  size_t count = sizeOf(readout.neurons());
  if (count == 0) {
    return bad("'{}' is read from no neuron", to.node);
  }
  if (nir::Status wrong = readShape(readout.shape(), count, to.node, to.shape)) {
    return wrong;
  }
  bool isScaled = to.isSpikes || to.scales.size() == 1 ||
                  (!to.scales.empty() && !to.shape.empty() &&
                   to.shape[0] == static_cast<int64_t>(to.scales.size()));
  isScaled &= std::ranges::all_of(to.scales, [](double s) { return std::isfinite(s) && s > 0; });
  if (!isScaled || to.latency < 0) {
    return bad("'{}' has {} scales and a latency of {}, expected finite ones, one or one a "
               "channel, and no less than 0",
               to.node, to.scales.size(), to.latency);
  }
  for (uint32_t i = 0; i < count; ++i) {
    const image::Neuron &each = *readout.neurons()->Get(i);
    if (each.core() >= network.cores.size()) {
      return bad("'{}' is read from core {}, and there are {}", to.node, each.core(),
                 network.cores.size());
    }
    to.neurons.push_back({each.core(), each.place()});
  }
  network.readouts.push_back(std::move(to));
  return {};
}

nir::Status NetworkReader::readHead() {
  network.nirc = textOf(from.nirc());
  network.model = textOf(from.model());
  network.semantics = textOf(from.semantics());
  network.format = textOf(from.format());
  network.dtSeconds = from.dt_seconds();
  network.isFloat = from.is_float();
  network.outputs = from.outputs();
  network.records = from.records();
  if (!std::isfinite(network.dtSeconds) || network.dtSeconds <= 0) {
    return bad("its steps take {} s", network.dtSeconds);
  }
  std::string problem = problemOf(network.semantics, network.format, network.dtSeconds);
  if (!problem.empty()) {
    return bad("{}", problem);
  }
  size_t all = network.readouts.size();
  if (network.outputs > all || network.records > all - network.outputs) {
    return bad("{} of its readouts are outputs and {} records, and there are {}", network.outputs,
               network.records, all);
  }
  for (size_t i = network.outputs + network.records; i < all; ++i) {
    if (!network.readouts[i].isState()) {
      return bad("readout {} is '{}', expected a state", i, network.readouts[i].observable);
    }
  }
  return {};
}

nir::Result<NetworkImage> NetworkReader::read() {
  if (from.version() != imageVersion) {
    return nir::Error(nir::Cause::OtherVersion, fmt::format("the image has version {}, expected {}",
                                                            from.version(), imageVersion))
        .note("write it again with `nirc compile --target spinnaker2`");
  }
  nir::Status wrong = readCores();
  wrong = wrong ? std::move(wrong) : readChips();
  wrong = wrong ? std::move(wrong) : readInputs();
  for (uint32_t i = 0; i < sizeOf(from.readouts()) && !wrong; ++i) {
    wrong = readReadout(*from.readouts()->Get(i));
  }
  wrong = wrong ? std::move(wrong) : readHead();
  return wrong ? nir::Result<NetworkImage>(std::move(*wrong)) : std::move(network);
}

nir::Result<NetworkImage> nirc::spinnaker2::readNetwork(std::string_view bytes) {
  Buffer buffer(bytes);
  const auto *root = buffer.root<image::Network>(image::NetworkIdentifier());
  if (!root) {
    return nir::Error(nir::Cause::NotAProgram,
                      "found no image of SpiNNaker2, expected a file that `nirc compile --target "
                      "spinnaker2` wrote");
  }
  return NetworkReader(*root).read();
}

//===----------------------------------------------------------------------===//
// Both together
//===----------------------------------------------------------------------===//

/// Readouts are of neurons that there are, and numbers of columns that their slices have.
static nir::Status checkReadouts(const Image &image) {
  for (const NetworkImage::Readout &readout : image.network.readouts) {
    for (NeuronPlace neuron : readout.neurons) {
      const Slice *slice = sliceAt(image.cores[neuron.core].data, neuron.place);
      if (!slice || (!readout.isSpikes && readout.column >= slice->columns.size())) {
        return bad("{}: '{}' is read from the place {}, which has no {}",
                   nameOf(image.network, neuron.core), readout.node, neuron.place,
                   slice ? fmt::format("column {}", readout.column) : std::string("neuron"));
      }
    }
  }
  return {};
}

/// The core that sends packets with the key; one beyond the cores where an input does, none where
/// nobody does.
static std::optional<size_t> senderOf(const Image &image, uint32_t key) {
  if (key >= firstInputKey) {
    uint64_t elements = 0;
    for (const NetworkImage::Input &each : image.network.inputs) {
      elements += static_cast<uint64_t>(nir::numElements(each.shape));
    }
    return key - firstInputKey < elements ? std::optional(image.cores.size()) : std::nullopt;
  }
  size_t core = key / keysOfCore;
  if (core >= image.cores.size()) {
    return std::nullopt;
  }
  const Slice *slice = sliceAt(image.cores[core].data, key % keysOfCore);
  return slice && slice->sends ? std::optional(core) : std::nullopt;
}

nir::Status nirc::spinnaker2::checkImage(const Image &image) {
  if (nir::Status wrong = checkReadouts(image)) {
    return wrong;
  }
  Router router(image.network);
  std::vector<std::pair<int32_t, uint16_t>> known;
  for (const NetworkImage::Core &core : image.network.cores) {
    known.emplace_back(core.chip, core.onChip());
  }
  std::ranges::sort(known);
  if (std::ranges::adjacent_find(known) != known.end()) {
    return bad("two cores have one place");
  }
  for (size_t i = 0; i < image.cores.size(); ++i) {
    for (const KeyRange &range : image.cores[i].data.keys) {
      for (size_t k = 0; k < range.count(); ++k) {
        auto key = static_cast<uint32_t>(range.key + k);
        std::optional<size_t> sender = senderOf(image, key);
        if ((range.matrixRows == 0 && range.pointers[k] == noRow) || !sender) {
          continue;
        }
        std::vector<uint32_t> reached = router.coresOf(key);
        if (!std::ranges::binary_search(reached, static_cast<uint32_t>(i))) {
          return bad("packets {:#x} of {} are missing in {}, which has a row for them: no "
                     "multicast entry leads there",
                     key,
                     *sender == image.cores.size() ? std::string("an input")
                                                   : nameOf(image.network, *sender),
                     nameOf(image.network, i));
        }
      }
    }
  }
  return {};
}
