/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/dagsched-problems-private.h"

/* A person mends the first few; a file of a hundred thousand tests can have as many problems. */
#define MAX_SHOWN 50

struct _DagschedProblems
{
  GString *text;
  DagschedError code; /* of the first */
  guint n;
};

DagschedProblems *
dagsched_problems_new (void)
{
  DagschedProblems *self = g_new0 (DagschedProblems, 1);

  self->text = g_string_new (NULL);

  return self;
}

void
dagsched_problems_free (DagschedProblems *self)
{
  g_string_free (self->text, TRUE);
  g_free (self);
}

void
dagsched_problems_add (DagschedProblems *self, DagschedError code, const char *format, ...)
{
  va_list args;

  if (self->n++ == 0)
    self->code = code;
  if (self->n > MAX_SHOWN)
    return;

  if (self->text->len > 0)
    g_string_append_c (self->text, '\n');
  va_start (args, format);
  g_string_append_vprintf (self->text, format, args);
  va_end (args);
}

gboolean
dagsched_problems_is_shown (const DagschedProblems *self)
{
  return self->n < MAX_SHOWN;
}

guint
dagsched_problems_get_n (const DagschedProblems *self)
{
  return self->n;
}

gboolean
dagsched_problems_check (const DagschedProblems *self, GError **error)
{
  if (self->n == 0)
    return TRUE;

  if (self->n > MAX_SHOWN)
    g_set_error (error, DAGSCHED_ERROR, self->code, "%s\nand %u more problems", self->text->str,
                 self->n - MAX_SHOWN);
  else
    g_set_error_literal (error, DAGSCHED_ERROR, self->code, self->text->str);

  return FALSE;
}
