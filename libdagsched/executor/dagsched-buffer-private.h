/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A queue of bytes: appended at the end, consumed from the start. The C library only, since the
 * agent uses it as well; it aborts when memory runs out, as GLib does. */
typedef struct
{
  uint8_t *data;
  size_t start; /* bytes consumed already */
  size_t end;
  size_t capacity;
} DagschedBuffer;

void dagsched_buffer_clear (DagschedBuffer *self);
size_t dagsched_buffer_get_length (const DagschedBuffer *self);
const uint8_t *dagsched_buffer_peek (const DagschedBuffer *self);
/* Room for @length bytes at the end; the next call that appends or reserves takes it away. */
uint8_t *dagsched_buffer_reserve (DagschedBuffer *self, size_t length);
/* Says that @length bytes of the reserved room were filled. */
void dagsched_buffer_commit (DagschedBuffer *self, size_t length);
void dagsched_buffer_append (DagschedBuffer *self, const void *data, size_t length);
void dagsched_buffer_consume (DagschedBuffer *self, size_t length);
