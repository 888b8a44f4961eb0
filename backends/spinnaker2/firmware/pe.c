/*===- pe.c - a core's step -----------------------------------------------------===*
 *
 * Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------------===*/

#include "pe.h"

#if defined(__ARM_FEATURE_SIMD32) && __ARM_FEATURE_SIMD32
#include <arm_acle.h>
#define HAS_SIMD 1
#else
#define HAS_SIMD 0
#endif

/* A part of pe_packets or of pe_update: who counts instructions finds them there. */
#define PART static inline __attribute__((always_inline))

PART struct core *core_of(uint8_t *data) { return (struct core *)(void *)data; }

/*===----------------------------------------------------------------------------===*
 * Packets
 *===----------------------------------------------------------------------------===*/

/* A row: the word of its first block, and what follows it. */
struct row {
  uint32_t block;
  const uint32_t *words; /* NULL: there is none */
};

PART struct row find_row(const uint8_t *data, const struct core *core, uint32_t key) {
  const struct entry *entries = (const struct entry *)(const void *)(data + core->entries);
  const uint32_t *rows = (const uint32_t *)(const void *)(data + core->rows);
  const struct row none = {0, NULL};
  uint32_t low = 0, high = core->entry_count;
  while (high - low > 1) {
    const uint32_t middle = (low + high) / 2;
    if (entries[middle].key <= key) {
      low = middle;
    } else {
      high = middle;
    }
  }
  const uint32_t at = key - entries[low].key, count = entries[low].count & ~(uint32_t)pe_matrix;
  if (high == 0 || at >= count) {
    return none;
  }
  uint32_t pointer = entries[low].pointer;
  if (entries[low].count & pe_matrix) {
    rows += pointer;
    const struct row row = {rows[1], rows + 2 + at * rows[0]};
    return row;
  }
  if (count > 1) {
    const uint16_t *pointers = (const uint16_t *)(const void *)(data + core->pointers);
    pointer = pointers[pointer + at];
  }
  if (pointer == pe_no_row) {
    return none;
  }
  const struct row row = {rows[pointer], rows + pointer + 1};
  return row;
}

/* Four sums and the four weights of a word. */
PART void add_four(ring_t *to, uint32_t weights) {
#if HAS_SIMD && RING_BITS == 16
  uint32_t *pairs = (uint32_t *)(void *)to;
  pairs[0] = (uint32_t)__sadd16((int16x2_t)pairs[0], __sxtb16((int8x4_t)weights));
  pairs[1] = (uint32_t)__sadd16((int16x2_t)pairs[1], __sxtb16((int8x4_t)(weights >> 8 | weights << 24)));
#else
  to[0] = (ring_t)(to[0] + (int8_t)weights);
  to[1] = (ring_t)(to[1] + (int8_t)(weights >> 16));
  to[2] = (ring_t)(to[2] + (int8_t)(weights >> 8));
  to[3] = (ring_t)(to[3] + (int8_t)(weights >> 24));
#endif
}

PART const uint32_t *add_run_8(ring_t *to, const uint32_t *words, uint32_t fours) {
  do {
    add_four(to, *words++);
    to += 4;
  } while (--fours);
  return words;
}

PART const uint32_t *add_run_16(ring_t *to, const uint32_t *words, uint32_t fours) {
  do {
    to[0] = (ring_t)(to[0] + (int16_t)words[0]);
    to[1] = (ring_t)(to[1] + (int16_t)(words[0] >> 16));
    to[2] = (ring_t)(to[2] + (int16_t)words[1]);
    to[3] = (ring_t)(to[3] + (int16_t)(words[1] >> 16));
    to += 4;
    words += 2;
  } while (--fours);
  return words;
}

PART const uint32_t *add_run_32(ring_t *to, const uint32_t *words, uint32_t fours) {
  for (uint32_t i = 0; i < 4 * fours; ++i) {
    to[i] = (ring_t)((uint32_t)to[i] + words[i]);
  }
  return words + 4 * fours;
}

PART const uint32_t *add_list_8(ring_t *to, const uint32_t *words, uint32_t count) {
  for (uint32_t pairs = (count + 1) / 2; pairs; --pairs) {
    const uint32_t two = *words++;
    ring_t *low = to + (two >> 8 & 0xff), *high;
    *low = (ring_t)(*low + (int8_t)two);
    high = to + (two >> 24);
    *high = (ring_t)(*high + (int8_t)(two >> 16));
  }
  return words;
}

PART const uint32_t *add_list_16(ring_t *to, const uint32_t *words, uint32_t count) {
  for (; count; --count) {
    const uint32_t one = *words++;
    to[one >> 16] = (ring_t)(to[one >> 16] + (int16_t)one);
  }
  return words;
}

PART const uint32_t *add_list_32(ring_t *to, const uint32_t *words, uint32_t count) {
  for (; count; --count, words += 2) {
    to[words[1]] = (ring_t)((uint32_t)to[words[1]] + words[0]);
  }
  return words;
}

/* What a spike does. */
PART void add_row(uint8_t *data, const struct core *core, uint32_t now, struct row row) {
  const uint32_t *words = row.words;
  for (uint32_t block = row.block;; block = *words++) {
    uint32_t slot = now + (block >> 20 & 0xff);
    slot = slot >= core->slots ? slot - core->slots : slot;
    ring_t *to = (ring_t *)(void *)(data + core->ring) + slot * core->places + 4 * (block & 0xfff);
    const uint32_t count = (block >> 12 & 0xff) + 1, kind = block >> 28 & 7;
    switch (kind) {
    case run_8:
      words = add_run_8(to, words, count);
      break;
    case run_16:
      words = add_run_16(to, words, count);
      break;
    case run_32:
      words = add_run_32(to, words, count);
      break;
    case list_8:
      words = add_list_8(to, words, count);
      break;
    case list_16:
      words = add_list_16(to, words, count);
      break;
    default:
      words = add_list_32(to, words, count);
      break;
    }
    if (block >> 31) {
      return;
    }
  }
}

__attribute__((noinline)) void pe_packets(uint8_t *data, const uint32_t *keys, uint32_t count) {
  struct core *core = core_of(data);
  const uint32_t now = core->step % core->slots;
  uint32_t taken = 0;
  for (uint32_t i = 0; i < count; ++i) {
    const struct row row = find_row(data, core, keys[i]);
    if (row.words) {
      add_row(data, core, now, row);
      ++taken;
    }
  }
  core->taken += taken;
  core->unwanted += count - taken;
}

/*===----------------------------------------------------------------------------===*
 * Neurons
 *===----------------------------------------------------------------------------===*/

PART void change_biases(uint8_t *data, struct core *core) {
  const struct change *changes = (const struct change *)(const void *)(data + core->changes);
  const struct population *populations = (const struct population *)(const void *)(data + core->populations);
  for (; core->next_change < core->change_count && changes[core->next_change].step <= core->step;
       ++core->next_change) {
    const struct change *each = &changes[core->next_change];
    uint8_t *bias = data + populations[each->population].bias + 4 * each->neuron;
#ifdef STATES_ARE_FLOAT
    union {
      uint32_t bits;
      float number;
    } added = {each->added};
    *(float *)(void *)bias += added.number;
#else
    *(uint32_t *)(void *)bias += each->added;
#endif
  }
}

PART void forget(ring_t *sums, uint32_t count) {
  for (uint32_t i = 0; i < count; ++i) {
    sums[i] = 0;
  }
}

/* Notes for each spike the step in which its packet is sent, and lists those of this step. */
PART uint32_t wait_and_send(uint8_t *data, const struct core *core, const uint16_t *spikes, uint32_t count,
                              uint16_t *packets) {
  const uint32_t words = (core->places + 31) / 32;
  uint32_t *history = (uint32_t *)(void *)(data + core->history);
  const uint16_t *delays = (const uint16_t *)(const void *)(data + core->send_delays);
  const uint32_t now = core->step % core->history_slots;
  for (uint32_t i = 0; i < count; ++i) {
    const uint32_t place = spikes[i];
    if (delays[place] == pe_never) {
      continue;
    }
    uint32_t slot = now + delays[place];
    slot = slot >= core->history_slots ? slot - core->history_slots : slot;
    history[slot * words + place / 32] |= 1U << place % 32;
  }
  uint32_t sent = 0;
  for (uint32_t word = 0; word < words; ++word) {
    uint32_t bits = history[now * words + word];
    history[now * words + word] = 0;
    for (; bits; bits &= bits - 1) {
      packets[sent++] = (uint16_t)(32 * word + (uint32_t)__builtin_ctz(bits));
    }
  }
  return sent;
}

__attribute__((noinline)) struct counts pe_update(uint8_t *data) {
  struct core *core = core_of(data);
  const struct population *populations = (const struct population *)(const void *)(data + core->populations);
  ring_t *now = (ring_t *)(void *)(data + core->ring) + core->step % core->slots * core->places;
  uint16_t *spikes = (uint16_t *)(void *)(data + core->spikes), *packets = (uint16_t *)(void *)(data + core->packets);
  struct counts counts = {0, 0};
  change_biases(data, core);
  for (uint32_t i = 0; i < core->population_count; ++i) {
    const struct population *population = &populations[i];
    if (core->step < population->start) {
      forget(now + population->first, population->neurons);
      continue;
    }
    const uint32_t count =
        updates[population->update](data, population, now + population->first, spikes + counts.spikes);
    if (packets != spikes && population->sends && !core->history_slots) {
      for (uint32_t k = 0; k < count; ++k) {
        packets[counts.packets++] = spikes[counts.spikes + k];
      }
    }
    counts.spikes += count;
  }
  if (packets == spikes) {
    counts.packets = counts.spikes;
  } else if (core->history_slots) {
    counts.packets = wait_and_send(data, core, spikes, counts.spikes, packets);
  }
  ++core->step;
  return counts;
}
