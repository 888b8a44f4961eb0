/*===- boot.c - from reset to main, under QEMU ----------------------------------===*
 *
 * Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------------===*
 *
 * The linker script says stack_top, bss_start and bss_end, and, where data has to be copied, data_start, data_end
 * and data_kept. With NIRC_MEMORY_BYTES, a power of two, the program has so much memory at 0, and an access
 * elsewhere is a fault: QEMU's board has 4 MiB there.
 *
 *===----------------------------------------------------------------------------===*/

#include "host.h"

extern uint32_t stack_top[], bss_start[], bss_end[];
extern uint32_t data_start[] __attribute__((weak)), data_end[] __attribute__((weak)),
    data_kept[] __attribute__((weak));
int main(void);

static volatile uint32_t *at(uintptr_t address) { return (volatile uint32_t *)address; }

/*===----------------------------------------------------------------------------===*
 * Semihosting
 *===----------------------------------------------------------------------------===*/

enum { sys_open = 1, sys_write0 = 4, sys_write = 5, sys_read = 6, sys_exit_extended = 0x20 };
enum { mode_read = 1, mode_write = 5 };

static uint32_t call(uint32_t operation, const void *arguments) {
  register uint32_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = arguments;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}

static uint32_t files[2];

static uint32_t open_file(const char *name, uint32_t length, uint32_t mode) {
  const uintptr_t arguments[3] = {(uintptr_t)name, mode, length};
  return call(sys_open, arguments);
}

/* What is left to read or write of so many bytes. */
static uint32_t transfer(uint32_t operation, uint32_t file, const void *bytes, size_t count) {
  const uintptr_t arguments[3] = {file, (uintptr_t)bytes, count};
  return call(operation, arguments);
}

void host_read(void *to, size_t bytes) {
  uint8_t *place = to;
  while (bytes > 0) {
    size_t left = transfer(sys_read, files[0], place, bytes);
    if (left >= bytes) {
      host_exit(0); /* nothing follows */
    }
    place += bytes - left;
    bytes = left;
  }
}

void host_write(const void *from, size_t bytes) {
  const uint8_t *place = from;
  while (bytes > 0) {
    size_t left = transfer(sys_write, files[1], place, bytes);
    if (left >= bytes) {
      host_exit(0); /* nobody reads */
    }
    place += bytes - left;
    bytes = left;
  }
}

void host_say(const char *text) { call(sys_write0, text); }

_Noreturn void host_exit(int status) {
  const uint32_t arguments[2] = {0x20026, (uint32_t)status};
  call(sys_exit_extended, arguments);
  for (;;) {
  }
}

/*===----------------------------------------------------------------------------===*
 * From reset on
 *===----------------------------------------------------------------------------===*/

static void say_number(uint32_t number) {
  char text[] = "0x00000000";
  for (int digit = 9; digit > 1; --digit, number >>= 4) {
    text[digit] = "0123456789abcdef"[number & 15];
  }
  host_say(text);
}

static void fault(void) {
  const uint32_t status = *at(0xE000ED28), memory_address = *at(0xE000ED34),
                 bus_address = *at(0xE000ED38);
  host_say("fault ");
  say_number(status);
  if (status & 0x80) {
    host_say(" at ");
    say_number(memory_address);
  } else if (status & 0x8000) {
    host_say(" at ");
    say_number(bus_address);
  }
  host_say("\n");
  host_exit(99);
}

#ifdef NIRC_MEMORY_BYTES
/* Region 0 of the MPU: normal memory at 0, for reading, writing and running. Nothing else is mapped. */
static void bound_memory(void) {
  const uint32_t log2 = 31 - (uint32_t)__builtin_clz(NIRC_MEMORY_BYTES);
  *at(0xE000ED98) = 0;
  *at(0xE000ED9C) = 0;
  *at(0xE000EDA0) = 3U << 24 | 1U << 17 | (log2 - 1) << 1 | 1;
  *at(0xE000ED94) = 1;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
}
#endif

static void reset(void) {
#if defined(__ARM_FP)
  *at(0xE000ED88) |= 0xFU << 20; /* the FPU */
  __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
#ifdef NIRC_MEMORY_BYTES
  bound_memory();
#endif
  for (uint32_t *each = bss_start; each != bss_end; ++each) {
    *each = 0;
  }
  for (uint32_t *to = data_start, *from = data_kept; to != data_end; ++to, ++from) {
    *to = *from;
  }
  files[0] = open_file("/dev/fd/0", 9, mode_read);
  files[1] = open_file("/dev/fd/1", 9, mode_write);
  host_exit(main());
}

/* Stack, reset, then faults, and calls and timers that nothing here makes. */
__attribute__((section(".vectors"), used)) static void *const vectors[16] = {
    stack_top, (void *)reset, (void *)fault, (void *)fault, (void *)fault, (void *)fault,
    (void *)fault, 0, 0, 0, 0, (void *)fault, (void *)fault, 0, (void *)fault, (void *)fault};
