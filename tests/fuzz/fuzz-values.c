/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "executor/dagsched-fixture-values-private.h"

/* What a fixture wrote to $DAGSCHED_ENV. */

FUZZ_READER (values)
{
  g_autofree char *alone = g_memdup2 (data, MAX (size, 1));
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) values = dagsched_fixture_values_parse (alone, size, &error);
  g_auto (GStrv) again = NULL;
  g_autofree char *joined = NULL;

  fuzz_check_error (values != NULL, error);
  if (values == NULL)
    return 0;

  for (guint i = 0; values[i] != NULL; i++)
    g_assert_true (strchr (values[i], '=') > values[i] && strchr (values[i], '\n') == NULL);
  joined = g_strjoinv ("\n", values);
  again = dagsched_fixture_values_parse (joined, strlen (joined), &error);
  g_assert_no_error (error);
  g_assert_true (g_strv_equal ((const char *const *) values, (const char *const *) again));
  return 0;
}
