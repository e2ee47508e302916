/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-stream.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#define READ_SIZE (64 * 1024)
#define PIPE_SIZE_MAX (1024 * 1024) /* of an unprivileged user, as the kernel comes */
#define FLUSH_SIZE (1024 * 1024)

int
agent_stream_open (AgentStream *self, uint8_t number, uint64_t limit, bool whole)
{
  int fds[2];

  *self = (AgentStream){ .fd = -1, .number = number };
  if (pipe2 (fds, O_CLOEXEC) < 0)
    return -1;

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

  if (length > 0)
    self->is_mid_line = data[length - 1] != '\n';
  if (n_head > 0)
    send_part (self, id, 0, data, n_head, out);
  if (!self->whole)
    self->head -= n_head;
  if (n_head < length)
    dagsched_ring_append (&self->tail, data + n_head, length - n_head);
}

/* Only our end, as a test may expect that writing blocks; and only once there is something: most tests
 * write nothing. poll() does not promise that reading won't block: the test may have read it itself. */
static void
ensure_never_blocks (AgentStream *self)
{
  if (!self->never_blocks)
    fcntl (self->fd, F_SETFL, O_NONBLOCK);
  self->never_blocks = true;
}

/* Bytes read; 0: ended; -1: nothing there. */
static ssize_t
read_some (AgentStream *self, uint8_t *data, size_t size)
{
  short events = self->events;
  ssize_t n_read;

  self->events = 0;
  if (events == 0)
    return -1;
  if ((events & POLLIN) == 0)
    return 0;

  ensure_never_blocks (self);
  do
    n_read = read (self->fd, data, size);
  while (n_read < 0 && errno == EINTR);

  return n_read < 0 && errno != EAGAIN ? 0 : n_read;
}

static void
end (AgentStream *self)
{
  close (self->fd);
  self->fd = -1;
}

static AgentStreamStatus
read_or_end (AgentStream *self, uint8_t *data, size_t size, size_t *length)
{
  ssize_t n_read;

  *length = 0;
  if (self->fd < 0)
    return AGENT_STREAM_ENDED;

  n_read = read_some (self, data, size);
  if (n_read < 0)
    return AGENT_STREAM_EMPTY;

  *length = (size_t) n_read;
  if (n_read > 0)
    return AGENT_STREAM_MORE;

  end (self);
  return AGENT_STREAM_ENDED;
}

AgentStreamStatus
agent_stream_read (AgentStream *self, uint64_t id, DagschedBuffer *out)
{
  static uint8_t data[READ_SIZE];
  size_t length;
  AgentStreamStatus status = read_or_end (self, data, sizeof data, &length);

  if (length > 0)
    take (self, id, data, length, out);

  return status;
}

void
agent_stream_drain (AgentStream *self, uint64_t id, DagschedBuffer *out)
{
  for (int i = 0; i < PIPE_SIZE_MAX / READ_SIZE && self->fd >= 0; i++)
    {
      self->events = POLLIN;
      if (agent_stream_read (self, id, out) != AGENT_STREAM_MORE)
        return;
    }
}

void
agent_stream_add (AgentStream *self, uint64_t id, const uint8_t *data, size_t length, DagschedBuffer *out)
{
  if (self->is_mid_line)
    take (self, id, (const uint8_t *) "\n", 1, out);
  take (self, id, data, length, out);
}

void
agent_stream_discard (AgentStream *self)
{
  static uint8_t data[READ_SIZE];
  size_t length;

  read_or_end (self, data, sizeof data, &length);
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
    end (self);
  dagsched_ring_clear (&self->tail);
}
