/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-feed-private.h"

#include <string.h>

#include "live/dagsched-live-encode-private.h"
#include "live/dagsched-live-link-private.h"
#include "run/dagsched-worker.h"

/* A frame begins no further test from there on: one test more always fits. */
#define FRAME_FULL (DAGSCHED_LIVE_MAX_PAYLOAD - MAX_REASON - (MAX_NEW_SPANS + 2) * sizeof (DagschedLiveSpan))
#define MAX_REASON (8u * 1024)
#define MAX_NEW_SPANS 512u /* of one test in a frame: what came before is left out */
#define MAX_WORKERS 256u   /* in a frame */
#define MAX_SPANS (1u << 20)

/* The last attempt of a test that was told of. */
typedef struct
{
  double start;
  guint32 attempt; /* 0: none */
  guint32 noted;   /* the number of what is taken next, if the test is in it */
} Told;

/* What one frame or document is made of. */
typedef struct
{
  GArray *spans;
  GArray *workers;
  GArray *tests;
  GByteArray *texts;
  GArray *reversed; /* of DagschedLiveSpan: scratch */
} Sheet;

struct _DagschedLiveFeed
{
  DagschedRun *run;
  GListModel *tests;   /* not owned */
  GListModel *workers; /* not owned */
  guint32 n_tests;
  gint64 started_us;

  Told *told;
  GArray *noted; /* of guint32 */
  guint32 taking;
  DagschedLiveWorker *lanes; /* as they were told of */
  Sheet sheet;               /* of changes: kept, as each needs about as much as the last */
};

static void
sheet_init (Sheet *self)
{
  self->spans = g_array_new (FALSE, FALSE, sizeof (DagschedLiveSpan));
  self->workers = g_array_new (FALSE, FALSE, sizeof (DagschedLiveWorker));
  self->tests = g_array_new (FALSE, FALSE, sizeof (DagschedLiveTest));
  self->texts = g_byte_array_new ();
  self->reversed = g_array_new (FALSE, FALSE, sizeof (DagschedLiveSpan));
}

static void
sheet_clear (Sheet *self)
{
  g_array_unref (self->spans);
  g_array_unref (self->workers);
  g_array_unref (self->tests);
  g_byte_array_unref (self->texts);
  g_array_unref (self->reversed);
}

static void
sheet_empty (Sheet *self)
{
  g_array_set_size (self->spans, 0);
  g_array_set_size (self->workers, 0);
  g_array_set_size (self->tests, 0);
  g_byte_array_set_size (self->texts, 0);
}

static gsize
sheet_get_size (const Sheet *self)
{
  return sizeof (DagschedLiveChangesHeader) + self->spans->len * sizeof (DagschedLiveSpan) +
         self->workers->len * sizeof (DagschedLiveWorker) + self->tests->len * sizeof (DagschedLiveTest) +
         self->texts->len;
}

/* Its time stood: for those who count for themselves it began later. */
static void
forget_start (DagschedLiveFeed *self)
{
  self->started_us = 0;
}

DagschedLiveFeed *
dagsched_live_feed_new (DagschedRun *run)
{
  DagschedLiveFeed *self = g_new0 (DagschedLiveFeed, 1);
  guint n_workers;

  self->run = g_object_ref (run);
  self->tests = dagsched_run_get_tests (run);
  self->workers = dagsched_run_get_workers (run);
  self->n_tests = g_list_model_get_n_items (self->tests);
  self->told = g_new0 (Told, MAX (self->n_tests, 1));
  self->noted = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->taking = 1;
  n_workers = g_list_model_get_n_items (self->workers);
  self->lanes = g_new0 (DagschedLiveWorker, MAX (n_workers, 1));
  for (guint i = 0; i < n_workers; i++)
    self->lanes[i] = (DagschedLiveWorker){ .number = i, .test = DAGSCHED_RUN_NO_TEST };
  sheet_init (&self->sheet);
  g_signal_connect_swapped (run, "notify::paused", G_CALLBACK (forget_start), self);
  return self;
}

void
dagsched_live_feed_free (DagschedLiveFeed *self)
{
  g_signal_handlers_disconnect_by_data (self->run, self);
  g_object_unref (self->run);
  g_free (self->told);
  g_array_unref (self->noted);
  g_free (self->lanes);
  sheet_clear (&self->sheet);
  g_free (self);
}

void
dagsched_live_feed_note (DagschedLiveFeed *self, GArray *numbers)
{
  for (guint i = 0; i < numbers->len; i++)
    {
      guint32 number = g_array_index (numbers, guint32, i);

      if (self->told[number].noted == self->taking)
        continue;
      self->told[number].noted = self->taking;
      g_array_append_val (self->noted, number);
    }
}

guint
dagsched_live_feed_count_noted (DagschedLiveFeed *self)
{
  return self->noted->len;
}

/* A run that has ended tells how long it took; only one that goes on tells when it began. */
static gint64
get_started_us (DagschedLiveFeed *self)
{
  if (self->started_us == 0 && dagsched_run_get_started_at (self->run) != 0 &&
      dagsched_run_get_verdict (self->run) == DAGSCHED_VERDICT_NONE)
    self->started_us =
      MAX (g_get_monotonic_time () - (gint64) (dagsched_run_get_elapsed (self->run) * G_USEC_PER_SEC), 1);

  return self->started_us;
}

static DagschedLiveChangesHeader
make_header (DagschedLiveFeed *self, const Sheet *sheet)
{
  return (DagschedLiveChangesHeader){
    .started_us = get_started_us (self),
    .started_at = dagsched_run_get_started_at (self->run),
    .n_spans = sheet->spans->len,
    .n_workers = sheet->workers->len,
    .n_tests = sheet->tests->len,
    .text_size = sheet->texts->len,
  };
}

/* The newest come first from the run, and last on the sheet. */
static guint32
add_spans (DagschedLiveFeed *self, Sheet *sheet, guint32 number, const Told *told, guint limit)
{
  DagschedSpan span;

  g_array_set_size (sheet->reversed, 0);
  for (guint i = 0; i < limit && dagsched_run_get_span (self->run, number, i, &span); i++)
    {
      const DagschedLiveSpan record = {
        .start = span.start,
        .duration = span.duration,
        .attempt = span.attempt,
        .worker = span.worker,
        .outcome = (guint8) span.outcome,
        .will_retry = (guint8) span.will_retry,
      };

      if (told != NULL && told->attempt == span.attempt && told->start == span.start)
        break;
      g_array_append_val (sheet->reversed, record);
    }

  for (guint i = sheet->reversed->len; i > 0; i--)
    g_array_append_val (sheet->spans, g_array_index (sheet->reversed, DagschedLiveSpan, i - 1));
  return sheet->reversed->len;
}

static void
add_test (DagschedLiveFeed *self, Sheet *sheet, guint32 number, guint32 n_spans)
{
  g_autoptr (DagschedTest) test = g_list_model_get_item (self->tests, number);
  DagschedTest *blocked_by = dagsched_test_get_blocked_by (test);
  const DagschedLiveTest record = {
    .number = number,
    .n_attempts = dagsched_test_get_n_attempts (test),
    .blocked_by = blocked_by != NULL ? dagsched_run_find_test (self->run, blocked_by) : DAGSCHED_RUN_NO_TEST,
    .n_spans = n_spans,
    .reason_length = dagsched_live_encode_text (sheet->texts, dagsched_test_get_reason (test), MAX_REASON),
    .state = (guint8) dagsched_test_get_state (test),
    .outcome = (guint8) dagsched_test_get_outcome (test),
    .flags = (guint8) dagsched_test_get_flags (test),
  };

  g_array_append_val (sheet->tests, record);
}

static void
add_change (DagschedLiveFeed *self, Sheet *sheet, guint32 number)
{
  Told *told = &self->told[number];
  guint32 n_spans = add_spans (self, sheet, number, told, MAX_NEW_SPANS);

  if (n_spans > 0)
    {
      const DagschedLiveSpan *last = &g_array_index (sheet->spans, DagschedLiveSpan, sheet->spans->len - 1);

      told->start = last->start;
      told->attempt = last->attempt;
    }
  add_test (self, sheet, number, n_spans);
}

static DagschedLiveWorker
look_at_worker (DagschedLiveFeed *self, guint number)
{
  g_autoptr (DagschedWorker) worker = g_list_model_get_item (self->workers, number);
  DagschedTest *test = dagsched_worker_get_test (worker);

  return (DagschedLiveWorker){
    .since = dagsched_worker_get_since (worker),
    .utilization = (float) dagsched_worker_get_utilization (worker),
    .recent = (float) dagsched_worker_get_recent_utilization (worker),
    .number = number,
    .test = test != NULL ? dagsched_run_find_test (self->run, test) : DAGSCHED_RUN_NO_TEST,
    .state = dagsched_worker_get_state (worker),
  };
}

/* From worker @first on; the one to go on with. */
static guint
add_workers (DagschedLiveFeed *self, Sheet *sheet, guint first, gboolean all)
{
  guint n_workers = g_list_model_get_n_items (self->workers);
  guint i;

  for (i = first; i < n_workers && (all || sheet->workers->len < MAX_WORKERS); i++)
    {
      const DagschedLiveWorker record = look_at_worker (self, i);

      if (!all && memcmp (&record, &self->lanes[i], sizeof record) == 0)
        continue;
      if (!all)
        self->lanes[i] = record;
      g_array_append_val (sheet->workers, record);
    }

  return i;
}

static void
append (GByteArray *frame, gconstpointer data, gsize size)
{
  if (size > 0)
    g_byte_array_append (frame, data, (guint) size);
}

static GBytes *
make_frame (DagschedLiveFeed *self, const Sheet *sheet)
{
  const DagschedLiveChangesHeader header = make_header (self, sheet);
  GByteArray *frame = dagsched_live_frame_begin (DAGSCHED_LIVE_CHANGES, sheet_get_size (sheet));

  append (frame, &header, sizeof header);
  append (frame, sheet->spans->data, sheet->spans->len * sizeof (DagschedLiveSpan));
  append (frame, sheet->workers->data, sheet->workers->len * sizeof (DagschedLiveWorker));
  append (frame, sheet->tests->data, sheet->tests->len * sizeof (DagschedLiveTest));
  append (frame, sheet->texts->data, sheet->texts->len);
  return dagsched_live_frame_end (frame);
}

GPtrArray *
dagsched_live_feed_take_changes (DagschedLiveFeed *self)
{
  GPtrArray *frames = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  guint n_workers = g_list_model_get_n_items (self->workers);
  guint next = 0, next_worker = 0;
  Sheet *sheet = &self->sheet;

  while (next < self->noted->len || next_worker < n_workers)
    {
      sheet_empty (sheet);
      next_worker = add_workers (self, sheet, next_worker, FALSE);
      while (next < self->noted->len && sheet_get_size (sheet) < FRAME_FULL)
        add_change (self, sheet, g_array_index (self->noted, guint32, next++));
      if (sheet->tests->len > 0 || sheet->workers->len > 0)
        g_ptr_array_add (frames, make_frame (self, sheet));
    }

  g_array_set_size (self->noted, 0);
  self->taking++;
  return frames;
}

static void
add_array (GPtrArray *parts, GArray *array)
{
  gsize size = array->len * g_array_get_element_size (array);

  g_ptr_array_add (parts, g_bytes_new (array->data, size));
}

DagschedLiveDocument *
dagsched_live_feed_encode_state (DagschedLiveFeed *self)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  DagschedLiveChangesHeader header;
  DagschedLiveDocument *document;
  Sheet sheet;

  sheet_init (&sheet);
  add_workers (self, &sheet, 0, TRUE);
  for (guint32 i = 0; i < self->n_tests; i++)
    add_test (self, &sheet, i, add_spans (self, &sheet, i, NULL, MAX_SPANS));

  header = make_header (self, &sheet);
  g_ptr_array_add (parts, g_bytes_new (&header, sizeof header));
  add_array (parts, sheet.spans);
  add_array (parts, sheet.workers);
  add_array (parts, sheet.tests);
  g_ptr_array_add (parts, g_bytes_new (sheet.texts->data, sheet.texts->len));
  document = dagsched_live_document_new (parts);
  sheet_clear (&sheet);
  return document;
}
