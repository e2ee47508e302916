/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-timeline-model-private.h"

#include <math.h>

#include "base/dagsched-gtk-span-feed-private.h"

struct _DagschedGtkTimelineModel
{
  GObject parent_instance;

  DagschedGtkRunTable *table;
  DagschedGtkSpanFeed feed;
  gboolean has_read;  /* an attempt */
  GPtrArray *workers; /* of DagschedWorker */
  GPtrArray *lanes;   /* of DagschedGtkSpans, beside workers */
  GListModel *worker_list;
};

enum
{
  CHANGED,
  RESET,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DagschedGtkTimelineModel, dagsched_gtk_timeline_model, G_TYPE_OBJECT)

static void
add_span (guint number, const DagschedSpan *span, gpointer data)
{
  DagschedGtkTimelineModel *self = data;

  self->has_read = TRUE;
  if (span->worker >= self->lanes->len)
    return;

  dagsched_gtk_spans_add (g_ptr_array_index (self->lanes, span->worker),
                          &(DagschedGtkSpan){
                            .start = span->start,
                            .end = span->start + span->duration,
                            .test = number,
                            .attempt = (guint16) MIN (span->attempt, G_MAXUINT16),
                            .look = dagsched_gtk_look_of (DAGSCHED_STATE_FINISHED, span->outcome),
                            .will_retry = span->will_retry,
                          });
}

static void
fill_lanes (DagschedGtkTimelineModel *self)
{
  g_ptr_array_set_size (self->workers, 0);
  g_ptr_array_set_size (self->lanes, 0);
  for (guint i = 0; i < g_list_model_get_n_items (self->worker_list); i++)
    {
      g_ptr_array_add (self->workers, g_list_model_get_item (self->worker_list, i));
      g_ptr_array_add (self->lanes, dagsched_gtk_spans_new ());
    }
}

static void
fill (DagschedGtkTimelineModel *self)
{
  fill_lanes (self);
  self->has_read = FALSE;
  dagsched_gtk_span_feed_reset (&self->feed, self->table);
  for (guint i = 0; i < self->table->n_tests; i++)
    dagsched_gtk_span_feed_read (&self->feed, self->table, i, add_span, self);
}

static void
on_changed (DagschedGtkTimelineModel *self, GArray *numbers)
{
  for (guint i = 0; i < numbers->len; i++)
    dagsched_gtk_span_feed_read (&self->feed, self->table, g_array_index (numbers, guint32, i), add_span,
                                 self);

  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_reset (DagschedGtkTimelineModel *self)
{
  fill (self);
  g_signal_emit (self, signals[RESET], 0);
}

/* They come one by one, before anything has run. */
static void
on_workers_changed (DagschedGtkTimelineModel *self)
{
  if (self->has_read)
    fill (self);
  else
    fill_lanes (self);
  g_signal_emit (self, signals[RESET], 0);
}

static void
watch_workers (DagschedGtkTimelineModel *self)
{
  GListModel *list = dagsched_run_get_workers (self->table->run);

  if (list == self->worker_list)
    return;

  if (self->worker_list != NULL)
    g_signal_handlers_disconnect_by_func (self->worker_list, on_workers_changed, self);
  g_set_object (&self->worker_list, list);
  g_signal_connect_object (list, "items-changed", G_CALLBACK (on_workers_changed), self, G_CONNECT_SWAPPED);
}

static void
on_workers_replaced (DagschedGtkTimelineModel *self)
{
  watch_workers (self);
  on_reset (self);
}

static void
dagsched_gtk_timeline_model_finalize (GObject *object)
{
  DagschedGtkTimelineModel *self = DAGSCHED_GTK_TIMELINE_MODEL (object);

  dagsched_gtk_span_feed_clear (&self->feed);
  g_ptr_array_unref (self->workers);
  g_ptr_array_unref (self->lanes);
  g_clear_object (&self->worker_list);
  g_clear_object (&self->table);

  G_OBJECT_CLASS (dagsched_gtk_timeline_model_parent_class)->finalize (object);
}

static void
dagsched_gtk_timeline_model_class_init (DagschedGtkTimelineModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dagsched_gtk_timeline_model_finalize;

  signals[CHANGED] = g_signal_new ("changed", DAGSCHED_GTK_TYPE_TIMELINE_MODEL, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[RESET] = g_signal_new ("reset", DAGSCHED_GTK_TYPE_TIMELINE_MODEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
dagsched_gtk_timeline_model_init (DagschedGtkTimelineModel *self)
{
  self->workers = g_ptr_array_new_with_free_func (g_object_unref);
  self->lanes = g_ptr_array_new_with_free_func ((GDestroyNotify) dagsched_gtk_spans_free);
}

DagschedGtkTimelineModel *
dagsched_gtk_timeline_model_new (DagschedRun *run)
{
  DagschedGtkTimelineModel *self = g_object_new (DAGSCHED_GTK_TYPE_TIMELINE_MODEL, NULL);

  self->table = dagsched_gtk_run_table_get (run);
  g_signal_connect_object (self->table, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->table, "reset", G_CALLBACK (on_reset), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "notify::workers", G_CALLBACK (on_workers_replaced), self, G_CONNECT_SWAPPED);
  watch_workers (self);
  fill (self);

  return self;
}

DagschedRun *
dagsched_gtk_timeline_model_get_run (DagschedGtkTimelineModel *self)
{
  return self->table->run;
}

DagschedGtkRunTable *
dagsched_gtk_timeline_model_get_table (DagschedGtkTimelineModel *self)
{
  return self->table;
}

guint
dagsched_gtk_timeline_model_get_n_lanes (DagschedGtkTimelineModel *self)
{
  return self->lanes->len;
}

DagschedGtkSpans *
dagsched_gtk_timeline_model_get_spans (DagschedGtkTimelineModel *self, guint lane)
{
  return g_ptr_array_index (self->lanes, lane);
}

DagschedWorker *
dagsched_gtk_timeline_model_get_worker (DagschedGtkTimelineModel *self, guint lane)
{
  return g_ptr_array_index (self->workers, lane);
}

double
dagsched_gtk_timeline_model_get_running_since (DagschedGtkTimelineModel *self, guint lane)
{
  DagschedWorker *worker = dagsched_gtk_timeline_model_get_worker (self, lane);

  if (dagsched_worker_get_test (worker) == NULL)
    return NAN;

  /* It is told a little late, and the attempt before it had not ended by then. */
  return MAX (dagsched_worker_get_since (worker),
              dagsched_gtk_spans_get_end (dagsched_gtk_timeline_model_get_spans (self, lane)));
}

double
dagsched_gtk_timeline_model_get_lane_busy (DagschedGtkTimelineModel *self, guint lane, double from, double to)
{
  double since = dagsched_gtk_timeline_model_get_running_since (self, lane);
  double busy = dagsched_gtk_spans_get_busy (dagsched_gtk_timeline_model_get_spans (self, lane), from, to);

  if (!isnan (since))
    busy += MAX (MIN (to, dagsched_run_get_elapsed (self->table->run)) - MAX (from, since), 0);

  return busy;
}

double
dagsched_gtk_timeline_model_get_busy (DagschedGtkTimelineModel *self, double from, double to)
{
  double busy = 0;

  for (guint i = 0; i < self->lanes->len; i++)
    busy += dagsched_gtk_timeline_model_get_lane_busy (self, i, from, to);

  return busy;
}
