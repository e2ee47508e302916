/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Random graphs, of the kinds that suites and builds are made of. Durations are log-normal: a few tests
 * take most of the time. */
#include "bench-instance.h"

#include <math.h>

#include "bench-clock.h"

/* Of the logarithm of a duration: half of them are between a half and twice the median, or between a
 * third and three times it. */
#define SPREAD 1.0
#define WIDE_SPREAD 1.6

static double
random_normal (GRand *rand)
{
  double radius = sqrt (-2 * log (1 - g_rand_double (rand)));

  return radius * cos (2 * G_PI * g_rand_double (rand));
}

static guint32
add (BenchInstance *self, GRand *rand, double spread)
{
  double seconds = exp (spread * random_normal (rand));

  return bench_instance_add (self, (gint64) (CLAMP (seconds, 0.001, 1000) * BENCH_NS_PER_SECOND));
}

/* Up to N different numbers in [BEGIN, END). */
static void
depend_on_some (BenchInstance *self, GRand *rand, guint32 dependent, guint n, guint32 begin, guint32 end)
{
  guint32 chosen[3];

  g_assert (n <= G_N_ELEMENTS (chosen));
  for (guint i = 0; i < n; i++)
    {
      gboolean is_new = TRUE;

      chosen[i] = g_rand_int_range (rand, begin, end);
      for (guint j = 0; j < i; j++)
        is_new = is_new && chosen[j] != chosen[i];
      if (is_new)
        bench_instance_depend (self, dependent, chosen[i]);
    }
}

/* Each test depends on one to three of the layer above. */
static void
make_layered (BenchInstance *self, GRand *rand, guint n_tests)
{
  guint max_width = MAX (2, 2 * (guint) sqrt (n_tests));
  guint32 above = 0, layer = 0;

  while (layer < n_tests)
    {
      guint width = g_rand_int_range (rand, 1, max_width + 1);

      width = MIN (width, n_tests - layer);
      for (guint32 i = layer; i < layer + width; i++)
        {
          add (self, rand, SPREAD);
          if (layer > 0)
            depend_on_some (self, rand, i, g_rand_int_range (rand, 1, 4), above, layer);
        }
      above = layer;
      layer += width;
    }
}

/* One after the other: single tests, and forks whose branches are made in the same way and joined by a
 * test. Returns the last test. */
static guint32
add_series (BenchInstance *self, GRand *rand, guint n_tests, guint32 entry)
{
  while (n_tests > 0)
    {
      guint n_branches = g_rand_int_range (rand, 2, 9);
      guint n_inside = n_tests > 1 ? g_rand_int_range (rand, 0, n_tests) : 0;
      guint32 join;

      if (n_inside < n_branches)
        n_branches = n_inside = 0;
      join = add (self, rand, SPREAD);
      if (n_branches == 0)
        bench_instance_depend (self, join, entry);
      for (guint i = 0; i < n_branches; i++)
        {
          guint share = n_inside / n_branches + (i < n_inside % n_branches);

          bench_instance_depend (self, join, add_series (self, rand, share, entry));
        }
      entry = join;
      n_tests -= n_inside + 1;
    }

  return entry;
}

static void
make_fork_join (BenchInstance *self, GRand *rand, guint n_tests)
{
  add_series (self, rand, n_tests - 1, add (self, rand, SPREAD));
}

/* A suite: most tests need something that few tests set up, the others need nothing. */
static void
make_fan (BenchInstance *self, GRand *rand, guint n_tests)
{
  guint n_roots = 1 + n_tests / 100;

  for (guint32 i = 0; i < n_tests; i++)
    {
      add (self, rand, WIDE_SPREAD);
      if (i >= n_roots && g_rand_double (rand) < 0.7)
        bench_instance_depend (self, i, g_rand_int_range (rand, 0, n_roots));
    }
}

/* Each test depends on one of the fifty before it. */
static void
make_out_tree (BenchInstance *self, GRand *rand, guint n_tests)
{
  for (guint32 i = 0; i < n_tests; i++)
    {
      add (self, rand, SPREAD);
      if (i > 0)
        bench_instance_depend (self, i, g_rand_int_range (rand, i < 50 ? 0 : i - 50, i));
    }
}

/* No dependencies. Most tests are short ones that need one of up to four things, or two of them. */
static void
make_shared (BenchInstance *self, GRand *rand, guint n_tests)
{
  guint n_things = g_rand_int_range (rand, 1, 5);

  for (guint32 i = 0; i < n_tests; i++)
    {
      guint32 number = add (self, rand, SPREAD);
      BenchTask *task = &g_array_index (self->tasks, BenchTask, number);

      if (g_rand_int_range (rand, 0, 3) == 0)
        continue;
      task->duration_ns /= 3;
      task->needs = 1 << g_rand_int_range (rand, 0, n_things);
      if (g_rand_int_range (rand, 0, 5) == 0)
        task->needs |= 1 << g_rand_int_range (rand, 0, n_things);
    }
}

static const struct
{
  const char *name;
  void (*make) (BenchInstance *self, GRand *rand, guint n_tests);
} families[] = {
  { "layered", make_layered },   { "fork_join", make_fork_join }, { "fan", make_fan },
  { "out_tree", make_out_tree }, { "shared", make_shared },
};

guint
bench_families_count (void)
{
  return G_N_ELEMENTS (families);
}

BenchInstance *
bench_families_create (guint family, guint n_tests, guint32 seed)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  BenchInstance *self = bench_instance_new (families[family].name);

  families[family].make (self, rand, n_tests);
  g_assert (self->tasks->len == n_tests);

  return self;
}

BenchInstance *
bench_contention_create (guint n_tests)
{
  static const guint8 kinds[] = { 1, 2, 4, 8, 16, 3, 6, 12, 24, 17, 7, 28 };
  BenchInstance *self = bench_instance_new ("contention");

  for (guint32 i = 0; i < n_tests; i++)
    {
      guint32 task = bench_instance_add (self, BENCH_NS_PER_MS);

      g_array_index (self->tasks, BenchTask, task).needs =
        kinds[(guint64) i * G_N_ELEMENTS (kinds) / n_tests];
    }

  return self;
}
