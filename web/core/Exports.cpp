//===- Exports.cpp - what JavaScript calls --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// Every call takes the address of a request in JSON and gives the length of the answer, which
// nirc_answer points to until the next call. Memory comes from nirc_take; the bytes of a file are
// given away with the call.
//
//===----------------------------------------------------------------------===//

#include "web/core/Describe.h"
#include "web/core/Page.h"

#include <cstdlib>

using namespace nirc::web;

static Page &page() {
  static Page one;
  return one;
}

static std::string &answerText() {
  static std::string text;
  return text;
}

/// Names in files may be any bytes; texts of JavaScript may not.
static size_t answer(const Json &json) {
  answerText() = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return answerText().size();
}

static Json parsed(const char *text, size_t size) {
  Json json = Json::parse(text, text + size, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : Json::object();
}

static std::shared_ptr<const std::byte> owned(std::byte *bytes) { return {bytes, std::free}; }

#define NIRC_EXPORT(name) extern "C" __attribute__((export_name(#name)))

NIRC_EXPORT(nirc_take) void *nirc_take(size_t size) {
  return std::aligned_alloc(64, (size + 63) / 64 * 64 + 64);
}
NIRC_EXPORT(nirc_release) void nirc_release(void *memory) { std::free(memory); }
NIRC_EXPORT(nirc_answer) const char *nirc_answer() { return answerText().data(); }

NIRC_EXPORT(nirc_semantics) size_t nirc_semantics() { return answer(semanticsJson()); }
NIRC_EXPORT(nirc_open)
size_t nirc_open(const char *text, size_t length, std::byte *bytes, size_t size) {
  return answer(page().open(parsed(text, length), owned(bytes), size));
}
NIRC_EXPORT(nirc_check) size_t nirc_check(const char *text, size_t length) {
  return answer(page().check(parsed(text, length)));
}
NIRC_EXPORT(nirc_drop)
size_t nirc_drop(const char *text, size_t length, std::byte *bytes, size_t size) {
  return answer(page().drop(parsed(text, length), owned(bytes), size));
}
NIRC_EXPORT(nirc_start) size_t nirc_start(const char *text, size_t length) {
  return answer(page().start(parsed(text, length)));
}
NIRC_EXPORT(nirc_advance) size_t nirc_advance(int steps) { return answer(page().advance(steps)); }
NIRC_EXPORT(nirc_records) size_t nirc_records() { return answer(page().records()); }
