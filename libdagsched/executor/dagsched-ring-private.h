/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* Keeps the last bytes of a stream, and counts those before. Grows as needed up to its limit. The C
 * library only: agent and runner both cut output with it. */
typedef struct
{
  uint8_t *data;
  size_t limit;
  size_t capacity;
  size_t length;
  size_t next;  /* where the next byte goes, once length == capacity == limit */
  uint64_t cut; /* bytes that came before those kept */
} DagschedRing;

void dagsched_ring_init (DagschedRing *self, size_t limit);
void dagsched_ring_clear (DagschedRing *self);
void dagsched_ring_append (DagschedRing *self, const void *data, size_t length);
/* What is kept, in order, as two parts; either may be empty. */
void dagsched_ring_peek (const DagschedRing *self, const uint8_t *parts[2], size_t lengths[2]);
