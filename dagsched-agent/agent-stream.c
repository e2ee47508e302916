/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-stream.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define READ_SIZE (64 * 1024)
#define READS_AT_ONCE 4
#define FLUSH_SIZE (1024 * 1024)

int
agent_stream_open (AgentStream *self, uint8_t number, uint64_t limit, bool whole)
{
  int fds[2];

  *self = (AgentStream){ .fd = -1, .number = number };
  if (pipe2 (fds, O_CLOEXEC) < 0)
    return -1;

  /* Only our end: a test may expect that writing blocks. */
  fcntl (fds[0], F_SETFL, O_NONBLOCK);
  self->fd = fds[0];
  self->whole = whole;
  self->head = limit - limit / 2;
  dagsched_ring_init (&self->tail, limit / 2 < SIZE_MAX ? (size_t) (limit / 2) : SIZE_MAX);

  return fds[1];
}

static void
send_part (AgentStream *self,
           uint64_t id,
           uint64_t skipped,
           const uint8_t *data,
           size_t length,
           DagschedBuffer *out)
{
  DagschedOutputMessage message = {
    .id = id, .stream = self->number, .skipped = skipped, .data = data, .length = length
  };

  dagsched_output_message_put (&message, out);
}

static void
take (AgentStream *self, uint64_t id, const uint8_t *data, size_t length, DagschedBuffer *out)
{
  size_t n_head = self->whole || self->head > length ? length : (size_t) self->head;

  if (n_head > 0)
    send_part (self, id, 0, data, n_head, out);
  if (!self->whole)
    self->head -= n_head;
  if (n_head < length)
    dagsched_ring_append (&self->tail, data + n_head, length - n_head);
}

/* Bytes read; 0: ended; -1: nothing there. */
static ssize_t
read_some (int fd, uint8_t *data, size_t size)
{
  ssize_t n_read;

  do
    n_read = read (fd, data, size);
  while (n_read < 0 && errno == EINTR);

  return n_read < 0 && errno != EAGAIN ? 0 : n_read;
}

AgentStreamStatus
agent_stream_read (AgentStream *self, uint64_t id, DagschedBuffer *out)
{
  static uint8_t data[READ_SIZE];

  if (self->fd < 0)
    return AGENT_STREAM_ENDED;

  for (int i = 0; i < READS_AT_ONCE; i++)
    {
      ssize_t n_read = read_some (self->fd, data, sizeof data);

      if (n_read < 0)
        return AGENT_STREAM_EMPTY;
      if (n_read == 0)
        {
          close (self->fd);
          self->fd = -1;
          return AGENT_STREAM_ENDED;
        }
      take (self, id, data, (size_t) n_read, out);
    }

  return AGENT_STREAM_MORE;
}

AgentStreamStatus
agent_stream_discard (AgentStream *self)
{
  static uint8_t data[READ_SIZE];
  ssize_t n_read;

  if (self->fd < 0)
    return AGENT_STREAM_ENDED;

  n_read = read_some (self->fd, data, sizeof data);
  if (n_read == 0)
    agent_stream_close (self);

  return n_read == 0 ? AGENT_STREAM_ENDED : n_read < 0 ? AGENT_STREAM_EMPTY : AGENT_STREAM_MORE;
}

void
agent_stream_flush (AgentStream *self, uint64_t id, DagschedBuffer *out)
{
  const uint8_t *parts[2];
  size_t lengths[2];
  uint64_t skipped = self->tail.cut;

  dagsched_ring_peek (&self->tail, parts, lengths);
  for (int i = 0; i < 2; i++)
    {
      for (size_t sent = 0; sent < lengths[i]; sent += FLUSH_SIZE)
        {
          size_t left = lengths[i] - sent;

          send_part (self, id, skipped, parts[i] + sent, left < FLUSH_SIZE ? left : FLUSH_SIZE, out);
          skipped = 0;
        }
    }

  /* Where no tail is kept at all, the cut is still to be told. */
  if (skipped > 0)
    send_part (self, id, skipped, NULL, 0, out);
  dagsched_ring_clear (&self->tail);
}

void
agent_stream_close (AgentStream *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  dagsched_ring_clear (&self->tail);
}
