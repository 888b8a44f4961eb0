//===- Module.h - what a WebAssembly module says of its network -*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "backends/cpu/lower/Keep.h"
#include "backends/cpu/run/Description.h"

#include <string>
#include <string_view>
#include <vector>

namespace nirc::cpu {

/// A network as the loader sees it.
struct WebNetwork {
  Description description;
  std::vector<KeptNumber> kept; ///< those that the module exports the places of
};

/// A linked module with a last section "nirc": the description as JSON, which loader.mjs reads.
std::string described(std::string module, const WebNetwork &network);

/// The ES module beside `stem`.wasm: the loader, which finds it there.
std::string scriptText(const std::string &stem, const WebNetwork &network);
/// Its types, with the names of the network.
std::string typesText(const std::string &stem, const WebNetwork &network);

/// What files of a network are called that is called so: without what a URL or a shell would read
/// as something else.
std::string webStem(std::string_view name);

} // namespace nirc::cpu
