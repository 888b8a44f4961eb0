/*===- pe.h - what a core of SpiNNaker2 holds and does -------------------------===*
 *
 * Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------------===*
 *
 * A core's data is one block of memory that the host fills. All places in it are offsets in bytes
 * from its start, so that the same block runs on the core and on the host. Neurons have places:
 * those of a population follow each other, and the next population starts at a multiple of four.
 *
 * A step is pe_packets, as often as packets come, and then pe_update. A packet that was sent in
 * step t is taken in step t + 1: its row says what it adds to which sums of the ring.
 *
 *===----------------------------------------------------------------------------===*/

#ifndef NIRC_PE_H
#define NIRC_PE_H

#include <stddef.h>
#include <stdint.h>

#include "core.h" /* RING_BITS */

#if RING_BITS == 16
typedef int16_t ring_t;
#else
typedef int32_t ring_t;
#endif

enum {
  pe_magic = 0x32455053,
  pe_most_columns = 24,
  pe_no_row = 0xffff,
  pe_never = 0xffff,
  pe_matrix = 0x8000
};

/* Neurons of one node. */
struct population {
  uint32_t update;  /* which of updates */
  uint32_t neurons; /* how many */
  uint32_t first;   /* their first place */
  uint32_t start;   /* the step before which they wait */
  uint32_t sends;   /* whether a spike is sent as a packet */
  uint32_t bias;    /* the offset of the biases that change */
  uint32_t columns[pe_most_columns];
};

/* Keys that follow each other and have rows: their pointers follow each other too. A pointer counts
 * words from the first row; pe_no_row is none. A single key has its pointer here. With pe_matrix in
 * its count, an entry points to a matrix: the words of a row, the word of the one block that all
 * rows have, and then the weights of each. */
struct entry {
  uint32_t key;
  uint16_t count;
  uint16_t pointer;
};

/* What is added to a bias from a step on. */
struct change {
  uint32_t step;
  uint16_t population;
  uint16_t neuron;
  uint32_t added; /* an integer, or a float's bits */
};

struct core {
  uint32_t magic;
  uint32_t bytes;  /* of all the data */
  uint32_t step;   /* the next one */
  uint32_t places; /* of neurons, a multiple of four */
  uint32_t population_count, populations;
  uint32_t entry_count, entries;
  uint32_t pointers;
  uint32_t rows;
  uint32_t slots, ring; /* steps of sums: of this step, and of those after it */
  uint32_t spikes;      /* places of this step's spikes */
  uint32_t
      packets; /* places whose packets are sent in this step; the spikes where that is the same */
  uint32_t history_slots; /* 0 where no packet waits */
  uint32_t
      history; /* for each step from this one on, a bit for each place whose packet is sent then */
  uint32_t send_delays; /* of each place, in steps: 16 bits; pe_never where nothing is sent */
  uint32_t change_count, changes, next_change;
  /* Counted since the host set them to 0. */
  uint32_t taken, unwanted; /* packets with and without a row */
};

/* Rows are blocks. A block is a word, then its weights:
 *   bits 0 to 11   its first place, in fours
 *   bits 12 to 19  how many it has, less one: in fours (run), or one by one (list)
 *   bits 20 to 27  the delay, in steps
 *   bits 28 to 30  the kind
 *   bit 31         whether it is the row's last
 * run_8: weights of four places in a word: 0, 2, 1, 3 from the lowest byte on. run_16: two in a
 * word, run_32: one. list_8: 16 bits each, the weight in the lower 8 and above it the place, from
 * the first on; an even number of them. list_16: a word each, 16 bits of weight and 16 of place.
 * list_32: a word of weight, then one of place. */
enum { run_8, run_16, run_32, list_8, list_16, list_32 };

/* How many spikes and packets there are of a step. */
struct counts {
  uint32_t spikes, packets;
};

typedef uint32_t (*update_function)(uint8_t *data, const struct population *population,
                                    ring_t *ring, uint16_t *list);
extern const update_function updates[];
/* How many there are, and the columns that each takes, a letter each: b, h and w for integers of 8,
 * 16 and 32 bits, f for float. Who fills a core's data can compare. */
extern const uint32_t update_count;
extern const char *const update_columns[];

void pe_packets(uint8_t *data, const uint32_t *keys, uint32_t count);
struct counts pe_update(uint8_t *data);

#endif
