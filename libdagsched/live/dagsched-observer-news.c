/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the reader brings is shown, a little at a time. */
#include "live/dagsched-observer-private.h"

#include "model/dagsched-test-private.h"

/* A dispatch takes no longer, so that windows are drawn in between. */
#define BUDGET 2000 /* µs */

void
dagsched_observer_clear_cursor (DagschedObserver *self)
{
  g_clear_pointer (&self->cursor.news, dagsched_live_news_free);
  self->cursor = (DagschedObserverCursor){ 0 };
}

static void
tell_progress (DagschedObserver *self)
{
  dagsched_run_emit_tests_changed (DAGSCHED_RUN (self), self->changed);
  dagsched_run_notify_progress (DAGSCHED_RUN (self), &self->seen);
}

static void
end_run (DagschedObserver *self,
         DagschedVerdict verdict,
         const char *problem,
         double elapsed,
         const char *stall)
{
  self->elapsed = elapsed;
  self->verdict = verdict;
  self->problem = g_strdup (problem);
  tell_progress (self);
  if (stall != NULL)
    dagsched_run_emit_stalled (DAGSCHED_RUN (self), stall);
  dagsched_run_emit_finished (DAGSCHED_RUN (self));
}

static char *
dup_lost_problem (DagschedObserver *self, const GError *error)
{
  g_autofree char *where = NULL;

  if (self->known.log_path != NULL)
    where = g_strdup_printf ("what it did until then is in its log, %s", self->known.log_path);
  else
    where = g_strdup ("it wrote no log");

  if (error != NULL)
    return g_strdup_printf ("the connection to the run was lost: %s; %s", error->message, where);

  return g_strdup_printf ("the connection to the run was lost: process %d died or stopped being watched; %s",
                          (int) self->known.pid, where);
}

static gboolean
show_lost (DagschedObserver *self, gint64 deadline_us)
{
  g_autofree char *problem = NULL;

  if (!self->lost)
    {
      self->lost = TRUE;
      dagsched_observer_notify_connected (self);
    }
  if (self->verdict == DAGSCHED_VERDICT_NONE)
    {
      if (!dagsched_observer_give_up (self, &self->cursor.next, deadline_us))
        return FALSE;
      problem = dup_lost_problem (self, self->cursor.news->error);
      end_run (self, DAGSCHED_VERDICT_INCOMPLETE, problem, dagsched_observer_count_elapsed (self), NULL);
    }

  dagsched_observer_turn_to_log (self);
  return TRUE;
}

static void
show_info (DagschedObserver *self, const DagschedLiveNews *news)
{
  gint64 started_at = news->known.started_at;

  /* The state that follows says it too, and says what stands then. */
  if (self->started_at == 0 && started_at != 0 && self->n_in_state[DAGSCHED_STATE_PENDING] == self->n_tests)
    self->started_at = started_at;
}

/* TRUE: all of it is shown. */
static gboolean
show (DagschedObserver *self, gint64 deadline_us)
{
  DagschedLiveNews *news = self->cursor.news;

  switch (news->kind)
    {
    case DAGSCHED_LIVE_NEWS_INFO:
      show_info (self, news);
      return TRUE;
    case DAGSCHED_LIVE_NEWS_CHANGES:
      return self->verdict != DAGSCHED_VERDICT_NONE ||
             dagsched_observer_apply (self, &self->cursor, deadline_us);
    case DAGSCHED_LIVE_NEWS_OUTPUT:
      dagsched_test_output (self->tests[news->number], news->bytes, news->n_written, news->is_error);
      return TRUE;
    case DAGSCHED_LIVE_NEWS_DETAILS:
      dagsched_observer_take_details (self, news);
      return TRUE;
    case DAGSCHED_LIVE_NEWS_WRITTEN:
      dagsched_observer_take_written (self, news);
      return TRUE;
    case DAGSCHED_LIVE_NEWS_END:
      if (self->verdict == DAGSCHED_VERDICT_NONE)
        end_run (self, news->end.verdict, news->end.problem, news->end.elapsed, news->end.stall);
      return TRUE;
    case DAGSCHED_LIVE_NEWS_LOST:
      return show_lost (self, deadline_us);
    case DAGSCHED_LIVE_NEWS_BUILT:
    case DAGSCHED_LIVE_NEWS_FAILED:
    default:
      g_assert_not_reached ();
    }
}

void
dagsched_observer_show_news (DagschedObserver *self)
{
  gint64 deadline_us = g_get_monotonic_time () + BUDGET;

  self->wants_changes = dagsched_run_wants_changes (DAGSCHED_RUN (self));
  while (self->reader != NULL)
    {
      if (self->cursor.news == NULL)
        self->cursor.news = dagsched_live_reader_take (self->reader);
      if (self->cursor.news == NULL)
        break;
      if (show (self, deadline_us))
        dagsched_observer_clear_cursor (self);
      if (g_get_monotonic_time () > deadline_us)
        {
          if (self->reader != NULL)
            dagsched_live_reader_wake (self->reader);
          break;
        }
    }

  tell_progress (self);
}
