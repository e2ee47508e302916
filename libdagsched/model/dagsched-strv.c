/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-strv-private.h"

static const char *const empty[] = { NULL };

char **
dagsched_strv_intern (const char *const *strv)
{
  gsize n = strv != NULL ? g_strv_length ((char **) strv) : 0;
  char **copy;

  if (n == 0)
    return NULL;

  copy = g_new (char *, n + 1);
  for (gsize i = 0; i < n; i++)
    copy[i] = g_ref_string_new_intern (strv[i]);
  copy[n] = NULL;

  return copy;
}

void
dagsched_strv_release (char **strv)
{
  if (strv == NULL)
    return;

  for (char **string = strv; *string != NULL; string++)
    g_ref_string_release (*string);
  g_free (strv);
}

gboolean
dagsched_strv_equal (const char *const *a, const char *const *b)
{
  return g_strv_equal (a != NULL ? a : empty, b != NULL ? b : empty);
}

const char *const *
dagsched_strv_peek (char **strv)
{
  return strv != NULL ? (const char *const *) strv : empty;
}
