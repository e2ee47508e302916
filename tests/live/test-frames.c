/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "live-fixture.h"
#include "live/dagsched-live-decode-private.h"
#include "live/dagsched-live-encode-private.h"
#include "live/dagsched-live-feed-private.h"
#include "live/dagsched-live-link-private.h"
#include "live/dagsched-observer-private.h"

/* What goes over a live socket: what is written can be read again, and nothing else does any harm. */

/* A run that has ended, and what is told of it. */
typedef struct
{
  DagschedScheduler *scheduler;
  GBytes *plan;
  GBytes *state;
} Sample;

static GBytes *
read_back (DagschedLiveDocument *document)
{
  GBytes *bytes;

  g_assert_nonnull (document);
  bytes = dagsched_live_document_read (dagsched_live_document_get_fd (document));
  g_assert_nonnull (bytes);
  dagsched_live_document_unref (document);
  return bytes;
}

static void
sample_init (Sample *self, Live *live)
{
  DagschedTest *bad = live_add (live, "bad", live_fail, NULL);
  DagschedTest *blocked = live_add (live, "blockéd", live_pass, NULL);
  static const char *const suites[] = { "db", "", NULL };
  g_autoptr (DagschedLiveFeed) feed = NULL;
  g_autoptr (GError) error = NULL;

  live_add (live, "good", live_pass, NULL);
  dagsched_graph_add_dependency (live->graph, blocked, bad, DAGSCHED_CONDITION_SUCCESS, &error);
  g_assert_no_error (error);
  dagsched_test_set_retries (bad, 1);
  dagsched_test_set_suites (bad, suites);
  g_object_set (live->options, "timestamps", TRUE, "n-workers", 2, NULL);
  self->scheduler = dagsched_scheduler_new (live->graph, live->options);
  dagsched_scheduler_run (self->scheduler, NULL, &error);
  g_assert_no_error (error);

  feed = dagsched_live_feed_new (DAGSCHED_RUN (self->scheduler));
  self->plan = read_back (dagsched_live_encode_plan (DAGSCHED_RUN (self->scheduler)));
  self->state = read_back (dagsched_live_feed_encode_state (feed));
}

static void
sample_clear (Sample *self)
{
  g_object_unref (self->scheduler);
  g_bytes_unref (self->plan);
  g_bytes_unref (self->state);
}

/* NULL: it was refused. */
static DagschedObserver *
build (GBytes *plan_bytes, GBytes *state_bytes)
{
  DagschedLiveKnown known = { .name = (char *) "suite" };
  DagschedLiveNews news = { .kind = DAGSCHED_LIVE_NEWS_CHANGES, .all = TRUE };
  DagschedObserverCursor cursor = { .news = &news };
  g_autoptr (DagschedObserver) observer = NULL;
  DagschedLivePlan plan;

  if (!dagsched_live_decode_plan (plan_bytes, &plan))
    return NULL;
  if (!dagsched_live_decode_changes (state_bytes, plan.header->n_tests, plan.header->n_workers, TRUE,
                                     &news.changes))
    return NULL;

  observer = g_object_new (DAGSCHED_TYPE_OBSERVER, NULL);
  dagsched_observer_build (observer, &known, &plan);
  g_assert_true (dagsched_observer_apply (observer, &cursor, G_MAXINT64));
  return g_steal_pointer (&observer);
}

static void
test_round_trip (Live *live, gconstpointer data)
{
  Sample sample;
  g_autoptr (DagschedObserver) observer = NULL;
  DagschedTest *blocked;

  sample_init (&sample, live);
  observer = build (sample.plan, sample.state);
  g_assert_nonnull (observer);
  blocked = live_get_test (DAGSCHED_RUN (observer), 1);
  g_assert_cmpstr (dagsched_test_get_name (blocked), ==, "blockéd");
  g_assert_cmpint (dagsched_test_get_outcome (blocked), ==, DAGSCHED_OUTCOME_BLOCKED);
  g_assert_true (dagsched_test_get_blocked_by (blocked) == live_get_test (DAGSCHED_RUN (observer), 0));
  g_assert_cmpstr (dagsched_test_get_reason (blocked), ==, "blocked by bad (failed)");
  sample_clear (&sample);
}

static GBytes *
flip (GBytes *bytes, gsize position, guint bit)
{
  gsize length;
  guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, &length), g_bytes_get_size (bytes));

  copy[position] ^= (guint8) (1u << bit);
  return g_bytes_new_take (copy, length);
}

/* What is shown stays within its bounds; the sanitizers see to what is touched on the way. */
static void
check_shown (DagschedObserver *observer)
{
  DagschedRun *run = DAGSCHED_RUN (observer);
  guint n_tests = g_list_model_get_n_items (dagsched_run_get_tests (run)), n_counted = 0;

  for (guint i = 0; i <= DAGSCHED_STATE_FINISHED; i++)
    n_counted += dagsched_run_get_n_in_state (run, i);
  g_assert_cmpuint (n_counted, ==, n_tests);
  for (guint i = 0; i < n_tests; i++)
    {
      DagschedTest *test = live_get_test (run, i);

      g_assert_true (g_utf8_validate (dagsched_test_get_name (test), -1, NULL));
      g_assert_cmpuint (dagsched_run_find_test (run, test), ==, i);
      for (guint j = 0; j < dagsched_run_get_n_dependencies (run, i); j++)
        g_assert_cmpuint (dagsched_run_get_dependency (run, i, j, NULL), <, n_tests);
    }
}

static void
try_to_show (GBytes *plan, GBytes *state, guint *n_refused)
{
  g_autoptr (DagschedObserver) observer = build (plan, state);

  if (observer != NULL)
    check_shown (observer);
  else
    ++*n_refused;
}

static void
test_flipped_bits (Live *live, gconstpointer data)
{
  guint n_refused = 0;
  Sample sample;

  sample_init (&sample, live);
  for (gsize i = 0; i < 8 * g_bytes_get_size (sample.plan); i++)
    {
      g_autoptr (GBytes) plan = flip (sample.plan, i / 8, i % 8);

      try_to_show (plan, sample.state, &n_refused);
    }
  for (gsize i = 0; i < 8 * g_bytes_get_size (sample.state); i++)
    {
      g_autoptr (GBytes) state = flip (sample.state, i / 8, i % 8);

      try_to_show (sample.plan, state, &n_refused);
    }
  /* Each count and number, at the least. */
  g_assert_cmpuint (n_refused, >, 500);
  sample_clear (&sample);
}

static void
test_truncated (Live *live, gconstpointer data)
{
  Sample sample;

  sample_init (&sample, live);
  for (gsize i = 0; i < g_bytes_get_size (sample.plan); i++)
    {
      g_autoptr (GBytes) plan = g_bytes_new (g_bytes_get_data (sample.plan, NULL), i);

      g_assert_null (build (plan, sample.state));
    }
  for (gsize i = 0; i < g_bytes_get_size (sample.state); i++)
    {
      g_autoptr (GBytes) state = g_bytes_new (g_bytes_get_data (sample.state, NULL), i);

      g_assert_null (build (sample.plan, state));
    }
  sample_clear (&sample);
}

static gsize
count_bytes (const DagschedOutputs *outputs)
{
  gsize n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (outputs->streams); i++)
    n += outputs->streams[i].bytes != NULL ? g_bytes_get_size (outputs->streams[i].bytes) : 0;
  return n;
}

static void
test_garbage (Live *live, gconstpointer data)
{
  for (guint i = 0; i < 20000; i++)
    {
      guint32 words[32];
      gsize length = (gsize) g_test_rand_int_range (0, sizeof words);
      g_autoptr (GBytes) bytes = NULL;
      DagschedLiveChanges changes;
      DagschedLiveDetails details;
      DagschedOutputs *outputs;
      DagschedLivePlan plan;

      for (guint j = 0; j < G_N_ELEMENTS (words); j++)
        words[j] = (guint32) g_test_rand_int_range (0, g_test_rand_bit () ? 4 : G_MAXINT32);
      bytes = g_bytes_new (words, length);
      if (dagsched_live_decode_plan (bytes, &plan))
        g_assert_cmpuint (plan.header->n_tests, <=, length / sizeof (DagschedLivePlanTest));
      if (dagsched_live_decode_changes (bytes, 3, 2, FALSE, &changes))
        g_assert_cmpuint (changes.header->n_tests, <=, length / sizeof (DagschedLiveTest));
      if (dagsched_live_decode_details (bytes, &details))
        {
          g_assert_cmpuint (details.settings_length + details.attempts->len * sizeof (DagschedLiveAttempt),
                            <=, length);
          g_ptr_array_unref (details.attempts);
        }
      outputs = dagsched_live_decode_written (bytes);
      if (outputs != NULL)
        {
          g_assert_cmpuint (count_bytes (outputs), <=, length);
          dagsched_outputs_free (outputs);
        }
    }
}

static gconstpointer
get_payload (GBytes *frame, gsize *length)
{
  *length = g_bytes_get_size (frame) - sizeof (DagschedLiveHeader);
  return (const char *) g_bytes_get_data (frame, NULL) + sizeof (DagschedLiveHeader);
}

static void
test_info (Live *live, gconstpointer data)
{
  const DagschedLiveInfo info = { "a suite", "/where/the/log is", 1700000000000000, 42 };
  g_autoptr (GBytes) frame = dagsched_live_encode_info (&info);
  gsize length;
  gconstpointer payload = get_payload (frame, &length);
  DagschedLiveKnown known;

  g_assert_true (dagsched_live_decode_info (payload, length, &known));
  g_assert_cmpstr (known.name, ==, info.name);
  g_assert_cmpstr (known.log_path, ==, info.log_path);
  g_assert_cmpint (known.started_at, ==, info.started_at);
  g_assert_cmpuint (known.n_tests, ==, info.n_tests);
  g_assert_cmpint (known.pid, ==, getpid ());
  dagsched_live_known_clear (&known);
  for (gsize i = 8; i < length; i++)
    g_assert_false (dagsched_live_decode_info (payload, i, &known));
}

/* The magic number and the version stay where they are in all versions to come. */
static void
test_other_version (Live *live, gconstpointer data)
{
  const guint32 later[] = { DAGSCHED_LIVE_MAGIC, DAGSCHED_LIVE_VERSION + 1, 1, 2, 3 };
  DagschedLiveKnown known;

  g_assert_true (dagsched_live_decode_info (later, sizeof later, &known));
  g_assert_cmpuint (known.version, ==, DAGSCHED_LIVE_VERSION + 1);
  g_assert_null (known.name);
}

static void
test_long_texts (Live *live, gconstpointer data)
{
  g_autoptr (GByteArray) texts = g_byte_array_new ();
  g_autofree char *umlauts = g_strnfill (9, 'x');

  memcpy (umlauts, "xäöüß", 9);
  g_assert_cmpuint (dagsched_live_encode_text (texts, umlauts, 8), ==, 7);
  g_assert_true (g_utf8_validate ((const char *) texts->data, texts->len, NULL));
  g_byte_array_set_size (texts, 0);
  g_assert_cmpuint (dagsched_live_encode_text (texts, "a\xff", 8), ==, 4);
  g_assert_true (g_utf8_validate ((const char *) texts->data, texts->len, NULL));
}

typedef struct
{
  DagschedLiveLink *a, *b;
} Pair;

static void
pair_init (Pair *self)
{
  int fds[2];

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), ==, 0);
  self->a = dagsched_live_link_new (fds[0], 64, FALSE);
  self->b = dagsched_live_link_new (fds[1], DAGSCHED_LIVE_MAX_PAYLOAD, TRUE);
}

static void
pair_clear (Pair *self)
{
  dagsched_live_link_free (self->a);
  dagsched_live_link_free (self->b);
}

static DagschedLiveDocument *
make_document (const char *text)
{
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);

  g_ptr_array_add (parts, g_bytes_new (text, strlen (text)));
  return dagsched_live_document_new (parts);
}

static void
assert_document (DagschedLiveLink *link, const char *expected)
{
  int fd = dagsched_live_link_take_document (link);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_cmpint (fd, >=, 0);
  bytes = dagsched_live_document_read (fd);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected, strlen (expected));
  /* What several have nobody can change. */
  g_assert_cmpint (write (fd, "x", 1), <, 0);
  g_assert_cmpint (ftruncate (fd, 0), <, 0);
  close (fd);
}

static void
test_documents_come_with_their_frames (Live *live, gconstpointer data)
{
  g_autoptr (DagschedLiveDocument) first = make_document ("first"), second = make_document ("second");
  g_autoptr (GBytes) plain = dagsched_live_frame_new (DAGSCHED_LIVE_CHANGES, "12345678", 8);
  g_autoptr (GBytes) framed = dagsched_live_frame_new (DAGSCHED_LIVE_STATE, NULL, 0);
  DagschedLiveFrame frame;
  gboolean broken;
  guint n = 0;
  Pair pair;

  pair_init (&pair);
  dagsched_live_link_send (pair.a, plain, NULL, DAGSCHED_LIVE_PASSING);
  dagsched_live_link_send (pair.a, framed, first, DAGSCHED_LIVE_LASTING);
  dagsched_live_link_send (pair.a, framed, second, DAGSCHED_LIVE_LASTING);
  dagsched_live_link_send (pair.a, plain, NULL, DAGSCHED_LIVE_PASSING);
  g_assert_true (dagsched_live_link_flush (pair.a));
  g_assert_true (dagsched_live_link_is_idle (pair.a));
  while (n < 4)
    {
      g_assert_cmpint (dagsched_live_link_read (pair.b), ==, DAGSCHED_LIVE_READ_MORE);
      while (dagsched_live_link_take (pair.b, &frame, &broken))
        {
          g_assert_cmpint (frame.type, ==, n == 0 || n == 3 ? DAGSCHED_LIVE_CHANGES : DAGSCHED_LIVE_STATE);
          if (n == 1 || n == 2)
            assert_document (pair.b, n == 1 ? "first" : "second");
          n++;
        }
    }
  g_assert_cmpint (dagsched_live_link_take_document (pair.b), <, 0);
  pair_clear (&pair);
}

/* The other way nobody sends any. */
static void
test_documents_are_refused (Live *live, gconstpointer data)
{
  g_autoptr (DagschedLiveDocument) document = make_document ("unwanted");
  g_autoptr (GBytes) frame = dagsched_live_frame_new (DAGSCHED_LIVE_OBSERVE, NULL, 0);
  Pair pair;

  pair_init (&pair);
  dagsched_live_link_send (pair.b, frame, document, DAGSCHED_LIVE_LASTING);
  g_assert_true (dagsched_live_link_flush (pair.b));
  g_assert_cmpint (dagsched_live_link_read (pair.a), ==, DAGSCHED_LIVE_READ_BROKEN);
  pair_clear (&pair);
}

static void
test_large_frames_are_refused (Live *live, gconstpointer data)
{
  g_autofree char *payload = g_malloc0 (65);
  g_autoptr (GBytes) frame = dagsched_live_frame_new (DAGSCHED_LIVE_LOAD, payload, 65);
  DagschedLiveFrame taken;
  gboolean broken;
  Pair pair;

  pair_init (&pair);
  dagsched_live_link_send (pair.b, frame, NULL, DAGSCHED_LIVE_LASTING);
  g_assert_true (dagsched_live_link_flush (pair.b));
  g_assert_cmpint (dagsched_live_link_read (pair.a), ==, DAGSCHED_LIVE_READ_MORE);
  g_assert_false (dagsched_live_link_take (pair.a, &taken, &broken));
  g_assert_true (broken);
  pair_clear (&pair);
}

/* What is half written is written to its end; what lasts stays. */
static void
test_dropping (Live *live, gconstpointer data)
{
  g_autofree char *payload = g_malloc0 (60000);
  g_autoptr (GBytes) passing = dagsched_live_frame_new (DAGSCHED_LIVE_CHANGES, payload, 60000);
  g_autoptr (GBytes) lasting = dagsched_live_frame_new (DAGSCHED_LIVE_END, payload, 10);
  guint n_passing = 0, n_lasting = 0;
  DagschedLiveFrame frame;
  gboolean broken;
  Pair pair;

  pair_init (&pair);
  for (guint i = 0; i < 100; i++)
    dagsched_live_link_send (pair.a, passing, NULL, DAGSCHED_LIVE_PASSING);
  dagsched_live_link_send (pair.a, lasting, NULL, DAGSCHED_LIVE_LASTING);
  g_assert_true (dagsched_live_link_flush (pair.a));
  g_assert_false (dagsched_live_link_is_idle (pair.a));
  dagsched_live_link_drop_passing (pair.a);
  g_assert_cmpuint (dagsched_live_link_get_queued (pair.a), <, 61000);

  while (n_lasting == 0)
    {
      g_assert_true (dagsched_live_link_flush (pair.a));
      g_assert_cmpint (dagsched_live_link_read (pair.b), ==, DAGSCHED_LIVE_READ_MORE);
      while (dagsched_live_link_take (pair.b, &frame, &broken))
        {
          n_passing += frame.type == DAGSCHED_LIVE_CHANGES;
          n_lasting += frame.type == DAGSCHED_LIVE_END;
        }
      g_assert_false (broken);
    }
  g_assert_cmpuint (n_passing, >, 0);
  g_assert_cmpuint (n_passing, <, 100);
  g_assert_true (dagsched_live_link_is_idle (pair.a));
  pair_clear (&pair);
}

/* A peer may send whatever it has. */
static void
test_no_documents (Live *live, gconstpointer data)
{
  int fds[2];
  int large = memfd_create ("large", MFD_CLOEXEC);

  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_null (dagsched_live_document_read (fds[0]));
  g_assert_cmpint (ftruncate (large, (off_t) DAGSCHED_LIVE_MAX_DOCUMENT + 1), ==, 0);
  g_assert_null (dagsched_live_document_read (large));
  close (fds[0]);
  close (fds[1]);
  close (large);
}

int
main (int argc, char *argv[])
{
  live_init (&argc, &argv);

  LIVE_ADD ("/frames/round-trip", NULL, test_round_trip);
  LIVE_ADD ("/frames/flipped-bits", NULL, test_flipped_bits);
  LIVE_ADD ("/frames/truncated", NULL, test_truncated);
  LIVE_ADD ("/frames/garbage", NULL, test_garbage);
  LIVE_ADD ("/frames/info", NULL, test_info);
  LIVE_ADD ("/frames/other-version", NULL, test_other_version);
  LIVE_ADD ("/frames/long-texts", NULL, test_long_texts);
  LIVE_ADD ("/link/documents", NULL, test_documents_come_with_their_frames);
  LIVE_ADD ("/link/documents-refused", NULL, test_documents_are_refused);
  LIVE_ADD ("/link/large", NULL, test_large_frames_are_refused);
  LIVE_ADD ("/link/dropping", NULL, test_dropping);
  LIVE_ADD ("/link/no-documents", NULL, test_no_documents);

  return live_run_tests ();
}
