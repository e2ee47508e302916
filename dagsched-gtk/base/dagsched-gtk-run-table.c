/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-run-table-private.h"

enum
{
  CHANGED,
  RESET,
  N_SIGNALS
};

static guint signals[N_SIGNALS];
static GQuark quark_table;

G_DEFINE_FINAL_TYPE (DagschedGtkRunTable, dagsched_gtk_run_table, G_TYPE_OBJECT)

static void
clear_arrays (DagschedGtkRunTable *self)
{
  for (guint i = 0; i < self->n_tests; i++)
    g_object_unref (self->tests[i]);
  self->n_tests = 0;
  g_clear_pointer (&self->tests, g_free);
  g_clear_pointer (&self->looks, g_free);
  g_clear_pointer (&self->flags, g_free);
  g_clear_pointer (&self->first_dependency, g_free);
  g_clear_pointer (&self->dependencies, g_free);
  g_clear_pointer (&self->conditions, g_free);
  g_clear_pointer (&self->first_dependent, g_free);
  g_clear_pointer (&self->dependents, g_free);
}

static void
fill_dependencies (DagschedGtkRunTable *self)
{
  guint32 n_edges = 0;

  self->first_dependency = g_new0 (guint32, self->n_tests + 1);
  for (guint i = 0; i < self->n_tests; i++)
    {
      n_edges += dagsched_run_get_n_dependencies (self->run, i);
      self->first_dependency[i + 1] = n_edges;
    }

  self->dependencies = g_new (guint32, n_edges);
  self->conditions = g_new (guint8, n_edges);
  for (guint i = 0; i < self->n_tests; i++)
    {
      guint32 first = self->first_dependency[i];

      for (guint32 edge = first; edge < self->first_dependency[i + 1]; edge++)
        {
          DagschedCondition condition;

          self->dependencies[edge] = dagsched_run_get_dependency (self->run, i, edge - first, &condition);
          self->conditions[edge] = condition;
        }
    }
}

static void
fill_dependents (DagschedGtkRunTable *self)
{
  guint32 n_edges = self->first_dependency[self->n_tests];
  g_autofree guint32 *next = NULL;

  self->first_dependent = g_new0 (guint32, self->n_tests + 1);
  for (guint32 edge = 0; edge < n_edges; edge++)
    self->first_dependent[self->dependencies[edge] + 1]++;
  for (guint i = 0; i < self->n_tests; i++)
    self->first_dependent[i + 1] += self->first_dependent[i];

  self->dependents = g_new (guint32, n_edges);
  next = g_memdup2 (self->first_dependent, (self->n_tests + 1) * sizeof *next);
  for (guint i = 0; i < self->n_tests; i++)
    for (guint32 edge = self->first_dependency[i]; edge < self->first_dependency[i + 1]; edge++)
      self->dependents[next[self->dependencies[edge]]++] = i;
}

static void
look_at (DagschedGtkRunTable *self, guint number)
{
  DagschedTest *test = self->tests[number];

  self->looks[number] =
    dagsched_gtk_look_of (dagsched_test_get_state (test), dagsched_test_get_outcome (test));
  self->flags[number] = dagsched_test_get_flags (test);
}

static void
count_looks (DagschedGtkRunTable *self)
{
  memset (self->n_with_look, 0, sizeof self->n_with_look);
  for (guint i = 0; i < self->n_tests; i++)
    self->n_with_look[self->looks[i]]++;
}

static void
fill (DagschedGtkRunTable *self)
{
  clear_arrays (self);
  self->n_tests = self->model != NULL ? g_list_model_get_n_items (self->model) : 0;
  self->tests = g_new (DagschedTest *, self->n_tests);
  self->looks = g_new (guint8, self->n_tests);
  self->flags = g_new (guint8, self->n_tests);
  for (guint i = 0; i < self->n_tests; i++)
    {
      self->tests[i] = g_list_model_get_item (self->model, i);
      look_at (self, i);
    }
  count_looks (self);
  fill_dependencies (self);
  fill_dependents (self);
}

static guint
count_finished (DagschedGtkRunTable *self)
{
  guint n = self->n_tests;

  for (guint i = 0; i < DAGSCHED_GTK_LOOK_PASSED; i++)
    n -= self->n_with_look[i];
  return n;
}

/* Whoever keeps what it has seen, as attempts that took place, must forget it when tests that had finished have
 * not any more. */
static void
on_tests_changed (DagschedGtkRunTable *self, GArray *numbers)
{
  guint n_finished = count_finished (self);

  for (guint i = 0; i < numbers->len; i++)
    {
      guint32 number = g_array_index (numbers, guint32, i);

      if (number >= self->n_tests)
        continue;
      self->n_with_look[self->looks[number]]--;
      look_at (self, number);
      self->n_with_look[self->looks[number]]++;
    }

  if (count_finished (self) < n_finished)
    g_signal_emit (self, signals[RESET], 0);
  else
    g_signal_emit (self, signals[CHANGED], 0, numbers);
}

static void
on_items_changed (DagschedGtkRunTable *self)
{
  fill (self);
  g_signal_emit (self, signals[RESET], 0);
}

static void
on_model_changed (DagschedGtkRunTable *self)
{
  GListModel *model = dagsched_run_get_tests (self->run);

  if (self->model == model)
    return;

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, on_items_changed, self);
  g_set_object (&self->model, model);
  if (model != NULL)
    g_signal_connect_object (model, "items-changed", G_CALLBACK (on_items_changed), self, G_CONNECT_SWAPPED);
  on_items_changed (self);
}

static void
dagsched_gtk_run_table_dispose (GObject *object)
{
  DagschedGtkRunTable *self = DAGSCHED_GTK_RUN_TABLE (object);

  clear_arrays (self);
  g_clear_object (&self->model);
  if (self->run != NULL)
    g_object_set_qdata (G_OBJECT (self->run), quark_table, NULL);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (dagsched_gtk_run_table_parent_class)->dispose (object);
}

static void
dagsched_gtk_run_table_class_init (DagschedGtkRunTableClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_run_table_dispose;

  quark_table = g_quark_from_static_string ("dagsched-gtk-run-table");
  signals[CHANGED] = g_signal_new ("changed", DAGSCHED_GTK_TYPE_RUN_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_ARRAY);
  signals[RESET] = g_signal_new ("reset", DAGSCHED_GTK_TYPE_RUN_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
dagsched_gtk_run_table_init (DagschedGtkRunTable *self)
{
}

DagschedGtkRunTable *
dagsched_gtk_run_table_get (DagschedRun *run)
{
  DagschedGtkRunTable *self;

  g_assert (DAGSCHED_IS_RUN (run));

  g_type_ensure (DAGSCHED_GTK_TYPE_RUN_TABLE);
  self = quark_table != 0 ? g_object_get_qdata (G_OBJECT (run), quark_table) : NULL;
  if (self != NULL)
    return g_object_ref (self);

  self = g_object_new (DAGSCHED_GTK_TYPE_RUN_TABLE, NULL);
  self->run = g_object_ref (run);
  g_object_set_qdata (G_OBJECT (run), quark_table, self);
  g_signal_connect_object (run, "tests-changed", G_CALLBACK (on_tests_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "notify::tests", G_CALLBACK (on_model_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "notify::n-tests", G_CALLBACK (on_model_changed), self, G_CONNECT_SWAPPED);
  on_model_changed (self);
  if (self->tests == NULL)
    fill (self);
  return self;
}

double
dagsched_gtk_run_table_get_expected_duration (DagschedGtkRunTable *self, guint number)
{
  double seconds;

  g_assert (number < self->n_tests);

  seconds = dagsched_test_get_expected_duration (self->tests[number]);
  if (!(seconds > 0))
    seconds = dagsched_test_get_weight (self->tests[number]);
  return seconds > 0 ? seconds : 1.0;
}
