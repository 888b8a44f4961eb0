//===- tb.cpp - drives a design in Verilator ------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sends steps to s_axis, takes the answers from m_axis, reads states over AXI4-Lite, and checks all
// of it. It needs design.h beside it, the model that `verilator --prefix Vdesign` makes, and C++17.
//
//   tb --in FILE                what to send; - is standard input
//      [--out FILE]             what came, in the same form; - is standard output
//      [--expect FILE]          what must come: in each step the same events, in any order
//      [--read FILE]            addresses that are read after every step, into --out
//      [--states FILE]          addresses, and what is there after the last step
//      [--stall SEED]           pauses on both streams, other ones for another seed
//      [--cycles FILE]          the cycles of each step, a line a step
//      [--trace FILE.fst]       waves, where it was built with them
//      [--cap CYCLES]           the longest time in which nothing may move: 10000000
//
// A line of --in, --out and --expect:
//
//   0 2a     an event: tdata, in hexadecimal
//   1 0      the end of a step
//   r        back to before step 0
//   w        waits until all steps were answered; --out then has a line w
//   ? 1004   reads the word at this address when all steps were answered
//   s -5     in --out: what was read
//
// From its first beat to its end on m_axis a step takes its cycles, both counted.
//
//===----------------------------------------------------------------------===//

#include "design.h"

#include "Vdesign.h"
#include "verilated.h"
#if VM_TRACE
#include "verilated_fst_c.h"
#endif

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

//===----------------------------------------------------------------------===//
// Words, files
//===----------------------------------------------------------------------===//

/// Called before the end, whatever it is: waves up to it are worth most where something is wrong.
static std::function<void()> beforeEnd;

[[noreturn]] __attribute__((format(printf, 1, 2))) static void fail(const char *format, ...) {
  if (beforeEnd) {
    beforeEnd();
  }
  std::fflush(stdout);
  std::fputs("FAIL: ", stderr);
  va_list arguments;
  va_start(arguments, format);
  std::vfprintf(stderr, format, arguments);
  va_end(arguments);
  std::fputc('\n', stderr);
  std::exit(1);
}

/// The lines of a file, one after the other.
class Lines {
public:
  enum Kind { Event, End, Back, Wait, Query, Number, Nothing };

  Lines(const std::string &path) : path(path) {
    file = path == "-" ? 0 : open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) {
      fail("%s cannot be read: %s", path.c_str(), std::strerror(errno));
    }
  }
  /// What the next line is. `value`: of an event or of a query.
  Kind next(uint64_t &value) {
    for (;;) {
      int first = take();
      ++line;
      switch (first) {
      case -1:
        return Nothing;
      case '0':
        value = hexadecimal();
        return Event;
      case '1':
        skipLine();
        return End;
      case 'r':
        skipLine();
        return Back;
      case 'w':
        skipLine();
        return Wait;
      case '?':
        value = hexadecimal();
        return Query;
      case 's':
        skipLine();
        return Number;
      case '#':
        skipLine();
        break;
      case '\n':
        break;
      default:
        fail("%s:%" PRIu64 ": found '%c', expected 0, 1, r, w, ? or #", path.c_str(), line, first);
      }
    }
  }
  /// Called before more is read, which may take a while.
  std::function<void()> beforeReading;

private:
  int take() {
    if (at == end) {
      if (beforeReading) {
        beforeReading();
      }
      ssize_t count;
      do {
        count = read(file, buffer, sizeof(buffer));
      } while (count < 0 && errno == EINTR);
      if (count < 0) {
        fail("%s cannot be read: %s", path.c_str(), std::strerror(errno));
      }
      at = 0;
      end = static_cast<size_t>(count);
      if (count == 0) {
        return -1;
      }
    }
    return static_cast<unsigned char>(buffer[at++]);
  }
  void skipLine() {
    for (int c = take(); c != '\n' && c != -1;) {
      c = take();
    }
  }
  uint64_t hexadecimal() {
    uint64_t value = 0;
    int digits = 0;
    for (int c = take(); c != '\n' && c != -1; c = take()) {
      int digit = c >= '0' && c <= '9'   ? c - '0'
                  : c >= 'a' && c <= 'f' ? c - 'a' + 10
                  : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                         : -1;
      if (digit < 0 && c != ' ' && c != '\t' && c != '\r') {
        fail("%s:%" PRIu64 ": found '%c', expected a hexadecimal number", path.c_str(), line, c);
      }
      if (digit >= 0) {
        value = value << 4 | static_cast<uint64_t>(digit);
        ++digits;
      }
    }
    if (digits == 0 || digits > 16) {
      fail("%s:%" PRIu64 ": expected a hexadecimal number of 1 to 16 digits", path.c_str(), line);
    }
    return value;
  }

  std::string path;
  int file;
  uint64_t line = 0;
  char buffer[1 << 16];
  size_t at = 0, end = 0;
};

/// Standard output is then this file's alone: what Verilator and a design print goes to standard
/// error.
static FILE *openStandardOutput() {
  int file = dup(STDOUT_FILENO);
  dup2(STDERR_FILENO, STDOUT_FILENO);
  return file < 0 ? nullptr : fdopen(file, "w");
}

static FILE *openToWrite(const std::string &path) {
  FILE *file = path == "-" ? openStandardOutput() : std::fopen(path.c_str(), "we");
  if (!file) {
    fail("%s cannot be written: %s", path.c_str(), std::strerror(errno));
  }
  std::setvbuf(file, nullptr, _IOFBF, 1 << 16);
  return file;
}

/// "addr value" or "addr" in each line.
struct Word {
  uint64_t address;
  int64_t value;
};
static std::vector<Word> readWords(const std::string &path, int numbers) {
  std::vector<Word> words;
  FILE *file = std::fopen(path.c_str(), "re");
  if (!file) {
    fail("%s cannot be read: %s", path.c_str(), std::strerror(errno));
  }
  char line[128];
  while (std::fgets(line, sizeof(line), file)) {
    Word word{0, 0};
    if (line[0] != '#' &&
        std::sscanf(line, "%" SCNx64 " %" SCNd64, &word.address, &word.value) != numbers) {
      fail("%s:%zu: expected %s", path.c_str(), words.size() + 1,
           numbers == 1 ? "an address" : "an address and a value");
    }
    if (line[0] != '#') {
      words.push_back(word);
    }
  }
  std::fclose(file);
  return words;
}

//===----------------------------------------------------------------------===//
// Memory images: a simulator fills a memory with zeros where its file is not there
//===----------------------------------------------------------------------===//

static std::string sha256(const std::string &bytes) {
  static const uint32_t k[64] = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
      0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
      0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
      0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
      0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
      0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
      0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
      0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
      0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
      0xc67178f2};
  uint32_t h[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  auto rotated = [](uint32_t x, int by) { return x >> by | x << (32 - by); };
  std::string padded = bytes + '\x80';
  padded.resize((padded.size() + 8 + 63) / 64 * 64, '\0');
  uint64_t bits = 8 * static_cast<uint64_t>(bytes.size());
  for (int i = 0; i < 8; ++i) {
    padded[padded.size() - 1 - static_cast<size_t>(i)] = static_cast<char>(bits >> (8 * i));
  }
  for (size_t block = 0; block < padded.size(); block += 64) {
    uint32_t w[64], s[8];
    for (size_t i = 0; i < 16; ++i) {
      w[i] = 0;
      for (size_t b = 0; b < 4; ++b) {
        w[i] = w[i] << 8 | static_cast<unsigned char>(padded[block + 4 * i + b]);
      }
    }
    for (size_t i = 16; i < 64; ++i) {
      uint32_t a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (rotated(a, 7) ^ rotated(a, 18) ^ a >> 3) +
             (rotated(b, 17) ^ rotated(b, 19) ^ b >> 10);
    }
    std::copy(h, h + 8, s);
    for (size_t i = 0; i < 64; ++i) {
      uint32_t first = s[7] + (rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)) +
                       ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i];
      uint32_t second = (rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)) +
                        ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));
      std::copy_backward(s, s + 7, s + 8);
      s[4] += first;
      s[0] = first + second;
    }
    for (size_t i = 0; i < 8; ++i) {
      h[i] += s[i];
    }
  }
  std::string text;
  for (uint32_t word : h) {
    char digits[9];
    std::snprintf(digits, sizeof(digits), "%08" PRIx32, word);
    text += digits;
  }
  return text;
}

static int64_t wordsIn(const std::string &text) {
  int64_t words = 0;
  bool inWord = false;
  for (char c : text) {
    bool isBlank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    words += !isBlank && !inWord;
    inWord = !isBlank;
  }
  return words;
}

static void checkImages() {
  for (const design::Image *image = design::images; image->file; ++image) {
    std::string path = std::string("../") + image->file;
    FILE *file = std::fopen(path.c_str(), "rbe");
    if (!file) {
      fail("%s cannot be read: %s; memories are filled from it", image->file, std::strerror(errno));
    }
    std::string bytes;
    char buffer[1 << 14];
    for (size_t count; (count = std::fread(buffer, 1, sizeof(buffer), file)) > 0;) {
      bytes.append(buffer, count);
    }
    std::fclose(file);
    if (sha256(bytes) == image->sha256) {
      continue;
    }
    int64_t words = wordsIn(bytes);
    if (words != image->words) {
      fail("%s has %" PRId64 " words, expected %" PRId64, image->file, words, image->words);
    }
    fail("%s was changed: its SHA-256 is %s, expected %s", image->file, sha256(bytes).c_str(),
         image->sha256);
  }
}

//===----------------------------------------------------------------------===//
// Pauses
//===----------------------------------------------------------------------===//

/// Stretches of up to 64 cycles, each with its own share of pauses, from none to all.
class Pauses {
public:
  explicit Pauses(uint64_t seed) : isOn(seed != 0), state(seed * 0x9e3779b97f4a7c15u + 1) {}
  bool isNow() {
    if (!isOn) {
      return false;
    }
    if (left-- == 0) {
      static const unsigned shares[] = {0, 1, 4, 7, 8};
      share = shares[random() % 5];
      left = random() % 64;
    }
    return random() % 8 < share;
  }
  unsigned random() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<unsigned>(state >> 32);
  }
  bool any() const { return isOn; }

private:
  bool isOn;
  uint64_t state;
  unsigned left = 0, share = 0;
};

//===----------------------------------------------------------------------===//
// The design
//===----------------------------------------------------------------------===//

struct Options {
  std::string in, out, expect, read, states, cycles, trace;
  uint64_t stall = 0, cap = 10000000;
};

/// Takes the beats that come out.
class Answers {
public:
  explicit Answers(const Options &options);
  void take(uint64_t beat, bool isEnd, uint64_t cycle);
  /// A step's first beat went in.
  void start(uint64_t cycle) { starts.push_back(cycle); }
  void endIn() { ++endsIn; }
  void write(const char *line) {
    if (out) {
      std::fputs(line, out);
    }
  }
  void finish();

  uint64_t endsIn = 0, endsOut = 0, eventsOut = 0, longest = 0, sum = 0;
  FILE *out = nullptr;

private:
  void finishStep(uint64_t cycle);
  void keep(uint64_t beat);
  void compare();

  bool isPaused; ///< the streams have pauses
  std::unique_ptr<Lines> expected;
  FILE *cycles = nullptr;
  std::vector<uint64_t> got, want; ///< beats of a step
  std::deque<uint64_t> starts;     ///< of the steps under way
  uint64_t mostEvents = 0;
};

static uint64_t bitsOf(uint64_t beat, int low, int count) {
  return count == 0 ? 0 : beat >> low & (~uint64_t(0) >> (64 - count));
}
static uint64_t placeOf(uint64_t beat) {
  return bitsOf(beat, 0, design::outAddressBits + design::outPortBits);
}
static size_t portOf(uint64_t beat) {
  return static_cast<size_t>(bitsOf(beat, design::outAddressBits, design::outPortBits));
}
static int64_t valueOf(uint64_t beat) {
  constexpr int bits = design::outValueBits;
  if (bits == 0) {
    return 1;
  }
  uint64_t value = bitsOf(beat, design::outAddressBits + design::outPortBits, bits);
  constexpr int sign = bits > 0 ? bits - 1 : 0;
  bool isNegative = value >> sign & 1;
  return static_cast<int64_t>(isNegative ? value | ~uint64_t(0) << sign : value);
}

static int bitsFor(int64_t count) {
  int bits = 0;
  for (int64_t most = count - 1; most > 0; most >>= 1) {
    ++bits;
  }
  return bits;
}

/// "[1, 3]" of an address, or nothing where it is beyond a dimension.
static std::string elementOf(const design::Port &port, uint64_t address) {
  std::string text;
  for (int d = port.rank; d-- > 0;) {
    int bits = bitsFor(port.dims[d]);
    auto coordinate = static_cast<int64_t>(bitsOf(address, 0, bits));
    if (coordinate >= port.dims[d]) {
      return "";
    }
    text = std::to_string(coordinate) + (text.empty() ? "" : ", ") + text;
    address >>= bits;
  }
  return address == 0 ? "[" + text + "]" : "";
}

Answers::Answers(const Options &options) : isPaused(options.stall != 0) {
  if (!options.out.empty()) {
    out = openToWrite(options.out);
  }
  if (!options.cycles.empty()) {
    cycles = openToWrite(options.cycles);
  }
  if (!options.expect.empty()) {
    expected = std::make_unique<Lines>(options.expect);
  }
  for (int i = 0; i < design::outputCount; ++i) {
    uint64_t elements = 1;
    for (int d = 0; d < design::outputs[i].rank; ++d) {
      elements *= static_cast<uint64_t>(design::outputs[i].dims[d]);
    }
    mostEvents += elements;
  }
}

/// "0 2a". Most of what is written.
static void writeEvent(FILE *out, uint64_t beat) {
  char line[20];
  char *at = std::end(line);
  *--at = '\n';
  do {
    *--at = "0123456789abcdef"[beat & 15];
  } while ((beat >>= 4) != 0);
  *--at = ' ';
  *--at = '0';
  std::fwrite(at, 1, static_cast<size_t>(std::end(line) - at), out);
}

void Answers::keep(uint64_t beat) {
  got.push_back(beat);
  if (out) {
    writeEvent(out, beat);
  }
}

void Answers::take(uint64_t beat, bool isEnd, uint64_t cycle) {
  if (design::isFrame) {
    keep(beat);
  }
  if (isEnd) {
    finishStep(cycle);
    return;
  }
  ++eventsOut;
  constexpr int used = design::outAddressBits + design::outPortBits + design::outValueBits;
  if (used < 64 && beat >> used != 0) {
    fail("step %" PRIu64 ": the event %" PRIx64 " has more than %d bits", endsOut, beat, used);
  }
  if (portOf(beat) >= design::outputCount) {
    fail("step %" PRIu64 ": the event %" PRIx64 " is of port %zu, there are %d", endsOut, beat,
         portOf(beat), design::outputCount);
  }
  const design::Port &port = design::outputs[portOf(beat)];
  if (elementOf(port, bitsOf(beat, 0, design::outAddressBits)).empty()) {
    fail("step %" PRIu64 ": the event %" PRIx64 " has an address that %s does not have", endsOut,
         beat, port.name);
  }
  if (int64_t value = valueOf(beat); value == 0 || value < port.least || value > port.most) {
    fail("step %" PRIu64 ": %s%s: found %" PRId64 ", expected a number from %" PRId64 " to %" PRId64
         ", and none that is 0",
         endsOut, port.name, elementOf(port, bitsOf(beat, 0, design::outAddressBits)).c_str(),
         value, port.least, port.most);
  }
  if (got.size() == mostEvents) {
    fail("step %" PRIu64 ": more events came than there are elements", endsOut);
  }
  keep(beat);
}

void Answers::finishStep(uint64_t cycle) {
  if (endsOut == endsIn) {
    fail("the end of step %" PRIu64 " came before it was sent", endsOut);
  }
  auto byPlace = [](uint64_t a, uint64_t b) {
    return std::make_pair(placeOf(a), a) < std::make_pair(placeOf(b), b);
  };
  std::sort(got.begin(), got.end(), byPlace);
  for (size_t i = 1; i < got.size(); ++i) {
    if (placeOf(got[i]) == placeOf(got[i - 1])) {
      const design::Port &port = design::outputs[portOf(got[i])];
      fail("step %" PRIu64 ": %s%s came twice, as %" PRId64 " and %" PRId64, endsOut, port.name,
           elementOf(port, bitsOf(got[i], 0, design::outAddressBits)).c_str(), valueOf(got[i - 1]),
           valueOf(got[i]));
    }
  }
  if (expected) {
    want.clear();
    uint64_t beat = 0;
    for (bool isOpen = true; isOpen;) {
      switch (expected->next(beat)) {
      case Lines::Event:
        want.push_back(beat);
        break;
      case Lines::End:
        isOpen = false;
        break;
      case Lines::Nothing:
        fail("step %" PRIu64 " is not among those that are expected", endsOut);
      default:
        break;
      }
    }
    std::sort(want.begin(), want.end(), byPlace);
    compare();
  }
  got.clear();
  uint64_t took = cycle - starts.front() + 1;
  if (design::isFrame && !isPaused && took != design::latency + 1) {
    fail("step %" PRIu64 " was answered after %" PRIu64 " cycles, expected %" PRIu64, endsOut,
         took - 1, design::latency);
  }
  starts.pop_front();
  longest = std::max(longest, took);
  sum += took;
  ++endsOut;
  if (out) {
    std::fputs("1 0\n", out);
  }
  if (cycles) {
    std::fprintf(cycles, "%" PRIu64 "\n", took);
  }
}

/// The first elements that differ, and how many there are.
void Answers::compare() {
  if (design::isFrame) {
    if (got != want) {
      fail("step %" PRIu64 ": found %" PRIx64 ", expected %" PRIx64, endsOut, got.front(),
           want.empty() ? 0 : want.front());
    }
    return;
  }
  std::string text;
  size_t count = 0, g = 0, w = 0;
  while (g < got.size() || w < want.size()) {
    uint64_t place = std::min(g < got.size() ? placeOf(got[g]) : ~uint64_t(0),
                              w < want.size() ? placeOf(want[w]) : ~uint64_t(0));
    int64_t found = 0, sought = 0;
    if (g < got.size() && placeOf(got[g]) == place) {
      found = valueOf(got[g++]);
    }
    if (w < want.size() && placeOf(want[w]) == place) {
      sought = valueOf(want[w++]);
    }
    if (found == sought) {
      continue;
    }
    size_t number = portOf(place);
    constexpr size_t shown = 8;
    if (++count <= shown && number < design::outputCount) {
      const design::Port &port = design::outputs[number];
      text += "\n  step " + std::to_string(endsOut) + ": " + port.name +
              elementOf(port, bitsOf(place, 0, design::outAddressBits)) + ": found " +
              std::to_string(found) + ", expected " + std::to_string(sought);
    }
  }
  if (count > 0) {
    fail("%zu elements of step %" PRIu64 " are not as expected%s", count, endsOut, text.c_str());
  }
}

void Answers::finish() {
  uint64_t beat;
  if (expected && expected->next(beat) != Lines::Nothing) {
    fail("%" PRIu64 " steps were sent, and more are expected", endsOut);
  }
  for (FILE *file : {out, cycles}) {
    if (file && std::fflush(file) != 0) {
      fail("the results cannot be written: %s", std::strerror(errno));
    }
  }
}

/// The design in its clock. Signals are set between two rising edges, and are looked at just before
/// one, when the design has settled.
class Bench {
public:
  explicit Bench(const Options &options);
  ~Bench() {
    top.final();
    if (beforeEnd) {
      beforeEnd();
    }
  }

  void send(uint64_t beat, bool isEnd);
  /// Until all steps were answered and nothing is under way.
  void waitUntilIdle();
  void goBack();
  int64_t word(uint64_t address);
  void checkCounts();

  Answers answers;
  uint64_t cycle = 0;

private:
  void tick();
  uint32_t read(uint64_t address);
  void write(uint64_t address, uint32_t value);

  VerilatedContext context;
  Vdesign top{&context, "design"};
#if VM_TRACE
  VerilatedFstC waves;
#endif
  Pauses inPauses, outPauses;
  uint64_t cap, lastMove = 0, eventsIn = 0;
  bool isTraced = false, isNewStep = true, wentBack = false;
  bool sMoved = false, arMoved = false, rMoved = false, awMoved = false, wMoved = false,
       bMoved = false;
  bool isWaiting = false, waitingLast = false; ///< of a beat on m_axis that was not taken
  uint64_t waitingData = 0, frame = 0, lastTaken = 0;
  bool isContinuous = false; ///< nothing came between the last step and the next
  uint32_t readData = 0;
};

Bench::Bench(const Options &options)
    : answers(options), inPauses(options.stall), outPauses(options.stall * 3), cap(options.cap) {
#if VM_TRACE
  isTraced = !options.trace.empty();
  if (isTraced) {
    context.traceEverOn(true);
    waves.set_time_unit("1ns");
    waves.set_time_resolution("1ns");
    top.trace(&waves, 99);
    waves.open(options.trace.c_str());
    if (!waves.isOpen()) {
      fail("cannot write %s", options.trace.c_str());
    }
    beforeEnd = [this] { waves.close(); };
  }
#else
  if (!options.trace.empty()) {
    fail("--trace needs a build with waves: make waves");
  }
#endif
  constexpr int cyclesOfReset = 8;
  top.aclk = 0;
  top.aresetn = 0;
  for (int i = 0; i < cyclesOfReset; ++i) {
    tick();
  }
  if (top.m_axis_tvalid) {
    fail("m_axis_tvalid is 1 during reset");
  }
  top.aresetn = 1;
  write(design::control, 1);
}

void Bench::tick() {
  top.m_axis_tready = !outPauses.isNow();
  top.eval();
  sMoved = top.s_axis_tvalid && top.s_axis_tready;
  arMoved = top.s_axil_arvalid && top.s_axil_arready;
  rMoved = top.s_axil_rvalid && top.s_axil_rready;
  awMoved = top.s_axil_awvalid && top.s_axil_awready;
  wMoved = top.s_axil_wvalid && top.s_axil_wready;
  bMoved = top.s_axil_bvalid && top.s_axil_bready;
  if (rMoved) {
    readData = top.s_axil_rdata;
  }
  if ((rMoved && top.s_axil_rresp != 0) || (bMoved && top.s_axil_bresp != 0)) {
    fail("cycle %" PRIu64 ": an access over AXI4-Lite was refused", cycle);
  }
  if (isWaiting && (!top.m_axis_tvalid || top.m_axis_tlast != waitingLast ||
                    ((design::isFrame || !waitingLast) && top.m_axis_tdata != waitingData))) {
    fail("cycle %" PRIu64 ", step %" PRIu64 ": m_axis changed while it waited for m_axis_tready: "
         "found tvalid %d, tlast %d, tdata %" PRIx64 ", expected 1, %d, %" PRIx64,
         cycle, answers.endsOut, top.m_axis_tvalid, top.m_axis_tlast,
         static_cast<uint64_t>(top.m_axis_tdata), waitingLast, waitingData);
  }
  isWaiting = false;
  if (top.m_axis_tvalid && top.aresetn) {
    isWaiting = !top.m_axis_tready;
    waitingLast = top.m_axis_tlast;
    waitingData = top.m_axis_tdata;
    if (!isWaiting) {
      answers.take(waitingData, waitingLast, cycle);
      lastMove = cycle;
    }
  }
  if (sMoved) {
    lastMove = cycle;
  } else if (cycle - lastMove > cap) {
    fail("nothing moved for %" PRIu64 " cycles, and %" PRIu64 " of %" PRIu64
         " steps were answered: "
         "s_axis_tvalid %d, s_axis_tready %d, m_axis_tvalid %d, m_axis_tready %d",
         cap, answers.endsOut, answers.endsIn, top.s_axis_tvalid, top.s_axis_tready,
         top.m_axis_tvalid, top.m_axis_tready);
  }
#if VM_TRACE
  if (isTraced) {
    waves.dump(10 * cycle);
  }
#endif
  top.aclk = 1;
  top.eval();
#if VM_TRACE
  if (isTraced) {
    waves.dump(10 * cycle + 5);
  }
#endif
  top.aclk = 0;
  ++cycle;
}

/// A port is as wide as it has to be.
template <typename Port>
static void set(Port &port, uint64_t value) {
  port = static_cast<Port>(value);
}

void Bench::send(uint64_t beat, bool isEnd) {
  if (design::isFrame) { // its beat goes with the end of the step
    frame = isEnd ? frame : beat;
    if (!isEnd) {
      return;
    }
    beat = frame;
  }
  while (inPauses.isNow()) {
    tick();
  }
  constexpr unsigned rare = 64;
  if (inPauses.any() && inPauses.random() % rare == 0) {
    read(design::status); // while steps are under way
  }
  top.s_axis_tvalid = 1;
  set(top.s_axis_tdata, beat);
  top.s_axis_tlast = isEnd;
  do {
    tick();
  } while (!sMoved);
  top.s_axis_tvalid = 0;
  if (isNewStep) {
    answers.start(cycle - 1);
  }
  if (design::isFrame && isContinuous && !inPauses.any() &&
      cycle - 1 - lastTaken != design::interval) {
    fail("step %" PRIu64 " was taken %" PRIu64 " cycles after the one before, expected %" PRIu64,
         answers.endsIn, cycle - 1 - lastTaken, design::interval);
  }
  isContinuous = true;
  lastTaken = cycle - 1;
  isNewStep = isEnd;
  if (isEnd) {
    answers.endIn();
  } else {
    ++eventsIn;
  }
}

uint32_t Bench::read(uint64_t address) {
  set(top.s_axil_araddr, address);
  top.s_axil_arvalid = 1;
  top.s_axil_rready = 1;
  do {
    tick();
  } while (!arMoved);
  top.s_axil_arvalid = 0;
  while (!rMoved) {
    tick();
  }
  top.s_axil_rready = 0;
  return readData;
}

void Bench::write(uint64_t address, uint32_t value) {
  set(top.s_axil_awaddr, address);
  top.s_axil_wdata = value;
  top.s_axil_wstrb = 15;
  top.s_axil_awvalid = top.s_axil_wvalid = 1;
  top.s_axil_bready = 1;
  for (bool isAnswered = false; !isAnswered;) {
    tick();
    if (awMoved) {
      top.s_axil_awvalid = 0;
    }
    if (wMoved) {
      top.s_axil_wvalid = 0;
    }
    isAnswered = bMoved;
  }
  if (top.s_axil_awvalid || top.s_axil_wvalid) {
    fail("cycle %" PRIu64 ": a write over AXI4-Lite was answered before it was taken", cycle);
  }
  top.s_axil_bready = 0;
}

void Bench::waitUntilIdle() {
  isContinuous = false;
  while (answers.endsOut < answers.endsIn) {
    tick();
  }
  while ((read(design::status) & 3) != 1) {
  }
  lastMove = cycle;
}

void Bench::goBack() {
  waitUntilIdle();
  write(design::control, 3);
  while ((read(design::status) & 3) != 1) {
  }
  lastMove = cycle;
  wentBack = true;
  answers.write("r\n");
}

int64_t Bench::word(uint64_t address) {
  lastMove = cycle;
  return static_cast<int32_t>(read(address));
}

void Bench::checkCounts() {
  if (wentBack) {
    return;
  }
  struct {
    const char *name;
    uint64_t address, count;
  } counts[] = {{"StepsIn", design::stepsIn, answers.endsIn},
                {"StepsOut", design::stepsOut, answers.endsOut},
                {"EventsIn", design::eventsIn, eventsIn},
                {"EventsOut", design::eventsOut, answers.eventsOut}};
  for (const auto &one : counts) {
    uint32_t found = read(one.address);
    if (found != static_cast<uint32_t>(one.count)) {
      fail("register %s: found %" PRIu32 ", expected %" PRIu64, one.name, found, one.count);
    }
  }
}

//===----------------------------------------------------------------------===//
// A run
//===----------------------------------------------------------------------===//

/// "lif1:v[2, 0]" of an address.
static std::string stateAt(uint64_t address) {
  for (const design::Window *window = design::windows; window->name; ++window) {
    int64_t elements = 1;
    for (int d = 0; d < window->rank; ++d) {
      elements *= window->dims[d];
    }
    int64_t index = (static_cast<int64_t>(address) - window->base) / 4;
    if (static_cast<int64_t>(address) < window->base || index >= elements) {
      continue;
    }
    std::vector<int64_t> place(static_cast<size_t>(window->rank));
    for (int d = window->rank; d-- > 0;) {
      int64_t size = window->dims[window->order[d]];
      place[static_cast<size_t>(window->order[d])] = index % size;
      index /= size;
    }
    std::string text;
    for (int64_t each : place) {
      text += (text.empty() ? "" : ", ") + std::to_string(each);
    }
    return std::string(window->name) + "[" + text + "]";
  }
  return "the word";
}

static void writeWord(Answers &answers, int64_t value) {
  if (answers.out) {
    std::fprintf(answers.out, "s %" PRId64 "\n", value);
  }
}

static void checkStates(Bench &bench, const std::string &path) {
  for (const Word &word : readWords(path, 2)) {
    int64_t found = bench.word(word.address);
    if (found != word.value) {
      fail("after step %" PRIu64 ": %s at %" PRIx64 ": found %" PRId64 ", expected %" PRId64,
           bench.answers.endsOut - 1, stateAt(word.address).c_str(), word.address, found,
           word.value);
    }
  }
}

static void run(Bench &bench, const Options &options) {
  std::vector<Word> addresses;
  if (!options.read.empty()) {
    addresses = readWords(options.read, 1);
  }
  Lines lines(options.in);
  if (options.out == "-") {
    lines.beforeReading = [&bench] { std::fflush(bench.answers.out); };
  }
  uint64_t value = 0;
  for (;;) {
    switch (lines.next(value)) {
    case Lines::Event:
      bench.send(value, false);
      break;
    case Lines::End:
      bench.send(0, true);
      if (!addresses.empty()) {
        bench.waitUntilIdle();
      }
      for (const Word &word : addresses) {
        writeWord(bench.answers, bench.word(word.address));
      }
      break;
    case Lines::Back:
      bench.goBack();
      break;
    case Lines::Wait:
      bench.waitUntilIdle();
      bench.answers.write("w\n");
      break;
    case Lines::Query:
      bench.waitUntilIdle();
      writeWord(bench.answers, bench.word(value));
      break;
    case Lines::Number:
      break;
    case Lines::Nothing:
      bench.waitUntilIdle();
      return;
    }
  }
}

static uint64_t numberOf(const char *name, const std::string &text) {
  char *end = nullptr;
  uint64_t number = std::strtoull(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || text[0] == '-') {
    fail("%s: found '%s', expected a whole number", name, text.c_str());
  }
  return number;
}

static Options parse(int argc, char **argv) {
  Options options;
  std::string stall, cap;
  struct {
    const char *name;
    std::string *value;
  } known[] = {
      {"--in", &options.in},       {"--out", &options.out},       {"--expect", &options.expect},
      {"--read", &options.read},   {"--states", &options.states}, {"--cycles", &options.cycles},
      {"--trace", &options.trace}, {"--stall", &stall},           {"--cap", &cap}};
  for (int i = 1; i < argc; i += 2) {
    auto found = std::find_if(std::begin(known), std::end(known), [&](const auto &option) {
      return std::strcmp(option.name, argv[i]) == 0;
    });
    if (found == std::end(known) || i + 1 == argc) {
      fail("found '%s', expected --in, --out, --expect, --read, --states, --stall, --cycles, "
           "--trace or --cap, and a value",
           argv[i]);
    }
    *found->value = argv[i + 1];
  }
  if (options.in.empty()) {
    fail("expected --in and a file");
  }
  options.stall = stall.empty() ? 0 : numberOf("--stall", stall);
  options.cap = cap.empty() ? options.cap : numberOf("--cap", cap);
  return options;
}

int main(int argc, char **argv) {
  Options options = parse(argc, argv);
  checkImages();
  Bench bench(options);
  auto start = std::chrono::steady_clock::now();
  run(bench, options);
  if (!options.states.empty()) {
    checkStates(bench, options.states);
  }
  bench.checkCounts();
  bench.answers.finish();
  double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  auto steps = static_cast<double>(bench.answers.endsOut);
  std::fprintf(options.out == "-" ? stderr : stdout,
               "PASS: %" PRIu64 " steps in %" PRIu64 " cycles; of a step %.1f in the mean, %" PRIu64
               " at most; %.0f steps/s, %.2f Mcycles/s\n",
               bench.answers.endsOut, bench.cycle,
               steps > 0 ? static_cast<double>(bench.answers.sum) / steps : 0.0,
               bench.answers.longest, steps / seconds,
               static_cast<double>(bench.cycle) / seconds / 1e6);
  return 0;
}
