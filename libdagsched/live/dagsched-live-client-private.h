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
  gboolean has_plan;
  gboolean has_end;
  guint n_loads;       /* that were asked for and not answered */
  GHashTable *follows; /* numbers of tests */
  guint32 n_settings;  /* tests whose settings were sent */
  gboolean settings_asked;
} DagschedLiveClient;

/* Takes @fd. */
DagschedLiveClient *dagsched_live_client_new (guint64 id, int fd);
void dagsched_live_client_free (DagschedLiveClient *self);

/* What to poll for. */
short dagsched_live_client_get_events (DagschedLiveClient *self);
/* What poll() said. What the observer asks for is pushed to @asked. */
void dagsched_live_client_serve (DagschedLiveClient *self,
                                 short events,
                                 guint32 n_tests,
                                 DagschedLiveMailbox *asked);
void dagsched_live_client_flush (DagschedLiveClient *self);
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
