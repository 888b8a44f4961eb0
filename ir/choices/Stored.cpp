//===- Stored.cpp ---------------------------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "ir/choices/Stored.h"

#include "ir/choices/Choices.h"
#include "ir/choices/Presets.h"

#include <algorithm>
#include <cassert>
#include <cctype>
#include <fmt/format.h>

namespace nir {

/// What files count from. Never change a value: files that exist would mean something else. A
/// choice that is new gets a line here, with the value by which nirc computed before there was a
/// choice.
constexpr std::string_view base = "v1";
constexpr std::string_view baseChoices =
    "integrator=euler,gain=integrator,drive=held,IF.drive=impulse,enters=after-decay,"
    "synapse-integrator=same,synapse-gain=same,current=new,spike-test=new,spike-when=gt,"
    "spikes-per-step=single,reset=to-value,reset-delay=0,late-reset=after-update,"
    "after-spike=whole-step,start=zero,floor=none,ignore=none,schedule=sequential,"
    "feedback-start=bias,duplicate-edges=each,late=none";
constexpr std::string_view baseFields =
    "weight-bits=8,weight-code=symmetric,granularity=tensor,scales=free,scale=auto,weight-range="
    "max,"
    "constants=nearest-even,accumulator-bits=32,accumulator-overflow=saturate,signal-bits=8,"
    "signal-range=max,states=integer,state-bits=24,current-overflow=saturate,"
    "membrane-overflow=saturate,fraction-bits=auto,multiplier-bits=16,multiplier=floating,"
    "rounding=nearest-even,seed=0,bias-bits=0,threshold-step=1,kept-bits=all,kept-levels=uniform";

template <typename T>
static T made(std::string_view choices) {
  T value;
  [[maybe_unused]] Status bad = chooseAll(value, choices);
  assert(!bad && "v1 holds choices and fields that exist");
  return value;
}

static const Semantics &semanticsV1() {
  static const Semantics semantics = made<Semantics>(baseChoices);
  return semantics;
}

static const NumberFormat &formatV1() {
  static const NumberFormat format = made<NumberFormat>(baseFields);
  return format;
}

std::string_view choicesOfV1() { return baseChoices; }

std::string_view fieldsOfV1() { return baseFields; }

std::string_view labelOf(std::string_view text) { return text.substr(0, text.find('[')); }

bool isByName(std::string_view text) { return text.find('[') == std::string_view::npos; }

std::string storedText(std::string_view label, std::string_view complete) {
  return fmt::format("{}[{}]", label, complete);
}

std::string completeChoices(const Semantics &semantics) {
  return std::string(base) + differences(semantics, semanticsV1());
}

std::string completeFields(const NumberFormat &format) {
  return std::string(base) + differences(format, formatV1());
}

std::string Semantics::stored() const { return storedText(text(), completeChoices(*this)); }

std::string NumberFormat::stored() const { return storedText(text(), completeFields(*this)); }

/// What a name is made of, so that one from a file can be shown as it is.
static bool isLabel(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 ||
           std::string_view(".,=+-_:%").find(static_cast<char>(c)) != std::string_view::npos;
  });
}

/// Sets what stands in the brackets behind `v1`.
template <typename T>
static Status readComplete(std::string_view text, T &value) {
  std::string_view label = labelOf(text);
  if (!isLabel(label) || !text.ends_with(']')) {
    return Error(Cause::FileMetadata,
                 fmt::format("found '{}', expected NAME or NAME[{},CHOICE=VALUE,...]", text, base));
  }
  std::string_view complete = text.substr(label.size() + 1);
  complete.remove_suffix(1);
  std::string_view found = complete.substr(0, complete.find(','));
  if (found != base) {
    return Error(Cause::FileMetadata,
                 fmt::format("the choices of '{}' are counted from '{}', expected {}", label, found,
                             base))
        .note("a later nirc wrote them, and that one reads them");
  }
  return chooseAll(value, complete.substr(std::min(found.size() + 1, complete.size())));
}

/// The preset that a label starts with.
static std::string_view presetIn(std::string_view label) {
  return label.substr(0, label.find(','));
}

Result<Semantics> storedSemantics(std::string_view text) {
  Semantics semantics = semanticsV1();
  if (Status bad = readComplete(text, semantics)) {
    return std::move(*bad);
  }
  Result<Semantics> named = presetSemantics(presetIn(labelOf(text)));
  semantics.preset = named ? named->preset : Semantics().preset;
  return semantics;
}

Result<NumberFormat> storedFormat(std::string_view text) {
  NumberFormat format = formatV1();
  if (Status bad = readComplete(text, format)) {
    return std::move(*bad);
  }
  Result<NumberFormat> named = numberFormatOf(presetIn(labelOf(text)));
  format.preset = named ? named->preset : NumberFormat().preset;
  return format;
}

std::string nameDrift(std::string_view label, const Semantics &semantics) {
  Result<Semantics> today = semanticsOf(label);
  if (today && completeChoices(*today) == completeChoices(semantics)) {
    return {};
  }
  return fmt::format(
      "the file's semantics is called '{}', which {} here; its own choices count: {}", label,
      today ? "means another one" : "is not known", semantics.text());
}

std::string nameDrift(std::string_view label, const NumberFormat &format) {
  Result<NumberFormat> today = numberFormatOf(label);
  if (today && completeFields(*today) == completeFields(format)) {
    return {};
  }
  return fmt::format("the file's number format is called '{}', which {} here; its own fields "
                     "count: {}",
                     label, today ? "means another one" : "is not known", format.text());
}

} // namespace nir
