//===- Options.cpp - texts of the command line that mean something --------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Framing, encoders, times, names of sources. What is understood is printed so that it is
// understood again.

#include "tests/fuzz/libfuzzer/Input.h"

#include "api/io/Encoding.h"
#include "api/io/EventFile.h"
#include "api/io/FileKind.h"
#include "api/io/Framing.h"
#include "api/io/Npz.h"
#include "api/io/Printable.h"
#include "api/io/SavedData.h"
#include "api/io/ShdInput.h"
#include "api/io/Units.h"

using namespace nir;
using fuzz::require;

static void takeFraming(const std::string &text, nirc::EventFraming &framing) {
  using Take = Status(std::string_view, nirc::EventFraming &);
  for (Take *take : {nirc::takeFrames, nirc::takePolarity, nirc::takeTimeZero, nirc::takeSensor,
                     nirc::takeCrop}) {
    if (Status bad = take(text, framing)) {
      require(!bad->message.empty(), "an error has a message");
    }
  }
}

NIRC_FUZZER(input) {
  nirc::EventFraming framing;
  for (std::string text(input.line()); !text.empty(); text = input.line()) {
    takeFraming(text, framing);
    (void)nirc::text(framing);
    Result<nirc::Encoder> encoder = nirc::encoderOf(text);
    if (fuzz::isValue(encoder)) {
      std::string written = nirc::text(*encoder);
      Result<nirc::Encoder> again = nirc::encoderOf(written);
      require(again && nirc::text(*again) == written, "an encoder that is printed is understood");
    }
    (void)fuzz::isValue(nirc::layoutOf(text));
    (void)fuzz::isValue(nirc::parseNumber(text));
    (void)fuzz::isValue(nirc::parseHertz(text));
    Result<double> seconds = nirc::parseSeconds(text);
    if (fuzz::isValue(seconds)) {
      require(*seconds > 0, "a time is positive");
      (void)nirc::secondsText(*seconds);
    }
    (void)fuzz::isValue(nirc::shdSourceOf(text));
    (void)nirc::checkFormat(nirc::eventSourceOf(text));
    (void)nirc::npzSourceOf(text);
    (void)nirc::isTable(text);
    (void)nirc::foreignFile(text, text, text.size());
    std::string shown = nirc::printable(text);
    require(nirc::printable(shown) == shown, "what is printable stays as it is");
    (void)nirc::csvQuoted(text);
  }
}
