/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "live/dagsched-live-client-private.h"

/* What an observer sends to the process whose run it watches. */

#define N_TESTS 8
#define MAX_FOLLOWS 64

static int
make_socket (const uint8_t *data, size_t size)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
  /* What a socket does not hold is not sent. */
  (void) (send (fds[1], data, size, MSG_NOSIGNAL) == 0);
  close (fds[1]);
  return fds[0];
}

static void
answer_state (DagschedLiveClient *client)
{
  g_autoptr (GPtrArray) no_parts = g_ptr_array_new ();
  g_autoptr (DagschedLiveDocument) nothing = dagsched_live_document_new (no_parts);

  dagsched_live_client_send_state (client, nothing, nothing);
}

static void
take_asked (DagschedLiveClient *client, DagschedLiveMailbox *asked, int *n_follows)
{
  DagschedLiveAsk *ask;

  while ((ask = dagsched_live_mailbox_take (asked)) != NULL)
    {
      g_assert_cmpint (ask->kind, <=, DAGSCHED_LIVE_ASK_KILL);
      g_assert_cmpuint (ask->number, <, N_TESTS);
      *n_follows += ask->kind == DAGSCHED_LIVE_ASK_FOLLOW;
      *n_follows -= ask->kind == DAGSCHED_LIVE_ASK_UNFOLLOW;
      if (ask->kind == DAGSCHED_LIVE_ASK_STATE)
        answer_state (client);
      g_free (ask);
    }
  g_assert_true (*n_follows >= 0 && *n_follows <= MAX_FOLLOWS);
}

FUZZ_READER (live_server)
{
  DagschedLiveClient *client = dagsched_live_client_new (1, make_socket (data, size));
  g_autoptr (DagschedLiveMailbox) asked = dagsched_live_mailbox_new (g_free, NULL);
  int n_follows = 0;

  while (!client->gone)
    {
      short events = dagsched_live_client_begin_wait (client);

      dagsched_live_client_serve (client, events, N_TESTS, asked);
      take_asked (client, asked, &n_follows);
      client->n_loads = 0; /* answered */
    }
  g_assert_cmpint (n_follows, ==, 0);
  dagsched_live_client_free (client);
  return 0;
}
