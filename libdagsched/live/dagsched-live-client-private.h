/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live/dagsched-live-link-private.h"
#include "live/dagsched-live-server-private.h"

G_BEGIN_DECLS

/* One observer, as the server sees it. Under the server's mutex. */

typedef enum
{
  DAGSCHED_LIVE_PHASE_KNOWN,   /* connected, and has not asked for more than that */
  DAGSCHED_LIVE_PHASE_WAITING, /* for a state */
  DAGSCHED_LIVE_PHASE_SYNCED,  /* gets each change */
  DAGSCHED_LIVE_PHASE_LAPSED,  /* fell behind: gets a state once it reads on */
} DagschedLivePhase;

typedef struct
{
  guint64 id;
  DagschedLiveLink *link;
  DagschedLivePhase phase;
  gboolean gone; /* to be freed */
  short polled;  /* what the server thread waits for */
  gboolean has_plan;
  gboolean has_end;
  guint n_loads;       /* that were asked for and not answered */
  GHashTable *follows; /* numbers of tests */
} DagschedLiveClient;

/* Takes @fd. */
DagschedLiveClient *dagsched_live_client_new (guint64 id, int fd);
void dagsched_live_client_free (DagschedLiveClient *self);

/* What to poll for: kept as what is waited for. */
short dagsched_live_client_begin_wait (DagschedLiveClient *self);
/* Whether the server thread has to be woken, as it does not wait for what there is to do. */
gboolean dagsched_live_client_needs_service (DagschedLiveClient *self);
/* What poll() said. What the observer asks for is pushed to @asked. */
void dagsched_live_client_serve (DagschedLiveClient *self,
                                 short events,
                                 guint32 n_tests,
                                 DagschedLiveMailbox *asked);
void dagsched_live_client_flush (DagschedLiveClient *self);
/* Unless the server thread waits for room anyway. */
void dagsched_live_client_try_flush (DagschedLiveClient *self);
void dagsched_live_client_send_state (DagschedLiveClient *self,
                                      DagschedLiveDocument *plan,
                                      DagschedLiveDocument *state);
void dagsched_live_client_send_changes (DagschedLiveClient *self, GBytes *frame);
void dagsched_live_client_send_output (DagschedLiveClient *self, guint32 number, GBytes *frame);
void dagsched_live_client_send_end (DagschedLiveClient *self, GBytes *frame);
/* The last chance: the system holds more for it than it did until now. */
void dagsched_live_client_flush_last (DagschedLiveClient *self);

void dagsched_live_ask (DagschedLiveMailbox *asked, const DagschedLiveAsk *ask);

G_END_DECLS
