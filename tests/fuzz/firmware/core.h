/*===- core.h - a program of the tests --------------------------------------------===*
 *
 * Part of nirc, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------------===*/

#ifndef NIRC_CORE_H
#define NIRC_CORE_H

#define RING_BITS 16

#endif
