/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "live/dagsched-live-link-private.h"
#include "live/dagsched-observer-private.h"

/* What a run sends to its observers, as pieces: a type, a length (16 bits) and as many bytes, which are the frame or,
 * of some types, the document that comes with it. With the highest bit of the type they are the frame in any case. */

#define MAX_PIECES 32
#define SEND_BUFFER (1024 * 1024)
#define HAS_NO_DOCUMENT 0x80

static gboolean
has_document (uint8_t type)
{
  return type == DAGSCHED_LIVE_PLAN || type == DAGSCHED_LIVE_STATE || type == DAGSCHED_LIVE_DETAILS ||
         type == DAGSCHED_LIVE_WRITTEN;
}

static void
send_piece (DagschedLiveLink *link, uint8_t type, const uint8_t *data, size_t size)
{
  const DagschedLiveAnswer answer = { .request = 1 };
  gboolean is_answer = type == DAGSCHED_LIVE_DETAILS || type == DAGSCHED_LIVE_WRITTEN;
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (DagschedLiveDocument) document = NULL;
  g_autoptr (GBytes) frame = NULL;

  if (has_document (type))
    {
      g_ptr_array_add (parts, g_bytes_new (data, size));
      document = dagsched_live_document_new (parts);
      frame = dagsched_live_frame_new (type, &answer, is_answer ? sizeof answer : 0);
    }
  else
    {
      frame = dagsched_live_frame_new (type & ~HAS_NO_DOCUMENT, data, size);
    }
  dagsched_live_link_send (link, frame, document, DAGSCHED_LIVE_LASTING);
}

static int
make_socket (const uint8_t *data, size_t size)
{
  int fds[2], buffer = SEND_BUFFER;
  g_autoptr (DagschedLiveLink) link = NULL;

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds), ==, 0);
  setsockopt (fds[1], SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
  link = dagsched_live_link_new (fds[1], DAGSCHED_LIVE_MAX_PAYLOAD, FALSE);
  for (guint i = 0; i < MAX_PIECES && size >= 3; i++)
    {
      gsize length = MIN (size - 3, (gsize) data[1] | (gsize) data[2] << 8);

      send_piece (link, data[0], data + 3, length);
      data += 3 + length;
      size -= 3 + length;
    }
  /* What the socket does not hold is not sent. */
  dagsched_live_link_flush (link);
  return fds[0];
}

static void
wait_for_news (DagschedObserver *observer)
{
  struct pollfd polled = { .fd = dagsched_live_reader_get_fd (observer->reader), .events = POLLIN };

  /* libFuzzer's clock interrupts. */
  while (poll (&polled, 1, -1) < 0)
    g_assert_cmpint (errno, ==, EINTR);
  dagsched_live_reader_clear (observer->reader);
}

static gboolean
wait_until_built (DagschedObserver *observer)
{
  DagschedLiveNews *news;
  gboolean built;

  do
    {
      wait_for_news (observer);
      news = dagsched_live_reader_take (observer->reader);
    }
  while (news == NULL);

  built = news->kind == DAGSCHED_LIVE_NEWS_BUILT;
  if (!built)
    fuzz_check_error (FALSE, news->error);
  dagsched_live_news_free (news);
  return built;
}

static void
check_ended (DagschedObserver *observer)
{
  DagschedRun *run = DAGSCHED_RUN (observer);
  guint n_states = 0, n_outcomes = 0;

  g_assert_cmpint (dagsched_run_get_verdict (run), !=, DAGSCHED_VERDICT_NONE);
  for (guint i = 0; i <= DAGSCHED_STATE_FINISHED; i++)
    n_states += dagsched_run_get_n_in_state (run, i);
  for (guint i = 0; i < DAGSCHED_N_OUTCOMES; i++)
    n_outcomes += dagsched_run_get_n_with_outcome (run, i);
  g_assert_cmpuint (n_states, ==, observer->n_tests);
  g_assert_cmpuint (n_outcomes, ==, observer->n_tests);
  for (guint32 i = 0; i < observer->n_tests; i++)
    {
      g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (run, observer->tests[i]);

      g_assert_cmpuint (attempts->len, ==, observer->shown[i].n_spans);
    }
}

FUZZ_READER (live_observer)
{
  g_autoptr (DagschedObserver) observer = g_object_new (DAGSCHED_TYPE_OBSERVER, NULL);
  g_autoptr (GError) error = NULL;

  observer->reader = dagsched_live_reader_new (make_socket (data, size), observer, &error);
  g_assert_no_error (error);
  if (!wait_until_built (observer))
    return 0;

  dagsched_observer_show_news (observer);
  while (!observer->lost)
    {
      wait_for_news (observer);
      dagsched_observer_show_news (observer);
    }
  check_ended (observer);
  return 0;
}
