/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dagsched-output-private.h"
#include "live/dagsched-live-format-private.h"

G_BEGIN_DECLS

/* Takes apart what a peer sent, whatever it is. FALSE: it is not what it should be; nothing was set then.
 * After TRUE everything in it is within its bounds, numbers and lengths agree, and texts are UTF-8. Any thread. */

typedef struct
{
  guint32 magic, version; /* where they are others than ours, nothing else is set */
  gint64 started_at;
  guint32 n_tests;
  GPid pid;
  char *name;     /* (nullable) */
  char *log_path; /* (nullable) */
} DagschedLiveKnown;

gboolean dagsched_live_decode_info (gconstpointer data, gsize length, DagschedLiveKnown *known);
void dagsched_live_known_clear (DagschedLiveKnown *known);

/* Points into @bytes. */
typedef struct
{
  GBytes *bytes;
  const DagschedLivePlanHeader *header;
  const DagschedLivePlanTest *tests;
  const guint32 *dependencies;
  const char *texts;
} DagschedLivePlan;

gboolean dagsched_live_decode_plan (GBytes *bytes, DagschedLivePlan *plan);

/* The same. The first spans, text and so on are those of the first test. */
typedef struct
{
  GBytes *bytes;
  const DagschedLiveChangesHeader *header;
  const DagschedLiveSpan *spans;
  const DagschedLiveWorker *workers;
  const DagschedLiveTest *tests;
  const char *texts;
} DagschedLiveChanges;

/* @all: of STATE, which has each test once, in their order. @bytes are aligned for any type. */
gboolean dagsched_live_decode_changes (GBytes *bytes,
                                       guint32 n_tests,
                                       guint32 n_workers,
                                       gboolean all,
                                       DagschedLiveChanges *changes);

typedef struct
{
  double elapsed;
  DagschedVerdict verdict;
  char *problem; /* (nullable) */
  char *stall;   /* (nullable) */
} DagschedLiveEnd;

gboolean dagsched_live_decode_end (gconstpointer data, gsize length, DagschedLiveEnd *end);
void dagsched_live_end_clear (DagschedLiveEnd *end);

typedef struct
{
  const char *settings; /* a line; points into the bytes, and is not checked */
  gsize settings_length;
  GPtrArray *attempts; /* of DagschedAttempt */
} DagschedLiveDetails;

gboolean dagsched_live_decode_details (GBytes *bytes, DagschedLiveDetails *details);
DagschedOutputs *dagsched_live_decode_written (GBytes *bytes); /* NULL: FALSE */

G_END_DECLS
