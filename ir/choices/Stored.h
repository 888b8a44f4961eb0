//===- Stored.h - choices as files hold them --------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a preset's name means can change from one nirc to the next; what a file means must not. So a
// file holds the name and, in brackets, everything that it stood for when the file was written:
//
//     norse,reset=subtract[v1,ignore=v_reset,...,reset=subtract]
//     int8,weight-bits=6[v1,weight-bits=6]
//
// The brackets decide; the name is for people. `v1` is a value of every choice and of every field
// that is fixed for ever (Stored.cpp); what follows is the difference to it. A text without
// brackets is what a person wrote, or an early nirc, and means what its name means today.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "ir/choices/NumberFormat.h"
#include "ir/choices/Semantics.h"

#include <string>
#include <string_view>

namespace nir {

/// What `v1` stands for: a value of every choice and of every field.
std::string_view choicesOfV1();
std::string_view fieldsOfV1();

/// "norse,reset=subtract" of either form.
std::string_view labelOf(std::string_view text);
/// Whether the text is a name alone.
bool isByName(std::string_view text);

/// "v1,ignore=v_reset,reset=subtract": the text in the brackets. dt is not among it.
std::string completeChoices(const Semantics &semantics);
std::string completeFields(const NumberFormat &format);

/// "norse" and "v1,ignore=v_reset" as one text.
std::string storedText(std::string_view label, std::string_view complete);

/// Reads the form with brackets. The preset is the one of the name where that exists today, else
/// the default: `text()` then says what differs from it.
Result<Semantics> storedSemantics(std::string_view text);
Result<NumberFormat> storedFormat(std::string_view text);

/// Where a file's name would mean other choices today than those that the file holds, a sentence
/// that says so; else nothing. `label` is what the file calls them.
std::string nameDrift(std::string_view label, const Semantics &semantics);
std::string nameDrift(std::string_view label, const NumberFormat &format);

} // namespace nir
