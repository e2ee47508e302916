/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>

#include "executor/dagsched-buffer-private.h"

/* The protocol between runner and agent: frames over a stream socket. A frame is a length (32 bits,
 * of what follows it), a type (8 bits) and a payload. Numbers are little-endian; a string is a
 * length (32 bits), the bytes and a NUL. The C library only: the agent speaks it as well.
 *
 * The first frame either way is HELLO. A decoder takes any bytes: what is not a message is refused. */

#define DAGSCHED_FRAME_MAGIC 0x44534147u /* "GASD" as it goes over the wire */
#define DAGSCHED_FRAME_VERSION 3u
#define DAGSCHED_FRAME_HEADER 5
#define DAGSCHED_FRAME_MAX (16u << 20) /* a command line and environment of 2 MiB, and room to spare */

typedef enum
{
  DAGSCHED_FRAME_HELLO = 1, /* both ways, runner and keeper */
  DAGSCHED_FRAME_OPEN,      /* runner → keeper, with the slot's end of a socket pair */
  DAGSCHED_FRAME_GONE,      /* keeper → runner: a slot ended, and nothing of it is left */
  DAGSCHED_FRAME_RUN,       /* runner → slot */
  DAGSCHED_FRAME_STOP,      /* runner → slot: end the attempt early */
  DAGSCHED_FRAME_RELEASE,   /* runner → slot: end what the last attempt was allowed to keep */
  DAGSCHED_FRAME_RELEASED,  /* slot → runner: done */
  DAGSCHED_FRAME_OUTPUT,    /* slot → runner */
  DAGSCHED_FRAME_FINISHED,  /* slot → runner: the attempt has ended, the slot is free */
  DAGSCHED_FRAME_PAUSE,     /* runner → slot: all stands still, until RESUME; no RUN comes in between */
  DAGSCHED_FRAME_RESUME,    /* runner → slot */
} DagschedFrameType;

/* Writes one frame at a time at the end of a buffer. */
typedef struct
{
  DagschedBuffer *buffer;
  size_t header; /* where the frame starts, from the buffer's start */
} DagschedFrameWriter;

void dagsched_frame_begin (DagschedFrameWriter *self, DagschedBuffer *buffer, DagschedFrameType type);
void dagsched_frame_put_u8 (DagschedFrameWriter *self, uint8_t value);
void dagsched_frame_put_u32 (DagschedFrameWriter *self, uint32_t value);
void dagsched_frame_put_u64 (DagschedFrameWriter *self, uint64_t value);
void dagsched_frame_put_string (DagschedFrameWriter *self, const char *value);
void dagsched_frame_put_bytes (DagschedFrameWriter *self, const void *data, size_t length);
/* false: the frame is larger than a frame may be, and was taken out of the buffer again. */
bool dagsched_frame_end (DagschedFrameWriter *self);

/* Reads a payload. After the first thing that is not there, everything reads as nothing and @bad is set. */
typedef struct
{
  const uint8_t *position;
  const uint8_t *end;
  bool bad;
} DagschedFrameReader;

typedef enum
{
  DAGSCHED_FRAME_BROKEN = -1,  /* no frame can follow: the peer has to be given up */
  DAGSCHED_FRAME_PARTIAL = 0,  /* more bytes are needed */
  DAGSCHED_FRAME_COMPLETE = 1, /* the type and the payload were set */
} DagschedFrameStatus;

/* Looks at the first frame of @buffer. @length is what to consume once the payload has been read. */
DagschedFrameStatus dagsched_frame_next (const DagschedBuffer *buffer,
                                         DagschedFrameType *type,
                                         DagschedFrameReader *payload,
                                         size_t *length);
uint8_t dagsched_frame_get_u8 (DagschedFrameReader *self);
uint32_t dagsched_frame_get_u32 (DagschedFrameReader *self);
uint64_t dagsched_frame_get_u64 (DagschedFrameReader *self);
/* Valid as long as the buffer is not touched; NULL when it is not there. */
const char *dagsched_frame_get_string (DagschedFrameReader *self);
const uint8_t *dagsched_frame_get_bytes (DagschedFrameReader *self, size_t *length);
/* Whether everything was there and nothing is left over. */
bool dagsched_frame_is_read (const DagschedFrameReader *self);
