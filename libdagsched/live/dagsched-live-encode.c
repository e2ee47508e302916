/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-encode-private.h"

#include <string.h>
#include <unistd.h>

#include "live/dagsched-live-link-private.h"
#include "store/dagsched-log-format-private.h"

/* What tests wrote may be more than any window can show. */
#define OUTPUT_SIZE (DAGSCHED_LIVE_MAX_DOCUMENT / 2)

#define APPEND(array, value) g_byte_array_append ((array), (const guint8 *) &(value), sizeof (value))

guint32
dagsched_live_encode_text (GByteArray *texts, const char *text, gsize limit)
{
  g_autofree char *valid = NULL;
  gsize length;

  if (text == NULL)
    return 0;
  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);

  length = strlen (text);
  if (length > limit)
    length = (gsize) (g_utf8_find_prev_char (text, text + limit) - text);
  g_byte_array_append (texts, (const guint8 *) text, (guint) length);
  return (guint32) length;
}

/* A frame of a record that tells the lengths of the texts after it. */
static GBytes *
end_with_texts (GByteArray *frame, GByteArray *texts)
{
  g_byte_array_append (frame, texts->data, texts->len);
  return dagsched_live_frame_end (frame);
}

GBytes *
dagsched_live_encode_info (const DagschedLiveInfo *info)
{
  g_autoptr (GByteArray) texts = g_byte_array_new ();
  DagschedLiveInfoRecord record = {
    .magic = DAGSCHED_LIVE_MAGIC,
    .version = DAGSCHED_LIVE_VERSION,
    .started_at = info->started_at,
    .pid = getpid (),
    .n_tests = info->n_tests,
  };
  GByteArray *frame;

  record.name_length = dagsched_live_encode_text (texts, info->name, DAGSCHED_LIVE_MAX_TEXT);
  record.log_length = dagsched_live_encode_text (texts, info->log_path, DAGSCHED_LIVE_MAX_TEXT);
  frame = dagsched_live_frame_begin (DAGSCHED_LIVE_INFO, sizeof record + texts->len);
  APPEND (frame, record);
  return end_with_texts (frame, texts);
}

GBytes *
dagsched_live_encode_end (DagschedRun *run, const char *stall)
{
  g_autoptr (GByteArray) texts = g_byte_array_new ();
  DagschedLiveEndRecord record = {
    .elapsed = dagsched_run_get_elapsed (run),
    .verdict = dagsched_run_get_verdict (run),
  };
  GByteArray *frame;

  record.problem_length =
    dagsched_live_encode_text (texts, dagsched_run_get_problem (run), DAGSCHED_LIVE_MAX_TEXT);
  record.stall_length = dagsched_live_encode_text (texts, stall, DAGSCHED_LIVE_MAX_TEXT);
  frame = dagsched_live_frame_begin (DAGSCHED_LIVE_END, sizeof record + texts->len);
  APPEND (frame, record);
  return end_with_texts (frame, texts);
}

static void
take_part (GPtrArray *parts, GByteArray *part)
{
  g_ptr_array_add (parts, g_byte_array_free_to_bytes (part));
}

static GPtrArray *
parts_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
}

static void
add_name (GByteArray *texts, const char *name)
{
  dagsched_live_encode_text (texts, name, DAGSCHED_LIVE_MAX_TEXT);
  g_byte_array_append (texts, (const guint8 *) "", 1);
}

typedef struct
{
  GByteArray *tests;
  GByteArray *dependencies;
  GByteArray *texts;
} PlanSheet;

static guint32
add_words (GByteArray *texts, const char *const *words)
{
  guint32 n = 0;

  for (; words[n] != NULL; n++)
    add_name (texts, words[n]);
  return n;
}

static void
add_planned (PlanSheet *sheet, DagschedRun *run, guint32 number, DagschedTest *test)
{
  DagschedLivePlanTest record = {
    .expected_duration = dagsched_test_get_expected_duration (test),
    .weight = dagsched_test_get_weight (test),
    .n_dependencies = dagsched_run_get_n_dependencies (run, number),
    .repetition = dagsched_test_get_repetition (test),
  };

  for (guint i = 0; i < record.n_dependencies; i++)
    {
      DagschedCondition condition;
      guint dependency = dagsched_run_get_dependency (run, number, i, &condition);
      guint32 packed = DAGSCHED_LIVE_PACK (dependency, condition);

      APPEND (sheet->dependencies, packed);
    }
  add_name (sheet->texts, dagsched_test_get_name (test));
  record.n_suites = add_words (sheet->texts, dagsched_test_get_suites (test));
  record.n_labels = add_words (sheet->texts, dagsched_test_get_labels (test));
  APPEND (sheet->tests, record);
}

DagschedLiveDocument *
dagsched_live_encode_plan (DagschedRun *run)
{
  GListModel *tests = dagsched_run_get_tests (run);
  g_autoptr (GPtrArray) parts = parts_new ();
  PlanSheet sheet = { g_byte_array_new (), g_byte_array_new (), g_byte_array_new () };
  DagschedLivePlanHeader header = {
    .n_tests = g_list_model_get_n_items (tests),
    .n_workers = g_list_model_get_n_items (dagsched_run_get_workers (run)),
  };

  for (guint32 i = 0; i < header.n_tests; i++)
    {
      g_autoptr (DagschedTest) test = g_list_model_get_item (tests, i);

      add_planned (&sheet, run, i, test);
    }

  header.n_dependencies = sheet.dependencies->len / sizeof (guint32);
  header.text_size = sheet.texts->len;
  g_ptr_array_add (parts, g_bytes_new (&header, sizeof header));
  take_part (parts, sheet.tests);
  take_part (parts, sheet.dependencies);
  take_part (parts, sheet.texts);
  return dagsched_live_document_new (parts);
}

static guint32
add_text (GPtrArray *parts, const char *text)
{
  GByteArray *part = g_byte_array_new ();
  guint32 length = dagsched_live_encode_text (part, text, DAGSCHED_LIVE_MAX_TEXT);

  take_part (parts, part);
  return length;
}

static guint64
add_output (GPtrArray *parts, GBytes *output, gsize *left)
{
  gsize length = output != NULL ? g_bytes_get_size (output) : 0;

  if (output == NULL || length > *left)
    return 0;

  *left -= length;
  g_ptr_array_add (parts, g_bytes_ref (output));
  return length;
}

static void
add_attempt (GPtrArray *parts, DagschedAttempt *attempt, gsize *left)
{
  const char *reason = dagsched_attempt_get_reason (attempt);
  const char *artifacts = dagsched_attempt_get_artifacts (attempt);
  GBytes *output = dagsched_attempt_get_standard_output (attempt);
  GBytes *errors = dagsched_attempt_get_standard_error (attempt);
  guint position = parts->len;
  DagschedLiveAttempt record = {
    .start = dagsched_attempt_get_start_time (attempt),
    .duration = dagsched_attempt_get_duration (attempt),
    .number = dagsched_attempt_get_number (attempt),
    .worker = dagsched_attempt_get_worker (attempt),
    .exit_status = dagsched_attempt_get_exit_status (attempt),
    .term_signal = dagsched_attempt_get_term_signal (attempt),
    .outcome = (guint8) dagsched_attempt_get_outcome (attempt),
    .flags = (guint8) dagsched_attempt_get_flags (attempt),
    .will_retry = (guint8) dagsched_attempt_get_will_retry (attempt),
  };

  record.has =
    (reason != NULL ? DAGSCHED_LIVE_HAS_REASON : 0) | (artifacts != NULL ? DAGSCHED_LIVE_HAS_ARTIFACTS : 0) |
    (output != NULL ? DAGSCHED_LIVE_HAS_OUTPUT : 0) | (errors != NULL ? DAGSCHED_LIVE_HAS_ERROR : 0);
  record.reason_length = add_text (parts, reason);
  record.artifacts_length = add_text (parts, artifacts);
  record.output_length = add_output (parts, output, left);
  record.error_length = add_output (parts, errors, left);
  g_ptr_array_insert (parts, (int) position, g_bytes_new (&record, sizeof record));
}

DagschedLiveDocument *
dagsched_live_encode_details (DagschedRun *run, guint32 number)
{
  g_autoptr (DagschedTest) test = g_list_model_get_item (dagsched_run_get_tests (run), number);
  g_autoptr (GPtrArray) attempts = dagsched_run_dup_attempts (run, test);
  g_autoptr (GPtrArray) parts = parts_new ();
  GString *settings = g_string_new (NULL);
  DagschedLiveDetailsHeader header = { .n_attempts = attempts->len };
  gsize left = OUTPUT_SIZE;

  dagsched_log_format_settings (settings, number, test);
  header.settings_length = (guint32) settings->len;
  g_ptr_array_add (parts, g_bytes_new (&header, sizeof header));
  g_ptr_array_add (parts, g_string_free_to_bytes (settings));
  for (guint i = 0; i < attempts->len; i++)
    add_attempt (parts, g_ptr_array_index (attempts, i), &left);

  return dagsched_live_document_new (parts);
}

DagschedLiveDocument *
dagsched_live_encode_written (const DagschedOutputs *outputs)
{
  g_autoptr (GPtrArray) parts = parts_new ();
  DagschedLiveWrittenHeader header = { 0 };
  gsize left = OUTPUT_SIZE;

  for (guint i = 0; i < G_N_ELEMENTS (outputs->streams); i++)
    {
      header.n_written[i] = outputs->streams[i].n_written;
      header.lengths[i] = add_output (parts, outputs->streams[i].bytes, &left);
    }
  g_ptr_array_insert (parts, 0, g_bytes_new (&header, sizeof header));

  return dagsched_live_document_new (parts);
}
