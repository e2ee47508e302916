/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>

#include "executor/dagsched-message-private.h"
#include "executor/dagsched-ring-private.h"

/* One stream of an attempt's output. Its first half limit goes out at once, of what comes after that the
 * last half limit is kept until the end. */
typedef struct
{
  int fd;       /* our end of the pipe; -1: at its end */
  short events; /* what poll() says of it, since it was last read */
  bool never_blocks;
  bool is_mid_line; /* what came last did not end its line */
  uint8_t number;
  bool whole;    /* nothing is kept back and nothing cut */
  uint64_t head; /* bytes that may still go out at once */
  DagschedRing tail;
} AgentStream;

typedef enum
{
  AGENT_STREAM_EMPTY, /* nothing to read now */
  AGENT_STREAM_MORE,  /* something was there, and more may be */
  AGENT_STREAM_ENDED, /* nobody has the other end */
} AgentStreamStatus;

/* Makes the pipe; returns the end to write to, or -1 with errno. */
int agent_stream_open (AgentStream *self, uint8_t number, uint64_t limit, bool whole);
/* Reads some, if @events say that it is there. What goes out is appended to @out as frames of attempt @id. */
AgentStreamStatus agent_stream_read (AgentStream *self, uint64_t id, DagschedBuffer *out);
/* The same until nothing is there any more, but no more than a pipe may hold: somebody may write for ever. */
void agent_stream_drain (AgentStream *self, uint64_t id, DagschedBuffer *out);
/* Adds lines of our own, on lines of their own. */
void
agent_stream_add (AgentStream *self, uint64_t id, const uint8_t *data, size_t length, DagschedBuffer *out);
/* Reads some, and forgets it: the attempt has ended, what it kept writes on. */
void agent_stream_discard (AgentStream *self);
/* Appends what was kept back. */
void agent_stream_flush (AgentStream *self, uint64_t id, DagschedBuffer *out);
void agent_stream_close (AgentStream *self);
