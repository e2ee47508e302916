/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-draft-private.h"

/* Bends of long edges, segments between layers, groups. */

/* Bends keep long edges away from tests that they pass; but a graph of many
 * layers that all edges jump over would have millions. */
#define MAX_BENDS(n_tests) MIN (4 * (gsize) (n_tests) + 4096, (gsize) 200000)

static gboolean
edge_is_drawn (DagschedGtkDraft *self, guint32 from, guint32 to)
{
  return self->layers[from] < self->layers[to];
}

/* All edges that leave a test with one condition share a chain of bends, as far as the farthest goes.
 * How many bends there are. */
static gsize
measure_chains (DagschedGtkDraft *self, guint32 *lengths)
{
  const DagschedGtkLayoutGraph *graph = self->graph;
  gsize n_bends = 0;

  for (guint32 to = 0; to < self->n_tests; to++)
    for (guint32 edge = graph->first_dependency[to]; edge < graph->first_dependency[to + 1]; edge++)
      {
        guint32 from = graph->dependencies[edge];
        guint32 *length = &lengths[from * DAGSCHED_GTK_N_CONDITIONS + graph->conditions[edge]];

        if (edge_is_drawn (self, from, to) && self->layers[to] - self->layers[from] - 1 > *length)
          {
            n_bends += self->layers[to] - self->layers[from] - 1 - *length;
            *length = self->layers[to] - self->layers[from] - 1;
          }
      }

  return n_bends;
}

static void
add_bends (DagschedGtkDraft *self, const guint32 *lengths, gsize n_bends)
{
  guint32 next = self->n_tests;

  self->n_items = self->n_tests + n_bends;
  self->layers = g_renew (guint32, self->layers, self->n_items);
  self->parts = g_renew (guint32, self->parts, self->n_items);
  for (guint chain = 0; chain < self->n_tests * DAGSCHED_GTK_N_CONDITIONS; chain++)
    {
      guint32 test = chain / DAGSCHED_GTK_N_CONDITIONS;

      self->chains[chain] = lengths[chain] > 0 ? next : DAGSCHED_GTK_NO_ITEM;
      for (guint32 i = 0; i < lengths[chain]; i++, next++)
        {
          self->layers[next] = self->layers[test] + 1 + i;
          self->parts[next] = self->parts[test];
        }
    }
}

/* What comes before @to on the way from @from. */
static guint32
last_before (DagschedGtkDraft *self, guint32 from, guint32 to, guint condition)
{
  guint32 chain =
    self->chains != NULL ? self->chains[from * DAGSCHED_GTK_N_CONDITIONS + condition] : DAGSCHED_GTK_NO_ITEM;
  guint32 span = self->layers[to] - self->layers[from];

  return span == 1 || chain == DAGSCHED_GTK_NO_ITEM ? from : chain + span - 2;
}

static void
add_test_segments (DagschedGtkDraft *self, guint32 to, guint32 *n)
{
  const DagschedGtkLayoutGraph *graph = self->graph;

  for (guint32 edge = graph->first_dependency[to]; edge < graph->first_dependency[to + 1]; edge++)
    {
      guint32 from = graph->dependencies[edge];

      if (!edge_is_drawn (self, from, to))
        continue;
      self->ins[*n] = last_before (self, from, to, graph->conditions[edge]);
      self->in_conditions[(*n)++] = graph->conditions[edge];
    }
}

static void
add_bend_segments (DagschedGtkDraft *self, const guint32 *lengths, guint32 *n)
{
  for (guint chain = 0; chain < self->n_tests * DAGSCHED_GTK_N_CONDITIONS; chain++)
    {
      guint32 before = chain / DAGSCHED_GTK_N_CONDITIONS;

      for (guint32 i = 0; i < lengths[chain]; i++)
        {
          guint32 bend = self->chains[chain] + i;

          self->first_in[bend] = *n;
          self->ins[*n] = before;
          self->in_conditions[(*n)++] = chain % DAGSCHED_GTK_N_CONDITIONS;
          before = bend;
        }
    }
}

static void
add_outs (DagschedGtkDraft *self)
{
  guint32 n_segments = self->first_in[self->n_items];
  g_autofree guint32 *next = NULL;

  self->first_out = g_new0 (guint32, self->n_items + 1);
  for (guint32 i = 0; i < n_segments; i++)
    self->first_out[self->ins[i] + 1]++;
  for (guint32 item = 0; item < self->n_items; item++)
    self->first_out[item + 1] += self->first_out[item];

  self->outs = g_new (guint32, n_segments);
  self->out_conditions = g_new (guint8, n_segments);
  next = g_memdup2 (self->first_out, (self->n_items + 1) * sizeof *next);
  for (guint32 item = 0; item < self->n_items; item++)
    for (guint32 i = self->first_in[item]; i < self->first_in[item + 1]; i++)
      {
        self->outs[next[self->ins[i]]] = item;
        self->out_conditions[next[self->ins[i]]++] = self->in_conditions[i];
      }
}

static void
add_segments (DagschedGtkDraft *self, const guint32 *lengths)
{
  gsize n_most = self->graph->first_dependency[self->n_tests] + self->n_items - self->n_tests;
  guint32 n = 0;

  self->first_in = g_new (guint32, self->n_items + 1);
  self->ins = g_new (guint32, n_most);
  self->in_conditions = g_new (guint8, n_most);
  for (guint32 to = 0; to < self->n_tests; to++)
    {
      self->first_in[to] = n;
      add_test_segments (self, to, &n);
    }
  if (self->chains != NULL)
    add_bend_segments (self, lengths, &n);
  self->first_in[self->n_items] = n;
  add_outs (self);
}

static void
append_to_group (DagschedGtkDraft *self, guint32 item, guint32 *n_in_group)
{
  guint group = dagsched_gtk_draft_group_of (self, item);

  self->positions[item] = n_in_group[group]++;
  self->order[self->first_in_group[group] + self->positions[item]] = item;
}

/* In the order of declaration; bends beside the test whose edges they bend. */
static void
fill_groups (DagschedGtkDraft *self)
{
  g_autofree guint32 *n_in_group = g_new0 (guint32, self->n_groups);
  guint32 bend = self->n_tests;

  self->first_in_group = g_new0 (guint32, self->n_groups + 1);
  for (guint32 item = 0; item < self->n_items; item++)
    if (self->parts[item] != G_MAXUINT32)
      self->first_in_group[dagsched_gtk_draft_group_of (self, item) + 1]++;
  for (guint group = 0; group < self->n_groups; group++)
    self->first_in_group[group + 1] += self->first_in_group[group];

  self->order = g_new (guint32, self->n_items);
  self->positions = g_new0 (guint32, self->n_items);
  for (guint32 test = 0; test < self->n_tests; test++)
    {
      if (self->parts[test] != G_MAXUINT32)
        append_to_group (self, test, n_in_group);
      for (; bend < self->n_items; bend++)
        {
          guint32 from = self->ins[self->first_in[bend]];

          if (from < self->n_tests && from > test)
            break;
          append_to_group (self, bend, n_in_group);
        }
    }
}

void
dagsched_gtk_draft_make_items (DagschedGtkDraft *self)
{
  g_autofree guint32 *lengths = g_new0 (guint32, (gsize) self->n_tests * DAGSCHED_GTK_N_CONDITIONS);
  gsize n_bends = measure_chains (self, lengths);

  self->n_items = self->n_tests;
  if (n_bends > 0 && n_bends <= MAX_BENDS (self->n_tests))
    {
      self->chains = g_new (guint32, (gsize) self->n_tests * DAGSCHED_GTK_N_CONDITIONS);
      add_bends (self, lengths, n_bends);
    }
  add_segments (self, lengths);
  fill_groups (self);
}
