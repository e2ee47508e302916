/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "executor/dagsched-message-private.h"

G_BEGIN_DECLS

/* The runner's end of one slot process. The I/O thread makes and frees it, and alone reads from it;
 * whoever writes holds the lock. */
typedef struct
{
  int fd;         /* read-only after init */
  int epoll_fd;   /* read-only after init; not owned */
  guint64 number; /* read-only after init */
  guint lane;     /* (I/O thread) */
  guint fixture;  /* (I/O thread) the test that left something in it; DAGSCHED_NO_TEST: serves its lane */

  DagschedBuffer in;  /* (I/O thread) */
  gboolean is_broken; /* (I/O thread) what comes is no language of ours, and not looked at */
  gboolean ended;     /* (I/O thread) nothing more will come */
  gboolean gone;      /* (I/O thread) the keeper says that nothing of it is left */

  GMutex lock;
  DagschedBuffer out; /* protected by lock */
  gboolean blocked;   /* protected by lock: the rest waits until the socket takes more */
  gboolean paused;    /* protected by lock: it was told so */
} DagschedAgentSlot;

/* Takes @fd, which is yet to be watched. */
DagschedAgentSlot *dagsched_agent_slot_new (int fd, int epoll_fd, guint64 number, guint lane);
void dagsched_agent_slot_free (DagschedAgentSlot *self);

/* Any thread. The frame is put in one piece, and sent as far as the socket takes it. */
gboolean dagsched_agent_slot_run (DagschedAgentSlot *self, const DagschedRunMessage *message);
void dagsched_agent_slot_stop (DagschedAgentSlot *self, guint64 id, gboolean kill);
void dagsched_agent_slot_release (DagschedAgentSlot *self, guint64 id);
void dagsched_agent_slot_set_paused (DagschedAgentSlot *self, gboolean paused);
/* Ends the slot process, and all that it holds. */
void dagsched_agent_slot_shut (DagschedAgentSlot *self);

/* I/O thread: the socket takes more. */
void dagsched_agent_slot_flush (DagschedAgentSlot *self);
/* I/O thread: reads what is there. FALSE: that was the end. */
gboolean dagsched_agent_slot_receive (DagschedAgentSlot *self);

G_END_DECLS
