/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live/dagsched-live-reader-private.h"
#include "live/dagsched-observer.h"
#include "run/dagsched-run-private.h"
#include "store/dagsched-run-log.h"

G_BEGIN_DECLS

/* The inside of an observer, for its own files. It belongs to the reader's thread until it is built, and to the
 * model thread from then on. */

/* What is shown of a test. */
typedef struct
{
  guint32 n_spans;
  guint32 last_span; /* index into spans, plus 1; 0: none */
  guint32 attempt;   /* that was started last; 0: none */
  guint32 worker;    /* that carries it out, as far as is known */
  guint8 state;
} DagschedObserverTest;

typedef struct
{
  DagschedSpan span;
  guint32 previous; /* of the same test, plus 1; 0: none */
} DagschedObserverSpan;

/* News that are being shown. */
typedef struct
{
  DagschedLiveNews *news; /* (nullable) */
  guint32 next;           /* test, or object */
  guint32 next_span;
  gsize next_text;
  gboolean begun;
} DagschedObserverCursor;

struct _DagschedObserver
{
  GObject parent_instance;

  char *path;
  DagschedLiveKnown known;

  guint32 n_tests;
  DagschedTest **tests; /* of test_list, which has the references */
  GListStore *test_list;
  guint32 n_workers;
  DagschedWorker **workers; /* likewise */
  GListStore *worker_list;
  guint32 *first_dependency; /* n_tests + 1 */
  guint32 *dependencies;     /* DAGSCHED_LIVE_PACK() */
  guint32 *first_dependent;  /* n_tests + 1 */
  guint32 *dependents;

  DagschedObserverTest *shown;
  GArray *spans; /* of DagschedObserverSpan */
  guint n_in_state[DAGSCHED_STATE_FINISHED + 1];
  guint n_with_outcome[DAGSCHED_N_OUTCOMES];
  gint64 started_us; /* g_get_monotonic_time(); 0: not started */
  gint64 started_at;
  double elapsed; /* once it has ended */
  DagschedVerdict verdict;
  char *problem;
  DagschedRunSeen seen;
  GArray *changed; /* of guint32: the tests that changed since tests-changed */
  gboolean wants_changes;

  DagschedLiveReader *reader; /* (nullable) NULL: nothing comes any more */
  gboolean lost;              /* the reader has said that nothing comes any more */
  GSource *source;
  DagschedObserverCursor cursor;
  GTask *connecting; /* (nullable) until it is built or has failed */
  GSource *cancel_source;

  GHashTable *loads; /* number of a request → Load */
  guint32 n_requests;
  GHashTable *follows;              /* number of a test → how often it is followed */
  GHashTable *loaded;               /* number of a test → GPtrArray of its attempts */
  GQueue loaded_order;              /* of these numbers, the oldest first */
  DagschedRunLog *log;              /* (nullable) */
  GThread *log_thread;              /* (nullable) while the log is being read */
  gpointer log_reading;             /* (nullable) what it has */
  DagschedLiveMailbox *log_mailbox; /* (nullable) what it gives */
  GPtrArray *log_waits;             /* (nullable) of GTask: what waits for the log while it is being read */
};

/* dagsched-observer-build.c; reader's thread. */
void dagsched_observer_build (DagschedObserver *self,
                              const DagschedLiveKnown *known,
                              const DagschedLivePlan *plan);

/* dagsched-observer.c */
void dagsched_observer_notify_connected (DagschedObserver *self);

/* dagsched-observer-news.c */
void dagsched_observer_show_news (DagschedObserver *self);
void dagsched_observer_clear_cursor (DagschedObserver *self);

/* dagsched-observer-apply.c */
/* Shows some of the cursor's changes. TRUE: all were shown. */
gboolean dagsched_observer_apply (DagschedObserver *self, DagschedObserverCursor *cursor, gint64 deadline_us);
/* Ends tests that have not finished, from *@next on, as nobody will ever tell what became of them. */
gboolean dagsched_observer_give_up (DagschedObserver *self, guint32 *next, gint64 deadline_us);
double dagsched_observer_count_elapsed (DagschedObserver *self);

/* dagsched-observer-loads.c */
void dagsched_observer_init_loads (DagschedObserver *self);
void dagsched_observer_clear_loads (DagschedObserver *self); /* what waits fails */
GPtrArray *dagsched_observer_dup_attempts (DagschedRun *run, DagschedTest *test);
DagschedAttempt *dagsched_observer_new_attempt (const DagschedSpan *span);
void dagsched_observer_load_attempts_async (DagschedRun *run,
                                            DagschedTest *test,
                                            GCancellable *cancellable,
                                            GAsyncReadyCallback callback,
                                            gpointer user_data);
void dagsched_observer_load_output_async (DagschedRun *run,
                                          DagschedTest *test,
                                          GCancellable *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer user_data);
void dagsched_observer_take_details (DagschedObserver *self, DagschedLiveNews *news);
void dagsched_observer_take_written (DagschedObserver *self, DagschedLiveNews *news);
/* Nothing comes any more: what waits is looked for in the log. */
void dagsched_observer_turn_to_log (DagschedObserver *self);
gboolean dagsched_observer_is_connected (DagschedObserver *self);

G_END_DECLS
