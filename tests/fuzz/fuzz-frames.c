/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fuzz.h"

#include "executor/dagsched-message-private.h"

/* What goes between runner and agent, either way. What is understood is written as it was read. */

static void
check_same (const DagschedBuffer *read, size_t length, DagschedBuffer *written)
{
  g_assert_cmpmem (dagsched_buffer_peek (read), length, dagsched_buffer_peek (written),
                   dagsched_buffer_get_length (written));
}

static bool
put_hello (DagschedFrameReader *payload, DagschedBuffer *out)
{
  DagschedHelloMessage message;

  /* Of another version the version is all that is understood. */
  if (!dagsched_hello_message_get (&message, payload) || message.version != DAGSCHED_FRAME_VERSION)
    return false;
  dagsched_hello_message_put (&message, out);
  return true;
}

static bool
put_run (DagschedFrameReader *payload, DagschedBuffer *out)
{
  DagschedRunMessage message;

  if (!dagsched_run_message_get (&message, payload))
    return false;
  g_assert_true (dagsched_run_message_put (&message, out));
  dagsched_run_message_clear (&message);
  return true;
}

#define PUT(kind, Kind)                                                                                      \
  static bool put_##kind (DagschedFrameReader *payload, DagschedBuffer *out)                                 \
  {                                                                                                          \
    Dagsched##Kind##Message message;                                                                         \
                                                                                                             \
    if (!dagsched_##kind##_message_get (&message, payload))                                                  \
      return false;                                                                                          \
    dagsched_##kind##_message_put (&message, out);                                                           \
    return true;                                                                                             \
  }

PUT (stop, Stop)
PUT (output, Output)
PUT (finished, Finished)

static bool
put_number (DagschedFrameType type, DagschedFrameReader *payload, DagschedBuffer *out)
{
  uint64_t number;

  if (!dagsched_number_message_get (&number, payload))
    return false;
  dagsched_number_message_put (type, number, out);
  return true;
}

static bool
put (DagschedFrameType type, DagschedFrameReader *payload, DagschedBuffer *out)
{
  switch (type)
    {
    case DAGSCHED_FRAME_HELLO:
      return put_hello (payload, out);
    case DAGSCHED_FRAME_RUN:
      return put_run (payload, out);
    case DAGSCHED_FRAME_STOP:
      return put_stop (payload, out);
    case DAGSCHED_FRAME_OUTPUT:
      return put_output (payload, out);
    case DAGSCHED_FRAME_FINISHED:
      return put_finished (payload, out);
    case DAGSCHED_FRAME_OPEN:
    case DAGSCHED_FRAME_GONE:
    case DAGSCHED_FRAME_RELEASE:
    case DAGSCHED_FRAME_RELEASED:
      return put_number (type, payload, out);
    default:
      return false;
    }
}

static void
read_frames (DagschedBuffer *in)
{
  DagschedFrameReader payload;
  DagschedFrameType type;
  size_t length;

  while (dagsched_frame_next (in, &type, &payload, &length) == DAGSCHED_FRAME_COMPLETE)
    {
      DagschedBuffer out = { 0 };

      g_assert_cmpuint (length, <=, dagsched_buffer_get_length (in));
      if (put (type, &payload, &out))
        check_same (in, length, &out);
      dagsched_buffer_clear (&out);
      dagsched_buffer_consume (in, length);
    }
}

FUZZ_READER (frames)
{
  guint32 seed = (guint32) size;
  DagschedBuffer in = { 0 };

  while (size > 0)
    {
      gsize length = fuzz_next_piece (&seed, size);

      dagsched_buffer_append (&in, data, length);
      read_frames (&in);
      data += length;
      size -= length;
    }
  dagsched_buffer_clear (&in);
  return 0;
}
