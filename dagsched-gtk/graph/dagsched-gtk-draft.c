/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-draft-private.h"

#include <string.h>

/* From a graph to layouts: a first one soon, then better ones. */

#define MAX_ROUNDS 12    /* of a sweep to the right and one to the left */
#define PATIENCE 2       /* rounds that may bring nothing before we stop */
#define SOON 2           /* rounds before the second layout */
#define FIRST_ALIGNING 1 /* rounds of aligning rows */
#define FINAL_ALIGNING 6
#define SHORT_ALIGNING 40 /* of short work: lines that pass get straight */
#define SHORT_WORK 3000   /* items: all is done in a blink, one layout is enough after the first */

static DagschedGtkDraft *
draft_new (const DagschedGtkLayoutGraph *graph, GCancellable *cancellable)
{
  DagschedGtkDraft *self = g_new0 (DagschedGtkDraft, 1);

  self->graph = graph;
  self->cancellable = cancellable;
  self->n_tests = graph->n_tests;
  self->band_tops = g_array_new (FALSE, FALSE, sizeof (float));
  dagsched_gtk_draft_find_layers (self);
  dagsched_gtk_draft_find_parts (self);
  dagsched_gtk_draft_make_items (self);

  self->rows = g_new0 (guint32, self->n_items);
  self->columns = g_new0 (guint32, self->n_items);
  self->first_row = g_new0 (guint32, self->n_groups + 1);
  self->row_is_bend = g_new0 (guint8, self->n_items);
  self->row_y = g_new0 (float, self->n_items);
  self->n_columns = g_new0 (guint32, self->n_groups);
  self->x = g_new0 (float, self->n_items);
  self->y = g_new0 (float, self->n_items);
  self->bands = g_new0 (guint32, self->n_groups);

  return self;
}

static void
draft_free (DagschedGtkDraft *self)
{
  g_free (self->first_dependent);
  g_free (self->dependents);
  g_free (self->topological);
  g_free (self->layers);
  g_free (self->parts);
  g_free (self->part_group);
  g_free (self->chains);
  g_free (self->first_in);
  g_free (self->ins);
  g_free (self->in_conditions);
  g_free (self->first_out);
  g_free (self->outs);
  g_free (self->out_conditions);
  g_free (self->first_in_group);
  g_free (self->order);
  g_free (self->positions);
  g_free (self->rows);
  g_free (self->columns);
  g_free (self->first_row);
  g_free (self->row_is_bend);
  g_free (self->row_y);
  g_free (self->n_columns);
  g_free (self->x);
  g_free (self->y);
  g_free (self->bands);
  g_array_unref (self->band_tops);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedGtkDraft, draft_free)

static guint32 *
bands_of_items (DagschedGtkDraft *self)
{
  guint32 *bands = g_new (guint32, self->n_items);

  for (guint32 item = 0; item < self->n_items; item++)
    bands[item] =
      self->parts[item] == G_MAXUINT32 ? G_MAXUINT32 : self->bands[dagsched_gtk_draft_group_of (self, item)];

  return bands;
}

static void
copy_segments (DagschedGtkDraft *self, DagschedGtkLayout *layout)
{
  gsize n = self->first_in[self->n_items];

  layout->first_in = g_memdup2 (self->first_in, (self->n_items + 1) * sizeof *self->first_in);
  layout->ins = g_memdup2 (self->ins, n * sizeof *self->ins);
  layout->in_conditions = g_memdup2 (self->in_conditions, n);
  layout->first_out = g_memdup2 (self->first_out, (self->n_items + 1) * sizeof *self->first_out);
  layout->outs = g_memdup2 (self->outs, n * sizeof *self->outs);
  layout->out_conditions = g_memdup2 (self->out_conditions, n);
}

static DagschedGtkLayout *
draft_finish (DagschedGtkDraft *self, guint n_rounds)
{
  DagschedGtkLayout *layout = g_new0 (DagschedGtkLayout, 1);

  dagsched_gtk_draft_place_rows (self, n_rounds);
  dagsched_gtk_draft_place_parts (self);

  g_atomic_ref_count_init (&layout->ref_count);
  layout->n_tests = self->n_tests;
  layout->n_items = self->n_items;
  layout->width = self->width;
  layout->height = self->height;
  layout->x = g_memdup2 (self->x, self->n_items * sizeof *self->x);
  layout->y = g_memdup2 (self->y, self->n_items * sizeof *self->y);
  layout->layers = g_memdup2 (self->layers, self->n_items * sizeof *self->layers);
  layout->topological = g_memdup2 (self->topological, self->n_tests * sizeof *self->topological);
  layout->bands = bands_of_items (self);
  layout->n_bands = self->band_tops->len;
  layout->band_tops = g_memdup2 (self->band_tops->data, self->band_tops->len * sizeof (float));
  layout->lanes = dagsched_gtk_draft_choose_lanes (self);
  copy_segments (self, layout);
  dagsched_gtk_layout_index (layout);

  return layout;
}

typedef struct
{
  guint32 *order, *positions;
  guint64 n_crossings;
} Best;

static void
keep (DagschedGtkDraft *self, Best *best, guint64 n_crossings)
{
  memcpy (best->order, self->order, self->n_items * sizeof *self->order);
  memcpy (best->positions, self->positions, self->n_items * sizeof *self->positions);
  best->n_crossings = n_crossings;
}

static void
restore (DagschedGtkDraft *self, const Best *best)
{
  memcpy (self->order, best->order, self->n_items * sizeof *self->order);
  memcpy (self->positions, best->positions, self->n_items * sizeof *self->positions);
}

/* Up to @n_rounds, until nothing crosses or nothing gets better. Returns whether going on may help. */
static gboolean
improve (DagschedGtkDraft *self, Best *best, guint n_rounds)
{
  guint n_vain = 0;

  for (guint round = 0; round < n_rounds && best->n_crossings > 0; round++)
    {
      guint64 n_crossings;

      dagsched_gtk_draft_sweep (self, TRUE);
      dagsched_gtk_draft_sweep (self, FALSE);
      if (g_cancellable_is_cancelled (self->cancellable))
        return FALSE;
      n_crossings = dagsched_gtk_draft_count_crossings (self);
      n_vain = n_crossings < best->n_crossings ? 0 : n_vain + 1;
      if (n_crossings < best->n_crossings)
        keep (self, best, n_crossings);
      if (n_vain == PATIENCE)
        return FALSE;
    }

  return best->n_crossings > 0;
}

static gboolean
hand_over (DagschedGtkDraft *self,
           guint n_rounds,
           gboolean more,
           DagschedGtkLayoutReady ready,
           gpointer user_data)
{
  g_autoptr (DagschedGtkLayout) layout = draft_finish (self, n_rounds);

  if (g_cancellable_is_cancelled (self->cancellable))
    return FALSE;
  ready (g_steal_pointer (&layout), more, user_data);

  return TRUE;
}

void
dagsched_gtk_layout_make (const DagschedGtkLayoutGraph *graph,
                          GCancellable *cancellable,
                          DagschedGtkLayoutReady ready,
                          gpointer user_data)
{
  g_autoptr (DagschedGtkDraft) self = draft_new (graph, cancellable);
  g_autofree guint32 *order = g_new (guint32, self->n_items);
  g_autofree guint32 *positions = g_new (guint32, self->n_items);
  Best best = { order, positions, 0 };

  if (!hand_over (self, FIRST_ALIGNING, self->n_parts > 0, ready, user_data) || self->n_parts == 0)
    return;

  keep (self, &best, dagsched_gtk_draft_count_crossings (self));
  if (improve (self, &best, SOON) && self->n_items > SHORT_WORK)
    {
      g_autofree guint32 *tried = g_memdup2 (self->order, self->n_items * sizeof *tried);
      g_autofree guint32 *places = g_memdup2 (self->positions, self->n_items * sizeof *places);

      restore (self, &best);
      if (!hand_over (self, FIRST_ALIGNING, TRUE, ready, user_data))
        return;
      memcpy (self->order, tried, self->n_items * sizeof *tried);
      memcpy (self->positions, places, self->n_items * sizeof *places);
    }
  improve (self, &best, MAX_ROUNDS - SOON);
  restore (self, &best);
  hand_over (self, self->n_items > SHORT_WORK ? FINAL_ALIGNING : SHORT_ALIGNING, FALSE, ready, user_data);
}
