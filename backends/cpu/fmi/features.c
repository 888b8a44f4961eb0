/*===- features.c - what the machine has ----------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===*/

/* An instruction that a machine has not would end the importer. So a unit looks before it makes an
 * instance. */

#include "backends/cpu/fmi/instance.h"

#if defined(__x86_64__)
#include <cpuid.h>

struct feature {
  const char *name;
  uint32_t leaf, subleaf;
  int place, bit, keeps;
};

static const struct feature features[] = {
#define FEATURE(NAME, LEAF, SUBLEAF, PLACE, BIT, KEEPS) {NAME, LEAF, SUBLEAF, PLACE, BIT, KEEPS},
    NIRC_FEATURES(FEATURE)};

/* The registers that the system keeps for a thread: bits of XCR0. */
static uint32_t kept_registers(void) {
  uint32_t a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c >> 27 & 1)) { /* OSXSAVE */
    return 0;
  }
  __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
  return a;
}

static bool has(const struct feature *feature) {
  static const uint32_t registers[3] = {0, 0x6, 0xe6}; /* of SSE, AVX and AVX-512 */
  uint32_t of[4];
  return __get_cpuid_count(feature->leaf, feature->subleaf, &of[0], &of[1], &of[2], &of[3]) &&
         of[feature->place] >> feature->bit & 1 &&
         (kept_registers() & registers[feature->keeps]) == registers[feature->keeps];
}

const char *missing_feature(void) {
  for (size_t i = 0; i < sizeof features / sizeof features[0]; ++i) {
    if (nirc_unit.features >> i & 1 && !has(&features[i])) {
      return features[i].name;
    }
  }
  return NULL;
}
#else
const char *missing_feature(void) { return NULL; }
#endif
