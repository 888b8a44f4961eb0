//===- NumberFormat.cpp - number formats as texts -------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/libfuzzer/Input.h"

#include "ir/choices/NumberFormat.h"

using namespace nir;
using fuzz::require;

NIRC_FUZZER(input) {
  Result<NumberFormat> format = numberFormatOf(input.text());
  if (!fuzz::isValue(format)) {
    return;
  }
  require(!checkNumberFormat(*format), "a format that is read does not contradict itself");
  require(largestWeight(*format) >= 1, "some weight is not 0");
  for (const std::string &text : {format->text(), format->stored()}) {
    Result<NumberFormat> again = numberFormatOf(text);
    require(again && *again == *format, "a format that is written is read as it was");
  }
}
