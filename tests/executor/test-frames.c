/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <glib.h>
#include <string.h>

#include "executor/dagsched-capture-private.h"
#include "executor/dagsched-fixture-values-private.h"
#include "executor/dagsched-message-private.h"

/* The payload of the one frame in the buffer. */
static DagschedFrameReader
open_frame (DagschedBuffer *buffer, DagschedFrameType expected)
{
  DagschedFrameReader payload;
  DagschedFrameType type;
  gsize length;

  g_assert_cmpint (dagsched_frame_next (buffer, &type, &payload, &length), ==, DAGSCHED_FRAME_COMPLETE);
  g_assert_cmpint (type, ==, expected);
  g_assert_cmpuint (length, ==, dagsched_buffer_get_length (buffer));
  return payload;
}

static const DagschedRunMessage run_message = {
  .id = 0x123456789abcdef0,
  .flags = DAGSCHED_RUN_KEEP,
  .timeout_ns = G_MAXINT64,
  .grace_ns = 0,
  .stop_signal = 15,
  .output_limit = G_MAXUINT64,
  .limits = { 1, 2, G_MAXUINT64, 4 },
  .workdir = "/usr",
  .artifacts = "",
  .argv = (const char *[]){ "program", "", "argument\n", NULL },
  .env = (const char *[]){ "A=b", "C=", NULL },
  .unset = (const char *[]){ NULL },
};

static void
assert_strings (const char **strings, const char **expected)
{
  guint i;

  for (i = 0; expected[i] != NULL; i++)
    g_assert_cmpstr (strings[i], ==, expected[i]);
  g_assert_null (strings[i]);
}

static void
test_run (void)
{
  DagschedBuffer buffer = { 0 };
  DagschedFrameReader payload;
  DagschedRunMessage copy;

  g_assert_true (dagsched_run_message_put (&run_message, &buffer));
  payload = open_frame (&buffer, DAGSCHED_FRAME_RUN);
  g_assert_true (dagsched_run_message_get (&copy, &payload));
  g_assert_cmpuint (copy.id, ==, run_message.id);
  g_assert_cmpuint (copy.flags, ==, run_message.flags);
  g_assert_cmpint (copy.timeout_ns, ==, run_message.timeout_ns);
  g_assert_cmpint (copy.grace_ns, ==, run_message.grace_ns);
  g_assert_cmpuint (copy.stop_signal, ==, run_message.stop_signal);
  g_assert_cmpuint (copy.output_limit, ==, run_message.output_limit);
  g_assert_cmpmem (copy.limits, sizeof copy.limits, run_message.limits, sizeof run_message.limits);
  g_assert_cmpstr (copy.workdir, ==, run_message.workdir);
  g_assert_cmpstr (copy.artifacts, ==, run_message.artifacts);
  assert_strings (copy.argv, run_message.argv);
  assert_strings (copy.env, run_message.env);
  assert_strings (copy.unset, run_message.unset);
  dagsched_run_message_clear (&copy);
  dagsched_buffer_clear (&buffer);
}

static void
test_small_messages (void)
{
  DagschedHelloMessage hello = { .version = DAGSCHED_FRAME_VERSION, .pid = 7, .root = "/tmp/x" };
  DagschedStopMessage stop = { .id = 8, .kill = 1 };
  DagschedOutputMessage output = {
    .id = 9, .stream = 1, .skipped = 10, .data = (const guint8 *) "a\0b", .length = 3
  };
  DagschedBuffer buffer = { 0 };
  DagschedFrameReader payload;
  guint64 number;

  dagsched_hello_message_put (&hello, &buffer);
  hello = (DagschedHelloMessage){ 0 };
  payload = open_frame (&buffer, DAGSCHED_FRAME_HELLO);
  g_assert_true (dagsched_hello_message_get (&hello, &payload));
  g_assert_cmpuint (hello.pid, ==, 7);
  g_assert_cmpstr (hello.root, ==, "/tmp/x");
  dagsched_buffer_clear (&buffer);

  dagsched_stop_message_put (&stop, &buffer);
  stop = (DagschedStopMessage){ 0 };
  payload = open_frame (&buffer, DAGSCHED_FRAME_STOP);
  g_assert_true (dagsched_stop_message_get (&stop, &payload));
  g_assert_cmpuint (stop.id, ==, 8);
  g_assert_cmpuint (stop.kill, ==, 1);
  dagsched_buffer_clear (&buffer);

  dagsched_output_message_put (&output, &buffer);
  output = (DagschedOutputMessage){ 0 };
  payload = open_frame (&buffer, DAGSCHED_FRAME_OUTPUT);
  g_assert_true (dagsched_output_message_get (&output, &payload));
  g_assert_cmpuint (output.skipped, ==, 10);
  g_assert_cmpmem (output.data, output.length, "a\0b", 3);
  dagsched_buffer_clear (&buffer);

  dagsched_number_message_put (DAGSCHED_FRAME_GONE, G_MAXUINT64, &buffer);
  payload = open_frame (&buffer, DAGSCHED_FRAME_GONE);
  g_assert_true (dagsched_number_message_get (&number, &payload));
  g_assert_cmpuint (number, ==, G_MAXUINT64);
  dagsched_buffer_clear (&buffer);
}

static void
test_finished (void)
{
  DagschedFinishedMessage message = {
    .id = 1,
    .failure = DAGSCHED_FAILURE_EXEC,
    .error = 2,
    .exit_status = 255,
    .term_signal = 64,
    .flags = DAGSCHED_FINISHED_LEAKED,
    .start_ns = 5,
    .end_ns = -6,
    .values = (const guint8 *) "A=b\n",
    .values_length = 4,
  };
  DagschedBuffer buffer = { 0 };
  DagschedFrameReader payload;
  DagschedFinishedMessage copy;

  dagsched_finished_message_put (&message, &buffer);
  payload = open_frame (&buffer, DAGSCHED_FRAME_FINISHED);
  g_assert_true (dagsched_finished_message_get (&copy, &payload));
  g_assert_cmpuint (copy.failure, ==, message.failure);
  g_assert_cmpuint (copy.error, ==, message.error);
  g_assert_cmpuint (copy.exit_status, ==, message.exit_status);
  g_assert_cmpuint (copy.term_signal, ==, message.term_signal);
  g_assert_cmpuint (copy.flags, ==, message.flags);
  g_assert_cmpint (copy.start_ns, ==, message.start_ns);
  g_assert_cmpint (copy.end_ns, ==, message.end_ns);
  g_assert_cmpmem (copy.values, copy.values_length, "A=b\n", 4);
  dagsched_buffer_clear (&buffer);
}

/* Whatever the kernel makes of a stream, the frames come out of it. */
static void
test_byte_by_byte (void)
{
  DagschedBuffer all = { 0 }, buffer = { 0 };
  guint n_frames = 0;

  for (guint64 i = 0; i < 3; i++)
    dagsched_number_message_put (DAGSCHED_FRAME_OPEN, i, &all);

  for (gsize i = 0; i < dagsched_buffer_get_length (&all); i++)
    {
      DagschedFrameReader payload;
      DagschedFrameType type;
      gsize length;
      guint64 number;

      dagsched_buffer_append (&buffer, dagsched_buffer_peek (&all) + i, 1);
      if (dagsched_frame_next (&buffer, &type, &payload, &length) != DAGSCHED_FRAME_COMPLETE)
        continue;
      g_assert_true (dagsched_number_message_get (&number, &payload));
      g_assert_cmpuint (number, ==, n_frames++);
      dagsched_buffer_consume (&buffer, length);
    }

  g_assert_cmpuint (n_frames, ==, 3);
  g_assert_cmpuint (dagsched_buffer_get_length (&buffer), ==, 0);
  dagsched_buffer_clear (&all);
  dagsched_buffer_clear (&buffer);
}

static gboolean
decode (DagschedFrameType type, DagschedFrameReader *payload)
{
  DagschedRunMessage run;
  DagschedHelloMessage hello;
  DagschedStopMessage stop;
  DagschedOutputMessage output;
  DagschedFinishedMessage finished;
  guint64 number;

  switch (type)
    {
    case DAGSCHED_FRAME_RUN:
      if (!dagsched_run_message_get (&run, payload))
        return FALSE;
      dagsched_run_message_clear (&run);
      return TRUE;
    case DAGSCHED_FRAME_HELLO:
      return dagsched_hello_message_get (&hello, payload);
    case DAGSCHED_FRAME_STOP:
      return dagsched_stop_message_get (&stop, payload);
    case DAGSCHED_FRAME_OUTPUT:
      return dagsched_output_message_get (&output, payload);
    case DAGSCHED_FRAME_FINISHED:
      return dagsched_finished_message_get (&finished, payload);
    case DAGSCHED_FRAME_OPEN:
    case DAGSCHED_FRAME_GONE:
    case DAGSCHED_FRAME_RELEASE:
    case DAGSCHED_FRAME_RELEASED:
    default:
      return dagsched_number_message_get (&number, payload);
    }
}

/* Each prefix of a payload is refused: nothing is optional, nothing is read from behind its end. */
static void
test_truncated (void)
{
  DagschedBuffer buffer = { 0 };
  DagschedFrameReader payload;

  g_assert_true (dagsched_run_message_put (&run_message, &buffer));
  payload = open_frame (&buffer, DAGSCHED_FRAME_RUN);
  for (gsize length = 0; length < (gsize) (payload.end - payload.position); length++)
    {
      /* A copy of its own, for the sanitizers to see what is read beyond. */
      g_autofree guint8 *copy = g_memdup2 (payload.position, length);
      DagschedFrameReader cut = { .position = copy, .end = length > 0 ? copy + length : copy };

      g_assert_false (decode (DAGSCHED_FRAME_RUN, &cut));
    }
  dagsched_buffer_clear (&buffer);
}

static void
test_sizes (void)
{
  const guint8 zero[] = { 0, 0, 0, 0 }, huge[] = { 0xff, 0xff, 0xff, 0xff };
  DagschedBuffer buffer = { 0 };
  DagschedRunMessage message = run_message;
  g_autofree char *large = g_strnfill (DAGSCHED_FRAME_MAX, 'x');
  DagschedFrameReader payload;
  DagschedFrameType type;
  gsize length;

  g_assert_cmpint (dagsched_frame_next (&buffer, &type, &payload, &length), ==, DAGSCHED_FRAME_PARTIAL);
  dagsched_buffer_append (&buffer, zero, 4);
  g_assert_cmpint (dagsched_frame_next (&buffer, &type, &payload, &length), ==, DAGSCHED_FRAME_BROKEN);
  dagsched_buffer_clear (&buffer);
  dagsched_buffer_append (&buffer, huge, 4);
  g_assert_cmpint (dagsched_frame_next (&buffer, &type, &payload, &length), ==, DAGSCHED_FRAME_BROKEN);
  dagsched_buffer_clear (&buffer);

  /* What is too large leaves no half a frame behind. */
  dagsched_number_message_put (DAGSCHED_FRAME_OPEN, 1, &buffer);
  length = dagsched_buffer_get_length (&buffer);
  message.workdir = large;
  g_assert_false (dagsched_run_message_put (&message, &buffer));
  g_assert_cmpuint (dagsched_buffer_get_length (&buffer), ==, length);
  dagsched_buffer_clear (&buffer);
}

static void
test_strange_values (void)
{
  DagschedRunMessage messages[] = { run_message, run_message, run_message, run_message };
  DagschedBuffer buffer = { 0 };

  messages[0].stop_signal = 65;
  messages[1].stop_signal = 0;
  messages[2].timeout_ns = -1;
  messages[3].argv = (const char *[]){ NULL };
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      DagschedFrameReader payload;

      g_assert_true (dagsched_run_message_put (&messages[i], &buffer));
      payload = open_frame (&buffer, DAGSCHED_FRAME_RUN);
      g_assert_false (decode (DAGSCHED_FRAME_RUN, &payload));
      dagsched_buffer_clear (&buffer);
    }
}

/* Bytes at random, and real frames with some of theirs changed: no more is asked than that it ends well. */
static void
test_garbage (void)
{
  DagschedBuffer frame = { 0 };

  g_assert_true (dagsched_run_message_put (&run_message, &frame));
  for (guint i = 0; i < 20000; i++)
    {
      gsize size = dagsched_buffer_get_length (&frame) - DAGSCHED_FRAME_HEADER;
      g_autofree guint8 *bytes = g_memdup2 (dagsched_buffer_peek (&frame) + DAGSCHED_FRAME_HEADER, size);
      DagschedFrameReader payload = { .position = bytes, .end = bytes + size };

      for (gint n = g_test_rand_int_range (1, 6); n > 0; n--)
        bytes[g_test_rand_int_range (0, (gint) size)] = (guint8) g_test_rand_int_range (0, 256);
      if (i % 2 == 0)
        for (gsize k = 0; k < size; k++)
          bytes[k] = (guint8) g_test_rand_int_range (0, i % 4 == 0 ? 256 : 3);
      decode ((DagschedFrameType) g_test_rand_int_range (0, 12), &payload);
    }
  dagsched_buffer_clear (&frame);
}

/* Against what it should keep, computed from all that was written. */
static void
test_ring (void)
{
  for (guint i = 0; i < 2000; i++)
    {
      gsize limit = (gsize) g_test_rand_int_range (0, 50);
      g_autoptr (GByteArray) all = g_byte_array_new (), kept = g_byte_array_new ();
      const guint8 *parts[2];
      gsize lengths[2], expected;
      DagschedRing ring;

      dagsched_ring_init (&ring, limit);
      for (gint n = g_test_rand_int_range (0, 12); n > 0; n--)
        {
          guint8 bytes[60];
          guint length = (guint) g_test_rand_int_range (0, 60);

          for (guint k = 0; k < length; k++)
            bytes[k] = (guint8) g_test_rand_int ();
          dagsched_ring_append (&ring, bytes, length);
          g_byte_array_append (all, bytes, length);
        }

      dagsched_ring_peek (&ring, parts, lengths);
      for (guint k = 0; k < 2; k++)
        if (lengths[k] > 0)
          g_byte_array_append (kept, parts[k], (guint) lengths[k]);
      expected = MIN (limit, all->len);
      g_assert_cmpuint (kept->len, ==, expected);
      if (expected > 0)
        g_assert_cmpmem (kept->data, kept->len, all->data + all->len - expected, expected);
      g_assert_cmpuint (ring.cut, ==, all->len - expected);
      dagsched_ring_clear (&ring);
    }
}

/* Takes @bytes. */
static void
assert_bytes (GBytes *bytes, const char *expected)
{
  if (expected == NULL)
    g_assert_null (bytes);
  else
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, strlen (expected));
  g_clear_pointer (&bytes, g_bytes_unref);
}

static void
assert_capture (DagschedCapture *capture, const char *expected, gboolean expected_truncated)
{
  gboolean truncated;

  assert_bytes (dagsched_capture_finish (capture, &truncated), expected);
  g_assert_cmpint (truncated, ==, expected_truncated);
}

/* What is looked at stays. */
static void
test_capture_peek (void)
{
  DagschedCapture capture;

  dagsched_capture_init (&capture, 8);
  g_assert_null (dagsched_capture_peek (&capture));
  g_assert_cmpuint (dagsched_capture_count (&capture), ==, 0);
  dagsched_capture_append (&capture, (const guint8 *) "123", 3, 0);
  assert_bytes (dagsched_capture_peek (&capture), "123");
  dagsched_capture_append (&capture, (const guint8 *) "\n56789", 6, 0);
  assert_bytes (dagsched_capture_peek (&capture), "123\n… 1 bytes cut …\n6789");
  g_assert_cmpuint (dagsched_capture_count (&capture), ==, 9);
  dagsched_capture_append (&capture, (const guint8 *) "x", 1, 1000);
  g_assert_cmpuint (dagsched_capture_count (&capture), ==, 1010);
  assert_capture (&capture, "123\n… 1002 bytes cut …\n789x", TRUE);
}

static void
test_capture (void)
{
  DagschedCapture capture;

  dagsched_capture_init (&capture, 8);
  assert_capture (&capture, NULL, FALSE);
  dagsched_capture_init (&capture, 8);
  dagsched_capture_append (&capture, (const guint8 *) "12345678", 8, 0);
  assert_capture (&capture, "12345678", FALSE);
  dagsched_capture_init (&capture, 8);
  dagsched_capture_append (&capture, (const guint8 *) "123\n56789", 9, 0);
  assert_capture (&capture, "123\n… 1 bytes cut …\n6789", TRUE);
  dagsched_capture_init (&capture, 8);
  dagsched_capture_append (&capture, (const guint8 *) "1234", 4, 0);
  dagsched_capture_append (&capture, (const guint8 *) "xyz", 3, 1000);
  assert_capture (&capture, "1234\n… 1000 bytes cut …\nxyz", TRUE);
  dagsched_capture_init (&capture, 0);
  dagsched_capture_append (&capture, (const guint8 *) "1234", 4, 0);
  assert_capture (&capture, "… 4 bytes cut …\n", TRUE);
}

static void
check_values (const char *text, gsize length, const char *expected, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) values = dagsched_fixture_values_parse (text, length, &error);
  g_autofree char *joined = values != NULL ? g_strjoinv ("|", values) : NULL;

  g_assert_cmpstr (joined, ==, expected);
  g_assert_cmpstr (error != NULL ? error->message : NULL, ==, message);
}

static void
test_fixture_values (void)
{
  g_autoptr (GString) many = g_string_new (NULL);

  check_values ("", 0, "", NULL);
  check_values ("A=b\n\n# c\n_d1=e=f", 16, "A=b|_d1=e=f", NULL);
  check_values ("A=\n", 3, "A=", NULL);
  check_values ("A=b\nexport C=d\n", 15, NULL, "$DAGSCHED_ENV: line 2 is not NAME=value: \"export C=d\"");
  check_values ("=b\n", 3, NULL, "$DAGSCHED_ENV: line 1 is not NAME=value: \"=b\"");
  check_values ("1A=b\n", 5, NULL, "$DAGSCHED_ENV: line 1 is not NAME=value: \"1A=b\"");
  check_values ("A=\0b\n", 5, NULL, "$DAGSCHED_ENV: line 1 is not NAME=value: \"A=\357\277\275b\"");

  for (guint i = 0; i <= 1000; i++)
    g_string_append (many, "A=b\n");
  check_values (many->str, many->len, NULL, "$DAGSCHED_ENV: line 1001: more than 1000 values");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/frames/run", test_run);
  g_test_add_func ("/frames/small-messages", test_small_messages);
  g_test_add_func ("/frames/finished", test_finished);
  g_test_add_func ("/frames/byte-by-byte", test_byte_by_byte);
  g_test_add_func ("/frames/truncated", test_truncated);
  g_test_add_func ("/frames/sizes", test_sizes);
  g_test_add_func ("/frames/strange-values", test_strange_values);
  g_test_add_func ("/frames/garbage", test_garbage);
  g_test_add_func ("/capture/ring", test_ring);
  g_test_add_func ("/capture/head-and-tail", test_capture);
  g_test_add_func ("/capture/peek", test_capture_peek);
  g_test_add_func ("/fixture-values/parse", test_fixture_values);

  return g_test_run ();
}
