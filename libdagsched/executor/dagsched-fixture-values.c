/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-fixture-values-private.h"

#include <string.h>

#include "base/dagsched-error.h"

#define MAX_VALUES 1000
#define SHOWN_MAX 40

static gboolean
is_name (const char *text, gsize length)
{
  if (length == 0 || g_ascii_isdigit (text[0]))
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (text[i]) && text[i] != '_')
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_line (const char *line, gsize length, guint number, GError **error)
{
  const char *equals = memchr (line, '=', length);
  g_autofree char *shown = NULL;

  if (memchr (line, '\0', length) == NULL && equals != NULL && is_name (line, (gsize) (equals - line)))
    return TRUE;

  shown = g_utf8_make_valid (line, (gssize) MIN (length, SHOWN_MAX));
  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE,
               "$DAGSCHED_ENV: line %u is not NAME=value: \"%s%s\"", number, shown,
               length > SHOWN_MAX ? "…" : "");
  return FALSE;
}

char **
dagsched_fixture_values_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  const char *end = text + length;

  for (guint number = 1; text < end; number++)
    {
      const char *newline = memchr (text, '\n', (gsize) (end - text));
      gsize line_length = (gsize) ((newline != NULL ? newline : end) - text);

      if (line_length > 0 && text[0] != '#')
        {
          if (!check_line (text, line_length, number, error))
            return NULL;
          if (values->len == MAX_VALUES)
            {
              g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE,
                           "$DAGSCHED_ENV: line %u: more than %u values", number, MAX_VALUES);
              return NULL;
            }
          g_ptr_array_add (values, g_strndup (text, line_length));
        }
      text += line_length + 1;
    }
  g_ptr_array_add (values, NULL);

  return (char **) g_ptr_array_free (g_steal_pointer (&values), FALSE);
}
