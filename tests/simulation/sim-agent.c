/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "sim-agent.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sim-slot.h"

#define MAX_FDS 64

static GPtrArray *keepers;
static GPtrArray *slots;
static gboolean has_thread;

static void
end_keeper (SimKeeper *self)
{
  if (self->fd < 0)
    return;

  sim_note ("keeper ends", 0, 0);
  world.n_losses += world.n_workers; /* slots that were asked for are lost as well */
  world.n_losses_ever += world.n_workers;
  close (self->fd);
  self->fd = -1;
  self->die_ns = self->send_ns = SIM_NEVER;
  for (guint i = 0; i < slots->len; i++)
    {
      SimSlot *slot = slots->pdata[i];

      if (slot->keeper != self)
        continue;
      if (slot->fd < 0)
        sim_slot_be_gone (slot);
      else
        slot->die_ns = MIN (slot->die_ns, sim_now () + (sim_one_in (2) ? 0 : sim_some_time ()));
    }
}

static void
say_hello (SimKeeper *self)
{
  DagschedHelloMessage hello = { .version = DAGSCHED_FRAME_VERSION, .pid = 4711, .root = "/nowhere" };

  dagsched_hello_message_put (&hello, &self->out);
  self->send_ns = sim_now () + (sim_one_in (2) ? 0 : sim_some_time ());
}

static void
open_slot (SimKeeper *self, guint64 number)
{
  SimSlot *slot = g_new0 (SimSlot, 1);

  if (g_queue_is_empty (self->fds))
    sim_fail ("a slot is to be opened without a socket");
  slot->keeper = self;
  slot->number = number;
  slot->fd = GPOINTER_TO_INT (g_queue_pop_head (self->fds));
  slot->send_ns = slot->die_ns = slot->gone_ns = slot->end_ns = slot->deadline_ns = slot->output_ns =
    SIM_NEVER;
  if (sim_take_chance (&world.n_slot_deaths, 3 * world.death_rarity))
    slot->die_ns = sim_now () + sim_some_time ();
  g_ptr_array_add (slots, slot);
  sim_note ("slot begins", number, 0);
}

static void
take_fds (SimKeeper *self, struct msghdr *message)
{
  for (struct cmsghdr *control = CMSG_FIRSTHDR (message); control != NULL;
       control = CMSG_NXTHDR (message, control))
    {
      gsize n_fds = (control->cmsg_len - CMSG_LEN (0)) / sizeof (int);
      int fds[16];

      memcpy (fds, CMSG_DATA (control), n_fds * sizeof (int));
      for (gsize i = 0; i < n_fds; i++)
        g_queue_push_tail (self->fds, GINT_TO_POINTER (fds[i]));
    }
}

static void
handle_keeper_frame (SimKeeper *self, DagschedFrameType type, DagschedFrameReader *payload)
{
  DagschedHelloMessage hello;
  uint64_t number;

  if (type == DAGSCHED_FRAME_HELLO && dagsched_hello_message_get (&hello, payload))
    say_hello (self);
  else if (type == DAGSCHED_FRAME_OPEN && dagsched_number_message_get (&number, payload))
    open_slot (self, number);
  else
    sim_fail ("a keeper is sent a frame of type %d", (int) type);
}

static void
receive_keeper (SimKeeper *self)
{
  struct iovec room = { dagsched_buffer_reserve (&self->in, 4096), 4096 };
  union
  {
    char bytes[CMSG_SPACE (sizeof (int) * 16)];
    struct cmsghdr aligned;
  } control;
  struct msghdr message = {
    .msg_iov = &room, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
  };
  ssize_t n = recvmsg (self->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  DagschedFrameReader payload;
  DagschedFrameType type;
  size_t length;

  if (n < 0 && errno == EAGAIN)
    return;
  if (n <= 0)
    {
      self->is_left = TRUE;
      self->die_ns = MIN (self->die_ns, sim_now () + (sim_one_in (2) ? 0 : sim_some_time ()));
      return;
    }

  take_fds (self, &message);
  dagsched_buffer_commit (&self->in, (size_t) n);
  while (dagsched_frame_next (&self->in, &type, &payload, &length) == DAGSCHED_FRAME_COMPLETE)
    {
      handle_keeper_frame (self, type, &payload);
      dagsched_buffer_consume (&self->in, length);
    }
}

static gboolean
advance_keeper (SimKeeper *self)
{
  if (self->fd < 0)
    return FALSE;

  if (self->die_ns <= sim_now ())
    end_keeper (self);
  else if (self->send_ns <= sim_now ())
    {
      if (!sim_send_some (self->fd, &self->out, &self->send_ns))
        self->die_ns = MIN (self->die_ns, sim_now ());
    }
  else
    return FALSE;

  return TRUE;
}

/* All of them, on one thread. */

static gboolean
receive_all (void)
{
  struct pollfd fds[MAX_FDS];
  gpointer owners[MAX_FDS];
  guint n_keepers = 0, n = 0;

  for (guint i = 0; i < keepers->len; i++)
    {
      SimKeeper *keeper = keepers->pdata[i];

      if (keeper->fd < 0 || keeper->is_left)
        continue;
      owners[n] = keeper;
      fds[n++] = (struct pollfd){ .fd = keeper->fd, .events = POLLIN };
    }
  n_keepers = n;
  for (guint i = 0; i < slots->len && n < MAX_FDS; i++)
    {
      SimSlot *slot = slots->pdata[i];

      if (slot->fd < 0 || slot->is_left)
        continue;
      owners[n] = slot;
      fds[n++] = (struct pollfd){ .fd = slot->fd, .events = POLLIN };
    }
  if (n == 0 || poll (fds, n, 0) <= 0)
    return FALSE;

  for (guint i = 0, first = sim_below (n); i < n; i++)
    {
      guint j = (first + i) % n;

      if (fds[j].revents == 0)
        continue;
      if (j < n_keepers)
        receive_keeper (owners[j]);
      else
        sim_slot_receive (owners[j]);
    }

  return TRUE;
}

static gint64
get_next (void)
{
  gint64 next = SIM_NEVER;

  for (guint i = 0; i < keepers->len; i++)
    {
      const SimKeeper *keeper = keepers->pdata[i];

      if (keeper->fd >= 0)
        next = MIN (next, MIN (keeper->die_ns, keeper->send_ns));
    }
  for (guint i = 0; i < slots->len; i++)
    next = MIN (next, sim_slot_get_next (slots->pdata[i]));

  return next;
}

static gboolean
advance_all (void)
{
  gboolean advanced = FALSE;
  guint first = slots->len > 0 ? sim_below (slots->len) : 0;

  for (guint i = 0; i < keepers->len; i++)
    advanced |= advance_keeper (keepers->pdata[i]);
  for (guint i = 0, n = slots->len; i < n; i++)
    {
      if (sim_slot_advance (slots->pdata[(first + i) % n]))
        {
          advanced = TRUE;
          sim_yield ();
        }
    }

  return advanced;
}

static gpointer
serve (gpointer data)
{
  for (;;)
    {
      gboolean received = receive_all ();

      if (!advance_all () && !received)
        sim_wait_stir ("the library", get_next ());
    }

  return NULL;
}

int
sim_agents_spawn (int fd)
{
  SimKeeper *keeper;

  if (keepers->len > 0 && sim_take_chance (&world.n_failed_spawns, 2))
    {
      close (fd);
      return EAGAIN;
    }

  keeper = g_new0 (SimKeeper, 1);
  keeper->fd = fd;
  keeper->fds = g_queue_new ();
  keeper->send_ns = keeper->die_ns = SIM_NEVER;
  g_ptr_array_add (keepers, keeper);
  sim_note ("keeper begins", keepers->len, 0);
  if (!has_thread)
    sim_thread_unref (sim_thread_new ("agents", serve, NULL));
  has_thread = TRUE;
  return 0;
}

static void
free_slot (gpointer data)
{
  SimSlot *self = data;

  dagsched_buffer_clear (&self->in);
  dagsched_buffer_clear (&self->out);
  g_free (self);
}

static void
free_keeper (gpointer data)
{
  SimKeeper *self = data;

  dagsched_buffer_clear (&self->in);
  dagsched_buffer_clear (&self->out);
  g_queue_free (self->fds);
  g_free (self);
}

void
sim_agents_init (void)
{
  keepers = g_ptr_array_new_with_free_func (free_keeper);
  slots = g_ptr_array_new_with_free_func (free_slot);
  has_thread = FALSE;
}

void
sim_agents_clear (void)
{
  g_clear_pointer (&keepers, g_ptr_array_unref);
  g_clear_pointer (&slots, g_ptr_array_unref);
}
