//===- Common.h - what is compiled once for all sources ---------*- C++ -*-===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The precompiled header of the core, as cmake/NircPrecompiled.cmake has them for the rest. It
// comes before all else, and brings the stand-ins for what one thread has no library for.
//
//===----------------------------------------------------------------------===//

#pragma once

#include "web/core/SingleThread.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>
