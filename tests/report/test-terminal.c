/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fake-run.h"
#include "screen.h"

#include <gio/gunixoutputstream.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "report/dagsched-progress-private.h"
#include "report/dagsched-terminal-reporter-private.h"

#define SECOND G_USEC_PER_SEC

/* A reporter on a screen of which the test sets size and time. */
typedef struct
{
  GOutputStream *stream;
  DagschedTerminalReporter *reporter;
  FakeRun *run;
  gint64 now;
  guint columns;
  guint rows;
  gsize read;
} Terminal;

static gint64
get_time (gpointer data)
{
  return ((Terminal *) data)->now;
}

static gboolean
get_size (guint *columns, guint *rows, gpointer data)
{
  *columns = ((Terminal *) data)->columns;
  *rows = ((Terminal *) data)->rows;
  return TRUE;
}

static Terminal *
terminal_new (FakeRun *run, gboolean interactive)
{
  Terminal *self = g_new0 (Terminal, 1);

  self->stream = g_memory_output_stream_new_resizable ();
  self->reporter = dagsched_terminal_reporter_new (self->stream);
  self->run = run;
  self->now = 1000 * SECOND;
  self->columns = 80;
  self->rows = 24;
  dagsched_terminal_reporter_set_interactive (self->reporter, interactive);
  dagsched_terminal_reporter_set_size_func (self->reporter, get_size, self, NULL);
  dagsched_terminal_reporter_set_clock (self->reporter, get_time, self);

  return self;
}

static void
terminal_free (Terminal *self)
{
  g_object_unref (self->reporter);
  g_object_unref (self->stream);
  g_object_unref (self->run);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Terminal, terminal_free)

static void
terminal_begin (Terminal *self)
{
  g_assert_true (
    dagsched_reporter_begin (DAGSCHED_REPORTER (self->reporter), DAGSCHED_RUN (self->run), NULL));
}

static void
terminal_end (Terminal *self)
{
  GError *error = NULL;

  g_assert_true (dagsched_reporter_end (DAGSCHED_REPORTER (self->reporter), &error));
  g_assert_no_error (error);
}

/* What was written since the last call. */
static char *
terminal_read (Terminal *self)
{
  GMemoryOutputStream *stream = G_MEMORY_OUTPUT_STREAM (self->stream);
  const char *data = g_memory_output_stream_get_data (stream);
  gsize size = g_memory_output_stream_get_data_size (stream), read = self->read;

  self->read = size;

  return data == NULL ? g_strdup ("") : g_strndup (data + read, size - read);
}

static void
terminal_show (Terminal *self, Screen *screen)
{
  g_autofree char *text = terminal_read (self);

  screen_feed (screen, text, strlen (text));
}

static char *
dup_everything (gboolean interactive, int verbosity, gboolean unicode)
{
  g_autoptr (Terminal) terminal = terminal_new (fake_run_new_of_everything (), interactive);

  dagsched_terminal_reporter_set_verbosity (terminal->reporter, verbosity);
  dagsched_terminal_reporter_set_unicode (terminal->reporter, unicode);
  dagsched_terminal_reporter_set_rerun_command (terminal->reporter, "dagsched run demo.json");
  terminal_begin (terminal);
  fake_run_carry_out_everything (terminal->run);
  terminal_end (terminal);

  return terminal_read (terminal);
}

static void
assert_harmless (const char *text)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *p = text; *p != '\0'; p++)
    g_assert_true ((guchar) *p >= 0x20 || *p == '\n' || *p == '\t');
}

static void
test_golden (gconstpointer data)
{
  static const struct
  {
    gboolean interactive;
    int verbosity;
    gboolean unicode;
    const char *name;
  } cases[] = {
    { FALSE, 0, TRUE, "plain.txt" },  { FALSE, -1, TRUE, "quiet.txt" },     { FALSE, 1, TRUE, "verbose.txt" },
    { FALSE, 0, FALSE, "ascii.txt" }, { TRUE, 0, TRUE, "interactive.txt" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = dup_everything (cases[i].interactive, cases[i].verbosity, cases[i].unicode);

      assert_harmless (text);
      g_assert_true (cases[i].unicode || g_str_is_ascii (text));
      assert_golden (cases[i].name, text);
    }
}

static void
test_no_output (void)
{
  g_autoptr (Terminal) terminal = terminal_new (fake_run_new_of_everything (), FALSE);
  g_autofree char *text = NULL;

  dagsched_terminal_reporter_set_output_on_failure (terminal->reporter, FALSE);
  terminal_begin (terminal);
  fake_run_carry_out_everything (terminal->run);
  terminal_end (terminal);
  text = terminal_read (terminal);
  g_assert_null (strstr (text, "err 2"));
  g_assert_null (strstr (text, "again:"));
}

/* With colours the same text, but for the colours. */
static void
test_color (void)
{
  g_autofree char *plain = dup_everything (FALSE, 0, TRUE), *shown = NULL;
  g_autoptr (Terminal) terminal = terminal_new (fake_run_new_of_everything (), FALSE);
  g_autoptr (Screen) screen = screen_new (100000);
  g_autoptr (GString) blanks = g_string_new (plain);

  dagsched_terminal_reporter_set_color (terminal->reporter, TRUE);
  dagsched_terminal_reporter_set_rerun_command (terminal->reporter, "dagsched run demo.json");
  terminal_begin (terminal);
  fake_run_carry_out_everything (terminal->run);
  terminal_end (terminal);
  terminal_show (terminal, screen);
  shown = screen_dup_text (screen);
  g_string_replace (blanks, "\t", " ", 0);
  g_assert_cmpstr (shown, ==, blanks->str);
}

/* Whatever was painted on the way, and however the window changed, what stays is what was printed. */
static void
test_widths (void)
{
  static const guint widths[] = { 20, 40, 80, 200 };
  g_autofree char *expected = dup_everything (TRUE, 0, TRUE);
  g_autoptr (GString) blanks = g_string_new (expected);

  g_string_replace (blanks, "\t", " ", 0);
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autoptr (Terminal) terminal = terminal_new (fake_run_new_of_everything (), TRUE);
      g_autoptr (Screen) screen = screen_new (widths[i]);
      g_autofree char *shown = NULL;

      terminal->columns = widths[i];
      dagsched_terminal_reporter_set_rerun_command (terminal->reporter, "dagsched run demo.json");
      terminal_begin (terminal);
      fake_run_carry_out_everything (terminal->run);
      terminal_end (terminal);
      terminal_show (terminal, screen);
      shown = screen_dup_text (screen);
      g_assert_cmpstr (shown, ==, blanks->str);
    }
}

/* Many tests with wide names, started and ended at random while time goes on and the window changes. */
static void
test_painting (gconstpointer data)
{
  guint columns = GPOINTER_TO_UINT (data);
  g_autoptr (Terminal) terminal = terminal_new (fake_run_new ("demo"), TRUE);
  g_autoptr (Screen) screen = screen_new (columns);
  g_autoptr (GPtrArray) running = g_ptr_array_new ();
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autofree char *shown = NULL;
  const FakeAttempt attempts[] = { { DAGSCHED_OUTCOME_PASSED, 0.5 }, { DAGSCHED_OUTCOME_FAILED, 0.5, "no" } };
  guint n = 200, started = 0, finished = 0;
  g_autoptr (GPtrArray) tests = g_ptr_array_new ();

  terminal->columns = columns;
  dagsched_terminal_reporter_set_color (terminal->reporter, TRUE);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("suite/日本語テスト/a-rather-long-name-of-a-test/%u", i);

      g_ptr_array_add (tests, fake_run_add (terminal->run, name, NULL));
    }

  terminal_begin (terminal);
  while (finished < n)
    {
      guint other =
        columns == 80 && g_test_rand_int_range (0, 10) == 0 ? 30 + g_test_rand_int_range (0, 100) : 0;

      if (started < n && (running->len == 0 || g_test_rand_int_range (0, 2)))
        {
          fake_run_start (terminal->run, tests->pdata[started], 1);
          g_ptr_array_add (running, tests->pdata[started++]);
        }
      else
        {
          guint i = g_test_rand_int_range (0, running->len), outcome = g_test_rand_int_range (0, 2);
          DagschedTest *test = g_ptr_array_remove_index_fast (running, i);

          finished++;
          if (outcome == 1)
            g_string_append_printf (expected, "FAILED     %3u/200     0.50s  %s: no\n", finished,
                                    dagsched_test_get_name (test));
          fake_run_finish (terminal->run, test, &attempts[outcome], 0);
        }
      terminal->now += g_test_rand_int_range (0, SECOND / 5);
      dagsched_terminal_reporter_tick (terminal->reporter);
      terminal_show (terminal, screen);
      if (other > 0)
        {
          screen_set_columns (screen, other);
          terminal->columns = other;
        }
    }
  fake_run_end (terminal->run, DAGSCHED_VERDICT_FAILURE, NULL, 10);
  terminal_end (terminal);
  terminal_show (terminal, screen);
  shown = screen_dup_text (screen);
  g_assert_true (g_str_has_prefix (shown, expected->str));
  g_assert_cmpint (shown[expected->len], ==, '\n');
}

static guint
count_frames (Terminal *terminal, gint64 microseconds, gint64 step, void (*event) (Terminal *))
{
  guint n_frames = 0;

  for (gint64 end = terminal->now + microseconds; terminal->now < end; terminal->now += step)
    {
      g_autofree char *frame = NULL;

      if (event != NULL)
        event (terminal);
      dagsched_terminal_reporter_tick (terminal->reporter);
      frame = terminal_read (terminal);
      n_frames += *frame != '\0';
    }

  return n_frames;
}

static DagschedTest *
get_test (Terminal *terminal, guint n)
{
  DagschedTest *test = g_list_model_get_item (dagsched_run_get_tests (DAGSCHED_RUN (terminal->run)), n);

  g_object_unref (test);

  return test;
}

static void
restart_first (Terminal *terminal)
{
  fake_run_start (terminal->run, get_test (terminal, 0), 1);
}

static void
test_repaint_rate (void)
{
  g_autoptr (Terminal) terminal = terminal_new (fake_run_new ("demo"), TRUE);
  const FakeAttempt passed = { DAGSCHED_OUTCOME_PASSED, 1 };

  fake_run_add (terminal->run, "a", NULL);
  terminal_begin (terminal);
  g_assert_cmpint (dagsched_terminal_reporter_tick (terminal->reporter), ==, G_MAXINT64); /* nothing runs */

  g_assert_cmpuint (count_frames (terminal, 3 * SECOND, SECOND / 1000, restart_first), ==, 30);
  g_assert_cmpuint (count_frames (terminal, 10 * SECOND, SECOND / 1000, NULL), ==, 10);

  fake_run_finish (terminal->run, get_test (terminal, 0), &passed, 0);
  g_assert_cmpuint (count_frames (terminal, 10 * SECOND, SECOND / 100, NULL), ==, 1);
  g_assert_cmpint (dagsched_terminal_reporter_tick (terminal->reporter), ==, G_MAXINT64);
  fake_run_end (terminal->run, DAGSCHED_VERDICT_SUCCESS, NULL, 13);
  terminal_end (terminal);
}

/* A failure is seen at once, not with the next elapsed second. */
static void
test_failure_is_prompt (void)
{
  g_autoptr (Terminal) terminal = terminal_new (fake_run_new ("demo"), TRUE);
  const FakeAttempt failed = { DAGSCHED_OUTCOME_FAILED, 1, "exited with status 1" };
  g_autofree char *text = NULL;

  fake_run_add (terminal->run, "a", NULL);
  fake_run_add (terminal->run, "b", NULL);
  terminal_begin (terminal);
  fake_run_start (terminal->run, get_test (terminal, 0), 1);
  fake_run_start (terminal->run, get_test (terminal, 1), 1);
  dagsched_terminal_reporter_tick (terminal->reporter);
  g_free (terminal_read (terminal));
  fake_run_finish (terminal->run, get_test (terminal, 0), &failed, 0);
  terminal->now += SECOND / 10;
  dagsched_terminal_reporter_tick (terminal->reporter);
  text = terminal_read (terminal);
  g_assert_nonnull (strstr (text, "FAILED     1/2     1.00s  a: exited with status 1\n"));
}

/* What the program says stands among the lines that stay. */
static void
test_note (void)
{
  g_autoptr (Terminal) terminal = terminal_new (fake_run_new ("demo"), TRUE);
  g_autoptr (Screen) screen = screen_new (80);
  g_autofree char *shown = NULL;

  fake_run_add (terminal->run, "a", NULL);
  terminal_begin (terminal);
  fake_run_start (terminal->run, get_test (terminal, 0), 1);
  dagsched_terminal_reporter_tick (terminal->reporter);
  dagsched_terminal_reporter_note (terminal->reporter, "stopping\033[2J");
  terminal->now += SECOND / 10;
  dagsched_terminal_reporter_tick (terminal->reporter);
  terminal_show (terminal, screen);
  shown = screen_dup_text (screen);
  g_assert_true (g_str_has_prefix (shown, "stopping\\x1b[2J\n0/1  "));
}

static void
test_slow (void)
{
  for (int interactive = 0; interactive < 2; interactive++)
    {
      g_autoptr (Terminal) terminal = terminal_new (fake_run_new ("demo"), interactive);
      DagschedTest *test = fake_run_add (terminal->run, "a", NULL);
      g_autofree char *before = NULL, *text = NULL, *after = NULL;
      gint64 due;

      dagsched_test_set_slow_after (test, 2.5);
      terminal_begin (terminal);
      fake_run_start (terminal->run, test, 1);
      terminal->now += 2 * SECOND;
      due = dagsched_terminal_reporter_tick (terminal->reporter);
      g_assert_cmpint (due, <=, terminal->now + SECOND / 2);
      before = terminal_read (terminal);
      g_assert_null (strstr (before, "SLOW"));
      terminal->now += SECOND / 2;
      dagsched_terminal_reporter_tick (terminal->reporter);
      text = terminal_read (terminal);
      g_assert_nonnull (strstr (text, "SLOW               2.50s  a: still running\n"));
      terminal->now += 10 * SECOND;
      dagsched_terminal_reporter_tick (terminal->reporter);
      after = terminal_read (terminal);
      g_assert_null (strstr (after, "SLOW"));
    }
}

static void
test_estimate (void)
{
  g_autoptr (FakeRun) run = fake_run_new ("demo");
  const FakeAttempt passed = { DAGSCHED_OUTCOME_PASSED, 10 };
  DagschedProgress *progress;
  DagschedTest *tests[10];

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", i);

      tests[i] = fake_run_add (run, name, NULL);
      dagsched_test_set_expected_duration (tests[i], 10);
    }
  progress = dagsched_progress_new (DAGSCHED_RUN (run));
  g_assert_cmpfloat (dagsched_progress_estimate (progress, 0), <, 0);

  for (guint i = 0; i < 4; i++) /* two at once */
    {
      fake_run_start (run, tests[i], 1);
      dagsched_progress_start (progress, tests[i], 1, SECOND + i / 2 * 10 * SECOND);
      fake_run_finish (run, tests[i], &passed, 0);
      dagsched_progress_finish (progress, tests[i], SECOND + (i / 2 + 1) * 10 * SECOND);
    }
  g_assert_cmpfloat_with_epsilon (dagsched_progress_estimate (progress, 21 * SECOND), 30, 0.001);

  fake_run_start (run, tests[4], 1);
  dagsched_progress_start (progress, tests[4], 1, 21 * SECOND);
  g_assert_cmpfloat_with_epsilon (dagsched_progress_estimate (progress, 21 * SECOND), 30, 0.001);

  dagsched_progress_free (progress);
}

/* What is painted, as it looks. */
static void
test_progress_lines (void)
{
  static const guint sizes[][2] = { { 20, 24 }, { 40, 24 }, { 80, 24 }, { 200, 24 }, { 80, 5 }, { 80, 9 } };
  const FakeAttempt attempts[] = {
    { DAGSCHED_OUTCOME_PASSED, 10 },           { DAGSCHED_OUTCOME_FAILED, 10 },
    { DAGSCHED_OUTCOME_SKIPPED, 0 },           { DAGSCHED_OUTCOME_PASSED, 10 },
    { DAGSCHED_OUTCOME_EXPECTED_FAILURE, 10 },
  };
  g_autoptr (FakeRun) run = fake_run_new ("demo");
  g_autoptr (GString) text = g_string_new (NULL);
  DagschedProgress *progress;
  DagschedTest *tests[20];

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *name = g_strdup_printf ("suite/テスト/with-a-name-that-is-long/%u", i);

      tests[i] = fake_run_add (run, i == 7 ? "short" : name, NULL);
    }
  progress = dagsched_progress_new (DAGSCHED_RUN (run));
  for (guint i = 0; i < 13; i++)
    {
      fake_run_start (run, tests[i], 1 + i % 2);
      dagsched_progress_start (progress, tests[i], 1 + i % 2, (1 + i) * 10 * SECOND);
      if (i < G_N_ELEMENTS (attempts))
        {
          fake_run_finish (run, tests[i], &attempts[i], 0);
          dagsched_progress_finish (progress, tests[i], (2 + i) * 10 * SECOND);
        }
    }

  for (guint i = 0; i < G_N_ELEMENTS (sizes) * 2; i++)
    {
      const guint *size = sizes[i / 2];
      DagschedStyle style = { .unicode = i % 2 == 0 };
      g_autoptr (GPtrArray) lines =
        dagsched_progress_dup_lines (progress, &style, size[0], size[1], 150 * SECOND);

      g_string_append_printf (text, "%u × %u:\n", size[0], size[1]);
      for (guint j = 0; j < lines->len; j++)
        {
          g_assert_cmpuint (dagsched_text_get_columns (lines->pdata[j]), <, size[0]);
          g_string_append_printf (text, "%s\n", (char *) lines->pdata[j]);
        }
    }
  assert_golden ("progress.txt", text->str);

  dagsched_progress_free (progress);
}

/* The source is in the context in which the signals come, and gone with the reporter. */
static void
test_source (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (FakeRun) run = fake_run_new ("demo");
  DagschedTerminalReporter *reporter = dagsched_terminal_reporter_new (stream);
  DagschedTest *test = fake_run_add (run, "a", NULL);

  dagsched_terminal_reporter_set_interactive (reporter, TRUE);
  g_assert_true (dagsched_reporter_begin (DAGSCHED_REPORTER (reporter), DAGSCHED_RUN (run), NULL));
  g_main_context_push_thread_default (context);
  fake_run_start (run, test, 1);
  while (g_memory_output_stream_get_data_size (G_MEMORY_OUTPUT_STREAM (stream)) == 0)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);

  g_object_unref (reporter);
  fake_run_start (run, test, 2);
  g_assert_false (g_main_context_pending (context));
}

static void
test_closed_pipe (void)
{
  int fds[2];
  g_autoptr (GOutputStream) stream = NULL;
  g_autoptr (DagschedTerminalReporter) reporter = NULL;
  g_autoptr (FakeRun) run = fake_run_new_of_everything ();
  g_autoptr (GError) error = NULL;

  signal (SIGPIPE, SIG_IGN);
  g_assert_cmpint (pipe (fds), ==, 0);
  close (fds[0]);
  stream = g_unix_output_stream_new (fds[1], TRUE);
  reporter = dagsched_terminal_reporter_new (stream);
  g_assert_true (dagsched_reporter_begin (DAGSCHED_REPORTER (reporter), DAGSCHED_RUN (run), &error));
  fake_run_carry_out_everything (run);
  g_assert_false (dagsched_reporter_end (DAGSCHED_REPORTER (reporter), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
}

/* What is offered can be pasted into a shell, and names each test once. */
static void
test_rerun (void)
{
  static const char *const names[] = { "a/b", "it's a name", "a/b" };
  const FakeAttempt failed = { DAGSCHED_OUTCOME_FAILED, 0.1 };
  g_autoptr (Terminal) terminal = terminal_new (fake_run_new ("demo"), FALSE);
  g_autofree char *text = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    fake_run_add (terminal->run, names[i], NULL);
  dagsched_test_set_repetition (get_test (terminal, 0), 1);
  dagsched_test_set_repetition (get_test (terminal, 2), 2);
  dagsched_terminal_reporter_set_rerun_command (terminal->reporter, "dagsched run demo");
  terminal_begin (terminal);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      fake_run_start (terminal->run, get_test (terminal, i), 1);
      fake_run_finish (terminal->run, get_test (terminal, i), &failed, 0);
    }
  fake_run_end (terminal->run, DAGSCHED_VERDICT_FAILURE, NULL, 1);
  terminal_end (terminal);
  text = terminal_read (terminal);
  g_assert_nonnull (strstr (
    text, "  failed     a/b#2\n  To run them again: dagsched run demo -k a/b -k 'it'\\''s a name'\n"));
}

static void
test_incomplete (void)
{
  g_autoptr (Terminal) terminal = terminal_new (fake_run_new ("demo"), FALSE);
  g_autofree char *text = NULL;

  terminal_begin (terminal);
  fake_run_end (terminal->run, DAGSCHED_VERDICT_INCOMPLETE, "run.jsonl: no space left on device", 1);
  terminal_end (terminal);
  text = terminal_read (terminal);
  g_assert_cmpstr (text, ==,
                   "\nThe run could not be completed: run.jsonl: no space left on device\n"
                   "INCOMPLETE: no tests in 1.00s\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/terminal/golden", NULL, test_golden);
  g_test_add_func ("/terminal/no-output", test_no_output);
  g_test_add_func ("/terminal/color", test_color);
  g_test_add_func ("/terminal/widths", test_widths);
  g_test_add_data_func ("/terminal/painting/20", GUINT_TO_POINTER (20), test_painting);
  g_test_add_data_func ("/terminal/painting/40", GUINT_TO_POINTER (40), test_painting);
  g_test_add_data_func ("/terminal/painting/80", GUINT_TO_POINTER (80), test_painting);
  g_test_add_data_func ("/terminal/painting/200", GUINT_TO_POINTER (200), test_painting);
  g_test_add_func ("/terminal/repaint-rate", test_repaint_rate);
  g_test_add_func ("/terminal/failure-is-prompt", test_failure_is_prompt);
  g_test_add_func ("/terminal/note", test_note);
  g_test_add_func ("/terminal/slow", test_slow);
  g_test_add_func ("/terminal/estimate", test_estimate);
  g_test_add_func ("/terminal/progress-lines", test_progress_lines);
  g_test_add_func ("/terminal/source", test_source);
  g_test_add_func ("/terminal/closed-pipe", test_closed_pipe);
  g_test_add_func ("/terminal/rerun", test_rerun);
  g_test_add_func ("/terminal/incomplete", test_incomplete);

  return g_test_run ();
}
