/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-ring-private.h"

#include <stdlib.h>
#include <string.h>

void
dagsched_ring_init (DagschedRing *self, size_t limit)
{
  *self = (DagschedRing){ .limit = limit };
}

void
dagsched_ring_clear (DagschedRing *self)
{
  free (self->data);
  *self = (DagschedRing){ 0 };
}

static void
grow (DagschedRing *self, size_t length)
{
  size_t wanted = self->length + length;

  if (wanted > self->limit || wanted < length)
    wanted = self->limit;
  if (wanted <= self->capacity)
    return;

  /* Below the limit nothing has wrapped, so that bytes stay where they are. */
  self->capacity = self->capacity > wanted / 2 ? self->capacity * 2 : wanted;
  if (self->capacity > self->limit)
    self->capacity = self->limit;
  self->data = realloc (self->data, self->capacity);
  if (self->data == NULL)
    abort ();
  self->next = self->length;
}

void
dagsched_ring_append (DagschedRing *self, const void *data, size_t length)
{
  const uint8_t *bytes = data;

  if (length > self->limit)
    {
      self->cut += self->length + (length - self->limit);
      bytes += length - self->limit;
      length = self->limit;
      self->length = self->next = 0;
    }
  grow (self, length);

  while (length > 0)
    {
      size_t n = self->capacity - self->next < length ? self->capacity - self->next : length;
      size_t room = self->capacity - self->length;

      memcpy (self->data + self->next, bytes, n);
      self->next = (self->next + n) % self->capacity;
      self->cut += n > room ? n - room : 0;
      self->length += n > room ? room : n;
      bytes += n;
      length -= n;
    }
}

void
dagsched_ring_peek (const DagschedRing *self, const uint8_t *parts[2], size_t lengths[2])
{
  size_t first = self->length < self->capacity ? 0 : self->next;

  parts[0] = first > 0 ? self->data + first : self->data; /* NULL while nothing was ever written */
  lengths[0] = self->length - first;
  parts[1] = self->data;
  lengths[1] = first;
}
