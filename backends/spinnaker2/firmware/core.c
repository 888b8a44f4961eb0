/*===- core.c - a core under QEMU ------------------------------------------------===*
 *
 * Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------------===*
 *
 * On the chip a timer begins a step, packets come from the network and the host reaches the memory. Here all of that
 * comes as commands, each two words and what they say.
 *
 *===----------------------------------------------------------------------------===*/

#include "host.h"
#include "pe.h"

enum { command_load = 'L', command_read = 'R', command_step = 'S', command_tick = 'T' };
enum { flag_overrun = 1 };

struct command {
  uint32_t kind, value;
};

struct answer {
  uint32_t step, flags, spikes, packets;
};

/* From the linker script: where the data begins, and where the stack does. */
extern uint8_t data_begin[], data_limit[];

/* As many as the chip's packets are kept for a core that has not come to them. */
enum { queue_keys = 256 };
static uint32_t queue[queue_keys];

/* The core's own timer: a tick is over when it was at 0. */
#define timer_control (*(volatile uint32_t *)0xE000E010)
#define timer_reload (*(volatile uint32_t *)0xE000E014)
#define timer_value (*(volatile uint32_t *)0xE000E018)
static uint32_t tick;

static void begin_tick(void) {
  if (tick) {
    timer_reload = tick - 1;
    timer_value = 0;
    timer_control = 5; /* counts the core's clock; reading forgets that it was at 0 */
    (void)timer_control;
  }
}

static uint32_t end_tick(void) {
  const uint32_t over = tick && (timer_control & 1U << 16) ? flag_overrun : 0;
  timer_control = 0;
  return over;
}

__attribute__((noinline)) static void take_packets(uint32_t count) {
  while (count > 0) {
    const uint32_t some = count < queue_keys ? count : queue_keys;
    host_read(queue, some * sizeof *queue);
    pe_packets(data_begin, queue, some);
    count -= some;
  }
}

static void step(uint32_t packets) {
  const struct core *core = (const struct core *)(const void *)data_begin;
  struct answer answer = {core->step, 0, 0, 0};
  begin_tick();
  take_packets(packets);
  const struct counts counts = pe_update(data_begin);
  answer.flags = end_tick();
  answer.spikes = counts.spikes;
  answer.packets = counts.packets;
  host_write(&answer, sizeof answer);
  host_write(data_begin + core->spikes, counts.spikes * sizeof(uint16_t));
  if (core->packets != core->spikes) {
    host_write(data_begin + core->packets, counts.packets * sizeof(uint16_t));
  }
}

/* Where the next words of a command say, so many bytes. */
static uint8_t *place_of(uint32_t bytes) {
  uint32_t offset;
  host_read(&offset, sizeof offset);
  const uint32_t room = (uint32_t)(data_limit - data_begin);
  if (offset > room || bytes > room - offset) {
    host_say("the data do not fit in the core\n");
    host_exit(98);
  }
  return data_begin + offset;
}

int main(void) {
  for (;;) {
    struct command command;
    host_read(&command, sizeof command);
    switch (command.kind) {
    case command_load:
      host_read(place_of(command.value), command.value);
      break;
    case command_read:
      host_write(place_of(command.value), command.value);
      break;
    case command_step:
      step(command.value);
      break;
    case command_tick:
      tick = command.value;
      break;
    default:
      host_say("an unknown command\n");
      return 97;
    }
  }
}
