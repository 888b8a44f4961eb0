//===- Description.cpp - what a library says of its network ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/run/Description.h"

#include "backends/Described.h"

#include <array>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace nirc;
using namespace nirc::cpu;
using Json = nlohmann::ordered_json;

/// Of the text; a library of another version is refused.
constexpr int formatVersion = 1;

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static Json portJson(const Port &port) {
  Json json = {{"node", port.node},
               {"observable", port.observable},
               {"shape", Json::array()},
               {"offset", port.slot.offset},
               {"elements", port.slot.elements},
               {"type", nir::name(port.slot.type)}};
  for (int64_t dim : port.shape) {
    json["shape"].push_back(dim);
  }
  if (port.slot.bits) {
    json["bits"] = true;
  }
  if (port.count) {
    json["count"] = true;
  }
  if (port.state) {
    json["state"] = true;
  }
  if (port.isDecided) {
    json["decided"] = true;
  }
  if (port.latency != 0) {
    json["latency"] = port.latency;
  }
  if (port.order) {
    json["channels_last"] = {port.order->channels, port.order->positions, port.order->pitch};
  }
  if (port.quantized) {
    json["scales"] =
        std::vector<double>(port.quantized->scales.begin(), port.quantized->scales.end());
    json["least"] = port.quantized->least;
    json["most"] = port.quantized->most;
  }
  return json;
}

static Json portsJson(const std::vector<Port> &ports) {
  Json json = Json::array();
  for (const Port &port : ports) {
    json.push_back(portJson(port));
  }
  return json;
}

std::string nirc::cpu::descriptionText(const Description &description) {
  const ProgramInfo &info = description.info;
  Json json = {{"format_version", formatVersion},
               {"nirc", info.nirc},
               {"model", info.model},
               {"semantics", info.semantics},
               {"format", info.format},
               {"dtype", nir::name(info.dtype)},
               {"dt", info.dtSeconds},
               {"prefix", description.prefix},
               {"arena_bytes", description.arenaBytes},
               {"outputs", description.outputs},
               {"records", info.records.size()},
               {"inputs", portsJson(description.inputs)},
               {"ports", portsJson(description.recorded)}};
  if (description.firmware) {
    json["firmware"] = {{"cpu", description.firmware->processor}};
  }
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// Reads fields one after the other; after the first that is wrong, `problem` says which.
class Fields {
public:
  Fields(const Json &json, std::string where, std::string &problem)
      : json(json), where(std::move(where)), problem(problem) {}

  std::string text(const char *name) { return get<std::string>(name, &Json::is_string, "a text"); }
  double number(const char *name) { return get<double>(name, &Json::is_number, "a number"); }
  bool flag(const char *name) {
    return json.contains(name) && get<bool>(name, &Json::is_boolean, "true or false");
  }
  int64_t whole(const char *name, int64_t least, int64_t most) {
    auto value = get<int64_t>(name, &Json::is_number_integer, "a whole number");
    if (problem.empty() && (value < least || value > most)) {
      problem = fmt::format("{}{} is {}, expected {} to {}", where, name, value, least, most);
    }
    return problem.empty() ? value : 0;
  }
  const Json &list(const char *name) {
    static const Json none = Json::array();
    auto found = json.is_object() ? json.find(name) : json.end();
    if (found == json.end() || !found->is_array()) {
      complain(name, "a list");
      return none;
    }
    return *found;
  }
  bool has(const char *name) const { return json.is_object() && json.contains(name); }
  void complain(const char *name, std::string_view expected) {
    if (problem.empty()) {
      problem = fmt::format("{}{} is not {}", where, name, expected);
    }
  }

private:
  template <typename T>
  T get(const char *name, bool (Json::*is)() const noexcept, std::string_view expected) {
    auto found = json.is_object() ? json.find(name) : json.end();
    if (found == json.end() || !((*found).*is)()) {
      complain(name, expected);
      return {};
    }
    return found->get<T>();
  }

  const Json &json;
  std::string where;
  std::string &problem;
};

} // namespace

static constexpr int64_t mostBytes = int64_t(1) << 40;

static nir::DType slotType(Fields &fields) {
  std::string name = fields.text("type");
  for (nir::DType type : {nir::DType::U8, nir::DType::I8, nir::DType::I16, nir::DType::I32,
                          nir::DType::U32, nir::DType::F32, nir::DType::F64}) {
    if (name == nir::name(type)) {
      return type;
    }
  }
  fields.complain("type", "uint8, int8, int16, int32, uint32, float32 or float64");
  return nir::DType::U8;
}

/// Whole numbers of a list.
static std::vector<int64_t> wholes(Fields &fields, const char *name) {
  std::vector<int64_t> numbers;
  for (const Json &one : fields.list(name)) {
    bool isSize =
        one.is_number_integer() && one.get<int64_t>() >= 0 && one.get<int64_t>() < mostBytes;
    if (!isSize) {
      fields.complain(name, "a list of sizes");
      return {};
    }
    numbers.push_back(one.get<int64_t>());
  }
  return numbers;
}

/// Fails through `problem`.
static Port parsePort(const Json &json, const std::string &where, int64_t arenaBytes,
                      std::string &problem) {
  Fields fields(json, where, problem);
  Port port;
  port.node = fields.text("node");
  port.observable = fields.text("observable");
  std::vector<int64_t> shape = wholes(fields, "shape");
  port.shape.assign(shape.begin(), shape.end());
  port.slot.offset = fields.whole("offset", 0, arenaBytes);
  port.slot.elements = port.slot.capacity = fields.whole("elements", 0, mostBytes);
  port.slot.type = slotType(fields);
  port.slot.bits = fields.flag("bits");
  port.count = fields.flag("count");
  port.state = fields.flag("state");
  port.isDecided = fields.flag("decided");
  port.latency = fields.has("latency") ? fields.whole("latency", 0, mostBytes) : 0;
  int64_t elements = 1, reach = port.slot.elements;
  for (int64_t dim : shape) {
    elements = dim != 0 && elements > mostBytes / dim ? mostBytes : elements * dim;
  }
  if (fields.has("channels_last")) {
    std::vector<int64_t> order = wholes(fields, "channels_last");
    bool isOrder = order.size() == 3 && order[0] > 0 && order[1] > 0 && order[2] >= order[0] &&
                   order[1] <= mostBytes / order[2] && elements == order[0] * order[1];
    if (!isOrder) {
      fields.complain("channels_last", "channels, positions and a pitch for the shape");
      return port;
    }
    port.order = ChannelsLast{order[0], order[1], order[2]};
    reach = order[1] * order[2];
  } else if (port.slot.elements != (port.slot.bits ? wordsOf(elements) : elements)) {
    fields.complain("elements", "the number of the shape");
  }
  if (fields.has("scales")) {
    Quantized quantized;
    for (const Json &scale : fields.list("scales")) {
      quantized.scales.push_back(scale.is_number() ? scale.get<double>() : 0.0);
    }
    quantized.least = fields.whole("least", INT32_MIN, INT32_MAX);
    quantized.most = fields.whole("most", quantized.least, INT32_MAX);
    auto count = static_cast<int64_t>(quantized.scales.size());
    if (count == 0 || (elements > 0 && (count > elements || elements % count != 0))) {
      fields.complain("scales", "one number, or one a channel");
      return port;
    }
    port.quantized = std::move(quantized);
  }
  bool isInteger = port.slot.type == nir::DType::I8 || port.slot.type == nir::DType::I16 ||
                   port.slot.type == nir::DType::I32;
  if (isInteger != port.quantized.has_value()) {
    fields.complain("scales", "there for integers, and only there");
  }
  if (port.slot.bits != (port.slot.type == nir::DType::U32)) {
    fields.complain("bits", "there for uint32, and only there");
  }
  auto width = static_cast<int64_t>(nir::sizeOf(port.slot.type));
  if (problem.empty() &&
      (port.slot.offset % width != 0 || reach > (arenaBytes - port.slot.offset) / width)) {
    problem = fmt::format("{}'{}' lies outside of the arena", where, port.node);
  }
  return port;
}

static PortInfo infoOfPort(const Port &port) {
  nir::DType dtype = port.slot.bits   ? nir::DType::U8
                     : port.count     ? nir::DType::I32
                     : port.quantized ? nir::DType::F64
                                      : port.slot.type;
  return {port.node, port.observable, nir::Shape(port.shape.begin(), port.shape.end()), dtype,
          port.latency};
}

nir::Result<Description> nirc::cpu::parseDescription(std::string_view text) {
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) {
    return nir::Error(nir::Cause::DamagedFile, "its description is not JSON");
  }
  std::string problem;
  Fields fields(json, "", problem);
  int64_t version = fields.whole("format_version", 1, INT32_MAX);
  Description description;
  ProgramInfo &info = description.info;
  info.target = "cpu";
  info.nirc = fields.text("nirc");
  if (problem.empty() && version != formatVersion) {
    return nir::Error(nir::Cause::OtherVersion,
                      fmt::format("its description is of version {}, expected {}: it is from nirc "
                                  "{}, this is {}",
                                  version, formatVersion, info.nirc, NIRC_VERSION))
        .note("compile the model again");
  }
  info.model = fields.text("model");
  info.semantics = fields.text("semantics");
  info.format = fields.text("format");
  std::string dtype = fields.text("dtype");
  info.dtype = dtype == nir::name(nir::DType::F32) ? nir::DType::F32 : nir::DType::F64;
  info.dtSeconds = fields.number("dt");
  if (problem.empty()) {
    problem = problemOf(info.semantics, info.format, info.dtSeconds);
  }
  if (problem.empty() && dtype != nir::name(info.dtype)) {
    problem = "its dtype is none of a run's";
  }
  description.prefix = fields.text("prefix");
  description.arenaBytes = fields.whole("arena_bytes", 0, mostBytes);
  const Json &ports = fields.list("ports");
  auto count = static_cast<int64_t>(ports.size());
  description.outputs = static_cast<size_t>(fields.whole("outputs", 0, count));
  int64_t records = fields.whole("records", 0, count - static_cast<int64_t>(description.outputs));
  for (const Json &port : fields.list("inputs")) {
    std::string where = fmt::format("input {}: ", description.inputs.size());
    description.inputs.push_back(parsePort(port, where, description.arenaBytes, problem));
    info.inputs.push_back(infoOfPort(description.inputs.back()));
  }
  for (const Json &port : ports) {
    size_t number = description.recorded.size();
    std::string where = fmt::format("port {}: ", number);
    description.recorded.push_back(parsePort(port, where, description.arenaBytes, problem));
    const Port &parsed = description.recorded.back();
    if (number < description.outputs) {
      info.outputs.push_back(infoOfPort(parsed));
    } else if (number < description.outputs + static_cast<size_t>(records)) {
      info.records.push_back(infoOfPort(parsed));
    }
    if (number >= description.outputs && parsed.state) {
      info.states.push_back(infoOfPort(parsed));
    }
  }
  if (fields.has("firmware")) {
    Fields firmware(json["firmware"], "firmware: ", problem);
    description.firmware = {firmware.text("cpu")};
  }
  if (!problem.empty()) {
    return nir::Error(nir::Cause::DamagedFile, "its description is damaged: " + problem);
  }
  return description;
}
