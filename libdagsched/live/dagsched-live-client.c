/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-client-private.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

/* More than this waiting is told to nobody any more: the observer gets what stands instead, once it reads on. */
#define MAX_QUEUED (256u * 1024)
#define MAX_QUEUED_OUTPUT (128u * 1024)

/* What one may ask for at a time: more is read when these are answered. */
#define MAX_LOADS 4
#define MAX_FOLLOWS 64

/* What an observer sends is small. */
#define MAX_ASKED 64

/* Of the system's buffer. It is small while the run goes on, and as large as it may be in the end: so the last state
 * always finds room. */
#define SMALL_BUFFER (64 * 1024)
#define LARGE_BUFFER (1024 * 1024)

static void
set_buffer (int fd, int size)
{
  (void) setsockopt (fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
}

DagschedLiveClient *
dagsched_live_client_new (guint64 id, int fd)
{
  DagschedLiveClient *self = g_new0 (DagschedLiveClient, 1);

  set_buffer (fd, SMALL_BUFFER);
  self->id = id;
  self->link = dagsched_live_link_new (fd, MAX_ASKED, FALSE);
  self->follows = g_hash_table_new (NULL, NULL);
  return self;
}

void
dagsched_live_client_free (DagschedLiveClient *self)
{
  dagsched_live_link_free (self->link);
  g_hash_table_unref (self->follows);
  g_free (self);
}

static short
get_events (DagschedLiveClient *self)
{
  short events = 0;

  if (self->n_loads < MAX_LOADS)
    events |= POLLIN;
  if (self->phase == DAGSCHED_LIVE_PHASE_LAPSED || !dagsched_live_link_is_idle (self->link))
    events |= POLLOUT;

  return events;
}

short
dagsched_live_client_begin_wait (DagschedLiveClient *self)
{
  return self->polled = get_events (self);
}

gboolean
dagsched_live_client_needs_service (DagschedLiveClient *self)
{
  return self->gone || (get_events (self) & ~self->polled) != 0;
}

void
dagsched_live_ask (DagschedLiveMailbox *asked, const DagschedLiveAsk *ask)
{
  dagsched_live_mailbox_push (asked, g_memdup2 (ask, sizeof *ask));
}

static void
wait_for_state (DagschedLiveClient *self, DagschedLiveAskKind kind, DagschedLiveMailbox *asked)
{
  self->phase = DAGSCHED_LIVE_PHASE_WAITING;
  dagsched_live_ask (asked, &(DagschedLiveAsk){ .kind = kind, .client = self->id });
}

static gboolean
on_observe (DagschedLiveClient *self, const DagschedLiveFrame *frame, DagschedLiveMailbox *asked)
{
  const DagschedLiveObserve *observe = frame->payload;

  if (frame->length != sizeof *observe || observe->magic != DAGSCHED_LIVE_MAGIC ||
      observe->version != DAGSCHED_LIVE_VERSION || self->phase != DAGSCHED_LIVE_PHASE_KNOWN)
    return FALSE;

  wait_for_state (self, DAGSCHED_LIVE_ASK_STATE, asked);
  return TRUE;
}

static gboolean
on_cancel (DagschedLiveClient *self, const DagschedLiveFrame *frame, DagschedLiveMailbox *asked)
{
  const DagschedLiveCancel *cancel = frame->payload;

  if (frame->length != sizeof *cancel)
    return FALSE;

  dagsched_live_ask (asked, &(DagschedLiveAsk){
                              .kind = cancel->kill ? DAGSCHED_LIVE_ASK_KILL : DAGSCHED_LIVE_ASK_CANCEL,
                            });
  return TRUE;
}

static gboolean
on_load (DagschedLiveClient *self,
         const DagschedLiveFrame *frame,
         DagschedLiveAskKind kind,
         guint32 n_tests,
         DagschedLiveMailbox *asked)
{
  const DagschedLiveLoad *load = frame->payload;

  if (frame->length != sizeof *load || load->number >= n_tests)
    return FALSE;

  self->n_loads++;
  dagsched_live_ask (asked, &(DagschedLiveAsk){
                              .kind = kind,
                              .client = self->id,
                              .number = load->number,
                              .request = load->request,
                            });
  return TRUE;
}

static void
follow (DagschedLiveClient *self, guint32 number, gboolean follows, DagschedLiveMailbox *asked)
{
  gpointer key = GUINT_TO_POINTER (number);
  gboolean changed;

  if (follows)
    changed = g_hash_table_size (self->follows) < MAX_FOLLOWS && g_hash_table_add (self->follows, key);
  else
    changed = g_hash_table_remove (self->follows, key);

  if (changed)
    dagsched_live_ask (asked, &(DagschedLiveAsk){
                                .kind = follows ? DAGSCHED_LIVE_ASK_FOLLOW : DAGSCHED_LIVE_ASK_UNFOLLOW,
                                .number = number,
                              });
}

static gboolean
on_follow (DagschedLiveClient *self,
           const DagschedLiveFrame *frame,
           guint32 n_tests,
           DagschedLiveMailbox *asked)
{
  const DagschedLiveFollow *request = frame->payload;

  if (frame->length != sizeof *request || request->number >= n_tests)
    return FALSE;

  follow (self, request->number, request->follow != 0, asked);
  return TRUE;
}

static gboolean
on_frame (DagschedLiveClient *self,
          const DagschedLiveFrame *frame,
          guint32 n_tests,
          DagschedLiveMailbox *asked)
{
  switch (frame->type)
    {
    case DAGSCHED_LIVE_OBSERVE:
      return on_observe (self, frame, asked);
    case DAGSCHED_LIVE_CANCEL:
      return on_cancel (self, frame, asked);
    case DAGSCHED_LIVE_LOAD:
      return on_load (self, frame, DAGSCHED_LIVE_ASK_DETAILS, n_tests, asked);
    case DAGSCHED_LIVE_LOAD_WRITTEN:
      return on_load (self, frame, DAGSCHED_LIVE_ASK_WRITTEN, n_tests, asked);
    case DAGSCHED_LIVE_FOLLOW:
      return on_follow (self, frame, n_tests, asked);
    default:
      return FALSE;
    }
}

static void
read_frames (DagschedLiveClient *self, guint32 n_tests, DagschedLiveMailbox *asked)
{
  DagschedLiveRead status = dagsched_live_link_read (self->link);
  gboolean broken = FALSE, understood = TRUE;
  DagschedLiveFrame frame;

  while (understood && dagsched_live_link_take (self->link, &frame, &broken))
    understood = on_frame (self, &frame, n_tests, asked);
  self->gone |= broken || !understood || status != DAGSCHED_LIVE_READ_MORE;
}

static void
forget_follows (DagschedLiveClient *self, DagschedLiveMailbox *asked)
{
  g_autoptr (GList) numbers = g_hash_table_get_keys (self->follows);

  for (GList *link = numbers; link != NULL; link = link->next)
    follow (self, GPOINTER_TO_UINT (link->data), FALSE, asked);
}

void
dagsched_live_client_serve (DagschedLiveClient *self,
                            short events,
                            guint32 n_tests,
                            DagschedLiveMailbox *asked)
{
  if (events & (POLLERR | POLLHUP | POLLNVAL) && !(events & POLLIN))
    self->gone = TRUE;
  if (events & POLLIN)
    read_frames (self, n_tests, asked);
  if (events & POLLOUT)
    dagsched_live_client_flush (self);
  if (events & POLLOUT && self->phase == DAGSCHED_LIVE_PHASE_LAPSED &&
      dagsched_live_link_is_idle (self->link))
    wait_for_state (self, DAGSCHED_LIVE_ASK_AGAIN, asked);
  if (self->gone)
    forget_follows (self, asked);
}

void
dagsched_live_client_flush (DagschedLiveClient *self)
{
  self->gone |= !dagsched_live_link_flush (self->link);
}

void
dagsched_live_client_try_flush (DagschedLiveClient *self)
{
  if (!(self->polled & POLLOUT))
    dagsched_live_client_flush (self);
}

void
dagsched_live_client_send_state (DagschedLiveClient *self,
                                 DagschedLiveDocument *plan,
                                 DagschedLiveDocument *state)
{
  g_autoptr (GBytes) plan_frame = dagsched_live_frame_new (DAGSCHED_LIVE_PLAN, NULL, 0);
  g_autoptr (GBytes) state_frame = dagsched_live_frame_new (DAGSCHED_LIVE_STATE, NULL, 0);

  /* The system has no more of what a document takes: this observer can't be helped. */
  if (plan == NULL || state == NULL)
    {
      self->gone = TRUE;
      return;
    }

  if (!self->has_plan)
    dagsched_live_link_send (self->link, plan_frame, plan, DAGSCHED_LIVE_LASTING);
  dagsched_live_link_send (self->link, state_frame, state, DAGSCHED_LIVE_LASTING);
  self->has_plan = TRUE;
  self->phase = DAGSCHED_LIVE_PHASE_SYNCED;
}

void
dagsched_live_client_send_changes (DagschedLiveClient *self, GBytes *frame)
{
  if (self->phase != DAGSCHED_LIVE_PHASE_SYNCED)
    return;

  dagsched_live_link_send (self->link, frame, NULL, DAGSCHED_LIVE_PASSING);
  if (dagsched_live_link_get_queued (self->link) <= MAX_QUEUED)
    return;

  dagsched_live_client_flush (self);
  if (dagsched_live_link_get_queued (self->link) <= MAX_QUEUED)
    return;

  dagsched_live_link_drop_passing (self->link);
  self->phase = DAGSCHED_LIVE_PHASE_LAPSED;
}

void
dagsched_live_client_send_output (DagschedLiveClient *self, guint32 number, GBytes *frame)
{
  if (self->phase == DAGSCHED_LIVE_PHASE_SYNCED &&
      g_hash_table_contains (self->follows, GUINT_TO_POINTER (number)) &&
      dagsched_live_link_get_queued (self->link) <= MAX_QUEUED_OUTPUT)
    dagsched_live_link_send (self->link, frame, NULL, DAGSCHED_LIVE_PASSING);
}

void
dagsched_live_client_send_end (DagschedLiveClient *self, GBytes *frame)
{
  if (self->has_end || self->phase != DAGSCHED_LIVE_PHASE_SYNCED)
    return;

  self->has_end = TRUE;
  dagsched_live_link_send (self->link, frame, NULL, DAGSCHED_LIVE_LASTING);
}

void
dagsched_live_client_flush_last (DagschedLiveClient *self)
{
  set_buffer (dagsched_live_link_get_fd (self->link), LARGE_BUFFER);
  dagsched_live_client_flush (self);
}
