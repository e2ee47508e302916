/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live/dagsched-live-document-private.h"
#include "live/dagsched-live-format-private.h"
#include "live/dagsched-live-mailbox-private.h"

G_BEGIN_DECLS

/* Serves the observers of a run. The model thread writes what it tells to those who have room for it; a thread of
 * this does all the rest: lets observers in, reads what they ask for and asks it of the model thread, writes on where
 * a socket was full. That thread touches no objects. Observers never make anybody wait but themselves. */
typedef struct _DagschedLiveServer DagschedLiveServer;

/* From the model thread. */
typedef enum
{
  DAGSCHED_LIVE_TELL_INFO,    /* frame */
  DAGSCHED_LIVE_TELL_STATE,   /* plan, document: for those who asked */
  DAGSCHED_LIVE_TELL_RESTART, /* the same, for all who observe */
  DAGSCHED_LIVE_TELL_CHANGES, /* frame */
  DAGSCHED_LIVE_TELL_OUTPUT,  /* frame, number: for those who follow */
  DAGSCHED_LIVE_TELL_ANSWER,  /* frame, document, client: to what it loads */
  DAGSCHED_LIVE_TELL_END,     /* frame, plan, document: the last state */
  DAGSCHED_LIVE_TELL_QUIT,
} DagschedLiveTellKind;

typedef struct
{
  DagschedLiveTellKind kind;
  GBytes *frame;                  /* (nullable) */
  DagschedLiveDocument *plan;     /* (nullable) */
  DagschedLiveDocument *document; /* (nullable) */
  guint64 client;
  guint32 number;
} DagschedLiveTell;

/* To the model thread. */
typedef enum
{
  DAGSCHED_LIVE_ASK_STATE,    /* and every change from now on */
  DAGSCHED_LIVE_ASK_AGAIN,    /* the same, for one that fell behind */
  DAGSCHED_LIVE_ASK_DETAILS,  /* client, request, number */
  DAGSCHED_LIVE_ASK_WRITTEN,  /* client, request, number */
  DAGSCHED_LIVE_ASK_FOLLOW,   /* number */
  DAGSCHED_LIVE_ASK_UNFOLLOW, /* number */
  DAGSCHED_LIVE_ASK_CANCEL,
  DAGSCHED_LIVE_ASK_KILL,
} DagschedLiveAskKind;

typedef struct
{
  DagschedLiveAskKind kind;
  guint64 client;
  guint32 number;
  guint32 request;
} DagschedLiveAsk;

/* Model thread, as all of these. @info is a frame, which is taken. */
DagschedLiveServer *dagsched_live_server_new (GBytes *info, guint32 n_tests, GError **error);
/* Ends the thread. What was told reaches those who still read, as far as the system holds it for them: nobody waits. */
void dagsched_live_server_free (DagschedLiveServer *self);
const char *dagsched_live_server_get_path (DagschedLiveServer *self);
/* Of DagschedLiveAsk, to be freed with g_free(). */
DagschedLiveMailbox *dagsched_live_server_get_asked (DagschedLiveServer *self);
/* Takes what @tell refers to. Whether some observer gets each change from now on: for others none has to be told. */
gboolean dagsched_live_server_tell (DagschedLiveServer *self, const DagschedLiveTell *tell);

G_END_DECLS
