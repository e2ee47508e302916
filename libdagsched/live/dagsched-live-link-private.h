/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live/dagsched-live-document-private.h"
#include "live/dagsched-live-format-private.h"

G_BEGIN_DECLS

/* One end of a live socket: frames in, frames out, never waiting. Used by one thread at a time. */
typedef struct _DagschedLiveLink DagschedLiveLink;

/* Takes @fd, which does not block. Frames that come in with a payload above @max_payload, or with a descriptor
 * where @takes_documents is FALSE, break the link. */
DagschedLiveLink *dagsched_live_link_new (int fd, guint32 max_payload, gboolean takes_documents);
void dagsched_live_link_free (DagschedLiveLink *self);
int dagsched_live_link_get_fd (DagschedLiveLink *self);

/* A whole frame, with its header, that may be sent over several links. */
GBytes *dagsched_live_frame_new (DagschedLiveFrameType type, gconstpointer payload, gsize length);
/* The same in two parts, without the second: its payload is @length bytes and @more follow. */
GByteArray *dagsched_live_frame_begin (DagschedLiveFrameType type, gsize length);
GBytes *dagsched_live_frame_end (GByteArray *frame);

typedef enum
{
  DAGSCHED_LIVE_LASTING,
  DAGSCHED_LIVE_PASSING, /* what dagsched_live_link_drop_passing() takes away */
} DagschedLiveUse;

/* Queues. References are taken; @document: (nullable). Frames with a document have to be small. */
void dagsched_live_link_send (DagschedLiveLink *self,
                              GBytes *frame,
                              DagschedLiveDocument *document,
                              DagschedLiveUse use);
/* Bytes that wait, without documents. */
gsize dagsched_live_link_get_queued (DagschedLiveLink *self);
gboolean dagsched_live_link_is_idle (DagschedLiveLink *self);
void dagsched_live_link_drop_passing (DagschedLiveLink *self);
/* Writes what the socket takes. FALSE: the peer is gone. */
gboolean dagsched_live_link_flush (DagschedLiveLink *self);

typedef enum
{
  DAGSCHED_LIVE_READ_MORE,   /* some came, or nothing is there now */
  DAGSCHED_LIVE_READ_END,    /* the peer is gone: what came before can still be taken */
  DAGSCHED_LIVE_READ_BROKEN, /* nothing that comes can be understood */
} DagschedLiveRead;

typedef struct
{
  DagschedLiveFrameType type;
  gconstpointer payload; /* aligned for any type; valid until the next call */
  guint32 length;
} DagschedLiveFrame;

/* Reads once what is there. */
DagschedLiveRead dagsched_live_link_read (DagschedLiveLink *self);
/* The next frame of what was read. FALSE: none; @broken: what there is can't become one. */
gboolean dagsched_live_link_take (DagschedLiveLink *self, DagschedLiveFrame *frame, gboolean *broken);
/* The document that came with a frame, in their order: a descriptor to be closed, or -1. */
int dagsched_live_link_take_document (DagschedLiveLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedLiveLink, dagsched_live_link_free)

G_END_DECLS
