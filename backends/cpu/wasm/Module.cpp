//===- Module.cpp - what a WebAssembly module says of its network ---------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/wasm/Module.h"

#include "ir/choices/Stored.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/raw_ostream.h"

#include <cassert>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace nirc;
using namespace nirc::cpu;
using Json = nlohmann::ordered_json;

namespace nirc::cpu::web {
std::string_view embedded(std::string_view name);
} // namespace nirc::cpu::web

//===----------------------------------------------------------------------===//
// The section
//===----------------------------------------------------------------------===//

static Json keptJson(const KeptNumber &kept) {
  Json json = {{"node", kept.node},       {"name", kept.name},
               {"symbol", kept.symbol},   {"uniform", kept.isUniform},
               {"neurons", kept.neurons}, {"elements", kept.isUniform ? 1 : kept.neurons}};
  if (kept.order && !kept.isUniform) {
    json["channels_last"] = {kept.order->channels, kept.order->positions, kept.order->pitch};
  }
  if (!kept.divisor.empty()) {
    json["divisor"] = kept.divisor;
  }
  if (!kept.less.empty()) {
    json["less"] = kept.less;
  }
  return json;
}

static std::string sectionText(const WebNetwork &network) {
  Json json = Json::parse(descriptionText(network.description));
  json["parameters"] = Json::array();
  for (const KeptNumber &kept : network.kept) {
    json["parameters"].push_back(keptJson(kept));
  }
  return json.dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

std::string nirc::cpu::described(std::string module, const WebNetwork &network) {
  std::string content;
  llvm::raw_string_ostream out(content);
  constexpr llvm::StringLiteral name = "nirc";
  llvm::encodeULEB128(name.size(), out);
  out << name << sectionText(network);
  constexpr char custom = 0; // a section that engines pass over
  llvm::raw_string_ostream end(module);
  end << custom;
  llvm::encodeULEB128(content.size(), end);
  end << content;
  return module;
}

//===----------------------------------------------------------------------===//
// The files beside it
//===----------------------------------------------------------------------===//

std::string nirc::cpu::webStem(std::string_view name) {
  std::string stem;
  for (char c : name) {
    bool isPlain = llvm::isAlnum(c) || c == '.' || c == '-' || c == '_' ||
                   static_cast<unsigned char>(c) >= 0x80; // letters of other alphabets
    stem += isPlain ? c : '_';
  }
  return stem.empty() || stem.front() == '.' ? "network" + stem : stem;
}

/// A text in single quotes, as JavaScript has it.
static std::string literal(std::string_view text) {
  std::string json =
      Json(text).dump(-1, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  std::string inside = json.substr(1, json.size() - 2), result = "'";
  for (size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\') { // an escape, of which only that of the other quote is undone
      result += inside[i + 1] == '"' ? "\"" : inside.substr(i, 2);
      ++i;
    } else {
      result += inside[i] == '\'' ? std::string("\\'") : std::string(1, inside[i]);
    }
  }
  return result + "'";
}

static std::string replaced(std::string text, std::string_view what, std::string_view by) {
  size_t at = text.find(what);
  assert(at != std::string::npos && "the file that nirc was built with has this line");
  return text.replace(at, what.size(), by);
}

/// Whose network it is, in a comment.
static std::string headText(const std::string &file, const WebNetwork &network) {
  const ProgramInfo &info = network.description.info;
  std::string numbers = info.format.empty()
                            ? std::string(nir::name(info.dtype))
                            : fmt::format("integers of the format {}", nir::labelOf(info.format));
  return fmt::format("// {} - a network in WebAssembly, made by nirc {}\n"
                     "// of {}: steps of {} s under the semantics {}, in {}\n\n",
                     file, info.nirc, literal(info.model), info.dtSeconds,
                     nir::labelOf(info.semantics), numbers);
}

std::string nirc::cpu::scriptText(const std::string &stem, const WebNetwork &network) {
  std::string ports(web::embedded("ports.mjs"));
  constexpr std::string_view exported = "\nexport ";
  for (size_t at; (at = ports.find(exported)) != std::string::npos;) {
    ports.erase(at + 1, exported.size() - 1);
  }
  // One file, in which the loader need not import what comes before it.
  std::string loader =
      replaced(std::string(web::embedded("loader.mjs")),
               "import { Parameter, Port, Source, arrays, list } from './ports.mjs';\n", ports);
  return headText(stem + ".mjs", network) +
         replaced(std::move(loader), "const defaultSource = () => undefined;",
                  fmt::format("const defaultSource = () => new URL({}, import.meta.url);",
                              literal("./" + stem + ".wasm")));
}

/// "'a' | 'b'"
static std::string oneOf(const std::vector<std::string> &names) {
  std::string text;
  for (const std::string &name : names) {
    text += (text.empty() ? "" : " | ") + literal(name);
  }
  return text.empty() ? "never" : text;
}

std::string nirc::cpu::typesText(const std::string &stem, const WebNetwork &network) {
  std::vector<std::string> inputs, outputs, states, parameters;
  const Description &description = network.description;
  for (const Port &port : description.inputs) {
    inputs.push_back(port.node);
  }
  for (size_t i = 0; i < description.recorded.size(); ++i) {
    const Port &port = description.recorded[i];
    if (i < description.outputs) {
      outputs.push_back(port.node);
    } else {
      states.push_back(port.node + ":" + port.observable);
    }
  }
  for (const KeptNumber &kept : network.kept) {
    if (kept.name != "v_drop") {
      parameters.push_back(kept.node);
    }
  }
  std::string text(web::embedded("loader.d.mts"));
  auto name = [&](std::string_view type, const std::vector<std::string> &names) {
    text = replaced(std::move(text), fmt::format("export type {} = string;", type),
                    fmt::format("export type {} = {};", type, oneOf(names)));
  };
  name("InputNode", inputs);
  name("OutputNode", outputs);
  name("StateName", states);
  name("ParameterNode", parameters);
  return headText(stem + ".d.mts", network) + text;
}
