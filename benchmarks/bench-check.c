/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-check.h"

#include "bench-error.h"

BenchCheck *
bench_check_new (const BenchShape *shape)
{
  BenchCheck *self = g_new0 (BenchCheck, 1);

  self->shape = shape;
  self->n_visits = g_new0 (int, shape->n_tests + 1);

  return self;
}

void
bench_check_free (BenchCheck *self)
{
  g_free (self->n_visits);
  g_free (self);
}

void
bench_check_visit (gpointer data, guint32 test)
{
  BenchCheck *self = data;
  const BenchAdjacency *dependencies = &self->shape->dependencies;

  for (guint32 i = dependencies->first[test]; i < dependencies->first[test + 1]; i++)
    {
      if (g_atomic_int_get (&self->n_visits[dependencies->list[i]]) == 0)
        g_atomic_int_inc (&self->n_early);
    }
  g_atomic_int_inc (&self->n_visits[test]);
}

gboolean
bench_check_end (BenchCheck *self, const char *contestant, GError **error)
{
  guint32 n_missed = 0;
  guint32 n_repeated = 0;
  int n_early = g_atomic_int_get (&self->n_early);

  for (guint32 i = 0; i < self->shape->n_tests; i++)
    {
      int n_visits = g_atomic_int_get (&self->n_visits[i]);

      n_missed += n_visits == 0;
      n_repeated += n_visits > 1;
    }
  if (n_missed == 0 && n_repeated == 0 && n_early == 0)
    return TRUE;

  g_set_error (
    error, BENCH_ERROR, BENCH_ERROR_WRONG,
    "%s: of %u tests %u did not run, %u ran more than once, and %d dependencies were not waited for",
    contestant, self->shape->n_tests, n_missed, n_repeated, n_early);
  return FALSE;
}
