/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-message-private.h"

#include <stdlib.h>
#include <string.h>

void
dagsched_hello_message_put (const DagschedHelloMessage *self, DagschedBuffer *buffer)
{
  DagschedFrameWriter writer;

  dagsched_frame_begin (&writer, buffer, DAGSCHED_FRAME_HELLO);
  dagsched_frame_put_u32 (&writer, DAGSCHED_FRAME_MAGIC);
  dagsched_frame_put_u32 (&writer, self->version);
  dagsched_frame_put_u32 (&writer, self->pid);
  dagsched_frame_put_string (&writer, self->root);
  dagsched_frame_put_u8 (&writer, self->temporary);
  dagsched_frame_end (&writer);
}

/* Whatever follows the version belongs to that version: another one is understood this far. */
bool
dagsched_hello_message_get (DagschedHelloMessage *self, DagschedFrameReader *payload)
{
  *self = (DagschedHelloMessage){ .root = "" };

  if (dagsched_frame_get_u32 (payload) != DAGSCHED_FRAME_MAGIC)
    return false;

  self->version = dagsched_frame_get_u32 (payload);
  if (payload->bad || self->version != DAGSCHED_FRAME_VERSION)
    return !payload->bad;

  self->pid = dagsched_frame_get_u32 (payload);
  self->root = dagsched_frame_get_string (payload);
  self->temporary = dagsched_frame_get_u8 (payload);
  return dagsched_frame_is_read (payload);
}

static void
put_strings (DagschedFrameWriter *writer, const char **strings)
{
  uint32_t n_strings = 0;

  while (strings[n_strings] != NULL)
    n_strings++;

  dagsched_frame_put_u32 (writer, n_strings);
  for (uint32_t i = 0; i < n_strings; i++)
    dagsched_frame_put_string (writer, strings[i]);
}

static const char **
get_strings (DagschedFrameReader *payload)
{
  uint32_t n_strings = dagsched_frame_get_u32 (payload);
  const char **strings;

  /* A string takes five bytes at least: a count that lies costs no memory. */
  if (payload->bad || n_strings > (size_t) (payload->end - payload->position) / 5)
    {
      payload->bad = true;
      return NULL;
    }

  strings = calloc ((size_t) n_strings + 1, sizeof *strings);
  if (strings == NULL)
    abort ();
  for (uint32_t i = 0; i < n_strings; i++)
    strings[i] = dagsched_frame_get_string (payload);

  return strings;
}

bool
dagsched_run_message_put (const DagschedRunMessage *self, DagschedBuffer *buffer)
{
  DagschedFrameWriter writer;

  dagsched_frame_begin (&writer, buffer, DAGSCHED_FRAME_RUN);
  dagsched_frame_put_u64 (&writer, self->id);
  dagsched_frame_put_u32 (&writer, self->flags);
  dagsched_frame_put_u64 (&writer, (uint64_t) self->timeout_ns);
  dagsched_frame_put_u64 (&writer, (uint64_t) self->grace_ns);
  dagsched_frame_put_u32 (&writer, self->stop_signal);
  dagsched_frame_put_u64 (&writer, self->output_limit);
  for (int i = 0; i < DAGSCHED_RUN_N_LIMITS; i++)
    dagsched_frame_put_u64 (&writer, self->limits[i]);
  dagsched_frame_put_string (&writer, self->workdir);
  dagsched_frame_put_string (&writer, self->artifacts);
  put_strings (&writer, self->argv);
  put_strings (&writer, self->env);
  put_strings (&writer, self->unset);
  return dagsched_frame_end (&writer);
}

bool
dagsched_run_message_get (DagschedRunMessage *self, DagschedFrameReader *payload)
{
  *self = (DagschedRunMessage){ 0 };
  self->id = dagsched_frame_get_u64 (payload);
  self->flags = dagsched_frame_get_u32 (payload);
  self->timeout_ns = (int64_t) dagsched_frame_get_u64 (payload);
  self->grace_ns = (int64_t) dagsched_frame_get_u64 (payload);
  self->stop_signal = dagsched_frame_get_u32 (payload);
  self->output_limit = dagsched_frame_get_u64 (payload);
  for (int i = 0; i < DAGSCHED_RUN_N_LIMITS; i++)
    self->limits[i] = dagsched_frame_get_u64 (payload);
  self->workdir = dagsched_frame_get_string (payload);
  self->artifacts = dagsched_frame_get_string (payload);
  self->argv = get_strings (payload);
  self->env = get_strings (payload);
  self->unset = get_strings (payload);

  if (dagsched_frame_is_read (payload) && self->argv[0] != NULL && self->timeout_ns >= 0 &&
      self->grace_ns >= 0 && self->stop_signal >= 1 && self->stop_signal <= 64)
    return true;

  dagsched_run_message_clear (self);
  return false;
}

void
dagsched_run_message_clear (DagschedRunMessage *self)
{
  free (self->argv);
  free (self->env);
  free (self->unset);
  *self = (DagschedRunMessage){ 0 };
}

void
dagsched_stop_message_put (const DagschedStopMessage *self, DagschedBuffer *buffer)
{
  DagschedFrameWriter writer;

  dagsched_frame_begin (&writer, buffer, DAGSCHED_FRAME_STOP);
  dagsched_frame_put_u64 (&writer, self->id);
  dagsched_frame_put_u8 (&writer, self->kill);
  dagsched_frame_end (&writer);
}

bool
dagsched_stop_message_get (DagschedStopMessage *self, DagschedFrameReader *payload)
{
  self->id = dagsched_frame_get_u64 (payload);
  self->kill = dagsched_frame_get_u8 (payload);
  return dagsched_frame_is_read (payload);
}

void
dagsched_output_message_put (const DagschedOutputMessage *self, DagschedBuffer *buffer)
{
  DagschedFrameWriter writer;

  dagsched_frame_begin (&writer, buffer, DAGSCHED_FRAME_OUTPUT);
  dagsched_frame_put_u64 (&writer, self->id);
  dagsched_frame_put_u8 (&writer, self->stream);
  dagsched_frame_put_u64 (&writer, self->skipped);
  dagsched_frame_put_bytes (&writer, self->data, self->length);
  dagsched_frame_end (&writer);
}

bool
dagsched_output_message_get (DagschedOutputMessage *self, DagschedFrameReader *payload)
{
  self->id = dagsched_frame_get_u64 (payload);
  self->stream = dagsched_frame_get_u8 (payload);
  self->skipped = dagsched_frame_get_u64 (payload);
  self->data = dagsched_frame_get_bytes (payload, &self->length);
  return dagsched_frame_is_read (payload) && self->stream <= 1;
}

void
dagsched_finished_message_put (const DagschedFinishedMessage *self, DagschedBuffer *buffer)
{
  DagschedFrameWriter writer;

  dagsched_frame_begin (&writer, buffer, DAGSCHED_FRAME_FINISHED);
  dagsched_frame_put_u64 (&writer, self->id);
  dagsched_frame_put_u8 (&writer, self->failure);
  dagsched_frame_put_u32 (&writer, self->error);
  dagsched_frame_put_u32 (&writer, self->exit_status);
  dagsched_frame_put_u32 (&writer, self->term_signal);
  dagsched_frame_put_u32 (&writer, self->flags);
  dagsched_frame_put_u64 (&writer, (uint64_t) self->start_ns);
  dagsched_frame_put_u64 (&writer, (uint64_t) self->end_ns);
  dagsched_frame_put_bytes (&writer, self->values, self->values_length);
  dagsched_frame_end (&writer);
}

bool
dagsched_finished_message_get (DagschedFinishedMessage *self, DagschedFrameReader *payload)
{
  self->id = dagsched_frame_get_u64 (payload);
  self->failure = dagsched_frame_get_u8 (payload);
  self->error = dagsched_frame_get_u32 (payload);
  self->exit_status = dagsched_frame_get_u32 (payload);
  self->term_signal = dagsched_frame_get_u32 (payload);
  self->flags = dagsched_frame_get_u32 (payload);
  self->start_ns = (int64_t) dagsched_frame_get_u64 (payload);
  self->end_ns = (int64_t) dagsched_frame_get_u64 (payload);
  self->values = dagsched_frame_get_bytes (payload, &self->values_length);
  return dagsched_frame_is_read (payload) && self->failure <= DAGSCHED_FAILURE_VALUES &&
         self->exit_status <= 255 && self->term_signal <= 64;
}

void
dagsched_number_message_put (DagschedFrameType type, uint64_t number, DagschedBuffer *buffer)
{
  DagschedFrameWriter writer;

  dagsched_frame_begin (&writer, buffer, type);
  dagsched_frame_put_u64 (&writer, number);
  dagsched_frame_end (&writer);
}

bool
dagsched_number_message_get (uint64_t *number, DagschedFrameReader *payload)
{
  *number = dagsched_frame_get_u64 (payload);
  return dagsched_frame_is_read (payload);
}
