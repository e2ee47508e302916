/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Hands things from any thread to one that waits for a descriptor. */
typedef struct _DagschedLiveMailbox DagschedLiveMailbox;

/* @free_func: for what is never taken. */
DagschedLiveMailbox *dagsched_live_mailbox_new (GDestroyNotify free_func, GError **error);
DagschedLiveMailbox *dagsched_live_mailbox_ref (DagschedLiveMailbox *self);
void dagsched_live_mailbox_unref (DagschedLiveMailbox *self);

/* Any thread. */
void dagsched_live_mailbox_push (DagschedLiveMailbox *self, gpointer item);
/* Any thread: what polls wakes up, even if nothing is there. */
void dagsched_live_mailbox_wake (DagschedLiveMailbox *self);

/* The receiver: readable when something may be there. */
int dagsched_live_mailbox_get_fd (DagschedLiveMailbox *self);
/* The receiver, before it takes: what is pushed from here on makes the descriptor readable again. */
void dagsched_live_mailbox_clear (DagschedLiveMailbox *self);
/* The receiver: NULL if there is nothing. */
gpointer dagsched_live_mailbox_take (DagschedLiveMailbox *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedLiveMailbox, dagsched_live_mailbox_unref)

G_END_DECLS
