/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-capture-private.h"

#include <string.h>

void
dagsched_capture_init (DagschedCapture *self, guint64 limit)
{
  *self = (DagschedCapture){ .room = (gsize) MIN (limit - limit / 2, G_MAXINT32) };
  dagsched_ring_init (&self->tail, (gsize) MIN (limit / 2, G_MAXINT32));
}

void
dagsched_capture_clear (DagschedCapture *self)
{
  g_clear_pointer (&self->head, g_byte_array_unref);
  dagsched_ring_clear (&self->tail);
}

void
dagsched_capture_append (DagschedCapture *self, const guint8 *data, gsize length, guint64 skipped)
{
  gsize n_head = MIN (length, self->room);

  self->tail.cut += skipped;
  if (n_head > 0)
    {
      if (self->head == NULL)
        self->head = g_byte_array_new ();
      g_byte_array_append (self->head, data, (guint) n_head);
      self->room -= n_head;
    }
  if (length > n_head)
    dagsched_ring_append (&self->tail, data + n_head, length - n_head);
}

static void
append_cut (GByteArray *all, guint64 cut)
{
  gboolean at_line = all->len == 0 || all->data[all->len - 1] == '\n';
  g_autofree char *line =
    g_strdup_printf ("%s… %" G_GUINT64_FORMAT " bytes cut …\n", at_line ? "" : "\n", cut);

  g_byte_array_append (all, (const guint8 *) line, (guint) strlen (line));
}

/* Takes @head. */
static GBytes *
join (GByteArray *head, const DagschedRing *tail)
{
  GByteArray *all = head;
  const guint8 *parts[2];
  gsize lengths[2];

  dagsched_ring_peek (tail, parts, lengths);
  if (all == NULL && (tail->cut > 0 || lengths[0] > 0))
    all = g_byte_array_new ();

  if (tail->cut > 0)
    append_cut (all, tail->cut);
  for (guint i = 0; i < 2; i++)
    {
      if (lengths[i] > 0)
        g_byte_array_append (all, parts[i], (guint) lengths[i]);
    }

  return all != NULL ? g_byte_array_free_to_bytes (all) : NULL;
}

GBytes *
dagsched_capture_peek (const DagschedCapture *self)
{
  GByteArray *head = NULL;

  if (self->head != NULL)
    {
      head = g_byte_array_sized_new (self->head->len);
      g_byte_array_append (head, self->head->data, self->head->len);
    }

  return join (head, &self->tail);
}

guint64
dagsched_capture_count (const DagschedCapture *self)
{
  return (self->head != NULL ? self->head->len : 0) + self->tail.cut + self->tail.length;
}

GBytes *
dagsched_capture_finish (DagschedCapture *self, gboolean *truncated)
{
  GBytes *all = join (g_steal_pointer (&self->head), &self->tail);

  *truncated = self->tail.cut > 0;
  dagsched_ring_clear (&self->tail);

  return all;
}
