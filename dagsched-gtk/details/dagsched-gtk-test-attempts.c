/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-test-attempts-private.h"

/* Bytes of a running attempt that are kept: what is older is in the attempt once it has ended. */
#define MAX_KEPT (32 * 1024 * 1024)

typedef struct
{
  GBytes *bytes;
  guint64 n_written; /* bytes of its stream by the end of this */
  gboolean is_error;
} Output;

struct _DagschedGtkTestAttempts
{
  GObject parent_instance;

  DagschedRun *run;   /* (nullable) */
  DagschedTest *test; /* (nullable) */
  GPtrArray *ended;   /* of DagschedAttempt */
  char *problem;      /* (nullable) */
  GCancellable *loading;
  guint n_known; /* attempts when it was loaded last */
  DagschedState known_state;

  gboolean is_following;
  GArray *outputs; /* of Output, of the running attempt */
  gsize n_kept;
  GCancellable *catching_up; /* (nullable) what it wrote before it was followed is being loaded */
};

enum
{
  LOADED,
  OUTPUT,
  WRITTEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DagschedGtkTestAttempts, dagsched_gtk_test_attempts, G_TYPE_OBJECT)

static void
clear_output (gpointer data)
{
  g_bytes_unref (((Output *) data)->bytes);
}

static void
forget_outputs (DagschedGtkTestAttempts *self)
{
  g_array_set_size (self->outputs, 0);
  self->n_kept = 0;
}

/* Takes @bytes. */
static void
keep_output (DagschedGtkTestAttempts *self, GBytes *bytes, guint64 n_written, gboolean is_error)
{
  Output output = { bytes, n_written, is_error };

  g_array_append_val (self->outputs, output);
  self->n_kept += g_bytes_get_size (bytes);
  while (self->n_kept > MAX_KEPT && self->outputs->len > 1)
    {
      self->n_kept -= g_bytes_get_size (g_array_index (self->outputs, Output, 0).bytes);
      g_array_remove_index (self->outputs, 0);
    }
}

static void
take_output (DagschedGtkTestAttempts *self, GBytes *bytes, gboolean is_error)
{
  keep_output (self, g_bytes_ref (bytes), dagsched_test_get_n_written (self->test, is_error), is_error);
  g_signal_emit (self, signals[OUTPUT], 0, bytes, is_error);
}

/* What is in @output from byte @from of its stream on; NULL for nothing. */
static GBytes *
cut_off (const Output *output, guint64 from)
{
  gsize length = g_bytes_get_size (output->bytes);

  if (output->n_written <= from)
    return NULL;

  return g_bytes_new_from_bytes (output->bytes, length - MIN (length, output->n_written - from),
                                 MIN (length, output->n_written - from));
}

/* What it wrote before it was followed, then what has come since and is not in that. */
static void
catch_up (DagschedGtkTestAttempts *self, GBytes *bytes[2], const guint64 n_written[2])
{
  g_autoptr (GArray) since = g_steal_pointer (&self->outputs);

  self->outputs = g_array_new (FALSE, FALSE, sizeof (Output));
  g_array_set_clear_func (self->outputs, clear_output);
  self->n_kept = 0;
  for (guint i = 0; i < 2; i++)
    {
      if (bytes[i] != NULL)
        keep_output (self, g_bytes_ref (bytes[i]), n_written[i], i == 1);
    }
  for (guint i = 0; i < since->len; i++)
    {
      const Output *output = &g_array_index (since, Output, i);
      GBytes *rest = cut_off (output, n_written[output->is_error ? 1 : 0]);

      if (rest != NULL)
        keep_output (self, rest, output->n_written, output->is_error);
    }
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DagschedGtkTestAttempts) self = user_data;
  g_autoptr (GBytes) output = NULL;
  g_autoptr (GBytes) error = NULL;
  guint64 n_written[2];

  /* What can't be had now is in the attempt once it has ended. */
  if (!dagsched_run_load_output_finish (DAGSCHED_RUN (source), result, &output, &n_written[0], &error,
                                        &n_written[1], NULL) ||
      (output == NULL && error == NULL))
    return;

  catch_up (self, (GBytes *[]){ output, error }, n_written);
  g_signal_emit (self, signals[WRITTEN], 0);
}

static void
on_standard_output (DagschedGtkTestAttempts *self, GBytes *bytes)
{
  take_output (self, bytes, FALSE);
}

static void
on_standard_error (DagschedGtkTestAttempts *self, GBytes *bytes)
{
  take_output (self, bytes, TRUE);
}

static void
follow (DagschedGtkTestAttempts *self)
{
  if (self->is_following)
    return;

  self->is_following = TRUE;
  forget_outputs (self);
  g_signal_connect_object (self->test, "output::standard-output", G_CALLBACK (on_standard_output), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->test, "output::standard-error", G_CALLBACK (on_standard_error), self,
                           G_CONNECT_SWAPPED);
  dagsched_run_follow_output (self->run, self->test, TRUE);
  self->catching_up = g_cancellable_new ();
  dagsched_run_load_output_async (self->run, self->test, self->catching_up, on_written, g_object_ref (self));
}

static void
follow_no_longer (DagschedGtkTestAttempts *self)
{
  if (!self->is_following)
    return;

  self->is_following = FALSE;
  g_cancellable_cancel (self->catching_up);
  g_clear_object (&self->catching_up);
  g_signal_handlers_disconnect_by_func (self->test, on_standard_output, self);
  g_signal_handlers_disconnect_by_func (self->test, on_standard_error, self);
  dagsched_run_follow_output (self->run, self->test, FALSE);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DagschedGtkTestAttempts) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) ended = dagsched_run_load_attempts_finish (DAGSCHED_RUN (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || DAGSCHED_RUN (source) != self->run)
    return;

  g_clear_pointer (&self->problem, g_free);
  if (ended == NULL)
    self->problem = g_strdup (error->message);
  else
    {
      g_clear_pointer (&self->ended, g_ptr_array_unref);
      self->ended = g_steal_pointer (&ended);
    }
  g_signal_emit (self, signals[LOADED], 0);
}

static void
stop_loading (DagschedGtkTestAttempts *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

/* What is known already at once, what has to come from elsewhere when it is here. */
static void
load (DagschedGtkTestAttempts *self)
{
  stop_loading (self);
  self->n_known = dagsched_test_get_n_attempts (self->test);
  self->known_state = dagsched_test_get_state (self->test);
  self->loading = g_cancellable_new ();
  dagsched_run_load_attempts_async (self->run, self->test, self->loading, on_loaded, g_object_ref (self));
}

void
dagsched_gtk_test_attempts_set_test (DagschedGtkTestAttempts *self, DagschedRun *run, DagschedTest *test)
{
  stop_loading (self);
  follow_no_longer (self);
  forget_outputs (self);
  g_clear_pointer (&self->problem, g_free);
  g_ptr_array_unref (self->ended);
  self->ended = g_ptr_array_new_with_free_func (g_object_unref);
  g_set_object (&self->run, run);
  g_set_object (&self->test, test);
  if (run == NULL || test == NULL)
    return;

  if (dagsched_test_get_state (test) == DAGSCHED_STATE_RUNNING)
    follow (self);
  load (self);
}

void
dagsched_gtk_test_attempts_update (DagschedGtkTestAttempts *self)
{
  DagschedState state;
  guint n_attempts;

  if (self->test == NULL)
    return;

  state = dagsched_test_get_state (self->test);
  n_attempts = dagsched_test_get_n_attempts (self->test);
  if (state == self->known_state && n_attempts == self->n_known)
    return;

  if (state != DAGSCHED_STATE_RUNNING || n_attempts != self->n_known)
    follow_no_longer (self);
  if (state == DAGSCHED_STATE_RUNNING)
    follow (self);
  load (self);
}

guint
dagsched_gtk_test_attempts_get_n_ended (DagschedGtkTestAttempts *self)
{
  return self->ended->len;
}

DagschedAttempt *
dagsched_gtk_test_attempts_get (DagschedGtkTestAttempts *self, guint index)
{
  return index < self->ended->len ? g_ptr_array_index (self->ended, index) : NULL;
}

gboolean
dagsched_gtk_test_attempts_is_running (DagschedGtkTestAttempts *self)
{
  return self->is_following;
}

const char *
dagsched_gtk_test_attempts_get_problem (DagschedGtkTestAttempts *self)
{
  return self->problem;
}

void
dagsched_gtk_test_attempts_replay_output (DagschedGtkTestAttempts *self,
                                          DagschedGtkOutputFunc func,
                                          gpointer user_data)
{
  for (guint i = 0; i < self->outputs->len; i++)
    {
      const Output *output = &g_array_index (self->outputs, Output, i);

      func (output->bytes, output->is_error, user_data);
    }
}

static void
dagsched_gtk_test_attempts_dispose (GObject *object)
{
  DagschedGtkTestAttempts *self = DAGSCHED_GTK_TEST_ATTEMPTS (object);

  dagsched_gtk_test_attempts_set_test (self, NULL, NULL);

  G_OBJECT_CLASS (dagsched_gtk_test_attempts_parent_class)->dispose (object);
}

static void
dagsched_gtk_test_attempts_finalize (GObject *object)
{
  DagschedGtkTestAttempts *self = DAGSCHED_GTK_TEST_ATTEMPTS (object);

  g_clear_pointer (&self->ended, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_array_unref);

  G_OBJECT_CLASS (dagsched_gtk_test_attempts_parent_class)->finalize (object);
}

static void
dagsched_gtk_test_attempts_class_init (DagschedGtkTestAttemptsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_test_attempts_dispose;
  G_OBJECT_CLASS (klass)->finalize = dagsched_gtk_test_attempts_finalize;

  signals[LOADED] = g_signal_new ("loaded", DAGSCHED_GTK_TYPE_TEST_ATTEMPTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
  signals[OUTPUT] = g_signal_new ("output", DAGSCHED_GTK_TYPE_TEST_ATTEMPTS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 2, G_TYPE_BYTES, G_TYPE_BOOLEAN);
  signals[WRITTEN] = g_signal_new ("written", DAGSCHED_GTK_TYPE_TEST_ATTEMPTS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
dagsched_gtk_test_attempts_init (DagschedGtkTestAttempts *self)
{
  self->ended = g_ptr_array_new_with_free_func (g_object_unref);
  self->outputs = g_array_new (FALSE, FALSE, sizeof (Output));
  g_array_set_clear_func (self->outputs, clear_output);
}

DagschedGtkTestAttempts *
dagsched_gtk_test_attempts_new (void)
{
  return g_object_new (DAGSCHED_GTK_TYPE_TEST_ATTEMPTS, NULL);
}
