/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A list of test numbers that grows at its end. Inline, as the engine touches one for each test. */
typedef struct
{
  guint32 *numbers;
  guint length;
  guint allocated;
} DagschedNumberList;

static inline void
dagsched_number_list_clear (DagschedNumberList *self)
{
  g_clear_pointer (&self->numbers, g_free);
  self->length = self->allocated = 0;
}

static inline void
dagsched_number_list_push (DagschedNumberList *self, guint32 number)
{
  if (G_UNLIKELY (self->length == self->allocated))
    {
      self->allocated = MAX (self->allocated * 2, 16);
      self->numbers = g_renew (guint32, self->numbers, self->allocated);
    }
  self->numbers[self->length++] = number;
}

G_END_DECLS
