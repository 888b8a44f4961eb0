//===- Page.h - the report as one file --------------------------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#pragma once

#include "api/Provenance.h"
#include "ir/Error.h"

#include <string>
#include <string_view>

namespace nirc {

/// An error where nirc was built without the page.
nir::Status checkPage();

/// The page that web/report is built to, with `data` in it. No text of `data` can become HTML: in
/// JSON every `<` is written as an escape, and the page's scripts make text of texts. An error
/// where nirc was built without the page.
nir::Result<std::string> reportPage(const Json &data, std::string_view title);

} // namespace nirc
