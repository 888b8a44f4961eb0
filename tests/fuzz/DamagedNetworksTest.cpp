//===- DamagedNetworksTest.cpp - ten thousand damaged networks ------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Damaged copies of small networks, as MLIR text and bytecode, through all that `nirc inspect` and
// `nirc run` do. A copy is refused with a message or it runs; nothing crashes, and nothing takes
// long. A crash costs one child process, and is told with its seed and the fewest mutations that
// still crash. tests/fuzz/README.md says how to run more of them, and one of them.
//
//===----------------------------------------------------------------------===//

#include "tests/fuzz/Cases.h"
#include "tests/fuzz/Judge.h"
#include "tests/fuzz/Mutate.h"
#include "tests/fuzz/Networks.h"

#include "dialects/nir/Dialect.h"
#include "dialects/snn/Snn.h"

#include "mlir/Bytecode/BytecodeWriter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <map>
#include <new>
#include <optional>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace nir::test;

#if defined(__SANITIZE_ADDRESS__)
#define NIRC_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define NIRC_SANITIZED 1
#endif
#endif

namespace {

#ifdef NIRC_SANITIZED
constexpr bool isSanitized = true;
#else
constexpr bool isSanitized = false;
#endif

constexpr uint64_t firstSeed = 20271004;
constexpr uint64_t defaultCases = 3'000;
/// Cases of a child: as many as a context's memory is shared by.
constexpr uint64_t casesOfChild = 100;
/// One in so many is compiled for the cpu, which takes a tenth of a second.
constexpr uint64_t cpuEvery = isSanitized ? 400 : 80;
constexpr int maxSeconds = isSanitized ? 60 : 10; ///< of a case, in time of the processor
constexpr rlim_t maxMemory = rlim_t{3} << 30;
constexpr size_t mostFailures = 20;

//===----------------------------------------------------------------------===//
// A case
//===----------------------------------------------------------------------===//

/// A damaged network: what it was, and what was done to it.
struct Case {
  std::string bytes;
  std::string story;
};

/// Parses sound networks, which it damages, in one context for many of them.
class Workshop {
public:
  explicit Workshop(const std::vector<SoundNetwork> &networks)
      : networks(networks), context(mlir::MLIRContext::Threading::DISABLED),
        quiet(&context, [](mlir::Diagnostic &) { return mlir::success(); }) {
    context.loadDialect<nir::NirDialect, snn::SnnDialect, mlir::arith::ArithDialect,
                        mlir::math::MathDialect>();
  }

  /// How many mutations a case has.
  static size_t mutationsOf(uint64_t seed) {
    Random random(seed);
    return static_cast<size_t>(random.chance(0.5) ? 1 : random.between(2, 5));
  }

  /// Only those mutations whose number is in `kept`, or all.
  Case make(uint64_t seed, const std::optional<std::vector<size_t>> &kept = {});

private:
  const std::vector<SoundNetwork> &networks;
  mlir::MLIRContext context;
  mlir::ScopedDiagnosticHandler quiet;
};

Case Workshop::make(uint64_t seed, const std::optional<std::vector<size_t>> &kept) {
  const SoundNetwork &network = networks[seed % networks.size()];
  Case made;
  made.story = network.name;
  mlir::OwningOpRef<mlir::ModuleOp> module =
      mlir::parseSourceString<mlir::ModuleOp>(network.bytes, &context);
  EXPECT_TRUE(module) << network.name;
  Random random(seed * 7919 + 1);
  // IR, then mostly text; one in eight only as text, and one in sixteen as bytes.
  int64_t form = random.below(16);
  bool isWritable = true;
  size_t count = mutationsOf(seed);
  std::vector<std::string> steps;
  auto isKept = [&](size_t i) {
    return !kept || std::find(kept->begin(), kept->end(), i) != kept->end();
  };
  for (size_t i = 0; form < 13 && i < count; ++i) {
    if (isKept(i)) {
      Random own(seed * 104729 + i); // so that one can be left out
      Mutation mutation = mutate(*module, own);
      isWritable &= mutation.isWritable;
      steps.push_back(mutation.what);
    }
  }
  llvm::raw_string_ostream out(made.bytes);
  bool asBytecode = form == 15 || (form < 4 && isWritable);
  if (asBytecode && mlir::succeeded(mlir::writeBytecodeToFile(*module, out))) {
    made.story += ", bytecode";
  } else {
    mlir::OpPrintingFlags flags;
    module->print(out, form < 13 ? flags.printGenericOpForm() : flags);
  }
  for (size_t i = 0; form >= 13 && i < count; ++i) {
    if (isKept(i)) {
      Random own(seed * 104729 + i);
      steps.push_back(form == 15 ? mutateBytes(made.bytes, own) : mutateText(made.bytes, own));
    }
  }
  made.story += fmt::format(": {}", fmt::join(steps, "; "));
  return made;
}

//===----------------------------------------------------------------------===//
// Children
//===----------------------------------------------------------------------===//

/// What a child tells, in memory that survives it.
struct Told {
  std::atomic<uint64_t> seed, done, verified, ran, large, outOfMemory;
  char stage[32];
};

struct Failure {
  uint64_t seed;
  std::string stage, how;
};

void limit(int seconds) {
  itimerval timer{{}, {seconds, 0}};
  setitimer(ITIMER_PROF, &timer, nullptr);
}

bool isOnCpu(uint64_t seed) { return seed % cpuEvery == 0; }

/// All that is done with one case, in a child.
void examine(const Case &damaged, uint64_t seed, Told &told) {
  auto stage = [&](const char *name) { std::snprintf(told.stage, sizeof told.stage, "%s", name); };
  limit(maxSeconds);
  try {
    Verdict verdict = judge(damaged.bytes, seed, isOnCpu(seed), stage);
    told.verified += verdict.isVerified;
    told.ran += verdict.ran;
    told.large += verdict.isLarge;
    if (!verdict.isVerified && verdict.error.empty()) {
      std::snprintf(told.stage, sizeof told.stage, "no message");
      std::abort();
    }
  } catch (const std::bad_alloc &) {
    ++told.outOfMemory; // said in one line by the command line
  }
  limit(0);
  ++told.done;
}

[[noreturn]] void work(const std::vector<SoundNetwork> &networks, uint64_t from, uint64_t to,
                       Told &told) {
  if (!isSanitized) { // which reserves more than there is
    rlimit memory{maxMemory, maxMemory};
    setrlimit(RLIMIT_AS, &memory);
  }
  Workshop workshop(networks);
  for (uint64_t seed = from; seed < to; ++seed) {
    told.seed = seed;
    std::snprintf(told.stage, sizeof told.stage, "mutations");
    examine(workshop.make(seed), seed, told);
  }
  _exit(0);
}

std::string howEnded(int status) {
  if (!WIFSIGNALED(status)) {
    return fmt::format("exit {}", WEXITSTATUS(status));
  }
  return WTERMSIG(status) == SIGPROF ? fmt::format("took longer than {} s", maxSeconds)
                                     : fmt::format("signal {}", WTERMSIG(status));
}

Told *sharedMemory(size_t count) {
  void *memory = mmap(nullptr, count * sizeof(Told), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<Told *>(memory);
}

/// Runs cases in several children at a time, each of which goes on where one before it crashed.
class Campaign {
public:
  Campaign(const std::vector<SoundNetwork> &networks, uint64_t from, uint64_t to)
      : networks(networks), next(from), to(to),
        places(std::clamp(std::thread::hardware_concurrency(), 1U, 8U)),
        told(sharedMemory(places)) {}

  void all();
  uint64_t sum(std::atomic<uint64_t> Told::*member) const {
    uint64_t total = 0;
    for (size_t i = 0; i < places; ++i) {
      total += told[i].*member;
    }
    return total;
  }
  std::vector<Failure> failures;

private:
  struct Child {
    size_t place;
    uint64_t end; ///< of its seeds
  };
  void start(size_t place, uint64_t from, uint64_t end) {
    std::fflush(nullptr);
    pid_t pid = fork();
    if (pid == 0) {
      work(networks, from, end, told[place]);
    }
    children[pid] = {place, end};
  }
  void startNext(size_t place) {
    if (next < to && failures.size() < mostFailures) {
      uint64_t from = next;
      next = std::min(to, next + casesOfChild);
      start(place, from, next);
    }
  }

  const std::vector<SoundNetwork> &networks;
  uint64_t next, to;
  size_t places;
  Told *told;
  std::map<pid_t, Child> children;
};

void Campaign::all() {
  for (size_t place = 0; place < places; ++place) {
    startNext(place);
  }
  while (!children.empty()) {
    int status = 0;
    pid_t pid = wait(&status);
    auto child = children.find(pid);
    if (child == children.end()) {
      continue;
    }
    auto [place, end] = child->second;
    children.erase(child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
      startNext(place);
      continue;
    }
    uint64_t seed = told[place].seed;
    failures.push_back({seed, told[place].stage, howEnded(status)});
    if (seed + 1 < end && failures.size() < mostFailures) {
      start(place, seed + 1, end);
    } else {
      startNext(place);
    }
  }
}

//===----------------------------------------------------------------------===//
// What crashed
//===----------------------------------------------------------------------===//

/// Whether a case with those mutations alone crashes. Says nothing of it.
bool crashes(const std::vector<SoundNetwork> &networks, uint64_t seed,
             const std::vector<size_t> &kept) {
  Told *told = sharedMemory(1);
  pid_t pid = fork();
  if (pid == 0) {
    if (std::freopen("/dev/null", "w", stderr) == nullptr) {
      _exit(0);
    }
    Workshop workshop(networks);
    examine(workshop.make(seed, kept), seed, *told);
    _exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  munmap(told, sizeof(Told));
  return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

/// The story of a failure, with as few mutations as still fail, and the file that it makes.
std::string explain(const std::vector<SoundNetwork> &networks, const Failure &failure) {
  std::vector<size_t> kept(Workshop::mutationsOf(failure.seed));
  for (size_t i = 0; i < kept.size(); ++i) {
    kept[i] = i;
  }
  for (size_t i = kept.size(); i-- > 0 && kept.size() > 1;) {
    std::vector<size_t> fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (crashes(networks, failure.seed, fewer)) {
      kept = fewer;
    }
  }
  std::string text = fmt::format("seed {}: {} in {}", failure.seed, failure.how, failure.stage);
  if (failure.stage == "mutations") {
    return text;
  }
  Case damaged = Workshop(networks).make(failure.seed, kept);
  std::string path = fmt::format("{}/damaged-{}.mlir", testing::TempDir(), failure.seed);
  if (FILE *file = std::fopen(path.c_str(), "wb")) {
    std::fwrite(damaged.bytes.data(), 1, damaged.bytes.size(), file);
    std::fclose(file);
  }
  return fmt::format("{}\n  {}\n  {}", text, damaged.story, path);
}

TEST(DamagedNetworks, AreRefusedOrRun) {
  std::vector<SoundNetwork> networks = soundNetworks();
  ASSERT_GT(networks.size(), 40U);
  uint64_t from = numberFrom("NIRC_FUZZ_SEED", firstSeed);
  uint64_t cases = fuzzCases(defaultCases);
  Campaign run(networks, from, from + cases);
  run.all();
  uint64_t verified = run.sum(&Told::verified), ran = run.sum(&Told::ran);
  std::printf("seeds %llu to %llu over %zu networks: %llu verified, %llu ran to the end, %llu too "
              "large to run, %llu out of memory, %zu failures\n",
              static_cast<unsigned long long>(from),
              static_cast<unsigned long long>(from + cases - 1), networks.size(),
              static_cast<unsigned long long>(verified), static_cast<unsigned long long>(ran),
              static_cast<unsigned long long>(run.sum(&Told::large)),
              static_cast<unsigned long long>(run.sum(&Told::outOfMemory)), run.failures.size());
  for (const Failure &failure : run.failures) {
    ADD_FAILURE() << explain(networks, failure);
  }
  if (run.failures.empty()) {
    EXPECT_EQ(run.sum(&Told::done), cases);
  }
  if (cases >= 1000) { // the damage is real, and not all of it fatal
    EXPECT_GT(verified, cases / 8);
    EXPECT_LT(verified, cases);
    EXPECT_GT(ran, cases / 10);
  }
}

TEST(DamagedNetworks, SoundOnesRun) {
  size_t ran = 0;
  std::vector<SoundNetwork> networks = soundNetworks();
  for (const SoundNetwork &network : networks) {
    Verdict verdict = judge(network.bytes, 1, /*onCpu=*/false, [](const char *) {});
    EXPECT_TRUE(verdict.isVerified) << network.name << ": " << verdict.error;
    ran += verdict.ran;
  }
  EXPECT_EQ(ran, networks.size());
}

} // namespace
