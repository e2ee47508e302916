/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-scene-private.h"

#include <math.h>

DagschedGtkGraphScene *
dagsched_gtk_graph_scene_new (DagschedGtkRunTable *table, DagschedGtkLayout *layout)
{
  DagschedGtkGraphScene *self = g_new0 (DagschedGtkGraphScene, 1);

  g_assert (table->n_tests == layout->n_tests);

  self->table = g_object_ref (table);
  self->layout = layout;
  self->marks = g_new0 (guint8, layout->n_items);
  self->critical = g_array_new (FALSE, FALSE, sizeof (DagschedGtkSegment));

  return self;
}

void
dagsched_gtk_graph_scene_free (DagschedGtkGraphScene *self)
{
  g_object_unref (self->table);
  dagsched_gtk_layout_unref (self->layout);
  g_free (self->marks);
  g_array_unref (self->critical);
  g_free (self);
}

/* Bends are items too: they are passed like tests on the way. On the way down, those of a chain that leads on
 * to nothing do not exist; on the way up, a bend has one item before it. */
static void
mark_along (DagschedGtkGraphScene *self, guint32 test, guint8 mark, const guint32 *first, const guint32 *next)
{
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_array_append_val (stack, test);
  while (stack->len > 0)
    {
      guint32 item = g_array_index (stack, guint32, stack->len - 1);

      g_array_set_size (stack, stack->len - 1);
      for (guint32 i = first[item]; i < first[item + 1]; i++)
        {
          if (self->marks[next[i]] & mark)
            continue;
          self->marks[next[i]] |= mark;
          g_array_append_val (stack, next[i]);
        }
    }
}

void
dagsched_gtk_graph_scene_select (DagschedGtkGraphScene *self, guint32 test)
{
  const DagschedGtkLayout *layout = self->layout;

  for (guint32 item = 0; item < layout->n_items; item++)
    self->marks[item] &= ~DAGSCHED_GTK_MARK_RELATED;
  self->has_selection = test != DAGSCHED_GTK_NO_ITEM;
  if (!self->has_selection)
    return;

  self->marks[test] |= DAGSCHED_GTK_MARK_SELECTED;
  mark_along (self, test, DAGSCHED_GTK_MARK_ANCESTOR, layout->first_in, layout->ins);
  mark_along (self, test, DAGSCHED_GTK_MARK_DESCENDANT, layout->first_out, layout->outs);
}

void
dagsched_gtk_graph_scene_set_hits (DagschedGtkGraphScene *self,
                                   const guint32 *numbers,
                                   guint n_numbers,
                                   gboolean is_searching)
{
  for (guint32 item = 0; item < self->layout->n_items; item++)
    self->marks[item] &= ~DAGSCHED_GTK_MARK_HIT;
  self->has_hits = is_searching;
  for (guint i = 0; i < n_numbers; i++)
    {
      if (numbers[i] < self->layout->n_tests)
        self->marks[numbers[i]] |= DAGSCHED_GTK_MARK_HIT;
    }
}

/* What all its attempts took; when it has not run, what it is expected to take. */
static double
duration_of (DagschedGtkGraphScene *self, guint32 test)
{
  DagschedGtkLook look = self->table->looks[test];
  DagschedSpan span;
  double sum = 0;

  if (look < DAGSCHED_GTK_LOOK_PASSED)
    return dagsched_gtk_run_table_get_expected_duration (self->table, test);

  for (guint i = 0; dagsched_run_get_span (self->table->run, test, i, &span); i++)
    sum += span.duration;

  return sum;
}

/* The segments from one test to the next, back from the end of the way. */
static void
add_way (DagschedGtkGraphScene *self, guint32 from, guint32 to)
{
  const DagschedGtkLayout *layout = self->layout;

  for (guint32 i = layout->first_in[to]; i < layout->first_in[to + 1]; i++)
    {
      guint32 before = layout->ins[i], root = before;

      while (dagsched_gtk_layout_is_bend (layout, root))
        root = layout->ins[layout->first_in[root]];
      if (root != from)
        continue;
      for (guint32 item = to; item != from;)
        {
          DagschedGtkSegment segment = { before, item, layout->in_conditions[i] };

          g_array_append_val (self->critical, segment);
          self->marks[before] |= DAGSCHED_GTK_MARK_CRITICAL;
          item = before;
          if (item != from)
            before = layout->ins[layout->first_in[item]];
        }
      return;
    }
}

void
dagsched_gtk_graph_scene_find_critical_path (DagschedGtkGraphScene *self, gboolean show)
{
  const DagschedGtkRunTable *table = self->table;
  g_autofree double *ends = NULL;
  g_autofree guint32 *before = NULL;
  guint32 last = DAGSCHED_GTK_NO_ITEM;

  for (guint32 item = 0; item < self->layout->n_items; item++)
    self->marks[item] &= ~DAGSCHED_GTK_MARK_CRITICAL;
  g_array_set_size (self->critical, 0);
  if (!show)
    return;

  ends = g_new0 (double, table->n_tests);
  before = g_new (guint32, table->n_tests);
  for (guint32 i = 0; i < table->n_tests; i++)
    {
      guint32 test = self->layout->topological[i];
      double start = 0;

      before[test] = DAGSCHED_GTK_NO_ITEM;
      for (guint32 edge = table->first_dependency[test]; edge < table->first_dependency[test + 1]; edge++)
        {
          guint32 dependency = table->dependencies[edge];

          if (self->layout->layers[dependency] < self->layout->layers[test] &&
              (before[test] == DAGSCHED_GTK_NO_ITEM || ends[dependency] > start))
            {
              before[test] = dependency;
              start = ends[dependency];
            }
        }
      ends[test] = start + duration_of (self, test);
      if (last == DAGSCHED_GTK_NO_ITEM || ends[test] > ends[last])
        last = test;
    }

  for (guint32 test = last; test != DAGSCHED_GTK_NO_ITEM; test = before[test])
    {
      self->marks[test] |= DAGSCHED_GTK_MARK_CRITICAL;
      if (before[test] != DAGSCHED_GTK_NO_ITEM)
        add_way (self, before[test], test);
    }
}

static void
list_along (DagschedGtkGraphScene *self, guint32 test, GArray *segments, guint n_most, gboolean up)
{
  const DagschedGtkLayout *layout = self->layout;
  const guint32 *first = up ? layout->first_in : layout->first_out;
  const guint32 *next = up ? layout->ins : layout->outs;
  const guint8 *conditions = up ? layout->in_conditions : layout->out_conditions;
  g_autoptr (GArray) queue = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  n_most += segments->len;
  g_array_append_val (queue, test);
  for (guint at = 0; at < queue->len && segments->len < n_most; at++)
    {
      guint32 item = g_array_index (queue, guint32, at);

      for (guint32 i = first[item]; i < first[item + 1] && segments->len < n_most; i++)
        {
          DagschedGtkSegment segment = { up ? next[i] : item, up ? item : next[i], conditions[i] };

          g_array_append_val (segments, segment);
          if (g_hash_table_add (seen, GUINT_TO_POINTER (next[i])))
            g_array_append_val (queue, next[i]);
        }
    }
}

void
dagsched_gtk_graph_scene_list_related (DagschedGtkGraphScene *self,
                                       guint32 test,
                                       GArray *segments,
                                       guint n_most)
{
  g_array_set_size (segments, 0);
  list_along (self, test, segments, n_most / 2, TRUE);
  list_along (self, test, segments, n_most / 2, FALSE);
}
