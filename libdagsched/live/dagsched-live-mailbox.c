/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-mailbox-private.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/dagsched-error.h"

struct _DagschedLiveMailbox
{
  int n_refs; /* (atomic) */
  int fd;     /* read-only */
  GAsyncQueue *items;
};

DagschedLiveMailbox *
dagsched_live_mailbox_new (GDestroyNotify free_func, GError **error)
{
  DagschedLiveMailbox *self;
  int fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);

  if (fd < 0)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, "can't create an event descriptor: %s",
                   g_strerror (errno));
      return NULL;
    }

  self = g_new0 (DagschedLiveMailbox, 1);
  self->n_refs = 1;
  self->fd = fd;
  self->items = g_async_queue_new_full (free_func);
  return self;
}

DagschedLiveMailbox *
dagsched_live_mailbox_ref (DagschedLiveMailbox *self)
{
  g_atomic_int_inc (&self->n_refs);
  return self;
}

void
dagsched_live_mailbox_unref (DagschedLiveMailbox *self)
{
  if (!g_atomic_int_dec_and_test (&self->n_refs))
    return;

  g_async_queue_unref (self->items);
  close (self->fd);
  g_free (self);
}

void
dagsched_live_mailbox_push (DagschedLiveMailbox *self, gpointer item)
{
  g_async_queue_push (self->items, item);
  dagsched_live_mailbox_wake (self);
}

/* It can't fail but by a count that nobody reads 2⁶⁴ times, and is readable then. */
void
dagsched_live_mailbox_wake (DagschedLiveMailbox *self)
{
  (void) eventfd_write (self->fd, 1);
}

int
dagsched_live_mailbox_get_fd (DagschedLiveMailbox *self)
{
  return self->fd;
}

void
dagsched_live_mailbox_clear (DagschedLiveMailbox *self)
{
  eventfd_t count;

  (void) eventfd_read (self->fd, &count);
}

gpointer
dagsched_live_mailbox_take (DagschedLiveMailbox *self)
{
  return g_async_queue_try_pop (self->items);
}
