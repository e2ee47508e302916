/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-reader-private.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/dagsched-error.h"
#include "live/dagsched-live-document-private.h"
#include "live/dagsched-live-link-private.h"
#include "live/dagsched-observer-private.h"
#include "store/dagsched-log-parse-private.h"

/* The model thread is so far behind at most: then no more is read, and the publisher leaves out what happens. */
#define MAX_AHEAD (4 * 1024 * 1024)

typedef enum
{
  EXPECT_INFO,
  EXPECT_PLAN,
  EXPECT_STATE,
  EXPECT_ANYTHING,
} Expectation;

struct _DagschedLiveReader
{
  DagschedLiveMailbox *news; /* to the model thread */
  DagschedLiveMailbox *sent; /* to the reader's thread; of GBytes */
  int n_ahead;               /* (atomic) bytes of news that were not taken yet */
  int quit;                  /* (atomic) */
  GThread *thread;

  /* Reader's thread. */
  DagschedLiveLink *link;
  DagschedObserver *observer; /* until it is built */
  DagschedLiveKnown known;    /* likewise */
  Expectation expectation;
  guint32 n_tests;
  guint32 n_workers;
  gboolean unheard; /* the peer takes nothing any more */
  gboolean over;
};

void
dagsched_live_news_free (DagschedLiveNews *news)
{
  g_clear_error (&news->error);
  g_clear_pointer (&news->bytes, g_bytes_unref);
  g_clear_pointer (&news->attempts, g_ptr_array_unref);
  g_clear_pointer (&news->outputs, dagsched_outputs_free);
  g_clear_object (&news->settings);
  dagsched_live_known_clear (&news->known);
  dagsched_live_end_clear (&news->end);
  g_free (news);
}

static DagschedLiveNews *
news_new (DagschedLiveNewsKind kind, gsize size)
{
  DagschedLiveNews *news = g_new0 (DagschedLiveNews, 1);

  news->kind = kind;
  news->size = size + sizeof *news;
  return news;
}

static void
tell (DagschedLiveReader *self, DagschedLiveNews *news)
{
  g_atomic_int_add (&self->n_ahead, (int) MIN (news->size, G_MAXINT / 4));
  dagsched_live_mailbox_push (self->news, news);
}

/* Nothing that comes after this can be used. Takes @error. */
static void
end_with (DagschedLiveReader *self, GError *error)
{
  DagschedLiveNews *news =
    news_new (self->observer != NULL ? DAGSCHED_LIVE_NEWS_FAILED : DAGSCHED_LIVE_NEWS_LOST, 0);

  news->error = error;
  self->over = TRUE;
  tell (self, news);
}

static void
end_as_broken (DagschedLiveReader *self)
{
  end_with (self, g_error_new_literal (DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE,
                                       "what the other process sends is not what a run sends"));
}

static void
end_as_closed (DagschedLiveReader *self)
{
  GError *error = NULL;

  if (self->observer != NULL)
    error = g_error_new_literal (DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
                                 "the run ended before it could be shown");
  end_with (self, error);
}

static void
send_observe (DagschedLiveReader *self)
{
  const DagschedLiveObserve observe = { DAGSCHED_LIVE_MAGIC, DAGSCHED_LIVE_VERSION };
  g_autoptr (GBytes) frame = dagsched_live_frame_new (DAGSCHED_LIVE_OBSERVE, &observe, sizeof observe);

  dagsched_live_link_send (self->link, frame, NULL, DAGSCHED_LIVE_LASTING);
}

static gboolean
on_first_info (DagschedLiveReader *self, const DagschedLiveFrame *frame)
{
  if (!dagsched_live_decode_info (frame->payload, frame->length, &self->known) ||
      self->known.magic != DAGSCHED_LIVE_MAGIC)
    return FALSE;

  if (self->known.version != DAGSCHED_LIVE_VERSION)
    {
      end_with (self, g_error_new (DAGSCHED_ERROR, DAGSCHED_ERROR_PARSE,
                                   "the run speaks version %u of the protocol, this program version %u: "
                                   "use the same version of dagsched for both",
                                   self->known.version, DAGSCHED_LIVE_VERSION));
      return TRUE;
    }

  self->expectation = EXPECT_PLAN;
  send_observe (self);
  return TRUE;
}

static GBytes *
take_document (DagschedLiveReader *self)
{
  int fd = dagsched_live_link_take_document (self->link);
  GBytes *bytes;

  if (fd < 0)
    return NULL;

  bytes = dagsched_live_document_read (fd);
  close (fd);
  return bytes;
}

static gboolean
on_plan (DagschedLiveReader *self)
{
  g_autoptr (GBytes) bytes = take_document (self);
  DagschedLivePlan plan;

  if (bytes == NULL || !dagsched_live_decode_plan (bytes, &plan))
    return FALSE;

  self->n_tests = plan.header->n_tests;
  self->n_workers = plan.header->n_workers;
  dagsched_observer_build (self->observer, &self->known, &plan);
  self->expectation = EXPECT_STATE;
  return TRUE;
}

/* Takes @bytes. */
static DagschedLiveNews *
decode_changes (DagschedLiveReader *self, GBytes *bytes, gboolean all)
{
  DagschedLiveNews *news =
    news_new (DAGSCHED_LIVE_NEWS_CHANGES, bytes != NULL ? g_bytes_get_size (bytes) : 0);

  news->bytes = bytes;
  news->all = all;
  if (bytes != NULL &&
      dagsched_live_decode_changes (bytes, self->n_tests, self->n_workers, all, &news->changes))
    return news;

  dagsched_live_news_free (news);
  return NULL;
}

static gboolean
on_state (DagschedLiveReader *self)
{
  DagschedLiveNews *news = decode_changes (self, take_document (self), TRUE);
  DagschedObserverCursor cursor = { .news = news };

  if (news == NULL)
    return FALSE;
  if (self->observer == NULL)
    {
      tell (self, news);
      return TRUE;
    }

  /* Nobody is connected to anything yet: so it takes no time but for what it does. */
  dagsched_observer_apply (self->observer, &cursor, G_MAXINT64);
  dagsched_live_news_free (news);
  self->observer = NULL;
  self->expectation = EXPECT_ANYTHING;
  tell (self, news_new (DAGSCHED_LIVE_NEWS_BUILT, 0));
  return TRUE;
}

/* Payloads are aligned where they stand, and copies are as well. */
static gboolean
on_changes (DagschedLiveReader *self, const DagschedLiveFrame *frame)
{
  DagschedLiveNews *news = decode_changes (self, g_bytes_new (frame->payload, frame->length), FALSE);

  if (news != NULL)
    tell (self, news);
  return news != NULL;
}

static gboolean
on_output (DagschedLiveReader *self, const DagschedLiveFrame *frame)
{
  const DagschedLiveOutput *record = frame->payload;
  DagschedLiveNews *news;

  if (frame->length < sizeof *record || record->number >= self->n_tests ||
      record->n_written < frame->length - sizeof *record)
    return FALSE;

  news = news_new (DAGSCHED_LIVE_NEWS_OUTPUT, frame->length);
  news->number = record->number;
  news->is_error = record->is_error != 0;
  news->n_written = record->n_written;
  news->bytes = g_bytes_new (record + 1, frame->length - sizeof *record);
  tell (self, news);
  return TRUE;
}

/* (nullable): a line that can't be read is passed over, as in a log, and the test is shown without its settings. */
static DagschedTest *
read_settings (const DagschedLiveDetails *details)
{
  DagschedTest *test = NULL;
  DagschedLogLine line;

  if (!dagsched_log_parse_line (details->settings, details->settings_length, &line, NULL))
    return NULL;

  if (line.kind == DAGSCHED_LOG_LINE_TEST)
    test = g_steal_pointer (&line.test);
  dagsched_log_line_clear (&line);
  return test;
}

static gboolean
on_details (DagschedLiveReader *self, const DagschedLiveFrame *frame)
{
  const DagschedLiveAnswer *record = frame->payload;
  g_autoptr (GBytes) bytes = take_document (self);
  DagschedLiveDetails details;
  DagschedLiveNews *news;

  if (bytes == NULL || frame->length != sizeof *record || !dagsched_live_decode_details (bytes, &details))
    return FALSE;

  news = news_new (DAGSCHED_LIVE_NEWS_DETAILS, g_bytes_get_size (bytes));
  news->number = record->request;
  news->settings = read_settings (&details);
  news->attempts = details.attempts;
  tell (self, news);
  return TRUE;
}

static gboolean
on_written (DagschedLiveReader *self, const DagschedLiveFrame *frame)
{
  const DagschedLiveAnswer *record = frame->payload;
  g_autoptr (GBytes) bytes = take_document (self);
  DagschedOutputs *outputs;
  DagschedLiveNews *news;

  if (bytes == NULL || frame->length != sizeof *record)
    return FALSE;
  outputs = dagsched_live_decode_written (bytes);
  if (outputs == NULL)
    return FALSE;

  news = news_new (DAGSCHED_LIVE_NEWS_WRITTEN, g_bytes_get_size (bytes));
  news->number = record->request;
  news->outputs = outputs;
  tell (self, news);
  return TRUE;
}

static gboolean
on_end (DagschedLiveReader *self, const DagschedLiveFrame *frame)
{
  DagschedLiveNews *news = news_new (DAGSCHED_LIVE_NEWS_END, 0);

  if (dagsched_live_decode_end (frame->payload, frame->length, &news->end))
    {
      tell (self, news);
      return TRUE;
    }

  dagsched_live_news_free (news);
  return FALSE;
}

static gboolean
on_later_info (DagschedLiveReader *self, const DagschedLiveFrame *frame)
{
  DagschedLiveNews *news = news_new (DAGSCHED_LIVE_NEWS_INFO, 0);

  if (dagsched_live_decode_info (frame->payload, frame->length, &news->known) &&
      news->known.magic == DAGSCHED_LIVE_MAGIC && news->known.version == DAGSCHED_LIVE_VERSION)
    {
      tell (self, news);
      return TRUE;
    }

  dagsched_live_news_free (news);
  return FALSE;
}

static gboolean
on_any_frame (DagschedLiveReader *self, const DagschedLiveFrame *frame)
{
  switch (frame->type)
    {
    case DAGSCHED_LIVE_INFO:
      return on_later_info (self, frame);
    case DAGSCHED_LIVE_STATE:
      return on_state (self);
    case DAGSCHED_LIVE_CHANGES:
      return on_changes (self, frame);
    case DAGSCHED_LIVE_OUTPUT:
      return on_output (self, frame);
    case DAGSCHED_LIVE_DETAILS:
      return on_details (self, frame);
    case DAGSCHED_LIVE_WRITTEN:
      return on_written (self, frame);
    case DAGSCHED_LIVE_END:
      return on_end (self, frame);
    default:
      return FALSE;
    }
}

static gboolean
on_frame (DagschedLiveReader *self, const DagschedLiveFrame *frame)
{
  switch (self->expectation)
    {
    case EXPECT_INFO:
      return frame->type == DAGSCHED_LIVE_INFO && on_first_info (self, frame);
    case EXPECT_PLAN:
      /* It may have started meanwhile: the state says so too. */
      return frame->type == DAGSCHED_LIVE_INFO || (frame->type == DAGSCHED_LIVE_PLAN && on_plan (self));
    case EXPECT_STATE:
      return frame->type == DAGSCHED_LIVE_INFO || (frame->type == DAGSCHED_LIVE_STATE && on_state (self));
    case EXPECT_ANYTHING:
    default:
      return on_any_frame (self, frame);
    }
}

static void
read_frames (DagschedLiveReader *self)
{
  DagschedLiveRead status = dagsched_live_link_read (self->link);
  gboolean broken = FALSE, understood = TRUE;
  DagschedLiveFrame frame;

  while (understood && !self->over && dagsched_live_link_take (self->link, &frame, &broken))
    understood = on_frame (self, &frame);

  if (self->over)
    return;
  if (!understood || broken || status == DAGSCHED_LIVE_READ_BROKEN)
    end_as_broken (self);
  else if (status == DAGSCHED_LIVE_READ_END)
    end_as_closed (self);
}

static void
take_sent (DagschedLiveReader *self)
{
  GBytes *frame;

  dagsched_live_mailbox_clear (self->sent);
  while ((frame = dagsched_live_mailbox_take (self->sent)) != NULL)
    {
      dagsched_live_link_send (self->link, frame, NULL, DAGSCHED_LIVE_LASTING);
      g_bytes_unref (frame);
    }
}

static gboolean
is_behind (DagschedLiveReader *self)
{
  return g_atomic_int_get (&self->n_ahead) > MAX_AHEAD;
}

/* A socket that is not read from is not polled at all: its end would be told of again and again. */
static void
read_and_write (DagschedLiveReader *self)
{
  gboolean writes = !self->unheard && !dagsched_live_link_is_idle (self->link);
  struct pollfd polled[] = {
    { .fd = dagsched_live_mailbox_get_fd (self->sent), .events = POLLIN },
    { .fd = is_behind (self) ? -1 : dagsched_live_link_get_fd (self->link),
      .events = (short) (POLLIN | (writes ? POLLOUT : 0)) },
  };

  if (poll (polled, G_N_ELEMENTS (polled), -1) < 0)
    return;
  if (polled[0].revents != 0)
    take_sent (self);
  if (polled[1].revents & (POLLIN | POLLHUP | POLLERR))
    read_frames (self);
  /* What is there can be read all the same. */
  if (!self->over && !self->unheard)
    self->unheard = !dagsched_live_link_flush (self->link);
}

static gpointer
read_until_over (gpointer data)
{
  DagschedLiveReader *self = data;

  while (!self->over && !g_atomic_int_get (&self->quit))
    read_and_write (self);

  return NULL;
}

DagschedLiveReader *
dagsched_live_reader_new (int fd, DagschedObserver *observer, GError **error)
{
  DagschedLiveReader *self = g_new0 (DagschedLiveReader, 1);

  self->link = dagsched_live_link_new (fd, DAGSCHED_LIVE_MAX_PAYLOAD, TRUE);
  self->observer = observer;
  self->news = dagsched_live_mailbox_new ((GDestroyNotify) dagsched_live_news_free, error);
  self->sent = self->news != NULL ? dagsched_live_mailbox_new ((GDestroyNotify) g_bytes_unref, error) : NULL;
  if (self->sent != NULL)
    self->thread = g_thread_try_new ("dagsched-observer", read_until_over, self, error);

  if (self->thread == NULL)
    g_clear_pointer (&self, dagsched_live_reader_free);
  return self;
}

void
dagsched_live_reader_free (DagschedLiveReader *self)
{
  if (self->thread != NULL)
    {
      g_atomic_int_set (&self->quit, TRUE);
      dagsched_live_mailbox_wake (self->sent);
      g_thread_join (self->thread);
    }

  dagsched_live_link_free (self->link);
  dagsched_live_known_clear (&self->known);
  g_clear_pointer (&self->news, dagsched_live_mailbox_unref);
  g_clear_pointer (&self->sent, dagsched_live_mailbox_unref);
  g_free (self);
}

int
dagsched_live_reader_get_fd (DagschedLiveReader *self)
{
  return dagsched_live_mailbox_get_fd (self->news);
}

void
dagsched_live_reader_clear (DagschedLiveReader *self)
{
  dagsched_live_mailbox_clear (self->news);
}

DagschedLiveNews *
dagsched_live_reader_take (DagschedLiveReader *self)
{
  DagschedLiveNews *news = dagsched_live_mailbox_take (self->news);

  if (news == NULL)
    return NULL;

  if (g_atomic_int_add (&self->n_ahead, -(int) MIN (news->size, G_MAXINT / 4)) > MAX_AHEAD)
    dagsched_live_mailbox_wake (self->sent);
  return news;
}

void
dagsched_live_reader_wake (DagschedLiveReader *self)
{
  dagsched_live_mailbox_wake (self->news);
}

void
dagsched_live_reader_send (DagschedLiveReader *self, GBytes *frame)
{
  dagsched_live_mailbox_push (self->sent, frame);
}
