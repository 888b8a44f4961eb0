/*===- tables.h - what the functions of a unit know of its network --------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===*/

/* A unit (FMU) is the machine code of a network, tables about it, and the functions of FMI, which
   are compiled when nirc is. nirc fills these structs in its own memory and writes them into the
   unit as bytes, so there is one declaration of them, for both. */

#ifndef NIRC_TABLES_H
#define NIRC_TABLES_H

#include <stddef.h>
#include <stdint.h>

/* What a variable is. Its place in the table is its value reference. */
enum nirc_role {
  NIRC_TIME,   /* the independent variable, always the first */
  NIRC_INPUT,  /* numbers that the importer sets; they are kept as they were set */
  NIRC_STATE,  /* an array of the network, as it is after the last step: an output or a recorded
                  state */
  NIRC_COUNTER /* of such an array of spikes: how many there were since the last communication point
                */
};

enum nirc_type { NIRC_FLOAT64, NIRC_INT32, NIRC_UINT8 };

/* The type of an element of the network's arrays. */
enum nirc_element { NIRC_F32, NIRC_F64, NIRC_I32, NIRC_U8 };

struct NircVariable {
  int64_t role, type;
  int64_t elements;
  /* Of inputs and counters: where the values lie among the instance's, in bytes. */
  int64_t held;
  /* The array of the network that it is of: the element's type, and the first byte of the network's
   * memory. */
  int64_t element, offset;
  /* Where an element of the node's own order lies: place % positions * pitch + place / positions;
     positions 0: at its place. */
  int64_t positions, pitch;
  /* Of integers: the first of the scales of its channels, how many there are, and the range. */
  int64_t first_scale, scales, least, most;
};

struct NircUnit {
  int64_t variables;
  int64_t held_bytes;    /* of all inputs and counters */
  int64_t network_bytes; /* that the network lies in, aligned to 64 */
  int64_t features;      /* bits in the order of NIRC_FEATURES: what the machine must have */
  double dt;             /* seconds */
};

/* Instructions that a network's code may have on x86-64: as LLVM calls them, the leaf of cpuid and
   its subleaf, the register (0 to 3: a, b, c, d), the bit, and whether the system must keep the
   registers of AVX (1) or AVX-512 (2). */
#define NIRC_FEATURES(X)                                                                           \
  X("sse3", 1, 0, 2, 0, 0)                                                                         \
  X("ssse3", 1, 0, 2, 9, 0)                                                                        \
  X("fma", 1, 0, 2, 12, 1)                                                                         \
  X("sse4.1", 1, 0, 2, 19, 0)                                                                      \
  X("sse4.2", 1, 0, 2, 20, 0)                                                                      \
  X("movbe", 1, 0, 2, 22, 0)                                                                       \
  X("popcnt", 1, 0, 2, 23, 0)                                                                      \
  X("avx", 1, 0, 2, 28, 1)                                                                         \
  X("f16c", 1, 0, 2, 29, 1)                                                                        \
  X("bmi", 7, 0, 1, 3, 0)                                                                          \
  X("avx2", 7, 0, 1, 5, 1)                                                                         \
  X("bmi2", 7, 0, 1, 8, 0)                                                                         \
  X("avx512f", 7, 0, 1, 16, 2)                                                                     \
  X("avx512dq", 7, 0, 1, 17, 2)                                                                    \
  X("avx512ifma", 7, 0, 1, 21, 2)                                                                  \
  X("avx512cd", 7, 0, 1, 28, 2)                                                                    \
  X("avx512bw", 7, 0, 1, 30, 2)                                                                    \
  X("avx512vl", 7, 0, 1, 31, 2)                                                                    \
  X("avx512vbmi", 7, 0, 2, 1, 2)                                                                   \
  X("avx512vbmi2", 7, 0, 2, 6, 2)                                                                  \
  X("gfni", 7, 0, 2, 8, 0)                                                                         \
  X("avx512vnni", 7, 0, 2, 11, 2)                                                                  \
  X("avx512bitalg", 7, 0, 2, 12, 2)                                                                \
  X("avx512vpopcntdq", 7, 0, 2, 14, 2)                                                             \
  X("avxvnni", 7, 1, 0, 4, 1)                                                                      \
  X("avx512bf16", 7, 1, 0, 5, 2)                                                                   \
  X("avx512fp16", 7, 0, 3, 23, 2)                                                                  \
  X("lzcnt", 0x80000001, 0, 2, 5, 0)

#define NIRC_TOKEN_LENGTH 64 /* of the instantiation token: a SHA-256 in hexadecimal digits */

#ifndef __cplusplus
#pragma GCC visibility push(hidden)
extern const struct NircUnit nirc_unit;
extern const struct NircVariable nirc_variables[];
extern const double nirc_scales[];
extern const char nirc_token[]; /* ends with 0 */
/* Makes zeroed memory that of a network before its first step, and advances it by one step. */
void nirc_begin(void *network);
void nirc_step(void *network);
#pragma GCC visibility pop
#endif

#endif
