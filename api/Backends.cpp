//===- Backends.cpp - chips of others -------------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "api/Backends.h"

#include "api/io/Files.h"
#include "backends/Plugin.h"
#include "backends/chipfile/ChipTarget.h"

#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"

#include <algorithm>
#include <cstdlib>
#include <dlfcn.h>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <string_view>

using namespace nirc;

//===----------------------------------------------------------------------===//
// What a library says of its making
//===----------------------------------------------------------------------===//

static nir::Error notABackend(std::string what) {
  return nir::Error(nir::Cause::NotAProgram, std::move(what))
      .note("expected a library that was linked to nirc::backend and has NIRC_BACKEND, or a chip "
            "file in JSON: docs/add-your-chip.md");
}

/// What is in the section; of a library that is damaged, or has none, an error.
static nir::Result<std::string> textOf(const llvm::object::ObjectFile &library) {
  for (const llvm::object::SectionRef &section : library.sections()) {
    auto name = section.getName();
    if (!name) {
      llvm::consumeError(name.takeError());
      continue;
    }
    if (*name != NIRC_BACKEND_SECTION) {
      continue;
    }
    auto contents = section.getContents();
    if (!contents) {
      llvm::consumeError(contents.takeError());
      return notABackend("has a damaged section " NIRC_BACKEND_SECTION);
    }
    return contents->str().substr(0, contents->find('\0'));
  }
  return notABackend("is machine code, and not a backend: it has no section " NIRC_BACKEND_SECTION);
}

static bool hasEntry(const llvm::object::ELFObjectFileBase &library) {
  for (const llvm::object::ELFSymbolRef &symbol : library.getDynamicSymbolIterators()) {
    auto name = symbol.getName();
    auto flags = symbol.getFlags();
    bool isRead = static_cast<bool>(name) && static_cast<bool>(flags);
    if (!isRead) {
      llvm::consumeError(name.takeError());
      llvm::consumeError(flags.takeError());
      continue;
    }
    if (*name == "nirc_backend" && (*flags & llvm::object::SymbolRef::SF_Undefined) == 0) {
      return true;
    }
  }
  return false;
}

/// "22.1.8" of the line "llvm 22.1.8".
static std::string valueIn(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.starts_with(key) && line.substr(key.size()).starts_with(' ')) {
      std::string value(line.substr(key.size() + 1));
      std::replace_if(value.begin(), value.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
      return value;
    }
  }
  return {};
}

/// The lines must be this nirc's, the first that is not is the error.
static nir::Status checkMaking(std::string_view text) {
  struct Line {
    std::string_view key, what, fix;
  };
  constexpr Line lines[] = {
      {"api", "the API {} of backends, expected {}",
       "a nirc with that API, or the backend's "
       "source brought to this one"},
      {"llvm", "LLVM {}, expected {}: two of them do not go in one process",
       "compile the backend with the MLIR that find_package(nirc) finds"},
      {"nirc", "nirc {}, expected {}", "compile the backend with this nirc: find_package(nirc)"},
      {"headers", "a nirc with the headers {}, expected {}",
       "compile the backend with this nirc: find_package(nirc)"}};
  for (const Line &line : lines) {
    std::string found = valueIn(text, line.key), expected = valueIn(NIRC_BACKEND_TEXT, line.key);
    if (found != expected) {
      return nir::Error(nir::Cause::OtherVersion,
                        "was compiled for " + fmt::format(fmt::runtime(line.what),
                                                          found.empty() ? "?" : found, expected))
          .note(std::string(line.fix));
    }
  }
  return {};
}

static nir::Status checkLibrary(const std::string &path) {
  auto file = llvm::object::ObjectFile::createObjectFile(path);
  if (!file) {
    llvm::consumeError(file.takeError());
    return notABackend("is a damaged library: it begins as ELF, and cannot be read");
  }
  auto *library = llvm::dyn_cast<llvm::object::ELFObjectFileBase>(file->getBinary());
  if (!library || library->getEType() != llvm::ELF::ET_DYN) {
    return notABackend("is not a shared library");
  }
  nir::Result<std::string> text = textOf(*library);
  if (!text) {
    return text.takeError();
  }
  if (nir::Status other = checkMaking(*text)) {
    return other;
  }
  if (!hasEntry(*library)) {
    return notABackend("has no entry: it does not export the function nirc_backend");
  }
  return {};
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

/// What it throws, as an error.
static nir::Status callEntry(void (*entry)(Backend *), Backend &backend) {
  auto threw = [](std::string_view what) {
    return nir::Error(nir::Cause::ProgramFailed,
                      fmt::format("threw an exception while it was loaded: {}", what))
        .note("whoever made the backend can tell what it means");
  };
  try {
    entry(&backend);
  } catch (const std::exception &exception) {
    return threw(exception.what());
  } catch (...) {
    return threw("of a type that is no std::exception");
  }
  return {};
}

static nir::Status loadLibrary(const std::string &path) {
  if (nir::Status bad = checkLibrary(path)) {
    return bad;
  }
  // A name without a slash would be looked for elsewhere. Missing symbols are an error now, not
  // when they are called.
  void *library = dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) {
    return notABackend(fmt::format("cannot be loaded: {}", dlerror()));
  }
  auto entry = reinterpret_cast<void (*)(Backend *)>(dlsym(library, "nirc_backend"));
  if (!entry) {
    return notABackend(fmt::format("has no entry: {}", dlerror()));
  }
  // It stays from here on: what it has registered elsewhere is nobody's to take back.
  Backend backend;
  nir::Status bad = callEntry(entry, backend);
  return bad ? bad : addBackend(std::move(backend));
}

static nir::Status loadChip(const std::string &path) {
  nir::Result<chipfile::Chip> chip = chipfile::readChipFile(path);
  if (!chip) {
    return chip.takeError();
  }
  Backend backend;
  backend.semantics = {{chip->name, chip->summary, chip->semantics, chip->source, {}}};
  backend.formats = {{chip->name, chip->summary, chip->format, chip->source}};
  backend.targets = {chipfile::targetOf(*chip)};
  return addBackend(std::move(backend));
}

namespace {
/// The files that were loaded.
struct Loaded {
  std::mutex mutex;
  std::vector<std::string> paths;
};
} // namespace

static nir::Status loadFile(const std::string &path) {
  constexpr size_t headBytes = 512;
  nir::Result<std::vector<std::byte>> head = readHead(path, headBytes);
  if (!head) {
    return head.takeError();
  }
  std::string_view text(reinterpret_cast<const char *>(head->data()), head->size());
  if (text.starts_with("\x7f"
                       "ELF")) {
    return loadLibrary(path);
  }
  return chipfile::looksLikeAChip(text) ? loadChip(path)
                                        : notABackend("is neither a library nor a chip file");
}

nir::Status nirc::loadBackend(const std::string &path) {
  static Loaded loaded;
  std::scoped_lock lock(loaded.mutex);
  std::error_code none;
  std::string canonical = std::filesystem::canonical(path, none).string();
  if (std::ranges::find(loaded.paths, canonical) != loaded.paths.end()) {
    return {};
  }
  nir::Status bad = loadFile(path);
  if (bad) {
    bad->file = path;
    return bad;
  }
  loaded.paths.push_back(std::move(canonical));
  return {};
}

nir::Status nirc::loadBackendsOfEnvironment() {
  const char *variable = secure_getenv("NIRC_BACKENDS");
  std::string_view rest = variable ? variable : "";
  while (!rest.empty()) {
    std::string path(rest.substr(0, rest.find(':')));
    rest.remove_prefix(std::min(path.size() + 1, rest.size()));
    if (path.empty()) {
      continue;
    }
    if (nir::Status bad = loadBackend(path)) {
      return std::move(*bad).note("NIRC_BACKENDS names it; `unset NIRC_BACKENDS` goes on without");
    }
  }
  return {};
}

/// The files that the arguments name and no longer have then.
static nir::Result<std::vector<std::string>> takeFiles(std::vector<std::string> &arguments) {
  constexpr std::string_view option = "--load-backend", withValue = "--load-backend=";
  std::vector<std::string> files, others;
  bool isOver = false;
  for (size_t i = 0; i < arguments.size(); ++i) {
    isOver |= arguments[i] == "--";
    if (isOver || !(arguments[i] == option || arguments[i].starts_with(withValue))) {
      others.push_back(std::move(arguments[i]));
      continue;
    }
    bool isApart = arguments[i] == option;
    std::string file = !isApart                   ? arguments[i].substr(withValue.size())
                       : i + 1 < arguments.size() ? arguments[++i]
                                                  : std::string();
    if (file.empty()) {
      return nir::Error::usage(nir::Cause::MissingOption,
                               "found --load-backend without a value, expected a library or a "
                               "chip file")
          .note("for example: nirc --load-backend=chip.json targets");
    }
    files.push_back(std::move(file));
  }
  arguments = std::move(others);
  return files;
}

nir::Status nirc::loadBackendsOf(std::vector<std::string> &arguments) {
  nir::Result<std::vector<std::string>> files = takeFiles(arguments);
  if (!files) {
    return files.takeError();
  }
  nir::Status failed = loadBackendsOfEnvironment();
  for (const std::string &file : *files) {
    failed = failed ? std::move(failed) : loadBackend(file);
  }
  return failed;
}
