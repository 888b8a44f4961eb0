//===- Spinnaker2Image.cpp - what SpiNNaker2's cores hold -----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The first byte says whether it is a core or the network; the rest of a line of its length are the
// bytes of the one, and what follows those of the other. Both together are an image or are not.

#include "tests/fuzz/libfuzzer/Input.h"

#include "backends/spinnaker2/image/Image.h"

using namespace nir;
using namespace nirc::spinnaker2;

NIRC_FUZZER(input) {
  size_t low = input.byte(), length = low + 256 * size_t{input.byte()};
  std::string_view bytes = input.text();
  Result<CoreImage> core = readCore(bytes.substr(0, length));
  Result<NetworkImage> network = readNetwork(bytes.substr(std::min(length, bytes.size())));
  bool areValues = fuzz::isValue(core);
  areValues = fuzz::isValue(network) && areValues;
  if (areValues) {
    Image image{*std::move(network), {*std::move(core)}};
    if (Status bad = checkImage(image)) {
      fuzz::require(!bad->message.empty(), "an error has a message");
    }
  }
}
