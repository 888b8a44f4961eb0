//===- Semantics.cpp - semantics as texts ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/libfuzzer/Input.h"

#include "ir/choices/Choices.h"
#include "ir/choices/Stored.h"

using namespace nir;
using fuzz::require;

NIRC_FUZZER(input) {
  Result<Semantics> semantics = semanticsOf(input.text());
  if (!fuzz::isValue(semantics)) {
    return;
  }
  Status contradiction = checkSemantics(*semantics);
  (void)semantics->str();
  for (const std::string &text :
       {semantics->text(), storedText(labelOf(semantics->text()), completeChoices(*semantics))}) {
    Result<Semantics> again = semanticsOf(text);
    require(static_cast<bool>(again), "a semantics that is written is read");
    again->dtSeconds = semantics->dtSeconds; // stands elsewhere in files
    again->preset = semantics->preset;
    require(*again == *semantics, "a semantics that is written is read as it was");
    require(!checkSemantics(*again) == !contradiction, "and contradicts itself no less");
  }
}
