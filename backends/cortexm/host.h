/*===- host.h - a program and the machine that emulates it ----------------------===*
 *
 * Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------------===*
 *
 * By Arm's semihosting: QEMU reads and writes for the program.
 *
 *===----------------------------------------------------------------------------===*/

#ifndef NIRC_HOST_H
#define NIRC_HOST_H

#include <stddef.h>
#include <stdint.h>

/* Exactly so many bytes; the program ends where the other side has closed. */
void host_read(void *to, size_t bytes);
void host_write(const void *from, size_t bytes);
/* A line for people. */
void host_say(const char *text);
_Noreturn void host_exit(int status);

#endif
