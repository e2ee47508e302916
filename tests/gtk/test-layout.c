/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-layout-private.h"

#include <math.h>
#include <string.h>

/* Where tests stand: no display is needed. */

typedef struct
{
  guint n_tests;
  GArray *edges; /* of Edge */
} Builder;

typedef struct
{
  guint32 from, to;
  guint8 condition;
} Edge;

static Builder
builder_new (guint n_tests)
{
  return (Builder){ n_tests, g_array_new (FALSE, FALSE, sizeof (Edge)) };
}

static void
connect_tests (Builder *builder, guint32 from, guint32 to, guint8 condition)
{
  Edge edge = { from, to, condition };

  g_array_append_val (builder->edges, edge);
}

static DagschedGtkLayoutGraph *
builder_end (Builder *builder)
{
  g_autofree guint32 *first = g_new0 (guint32, builder->n_tests + 1);
  g_autofree guint32 *next = NULL;
  g_autofree guint32 *dependencies = g_new (guint32, builder->edges->len);
  g_autofree guint8 *conditions = g_new (guint8, builder->edges->len);

  for (guint i = 0; i < builder->edges->len; i++)
    first[g_array_index (builder->edges, Edge, i).to + 1]++;
  for (guint i = 0; i < builder->n_tests; i++)
    first[i + 1] += first[i];
  next = g_memdup2 (first, (builder->n_tests + 1) * sizeof *next);
  for (guint i = 0; i < builder->edges->len; i++)
    {
      const Edge *edge = &g_array_index (builder->edges, Edge, i);

      dependencies[next[edge->to]] = edge->from;
      conditions[next[edge->to]++] = edge->condition;
    }
  g_array_unref (builder->edges);

  return dagsched_gtk_layout_graph_new (builder->n_tests, first, dependencies, conditions);
}

static void
collect (DagschedGtkLayout *layout, gboolean more, gpointer user_data)
{
  g_ptr_array_add (user_data, layout);
  g_assert_true (more || layout != NULL);
}

static GPtrArray *
lay_out (const DagschedGtkLayoutGraph *graph)
{
  GPtrArray *layouts = g_ptr_array_new_with_free_func ((GDestroyNotify) dagsched_gtk_layout_unref);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  dagsched_gtk_layout_make (graph, cancellable, collect, layouts);
  g_assert_cmpuint (layouts->len, >=, 1);

  return layouts;
}

static void
check_inside (const DagschedGtkLayout *layout)
{
  for (guint32 i = 0; i < layout->n_tests; i++)
    {
      g_assert_cmpfloat (layout->x[i], >=, 0);
      g_assert_cmpfloat (layout->y[i], >=, -0.5);
      g_assert_cmpfloat (layout->x[i] + DAGSCHED_GTK_NODE_WIDTH, <=, layout->width * 1.0001);
      g_assert_cmpfloat (layout->y[i] + DAGSCHED_GTK_NODE_HEIGHT, <=, layout->height * 1.0001);
    }
}

typedef struct
{
  const DagschedGtkLayout *layout;
  guint32 test;
} Neighbourhood;

static void
check_apart (guint32 item, gpointer user_data)
{
  const Neighbourhood *near = user_data;
  const DagschedGtkLayout *layout = near->layout;

  if (item == near->test || dagsched_gtk_layout_is_bend (layout, item))
    return;
  g_assert_true (fabsf (layout->x[item] - layout->x[near->test]) >= DAGSCHED_GTK_NODE_WIDTH + 12 ||
                 fabsf (layout->y[item] - layout->y[near->test]) >= DAGSCHED_GTK_NODE_HEIGHT + 11);
}

static void
check_no_overlaps (const DagschedGtkLayout *layout)
{
  for (guint32 i = 0; i < layout->n_tests; i++)
    {
      Neighbourhood near = { layout, i };

      dagsched_gtk_layout_visit (layout, layout->x[i] - 12, layout->y[i] - 12, DAGSCHED_GTK_NODE_WIDTH + 24,
                                 DAGSCHED_GTK_NODE_HEIGHT + 24, check_apart, &near);
      g_assert_cmpuint (dagsched_gtk_layout_pick (layout, layout->x[i] + 1, layout->y[i] + 1), ==, i);
    }
}

/* Later in layers, and to the right of it, unless it is in a later line. */
static void
check_edges (const DagschedGtkLayoutGraph *graph, const DagschedGtkLayout *layout)
{
  for (guint32 to = 0; to < graph->n_tests; to++)
    for (guint32 edge = graph->first_dependency[to]; edge < graph->first_dependency[to + 1]; edge++)
      {
        guint32 from = graph->dependencies[edge];

        g_assert_cmpuint (layout->layers[from], <, layout->layers[to]);
        if (layout->bands[from] == layout->bands[to])
          g_assert_cmpfloat (layout->x[from] + DAGSCHED_GTK_NODE_WIDTH + DAGSCHED_GTK_COLUMN_GAP - 0.5, <=,
                             layout->x[to]);
        else
          g_assert_cmpfloat (layout->y[from] + DAGSCHED_GTK_NODE_HEIGHT, <, layout->y[to]);
      }
}

/* From each test a way of segments with one condition leads to each dependent. */
static void
check_segments (const DagschedGtkLayoutGraph *graph, const DagschedGtkLayout *layout)
{
  for (guint32 to = 0; to < graph->n_tests; to++)
    {
      guint32 first = graph->first_dependency[to], n = graph->first_dependency[to + 1] - first;

      g_assert_cmpuint (layout->first_in[to + 1] - layout->first_in[to], ==, n);
      for (guint32 i = 0; i < n; i++)
        {
          guint32 item = layout->ins[layout->first_in[to] + i];

          g_assert_cmpuint (layout->in_conditions[layout->first_in[to] + i], ==,
                            graph->conditions[first + i]);
          while (dagsched_gtk_layout_is_bend (layout, item))
            {
              g_assert_cmpuint (layout->first_in[item + 1] - layout->first_in[item], ==, 1);
              g_assert_cmpuint (layout->in_conditions[layout->first_in[item]], ==,
                                graph->conditions[first + i]);
              item = layout->ins[layout->first_in[item]];
            }
          g_assert_cmpuint (item, ==, graph->dependencies[first + i]);
        }
    }
  for (guint32 item = 0; item < layout->n_items; item++)
    for (guint32 i = layout->first_out[item]; i < layout->first_out[item + 1]; i++)
      g_assert_cmpuint (layout->layers[layout->outs[i]], >, layout->layers[item]);
}

static void
check_topological (const DagschedGtkLayoutGraph *graph, const DagschedGtkLayout *layout)
{
  g_autofree gboolean *seen = g_new0 (gboolean, graph->n_tests + 1);

  for (guint32 i = 0; i < graph->n_tests; i++)
    {
      guint32 test = layout->topological[i];

      g_assert_false (seen[test]);
      seen[test] = TRUE;
      for (guint32 edge = graph->first_dependency[test]; edge < graph->first_dependency[test + 1]; edge++)
        g_assert_true (seen[graph->dependencies[edge]]);
    }
}

/* All layouts of the graph hold what each must. Returns the last. */
static DagschedGtkLayout *
check (DagschedGtkLayoutGraph *graph)
{
  g_autoptr (GPtrArray) layouts = lay_out (graph);

  for (guint i = 0; i < layouts->len; i++)
    {
      check_inside (layouts->pdata[i]);
      check_no_overlaps (layouts->pdata[i]);
      check_edges (graph, layouts->pdata[i]);
      check_segments (graph, layouts->pdata[i]);
      check_topological (graph, layouts->pdata[i]);
    }

  return dagsched_gtk_layout_ref (layouts->pdata[layouts->len - 1]);
}

static DagschedGtkLayoutGraph *
build_layered (guint n_tests, guint width, guint32 seed, guint longest)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Builder builder = builder_new (n_tests);

  for (guint32 to = width; to < n_tests; to++)
    for (guint k = 0; k < 3; k++)
      {
        guint back = g_rand_int_range (rand, 1, longest + 1);
        guint layer = to / width - MIN (back, to / width);

        connect_tests (&builder, layer * width + g_rand_int_range (rand, 0, width), to, k);
      }

  return builder_end (&builder);
}

static void
test_empty (void)
{
  Builder builder = builder_new (0);
  g_autoptr (DagschedGtkLayoutGraph) graph = builder_end (&builder);
  g_autoptr (DagschedGtkLayout) layout = check (graph);

  g_assert_cmpfloat (layout->width, ==, 0);
  g_assert_cmpuint (dagsched_gtk_layout_pick (layout, 0, 0), ==, DAGSCHED_GTK_NO_ITEM);
}

static void
test_single (void)
{
  Builder builder = builder_new (1);
  g_autoptr (DagschedGtkLayoutGraph) graph = builder_end (&builder);
  g_autoptr (DagschedGtkLayout) layout = check (graph);

  g_assert_cmpfloat (layout->width, ==, DAGSCHED_GTK_NODE_WIDTH);
  g_assert_cmpfloat (layout->height, ==, DAGSCHED_GTK_NODE_HEIGHT);
}

/* Two that wait for one, and one for both: nothing is off the middle, nothing crosses. */
static void
test_diamond (void)
{
  Builder builder = builder_new (4);
  g_autoptr (DagschedGtkLayoutGraph) graph = NULL;
  g_autoptr (DagschedGtkLayout) layout = NULL;

  connect_tests (&builder, 0, 1, 0);
  connect_tests (&builder, 0, 2, 0);
  connect_tests (&builder, 1, 3, 0);
  connect_tests (&builder, 2, 3, 0);
  graph = builder_end (&builder);
  layout = check (graph);
  g_assert_cmpfloat_with_epsilon (layout->y[0], layout->y[3], 0.01);
  g_assert_cmpfloat_with_epsilon (layout->y[1] + layout->y[2], 2 * layout->y[0], 0.01);
}

/* A, B and C wait for c, b and a: sweeps turn them round. */
static void
test_uncrossed (void)
{
  Builder builder = builder_new (6);
  g_autoptr (DagschedGtkLayoutGraph) graph = NULL;
  g_autoptr (GPtrArray) layouts = NULL;
  DagschedGtkLayout *last;

  /* The fourth edge makes them one part. */
  connect_tests (&builder, 0, 5, 0);
  connect_tests (&builder, 1, 4, 0);
  connect_tests (&builder, 2, 3, 0);
  connect_tests (&builder, 1, 3, 0);
  connect_tests (&builder, 1, 5, 0);
  graph = builder_end (&builder);
  layouts = lay_out (graph);
  g_assert_cmpuint (layouts->len, ==, 2);
  last = layouts->pdata[1];
  g_assert_true ((last->y[0] < last->y[2]) == (last->y[5] < last->y[3]));
  g_assert_true ((last->y[0] < last->y[1]) == (last->y[5] < last->y[4]));
}

static void
test_random (void)
{
  for (guint32 seed = 0; seed < 40; seed++)
    {
      g_autoptr (DagschedGtkLayoutGraph) graph =
        build_layered (20 + seed * 17, 1 + seed % 13, seed, 1 + seed % 6);
      g_autoptr (DagschedGtkLayout) layout = check (graph);

      g_assert_cmpuint (layout->n_tests, ==, graph->n_tests);
    }
}

/* The first layout comes soon, and the last is the best; all are the same each time. */
static void
test_deterministic (void)
{
  g_autoptr (DagschedGtkLayoutGraph) graph = build_layered (4000, 100, 7, 3);
  g_autoptr (GPtrArray) some = lay_out (graph);
  g_autoptr (GPtrArray) again = lay_out (graph);

  g_assert_cmpuint (some->len, ==, 3);
  g_assert_cmpuint (again->len, ==, 3);
  for (guint i = 0; i < 3; i++)
    {
      const DagschedGtkLayout *a = some->pdata[i], *b = again->pdata[i];

      g_assert_cmpuint (a->n_items, >, a->n_tests);
      g_assert_cmpmem (a->x, a->n_items * sizeof *a->x, b->x, b->n_items * sizeof *b->x);
      g_assert_cmpmem (a->y, a->n_items * sizeof *a->y, b->y, b->n_items * sizeof *b->y);
      g_assert_cmpmem (a->lanes, a->n_items * sizeof *a->lanes, b->lanes, b->n_items * sizeof *b->lanes);
    }
}

/* A fixture, its users, its cleanup, which waits for all of them. */
static void
test_fixture (void)
{
  Builder builder = builder_new (1002);
  g_autoptr (DagschedGtkLayoutGraph) graph = NULL;
  g_autoptr (DagschedGtkLayout) layout = NULL;

  for (guint32 i = 1; i <= 1000; i++)
    {
      connect_tests (&builder, 0, i, 0);
      connect_tests (&builder, i, 1001, 1);
    }
  connect_tests (&builder, 0, 1001, 1);
  graph = builder_end (&builder);
  layout = check (graph);
  /* A thousand in one layer stand in a block, not in a line. */
  g_assert_cmpfloat (layout->height, <, layout->width * 1.5);
  g_assert_cmpfloat (layout->width, <, layout->height * 4);
}

/* Not 26 million pixels wide and 48 high. */
static void
test_chain (void)
{
  Builder builder = builder_new (100000);
  g_autoptr (DagschedGtkLayoutGraph) graph = NULL;
  g_autoptr (DagschedGtkLayout) layout = NULL;

  for (guint32 i = 1; i < 100000; i++)
    connect_tests (&builder, i - 1, i, 0);
  graph = builder_end (&builder);
  layout = check (graph);
  g_assert_cmpfloat (layout->width, <, layout->height * 2.5);
  g_assert_cmpfloat (layout->height, <, layout->width * 1.5);
}

static void
test_flat (void)
{
  Builder builder = builder_new (5000);
  g_autoptr (DagschedGtkLayoutGraph) graph = builder_end (&builder);
  g_autoptr (DagschedGtkLayout) layout = check (graph);

  g_assert_cmpfloat (layout->width, <, layout->height * 2.5);
  g_assert_cmpfloat (layout->height, <, layout->width * 1.5);
}

/* A thousand pairs, a long chain, and tests alone: nothing is far away from the rest. */
static void
test_parts (void)
{
  Builder builder = builder_new (3300);
  g_autoptr (DagschedGtkLayoutGraph) graph = NULL;
  g_autoptr (DagschedGtkLayout) layout = NULL;

  for (guint32 i = 0; i < 2000; i += 2)
    connect_tests (&builder, i, i + 1, 0);
  for (guint32 i = 2001; i < 2300; i++)
    connect_tests (&builder, i - 1, i, 2);
  graph = builder_end (&builder);
  layout = check (graph);
  g_assert_cmpfloat (layout->width, <, layout->height * 3);
  g_assert_cmpfloat (layout->height, <, layout->width * 1.5);
}

/* A plan has none, but a log may come from anywhere. */
static void
test_cycle (void)
{
  Builder builder = builder_new (5);
  g_autoptr (DagschedGtkLayoutGraph) graph = NULL;
  g_autoptr (GPtrArray) layouts = NULL;

  connect_tests (&builder, 0, 1, 0);
  connect_tests (&builder, 1, 2, 0);
  connect_tests (&builder, 2, 0, 0);
  connect_tests (&builder, 3, 3, 0);
  connect_tests (&builder, 2, 4, 0);
  graph = builder_end (&builder);
  layouts = lay_out (graph);
  for (guint i = 0; i < layouts->len; i++)
    {
      check_inside (layouts->pdata[i]);
      check_no_overlaps (layouts->pdata[i]);
    }
}

static void
check_milliseconds (const char *what, gint64 since, guint most)
{
  double milliseconds = (g_get_monotonic_time () - since) / 1000.0;

  g_test_message ("%s: %.0f ms", what, milliseconds);
  g_assert_cmpfloat (milliseconds, <, most);
}

typedef struct
{
  gint64 start;
  guint n;
} Clocked;

static void
on_clocked (DagschedGtkLayout *layout, gboolean more, gpointer user_data)
{
  Clocked *clocked = user_data;

  /* Ten times what it takes on a machine that does nothing else. */
  check_milliseconds (more ? "a layout" : "the last layout", clocked->start, more ? 10000 : 25000);
  clocked->n++;
  dagsched_gtk_layout_unref (layout);
}

static void
test_large (void)
{
  g_autoptr (DagschedGtkLayoutGraph) graph = build_layered (100000, 1000, 3, 1);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Clocked clocked = { .start = g_get_monotonic_time () };

  dagsched_gtk_layout_make (graph, cancellable, on_clocked, &clocked);
  g_assert_cmpuint (clocked.n, ==, 3);
}

/* No more bends than memory bears, however far the edges go. */
static void
test_long_edges (void)
{
  Builder builder = builder_new (5000);
  g_autoptr (DagschedGtkLayoutGraph) graph = NULL;
  g_autoptr (DagschedGtkLayout) layout = NULL;

  for (guint32 i = 1; i < 5000; i++)
    {
      connect_tests (&builder, i - 1, i, 0);
      if (i > 1000)
        connect_tests (&builder, i - 1000, i, 1);
    }
  graph = builder_end (&builder);
  layout = check (graph);
  g_assert_cmpuint (layout->n_items, ==, layout->n_tests);
}

typedef struct
{
  GCancellable *cancellable;
  guint n_ready;
  gboolean ended;
  GThread *thread;
} Asked;

static void
on_ready (DagschedGtkLayout *layout, gboolean more, gpointer user_data)
{
  Asked *asked = user_data;

  g_assert_true (g_thread_self () == asked->thread);
  asked->n_ready++;
  if (asked->cancellable != NULL)
    g_cancellable_cancel (asked->cancellable);
  dagsched_gtk_layout_unref (layout);
}

static void
on_end (gpointer user_data)
{
  ((Asked *) user_data)->ended = TRUE;
}

static void
test_thread (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Asked asked = { .thread = g_thread_self () };

  dagsched_gtk_layout_make_async (build_layered (4000, 100, 7, 3), cancellable, on_ready, &asked, on_end);
  while (!asked.ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (asked.n_ready, ==, 3);

  /* Nothing comes after it was cancelled, not even what is on its way. */
  asked = (Asked){ .thread = g_thread_self (), .cancellable = cancellable };
  dagsched_gtk_layout_make_async (build_layered (4000, 100, 7, 3), cancellable, on_ready, &asked, on_end);
  while (!asked.ended)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (asked.n_ready, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/layout/empty", test_empty);
  g_test_add_func ("/layout/single", test_single);
  g_test_add_func ("/layout/diamond", test_diamond);
  g_test_add_func ("/layout/uncrossed", test_uncrossed);
  g_test_add_func ("/layout/random", test_random);
  g_test_add_func ("/layout/deterministic", test_deterministic);
  g_test_add_func ("/layout/fixture", test_fixture);
  g_test_add_func ("/layout/chain", test_chain);
  g_test_add_func ("/layout/flat", test_flat);
  g_test_add_func ("/layout/parts", test_parts);
  g_test_add_func ("/layout/cycle", test_cycle);
  g_test_add_func ("/layout/large", test_large);
  g_test_add_func ("/layout/long-edges", test_long_edges);
  g_test_add_func ("/layout/thread", test_thread);

  return g_test_run ();
}
