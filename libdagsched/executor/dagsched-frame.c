/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-frame-private.h"

#include <string.h>

static void
store_u32 (uint8_t *to, uint32_t value)
{
  for (int i = 0; i < 4; i++)
    to[i] = (uint8_t) (value >> (8 * i));
}

static uint32_t
load_u32 (const uint8_t *from)
{
  uint32_t value = 0;

  for (int i = 0; i < 4; i++)
    value |= (uint32_t) from[i] << (8 * i);

  return value;
}

void
dagsched_frame_begin (DagschedFrameWriter *self, DagschedBuffer *buffer, DagschedFrameType type)
{
  self->buffer = buffer;
  self->header = dagsched_buffer_get_length (buffer);
  dagsched_frame_put_u32 (self, 0);
  dagsched_frame_put_u8 (self, (uint8_t) type);
}

void
dagsched_frame_put_u8 (DagschedFrameWriter *self, uint8_t value)
{
  dagsched_buffer_append (self->buffer, &value, 1);
}

void
dagsched_frame_put_u32 (DagschedFrameWriter *self, uint32_t value)
{
  store_u32 (dagsched_buffer_reserve (self->buffer, 4), value);
  dagsched_buffer_commit (self->buffer, 4);
}

void
dagsched_frame_put_u64 (DagschedFrameWriter *self, uint64_t value)
{
  dagsched_frame_put_u32 (self, (uint32_t) value);
  dagsched_frame_put_u32 (self, (uint32_t) (value >> 32));
}

/* A string too long for the length field can't be: frame_end() refuses the frame long before. */
void
dagsched_frame_put_string (DagschedFrameWriter *self, const char *value)
{
  size_t length = strlen (value);

  dagsched_frame_put_u32 (self, (uint32_t) length);
  dagsched_buffer_append (self->buffer, value, length + 1);
}

void
dagsched_frame_put_bytes (DagschedFrameWriter *self, const void *data, size_t length)
{
  dagsched_frame_put_u32 (self, (uint32_t) length);
  dagsched_buffer_append (self->buffer, data, length);
}

bool
dagsched_frame_end (DagschedFrameWriter *self)
{
  DagschedBuffer *buffer = self->buffer;
  size_t length = dagsched_buffer_get_length (buffer) - self->header - 4;

  if (length > DAGSCHED_FRAME_MAX)
    {
      buffer->end = buffer->start + self->header;
      return false;
    }

  store_u32 (buffer->data + buffer->start + self->header, (uint32_t) length);
  return true;
}

DagschedFrameStatus
dagsched_frame_next (const DagschedBuffer *buffer,
                     DagschedFrameType *type,
                     DagschedFrameReader *payload,
                     size_t *length)
{
  const uint8_t *data = dagsched_buffer_peek (buffer);
  size_t available = dagsched_buffer_get_length (buffer);
  uint32_t size;

  if (available < 4)
    return DAGSCHED_FRAME_PARTIAL;

  size = load_u32 (data);
  if (size < 1 || size > DAGSCHED_FRAME_MAX)
    return DAGSCHED_FRAME_BROKEN;
  if (available - 4 < size)
    return DAGSCHED_FRAME_PARTIAL;

  *type = data[4];
  *payload = (DagschedFrameReader){ .position = data + 5, .end = data + 4 + size };
  *length = (size_t) size + 4;
  return DAGSCHED_FRAME_COMPLETE;
}

/* The next @length bytes, or NULL. */
static const uint8_t *
take (DagschedFrameReader *self, size_t length)
{
  const uint8_t *data = self->position;

  if (self->bad || length > (size_t) (self->end - self->position))
    {
      self->bad = true;
      return NULL;
    }

  self->position += length;
  return data;
}

uint8_t
dagsched_frame_get_u8 (DagschedFrameReader *self)
{
  const uint8_t *data = take (self, 1);

  return data != NULL ? *data : 0;
}

uint32_t
dagsched_frame_get_u32 (DagschedFrameReader *self)
{
  const uint8_t *data = take (self, 4);

  return data != NULL ? load_u32 (data) : 0;
}

uint64_t
dagsched_frame_get_u64 (DagschedFrameReader *self)
{
  const uint8_t *data = take (self, 8);

  return data != NULL ? load_u32 (data) | (uint64_t) load_u32 (data + 4) << 32 : 0;
}

const char *
dagsched_frame_get_string (DagschedFrameReader *self)
{
  size_t length = dagsched_frame_get_u32 (self);
  const uint8_t *data = self->bad ? NULL : take (self, length + 1);

  if (data == NULL)
    return NULL;

  /* The first NUL has to be the last byte: a string is a C string, whole. */
  if (memchr (data, '\0', length + 1) != data + length)
    {
      self->bad = true;
      return NULL;
    }

  return (const char *) data;
}

const uint8_t *
dagsched_frame_get_bytes (DagschedFrameReader *self, size_t *length)
{
  const uint8_t *data;

  *length = dagsched_frame_get_u32 (self);
  data = self->bad ? NULL : take (self, *length);
  if (data == NULL)
    *length = 0;

  return data;
}

bool
dagsched_frame_is_read (const DagschedFrameReader *self)
{
  return !self->bad && self->position == self->end;
}
