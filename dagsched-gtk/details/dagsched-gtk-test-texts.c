/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-test-texts-private.h"

#include <glib/gi18n-lib.h>

#include "base/dagsched-gtk-text-private.h"

static char *
dup_ended (DagschedGtkLook look, double duration, guint worker)
{
  g_autofree char *took = dagsched_gtk_text_duration (duration);
  const char *title = dagsched_gtk_look_get_title (look);

  if (worker == DAGSCHED_NO_WORKER)
    /* Translators: an outcome, a duration */
    return g_strdup_printf (_ ("%s after %s"), title, took);

  /* Translators: an outcome, a duration, the number of a worker */
  return g_strdup_printf (_ ("%s after %s, on worker %u"), title, took, worker);
}

char *
dagsched_gtk_test_texts_outcome (DagschedGtkRunTable *table, guint number)
{
  DagschedGtkLook look = table->looks[number];
  DagschedTest *test = table->tests[number];
  DagschedSpan span;

  if (look == DAGSCHED_GTK_LOOK_PENDING)
    return g_strdup (_ ("Pending: waits for other tests"));
  if (look == DAGSCHED_GTK_LOOK_READY)
    return g_strdup (_ ("Ready: waits for a worker, or for what it needs"));
  if (look == DAGSCHED_GTK_LOOK_RUNNING || dagsched_test_get_n_attempts (test) == 0)
    return g_strdup (dagsched_gtk_look_get_title (look));
  if (!dagsched_run_get_span (table->run, number, 0, &span))
    span.worker = DAGSCHED_NO_WORKER;

  return dup_ended (look, dagsched_test_get_duration (test), span.worker);
}

char *
dagsched_gtk_test_texts_attempt (DagschedAttempt *attempt, guint n_attempts)
{
  g_autofree char *ended =
    dup_ended (dagsched_gtk_look_of (DAGSCHED_STATE_FINISHED, dagsched_attempt_get_outcome (attempt)),
               dagsched_attempt_get_duration (attempt), dagsched_attempt_get_worker (attempt));
  g_autofree char *start = dagsched_gtk_text_duration (dagsched_attempt_get_start_time (attempt));

  /* Translators: a number, of how many; what became of it; how long after the run's start it started */
  return g_strdup_printf (_ ("%u of %u: %s, at %s"), dagsched_attempt_get_number (attempt), n_attempts, ended,
                          start);
}

static void
setting_free (DagschedGtkTestSetting *setting)
{
  g_free (setting->title);
  g_free (setting->value);
  g_free (setting);
}

/* Takes @value. */
static void
add (GPtrArray *settings, const char *title, char *value)
{
  DagschedGtkTestSetting *setting = g_new (DagschedGtkTestSetting, 1);

  setting->title = g_strdup (title);
  setting->value = value;
  g_ptr_array_add (settings, setting);
}

static void
add_duration (GPtrArray *settings, const char *title, double seconds)
{
  if (seconds > 0)
    add (settings, title, dagsched_gtk_text_duration (seconds));
}

static void
add_words (GPtrArray *settings, const char *title, const char *const *words)
{
  if (words != NULL && words[0] != NULL)
    add (settings, title, g_strjoinv (", ", (char **) words));
}

static void
add_requirements (GPtrArray *settings, DagschedTest *test)
{
  g_auto (GStrv) names = dagsched_test_list_requirements (test);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      guint amount = dagsched_test_get_requirement (test, names[i]);

      g_string_append (text, i > 0 ? ", " : "");
      if (amount == DAGSCHED_ALL)
        /* Translators: all there is of a resource */
        g_string_append_printf (text, _ ("all of %s"), names[i]);
      else
        g_string_append_printf (text, "%u × %s", amount, names[i]);
    }
  if (text->len > 0)
    add (settings, _ ("Resources"), g_strdup (text->str));
}

static void
add_groups (GPtrArray *settings, DagschedTest *test)
{
  g_auto (GStrv) name_spaces = dagsched_test_list_group_name_spaces (test);

  for (guint i = 0; name_spaces != NULL && name_spaces[i] != NULL; i++)
    add (settings, _ ("Group"),
         g_strdup_printf ("%s: %s", name_spaces[i], dagsched_test_get_group (test, name_spaces[i])));
}

static void
add_fixture (GPtrArray *settings, DagschedTest *test)
{
  const char *cleanup = dagsched_test_get_cleanup (test);

  if (dagsched_test_get_fixture (test))
    add (settings, _ ("Fixture"),
         cleanup != NULL ? g_strdup_printf (_ ("cleaned up by %s"), cleanup) : g_strdup (_ ("yes")));
}

static void
add_retries (GPtrArray *settings, DagschedTest *test)
{
  int retries = dagsched_test_get_retries (test);
  g_autofree char *delay = dagsched_gtk_text_duration (dagsched_test_get_retry_delay (test));
  char *text;

  if (retries <= 0)
    return;

  if (dagsched_test_get_retry_delay (test) > 0)
    /* Translators: how often, and the delay before the first */
    text = g_strdup_printf (_ ("%d, after %s and longer"), retries, delay);
  else
    text = g_strdup_printf ("%d", retries);
  add (settings, _ ("Retries"), text);
}

static void
add_slots (GPtrArray *settings, DagschedTest *test)
{
  guint slots = dagsched_test_get_slots (test);

  if (slots == DAGSCHED_ALL)
    add (settings, _ ("Slots"), g_strdup (_ ("all")));
  else if (slots != 1)
    add (settings, _ ("Slots"), g_strdup_printf ("%u", slots));
  if (dagsched_test_get_exclusive (test))
    add (settings, _ ("Exclusive"), g_strdup (_ ("runs alone")));
  if (dagsched_test_get_priority (test) != 0)
    add (settings, _ ("Priority"), g_strdup_printf ("%d", dagsched_test_get_priority (test)));
}

static void
add_limits (GPtrArray *settings, DagschedCommandTest *test)
{
  guint64 cpu = dagsched_command_test_get_limit (test, DAGSCHED_LIMIT_CPU);
  guint64 memory = dagsched_command_test_get_limit (test, DAGSCHED_LIMIT_MEMORY);
  guint64 open_files = dagsched_command_test_get_limit (test, DAGSCHED_LIMIT_OPEN_FILES);
  guint64 processes = dagsched_command_test_get_limit (test, DAGSCHED_LIMIT_PROCESSES);

  add_duration (settings, _ ("Processor time, at most"), (double) cpu);
  if (memory > 0)
    add (settings, _ ("Memory, at most"), g_format_size_full (memory, G_FORMAT_SIZE_IEC_UNITS));
  if (open_files > 0)
    add (settings, _ ("Open files, at most"), g_strdup_printf ("%" G_GUINT64_FORMAT, open_files));
  if (processes > 0)
    add (settings, _ ("Processes, at most"), g_strdup_printf ("%" G_GUINT64_FORMAT, processes));
}

static void
add_command (GPtrArray *settings, DagschedCommandTest *test)
{
  add_limits (settings, test);
  add (settings, _ ("Protocol"),
       g_strdup (dagsched_protocol_to_string (dagsched_command_test_get_protocol (test))));
}

GPtrArray *
dagsched_gtk_test_texts_settings (DagschedTest *test)
{
  GPtrArray *settings = g_ptr_array_new_with_free_func ((GDestroyNotify) setting_free);

  add_words (settings, _ ("Suites"), dagsched_test_get_suites (test));
  add_words (settings, _ ("Labels"), dagsched_test_get_labels (test));
  add_duration (settings, _ ("Expected duration"), dagsched_test_get_expected_duration (test));
  add_duration (settings, _ ("Time-out"), dagsched_test_get_timeout (test));
  add_duration (settings, _ ("Slow after"), dagsched_test_get_slow_after (test));
  add_retries (settings, test);
  add_requirements (settings, test);
  add_groups (settings, test);
  add_slots (settings, test);
  add_fixture (settings, test);
  if (dagsched_test_get_expected_failure (test))
    add (settings, _ ("Expected"), g_strdup (_ ("to fail")));
  if (DAGSCHED_IS_COMMAND_TEST (test))
    add_command (settings, DAGSCHED_COMMAND_TEST (test));
  if (dagsched_test_get_origin (test) != NULL)
    add (settings, _ ("Comes from"), g_strdup (dagsched_test_get_origin (test)));

  return settings;
}

const DagschedGtkTestFlag *
dagsched_gtk_test_texts_flag (DagschedFlags flag)
{
  static const DagschedGtkTestFlag flags[] = {
    { N_ ("Flaky"), N_ ("It passed after a failed attempt.") },
    { N_ ("Leaked"), N_ ("It left processes behind, which were killed.") },
    { N_ ("Truncated"), N_ ("It wrote more than its limit: the middle of the output is missing.") },
  };

  switch (flag)
    {
    case DAGSCHED_FLAGS_FLAKY:
      return &flags[0];
    case DAGSCHED_FLAGS_LEAKED:
      return &flags[1];
    case DAGSCHED_FLAGS_TRUNCATED:
      return &flags[2];
    default:
      return NULL;
    }
}

const char *
dagsched_gtk_test_texts_condition (DagschedCondition condition)
{
  if (condition == DAGSCHED_CONDITION_ALWAYS)
    return _ ("whatever becomes of it");
  if (condition == DAGSCHED_CONDITION_FAILURE)
    return _ ("only if it fails");

  return NULL;
}
