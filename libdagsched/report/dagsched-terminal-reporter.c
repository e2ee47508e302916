/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-terminal-reporter-private.h"

#include "report/dagsched-teller-private.h"

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

  DagschedTellerSettings settings;
  GDestroyNotify size_notify; /* (nullable) */
  DagschedTeller *teller;     /* (nullable) from begin to end */
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

static gboolean
dagsched_terminal_reporter_begin (DagschedReporter *reporter, DagschedRun *run, GError **error)
{
  DagschedTerminalReporter *self = DAGSCHED_TERMINAL_REPORTER (reporter);

  g_return_val_if_fail (self->teller == NULL, FALSE);

  self->teller = dagsched_teller_new (run, &self->settings);

  return TRUE;
}

static gboolean
dagsched_terminal_reporter_end (DagschedReporter *reporter, GError **error)
{
  DagschedTerminalReporter *self = DAGSCHED_TERMINAL_REPORTER (reporter);
  gboolean written;

  g_return_val_if_fail (self->teller != NULL, FALSE);

  written = dagsched_teller_end (self->teller, error);
  g_clear_pointer (&self->teller, dagsched_teller_free);

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

  g_clear_pointer (&self->teller, dagsched_teller_free);
  dagsched_terminal_reporter_set_size_func (self, NULL, NULL, NULL);
  g_clear_object (&self->settings.stream);

  G_OBJECT_CLASS (dagsched_terminal_reporter_parent_class)->dispose (object);
}

static void
dagsched_terminal_reporter_finalize (GObject *object)
{
  DagschedTerminalReporter *self = DAGSCHED_TERMINAL_REPORTER (object);

  g_free (self->settings.rerun_command);

  G_OBJECT_CLASS (dagsched_terminal_reporter_parent_class)->finalize (object);
}

static void
dagsched_terminal_reporter_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedTerminalReporter *self = DAGSCHED_TERMINAL_REPORTER (object);

  switch (prop_id)
    {
    case PROP_STREAM:
      g_value_set_object (value, self->settings.stream);
      break;
    case PROP_INTERACTIVE:
      g_value_set_boolean (value, self->settings.interactive);
      break;
    case PROP_COLOR:
      g_value_set_boolean (value, self->settings.style.color);
      break;
    case PROP_UNICODE:
      g_value_set_boolean (value, self->settings.style.unicode);
      break;
    case PROP_VERBOSITY:
      g_value_set_int (value, self->settings.verbosity);
      break;
    case PROP_OUTPUT_ON_FAILURE:
      g_value_set_boolean (value, self->settings.output_on_failure);
      break;
    case PROP_RERUN_COMMAND:
      g_value_set_string (value, self->settings.rerun_command);
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
      self->settings.stream = g_value_dup_object (value);
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
  self->settings.style.unicode = TRUE;
  self->settings.output_on_failure = TRUE;
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

  set_boolean (self, &self->settings.interactive, interactive, PROP_INTERACTIVE);
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

  set_boolean (self, &self->settings.style.color, color, PROP_COLOR);
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

  set_boolean (self, &self->settings.style.unicode, unicode, PROP_UNICODE);
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

  if (self->settings.verbosity == verbosity)
    return;

  self->settings.verbosity = verbosity;
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

  set_boolean (self, &self->settings.output_on_failure, output_on_failure, PROP_OUTPUT_ON_FAILURE);
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

  if (g_strcmp0 (self->settings.rerun_command, command) == 0)
    return;

  g_free (self->settings.rerun_command);
  self->settings.rerun_command = g_strdup (command);
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
    self->size_notify (self->settings.size_data);
  self->settings.size_func = func;
  self->settings.size_data = user_data;
  self->size_notify = notify;
}

/**
 * dagsched_terminal_reporter_note:
 * @self: a reporter that has been begun
 * @text: one line
 *
 * Says something while the run goes on: what a program has to say of itself must not tear what is
 * painted. It is said at any verbosity.
 *
 * Since: 1.0
 */
void
dagsched_terminal_reporter_note (DagschedTerminalReporter *self, const char *text)
{
  g_return_if_fail (DAGSCHED_IS_TERMINAL_REPORTER (self));
  g_return_if_fail (text != NULL);
  g_return_if_fail (self->teller != NULL);

  dagsched_teller_note (self->teller, text);
}

void
dagsched_terminal_reporter_set_clock (DagschedTerminalReporter *self,
                                      DagschedClockFunc clock,
                                      gpointer user_data)
{
  self->settings.clock = clock;
  self->settings.clock_data = user_data;
}

gint64
dagsched_terminal_reporter_tick (DagschedTerminalReporter *self)
{
  return dagsched_teller_tick (self->teller);
}
