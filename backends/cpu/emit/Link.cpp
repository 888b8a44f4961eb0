//===- Link.cpp - objects as a shared library, or a module ----------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/MachineCode.h"
#include "backends/run/Tools.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Host.h"

#include <fmt/format.h>
#include <link.h>

using namespace llvm;
using namespace nirc;

namespace {
struct Linker {
  std::string program;
  bool isDriver = false; ///< a compiler, which knows where libc and libm are
};
} // namespace

/// The first there is of: the platform's compiler, and LLVM's linker, which links for every
/// platform, and which packages of nirc bring along. Without a driver a library for another
/// platform leaves libc and libm to the program that loads it.
static std::optional<Linker> findLinker(const Triple &triple, bool isHost) {
  std::vector<std::string> drivers;
  if (isHost) {
    drivers = {"cc", "gcc", "clang", "clang-22"};
  } else {
    drivers = {fmt::format("{}-{}-{}-gcc", triple.getArchName().str(), triple.getOSName().str(),
                           triple.getEnvironmentName().str())};
  }
  for (const std::string &name : drivers) {
    if (ErrorOr<std::string> program = sys::findProgramByName(name)) {
      return Linker{*program, true};
    }
  }
  for (const char *name : {"ld.lld", "ld.lld-22"}) {
    if (ErrorOr<std::string> program = sys::findProgramByName(name)) {
      return Linker{*program, false};
    }
  }
  if (std::string program = carriedTool("ld.lld"); !program.empty()) {
    return Linker{program, false};
  }
  return std::nullopt;
}

static nir::Error systemError(const std::string &doing, const std::string &what,
                              const std::string &why) {
  return nir::Error(nir::Cause::CannotWrite, fmt::format("cannot {}: {}", doing, why)).in(what);
}

static nir::Result<std::string> contentOf(const std::string &path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer) {
    return systemError("read the file", path, buffer.getError().message());
  }
  return (*buffer)->getBuffer().str();
}

static nir::Status write(const std::string &path, const std::string &bytes) {
  std::error_code failed;
  raw_fd_ostream out(path, failed);
  if (!failed) {
    out << bytes;
    out.close();
    failed = out.error();
    out.clear_error();
  }
  return failed ? nir::Status(systemError("write the file", path, failed.message())) : std::nullopt;
}

/// libc and libm of this process, for a linker that does not know where they are.
static std::vector<std::string> systemLibraries() {
  std::vector<std::string> paths;
  dl_iterate_phdr(
      [](dl_phdr_info *info, size_t, void *found) {
        StringRef name = sys::path::filename(info->dlpi_name);
        if (name.starts_with("libc.so") || name.starts_with("libm.so")) {
          static_cast<std::vector<std::string> *>(found)->push_back(info->dlpi_name);
        }
        return 0;
      },
      &paths);
  return paths;
}

/// The bytes of the file `fileName` that a linker makes of objects. `words`: the command, of the
/// objects' paths and that of the file.
static nir::Result<std::string>
link(ArrayRef<std::string> objects, const std::string &fileName, const std::string &program,
     function_ref<std::vector<std::string>(ArrayRef<std::string>, const std::string &)> words) {
  SmallString<128> folder;
  if (std::error_code failed = sys::fs::createUniqueDirectory("nirc-link", folder)) {
    return systemError("make a temporary folder", folder.str().str(), failed.message());
  }
  scope_exit cleanUp([&] {
    // What cannot be removed stays in the system's folder for such files.
    [[maybe_unused]] std::error_code ignored = sys::fs::remove_directories(folder);
  });
  std::string output = (folder + "/" + fileName).str(), log = (folder + "/log").str();
  std::vector<std::string> inputs;
  for (const std::string &object : objects) {
    inputs.push_back(fmt::format("{}/{}.o", folder.str().str(), inputs.size()));
    if (nir::Status failed = write(inputs.back(), object)) {
      return std::move(*failed);
    }
  }
  std::vector<std::string> arguments = words(inputs, output);
  std::vector<StringRef> views(arguments.begin(), arguments.end());
  std::string problem;
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(log), StringRef(log)};
  int code = sys::ExecuteAndWait(program, views, std::nullopt, redirects, /*SecondsToWait=*/0,
                                 /*MemoryLimit=*/0, &problem);
  if (code != 0) {
    nir::Result<std::string> said = contentOf(log);
    return nir::Error(nir::Cause::Toolchain,
                      fmt::format("{} could not link the {}: {}", program,
                                  StringRef(fileName).ends_with(".wasm") ? "module" : "library",
                                  said && !said->empty() ? StringRef(*said).trim().str() : problem))
        .in(fileName);
  }
  return contentOf(output);
}

nir::Result<std::string> cpu::linkShared(ArrayRef<std::string> objects, const std::string &fileName,
                                         const Triple &triple) {
  if (!triple.isOSBinFormatELF()) {
    return nir::Error(
               nir::Cause::Toolchain,
               fmt::format("--emit=shared makes ELF libraries, which {} has none of", triple.str()))
        .note("--emit=object leaves linking to that platform's own tools");
  }
  bool isHost = triple.getArch() == Triple(sys::getProcessTriple()).getArch();
  std::optional<Linker> linker = findLinker(triple, isHost);
  if (!linker) {
    return nir::Error(nir::Cause::Toolchain,
                      "found neither cc nor ld.lld on the PATH, expected one of them to link the "
                      "library")
        .in(fileName)
        .note("apt install lld-22, or gcc; --emit=object and --emit=c need none");
  }
  return link(objects, fileName, linker->program,
              [&](ArrayRef<std::string> inputs, const std::string &output) {
                // No build id: it would differ where the same code is linked by another linker.
                std::vector<std::string> words = {linker->program, "-shared"};
                if (linker->isDriver) {
                  words.insert(words.end(),
                               {"-nostdlib", "-Wl,--build-id=none", "-Wl,-soname," + fileName,
                                "-Wl,--as-needed", "-o", output});
                  words.insert(words.end(), inputs.begin(), inputs.end());
                  words.insert(words.end(), {"-lm", "-lc"});
                  return words;
                }
                words.insert(words.end(),
                             {"--build-id=none", "-soname", fileName, "--as-needed", "-o", output});
                words.insert(words.end(), inputs.begin(), inputs.end());
                if (isHost) {
                  std::vector<std::string> libraries = systemLibraries();
                  words.insert(words.end(), libraries.begin(), libraries.end());
                }
                return words;
              });
}

/// LLVM's linker of this release, which is one program for all formats that asks by which name it
/// was called; only then an older one.
static std::string findWebLinker() {
  for (const char *name : {"wasm-ld-22", "ld.lld-22"}) {
    if (ErrorOr<std::string> program = sys::findProgramByName(name)) {
      return *program;
    }
  }
  if (std::string program = carriedTool("ld.lld"); !program.empty()) {
    return program;
  }
  ErrorOr<std::string> program = sys::findProgramByName("wasm-ld");
  return program ? *program : "";
}

nir::Result<std::string> cpu::linkWeb(const std::string &object, const std::string &fileName,
                                      ArrayRef<std::string> exports) {
  std::string linker = findWebLinker();
  if (linker.empty()) {
    return nir::Error(nir::Cause::Toolchain,
                      "found no wasm-ld-22 on the PATH, expected it to link the module")
        .in(fileName)
        .note("apt install lld-22; --emit=object --triple=wasm32-unknown-unknown needs none");
  }
  return link({object}, fileName, linker,
              [&](ArrayRef<std::string> inputs, const std::string &output) {
                // The stack first: what overflows it is a trap, and no other number.
                std::vector<std::string> words = {"wasm-ld", "--no-entry", "--stack-first",
                                                  "--strip-all", "--export=__heap_base"};
                for (const std::string &name : exports) {
                  words.push_back("--export=" + name);
                }
                words.insert(words.end(), {inputs[0], "-o", output});
                return words;
              });
}
