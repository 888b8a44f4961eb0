/*===- instance.h - an instance of a unit ---------------------------------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===*/

#ifndef NIRC_INSTANCE_H
#define NIRC_INSTANCE_H

#include "backends/cpu/fmi/tables.h"
#include "third_party/fmi/headers/fmi3Functions.h"

/* The states of the standard's machine for co-simulation that a unit without event mode has. As
   bits, so that a function can say in which of them it is allowed. */
enum mode { INSTANTIATED = 1, INITIALIZATION = 2, STEP = 4, TERMINATED = 8, ANY = 15 };

/* All that changes while a unit is simulated, in one block of memory: this, the values of inputs
   and counters, and the network. It holds no addresses, so a copy of the block is a copy of the
   state. */
struct block {
  int64_t mode;
  int64_t steps; /* since the start */
  double start, stop;
  int64_t has_stop;
  int64_t unused[3]; /* what follows is aligned to 64 */
};

enum category { LOG_EVENTS, LOG_ERRORS, CATEGORIES };

struct instance {
  fmi3LogMessageCallback log;
  fmi3InstanceEnvironment environment;
  bool logs_from_start;
  bool logs[CATEGORIES];
  struct block *block;
};

#pragma GCC visibility push(hidden)

size_t block_bytes(void);
/* Zeroed, and aligned to 64; NULL where memory is short. `bytes` is more than 0. */
void *new_memory(size_t bytes);
char *held_of(struct block *block);
char *network_of(struct block *block);
/* Of the last step: start + steps * dt. */
double time_of(const struct block *block);

/* Says why the call fails and returns fmi3Error, after which the standard has an instance
 * terminated. */
fmi3Status fail(struct instance *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void note(struct instance *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Whether the call may go on: there is an instance, in one of the `modes`. Else fmi3Error is to be
   returned, which was said. */
bool may(struct instance *self, const char *function, int modes);
/* Whether an argument is there that the standard needs. */
bool is_given(struct instance *self, const char *function, const char *argument, const void *value);

/* The name of an instruction set of the unit that this machine has not; NULL where it has all. */
const char *missing_feature(void);

/* Inputs at their start values, the network before its first step. */
void reset_values(struct block *block);
/* Advances by `steps` steps with the inputs as they are, and counts spikes. */
void advance(struct block *block, int64_t steps);

#pragma GCC visibility pop

#endif
