//===- Surroundings.cpp - what nirc reads and leaves behind ---------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/manual/Surroundings.h"

namespace nirc {

static constexpr Surrounding codes[] = {
    {"0", "Done."},
    {"1", "A file is at fault: a model, an input, or a result that cannot be written. Of compare "
          "also: the sides differ. Of match also: no semantics has all of the recording."},
    {"2", "The command line is at fault."},
    {"3", "nirc is at fault, or memory ran out."}};

std::span<const Surrounding> exitCodes() { return codes; }

static constexpr Surrounding environment[] = {
    {"NIRC_BACKENDS",
     "Chips of others that are loaded first: libraries and chip files, with colons "
     "between them. --load-backend loads more."},
    {"NIRC_CACHE_DIR",
     "The folder that keeps machine code from one run to the next. Otherwise nirc in "
     "XDG_CACHE_HOME, or .cache/nirc in HOME."},
    {"NIRC_CACHE_MIB", "The most that folder may take, in MiB: 256 where it is not set. 0 keeps "
                       "nothing, as --no-cache does."},
    {"NIRC_READ_HELPER", "The path of nirc-read, where it is not beside nirc."},
    {"XDG_CACHE_HOME", "Where programs keep what can be made again; see NIRC_CACHE_DIR."},
    {"HOME", "The user's folder; see NIRC_CACHE_DIR."},
    {"PATH", "Where other programs are looked for: a linker or compiler for shared libraries, "
             "verilator, qemu-system-arm."},
    {"NO_COLOR", "Where it is set and not empty, messages on a terminal have no colour."},
    {"TERM", "Where it is dumb or not set, messages have no colour."}};

std::span<const Surrounding> variables() { return environment; }

static constexpr Surrounding kept[] = {
    {"~/.cache/nirc", "Machine code of networks that were run, each in a file that its network, "
                      "options and nirc have named. It can be removed at any time."}};

std::span<const Surrounding> files() { return kept; }

} // namespace nirc
