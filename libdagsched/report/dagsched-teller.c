/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-teller-private.h"

#include "base/dagsched-retry-private.h"
#include "report/dagsched-causes-private.h"
#include "report/dagsched-console-private.h"
#include "report/dagsched-progress-private.h"
#include "report/dagsched-summary-private.h"
#include "report/dagsched-test-lines-private.h"

/* Repainting: at most ten times a second, and once a second for the elapsed times alone. */
#define PAINT_INTERVAL (G_USEC_PER_SEC / 10)
#define TICK_INTERVAL G_USEC_PER_SEC

#define NS_PER_SECOND 1e9

struct _DagschedTeller
{
  const DagschedTellerSettings *settings; /* not owned */
  DagschedRun *run;
  DagschedConsole *console;
  DagschedProgress *progress;
  DagschedCauses *causes;
  GSource *source; /* (nullable) in the context in which the run's signals are emitted */
  gint64 last_paint;
  gboolean dirty;   /* something has changed since */
  gint64 paused_at; /* 0: the run goes on */
  gint64 paused;    /* how long it stood still until now */
};

static gint64
get_real_time (DagschedTeller *self)
{
  return self->settings->clock != NULL ? self->settings->clock (self->settings->clock_data)
                                       : g_get_monotonic_time ();
}

/* It stands while the run does. */
static gint64
get_time (DagschedTeller *self)
{
  return (self->paused_at != 0 ? self->paused_at : get_real_time (self)) - self->paused;
}

static void
paint (DagschedTeller *self, gint64 now)
{
  g_autoptr (GPtrArray) lines = NULL;
  guint columns, rows;

  if (self->settings->verbosity >= 0 && dagsched_progress_is_active (self->progress))
    {
      dagsched_console_get_size (self->console, &columns, &rows);
      lines = dagsched_progress_dup_lines (self->progress, &self->settings->style, columns, rows, now);
    }
  dagsched_console_paint (self->console, lines);
  self->last_paint = now;
  self->dirty = FALSE;
}

/* When to paint next; G_MAXINT64: nothing changes by itself. */
static gint64
get_next_paint (DagschedTeller *self)
{
  if (!self->settings->interactive || dagsched_console_is_dead (self->console))
    return G_MAXINT64;
  if (dagsched_console_has_news (self->console) || (self->dirty && self->settings->verbosity >= 0))
    return self->last_paint + PAINT_INTERVAL;
  if (self->settings->verbosity >= 0 && dagsched_progress_is_active (self->progress))
    return self->last_paint + TICK_INTERVAL;

  return G_MAXINT64;
}

static gint64
get_next_tick (DagschedTeller *self)
{
  gint64 next = get_next_paint (self);

  return self->settings->verbosity >= 0 ? MIN (next, dagsched_progress_get_next_slow (self->progress)) : next;
}

static void
say_slow (DagschedTeller *self, gint64 now)
{
  g_autoptr (GPtrArray) slow = dagsched_progress_take_slow (self->progress, now);

  for (guint i = 0; i < slow->len; i++)
    {
      DagschedTest *test = slow->pdata[i];
      g_autoptr (GString) out = g_string_new (NULL);

      dagsched_test_lines_append_notice (out, &self->settings->style,
                                         dagsched_progress_get_tally (self->progress), "slow", test,
                                         dagsched_test_get_slow_after (test), "still running");
      dagsched_console_print (self->console, out);
    }
}

gint64
dagsched_teller_tick (DagschedTeller *self)
{
  gint64 now = get_time (self);

  if (self->settings->verbosity >= 0)
    say_slow (self, now);
  if (get_next_paint (self) <= now)
    paint (self, now);

  return get_next_tick (self);
}

typedef struct
{
  GSource source;
  DagschedTeller *teller; /* not owned: it destroys the source */
} TickSource;

/* While the run stands still nothing is due. */
static void
set_ready_time (DagschedTeller *self, gint64 time)
{
  gboolean is_never = time == G_MAXINT64 || self->paused_at != 0;

  g_source_set_ready_time (self->source, is_never ? -1 : MAX (time + self->paused, 0));
}

static gboolean
tick_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  TickSource *tick = (TickSource *) source;

  set_ready_time (tick->teller, dagsched_teller_tick (tick->teller));

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs tick_source_funcs = { .dispatch = tick_source_dispatch };

static void
drop_source (DagschedTeller *self)
{
  if (self->source == NULL)
    return;

  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

/* Only the signals know the run's context: a run that is carried out synchronously has one of its own. */
static void
ensure_source (DagschedTeller *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  if (self->source != NULL && g_source_get_context (self->source) == context)
    return;

  drop_source (self);
  self->source = g_source_new (&tick_source_funcs, sizeof (TickSource));
  ((TickSource *) self->source)->teller = self;
  g_source_set_static_name (self->source, "[dagsched] terminal reporter");
  g_source_attach (self->source, context);
}

static void
schedule (DagschedTeller *self)
{
  self->dirty = TRUE;
  if (self->settings->clock != NULL)
    return;

  ensure_source (self);
  set_ready_time (self, get_next_tick (self));
  if (self->paused_at != 0)
    dagsched_console_flush (self->console);
}

static void
append_last_output (DagschedTeller *self, GString *out, DagschedTest *test)
{
  g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (self->run, test);

  if (attempts != NULL && attempts->len > 0)
    dagsched_test_lines_append_output (out, &self->settings->style, attempts->pdata[attempts->len - 1]);
}

/* What people need to see even if they asked for little. */
static gboolean
is_bad (DagschedTest *test)
{
  DagschedOutcome outcome = dagsched_test_get_outcome (test);

  return dagsched_outcome_is_failure (outcome) ||
         (outcome == DAGSCHED_OUTCOME_CANCELLED && dagsched_test_get_n_attempts (test) > 0);
}

static void
report_test (DagschedTeller *self, DagschedTest *test)
{
  g_autoptr (GString) out = NULL;
  gboolean bad = is_bad (test);

  if (!dagsched_progress_finish (self->progress, test, get_time (self)) ||
      dagsched_console_is_dead (self->console))
    return;
  if (!bad &&
      (self->settings->verbosity < 0 || (self->settings->verbosity == 0 && self->settings->interactive)))
    return;

  out = g_string_new (NULL);
  dagsched_test_lines_append_finished (out, &self->settings->style,
                                       dagsched_progress_get_tally (self->progress), self->causes, test);
  if ((bad && self->settings->output_on_failure) || self->settings->verbosity > 0)
    append_last_output (self, out, test);
  dagsched_console_print (self->console, out);
}

static void
say_retry (DagschedTeller *self, DagschedTest *test, DagschedAttempt *failed)
{
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) what = g_string_new (NULL);
  const char *reason = dagsched_attempt_get_reason (failed);
  gint64 delay_ns = dagsched_retry_delay_ns (dagsched_test_get_retry_delay (test) * NS_PER_SECOND,
                                             dagsched_attempt_get_number (failed));

  g_string_append_printf (what, "attempt %u %s", dagsched_attempt_get_number (failed),
                          dagsched_outcome_to_string (dagsched_attempt_get_outcome (failed)));
  if (reason != NULL)
    g_string_append_printf (what, ": %s", reason);
  if (delay_ns >= NS_PER_SECOND)
    g_string_append_printf (what, "; again in %.0f s", delay_ns / NS_PER_SECOND);
  dagsched_test_lines_append_notice (out, &self->settings->style,
                                     dagsched_progress_get_tally (self->progress), "retry", test,
                                     dagsched_attempt_get_duration (failed), what->str);
  if (self->settings->verbosity > 0)
    dagsched_test_lines_append_output (out, &self->settings->style, failed);
  dagsched_console_print (self->console, out);
}

void
dagsched_teller_note (DagschedTeller *self, const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  dagsched_style_append_foreign (&self->settings->style, out, text);
  g_string_append_c (out, '\n');
  dagsched_console_print (self->console, out);
  schedule (self);
}

static void
test_started_cb (DagschedRun *run, DagschedTest *test, guint worker, guint attempt, DagschedTeller *self)
{
  dagsched_progress_start (self->progress, test, attempt, get_time (self));
  schedule (self);
}

static void
attempt_finished_cb (DagschedRun *run, DagschedTest *test, DagschedAttempt *attempt, DagschedTeller *self)
{
  if (dagsched_attempt_get_will_retry (attempt) && self->settings->verbosity >= 0 &&
      !dagsched_console_is_dead (self->console))
    say_retry (self, test, attempt);
  schedule (self);
}

static void
test_finished_cb (DagschedRun *run, DagschedTest *test, DagschedTeller *self)
{
  report_test (self, test);
  schedule (self);
}

/* The terminal is left as others expect it: whoever pauses the run may be about to give it away. */
static void
paused_cb (DagschedRun *run, GParamSpec *pspec, DagschedTeller *self)
{
  gboolean is_paused = dagsched_run_get_paused (run);

  if (is_paused == (self->paused_at != 0))
    return;

  if (is_paused)
    {
      self->paused_at = get_real_time (self);
      dagsched_console_flush (self->console);
    }
  else
    {
      self->paused += get_real_time (self) - self->paused_at;
      self->paused_at = 0;
    }
  schedule (self);
}

static void
report_the_rest (DagschedTeller *self)
{
  GListModel *tests = dagsched_run_get_tests (self->run);
  guint n_tests = g_list_model_get_n_items (tests);

  for (guint i = 0; i < n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      if (dagsched_test_get_state (test) == DAGSCHED_STATE_FINISHED)
        report_test (self, test);
    }
}

static void
print_summary (DagschedTeller *self)
{
  g_autoptr (GString) out = g_string_new (NULL);
  DagschedSummary summary = {
    .run = self->run,
    .causes = self->causes,
    .tally = dagsched_progress_get_tally (self->progress),
    .style = &self->settings->style,
    .verbosity = self->settings->verbosity,
    .rerun_command = self->settings->rerun_command,
  };

  if (self->settings->verbosity < 0)
    dagsched_summary_append_verdict (&summary, out);
  else
    dagsched_summary_append (&summary, out);
  dagsched_console_print (self->console, out);
}

DagschedTeller *
dagsched_teller_new (DagschedRun *run, const DagschedTellerSettings *settings)
{
  DagschedTeller *self = g_new0 (DagschedTeller, 1);

  self->settings = settings;
  self->run = g_object_ref (run);
  self->console = dagsched_console_new (settings->stream, settings->interactive);
  dagsched_console_set_size_func (self->console, settings->size_func, settings->size_data);
  self->progress = dagsched_progress_new (run);
  self->causes = dagsched_causes_new ();
  self->last_paint = get_time (self) - PAINT_INTERVAL;

  g_signal_connect (run, "test-started", G_CALLBACK (test_started_cb), self);
  g_signal_connect (run, "attempt-finished", G_CALLBACK (attempt_finished_cb), self);
  g_signal_connect (run, "test-finished", G_CALLBACK (test_finished_cb), self);
  g_signal_connect (run, "notify::paused", G_CALLBACK (paused_cb), self);

  return self;
}

gboolean
dagsched_teller_end (DagschedTeller *self, GError **error)
{
  report_the_rest (self);
  if (dagsched_run_get_verdict (self->run) != DAGSCHED_VERDICT_NONE)
    print_summary (self);

  return dagsched_console_close (self->console, error);
}

void
dagsched_teller_free (DagschedTeller *self)
{
  drop_source (self);
  g_signal_handlers_disconnect_by_data (self->run, self);
  dagsched_causes_free (self->causes);
  dagsched_progress_free (self->progress);
  dagsched_console_free (self->console);
  g_object_unref (self->run);
  g_free (self);
}
