/*===- update.c - neurons of the tests --------------------------------------------===*
 *
 * Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------------===*/

#include "backends/spinnaker2/firmware/pe.h"

/* Leaks an eighth, and spikes from 100 on; with a bias that may change. */
static uint32_t update_0(uint8_t *data, const struct population *p, ring_t *restrict ring, uint16_t *restrict list) {
  int16_t *const restrict v = (int16_t *)(void *)(data + p->columns[0]);
  const int32_t *const restrict bias = (const int32_t *)(const void *)(data + p->columns[1]);
  const uint32_t neurons = p->neurons, first = p->first;
  uint32_t count = 0;
  for (uint32_t n = 0; n < neurons; ++n) {
    const uint32_t x = (uint32_t)(int32_t)(v[n] - v[n] / 8) + (uint32_t)(int32_t)ring[n] + (uint32_t)bias[n];
    ring[n] = 0;
    v[n] = (int16_t)((int32_t)x >= 100 ? 0 : x);
    list[count] = (uint16_t)(first + n);
    count += (int32_t)x >= 100;
  }
  return count;
}

const update_function updates[] = {update_0};
const uint32_t update_count = 1;
const char *const update_columns[] = {"hw"};
