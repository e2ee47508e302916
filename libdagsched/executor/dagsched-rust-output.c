/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-rust-output-private.h"

#include <string.h>

void
dagsched_rust_output_clear (DagschedRustOutput *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->failed); i++)
    g_clear_pointer (&self->failed[i], g_free);
  g_clear_pointer (&self->error, g_free);
}

static gboolean
is_result (const char *text, const char *word)
{
  gsize length = strlen (word);

  /* "ignored, reason", "ok <0.001s>", "FAILED (time limit exceeded)" */
  return strncmp (text, word, length) == 0 && !g_ascii_isalnum (text[length]);
}

void
dagsched_rust_output_feed (DagschedRustOutput *self, const char *line)
{
  const char *name, *dots;

  if (!g_str_has_prefix (line, "test ") || g_str_has_prefix (line, "test result"))
    return;
  name = line + strlen ("test ");
  dots = strstr (name, " ... ");
  if (dots == NULL)
    return;

  self->n_tests++;
  dots += strlen (" ... ");
  if (is_result (dots, "FAILED"))
    {
      if (self->n_failed < G_N_ELEMENTS (self->failed))
        self->failed[self->n_failed] = g_strndup (name, (gsize) (strstr (name, " ... ") - name));
      self->n_failed++;
    }
  else if (is_result (dots, "ignored"))
    self->n_ignored++;
  else if (!is_result (dots, "ok") && !is_result (dots, "bench:") && self->error == NULL)
    self->error = g_strdup_printf ("a result that is neither ok, FAILED nor ignored: \"%s\"", line);
}
