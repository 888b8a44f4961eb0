//===- Link.cpp - an object as a shared library ---------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "backends/cpu/emit/MachineCode.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/TargetParser/Host.h"

#include <fmt/format.h>

using namespace llvm;
using namespace nirc;

namespace {
struct Linker {
  std::string program;
  bool isDriver = false; ///< a compiler, which knows where libc and libm are
};
} // namespace

/// The first there is of: the platform's compiler, and LLVM's linker, which links for every
/// platform. Without a driver the library leaves libc and libm to the program that loads it.
static std::optional<Linker> findLinker(const Triple &triple) {
  bool isHost = triple.getArch() == Triple(sys::getProcessTriple()).getArch();
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

nir::Result<std::string> cpu::linkShared(const std::string &object, const std::string &fileName,
                                         const Triple &triple) {
  if (!triple.isOSBinFormatELF()) {
    return nir::Error(
               nir::Cause::Toolchain,
               fmt::format("--emit=shared makes ELF libraries, which {} has none of", triple.str()))
        .note("--emit=object leaves linking to that platform's own tools");
  }
  std::optional<Linker> linker = findLinker(triple);
  if (!linker) {
    return nir::Error(nir::Cause::Toolchain,
                      "found neither cc nor ld.lld on the PATH, expected one of them to link the "
                      "library")
        .in(fileName)
        .note("apt install lld-22, or gcc; --emit=object and --emit=c need none");
  }
  SmallString<128> folder;
  if (std::error_code failed = sys::fs::createUniqueDirectory("nirc-link", folder)) {
    return systemError("make a temporary folder", folder.str().str(), failed.message());
  }
  scope_exit cleanUp([&] {
    // What cannot be removed stays in the system's folder for such files.
    [[maybe_unused]] std::error_code ignored = sys::fs::remove_directories(folder);
  });
  std::string input = (folder + "/network.o").str(), output = (folder + "/" + fileName).str(),
              log = (folder + "/log").str();
  if (nir::Status failed = write(input, object)) {
    return std::move(*failed);
  }
  // No build id: it would differ where the same code is linked by another linker.
  std::vector<std::string> arguments = {linker->program, "-shared"};
  if (linker->isDriver) {
    arguments.insert(arguments.end(),
                     {"-nostdlib", "-Wl,--build-id=none", "-Wl,-soname," + fileName,
                      "-Wl,--as-needed", "-o", output, input, "-lm", "-lc"});
  } else {
    arguments.insert(arguments.end(),
                     {"--build-id=none", "-soname", fileName, "-o", output, input});
  }
  std::vector<StringRef> views(arguments.begin(), arguments.end());
  std::string problem;
  std::optional<StringRef> redirects[] = {StringRef(), StringRef(log), StringRef(log)};
  int code =
      sys::ExecuteAndWait(linker->program, views, std::nullopt, redirects, /*SecondsToWait=*/0,
                          /*MemoryLimit=*/0, &problem);
  if (code != 0) {
    nir::Result<std::string> said = contentOf(log);
    return nir::Error(nir::Cause::Toolchain,
                      fmt::format("{} could not link the library: {}", linker->program,
                                  said && !said->empty() ? StringRef(*said).trim().str() : problem))
        .in(fileName);
  }
  return contentOf(output);
}
