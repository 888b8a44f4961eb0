//===- Errors.cpp - errors as objects of C --------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Advice.h"
#include "plugins/c/Boundary.h"
#include "plugins/c/Views.h"

#include <fmt/format.h>
#include <map>
#include <memory>
#include <string>

using namespace nirc;
using namespace nirc::c;

struct nirc_error {
  nirc_status status;
  const nirc_diagnostic *view;
  std::unique_ptr<DiagnosticView> owned; ///< what `view` is of; null for `noMemory`
};

static nirc_status statusOf(const nir::Error &error) {
  return error.code == nir::kindOf(nir::Cause::Stopped).code ? NIRC_E_STOPPED
         : error.kind == nir::ErrorKind::Input               ? NIRC_E_INPUT
         : error.kind == nir::ErrorKind::Usage               ? NIRC_E_USAGE
                                                             : NIRC_E_INTERNAL;
}

// What is given where there is no memory for another one. It is there from the start, and freed by
// nobody.
static constexpr nirc_note fewer{"fewer samples or steps, or fewer recorded states", ""};
static constexpr nirc_diagnostic noMemoryView{
    NIRC_ERROR,
    "no-memory",
    "there is no more memory for this call",
    "",
    "",
    "",
    "",
    "error: there is no more memory for this call\n"
    "note: fewer samples or steps, or fewer recorded states",
    1,
    &fewer};
static constinit nirc_error noMemory{NIRC_E_INTERNAL, &noMemoryView, nullptr};

nirc_status nirc::c::failWithoutMemory(nirc_error **error) noexcept {
  if (error) {
    *error = &noMemory;
  }
  return NIRC_E_INTERNAL;
}

nirc_status nirc::c::fail(nirc_error **error, nir::Error what) noexcept {
  nirc_status status = statusOf(what);
  if (!error) {
    return status;
  }
  try {
    auto view = std::make_unique<DiagnosticView>(std::move(what));
    *error = new nirc_error{status, &view->get(), nullptr};
    (*error)->owned = std::move(view);
    return status;
  } catch (...) {
    return failWithoutMemory(error);
  }
}

nir::Error nirc::c::isNull(const char *name) {
  return nir::Error::usage(fmt::format("found NULL for '{}', expected a pointer", name));
}

nir::Status nirc::c::checkSize(const void *options, size_t size, size_t first, size_t known) {
  if (size < first) {
    return nir::Error::usage(
               fmt::format("found options of size {}, expected {} or more", size, first))
        .note("NIRC_OPTIONS clears a struct of options and sets its size");
  }
  const auto *bytes = static_cast<const unsigned char *>(options);
  for (size_t i = known; i < size; ++i) {
    if (bytes[i] != 0) {
      return nir::Error::usage(nir::Cause::OtherVersion,
                               fmt::format("found an option behind byte {}, expected none that "
                                           "version {} of the C API does not know",
                                           known, NIRC_API_VERSION))
          .note("load the libnirc that belongs to the header, or one that is newer");
    }
  }
  return {};
}

nirc_status nirc_error_status(const nirc_error *error) { return error ? error->status : NIRC_OK; }

const nirc_diagnostic *nirc_error_diagnostic(const nirc_error *error) {
  static const nirc_diagnostic none{NIRC_NOTE, "", "", "", "", "", "", "", 0, nullptr};
  return error ? error->view : &none;
}

const char *nirc_error_text(const nirc_error *error) { return nirc_error_diagnostic(error)->text; }

void nirc_error_free(nirc_error *error) {
  if (error != &noMemory) {
    delete error;
  }
}

namespace {
/// Texts that end in a NUL, of tables of string_views.
struct Explanation {
  std::string code, summary, found, why, fix, example;
  nirc_explanation view = {};

  void settle() {
    view = {code.c_str(), summary.c_str(), found.c_str(),
            why.c_str(),  fix.c_str(),     example.c_str()};
  }
};
} // namespace

/// Of all causes of errors and of all advice.
static std::map<std::string, Explanation, std::less<>> explanations() {
  std::map<std::string, Explanation, std::less<>> all;
  auto add = [&](std::string_view code, std::string_view summary, std::string_view found,
                 std::string_view why, std::string_view fix, std::string_view example) {
    all[std::string(code)] = {std::string(code), std::string(summary), std::string(found),
                              std::string(why),  std::string(fix),     std::string(example)};
  };
  for (const nir::CauseKind &kind : nir::causeKinds()) {
    add(kind.code, kind.summary, kind.found, kind.why, kind.fix, kind.example);
  }
  for (const AdviceKind &kind : adviceKinds()) {
    add(kind.name, kind.summary, kind.found, kind.why, kind.fix, "");
  }
  for (auto &[code, explanation] : all) {
    explanation.settle();
  }
  return all;
}

const nirc_explanation *nirc_explain(const char *code) {
  return lookedUp<const nirc_explanation *>(nullptr, [&]() -> const nirc_explanation * {
    static const std::map<std::string, Explanation, std::less<>> all = explanations();
    auto found = code ? all.find(std::string_view(code)) : all.end();
    return found == all.end() ? nullptr : &found->second.view;
  });
}
