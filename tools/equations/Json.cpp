//===- Json.cpp - a semantics as JSON -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"
#include "ir/choices/Stored.h"
#include "tools/equations/Emit.h"

#include <nlohmann/json.hpp>

namespace nirc {

namespace {

using Json = nlohmann::ordered_json;

/// A number, a name, or [operation, operand ...].
Json expressionJson(const nir::Expression &in) {
  if (in.is(nir::Op::Number)) {
    return in.number;
  }
  if (in.is(nir::Op::Symbol)) {
    return in.symbol;
  }
  Json list = {nir::name(in.op)};
  for (const nir::Expression &operand : in.operands) {
    list.push_back(expressionJson(operand));
  }
  return list;
}

Json choicesJson(const nir::Semantics &semantics, std::optional<nir::Family> family) {
  Json all = Json::object();
  for (const nir::Choice &choice : nir::choices()) {
    if (choice.perFamily == family.has_value()) {
      all[std::string(choice.name)] = choice.get(semantics, family.value_or(nir::Family::IF));
    }
  }
  return all;
}

Json parametersJson(const std::vector<nir::ReadParameter> &parameters) {
  Json list = Json::array();
  for (const nir::ReadParameter &each : parameters) {
    Json one = {{"name", each.name}, {"read", each.isRead}};
    if (!each.isRead) {
      one["as"] = each.ignoredAs;
    }
    list.push_back(std::move(one));
  }
  return list;
}

Json statesJson(const std::vector<nir::State> &states) {
  Json list = Json::array();
  for (const nir::State &each : states) {
    list.push_back({{"name", each.name}, {"start", expressionJson(each.start)}});
  }
  return list;
}

Json coefficientsJson(const std::vector<nir::Coefficient> &coefficients) {
  Json list = Json::array();
  for (const nir::Coefficient &each : coefficients) {
    list.push_back({{"name", each.name}, {"value", expressionJson(each.value)}});
  }
  return list;
}

Json assignmentsJson(const std::vector<nir::Assignment> &assignments) {
  Json list = Json::array();
  for (const nir::Assignment &each : assignments) {
    list.push_back({{"phase", nir::name(each.phase)},
                    {"set", each.target},
                    {"to", expressionJson(each.value)}});
  }
  return list;
}

/// What both kinds of neurons say first.
template <typename Neuron>
Json headJson(const nir::Semantics &semantics, const Neuron &neuron) {
  return {{"family", nir::name(neuron.family)},
          {"choices", choicesJson(semantics, neuron.family)},
          {"parameters", parametersJson(neuron.parameters)},
          {"input", "u"},
          {"output", neuron.output},
          {"states", statesJson(neuron.states)},
          {"coefficients", coefficientsJson(neuron.coefficients)}};
}

/// A line an object, where it fits, and expressions on one line.
void append(std::string &text, const Json &json, size_t indent) {
  constexpr size_t widest = 110;
  // A file's name of a node in `late` may be of any bytes.
  std::string line = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  bool isExpression = json.is_array() && (json.empty() || !json[0].is_object());
  if (line.size() + indent <= widest || isExpression || !json.is_structured()) {
    text += line;
    return;
  }
  text += json.is_object() ? "{" : "[";
  bool isFirst = true;
  for (const auto &[key, value] : json.items()) {
    text += (isFirst ? "\n" : ",\n") + std::string(indent + 2, ' ');
    text += json.is_object() ? Json(key).dump(-1, ' ', false, Json::error_handler_t::replace) + ": "
                             : "";
    append(text, value, indent + 2);
    isFirst = false;
  }
  text += "\n" + std::string(indent, ' ') + (json.is_object() ? "}" : "]");
}

} // namespace

std::string emitJson(const nir::Semantics &semantics, std::optional<nir::Family> family) {
  Json neurons = Json::object();
  EmittedNeurons all = neuronsOf(semantics, family);
  for (const nir::NeuronEquations &each : all.steps) {
    Json one = headJson(semantics, each);
    one["required"] = Json::array();
    for (const nir::Expression &condition : each.required) {
      one["required"].push_back(expressionJson(condition));
    }
    one["step"] = assignmentsJson(each.step);
    neurons[each.primitive] = std::move(one);
  }
  for (const nir::EventEquations &each : all.events) {
    Json one = headJson(semantics, each);
    one["flow"] = assignmentsJson(each.flow);
    one["impulse"] = assignmentsJson(each.impulse);
    one["crossing"] = expressionJson(each.crossing);
    one["reset"] = assignmentsJson(each.reset);
    neurons[each.primitive] = std::move(one);
  }
  Json result = {{"format", "nir-semantics"},
                 {"version", 1},
                 {"semantics", semantics.text()},
                 {"stored", semantics.stored()}};
  for (const nir::Preset &preset : nir::presets()) {
    if (preset.name == semantics.preset) {
      result["preset"] = {{"name", preset.name},
                          {"summary", preset.summary},
                          {"source", preset.source},
                          {"notes", preset.notes}};
    }
  }
  result["network"] = choicesJson(semantics, std::nullopt);
  result["neurons"] = std::move(neurons);
  std::string text;
  append(text, result, 0);
  return text + "\n";
}

} // namespace nirc
