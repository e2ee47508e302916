/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/dagsched-large-private.h"

#define N_ARRAYS 40

static gboolean
is_zero (const char *array, gsize bytes)
{
  for (gsize i = 0; i < bytes; i++)
    {
      if (array[i] != 0)
        return FALSE;
    }

  return TRUE;
}

/* Of the sizes around those at which something changes. */
static void
test_new (void)
{
  const gsize sizes[] = {
    0, 1, 4095, 4096, (1 << 20) - 1, 1 << 20, (2 << 20) - 1, 2 << 20, (2 << 20) + 1, (5 << 20) + 12
  };

  for (guint i = 0; i < N_ARRAYS; i++)
    {
      gsize bytes = sizes[i % G_N_ELEMENTS (sizes)];
      char *array = dagsched_large_new (bytes, 1);

      g_assert_cmpuint ((guintptr) array % DAGSCHED_CACHE_LINE, ==, 0);
      g_assert_true (is_zero (array, bytes));
      memset (array, 1, bytes);
      dagsched_large_free (array);
    }
  dagsched_large_free (NULL);
}

static void
test_mapped (void)
{
  gsize before = dagsched_large_get_mapped_bytes ();
  guint64 *small = dagsched_large_new (1000, sizeof *small);
  gsize of_small = dagsched_large_get_mapped_bytes () - before;
  guint64 *large = dagsched_large_new (1000000, sizeof *large);
  gsize of_large = dagsched_large_get_mapped_bytes () - before;

  g_assert_cmpuint (of_small, ==, 0);
  g_assert_cmpuint (of_large, >=, 1000000 * sizeof *large);
  g_assert_cmpuint (of_large, <, 1000000 * sizeof *large + (1 << 20) + 128 * 1024);
  dagsched_large_free (large);
  dagsched_large_free (small);
  g_assert_cmpuint (dagsched_large_get_mapped_bytes (), ==, before);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/large/new", test_new);
  g_test_add_func ("/large/mapped", test_mapped);

  return g_test_run ();
}
