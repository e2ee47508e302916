/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What single observers ask for: details of a test, its output. */
#include "live/dagsched-live-encode-private.h"
#include "live/dagsched-live-link-private.h"
#include "live/dagsched-publisher-private.h"

/* Of output, in a frame. */
#define MAX_OUTPUT (DAGSCHED_LIVE_MAX_PAYLOAD - sizeof (DagschedLiveOutput))

/* How many observers follow a test. */
typedef struct
{
  DagschedPublisher *publisher;
  DagschedTest *test;
  guint32 number;
  guint n_followers;
  gulong handlers[2];
} Follow;

/* Takes @document. */
static void
answer (DagschedPublisher *self,
        DagschedLiveFrameType type,
        guint64 client,
        guint32 request,
        DagschedLiveDocument *document)
{
  const DagschedLiveAnswer record = { .request = request };

  dagsched_live_server_tell (self->server, &(DagschedLiveTell){
                                             .kind = DAGSCHED_LIVE_TELL_ANSWER,
                                             .client = client,
                                             .frame = dagsched_live_frame_new (type, &record, sizeof record),
                                             .document = document,
                                           });
}

void
dagsched_publisher_answer_details (DagschedPublisher *self, const DagschedLiveAsk *ask)
{
  answer (self, DAGSCHED_LIVE_DETAILS, ask->client, ask->request,
          dagsched_live_encode_details (self->run, ask->number));
}

/* What one waits for that asked what a test has written. */
typedef struct
{
  DagschedPublisher *publisher;
  guint64 client;
  guint32 request;
} Wait;

static void
on_written (GObject *run, GAsyncResult *result, gpointer data)
{
  g_autofree Wait *wait = data;
  g_autoptr (DagschedPublisher) self = wait->publisher;
  DagschedOutputs *outputs = dagsched_outputs_new ();

  /* Of a run that can't tell it is nothing. */
  dagsched_run_load_output_finish (DAGSCHED_RUN (run), result, &outputs->streams[0].bytes,
                                   &outputs->streams[0].n_written, &outputs->streams[1].bytes,
                                   &outputs->streams[1].n_written, NULL);
  if (self->server != NULL)
    answer (self, DAGSCHED_LIVE_WRITTEN, wait->client, wait->request, dagsched_live_encode_written (outputs));
  dagsched_outputs_free (outputs);
}

void
dagsched_publisher_answer_written (DagschedPublisher *self, const DagschedLiveAsk *ask)
{
  g_autoptr (DagschedTest) test = g_list_model_get_item (dagsched_run_get_tests (self->run), ask->number);
  Wait *wait = g_new0 (Wait, 1);

  wait->publisher = g_object_ref (self);
  wait->client = ask->client;
  wait->request = ask->request;
  dagsched_run_load_output_async (self->run, test, NULL, on_written, wait);
}

static void
tell_output (Follow *follow, GBytes *bytes, gboolean is_error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  DagschedLiveOutput record = {
    .number = follow->number,
    .is_error = is_error,
    .n_written = dagsched_test_get_n_written (follow->test, is_error) - length,
  };

  for (gsize done = 0, part; done < length; done += part)
    {
      GByteArray *frame;

      part = MIN (length - done, MAX_OUTPUT);
      record.n_written += part;
      frame = dagsched_live_frame_begin (DAGSCHED_LIVE_OUTPUT, sizeof record + part);
      g_byte_array_append (frame, (const guint8 *) &record, sizeof record);
      g_byte_array_append (frame, data + done, (guint) part);
      dagsched_live_server_tell (follow->publisher->server, &(DagschedLiveTell){
                                                              .kind = DAGSCHED_LIVE_TELL_OUTPUT,
                                                              .number = follow->number,
                                                              .frame = dagsched_live_frame_end (frame),
                                                            });
    }
}

static void
on_output (DagschedTest *test, GBytes *bytes, Follow *follow)
{
  tell_output (follow, bytes, FALSE);
}

static void
on_error_output (DagschedTest *test, GBytes *bytes, Follow *follow)
{
  tell_output (follow, bytes, TRUE);
}

static void
follow_free (gpointer data)
{
  Follow *self = data;

  g_clear_signal_handler (&self->handlers[0], self->test);
  g_clear_signal_handler (&self->handlers[1], self->test);
  g_object_unref (self->test);
  g_free (self);
}

GHashTable *
dagsched_publisher_new_followed (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, follow_free);
}

void
dagsched_publisher_follow (DagschedPublisher *self, guint32 number)
{
  Follow *follow = g_hash_table_lookup (self->followed, GUINT_TO_POINTER (number));

  if (follow == NULL)
    {
      follow = g_new0 (Follow, 1);
      follow->publisher = self;
      follow->number = number;
      follow->test = g_list_model_get_item (dagsched_run_get_tests (self->run), number);
      follow->handlers[0] =
        g_signal_connect (follow->test, "output::standard-output", G_CALLBACK (on_output), follow);
      follow->handlers[1] =
        g_signal_connect (follow->test, "output::standard-error", G_CALLBACK (on_error_output), follow);
      dagsched_run_follow_output (self->run, follow->test, TRUE);
      g_hash_table_insert (self->followed, GUINT_TO_POINTER (number), follow);
    }
  follow->n_followers++;
}

void
dagsched_publisher_unfollow (DagschedPublisher *self, guint32 number)
{
  Follow *follow = g_hash_table_lookup (self->followed, GUINT_TO_POINTER (number));

  g_assert (follow != NULL);

  if (--follow->n_followers > 0)
    return;

  dagsched_run_follow_output (self->run, follow->test, FALSE);
  g_hash_table_remove (self->followed, GUINT_TO_POINTER (number));
}
