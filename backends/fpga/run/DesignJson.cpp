//===- DesignJson.cpp - a design as report.json holds it ------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/fpga/run/DesignJson.h"

#include "backends/Described.h"
#include "backends/run/Digest.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

using namespace nirc;
using namespace nirc::fpga;
using Json = nlohmann::ordered_json;

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static Json portJson(const PortInfo &port) {
  return {{"node", port.node},
          {"observable", port.observable},
          {"shape", port.shape},
          {"type", nir::name(port.dtype)},
          {"latency", port.latency}};
}

static Json streamJson(const StreamPort &port) {
  Json json = portJson(port.info);
  json.update({{"port", port.number},
               {"dims", port.dims},
               {"frame_low", port.frameLow},
               {"frame_bits", port.frameBits},
               {"least", port.least},
               {"most", port.most},
               {"scales", port.scales}});
  return json;
}

static Json windowJson(const StateWindow &window) {
  Json json = portJson(window.info);
  json.update({{"base", window.base},
               {"dims", window.dims},
               {"order", window.order},
               {"least", window.least},
               {"most", window.most},
               {"scales", window.scales}});
  return json;
}

static Json layoutJson(const BeatLayout &layout) {
  return {{"address_bits", layout.addressBits},
          {"port_bits", layout.portBits},
          {"value_bits", layout.valueBits},
          {"frame_bits", layout.frameBits},
          {"bus_bits", layout.busBits()}};
}

template <typename T>
static Json listJson(const std::vector<T> &things, Json (*jsonOf)(const T &)) {
  Json json = Json::array();
  for (const T &thing : things) {
    json.push_back(jsonOf(thing));
  }
  return json;
}

/// Node names need not be UTF-8.
static std::string dump(const Json &json) {
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

/// A line for each member, and for each thing of a list.
static std::string lines(const Json &json) {
  std::string text;
  for (const auto &[key, value] : json.items()) {
    text += fmt::format("{}\n  {}: ", text.empty() ? "" : ",", dump(key));
    bool isList = value.is_array() && !value.empty() && value.front().is_object();
    if (!isList) {
      text += dump(value);
      continue;
    }
    std::string inner;
    for (const Json &thing : value) {
      inner += fmt::format("{}\n    {}", inner.empty() ? "" : ",", dump(thing));
    }
    text += "[" + inner + "\n  ]";
  }
  return text;
}

/// The second line of a report is the digest of the whole with zeros in its place, so that a number
/// that somebody changed is not taken for what the Verilog does.
constexpr std::string_view digestKey = "\n  \"digest\": \"";
constexpr size_t digestDigits = 64, digestAt = reportHead.size() + digestKey.size();

/// Whether nothing was changed in a report since it was written.
static bool isAsWritten(std::string_view text) {
  if (text.size() < digestAt + digestDigits) {
    return false;
  }
  std::string copy(text);
  std::string found = copy.substr(digestAt, digestDigits);
  return found == sha256Of(copy.replace(digestAt, digestDigits, digestDigits, '0'));
}

std::string nirc::fpga::designJson(const Design &design, const Json &more) {
  const ProgramInfo &info = design.info;
  auto imageJson = +[](const MemoryImage &image) {
    return Json{{"file", image.file},
                {"words", image.words},
                {"bits", image.bits},
                {"sha256", image.sha256}};
  };
  Json json = {{"nirc", info.nirc},
               {"model", info.model},
               {"semantics", info.semantics},
               {"format", info.format},
               {"dt", info.dtSeconds},
               {"top", design.top},
               {"sources", design.sources},
               {"memories", listJson(design.memories, imageJson)},
               {"s_axis", layoutJson(design.in)},
               {"m_axis", layoutJson(design.out)},
               {"latency", design.latency},
               {"interval", design.interval},
               {"control_address_bits", design.controlAddressBits},
               {"build_id", design.buildId},
               {"inputs", listJson(design.inputs, streamJson)},
               {"outputs", listJson(design.outputs, streamJson)},
               {"first_record", info.outputs.size()},
               {"states", listJson(design.states, windowJson)},
               {"records", listJson(info.records, portJson)}};
  for (const auto &[key, value] : more.items()) {
    json[key] = value;
  }
  std::string text = fmt::format("{}{}{}\",{}\n}}\n", reportHead, digestKey,
                                 std::string(digestDigits, '0'), lines(json));
  return text.replace(digestAt, digestDigits, sha256Of(text));
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// Bounds of what is read: far beyond any design, and far from what overflows.
constexpr int64_t mostElements = int64_t(1) << 26, mostFiles = 1 << 16, mostPorts = 1 << 16;

/// Reads members one after the other; after the first that is wrong, `problem` says which.
class Members {
public:
  Members(const Json &json, std::string where, std::string &problem)
      : json(json), where(std::move(where)), problem(problem) {}

  std::string text(const char *name) {
    const Json *found = find(name);
    if (!found || !found->is_string()) {
      complain(name, "is not a text");
      return {};
    }
    return found->get<std::string>();
  }
  double number(const char *name) {
    const Json *found = find(name);
    if (!found || !found->is_number()) {
      complain(name, "is not a number");
      return 0.0;
    }
    return found->get<double>();
  }
  int64_t whole(const char *name, int64_t least, int64_t most) {
    const Json *found = find(name);
    if (!found) {
      complain(name, "is not a whole number");
      return least;
    }
    return whole(*found, name, least, most);
  }
  const Json &list(const char *name, int64_t most) {
    static const Json none = Json::array();
    const Json *found = find(name);
    if (!found || !found->is_array() || static_cast<int64_t>(found->size()) > most) {
      complain(name, fmt::format("is not a list of at most {}", most));
      return none;
    }
    return *found;
  }
  std::vector<int64_t> wholes(const char *name, int64_t least, int64_t most, int64_t count) {
    std::vector<int64_t> numbers;
    for (const Json &one : list(name, count)) {
      numbers.push_back(whole(one, name, least, most));
    }
    return numbers;
  }
  void complain(const char *name, const std::string &what) {
    if (problem.empty()) {
      problem = fmt::format("{}{} {}", where, name, what);
    }
  }

private:
  const Json *find(const char *name) const {
    auto found = json.is_object() ? json.find(name) : json.end();
    return json.is_object() && found != json.end() ? &*found : nullptr;
  }
  int64_t whole(const Json &value, const char *name, int64_t least, int64_t most) {
    // A number above those of int64_t would be read as another one.
    bool isLarge = value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX;
    if (!value.is_number_integer() || isLarge || value.get<int64_t>() < least ||
        value.get<int64_t>() > most) {
      complain(name, fmt::format("is not a whole number from {} to {}", least, most));
      return least;
    }
    return value.get<int64_t>();
  }

  const Json &json;
  std::string where;
  std::string &problem;
};

/// A shape of at most `mostElements`, and how many it has.
nir::Shape shapeOf(Members &members, const char *name, int64_t &elements) {
  constexpr int64_t mostDims = 16;
  std::vector<int64_t> dims = members.wholes(name, 1, mostElements, mostDims);
  elements = 1;
  for (int64_t dim : dims) {
    if (elements > mostElements / dim) {
      members.complain(name, fmt::format("has more than {} elements", mostElements));
      elements = 1;
      return {};
    }
    elements *= dim;
  }
  return {dims.begin(), dims.end()};
}

PortInfo portOf(Members &members, int64_t &elements) {
  PortInfo port;
  port.node = members.text("node");
  port.observable = members.text("observable");
  port.shape = shapeOf(members, "shape", elements);
  std::string type = members.text("type");
  port.dtype = nir::DType::F64;
  for (nir::DType known : {nir::DType::U8, nir::DType::I32}) {
    port.dtype = type == nir::name(known) ? known : port.dtype;
  }
  if (type != nir::name(port.dtype)) {
    members.complain("type", "is not uint8, int32 or float64");
  }
  constexpr int64_t mostSteps = int64_t(1) << 40;
  port.latency = members.whole("latency", 0, mostSteps);
  return port;
}

std::vector<double> scalesOf(Members &members, const nir::Shape &dims, int64_t elements) {
  std::vector<double> scales;
  for (const Json &one : members.list("scales", elements)) {
    double scale = one.is_number() ? one.get<double>() : 0.0;
    if (!std::isfinite(scale) || scale <= 0.0) {
      members.complain("scales", "are not positive numbers");
    }
    scales.push_back(scale);
  }
  bool isOne = scales.size() == 1;
  if (!isOne && (dims.empty() || static_cast<int64_t>(scales.size()) != dims.front())) {
    members.complain("scales", "are neither one nor one for each channel");
    return {1.0};
  }
  return scales;
}

/// Of a design that is otherwise as it should be.
struct Reader {
  const Json &json;
  std::string &problem;
  Design design = {};

  template <typename Read>
  void each(const char *name, int64_t most, Read read) {
    Members all(json, "", problem);
    int64_t number = 0;
    for (const Json &one : all.list(name, most)) {
      Members members(one, fmt::format("{}[{}]: ", name, number), problem);
      read(members, number++);
      if (!problem.empty()) {
        return;
      }
    }
  }
  BeatLayout layout(const char *name);
  std::vector<StreamPort> streams(const char *name, const BeatLayout &layout);
  void readFiles();
  void readInfo();
  void readStates();
  void readRecords();
};

BeatLayout Reader::layout(const char *name) {
  static const Json none = Json::object();
  bool isThere = json.is_object() && json.contains(name);
  Members members(isThere ? json.at(name) : none, fmt::format("{}: ", name), problem);
  constexpr int64_t mostBits = 64;
  BeatLayout layout{static_cast<int>(members.whole("address_bits", 0, mostBits)),
                    static_cast<int>(members.whole("port_bits", 0, mostBits)),
                    static_cast<int>(members.whole("value_bits", 0, mostBits)),
                    static_cast<int>(members.whole("frame_bits", 0, mostBits))};
  if (layout.bits() > mostBits) {
    members.complain("address_bits", fmt::format("and the others are more than {}", mostBits));
    return {};
  }
  return layout;
}

std::vector<StreamPort> Reader::streams(const char *name, const BeatLayout &layout) {
  std::vector<StreamPort> ports;
  each(name, mostPorts, [&](Members &members, int64_t number) {
    StreamPort port;
    int64_t elements = 1, ofShape = 1;
    port.info = portOf(members, ofShape);
    port.dims = shapeOf(members, "dims", elements);
    if (elements != ofShape) {
      members.complain("dims", "has other elements than shape");
    }
    if (!layout.isFrame() && port.addressBits() > layout.addressBits) {
      members.complain("dims", fmt::format("needs more than {} bits", layout.addressBits));
    }
    int64_t numbers =
        layout.isFrame() || layout.portBits >= 16 ? mostPorts : int64_t(1) << layout.portBits;
    port.number = static_cast<int>(members.whole("port", 0, numbers - 1));
    if (port.number != number) {
      members.complain("port", "is not its place in the list");
    }
    port.least = members.whole("least", INT32_MIN, INT32_MAX);
    port.most = members.whole("most", port.least, INT32_MAX);
    bool isSpikes = port.least >= 0 && port.most <= 1;
    int64_t most = layout.valueBits > 32  ? INT32_MAX
                   : layout.valueBits > 0 ? (int64_t(1) << (layout.valueBits - 1)) - 1
                                          : 0;
    port.frameLow = static_cast<int>(members.whole("frame_low", 0, 64));
    port.frameBits = static_cast<int>(members.whole("frame_bits", 0, 64));
    if (layout.isFrame()) {
      if (port.frameBits == 0 || elements * port.frameBits > layout.frameBits - port.frameLow) {
        members.complain("frame_bits", fmt::format("does not fit in {}", layout.frameBits));
      }
    } else if (layout.valueBits == 0 ? !isSpikes : port.least < -most - 1 || port.most > most) {
      members.complain("most", fmt::format("and least need more than {} bits", layout.valueBits));
    }
    port.scales = scalesOf(members, port.dims, elements);
    ports.push_back(std::move(port));
  });
  return ports;
}

/// A file of a folder that Verilator, make and a shell take as it is.
bool isPlainFile(std::string_view path, std::string_view folder, std::string_view ending) {
  if (!path.starts_with(folder) || !path.ends_with(ending) || path.size() > 200) {
    return false;
  }
  std::string_view name = path.substr(folder.size());
  return name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.") ==
             std::string_view::npos &&
         !name.starts_with('.');
}

bool isIdentifier(std::string_view name) {
  return !name.empty() && name.size() <= 200 && !(name[0] >= '0' && name[0] <= '9') &&
         name.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
             std::string_view::npos;
}

void Reader::readFiles() {
  Members members(json, "", problem);
  design.top = members.text("top");
  if (!isIdentifier(design.top)) {
    members.complain("top", "is not the name of a module");
  }
  for (const Json &source : members.list("sources", mostFiles)) {
    if (!source.is_string() || !isPlainFile(source.get<std::string>(), "rtl/", ".v")) {
      members.complain("sources", "has a file that is not rtl/NAME.v");
      return;
    }
    design.sources.push_back(source.get<std::string>());
  }
  each("memories", mostFiles, [&](Members &image, int64_t) {
    MemoryImage read{image.text("file"), image.whole("words", 0, mostElements),
                     static_cast<int>(image.whole("bits", 1, 1 << 20)), image.text("sha256")};
    if (!isPlainFile(read.file, "mem/", "")) {
      image.complain("file", "is not mem/NAME");
    }
    if (read.sha256.size() != 64 ||
        read.sha256.find_first_not_of("0123456789abcdef") != std::string::npos) {
      image.complain("sha256", "is not 64 hexadecimal digits");
    }
    design.memories.push_back(std::move(read));
  });
}

void Reader::readInfo() {
  Members members(json, "", problem);
  ProgramInfo &info = design.info;
  info.target = "fpga";
  info.nirc = members.text("nirc");
  info.model = members.text("model");
  info.semantics = members.text("semantics");
  info.format = members.text("format");
  info.dtype = nir::DType::F64;
  info.dtSeconds = members.number("dt");
  if (problem.empty()) {
    problem = problemOf(info.semantics, info.format, info.dtSeconds);
  }
}

void Reader::readStates() {
  Members all(json, "", problem);
  design.controlAddressBits = static_cast<int>(all.whole("control_address_bits", 6, 32));
  design.buildId = static_cast<uint32_t>(all.whole("build_id", 0, UINT32_MAX));
  design.latency = all.whole("latency", 0, INT32_MAX);
  design.interval = all.whole("interval", 0, INT32_MAX);
  int64_t end = int64_t(1) << design.controlAddressBits;
  each("states", mostPorts, [&](Members &members, int64_t) {
    StateWindow window;
    int64_t elements = 1;
    window.info = portOf(members, elements);
    window.base = members.whole("base", FirstState, INT32_MAX);
    if (window.base % 4 != 0 || window.base > end - 4 * elements) {
      members.complain("base", "lies outside of the registers");
    }
    int64_t ofShape = elements;
    window.dims = shapeOf(members, "dims", elements);
    if (elements != ofShape) {
      members.complain("dims", "has other elements than shape");
    }
    auto rank = static_cast<int64_t>(window.dims.size());
    std::set<int64_t> seen;
    for (int64_t d : members.wholes("order", 0, std::max<int64_t>(rank - 1, 0), rank)) {
      window.order.push_back(static_cast<int>(d));
      seen.insert(d);
    }
    if (static_cast<int64_t>(seen.size()) != rank || std::ssize(window.order) != rank) {
      members.complain("order", "does not name each dimension once");
    }
    window.least = members.whole("least", INT32_MIN, INT32_MAX);
    window.most = members.whole("most", window.least, INT32_MAX);
    window.scales = scalesOf(members, window.info.shape, elements);
    design.info.states.push_back(window.info);
    design.states.push_back(std::move(window));
  });
}

/// A record is one of the streams behind the outputs, or a state.
void Reader::readRecords() {
  Members all(json, "", problem);
  auto first = all.whole("first_record", 0, std::ssize(design.outputs));
  for (int64_t i = 0; problem.empty() && i < first; ++i) {
    design.info.outputs.push_back(design.outputs[static_cast<size_t>(i)].info);
  }
  each("records", mostPorts, [&](Members &members, int64_t) {
    int64_t elements = 1;
    PortInfo record = portOf(members, elements);
    auto isIt = [&](const PortInfo &other) {
      return other.node == record.node && other.observable == record.observable &&
             other.shape == record.shape && other.dtype == record.dtype;
    };
    bool isStream = std::any_of(design.outputs.begin() + first, design.outputs.end(),
                                [&](const StreamPort &port) { return isIt(port.info); });
    bool isState = std::any_of(design.states.begin(), design.states.end(),
                               [&](const StateWindow &window) { return isIt(window.info); });
    if (!isStream && !isState) {
      members.complain("node", "names neither a stream nor a state");
    }
    design.info.records.push_back(std::move(record));
  });
}

} // namespace

std::vector<std::string> nirc::fpga::filesOf(std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  std::vector<std::string> files;
  if (!json.is_object() || !json.contains("files") || !isAsWritten(text)) {
    return files;
  }
  for (const Json &file : json["files"]) {
    if (file.is_string()) {
      files.push_back(file.get<std::string>());
    }
  }
  return files;
}

nir::Result<Design> nirc::fpga::readDesign(std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) {
    return nir::Error(nir::Cause::DamagedFile, "is damaged: it is not JSON");
  }
  std::string problem;
  constexpr int64_t version = 1;
  Members members(json, "", problem);
  int64_t found = members.whole("nirc-fpga", 1, INT32_MAX);
  if (problem.empty() && found != version) {
    return nir::Error(nir::Cause::OtherVersion,
                      fmt::format("is of version {}, expected {}", found, version))
        .note("compile the model again");
  }
  Reader reader{json, problem};
  reader.readInfo();
  reader.readFiles();
  reader.design.in = reader.layout("s_axis");
  reader.design.out = reader.layout("m_axis");
  reader.design.inputs = reader.streams("inputs", reader.design.in);
  for (const StreamPort &port : reader.design.inputs) {
    reader.design.info.inputs.push_back(port.info);
  }
  reader.design.outputs = reader.streams("outputs", reader.design.out);
  reader.readStates();
  reader.readRecords();
  if (problem.empty() && reader.design.outputs.empty()) {
    problem = "it has no outputs";
  }
  int64_t elements = 0;
  for (const auto *ports : {&reader.design.info.inputs, &reader.design.info.states}) {
    for (const PortInfo &port : *ports) {
      elements += nir::numElements(port.shape);
    }
  }
  for (const StreamPort &port : reader.design.outputs) {
    elements += nir::numElements(port.info.shape);
  }
  if (problem.empty() && elements > mostElements) {
    problem =
        fmt::format("its ports have {} elements, expected at most {}", elements, mostElements);
  }
  if (problem.empty() && !isAsWritten(text)) {
    problem = "it was changed after it was written";
  }
  if (!problem.empty()) {
    return nir::Error(nir::Cause::DamagedFile, "is damaged: " + problem);
  }
  return std::move(reader.design);
}
