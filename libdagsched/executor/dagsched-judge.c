/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-judge-private.h"

#include <string.h>

#include "executor/dagsched-line-splitter-private.h"
#include "executor/dagsched-rust-output-private.h"
#include "executor/dagsched-tap-private.h"

#define EXIT_STATUS_ERROR 99

struct _DagschedJudge
{
  DagschedJudgeParams params;
  DagschedLineSplitter lines;
  DagschedTap tap;
  DagschedRustOutput rust;
};

DagschedJudge *
dagsched_judge_new (const DagschedJudgeParams *params)
{
  DagschedJudge *self = g_new0 (DagschedJudge, 1);

  self->params = *params;
  dagsched_tap_init (&self->tap, params->protocol == DAGSCHED_PROTOCOL_GLIB);

  return self;
}

static void
drop_line (gpointer data, const char *line)
{
}

void
dagsched_judge_free (DagschedJudge *self)
{
  dagsched_line_splitter_finish (&self->lines, drop_line, NULL);
  dagsched_tap_clear (&self->tap);
  dagsched_rust_output_clear (&self->rust);
  g_free (self);
}

static gboolean
is_tap (DagschedJudge *self)
{
  return self->params.protocol == DAGSCHED_PROTOCOL_TAP || self->params.protocol == DAGSCHED_PROTOCOL_GLIB;
}

gboolean
dagsched_judge_reads (DagschedJudge *self)
{
  return is_tap (self) || self->params.protocol == DAGSCHED_PROTOCOL_RUST;
}

static void
take_line (gpointer data, const char *line)
{
  DagschedJudge *self = data;

  if (is_tap (self))
    dagsched_tap_feed (&self->tap, line);
  else
    dagsched_rust_output_feed (&self->rust, line);
}

void
dagsched_judge_feed (DagschedJudge *self, const char *data, gsize length)
{
  if (dagsched_judge_reads (self))
    dagsched_line_splitter_feed (&self->lines, data, length, take_line, self);
}

static void
set (DagschedResult *result, DagschedOutcome outcome, char *reason)
{
  g_free (result->reason);
  result->outcome = outcome;
  result->reason = reason;
}

/* "exit status 3", "killed by signal 11 (SIGSEGV)" */
static char *
describe_end (const DagschedResult *result)
{
  const char *name = result->term_signal != 0 ? sigabbrev_np (result->term_signal) : NULL;

  if (result->term_signal == 0)
    return g_strdup_printf ("exit status %d", result->exit_status);

  return name != NULL ? g_strdup_printf ("killed by signal %d (SIG%s)", result->term_signal, name)
                      : g_strdup_printf ("killed by signal %d", result->term_signal);
}

static void
judge_status (DagschedJudge *self, DagschedResult *result)
{
  if (result->term_signal == 0 && result->exit_status == 0)
    set (result, DAGSCHED_OUTCOME_PASSED, NULL);
  else if (result->term_signal == 0 && result->exit_status == self->params.skip_code)
    set (result, DAGSCHED_OUTCOME_SKIPPED, describe_end (result));
  else if (result->term_signal == 0 && result->exit_status == EXIT_STATUS_ERROR)
    set (result, DAGSCHED_OUTCOME_ERRORED, describe_end (result));
  else
    set (result, DAGSCHED_OUTCOME_FAILED, describe_end (result));
}

/* "2 of 7 failed: 3 - name, 5 - other" */
static char *
describe_failed (guint n_failed, guint n_points, char *const *failed, guint n_shown)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "%u of %u failed: ", n_failed, n_points);
  for (guint i = 0; i < MIN (n_failed, n_shown); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", failed[i]);
  if (n_failed > n_shown)
    g_string_append (text, ", …");

  return g_string_free (text, FALSE);
}

static char *
describe_points (const DagschedTap *tap)
{
  g_autofree char *failed = NULL;

  if (tap->n_failed > 0)
    failed = describe_failed (tap->n_failed, tap->n_points, tap->failed, G_N_ELEMENTS (tap->failed));
  if (tap->bail_out == NULL)
    return g_steal_pointer (&failed);

  return g_strdup_printf ("%s%sBail out!%s%s", failed != NULL ? failed : "", failed != NULL ? "; " : "",
                          *tap->bail_out != '\0' ? " " : "", tap->bail_out);
}

/* A process that did not end well. What it wrote until then says more than how it ended. That is an error, as meson
 * has it; of a GLib test program we know that both are how it says that a test failed. */
static void
judge_tap_unclean (DagschedJudge *self, DagschedResult *result)
{
  DagschedTap *tap = &self->tap;
  gboolean is_glib = self->params.protocol == DAGSCHED_PROTOCOL_GLIB;
  g_autofree char *points = describe_points (tap);
  g_autofree char *end = describe_end (result);
  gboolean may_skip = is_glib && tap->n_failed == 0 && result->term_signal == 0;

  if (may_skip && result->exit_status == self->params.skip_code)
    set (result, DAGSCHED_OUTCOME_SKIPPED, g_strdup (end));
  else if (points != NULL)
    set (result, is_glib && tap->n_failed > 0 ? DAGSCHED_OUTCOME_FAILED : DAGSCHED_OUTCOME_ERRORED,
         g_strdup_printf ("%s; %s", points, end));
  else if (result->term_signal != 0 && tap->has_plan)
    set (result, DAGSCHED_OUTCOME_ERRORED,
         g_strdup_printf ("%s after %u of %" G_GUINT64_FORMAT " test points", end, tap->n_points,
                          tap->n_planned));
  else
    set (result, DAGSCHED_OUTCOME_ERRORED,
         g_strdup_printf ("%s, though no test point failed%s%s", end, tap->error != NULL ? "; TAP: " : "",
                          tap->error != NULL ? tap->error : ""));
}

static char *
describe_skip (const DagschedTap *tap)
{
  if (tap->skip_reason != NULL)
    return g_strdup (tap->skip_reason);

  return g_strdup (tap->n_points > 0 ? "all test points were skipped" : "there are no test points");
}

/* What GLib says in ways of its own, where nothing else is wrong. */
static char *
find_glib_error (DagschedJudge *self)
{
  if (self->params.one_path && self->tap.n_points == 0)
    return g_strdup ("no test has the path that was asked for with -p");
  if (!self->tap.has_plan)
    return g_strdup ("it ended before its plan: a test called exit()?");

  return NULL;
}

static void
judge_tap (DagschedJudge *self, DagschedResult *result)
{
  DagschedTap *tap = &self->tap;

  dagsched_tap_finish (tap);
  if (self->params.protocol == DAGSCHED_PROTOCOL_GLIB && tap->error == NULL && tap->bail_out == NULL)
    tap->error = find_glib_error (self);

  if (result->term_signal != 0 || result->exit_status != 0)
    judge_tap_unclean (self, result);
  else if (tap->error != NULL)
    set (result, DAGSCHED_OUTCOME_ERRORED, g_strdup_printf ("TAP: %s", tap->error));
  else if (tap->bail_out != NULL)
    set (result, DAGSCHED_OUTCOME_ERRORED, describe_points (tap));
  else if (tap->n_failed > 0)
    set (result, DAGSCHED_OUTCOME_FAILED, describe_points (tap));
  else if (tap->n_skipped == tap->n_points)
    set (result, DAGSCHED_OUTCOME_SKIPPED, describe_skip (tap));
  else
    set (result, DAGSCHED_OUTCOME_PASSED, NULL);
}

static void
judge_rust (DagschedJudge *self, DagschedResult *result)
{
  DagschedRustOutput *rust = &self->rust;
  gboolean clean = result->term_signal == 0 && result->exit_status == 0;

  if (rust->error != NULL)
    set (result, DAGSCHED_OUTCOME_ERRORED, g_strdup (rust->error));
  else if (rust->n_failed > 0)
    set (result, DAGSCHED_OUTCOME_FAILED,
         describe_failed (rust->n_failed, rust->n_tests, rust->failed, G_N_ELEMENTS (rust->failed)));
  else if (!clean)
    {
      g_autofree char *end = describe_end (result);

      set (result, DAGSCHED_OUTCOME_ERRORED, g_strdup_printf ("%s, though no test failed", end));
    }
  else if (rust->n_ignored == rust->n_tests)
    set (result, DAGSCHED_OUTCOME_SKIPPED,
         g_strdup (rust->n_tests > 0 ? "all tests were ignored" : "there are no tests"));
  else
    set (result, DAGSCHED_OUTCOME_PASSED, NULL);
}

void
dagsched_judge_finish (DagschedJudge *self, DagschedResult *result)
{
  dagsched_line_splitter_finish (&self->lines, take_line, self);

  switch (self->params.protocol)
    {
    case DAGSCHED_PROTOCOL_TAP:
    case DAGSCHED_PROTOCOL_GLIB:
      judge_tap (self, result);
      break;
    case DAGSCHED_PROTOCOL_RUST:
      judge_rust (self, result);
      break;
    case DAGSCHED_PROTOCOL_EXITCODE:
    case DAGSCHED_PROTOCOL_GTEST:
    default:
      judge_status (self, result);
    }
}
