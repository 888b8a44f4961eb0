//===- ReadImage.cpp - a file as an image, or an error --------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// FlatBuffers' verifier shows that every table and vector lies within the file. What the numbers in
// them point to is checked here, so that the chip model need not look again.

#include "backends/Described.h"
#include "backends/loihi2/image/Image.h"
#include "backends/loihi2/image/image_generated.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <limits>

using namespace nirc;
using namespace nirc::loihi2;

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

/// FlatBuffers 2.0's verifier looks at the alignment of a vector's length alone.
template <typename Element>
bool isAligned(const flatbuffers::Vector<Element> *vector) {
  return sizeOf(vector) == 0 || reinterpret_cast<uintptr_t>(vector->Data()) % sizeof(Element) == 0;
}

std::string textOf(const flatbuffers::String *text) { return text ? text->str() : std::string(); }

/// Takes fields out of words, from the lowest bit upwards.
class BitReader {
public:
  BitReader(const flatbuffers::Vector<uint64_t> &words, size_t word) : words(words), at(word) {}
  /// False past the end.
  bool take(int bits, uint64_t &field) {
    field = 0;
    for (int got = 0; got < bits;) {
      if (at >= words.size()) {
        return false;
      }
      int fit = std::min(bits - got, 64 - used);
      uint64_t part = words.Get(static_cast<uint32_t>(at)) >> used;
      field |= (part & ((uint64_t{1} << fit) - 1)) << got;
      got += fit;
      used += fit;
      if (used == 64) {
        ++at;
        used = 0;
      }
    }
    return true;
  }
  /// The word after the one that was begun.
  size_t nextWord() const { return at + (used > 0); }

private:
  const flatbuffers::Vector<uint64_t> &words;
  size_t at;
  int used = 0;
};

class CoreReader {
public:
  CoreReader(const image::Core &from, size_t index, Image::Core &to)
      : from(from), index(index), to(to) {}

  nir::Status read();

private:
  nir::Status readNeurons();
  nir::Status readParameters();
  nir::Status readFormats();
  nir::Status readSynapses();
  nir::Status readBlock(size_t &word);
  nir::Status checkDrive() const;
  template <typename Field>
  nir::Status parameter(const flatbuffers::Vector<Field> *values, const char *name, int64_t least,
                        int64_t most, int32_t Compartment::*field);

  const image::Core &from;
  size_t index;
  Image::Core &to;
  std::vector<SynapseFormat> formats;
};

} // namespace

//===----------------------------------------------------------------------===//
// Cores
//===----------------------------------------------------------------------===//

template <typename Field>
nir::Status CoreReader::parameter(const flatbuffers::Vector<Field> *values, const char *name,
                                  int64_t least, int64_t most, int32_t Compartment::*field) {
  size_t count = to.compartments.size(), found = sizeOf(values);
  if (found != 1 && found != count) {
    return bad("core {} has {} values of {}, expected 1 or {}", index, found, name, count);
  }
  for (size_t n = 0; n < count; ++n) {
    int64_t value = values->Get(static_cast<uint32_t>(found == 1 ? 0 : n));
    if (value < least || value > most) {
      return bad("core {}, compartment {}: {} is {}, expected {} to {}", index, n, name, value,
                 least, most);
    }
    to.compartments[n].*field = static_cast<int32_t>(value);
  }
  return {};
}

/// Where the core is and what its compartments are.
nir::Status CoreReader::readNeurons() {
  constexpr uint32_t most = std::numeric_limits<int32_t>::max();
  if (from.chip() > most || from.column() >= uint32_t(chipGrid.columns) ||
      from.row() >= uint32_t(chipGrid.rows)) {
    return bad("core {} is on chip {} at ({}, {}), expected a place in a grid of {} by {}", index,
               from.chip(), from.column(), from.row(), chipGrid.columns, chipGrid.rows);
  }
  to.chip = static_cast<int32_t>(from.chip());
  to.column = static_cast<int32_t>(from.column());
  to.row = static_cast<int32_t>(from.row());
  uint64_t count = 0;
  for (uint32_t i = 0; i < sizeOf(from.neurons()); ++i) {
    const image::Neurons *each = from.neurons()->Get(i);
    Mapping::Neurons &neurons = to.neurons.emplace_back();
    neurons.node = textOf(each->node());
    for (uint32_t r = 0; r < sizeOf(each->ranges()); ++r) {
      uint32_t first = each->ranges()->Get(r)->first(), end = each->ranges()->Get(r)->end();
      if (first >= end || end > most) {
        return bad(
            "core {} has neurons {} to {} of node '{}', expected the first and an end after it",
            index, first, end, neurons.node);
      }
      neurons.ranges.push_back({static_cast<int32_t>(first), static_cast<int32_t>(end)});
      count += end - first;
    }
  }
  if (count != from.compartments()) {
    return bad("core {} names {} neurons, expected {}, its compartments", index, count,
               from.compartments());
  }
  return {};
}

nir::Status CoreReader::readParameters() {
  if (from.compartments() < 1 || from.compartments() > loihi2Core.compartments) {
    return bad("core {} has {} compartments, expected 1 to {}", index, from.compartments(),
               loihi2Core.compartments);
  }
  to.compartments.resize(from.compartments());
  nir::Status wrong = parameter(from.du(), "du", 0, largestDecay, &Compartment::du);
  wrong = wrong ? wrong : parameter(from.dv(), "dv", 0, largestDecay, &Compartment::dv);
  wrong = wrong ? wrong
                : parameter(from.threshold(), "threshold", 0, largestThreshold,
                            &Compartment::threshold);
  wrong = wrong ? wrong
                : parameter(from.bias_mantissa(), "bias_mantissa", leastBias, largestBias,
                            &Compartment::biasMantissa);
  wrong = wrong ? wrong
                : parameter(from.bias_exponent(), "bias_exponent", 0, largestBiasExponent,
                            &Compartment::biasExponent);
  if (!wrong && from.current()) {
    wrong =
        parameter(from.current(), "current", 1 - stateLimit, stateLimit - 1, &Compartment::current);
  }
  if (!wrong && from.voltage()) {
    wrong =
        parameter(from.voltage(), "voltage", 1 - stateLimit, stateLimit - 1, &Compartment::voltage);
  }
  return wrong;
}

nir::Status CoreReader::readFormats() {
  if (static_cast<int64_t>(sizeOf(from.formats())) > synapseFormats) {
    return bad("core {} has {} formats of synapses, expected at most {}", index,
               from.formats()->size(), synapseFormats);
  }
  for (uint32_t i = 0; i < sizeOf(from.formats()); ++i) {
    const image::SynapseFormat &each = *from.formats()->Get(i);
    SynapseFormat format{static_cast<SignMode>(std::min<int>(each.mode(), 2)), each.weight_bits(),
                         each.delay_bits(), each.index_bits(), each.exponent()};
    bool isFormat = each.mode() <= 2 && format.weightBits >= 1 && format.weightBits <= 8 &&
                    format.weightBits != 7 && format.delayBits <= 6 && format.indexBits >= 6 &&
                    format.indexBits <= 12 && format.exponent >= leastWeightExponent &&
                    format.exponent <= largestWeightExponent && format.shift() >= 0;
    if (!isFormat) {
      return bad("core {}: format {} of its synapses is none that Loihi has", index, i);
    }
    formats.push_back(format);
  }
  return {};
}

nir::Status CoreReader::readBlock(size_t &word) {
  BitReader reader(*from.synapses(), word);
  uint64_t format = 0, count = 0;
  if (!reader.take(blockFormatBits, format) || !reader.take(blockCountBits, count)) {
    return bad("core {}: a block of synapses starts at word {} of {}", index, word,
               from.synapses()->size());
  }
  if (format >= formats.size()) {
    return bad("core {}: the block at word {} has the format {}, expected one of {}", index, word,
               format, formats.size());
  }
  const SynapseFormat &packing = formats[format];
  for (uint64_t i = 0; i <= count; ++i) {
    uint64_t weight = 0, delay = 0, compartment = 0;
    if (!reader.take(packing.weightBits, weight) || !reader.take(packing.delayBits, delay) ||
        !reader.take(packing.indexBits, compartment)) {
      return bad("core {}: the block at word {} ends behind the last word", index, word);
    }
    if (compartment >= to.compartments.size() ||
        static_cast<int64_t>(delay) > nirc::loihi2::longestDelay) {
      return bad("core {}: a synapse in the block at word {} has the compartment {} and the delay "
                 "{}, expected less than {} and at most {}",
                 index, word, compartment, delay, to.compartments.size(),
                 nirc::loihi2::longestDelay);
    }
    auto value = static_cast<int64_t>(weight);
    if (packing.mode == SignMode::Mixed && value >> (packing.weightBits - 1) != 0) {
      value -= int64_t{1} << packing.weightBits;
    }
    value = packing.mode == SignMode::Inhibitory ? -value : value;
    to.synapses.push_back({static_cast<int32_t>(compartment), static_cast<int32_t>(delay),
                           value * (int64_t{1} << packing.shift())});
    to.longestDelay = std::max(to.longestDelay, static_cast<int32_t>(delay));
  }
  word = reader.nextWord();
  return {};
}

/// Axons lie one after the other, and every word is one axon's.
nir::Status CoreReader::readSynapses() {
  size_t words = sizeOf(from.synapses()), axons = sizeOf(from.axons()), word = 0;
  if (!isAligned(from.synapses())) {
    return bad("core {}: its synapses are not at a multiple of 8 bytes", index);
  }
  to.words = static_cast<int64_t>(words);
  if (to.words * 64 > loihi2Core.synapseBits ||
      static_cast<int64_t>(axons) > loihi2Core.inputAxons) {
    return bad("core {} has {} words of synapses and {} axons, expected at most {} and {}", index,
               words, axons, loihi2Core.synapseBits / 64, loihi2Core.inputAxons);
  }
  for (uint32_t i = 0; i < axons; ++i) {
    const image::Axon &axon = *from.axons()->Get(i);
    if (axon.first_word() != word) {
      return bad("core {}: axon {} starts at word {}, expected {}", index, i, axon.first_word(),
                 word);
    }
    for (uint32_t block = 0; block < axon.blocks(); ++block) {
      if (!from.synapses()) {
        return bad("core {}: axon {} has blocks, and there are no synapses", index, i);
      }
      if (nir::Status wrong = readBlock(word)) {
        return wrong;
      }
    }
    to.firstSynapse.push_back(static_cast<uint32_t>(to.synapses.size()));
  }
  return word == words ? nir::Status()
                       : bad("core {}: its axons end at word {} of {}", index, word, words);
}

/// a of every compartment fits 32 bits, which keeps all of a step within 64.
nir::Status CoreReader::checkDrive() const {
  std::vector<int64_t> drive(to.compartments.size(), 0);
  for (const CoreSynapse &each : to.synapses) {
    drive[each.compartment] += std::abs(each.weight);
  }
  for (size_t n = 0; n < drive.size(); ++n) {
    if (drive[n] > INT32_MAX) {
      return bad("core {}, compartment {}: its weights add up to {}, expected at most {}", index, n,
                 drive[n], INT32_MAX);
    }
  }
  return {};
}

nir::Status CoreReader::read() {
  nir::Status wrong = readNeurons();
  wrong = wrong ? wrong : readParameters();
  wrong = wrong ? wrong : readFormats();
  wrong = wrong ? wrong : readSynapses();
  return wrong ? wrong : checkDrive();
}

//===----------------------------------------------------------------------===//
// Between cores
//===----------------------------------------------------------------------===//

namespace {

class ImageReader {
public:
  explicit ImageReader(const image::Image &from) : from(from) {}

  nir::Result<Image> read();

private:
  nir::Status readInput(const image::Input *input, size_t index);
  nir::Status readReadout(const image::Readout *readout, size_t index);
  nir::Status readHead();
  nir::Status readRoutes(const flatbuffers::Vector<uint32_t> *first,
                         const flatbuffers::Vector<const image::Route *> *routes, size_t sources,
                         const std::string &place, RouteTable &to);
  nir::Status readShape(const flatbuffers::Vector<int64_t> *shape, size_t elements,
                        const std::string &place, nir::Shape &to);

  const image::Image &from;
  Image image;
  std::vector<std::vector<bool>> taken; ///< axons that have a route, by core
};

} // namespace

nir::Status ImageReader::readRoutes(const flatbuffers::Vector<uint32_t> *first,
                                    const flatbuffers::Vector<const image::Route *> *routes,
                                    size_t sources, const std::string &place, RouteTable &to) {
  if (sizeOf(first) != sources + 1 || first->Get(0) != 0 ||
      first->Get(static_cast<uint32_t>(sources)) != sizeOf(routes)) {
    return bad("{}: first_route does not lead from 0 to its {} routes for each of {} sources",
               place, sizeOf(routes), sources);
  }
  to.first.assign(first->begin(), first->end());
  if (!std::is_sorted(to.first.begin(), to.first.end())) {
    return bad("{}: first_route descends", place);
  }
  for (uint32_t i = 0; i < sizeOf(routes); ++i) {
    Route route{routes->Get(i)->core(), routes->Get(i)->axon()};
    if (route.core >= taken.size() || route.axon >= taken[route.core].size()) {
      return bad("{}: route {} leads to axon {} of core {}, which is not there", place, i,
                 route.axon, route.core);
    }
    if (taken[route.core][route.axon]) {
      return bad("{}: route {} leads to axon {} of core {}, as another one does", place, i,
                 route.axon, route.core);
    }
    taken[route.core][route.axon] = true;
    to.routes.push_back(route);
  }
  return {};
}

nir::Status ImageReader::readShape(const flatbuffers::Vector<int64_t> *shape, size_t elements,
                                   const std::string &place, nir::Shape &to) {
  constexpr size_t mostDimensions = 64;
  uint64_t product = 1;
  if (!isAligned(shape)) {
    return bad("{}: its shape is not at a multiple of 8 bytes", place);
  }
  if (sizeOf(shape) > mostDimensions) {
    return bad("{} has {} dimensions, expected at most {}", place, shape->size(), mostDimensions);
  }
  for (uint32_t i = 0; i < sizeOf(shape); ++i) {
    int64_t size = shape->Get(i);
    bool fits = size > 0 && static_cast<uint64_t>(size) <= elements;
    product = fits ? product * static_cast<uint64_t>(size) : 0;
    if (product == 0 || product > elements) {
      break;
    }
    to.push_back(size);
  }
  return product == elements
             ? nir::Status()
             : bad("{} has a shape that is not one of {} elements", place, elements);
}

nir::Status ImageReader::readInput(const image::Input *input, size_t index) {
  std::string place = fmt::format("input {}", index);
  Image::Input to;
  size_t elements = std::max<size_t>(sizeOf(input->first_route()), 1) - 1;
  to.node = textOf(input->node());
  nir::Status wrong = readShape(input->shape(), elements, place, to.shape);
  wrong =
      wrong ? wrong : readRoutes(input->first_route(), input->routes(), elements, place, to.routes);
  image.inputs.push_back(std::move(to));
  return wrong;
}

nir::Status ImageReader::readReadout(const image::Readout *readout, size_t index) {
  std::string place = fmt::format("readout {}", index);
  Image::Readout to;
  to.node = textOf(readout->node());
  to.observable = textOf(readout->observable());
  to.kind = static_cast<Readout::Kind>(readout->quantity());
  to.latency = readout->latency();
  if (readout->quantity() > image::Quantity::MAX || to.latency < 0) {
    return bad("{} is of kind {}, {} steps late", place, static_cast<int>(readout->quantity()),
               to.latency);
  }
  size_t elements = sizeOf(readout->places());
  if (nir::Status wrong = readShape(readout->shape(), elements, place, to.shape)) {
    return wrong;
  }
  for (uint32_t i = 0; i < elements; ++i) {
    const image::Place &each = *readout->places()->Get(i);
    if (each.core() >= image.cores.size() ||
        each.compartment() >= image.cores[each.core()].compartments.size()) {
      return bad("{}: its element {} is compartment {} of core {}, which is not there", place, i,
                 each.compartment(), each.core());
    }
    to.places.push_back({each.core(), each.compartment()});
  }
  bool isSpikes = to.kind == Readout::Kind::Spikes;
  size_t channels = to.shape.empty() ? 1 : static_cast<size_t>(to.shape[0]);
  size_t scales = sizeOf(readout->scales());
  if (isSpikes ? scales != 0 : scales != 1 && scales != channels) {
    return bad("{} has {} scales, expected {}", place, scales,
               isSpikes ? "none" : fmt::format("1 or {}", channels));
  }
  if (!isAligned(readout->scales())) {
    return bad("{}: its scales are not at a multiple of 8 bytes", place);
  }
  for (uint32_t i = 0; i < scales; ++i) {
    to.scales.push_back(readout->scales()->Get(i));
  }
  image.readouts.push_back(std::move(to));
  return {};
}

nir::Status ImageReader::readHead() {
  size_t all = image.readouts.size();
  if (from.version() == 2) {
    image.head.outputs = all;
    return {};
  }
  image.head = {textOf(from.nirc()),   textOf(from.model()), textOf(from.semantics()),
                textOf(from.format()), from.outputs(),       from.records()};
  std::string problem = problemOf(image.head.semantics, image.head.format, from.dt_seconds());
  if (!problem.empty()) {
    return bad("{}", problem);
  }
  if (image.head.outputs > all || image.head.records > all - image.head.outputs) {
    return bad("{} of its readouts are outputs and {} records, and there are {}",
               image.head.outputs, image.head.records, all);
  }
  for (size_t i = image.head.outputs + image.head.records; i < all; ++i) {
    if (!image.readouts[i].isState()) {
      return bad("readout {} is '{}', expected a state", i, image.readouts[i].observable);
    }
  }
  return {};
}

nir::Result<Image> ImageReader::read() {
  constexpr uint32_t oldest = 2;
  if (from.version() < oldest || from.version() > imageVersion) {
    return nir::Error(nir::Cause::OtherVersion,
                      fmt::format("the image has version {}, expected {} to {}", from.version(),
                                  oldest, imageVersion))
        .note("write it again with `nirc compile --target loihi2`");
  }
  image.dtSeconds = from.dt_seconds();
  if (!std::isfinite(image.dtSeconds) || image.dtSeconds <= 0) {
    return *bad("its steps take {} s", image.dtSeconds);
  }
  image.cores.resize(sizeOf(from.cores()));
  for (uint32_t i = 0; i < image.cores.size(); ++i) {
    if (nir::Status wrong = CoreReader(*from.cores()->Get(i), i, image.cores[i]).read()) {
      return std::move(*wrong);
    }
    taken.emplace_back(image.cores[i].firstSynapse.size() - 1, false);
  }
  for (uint32_t i = 0; i < image.cores.size(); ++i) {
    const image::Core &core = *from.cores()->Get(i);
    if (nir::Status wrong =
            readRoutes(core.first_route(), core.routes(), image.cores[i].compartments.size(),
                       fmt::format("core {}", i), image.cores[i].routes)) {
      return std::move(*wrong);
    }
    if (std::ssize(image.cores[i].routes.routes) > loihi2Core.outputAxons) {
      return *bad("core {} has {} output axons, expected at most {}", i,
                  image.cores[i].routes.routes.size(), loihi2Core.outputAxons);
    }
  }
  for (uint32_t i = 0; i < sizeOf(from.inputs()); ++i) {
    if (nir::Status wrong = readInput(from.inputs()->Get(i), i)) {
      return std::move(*wrong);
    }
  }
  for (uint32_t i = 0; i < sizeOf(from.readouts()); ++i) {
    if (nir::Status wrong = readReadout(from.readouts()->Get(i), i)) {
      return std::move(*wrong);
    }
  }
  if (nir::Status wrong = readHead()) {
    return std::move(*wrong);
  }
  return std::move(image);
}

nir::Result<Image> nirc::loihi2::readImage(std::string_view bytes) {
  // The verifier and all reads expect the buffer to lie at a multiple of 8.
  std::vector<uint64_t> aligned(bytes.size() / sizeof(uint64_t) + 1);
  std::memcpy(aligned.data(), bytes.data(), bytes.size());
  const auto *data = reinterpret_cast<const uint8_t *>(aligned.data());
  constexpr size_t smallest = 8; // the offset of the root and the identifier
  if (bytes.size() < smallest || !image::ImageBufferHasIdentifier(data)) {
    return nir::Error(nir::Cause::NotAProgram,
                      "found no image of Loihi 2, expected a file that `nirc compile --target "
                      "loihi2` wrote");
  }
  flatbuffers::Verifier verifier(data, bytes.size());
  if (!image::VerifyImageBuffer(verifier)) {
    return *bad("its tables are not within its {} bytes", bytes.size());
  }
  return ImageReader(*image::GetImage(data)).read();
}
