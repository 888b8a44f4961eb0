//===- Csv.cpp - tables: of numbers, of spikes, of results ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The first byte picks the reader and the layout; the first line may name columns.

#include "tests/fuzz/libfuzzer/Input.h"

#include "api/io/ReadResults.h"
#include "api/io/SavedData.h"

using namespace nir;
using fuzz::require;

static void readTable(std::string_view text, std::string_view columns, nirc::Layout layout) {
  Result<nirc::SavedData> data = nirc::parseTable(text, columns, layout, "x.csv");
  if (!fuzz::isValue(data)) {
    return;
  }
  require(!data->looksLikeSpikes() || data->canBeSpikes(), "what looks like spikes can be spikes");
  for (double dt : {0.0, 1e-3}) {
    Result<nirc::SavedExtent> extent = nirc::extentOf(*data, layout, dt);
    bool isSmall = fuzz::isValue(extent) && extent->samples < 64 && extent->steps < 4096 &&
                   numElements(extent->shape) < 256;
    if (isSmall) {
      (void)fuzz::isValue(nirc::fitSaved(*data, *extent, layout, dt, 1));
    }
  }
}

NIRC_FUZZER(input) {
  uint8_t kind = input.byte();
  if (kind % 8 == 7) {
    (void)fuzz::isValue(nirc::parseCsv(input.text(), "x.csv"));
    return;
  }
  std::string columns(kind % 2 ? input.line() : std::string_view());
  readTable(input.text(), columns, static_cast<nirc::Layout>(kind / 2 % 6));
}
