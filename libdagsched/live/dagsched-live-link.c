/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-link-private.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* More documents than this in flight are a flood. */
#define MAX_WAITING_DOCUMENTS 16
#define MAX_DESCRIPTORS 8 /* of one message: what is more is cut off, which is noticed */
#define MAX_PARTS 16      /* frames written at once */

typedef struct
{
  GBytes *frame;
  DagschedLiveDocument *document; /* (nullable) */
  DagschedLiveUse use;
} Outgoing;

struct _DagschedLiveLink
{
  int fd;
  guint32 max_payload;
  gboolean takes_documents;

  GQueue outgoing; /* of Outgoing */
  gsize n_written; /* bytes of the first one */
  gsize n_queued;  /* bytes of all, those included */

  GByteArray *incoming;
  gsize n_taken;   /* bytes of it */
  GArray *waiting; /* of int */
  gpointer payload;
};

DagschedLiveLink *
dagsched_live_link_new (int fd, guint32 max_payload, gboolean takes_documents)
{
  DagschedLiveLink *self = g_new0 (DagschedLiveLink, 1);

  self->fd = fd;
  self->max_payload = max_payload;
  self->takes_documents = takes_documents;
  g_queue_init (&self->outgoing);
  self->incoming = g_byte_array_new ();
  self->waiting = g_array_new (FALSE, FALSE, sizeof (int));
  self->payload = g_malloc (MAX (max_payload, 1));
  return self;
}

static void
outgoing_free (gpointer data)
{
  Outgoing *self = data;

  g_bytes_unref (self->frame);
  g_clear_pointer (&self->document, dagsched_live_document_unref);
  g_free (self);
}

void
dagsched_live_link_free (DagschedLiveLink *self)
{
  for (guint i = 0; i < self->waiting->len; i++)
    close (g_array_index (self->waiting, int, i));
  g_array_unref (self->waiting);
  g_byte_array_unref (self->incoming);
  g_queue_clear_full (&self->outgoing, outgoing_free);
  g_free (self->payload);
  close (self->fd);
  g_free (self);
}

int
dagsched_live_link_get_fd (DagschedLiveLink *self)
{
  return self->fd;
}

GByteArray *
dagsched_live_frame_begin (DagschedLiveFrameType type, gsize length)
{
  GByteArray *frame = g_byte_array_sized_new ((guint) (sizeof (DagschedLiveHeader) + length));
  const DagschedLiveHeader header = { .length = (guint32) length, .type = type };

  g_assert (length <= DAGSCHED_LIVE_MAX_PAYLOAD);

  return g_byte_array_append (frame, (const guint8 *) &header, sizeof header);
}

GBytes *
dagsched_live_frame_end (GByteArray *frame)
{
  DagschedLiveHeader header;

  memcpy (&header, frame->data, sizeof header);
  g_assert (frame->len == sizeof header + header.length);

  return g_byte_array_free_to_bytes (frame);
}

GBytes *
dagsched_live_frame_new (DagschedLiveFrameType type, gconstpointer payload, gsize length)
{
  GByteArray *frame = dagsched_live_frame_begin (type, length);

  if (length > 0)
    g_byte_array_append (frame, payload, (guint) length);
  return dagsched_live_frame_end (frame);
}

void
dagsched_live_link_send (DagschedLiveLink *self,
                         GBytes *frame,
                         DagschedLiveDocument *document,
                         DagschedLiveUse use)
{
  Outgoing *outgoing = g_new (Outgoing, 1);

  outgoing->frame = g_bytes_ref (frame);
  outgoing->document = document != NULL ? dagsched_live_document_ref (document) : NULL;
  outgoing->use = use;
  g_queue_push_tail (&self->outgoing, outgoing);
  self->n_queued += g_bytes_get_size (frame);
}

gsize
dagsched_live_link_get_queued (DagschedLiveLink *self)
{
  return self->n_queued - self->n_written;
}

gboolean
dagsched_live_link_is_idle (DagschedLiveLink *self)
{
  return g_queue_is_empty (&self->outgoing);
}

void
dagsched_live_link_drop_passing (DagschedLiveLink *self)
{
  /* The rest of what is half written has to follow. */
  GList *link = self->n_written > 0 ? self->outgoing.head->next : self->outgoing.head;

  while (link != NULL)
    {
      GList *next = link->next;
      Outgoing *outgoing = link->data;

      if (outgoing->use == DAGSCHED_LIVE_PASSING)
        {
          self->n_queued -= g_bytes_get_size (outgoing->frame);
          outgoing_free (outgoing);
          g_queue_delete_link (&self->outgoing, link);
        }
      link = next;
    }
}

/* A message has one document at most, with its first byte: it begins where its frame does. */
static guint
fill_parts (DagschedLiveLink *self, struct iovec *parts)
{
  guint n = 0;

  for (GList *link = self->outgoing.head; link != NULL && n < MAX_PARTS; link = link->next)
    {
      Outgoing *outgoing = link->data;
      gsize length, skipped = n == 0 ? self->n_written : 0;
      const char *data = g_bytes_get_data (outgoing->frame, &length);

      if (n > 0 && outgoing->document != NULL)
        break;
      parts[n++] = (struct iovec){ (char *) data + skipped, length - skipped };
    }

  return n;
}

static void
add_descriptor (struct msghdr *message, int fd)
{
  struct cmsghdr *control;

  message->msg_controllen = CMSG_SPACE (sizeof fd);
  control = CMSG_FIRSTHDR (message);
  control->cmsg_level = SOL_SOCKET;
  control->cmsg_type = SCM_RIGHTS;
  control->cmsg_len = CMSG_LEN (sizeof fd);
  memcpy (CMSG_DATA (control), &fd, sizeof fd);
}

static ssize_t
write_some (DagschedLiveLink *self)
{
  const Outgoing *first = g_queue_peek_head (&self->outgoing);
  _Alignas(struct cmsghdr) char control[CMSG_SPACE (sizeof (int))] = { 0 };
  struct iovec parts[MAX_PARTS];
  struct msghdr message = { .msg_iov = parts };
  ssize_t written;

  message.msg_iovlen = fill_parts (self, parts);
  if (first->document != NULL && self->n_written == 0)
    {
      message.msg_control = control;
      add_descriptor (&message, dagsched_live_document_get_fd (first->document));
    }
  do
    written = sendmsg (self->fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  while (written < 0 && errno == EINTR);

  return written;
}

static void
note_written (DagschedLiveLink *self, gsize length)
{
  self->n_written += length;
  while (!g_queue_is_empty (&self->outgoing))
    {
      Outgoing *first = g_queue_peek_head (&self->outgoing);
      gsize size = g_bytes_get_size (first->frame);

      if (self->n_written < size)
        break;
      self->n_written -= size;
      self->n_queued -= size;
      outgoing_free (g_queue_pop_head (&self->outgoing));
    }
}

gboolean
dagsched_live_link_flush (DagschedLiveLink *self)
{
  while (!g_queue_is_empty (&self->outgoing))
    {
      ssize_t written = write_some (self);

      if (written < 0)
        return errno == EAGAIN || errno == EWOULDBLOCK;
      note_written (self, (gsize) written);
    }

  return TRUE;
}

/* FALSE: more descriptors came than anybody may send. */
static gboolean
take_descriptors (DagschedLiveLink *self, struct msghdr *message)
{
  gboolean too_many = (message->msg_flags & MSG_CTRUNC) != 0;

  for (struct cmsghdr *control = CMSG_FIRSTHDR (message); control != NULL;
       control = CMSG_NXTHDR (message, control))
    {
      gsize n = (control->cmsg_len - CMSG_LEN (0)) / sizeof (int);

      if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
        continue;
      for (gsize i = 0; i < n; i++)
        {
          int fd;

          memcpy (&fd, CMSG_DATA (control) + i * sizeof fd, sizeof fd);
          g_array_append_val (self->waiting, fd);
        }
    }

  return !too_many && self->waiting->len <= (self->takes_documents ? MAX_WAITING_DOCUMENTS : 0);
}

static void
forget_taken (DagschedLiveLink *self)
{
  if (self->n_taken == 0)
    return;

  g_byte_array_remove_range (self->incoming, 0, (guint) self->n_taken);
  self->n_taken = 0;
}

DagschedLiveRead
dagsched_live_link_read (DagschedLiveLink *self)
{
  const guint room = DAGSCHED_LIVE_MAX_PAYLOAD;
  _Alignas(struct cmsghdr) char control[CMSG_SPACE (MAX_DESCRIPTORS * sizeof (int))];
  struct iovec part;
  struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = control };
  guint length;
  ssize_t n_read;

  forget_taken (self);
  length = self->incoming->len;
  g_byte_array_set_size (self->incoming, length + room);
  part = (struct iovec){ self->incoming->data + length, room };
  message.msg_controllen = sizeof control;
  do
    n_read = recvmsg (self->fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  while (n_read < 0 && errno == EINTR);
  g_byte_array_set_size (self->incoming, length + (guint) MAX (n_read, 0));

  if (n_read < 0)
    return errno == EAGAIN || errno == EWOULDBLOCK ? DAGSCHED_LIVE_READ_MORE : DAGSCHED_LIVE_READ_END;
  if (!take_descriptors (self, &message))
    return DAGSCHED_LIVE_READ_BROKEN;

  return n_read > 0 ? DAGSCHED_LIVE_READ_MORE : DAGSCHED_LIVE_READ_END;
}

gboolean
dagsched_live_link_take (DagschedLiveLink *self, DagschedLiveFrame *frame, gboolean *broken)
{
  gsize there = self->incoming->len - self->n_taken;
  DagschedLiveHeader header;

  *broken = FALSE;
  if (there < sizeof header)
    return FALSE;

  memcpy (&header, self->incoming->data + self->n_taken, sizeof header);
  *broken = header.length > self->max_payload || header.unused != 0;
  if (*broken || there - sizeof header < header.length)
    return FALSE;

  memcpy (self->payload, self->incoming->data + self->n_taken + sizeof header, header.length);
  self->n_taken += sizeof header + header.length;
  *frame = (DagschedLiveFrame){ header.type, self->payload, header.length };
  return TRUE;
}

int
dagsched_live_link_take_document (DagschedLiveLink *self)
{
  int fd;

  if (self->waiting->len == 0)
    return -1;

  fd = g_array_index (self->waiting, int, 0);
  g_array_remove_index (self->waiting, 0);
  return fd;
}
