/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live/dagsched-live-feed-private.h"
#include "live/dagsched-live-server-private.h"
#include "live/dagsched-publisher.h"

G_BEGIN_DECLS

/* The inside of a publisher, for its own files. Model thread of the run. */

struct _DagschedPublisher
{
  GObject parent_instance;

  DagschedRun *run;
  char *log_path; /* (nullable) */
  char *path;
  char *stall;                /* (nullable) what the run said when it stalled */
  DagschedLiveServer *server; /* (nullable) NULL: closed */
  DagschedLiveFeed *feed;     /* (nullable) NULL: nobody has observed it yet */
  DagschedLiveDocument *plan; /* (nullable) likewise */
  GPtrArray *sources;         /* of GSource: where what observers ask for is handled */
  GSource *timer;             /* (nullable) changes wait for it */
  gint64 told_at;
  GSource *state_timer; /* (nullable) one that fell behind waits for it */
  gint64 state_due;     /* not before then is there a new state for those */
  GHashTable *followed; /* number of a test → Follow */
  gulong handlers[4];   /* of the run: three, and that of tests-changed or 0 */
  gboolean ended;
};

/* dagsched-publisher-answers.c */
void dagsched_publisher_answer_details (DagschedPublisher *self, const DagschedLiveAsk *ask);
void dagsched_publisher_answer_written (DagschedPublisher *self, const DagschedLiveAsk *ask);
GHashTable *dagsched_publisher_new_followed (void);
void dagsched_publisher_follow (DagschedPublisher *self, guint32 number);
void dagsched_publisher_unfollow (DagschedPublisher *self, guint32 number);

G_END_DECLS
