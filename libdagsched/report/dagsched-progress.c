/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "report/dagsched-progress-private.h"

#include "report/dagsched-causes-private.h"

#define MAX_RUNNING_LINES 6
#define MAX_BAR 30
#define MIN_BAR 8

typedef struct
{
  DagschedTest *test; /* not owned: the run holds it */
  gint64 since;
  guint attempt;
  gboolean slow; /* it has been said */
} Running;

struct _DagschedProgress
{
  DagschedRun *run; /* not owned */
  DagschedTally tally;
  GHashTable *finished; /* set of DagschedTest */
  GQueue running;       /* of Running, in the order in which they started */
  GHashTable *links;    /* DagschedTest → its GList in running */
  gint64 started;       /* 0: nothing has */
  gint64 next_slow;

  double expected_left; /* seconds: of unfinished tests whose duration is expected */
  guint n_unknown_left; /* unfinished tests of which nothing is */
  guint n_measured;     /* finished ones that ran */
};

/* 0: not known */
static double
get_expected (DagschedTest *test)
{
  double seconds = dagsched_test_get_expected_duration (test);

  return seconds > 0 ? seconds : dagsched_test_get_weight (test);
}

static void
expect (DagschedProgress *self, DagschedTest *test, int sign)
{
  double seconds = get_expected (test);

  if (seconds > 0)
    self->expected_left = MAX (0, self->expected_left + sign * seconds);
  else
    self->n_unknown_left += sign;
}

DagschedProgress *
dagsched_progress_new (DagschedRun *run)
{
  DagschedProgress *self = g_new0 (DagschedProgress, 1);
  GListModel *tests = dagsched_run_get_tests (run);

  self->run = run;
  self->finished = g_hash_table_new (NULL, NULL);
  self->links = g_hash_table_new (NULL, NULL);
  self->next_slow = G_MAXINT64;
  g_queue_init (&self->running);

  self->tally.n_tests = g_list_model_get_n_items (tests);
  for (guint i = 0; i < self->tally.n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      expect (self, test, 1);
    }

  return self;
}

void
dagsched_progress_free (DagschedProgress *self)
{
  g_queue_clear_full (&self->running, g_free);
  g_hash_table_unref (self->links);
  g_hash_table_unref (self->finished);
  g_free (self);
}

const DagschedTally *
dagsched_progress_get_tally (DagschedProgress *self)
{
  return &self->tally;
}

static void
drop_running (DagschedProgress *self, DagschedTest *test)
{
  GList *link = g_hash_table_lookup (self->links, test);

  if (link == NULL)
    return;

  g_hash_table_remove (self->links, test);
  g_free (link->data);
  g_queue_delete_link (&self->running, link);
}

void
dagsched_progress_start (DagschedProgress *self, DagschedTest *test, guint attempt, gint64 now)
{
  double slow_after = dagsched_test_get_slow_after (test);
  Running *running;

  if (g_hash_table_contains (self->finished, test))
    return;

  drop_running (self, test);
  running = g_new0 (Running, 1);
  running->test = test;
  running->since = now;
  running->attempt = attempt;
  g_queue_push_tail (&self->running, running);
  g_hash_table_insert (self->links, test, self->running.tail);

  if (self->started == 0)
    self->started = now;
  if (slow_after > 0)
    self->next_slow = MIN (self->next_slow, now + (gint64) (MIN (slow_after, 1e9) * G_USEC_PER_SEC));
}

gboolean
dagsched_progress_finish (DagschedProgress *self, DagschedTest *test, gint64 now)
{
  if (!g_hash_table_add (self->finished, test))
    return FALSE;

  if (self->started == 0)
    self->started = now;
  drop_running (self, test);
  dagsched_tally_add (&self->tally, test);
  expect (self, test, -1);
  if (dagsched_test_get_n_attempts (test) > 0)
    self->n_measured++;

  return TRUE;
}

gboolean
dagsched_progress_is_active (DagschedProgress *self)
{
  return self->started != 0 && self->tally.n_finished < self->tally.n_tests;
}

/* Between two attempts a test is not running. */
static gboolean
is_running (const Running *running)
{
  return dagsched_test_get_state (running->test) == DAGSCHED_STATE_RUNNING;
}

gint64
dagsched_progress_get_next_slow (DagschedProgress *self)
{
  return self->next_slow;
}

GPtrArray *
dagsched_progress_take_slow (DagschedProgress *self, gint64 now)
{
  GPtrArray *slow = g_ptr_array_new ();

  if (now < self->next_slow)
    return slow;

  self->next_slow = G_MAXINT64;
  for (GList *l = self->running.head; l != NULL; l = l->next)
    {
      Running *running = l->data;
      double slow_after = dagsched_test_get_slow_after (running->test);
      gint64 due = running->since + (gint64) (MIN (slow_after, 1e9) * G_USEC_PER_SEC);

      if (slow_after <= 0 || running->slow || !is_running (running))
        continue;
      if (due > now)
        {
          self->next_slow = MIN (self->next_slow, due);
          continue;
        }
      running->slow = TRUE;
      g_ptr_array_add (slow, running->test);
    }

  return slow;
}

static double
to_seconds (gint64 microseconds)
{
  return (double) microseconds / G_USEC_PER_SEC;
}

/* What is left is worked off as fast as what is done was: that many at once. */
double
dagsched_progress_estimate (DagschedProgress *self, gint64 now)
{
  double elapsed = to_seconds (now - self->started), mean, left, at_once, busy = self->tally.busy,
         longest = 0;
  double running_known = 0;

  if (self->started == 0 || elapsed < 2 || self->n_measured == 0 ||
      (self->n_unknown_left > 0 && self->n_measured < 3))
    return -1;

  mean = self->tally.busy / self->n_measured;
  left = self->expected_left + self->n_unknown_left * mean;
  for (GList *l = self->running.head; l != NULL; l = l->next)
    {
      const Running *running = l->data;
      double expected = get_expected (running->test), ran = to_seconds (now - running->since);

      if (!is_running (running))
        continue;
      if (expected <= 0)
        expected = mean;
      busy += ran;
      running_known += MIN (ran, expected);
      longest = MAX (longest, expected - ran);
    }

  at_once = MAX (1, busy / elapsed);

  return MAX (longest, MAX (0, left - running_known) / at_once);
}

static void
append_estimate (DagschedProgress *self, GString *out, gint64 now)
{
  double seconds = dagsched_progress_estimate (self, now);

  if (seconds < 1)
    return;

  if (seconds > 120)
    seconds = (double) ((gint64) (seconds / 60 + 0.5)) * 60;
  else if (seconds > 20)
    seconds = (double) ((gint64) (seconds / 5 + 0.5)) * 5;
  if (out->len > 0)
    g_string_append (out, ", ");
  g_string_append (out, "about ");
  dagsched_text_append_elapsed (out, seconds);
  g_string_append (out, " left");
}

/* How much is said beside the count, the fuller the lower. */
enum
{
  DETAIL_ALL,
  DETAIL_NO_ESTIMATE,
  DETAIL_ONLY_TALLY,
  DETAIL_ONLY_FAILURES,
  DETAIL_NOTHING
};

static char *
dup_detail (DagschedProgress *self, const DagschedStyle *style, gint64 now, int detail)
{
  const DagschedTally failures = { .n_failures = self->tally.n_failures };
  GString *out = g_string_new (NULL);

  if (detail < DETAIL_ONLY_TALLY)
    dagsched_text_append_elapsed (out, to_seconds (now - self->started));
  if (detail < DETAIL_NOTHING)
    dagsched_tally_append_brief (detail == DETAIL_ONLY_FAILURES ? &failures : &self->tally, style, out);
  if (detail < DETAIL_NO_ESTIMATE)
    append_estimate (self, out, now);

  return g_string_free (out, FALSE);
}

static void
append_bar (DagschedProgress *self, const DagschedStyle *style, GString *out, guint columns)
{
  guint n_done =
    self->tally.n_tests == 0
      ? columns
      : (guint64) columns * MIN (self->tally.n_finished, self->tally.n_tests) / self->tally.n_tests;
  g_autoptr (GString) done = g_string_new (NULL);
  g_autoptr (GString) rest = g_string_new (NULL);

  for (guint i = 0; i < columns; i++)
    {
      if (i < n_done)
        g_string_append (done, style->unicode ? "━" : "#");
      else
        g_string_append (rest, style->unicode ? "─" : ".");
    }
  dagsched_style_append (style, out, self->tally.n_failures > 0 ? DAGSCHED_TONE_BAD : DAGSCHED_TONE_GOOD,
                         done->str);
  dagsched_style_append (style, out, DAGSCHED_TONE_FAINT, rest->str);
}

static char *
dup_first_line (DagschedProgress *self, const DagschedStyle *style, guint columns, gint64 now)
{
  GString *out = g_string_new (NULL);
  g_autofree char *total = g_strdup_printf ("%u", self->tally.n_tests);
  g_autofree char *detail = NULL;
  guint used;

  g_string_append_printf (out, "%*u/%s", (int) strlen (total), self->tally.n_finished, total);
  for (int i = DETAIL_ALL; i <= DETAIL_NOTHING; i++)
    {
      g_free (detail);
      detail = dup_detail (self, style, now, i);
      used = out->len + (*detail != '\0' ? 2 : 0) + dagsched_text_get_columns (detail);
      if (used < columns)
        break;
    }

  if (used + 2 + MIN_BAR < columns)
    {
      g_string_append (out, "  ");
      append_bar (self, style, out, MIN (MAX_BAR, columns - 1 - used - 2));
    }
  if (*detail != '\0')
    g_string_append_printf (out, "  %s", detail);
  if (used >= columns)
    g_string_truncate (out, columns - 1);

  return g_string_free (out, FALSE);
}

static char *
dup_running_line (const Running *running, const DagschedStyle *style, guint columns, gint64 now)
{
  g_autoptr (GString) elapsed = g_string_new (NULL);
  g_autoptr (GString) attempt = g_string_new (NULL);
  g_autofree char *name = dagsched_causes_dup_name (running->test);
  g_autofree char *padded = NULL;
  GString *out = g_string_new (NULL);
  guint used;

  dagsched_text_append_elapsed (elapsed, to_seconds (now - running->since));
  padded = g_strdup_printf ("%8s  ", elapsed->str);
  if (running->attempt > 1 && columns >= 40)
    g_string_append_printf (attempt, " (attempt %u)", running->attempt);
  used = strlen (padded) + attempt->len;

  if (used + 1 >= columns)
    {
      dagsched_text_append_end (out, name, columns - 1, dagsched_style_get_text_flags (style));
      return g_string_free (out, FALSE);
    }
  dagsched_style_append (style, out, running->slow ? DAGSCHED_TONE_WARNING : DAGSCHED_TONE_PLAIN, padded);
  dagsched_text_append_end (out, name, columns - 1 - used, dagsched_style_get_text_flags (style));
  g_string_append (out, attempt->str);

  return g_string_free (out, FALSE);
}

GPtrArray *
dagsched_progress_dup_lines (DagschedProgress *self,
                             const DagschedStyle *style,
                             guint columns,
                             guint rows,
                             gint64 now)
{
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) running = g_ptr_array_new ();
  guint max_lines = MIN (MAX_RUNNING_LINES, rows / 3 > 0 ? rows / 3 - 1 : 0), n_shown;

  columns = MAX (columns, 2);
  g_ptr_array_add (lines, dup_first_line (self, style, columns, now));
  for (GList *l = self->running.head; l != NULL; l = l->next)
    {
      if (is_running (l->data))
        g_ptr_array_add (running, l->data);
    }

  n_shown = running->len <= max_lines ? running->len : MAX (max_lines, 1) - 1;
  for (guint i = 0; i < n_shown; i++)
    g_ptr_array_add (lines, dup_running_line (running->pdata[i], style, columns, now));
  if (n_shown < running->len && max_lines > 0 && columns > 30)
    g_ptr_array_add (lines, g_strdup_printf ("%8s  and %u more", "", running->len - n_shown));

  return lines;
}
