/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live/dagsched-live-document-private.h"
#include "live/dagsched-live-format-private.h"

G_BEGIN_DECLS

/* What becomes of a run, as one stream for all who observe it. Model thread of the run. */
typedef struct _DagschedLiveFeed DagschedLiveFeed;

DagschedLiveFeed *dagsched_live_feed_new (DagschedRun *run);
void dagsched_live_feed_free (DagschedLiveFeed *self);

/* Tests changed: each is told of once, in what is taken next. */
void dagsched_live_feed_note (DagschedLiveFeed *self, GArray *numbers);
guint dagsched_live_feed_count_noted (DagschedLiveFeed *self);
/* Frames, in their order; none if nothing has changed. */
GPtrArray *dagsched_live_feed_take_changes (DagschedLiveFeed *self);
/* All that stands. Changes that were noted have to be taken before. NULL: the system can't give a document. */
DagschedLiveDocument *dagsched_live_feed_encode_state (DagschedLiveFeed *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedLiveFeed, dagsched_live_feed_free)

G_END_DECLS
