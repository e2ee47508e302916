/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-terminal-reporter-private.h"

#include "report/dagsched-causes-private.h"
#include "report/dagsched-console-private.h"
#include "report/dagsched-progress-private.h"
#include "report/dagsched-style-private.h"
#include "report/dagsched-summary-private.h"
#include "report/dagsched-test-lines-private.h"

/* Repainting: at most ten times a second, and once a second for the elapsed times alone. */
#define PAINT_INTERVAL (G_USEC_PER_SEC / 10)
#define TICK_INTERVAL G_USEC_PER_SEC

/**
 * DagschedTerminalReporter:
 *
 * Tells people of a run while it goes on.
 *
 * *Interactive*, on a terminal, it keeps a few lines at the bottom: how far the run is, and which
 * tests are running since when, the longest first. They are painted at most ten times a second, and once a
 * second where only time has passed. Above them stay the failures, each with the last lines of its
 * output, retries, and tests that have become slow ([property@Test:slow-after]).
 *
 * Otherwise it writes a line for each test that has finished, in a form that stays as it is:
 *
 * ```
 * PASSED      12/340     0.52s  db/query
 * FAILED      13/340     1.07s  api/upload (3 attempts): exited with status 1
 * ```
 *
 * An outcome's word in capitals, how many tests have finished of how many, the seconds that the last
 * attempt took (`-`: there was none), the name, and why. A failure's output follows, each line behind a bar.
 *
 * At the end stands a summary: failures and how to run them again, what is blocked by which root cause, flaky
 * tests, those that left processes behind, the slowest; and the verdict with all counts in the last line.
 *
 * Nothing that tests are called or write reaches the terminal as anything but text: control
 * characters are shown, colours dropped. What can't be written is told by
 * dagsched_reporter_end(), and never disturbs the run. (A program that writes to a pipe ignores `SIGPIPE`.)
 *
 * All of it belongs to the thread of the run's model. Set the properties before the reporter is begun.
 *
 * Since: 1.0
 */
struct _DagschedTerminalReporter
{
  GObject parent_instance;

  GOutputStream *stream;
  DagschedStyle style;
  gboolean interactive;
  int verbosity;
  gboolean output_on_failure;
  char *rerun_command; /* (nullable) */
  DagschedTerminalSizeFunc size_func;
  gpointer size_data;
  GDestroyNotify size_notify;
  DagschedClockFunc clock; /* (nullable) */
  gpointer clock_data;

  /* from begin to end */
  DagschedRun *run; /* (nullable) */
  DagschedConsole *console;
  DagschedProgress *progress;
  DagschedCauses *causes;
  GSource *source; /* (nullable) in the context in which the run's signals are emitted */
  gint64 last_paint;
  gboolean dirty; /* something has changed since */
};

static void dagsched_terminal_reporter_iface_init (DagschedReporterInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DagschedTerminalReporter,
                               dagsched_terminal_reporter,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAGSCHED_TYPE_REPORTER,
                                                      dagsched_terminal_reporter_iface_init))

enum
{
  PROP_0,
  PROP_STREAM,
  PROP_INTERACTIVE,
  PROP_COLOR,
  PROP_UNICODE,
  PROP_VERBOSITY,
  PROP_OUTPUT_ON_FAILURE,
  PROP_RERUN_COMMAND,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static gint64
get_time (DagschedTerminalReporter *self)
{
  return self->clock != NULL ? self->clock (self->clock_data) : g_get_monotonic_time ();
}

static void
paint (DagschedTerminalReporter *self, gint64 now)
{
  g_autoptr (GPtrArray) lines = NULL;
  guint columns, rows;

  if (self->verbosity >= 0 && dagsched_progress_is_active (self->progress))
    {
      dagsched_console_get_size (self->console, &columns, &rows);
      lines = dagsched_progress_dup_lines (self->progress, &self->style, columns, rows, now);
    }
  dagsched_console_paint (self->console, lines);
  self->last_paint = now;
  self->dirty = FALSE;
}

/* When to paint next; G_MAXINT64: nothing changes by itself. */
static gint64
get_next_paint (DagschedTerminalReporter *self)
{
  if (!self->interactive || dagsched_console_is_dead (self->console))
    return G_MAXINT64;
  if (dagsched_console_has_news (self->console) || (self->dirty && self->verbosity >= 0))
    return self->last_paint + PAINT_INTERVAL;
  if (self->verbosity >= 0 && dagsched_progress_is_active (self->progress))
    return self->last_paint + TICK_INTERVAL;

  return G_MAXINT64;
}

static gint64
get_next_tick (DagschedTerminalReporter *self)
{
  gint64 next = get_next_paint (self);

  return self->verbosity >= 0 ? MIN (next, dagsched_progress_get_next_slow (self->progress)) : next;
}

static void
say_slow (DagschedTerminalReporter *self, gint64 now)
{
  g_autoptr (GPtrArray) slow = dagsched_progress_take_slow (self->progress, now);

  for (guint i = 0; i < slow->len; i++)
    {
      DagschedTest *test = slow->pdata[i];
      g_autoptr (GString) out = g_string_new (NULL);

      dagsched_test_lines_append_notice (out, &self->style, dagsched_progress_get_tally (self->progress),
                                         "slow", test, dagsched_test_get_slow_after (test), "still running");
      dagsched_console_print (self->console, out);
    }
}

gint64
dagsched_terminal_reporter_tick (DagschedTerminalReporter *self)
{
  gint64 now = get_time (self);

  if (self->verbosity >= 0)
    say_slow (self, now);
  if (get_next_paint (self) <= now)
    paint (self, now);

  return get_next_tick (self);
}

typedef struct
{
  GSource source;
  DagschedTerminalReporter *reporter; /* not owned: it destroys the source */
} TickSource;

static void
set_ready_time (GSource *source, gint64 time)
{
  g_source_set_ready_time (source, time == G_MAXINT64 ? -1 : MAX (time, 0));
}

static gboolean
tick_source_dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  TickSource *tick = (TickSource *) source;

  set_ready_time (source, dagsched_terminal_reporter_tick (tick->reporter));

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs tick_source_funcs = { .dispatch = tick_source_dispatch };

static void
drop_source (DagschedTerminalReporter *self)
{
  if (self->source == NULL)
    return;

  g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

/* Only the signals know the run's context: a run that is carried out synchronously has one of its own. */
static void
ensure_source (DagschedTerminalReporter *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  if (self->source != NULL && g_source_get_context (self->source) == context)
    return;

  drop_source (self);
  self->source = g_source_new (&tick_source_funcs, sizeof (TickSource));
  ((TickSource *) self->source)->reporter = self;
  g_source_set_static_name (self->source, "[dagsched] terminal reporter");
  g_source_attach (self->source, context);
}

static void
schedule (DagschedTerminalReporter *self)
{
  self->dirty = TRUE;
  if (self->clock != NULL)
    return;

  ensure_source (self);
  set_ready_time (self->source, get_next_tick (self));
}

static void
append_last_output (DagschedTerminalReporter *self, GString *out, DagschedTest *test)
{
  g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (self->run, test);

  if (attempts != NULL && attempts->len > 0)
    dagsched_test_lines_append_output (out, &self->style, attempts->pdata[attempts->len - 1]);
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
report_test (DagschedTerminalReporter *self, DagschedTest *test)
{
  g_autoptr (GString) out = NULL;
  gboolean bad = is_bad (test);

  if (!dagsched_progress_finish (self->progress, test, get_time (self)) ||
      dagsched_console_is_dead (self->console))
    return;
  if (!bad && (self->verbosity < 0 || (self->verbosity == 0 && self->interactive)))
    return;

  out = g_string_new (NULL);
  dagsched_test_lines_append_finished (out, &self->style, dagsched_progress_get_tally (self->progress),
                                       self->causes, test);
  if ((bad && self->output_on_failure) || self->verbosity > 0)
    append_last_output (self, out, test);
  dagsched_console_print (self->console, out);
}

static DagschedAttempt *
find_attempt (GPtrArray *attempts, guint number)
{
  for (guint i = attempts != NULL ? attempts->len : 0; i > 0; i--)
    {
      if (dagsched_attempt_get_number (attempts->pdata[i - 1]) == number)
        return attempts->pdata[i - 1];
    }

  return NULL;
}

static void
say_retry (DagschedTerminalReporter *self, DagschedTest *test, guint number)
{
  g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (self->run, test);
  g_autoptr (GString) out = g_string_new (NULL);
  DagschedAttempt *failed = find_attempt (attempts, number - 1);
  g_autofree char *what = NULL;
  const char *reason;

  if (failed == NULL)
    return;

  reason = dagsched_attempt_get_reason (failed);
  what = g_strdup_printf ("attempt %u %s%s%s", number - 1,
                          dagsched_outcome_to_string (dagsched_attempt_get_outcome (failed)),
                          reason != NULL ? ": " : "", reason != NULL ? reason : "");
  dagsched_test_lines_append_notice (out, &self->style, dagsched_progress_get_tally (self->progress), "retry",
                                     test, dagsched_attempt_get_duration (failed), what);
  if (self->verbosity > 0)
    dagsched_test_lines_append_output (out, &self->style, failed);
  dagsched_console_print (self->console, out);
}

static void
test_started_cb (DagschedRun *run,
                 DagschedTest *test,
                 guint worker,
                 guint attempt,
                 DagschedTerminalReporter *self)
{
  dagsched_progress_start (self->progress, test, attempt, get_time (self));
  if (attempt > 1 && self->verbosity >= 0 && !dagsched_console_is_dead (self->console))
    say_retry (self, test, attempt);
  schedule (self);
}

static void
test_finished_cb (DagschedRun *run, DagschedTest *test, DagschedTerminalReporter *self)
{
  report_test (self, test);
  schedule (self);
}

static gboolean
dagsched_terminal_reporter_begin (DagschedReporter *reporter, DagschedRun *run, GError **error)
{
  DagschedTerminalReporter *self = DAGSCHED_TERMINAL_REPORTER (reporter);

  g_return_val_if_fail (self->run == NULL, FALSE);

  self->run = g_object_ref (run);
  self->console = dagsched_console_new (self->stream, self->interactive);
  dagsched_console_set_size_func (self->console, self->size_func, self->size_data);
  self->progress = dagsched_progress_new (run);
  self->causes = dagsched_causes_new ();
  self->last_paint = get_time (self) - PAINT_INTERVAL;

  g_signal_connect (run, "test-started", G_CALLBACK (test_started_cb), self);
  g_signal_connect (run, "test-finished", G_CALLBACK (test_finished_cb), self);

  return TRUE;
}

static void
report_the_rest (DagschedTerminalReporter *self)
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
print_summary (DagschedTerminalReporter *self)
{
  g_autoptr (GString) out = g_string_new (NULL);
  DagschedSummary summary = {
    .run = self->run,
    .causes = self->causes,
    .tally = dagsched_progress_get_tally (self->progress),
    .style = &self->style,
    .verbosity = self->verbosity,
    .rerun_command = self->rerun_command,
  };

  if (self->verbosity < 0)
    dagsched_summary_append_verdict (&summary, out);
  else
    dagsched_summary_append (&summary, out);
  dagsched_console_print (self->console, out);
}

static void
leave_run (DagschedTerminalReporter *self)
{
  drop_source (self);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_data (self->run, self);
  g_clear_object (&self->run);
  g_clear_pointer (&self->causes, dagsched_causes_free);
  g_clear_pointer (&self->progress, dagsched_progress_free);
  g_clear_pointer (&self->console, dagsched_console_free);
}

static gboolean
dagsched_terminal_reporter_end (DagschedReporter *reporter, GError **error)
{
  DagschedTerminalReporter *self = DAGSCHED_TERMINAL_REPORTER (reporter);
  gboolean written;

  g_return_val_if_fail (self->run != NULL, FALSE);

  report_the_rest (self);
  if (dagsched_run_get_verdict (self->run) != DAGSCHED_VERDICT_NONE)
    print_summary (self);
  written = dagsched_console_close (self->console, error);
  leave_run (self);

  return written;
}

static void
dagsched_terminal_reporter_iface_init (DagschedReporterInterface *iface)
{
  iface->begin = dagsched_terminal_reporter_begin;
  iface->end = dagsched_terminal_reporter_end;
}

static void
dagsched_terminal_reporter_dispose (GObject *object)
{
  DagschedTerminalReporter *self = DAGSCHED_TERMINAL_REPORTER (object);

  leave_run (self);
  dagsched_terminal_reporter_set_size_func (self, NULL, NULL, NULL);
  g_clear_object (&self->stream);

  G_OBJECT_CLASS (dagsched_terminal_reporter_parent_class)->dispose (object);
}

static void
dagsched_terminal_reporter_finalize (GObject *object)
{
  DagschedTerminalReporter *self = DAGSCHED_TERMINAL_REPORTER (object);

  g_free (self->rerun_command);

  G_OBJECT_CLASS (dagsched_terminal_reporter_parent_class)->finalize (object);
}

static void
dagsched_terminal_reporter_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedTerminalReporter *self = DAGSCHED_TERMINAL_REPORTER (object);

  switch (prop_id)
    {
    case PROP_STREAM:
      g_value_set_object (value, self->stream);
      break;
    case PROP_INTERACTIVE:
      g_value_set_boolean (value, self->interactive);
      break;
    case PROP_COLOR:
      g_value_set_boolean (value, self->style.color);
      break;
    case PROP_UNICODE:
      g_value_set_boolean (value, self->style.unicode);
      break;
    case PROP_VERBOSITY:
      g_value_set_int (value, self->verbosity);
      break;
    case PROP_OUTPUT_ON_FAILURE:
      g_value_set_boolean (value, self->output_on_failure);
      break;
    case PROP_RERUN_COMMAND:
      g_value_set_string (value, self->rerun_command);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_terminal_reporter_set_property (GObject *object,
                                         guint prop_id,
                                         const GValue *value,
                                         GParamSpec *pspec)
{
  DagschedTerminalReporter *self = DAGSCHED_TERMINAL_REPORTER (object);

  switch (prop_id)
    {
    case PROP_STREAM:
      self->stream = g_value_dup_object (value);
      break;
    case PROP_INTERACTIVE:
      dagsched_terminal_reporter_set_interactive (self, g_value_get_boolean (value));
      break;
    case PROP_COLOR:
      dagsched_terminal_reporter_set_color (self, g_value_get_boolean (value));
      break;
    case PROP_UNICODE:
      dagsched_terminal_reporter_set_unicode (self, g_value_get_boolean (value));
      break;
    case PROP_VERBOSITY:
      dagsched_terminal_reporter_set_verbosity (self, g_value_get_int (value));
      break;
    case PROP_OUTPUT_ON_FAILURE:
      dagsched_terminal_reporter_set_output_on_failure (self, g_value_get_boolean (value));
      break;
    case PROP_RERUN_COMMAND:
      dagsched_terminal_reporter_set_rerun_command (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_terminal_reporter_class_init (DagschedTerminalReporterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = dagsched_terminal_reporter_dispose;
  object_class->finalize = dagsched_terminal_reporter_finalize;
  object_class->get_property = dagsched_terminal_reporter_get_property;
  object_class->set_property = dagsched_terminal_reporter_set_property;

  /**
   * DagschedTerminalReporter:stream:
   *
   * Where the report goes. It is not closed.
   *
   * Since: 1.0
   */
  properties[PROP_STREAM] =
    g_param_spec_object ("stream", NULL, NULL, G_TYPE_OUTPUT_STREAM,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  /**
   * DagschedTerminalReporter:interactive:
   *
   * Whether the stream is a terminal that understands the usual escape sequences (ECMA-48), so that the progress can be painted. Default: %FALSE.
   *
   * Since: 1.0
   */
  properties[PROP_INTERACTIVE] = g_param_spec_boolean ("interactive", NULL, NULL, FALSE, flags);

  /**
   * DagschedTerminalReporter:color:
   *
   * Whether to use colours. Default: %FALSE.
   *
   * Since: 1.0
   */
  properties[PROP_COLOR] = g_param_spec_boolean ("color", NULL, NULL, FALSE, flags);

  /**
   * DagschedTerminalReporter:unicode:
   *
   * Whether the stream takes UTF-8; if not, all that is beyond ASCII is written as `\u{NNNN}`.
   * Default: %TRUE.
   *
   * Since: 1.0
   */
  properties[PROP_UNICODE] = g_param_spec_boolean ("unicode", NULL, NULL, TRUE, flags);

  /**
   * DagschedTerminalReporter:verbosity:
   *
   * How much is told. -1: failures and the verdict only; 0: as described; 1: every test, with its output.
   *
   * Since: 1.0
   */
  properties[PROP_VERBOSITY] = g_param_spec_int ("verbosity", NULL, NULL, -1, 1, 0, flags);

  /**
   * DagschedTerminalReporter:output-on-failure:
   *
   * Whether the end of its output is shown with each failure. Default: %TRUE.
   *
   * Since: 1.0
   */
  properties[PROP_OUTPUT_ON_FAILURE] = g_param_spec_boolean ("output-on-failure", NULL, NULL, TRUE, flags);

  /**
   * DagschedTerminalReporter:rerun-command:
   *
   * A command that runs all tests again, quoted for a shell: ` -k NAME` is put behind it, to say how to run those that
   * failed. %NULL: that is not said.
   *
   * Since: 1.0
   */
  properties[PROP_RERUN_COMMAND] = g_param_spec_string ("rerun-command", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_terminal_reporter_init (DagschedTerminalReporter *self)
{
  self->style.unicode = TRUE;
  self->output_on_failure = TRUE;
}

/**
 * dagsched_terminal_reporter_new:
 * @stream: where the report goes; it is not closed
 *
 * Creates a reporter for people.
 *
 * A stream that blocks delays the signals of the run, never its tests.
 *
 * Returns: (transfer full): a new reporter, which writes plain lines
 *
 * Since: 1.0
 */
DagschedTerminalReporter *
dagsched_terminal_reporter_new (GOutputStream *stream)
{
  g_return_val_if_fail (G_IS_OUTPUT_STREAM (stream), NULL);

  return g_object_new (DAGSCHED_TYPE_TERMINAL_REPORTER, "stream", stream, NULL);
}

static void
set_boolean (DagschedTerminalReporter *self, gboolean *field, gboolean value, guint property)
{
  value = !!value;
  if (*field == value)
    return;

  *field = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/**
 * dagsched_terminal_reporter_set_interactive:
 * @self: a reporter that was not begun
 * @interactive: whether its stream is a terminal
 *
 * Sets [property@TerminalReporter:interactive].
 *
 * Since: 1.0
 */
void
dagsched_terminal_reporter_set_interactive (DagschedTerminalReporter *self, gboolean interactive)
{
  g_return_if_fail (DAGSCHED_IS_TERMINAL_REPORTER (self));

  set_boolean (self, &self->interactive, interactive, PROP_INTERACTIVE);
}

/**
 * dagsched_terminal_reporter_set_color:
 * @self: a reporter that was not begun
 * @color: whether to use colours
 *
 * Sets [property@TerminalReporter:color].
 *
 * Since: 1.0
 */
void
dagsched_terminal_reporter_set_color (DagschedTerminalReporter *self, gboolean color)
{
  g_return_if_fail (DAGSCHED_IS_TERMINAL_REPORTER (self));

  set_boolean (self, &self->style.color, color, PROP_COLOR);
}

/**
 * dagsched_terminal_reporter_set_unicode:
 * @self: a reporter that was not begun
 * @unicode: whether its stream takes UTF-8
 *
 * Sets [property@TerminalReporter:unicode].
 *
 * Since: 1.0
 */
void
dagsched_terminal_reporter_set_unicode (DagschedTerminalReporter *self, gboolean unicode)
{
  g_return_if_fail (DAGSCHED_IS_TERMINAL_REPORTER (self));

  set_boolean (self, &self->style.unicode, unicode, PROP_UNICODE);
}

/**
 * dagsched_terminal_reporter_set_verbosity:
 * @self: a reporter that was not begun
 * @verbosity: from -1 to 1
 *
 * Sets [property@TerminalReporter:verbosity].
 *
 * Since: 1.0
 */
void
dagsched_terminal_reporter_set_verbosity (DagschedTerminalReporter *self, int verbosity)
{
  g_return_if_fail (DAGSCHED_IS_TERMINAL_REPORTER (self));
  g_return_if_fail (verbosity >= -1 && verbosity <= 1);

  if (self->verbosity == verbosity)
    return;

  self->verbosity = verbosity;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERBOSITY]);
}

/**
 * dagsched_terminal_reporter_set_output_on_failure:
 * @self: a reporter that was not begun
 * @output_on_failure: whether to show the output of failures
 *
 * Sets [property@TerminalReporter:output-on-failure].
 *
 * Since: 1.0
 */
void
dagsched_terminal_reporter_set_output_on_failure (DagschedTerminalReporter *self, gboolean output_on_failure)
{
  g_return_if_fail (DAGSCHED_IS_TERMINAL_REPORTER (self));

  set_boolean (self, &self->output_on_failure, output_on_failure, PROP_OUTPUT_ON_FAILURE);
}

/**
 * dagsched_terminal_reporter_set_rerun_command:
 * @self: a reporter that was not begun
 * @command: (nullable): a command that runs all tests again, quoted for a shell
 *
 * Sets [property@TerminalReporter:rerun-command].
 *
 * Since: 1.0
 */
void
dagsched_terminal_reporter_set_rerun_command (DagschedTerminalReporter *self, const char *command)
{
  g_return_if_fail (DAGSCHED_IS_TERMINAL_REPORTER (self));

  if (g_strcmp0 (self->rerun_command, command) == 0)
    return;

  g_free (self->rerun_command);
  self->rerun_command = g_strdup (command);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RERUN_COMMAND]);
}

/**
 * dagsched_terminal_reporter_set_size_func:
 * @self: a reporter that was not begun
 * @func: (nullable) (scope notified) (closure user_data) (destroy notify): says how large the terminal is;
 *   %NULL: 80 columns and 24 rows
 * @user_data: data for @func
 * @notify: (nullable): frees @user_data
 *
 * Sets how the size of the terminal is found out. It is asked for before each time that something is
 * painted, so a window may change its size.
 *
 * Since: 1.0
 */
void
dagsched_terminal_reporter_set_size_func (DagschedTerminalReporter *self,
                                          DagschedTerminalSizeFunc func,
                                          gpointer user_data,
                                          GDestroyNotify notify)
{
  g_return_if_fail (DAGSCHED_IS_TERMINAL_REPORTER (self));

  if (self->size_notify != NULL)
    self->size_notify (self->size_data);
  self->size_func = func;
  self->size_data = user_data;
  self->size_notify = notify;
}

void
dagsched_terminal_reporter_set_clock (DagschedTerminalReporter *self,
                                      DagschedClockFunc clock,
                                      gpointer user_data)
{
  self->clock = clock;
  self->clock_data = user_data;
}
