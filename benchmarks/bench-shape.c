/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-shape.h"

#include <string.h>

#define LAYER_WIDTH 1000
#define MAX_DEPENDENCIES 3

static const char *const kind_names[BENCH_N_SHAPES] = {
  [BENCH_SHAPE_CHAIN] = "chain",
  [BENCH_SHAPE_INDEPENDENT] = "independent",
  [BENCH_SHAPE_BINTREE] = "bintree",
  [BENCH_SHAPE_LAYERED] = "layered",
};

const char *
bench_shape_kind_to_string (BenchShapeKind kind)
{
  g_assert (kind <= BENCH_N_SHAPES);
  if (kind == BENCH_N_SHAPES)
    return "all";

  return kind_names[kind];
}

gboolean
bench_shape_kind_from_string (const char *string, BenchShapeKind *kind)
{
  for (guint i = 0; i < BENCH_N_SHAPES; i++)
    {
      if (strcmp (kind_names[i], string) == 0)
        {
          *kind = i;
          return TRUE;
        }
    }

  return FALSE;
}

/* Three different ones of the layer above: the one straight above, and two that are far from it, so
 * that the graph doesn't fall into independent columns. */
static guint
list_layered (guint32 test, guint32 dependencies[MAX_DEPENDENCIES])
{
  guint32 above = (test / LAYER_WIDTH - 1) * LAYER_WIDTH;
  guint32 column = test % LAYER_WIDTH;
  guint32 step = 1 + (test * 7919U) % (LAYER_WIDTH / 2 - 1);

  if (test < LAYER_WIDTH)
    return 0;

  for (guint i = 0; i < MAX_DEPENDENCIES; i++)
    dependencies[i] = above + (column + i * step) % LAYER_WIDTH;
  return MAX_DEPENDENCIES;
}

static guint
list_dependencies (BenchShapeKind kind, guint32 test, guint32 dependencies[MAX_DEPENDENCIES])
{
  switch (kind)
    {
    case BENCH_SHAPE_CHAIN:
      dependencies[0] = test - 1;
      return test > 0 ? 1 : 0;
    case BENCH_SHAPE_BINTREE:
      dependencies[0] = (test - 1) / 2;
      return test > 0 ? 1 : 0;
    case BENCH_SHAPE_LAYERED:
      return list_layered (test, dependencies);
    case BENCH_SHAPE_INDEPENDENT:
      return 0;
    case BENCH_N_SHAPES:
    default:
      g_assert_not_reached ();
    }
}

static void
invert (BenchShape *self)
{
  const BenchAdjacency *from = &self->dependencies;
  BenchAdjacency *to = &self->dependents;
  g_autofree guint32 *filled = g_new0 (guint32, self->n_tests + 1);

  to->first = g_new0 (guint32, self->n_tests + 1);
  to->list = g_new (guint32, self->n_dependencies);
  for (guint32 i = 0; i < self->n_dependencies; i++)
    to->first[from->list[i] + 1]++;
  for (guint32 i = 0; i < self->n_tests; i++)
    to->first[i + 1] += to->first[i];

  for (guint32 i = 0; i < self->n_tests; i++)
    {
      for (guint32 j = from->first[i]; j < from->first[i + 1]; j++)
        {
          guint32 dependency = from->list[j];

          to->list[to->first[dependency] + filled[dependency]++] = i;
        }
    }
}

BenchShape *
bench_shape_new (BenchShapeKind kind, guint32 n_tests)
{
  BenchShape *self = g_new0 (BenchShape, 1);
  guint32 *list = g_new (guint32, (gsize) n_tests * MAX_DEPENDENCIES + 1);

  self->kind = kind;
  self->n_tests = n_tests;
  self->dependencies.first = g_new (guint32, n_tests + 1);
  for (guint32 i = 0; i < n_tests; i++)
    {
      self->dependencies.first[i] = self->n_dependencies;
      self->n_dependencies += list_dependencies (kind, i, list + self->n_dependencies);
    }
  self->dependencies.first[n_tests] = self->n_dependencies;
  self->dependencies.list = g_renew (guint32, list, self->n_dependencies + 1);
  invert (self);

  return self;
}

void
bench_shape_free (BenchShape *self)
{
  g_free (self->dependencies.first);
  g_free (self->dependencies.list);
  g_free (self->dependents.first);
  g_free (self->dependents.list);
  g_free (self);
}

guint32
bench_shape_count_up_to_depth (const BenchShape *self, guint32 max_depth)
{
  g_autofree guint32 *depths = g_new0 (guint32, self->n_tests + 1);

  for (guint32 i = 0; i < self->n_tests; i++)
    {
      for (guint32 j = self->dependencies.first[i]; j < self->dependencies.first[i + 1]; j++)
        depths[i] = MAX (depths[i], depths[self->dependencies.list[j]]);
      if (++depths[i] > max_depth)
        return i;
    }

  return self->n_tests;
}
