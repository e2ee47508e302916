/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-buffer-private.h"

#include <stdlib.h>
#include <string.h>

/* An empty buffer that once held something big gives its memory back. */
#define KEEP_AT_MOST (256 * 1024)

void
dagsched_buffer_clear (DagschedBuffer *self)
{
  free (self->data);
  *self = (DagschedBuffer){ 0 };
}

size_t
dagsched_buffer_get_length (const DagschedBuffer *self)
{
  return self->end - self->start;
}

const uint8_t *
dagsched_buffer_peek (const DagschedBuffer *self)
{
  return self->start > 0 ? self->data + self->start : self->data; /* NULL while nothing was ever written */
}

static void
make_room (DagschedBuffer *self, size_t length)
{
  size_t used = dagsched_buffer_get_length (self);

  if (self->start > 0)
    {
      memmove (self->data, self->data + self->start, used);
      self->start = 0;
      self->end = used;
    }

  if (length > self->capacity - used)
    {
      size_t capacity = self->capacity > 0 ? self->capacity : 4096;

      while (capacity - used < length)
        {
          if (capacity > SIZE_MAX / 2)
            abort ();
          capacity *= 2;
        }
      self->data = realloc (self->data, capacity);
      if (self->data == NULL)
        abort ();
      self->capacity = capacity;
    }
}

uint8_t *
dagsched_buffer_reserve (DagschedBuffer *self, size_t length)
{
  if (length > self->capacity - self->end)
    make_room (self, length);

  return self->end > 0 ? self->data + self->end : self->data; /* likewise, and @length is 0 */
}

void
dagsched_buffer_commit (DagschedBuffer *self, size_t length)
{
  self->end += length;
}

void
dagsched_buffer_append (DagschedBuffer *self, const void *data, size_t length)
{
  if (length == 0)
    return;

  memcpy (dagsched_buffer_reserve (self, length), data, length);
  self->end += length;
}

void
dagsched_buffer_consume (DagschedBuffer *self, size_t length)
{
  self->start += length;
  if (self->start < self->end)
    return;

  self->start = self->end = 0;
  if (self->capacity > KEEP_AT_MOST)
    dagsched_buffer_clear (self);
}
