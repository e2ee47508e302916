/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-tap-private.h"

#include <string.h>

#define SUBTEST_INDENT 4
#define NAME_SHOWN_MAX 200

typedef enum
{
  DIRECTIVE_NONE,
  DIRECTIVE_SKIP,
  DIRECTIVE_TODO,
} Directive;

void
dagsched_tap_init (DagschedTap *self, gboolean todo_may_pass)
{
  *self = (DagschedTap){ .todo_may_pass = todo_may_pass };
}

void
dagsched_tap_clear (DagschedTap *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->failed); i++)
    g_clear_pointer (&self->failed[i], g_free);
  g_clear_pointer (&self->skip_reason, g_free);
  g_clear_pointer (&self->bail_out, g_free);
  g_clear_pointer (&self->error, g_free);
}

static G_GNUC_PRINTF (2, 3) void set_error (DagschedTap *self, const char *format, ...)
{
  g_autofree char *what = NULL;
  va_list arguments;

  if (self->error != NULL)
    return;

  va_start (arguments, format);
  what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->error = g_strdup_printf ("line %u: %s", self->line, what);
}

static const char *
skip_blanks (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;

  return text;
}

/* Looks for "# SKIP reason" or "# TODO reason": an unescaped '#', and one of those words. @end is where the
 * text before it ends. */
static Directive
find_directive (const char *text, const char **end, const char **reason)
{
  for (const char *at = text; *at != '\0'; at++)
    {
      const char *word;
      Directive directive;

      if (*at == '\\' && at[1] != '\0')
        {
          at++;
          continue;
        }
      if (*at != '#')
        continue;

      word = skip_blanks (at + 1);
      if (g_ascii_strncasecmp (word, "skip", 4) == 0)
        directive = DIRECTIVE_SKIP;
      else if (g_ascii_strncasecmp (word, "todo", 4) == 0 && !g_ascii_isalnum (word[4]) && word[4] != '_')
        directive = DIRECTIVE_TODO;
      else
        continue;

      *end = at;
      word += strcspn (word, " \t");
      *reason = skip_blanks (word);
      return directive;
    }

  *end = text + strlen (text);
  *reason = "";
  return DIRECTIVE_NONE;
}

/* Reads a number; FALSE: there is none. */
static gboolean
read_number (const char **text, guint64 *number)
{
  char *end;

  if (!g_ascii_isdigit (**text))
    return FALSE;

  *number = g_ascii_strtoull (*text, &end, 10);
  *text = end;
  return TRUE;
}

static void
check_number (DagschedTap *self, guint64 number)
{
  if (number <= self->last_number)
    set_error (self, "test point %" G_GUINT64_FORMAT " again, or out of order", number);
  else if (number > self->last_number + 1)
    set_error (self, "test point %" G_GUINT64_FORMAT " where %" G_GUINT64_FORMAT " was due", number,
               self->last_number + 1);
  self->last_number = number;
}

static void
note_failure (DagschedTap *self, guint64 number, const char *name, gsize length, const char *remark)
{
  if (self->n_failed < G_N_ELEMENTS (self->failed))
    {
      g_autofree char *shown = g_strndup (name, MIN (length, NAME_SHOWN_MAX));
      g_autofree char *valid = g_utf8_make_valid (shown, -1);

      g_strchomp (valid);
      self->failed[self->n_failed] =
        g_strdup_printf ("%" G_GUINT64_FORMAT "%s%s%s", number, *valid != '\0' ? " - " : "", valid, remark);
    }

  self->n_failed++;
}

static void
note_skip (DagschedTap *self, const char *reason)
{
  self->n_skipped++;
  if (self->skip_reason == NULL && *reason != '\0')
    self->skip_reason = g_strdup (reason);
}

/* What follows "ok" or "not ok". */
static void
take_point (DagschedTap *self, gboolean ok, const char *text)
{
  guint64 number = self->last_number + 1;
  const char *end, *reason;
  Directive directive;

  text = skip_blanks (text);
  if (read_number (&text, &number))
    check_number (self, number);
  else
    self->last_number = number;

  self->n_points++;
  self->state = DAGSCHED_TAP_AFTER_POINT;
  if (self->bail_out != NULL)
    set_error (self, "a test point after \"Bail out!\"");
  else if (self->plan_is_late)
    set_error (self, "a test point after the plan, which came last");

  text = skip_blanks (text);
  if (*text == '-')
    text = skip_blanks (text + 1);
  directive = find_directive (text, &end, &reason);

  if (ok && directive == DIRECTIVE_SKIP)
    note_skip (self, reason);
  else if (ok && directive == DIRECTIVE_TODO && !self->todo_may_pass)
    note_failure (self, number, text, (gsize) (end - text), " (passed, but is marked TODO)");
  else if (!ok && directive != DIRECTIVE_TODO)
    note_failure (self, number, text, (gsize) (end - text), "");
}

static gboolean
is_word_end (char c)
{
  return !g_ascii_isalpha (c) && c != '_';
}

static gboolean
read_point (DagschedTap *self, const char *line)
{
  gboolean ok = !g_str_has_prefix (line, "not ok");
  const char *rest = line + (ok ? 2 : 6);

  if ((ok && !g_str_has_prefix (line, "ok")) || !is_word_end (*rest))
    return FALSE;

  take_point (self, ok, rest);
  return TRUE;
}

static gboolean
read_plan (DagschedTap *self, const char *line)
{
  const char *text = line + strlen ("1.."), *end, *reason;
  guint64 n_planned;
  Directive directive;

  if (!g_str_has_prefix (line, "1..") || !read_number (&text, &n_planned))
    return FALSE;

  if (self->has_plan)
    {
      set_error (self, "a second plan");
      return TRUE;
    }

  directive = find_directive (text, &end, &reason);
  if (directive == DIRECTIVE_TODO || (directive == DIRECTIVE_SKIP && n_planned > 0))
    set_error (self, "a plan of %" G_GUINT64_FORMAT " test points can't be marked %s", n_planned,
               directive == DIRECTIVE_TODO ? "TODO" : "SKIP");
  else if (directive == DIRECTIVE_SKIP && *reason != '\0' && self->skip_reason == NULL)
    self->skip_reason = g_strdup (reason);

  self->has_plan = TRUE;
  self->n_planned = n_planned;
  self->plan_is_late = self->n_points > 0;
  return TRUE;
}

static gboolean
read_bail_out (DagschedTap *self, const char *line)
{
  if (!g_str_has_prefix (line, "Bail out!"))
    return FALSE;

  if (self->bail_out == NULL)
    self->bail_out = g_strdup (skip_blanks (line + strlen ("Bail out!")));
  return TRUE;
}

static gboolean
read_version (DagschedTap *self, const char *line)
{
  const char *text = line + strlen ("TAP version ");
  guint64 version;

  if (!g_str_has_prefix (line, "TAP version ") || !read_number (&text, &version))
    return FALSE;

  if (self->line != 1)
    set_error (self, "the version is not on the first line");
  else if (version < 13)
    set_error (self, "version %" G_GUINT64_FORMAT ": the first that is announced is 13", version);
  return TRUE;
}

/* Whether the line belongs to a block of YAML. */
static gboolean
read_yaml (DagschedTap *self, const char *line, guint indent)
{
  if (self->state == DAGSCHED_TAP_AFTER_POINT)
    {
      self->state = DAGSCHED_TAP_MAIN;
      if (indent == 0 || !g_str_has_prefix (line + indent, "---"))
        return FALSE;
      self->state = DAGSCHED_TAP_YAML;
      self->yaml_line = self->line;
      self->yaml_indent = indent;
      return TRUE;
    }

  if (self->state != DAGSCHED_TAP_YAML)
    return FALSE;

  if (indent > 0 && g_str_equal (line + indent, "..."))
    self->state = DAGSCHED_TAP_MAIN;
  else if (*line != '\0' && indent < self->yaml_indent)
    {
      set_error (self, "the YAML block of line %u has no end", self->yaml_line);
      self->state = DAGSCHED_TAP_MAIN;
      return FALSE;
    }
  return TRUE;
}

void
dagsched_tap_feed (DagschedTap *self, const char *line)
{
  guint indent = (guint) (skip_blanks (line) - line);

  self->line++;
  if (read_yaml (self, line, indent) || line[indent] == '\0' || *line == '#')
    return;

  /* One that is part of a subtest ends the whole. */
  if (indent >= SUBTEST_INDENT)
    read_bail_out (self, line + indent);
  else if (!read_point (self, line) && !read_plan (self, line) && !read_bail_out (self, line))
    read_version (self, line);
}

void
dagsched_tap_finish (DagschedTap *self)
{
  if (self->state == DAGSCHED_TAP_YAML)
    set_error (self, "the YAML block of line %u has no end", self->yaml_line);

  /* One that bailed out has said why there are fewer. */
  if (self->has_plan && self->bail_out == NULL && self->n_points != self->n_planned && self->error == NULL)
    self->error = g_strdup_printf ("%u test points, where the plan says %" G_GUINT64_FORMAT, self->n_points,
                                   self->n_planned);
}
