/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-instance.h"

#include "bench-clock.h"

BenchInstance *
bench_instance_new (const char *name)
{
  BenchInstance *self = g_new0 (BenchInstance, 1);

  self->name = g_strdup (name);
  self->tasks = g_array_new (FALSE, FALSE, sizeof (BenchTask));
  self->edges = g_array_new (FALSE, FALSE, sizeof (BenchEdge));

  return self;
}

void
bench_instance_free (BenchInstance *self)
{
  g_free (self->name);
  g_array_unref (self->tasks);
  g_array_unref (self->edges);
  g_free (self);
}

guint32
bench_instance_add (BenchInstance *self, gint64 duration_ns)
{
  BenchTask task = { .duration_ns = duration_ns, .slots = 1 };

  g_array_append_val (self->tasks, task);
  return self->tasks->len - 1;
}

void
bench_instance_depend (BenchInstance *self, guint32 dependent, guint32 dependency)
{
  BenchEdge edge = { .dependency = dependency, .dependent = dependent };

  g_array_append_val (self->edges, edge);
}

static const BenchTask *
get_task (const BenchInstance *self, guint32 number)
{
  return &g_array_index (self->tasks, BenchTask, number);
}

static const BenchEdge *
get_edge (const BenchInstance *self, guint number)
{
  return &g_array_index (self->edges, BenchEdge, number);
}

/* Where the edges of each dependency begin in what is returned: their numbers. */
static guint32 *
index_edges (const BenchInstance *self, guint32 *first)
{
  guint32 *edges = g_new (guint32, self->edges->len + 1);
  g_autofree guint32 *next = NULL;

  for (guint i = 0; i < self->edges->len; i++)
    first[get_edge (self, i)->dependency + 1]++;
  for (guint32 i = 0; i < self->tasks->len; i++)
    first[i + 1] += first[i];

  next = g_memdup2 (first, (self->tasks->len + 1) * sizeof *first);
  for (guint i = 0; i < self->edges->len; i++)
    edges[next[get_edge (self, i)->dependency]++] = i;

  return edges;
}

/* Not asked of the plan: the plan is what is measured. */
static gint64
find_critical_path (const BenchInstance *self)
{
  guint32 n_tasks = self->tasks->len, n_queued = 0, n_done = 0;
  g_autofree guint32 *first = g_new0 (guint32, n_tasks + 1);
  g_autofree guint32 *edges = index_edges (self, first);
  g_autofree guint32 *n_left = g_new0 (guint32, n_tasks + 1);
  g_autofree guint32 *queue = g_new (guint32, n_tasks + 1);
  g_autofree gint64 *start_ns = g_new0 (gint64, n_tasks + 1);
  gint64 longest = 0;

  for (guint i = 0; i < self->edges->len; i++)
    n_left[get_edge (self, i)->dependent]++;
  for (guint32 i = 0; i < n_tasks; i++)
    {
      if (n_left[i] == 0)
        queue[n_queued++] = i;
    }

  while (n_done < n_queued)
    {
      guint32 task = queue[n_done++];
      gint64 end_ns = start_ns[task] + get_task (self, task)->duration_ns;

      longest = MAX (longest, end_ns);
      for (guint i = first[task]; i < first[task + 1]; i++)
        {
          guint32 dependent = get_edge (self, edges[i])->dependent;

          start_ns[dependent] = MAX (start_ns[dependent], end_ns);
          if (--n_left[dependent] == 0)
            queue[n_queued++] = dependent;
        }
    }
  g_assert (n_done == n_tasks);

  return longest;
}

gint64
bench_instance_get_bound_ns (const BenchInstance *self, guint workers)
{
  gint64 loads[BENCH_N_RESOURCES] = { 0 };
  gint64 work = 0, bound = find_critical_path (self);

  for (guint32 i = 0; i < self->tasks->len; i++)
    {
      const BenchTask *task = get_task (self, i);

      work += task->duration_ns * MIN (task->slots, workers);
      for (guint j = 0; j < BENCH_N_RESOURCES; j++)
        loads[j] += task->needs >> j & 1 ? task->duration_ns : 0;
    }

  bound = MAX (bound, (work + workers - 1) / workers);
  for (guint i = 0; i < BENCH_N_RESOURCES; i++)
    bound = MAX (bound, loads[i]);

  return bound;
}

static void
add_resources (const BenchInstance *self, DagschedGraph *graph)
{
  guint32 needed = 0;

  for (guint32 i = 0; i < self->tasks->len; i++)
    needed |= get_task (self, i)->needs;

  for (guint i = 0; i < BENCH_N_RESOURCES; i++)
    {
      g_autofree char *name = g_strdup_printf ("resource-%u", i);
      g_autoptr (DagschedResource) resource = dagsched_resource_new (name, 1);

      if (needed >> i & 1 && !dagsched_graph_add_resource (graph, resource, NULL))
        g_assert_not_reached ();
    }
}

static DagschedTest *
create_test (const BenchTask *task, guint32 number)
{
  static const char *const argv[] = { "not-run", NULL };
  g_autofree char *name = g_strdup_printf ("%u", number);
  DagschedTest *test = DAGSCHED_TEST (dagsched_command_test_new (name, argv));

  dagsched_test_set_weight (test, (double) task->duration_ns / BENCH_NS_PER_SECOND);
  dagsched_test_set_timeout (test, 0);
  dagsched_test_set_slots (test, task->slots);
  for (guint i = 0; i < BENCH_N_RESOURCES; i++)
    {
      g_autofree char *resource = g_strdup_printf ("resource-%u", i);

      if (task->needs >> i & 1)
        dagsched_test_set_requirement (test, resource, 1);
    }

  return test;
}

DagschedGraph *
bench_instance_create_graph (const BenchInstance *self)
{
  DagschedGraph *graph = dagsched_graph_new (self->name);
  g_autoptr (GPtrArray) tests = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;
  gboolean added = TRUE;

  add_resources (self, graph);
  for (guint32 i = 0; i < self->tasks->len; i++)
    {
      g_ptr_array_add (tests, create_test (get_task (self, i), i));
      added = added && dagsched_graph_add_test (graph, tests->pdata[i], &error);
    }
  for (guint i = 0; i < self->edges->len; i++)
    {
      const BenchEdge *edge = get_edge (self, i);

      added = added && dagsched_graph_add_dependency (graph, tests->pdata[edge->dependent],
                                                      tests->pdata[edge->dependency],
                                                      DAGSCHED_CONDITION_ALWAYS, &error);
    }
  if (!added)
    g_error ("%s", error->message);

  return graph;
}
