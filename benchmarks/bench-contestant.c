/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-contestant.h"

#include <string.h>

#include "bench-check.h"

const BenchContestant *const *
bench_rivals_list (void)
{
  static const BenchContestant *const rivals[] = {
#ifdef BENCH_HAVE_ONETBB
    &bench_onetbb,
#endif
    &bench_gthreadpool,
    &bench_polling,
    NULL,
  };

  return rivals;
}

const BenchContestant *
bench_rivals_find (const char *name)
{
  for (const BenchContestant *const *rival = bench_rivals_list (); *rival != NULL; rival++)
    {
      if (strcmp ((*rival)->name, name) == 0)
        return *rival;
    }

  return NULL;
}

BenchShape *
bench_contestant_fit_shape (const BenchContestant *contestant, const BenchShape *shape)
{
  guint32 n_tests = shape->n_tests;

  if (contestant->max_depth != 0)
    n_tests = bench_shape_count_up_to_depth (shape, contestant->max_depth);
  if (contestant->max_tests != 0)
    n_tests = MIN (n_tests, contestant->max_tests);

  return bench_shape_new (shape->kind, n_tests);
}

gboolean
bench_contestant_check (const BenchContestant *contestant, const BenchSetup *setup, GError **error)
{
  g_autoptr (BenchCheck) check = bench_check_new (setup->shape);
  BenchSetup checked = *setup;
  gpointer self;

  checked.body = bench_check_visit;
  checked.body_data = check;
  self = contestant->prepare (&checked);
  contestant->run (self);
  contestant->free (self);

  return bench_check_end (check, contestant->name, error);
}
