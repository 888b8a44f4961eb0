/*===- state.c - the state of an instance, kept and written down ----------===//
//
// Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===*/

#include "backends/cpu/fmi/instance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define KEPT "nircKept"
#define WRITTEN "nircFMU1"

/* Before a copy of a block, in memory. */
struct kept {
  char sign[8];
  char unused[56]; /* what follows is aligned to 64 */
};

/* Before a copy of a block, in a file. */
struct written {
  char sign[8];
  char token[NIRC_TOKEN_LENGTH]; /* of the unit, so of its code and its tables */
  uint64_t bytes, checksum;      /* of the block */
};

static struct block *block_in(fmi3FMUState state) {
  return (struct block *)((struct kept *)state + 1);
}

/* FNV-1a. A state that was damaged must not be gone on with: lists of events in it say where the
   network reads and writes. */
static uint64_t checksum_of(const void *bytes, size_t count) {
  const unsigned char *at = bytes;
  uint64_t sum = 0xcbf29ce484222325;
  for (size_t i = 0; i < count; ++i) {
    sum = (sum ^ at[i]) * 0x100000001b3;
  }
  return sum;
}

static bool is_state(struct instance *self, const char *function, fmi3FMUState state) {
  if (!is_given(self, function, "FMUState", state)) {
    return false;
  }
  if (memcmp(((struct kept *)state)->sign, KEPT, sizeof KEPT - 1) != 0) {
    fail(self, "%s: the FMUState is not one of this unit", function);
    return false;
  }
  return true;
}

static fmi3FMUState new_state(struct instance *self, const char *function) {
  struct kept *kept = new_memory(sizeof *kept + block_bytes());
  if (!kept) {
    fail(self, "%s: out of memory", function);
    return NULL;
  }
  memcpy(kept->sign, KEPT, sizeof kept->sign);
  return kept;
}

fmi3Status fmi3GetFMUState(fmi3Instance instance, fmi3FMUState *state) {
  struct instance *self = instance;
  if (!may(self, "fmi3GetFMUState", ANY) || !is_given(self, "fmi3GetFMUState", "FMUState", state) ||
      (*state && !is_state(self, "fmi3GetFMUState", *state))) {
    return fmi3Error;
  }
  fmi3FMUState kept = *state ? *state : new_state(self, "fmi3GetFMUState");
  if (!kept) {
    return fmi3Error;
  }
  memcpy(block_in(kept), self->block, block_bytes());
  *state = kept;
  return fmi3OK;
}

fmi3Status fmi3SetFMUState(fmi3Instance instance, fmi3FMUState state) {
  struct instance *self = instance;
  if (!may(self, "fmi3SetFMUState", ANY) || !is_state(self, "fmi3SetFMUState", state)) {
    return fmi3Error;
  }
  memcpy(self->block, block_in(state), block_bytes());
  return fmi3OK;
}

fmi3Status fmi3FreeFMUState(fmi3Instance instance, fmi3FMUState *state) {
  struct instance *self = instance;
  if (!may(self, "fmi3FreeFMUState", ANY) ||
      !is_given(self, "fmi3FreeFMUState", "FMUState", state) ||
      (*state && !is_state(self, "fmi3FreeFMUState", *state))) {
    return fmi3Error;
  }
  if (*state) {
    memset(*state, 0, sizeof(struct kept));
    free(*state);
    *state = NULL;
  }
  return fmi3OK;
}

fmi3Status fmi3SerializedFMUStateSize(fmi3Instance instance, fmi3FMUState state, size_t *size) {
  struct instance *self = instance;
  if (!may(self, "fmi3SerializedFMUStateSize", ANY) ||
      !is_state(self, "fmi3SerializedFMUStateSize", state) ||
      !is_given(self, "fmi3SerializedFMUStateSize", "size", size)) {
    return fmi3Error;
  }
  *size = sizeof(struct written) + block_bytes();
  return fmi3OK;
}

fmi3Status fmi3SerializeFMUState(fmi3Instance instance, fmi3FMUState state, fmi3Byte bytes[],
                                 size_t size) {
  struct instance *self = instance;
  if (!may(self, "fmi3SerializeFMUState", ANY) || !is_state(self, "fmi3SerializeFMUState", state) ||
      !is_given(self, "fmi3SerializeFMUState", "serializedState", bytes)) {
    return fmi3Error;
  }
  if (size != sizeof(struct written) + block_bytes()) {
    return fail(self, "fmi3SerializeFMUState: found room for %zu bytes, expected %zu", size,
                sizeof(struct written) + block_bytes());
  }
  struct written head = {.bytes = block_bytes(),
                         .checksum = checksum_of(block_in(state), block_bytes())};
  memcpy(head.sign, WRITTEN, sizeof head.sign);
  memcpy(head.token, nirc_token, sizeof head.token);
  memcpy(bytes, &head, sizeof head);
  memcpy(bytes + sizeof head, block_in(state), block_bytes());
  return fmi3OK;
}

/* What is wrong with bytes from anywhere; NULL where nothing is. */
static const char *problem_of(const fmi3Byte bytes[], size_t size) {
  struct written head;
  struct block block;
  if (size < sizeof head) {
    return "is not one of a unit of nirc";
  }
  memcpy(&head, bytes, sizeof head);
  if (memcmp(head.sign, WRITTEN, sizeof head.sign) != 0) {
    return "is not one of a unit of nirc";
  }
  if (memcmp(head.token, nirc_token, sizeof head.token) != 0) {
    return "is of another unit";
  }
  if (head.bytes != block_bytes() || size != sizeof head + block_bytes() ||
      head.checksum != checksum_of(bytes + sizeof head, block_bytes())) {
    return "is damaged";
  }
  memcpy(&block, bytes + sizeof head, sizeof block);
  bool is_mode = block.mode == INSTANTIATED || block.mode == INITIALIZATION || block.mode == STEP ||
                 block.mode == TERMINATED;
  return is_mode && block.steps >= 0 && isfinite(block.start) ? NULL : "is damaged";
}

fmi3Status fmi3DeserializeFMUState(fmi3Instance instance, const fmi3Byte bytes[], size_t size,
                                   fmi3FMUState *state) {
  struct instance *self = instance;
  if (!may(self, "fmi3DeserializeFMUState", ANY) ||
      !is_given(self, "fmi3DeserializeFMUState", "serializedState", bytes) ||
      !is_given(self, "fmi3DeserializeFMUState", "FMUState", state) ||
      (*state && !is_state(self, "fmi3DeserializeFMUState", *state))) {
    return fmi3Error;
  }
  const char *problem = problem_of(bytes, size);
  if (problem) {
    return fail(self, "fmi3DeserializeFMUState: the state %s", problem);
  }
  fmi3FMUState kept = *state ? *state : new_state(self, "fmi3DeserializeFMUState");
  if (!kept) {
    return fmi3Error;
  }
  memcpy(block_in(kept), bytes + sizeof(struct written), block_bytes());
  *state = kept;
  return fmi3OK;
}
