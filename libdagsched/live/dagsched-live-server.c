/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-server-private.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/dagsched-error.h"
#include "live/dagsched-live-client-private.h"
#include "live/dagsched-live-directory-private.h"

/* Whoever comes when so many are there is turned away. */
#define MAX_CLIENTS 64

struct _DagschedLiveServer
{
  /* Read-only. */
  char *name;
  char *path;
  int directory;
  int listener;
  int waker; /* an event descriptor: wakes the server thread */
  guint32 n_tests;
  DagschedLiveMailbox *asked; /* to the model thread */
  GThread *thread;

  /* Server thread. */
  GArray *polled; /* of struct pollfd: waker, listener, clients */
  guint64 n_ever;

  /* The model thread sends what it tells by itself: to wake another one costs more than to write to a socket. What
   * does not fit into a socket at once is left to the server thread. Nobody waits while it holds this. */
  GMutex mutex;
  GPtrArray *clients; /* of DagschedLiveClient; only the server thread adds and removes any */
  GBytes *info;
  GBytes *end;   /* (nullable) */
  gboolean deaf; /* nobody more can be let in just now */
  gboolean quit;
};

static void
client_free (gpointer data)
{
  dagsched_live_client_free (data);
}

static DagschedLiveClient *
find_client (DagschedLiveServer *self, guint64 id)
{
  for (guint i = 0; i < self->clients->len; i++)
    {
      DagschedLiveClient *client = g_ptr_array_index (self->clients, i);

      if (client->id == id)
        return client;
    }

  return NULL;
}

static void
tell_info (DagschedLiveServer *self, DagschedLiveClient *client, const DagschedLiveTell *tell)
{
  dagsched_live_link_send (client->link, tell->frame, NULL, DAGSCHED_LIVE_LASTING);
}

static void
tell_state (DagschedLiveServer *self, DagschedLiveClient *client, const DagschedLiveTell *tell)
{
  if (client->phase == DAGSCHED_LIVE_PHASE_WAITING)
    dagsched_live_client_send_state (client, tell->plan, tell->document);
  if (self->end != NULL)
    dagsched_live_client_send_end (client, self->end);
}

static void
tell_restart (DagschedLiveServer *self, DagschedLiveClient *client, const DagschedLiveTell *tell)
{
  if (client->phase == DAGSCHED_LIVE_PHASE_WAITING || client->phase == DAGSCHED_LIVE_PHASE_SYNCED)
    dagsched_live_client_send_state (client, tell->plan, tell->document);
}

static void
tell_changes (DagschedLiveServer *self, DagschedLiveClient *client, const DagschedLiveTell *tell)
{
  dagsched_live_client_send_changes (client, tell->frame);
}

static void
tell_output (DagschedLiveServer *self, DagschedLiveClient *client, const DagschedLiveTell *tell)
{
  dagsched_live_client_send_output (client, tell->number, tell->frame);
}

static void
tell_end (DagschedLiveServer *self, DagschedLiveClient *client, const DagschedLiveTell *tell)
{
  /* Without a document nobody had observed the run yet: who waits for its first state will get that. */
  if (tell->document != NULL &&
      (client->phase == DAGSCHED_LIVE_PHASE_WAITING || client->phase == DAGSCHED_LIVE_PHASE_LAPSED))
    dagsched_live_client_send_state (client, tell->plan, tell->document);
  dagsched_live_client_send_end (client, tell->frame);
}

static void
tell_answer (DagschedLiveServer *self, DagschedLiveClient *client, const DagschedLiveTell *tell)
{
  client->n_loads--;
  if (tell->document != NULL)
    dagsched_live_link_send (client->link, tell->frame, tell->document, DAGSCHED_LIVE_LASTING);
  else
    client->gone = TRUE;
}

typedef void (*TellFunc) (DagschedLiveServer *self, DagschedLiveClient *client, const DagschedLiveTell *tell);

static void
tell_each (DagschedLiveServer *self, const DagschedLiveTell *tell, TellFunc func)
{
  for (guint i = 0; i < self->clients->len; i++)
    func (self, g_ptr_array_index (self->clients, i), tell);
}

static void
tell_one (DagschedLiveServer *self, const DagschedLiveTell *tell, TellFunc func)
{
  DagschedLiveClient *client = find_client (self, tell->client);

  if (client != NULL)
    func (self, client, tell);
}

static void
set_frame (GBytes **field, const DagschedLiveTell *tell)
{
  g_clear_pointer (field, g_bytes_unref);
  *field = g_bytes_ref (tell->frame);
}

static void
handle (DagschedLiveServer *self, const DagschedLiveTell *tell)
{
  switch (tell->kind)
    {
    case DAGSCHED_LIVE_TELL_INFO:
      set_frame (&self->info, tell);
      tell_each (self, tell, tell_info);
      break;
    case DAGSCHED_LIVE_TELL_STATE:
      tell_each (self, tell, tell_state);
      break;
    case DAGSCHED_LIVE_TELL_RESTART:
      tell_each (self, tell, tell_restart);
      break;
    case DAGSCHED_LIVE_TELL_CHANGES:
      tell_each (self, tell, tell_changes);
      break;
    case DAGSCHED_LIVE_TELL_OUTPUT:
      tell_each (self, tell, tell_output);
      break;
    case DAGSCHED_LIVE_TELL_END:
      set_frame (&self->end, tell);
      tell_each (self, tell, tell_end);
      break;
    case DAGSCHED_LIVE_TELL_ANSWER:
      tell_one (self, tell, tell_answer);
      break;
    case DAGSCHED_LIVE_TELL_QUIT:
      self->quit = TRUE;
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Whether the server thread has something to do that it does not wait for. */
static gboolean
flush_all (DagschedLiveServer *self)
{
  gboolean needs_service = FALSE;

  for (guint i = 0; i < self->clients->len; i++)
    {
      DagschedLiveClient *client = g_ptr_array_index (self->clients, i);

      dagsched_live_client_try_flush (client);
      needs_service |= dagsched_live_client_needs_service (client);
    }

  return needs_service;
}

static void
wake (DagschedLiveServer *self)
{
  (void) eventfd_write (self->waker, 1);
}

/* Other users can't come here: their directory is closed. One that can all the same has a key to it. */
static void
let_in (DagschedLiveServer *self, int fd)
{
  DagschedLiveClient *client;

  if (self->clients->len >= MAX_CLIENTS || !dagsched_live_socket_is_own (fd))
    {
      close (fd);
      return;
    }

  client = dagsched_live_client_new (++self->n_ever, fd);
  dagsched_live_link_send (client->link, self->info, NULL, DAGSCHED_LIVE_LASTING);
  g_ptr_array_add (self->clients, client);
}

static void
accept_one (DagschedLiveServer *self)
{
  int fd = accept4 (self->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

  if (fd >= 0)
    let_in (self, fd);
  else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
    self->deaf = TRUE;
}

static void
poll_for (DagschedLiveServer *self, int fd, short events)
{
  const struct pollfd polled = { .fd = fd, .events = events };

  g_array_append_val (self->polled, polled);
}

static short
get_polled (DagschedLiveServer *self, guint index)
{
  return g_array_index (self->polled, struct pollfd, index).revents;
}

static void
wait_for_something (DagschedLiveServer *self)
{
  int n_ready;

  g_array_set_size (self->polled, 0);
  poll_for (self, self->waker, POLLIN);
  poll_for (self, self->deaf ? -1 : self->listener, POLLIN);
  for (guint i = 0; i < self->clients->len; i++)
    {
      DagschedLiveClient *client = g_ptr_array_index (self->clients, i);

      poll_for (self, dagsched_live_link_get_fd (client->link), dagsched_live_client_begin_wait (client));
    }

  g_mutex_unlock (&self->mutex);
  n_ready = poll ((struct pollfd *) (gpointer) self->polled->data, self->polled->len, -1);
  g_mutex_lock (&self->mutex);
  if (n_ready < 0)
    {
      for (guint i = 0; i < self->polled->len; i++)
        g_array_index (self->polled, struct pollfd, i).revents = 0;
    }
}

static void
serve_clients (DagschedLiveServer *self)
{
  guint n_polled = self->polled->len - 2;

  for (guint i = 0; i < n_polled; i++)
    dagsched_live_client_serve (g_ptr_array_index (self->clients, i), get_polled (self, i + 2), self->n_tests,
                                self->asked);

  for (guint i = self->clients->len; i > 0; i--)
    {
      DagschedLiveClient *client = g_ptr_array_index (self->clients, i - 1);

      dagsched_live_client_flush (client);
      if (client->gone)
        {
          /* Once more, for what it may have held. */
          dagsched_live_client_serve (client, 0, self->n_tests, self->asked);
          g_ptr_array_remove_index_fast (self->clients, i - 1);
          self->deaf = FALSE;
        }
    }
}

static gpointer
serve (gpointer data)
{
  DagschedLiveServer *self = data;
  eventfd_t count;

  g_mutex_lock (&self->mutex);
  while (!self->quit)
    {
      wait_for_something (self);
      if (get_polled (self, 0) & POLLIN && eventfd_read (self->waker, &count) == 0)
        self->deaf = FALSE;
      serve_clients (self);
      if (get_polled (self, 1) & POLLIN)
        accept_one (self);
    }

  for (guint i = 0; i < self->clients->len; i++)
    dagsched_live_client_flush_last (g_ptr_array_index (self->clients, i));
  g_mutex_unlock (&self->mutex);
  return NULL;
}

static gboolean
open_waker (DagschedLiveServer *self, GError **error)
{
  self->waker = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->waker >= 0)
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED, "can't create an event descriptor: %s",
               g_strerror (errno));
  return FALSE;
}

static gboolean
open_socket (DagschedLiveServer *self, GError **error)
{
  g_autofree char *directory = dagsched_live_directory_dup_path ();

  self->directory = dagsched_live_directory_open (TRUE, error);
  if (self->directory < 0)
    return FALSE;

  self->name = g_strdup_printf ("%d-%08x" DAGSCHED_LIVE_SUFFIX, (int) getpid (), g_random_int ());
  self->path = g_build_filename (directory, self->name, NULL);
  self->listener = dagsched_live_socket_listen (self->directory, self->name, error);
  return self->listener >= 0;
}

DagschedLiveServer *
dagsched_live_server_new (GBytes *info, guint32 n_tests, GError **error)
{
  DagschedLiveServer *self = g_new0 (DagschedLiveServer, 1);

  g_mutex_init (&self->mutex);
  self->directory = self->listener = self->waker = -1;
  self->n_tests = n_tests;
  self->info = info;
  self->clients = g_ptr_array_new_with_free_func (client_free);
  self->polled = g_array_new (FALSE, FALSE, sizeof (struct pollfd));
  self->asked = dagsched_live_mailbox_new (g_free, error);
  if (self->asked != NULL && open_waker (self, error) && open_socket (self, error))
    self->thread = g_thread_try_new ("dagsched-live", serve, self, error);

  if (self->thread == NULL)
    g_clear_pointer (&self, dagsched_live_server_free);
  return self;
}

static void
close_if_open (int fd)
{
  if (fd >= 0)
    close (fd);
}

void
dagsched_live_server_free (DagschedLiveServer *self)
{
  if (self->listener >= 0)
    dagsched_live_socket_remove (self->directory, self->name);
  if (self->thread != NULL)
    {
      dagsched_live_server_tell (self, &(DagschedLiveTell){ .kind = DAGSCHED_LIVE_TELL_QUIT });
      g_thread_join (self->thread);
    }

  close_if_open (self->listener);
  close_if_open (self->waker);
  close_if_open (self->directory);
  g_ptr_array_unref (self->clients);
  g_array_unref (self->polled);
  g_clear_pointer (&self->asked, dagsched_live_mailbox_unref);
  g_clear_pointer (&self->info, g_bytes_unref);
  g_clear_pointer (&self->end, g_bytes_unref);
  g_free (self->name);
  g_free (self->path);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

const char *
dagsched_live_server_get_path (DagschedLiveServer *self)
{
  return self->path;
}

DagschedLiveMailbox *
dagsched_live_server_get_asked (DagschedLiveServer *self)
{
  return self->asked;
}

static gboolean
has_watchers (DagschedLiveServer *self)
{
  gboolean has = FALSE;

  for (guint i = 0; i < self->clients->len; i++)
    {
      const DagschedLiveClient *client = g_ptr_array_index (self->clients, i);

      has |= client->phase == DAGSCHED_LIVE_PHASE_SYNCED && !client->gone;
    }

  return has;
}

gboolean
dagsched_live_server_tell (DagschedLiveServer *self, const DagschedLiveTell *tell)
{
  gboolean passing = tell->kind == DAGSCHED_LIVE_TELL_CHANGES || tell->kind == DAGSCHED_LIVE_TELL_OUTPUT;
  gboolean has;

  g_mutex_lock (&self->mutex);
  handle (self, tell);
  if (flush_all (self) || !passing || self->deaf)
    wake (self);
  has = has_watchers (self);
  g_mutex_unlock (&self->mutex);

  if (tell->frame != NULL)
    g_bytes_unref (tell->frame);
  if (tell->plan != NULL)
    dagsched_live_document_unref (tell->plan);
  if (tell->document != NULL)
    dagsched_live_document_unref (tell->document);
  return has;
}
