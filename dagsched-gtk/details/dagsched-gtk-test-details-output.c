/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "details/dagsched-gtk-test-details-struct-private.h"

#include <glib/gi18n-lib.h>

#include "details/dagsched-gtk-test-texts-private.h"

/* Which attempt is shown, and what it wrote. */

static guint
get_n_attempts (DagschedGtkTestDetails *self)
{
  return dagsched_gtk_test_attempts_get_n_ended (self->attempts) +
         dagsched_gtk_test_attempts_is_running (self->attempts);
}

static void
append_output (GBytes *bytes, gboolean is_error, gpointer user_data)
{
  dagsched_gtk_output_view_append (user_data, bytes, is_error);
}

static void
show_live (DagschedGtkTestDetails *self)
{
  dagsched_gtk_output_view_set_placeholder (self->output, _ ("It has not written anything yet."));
  dagsched_gtk_output_view_clear (self->output, dagsched_test_get_name (self->test));
  dagsched_gtk_test_attempts_replay_output (self->attempts, append_output, self->output);
}

/* What was followed to its end stands there already. */
static gboolean
is_followed_to_end (DagschedGtkTestDetails *self, GBytes *output, GBytes *error)
{
  DagschedGtkOutputBuffer *buffer = dagsched_gtk_output_view_get_buffer (self->output);

  return self->is_live && dagsched_gtk_output_buffer_is_whole (buffer) &&
         dagsched_gtk_output_buffer_get_length (buffer, FALSE) ==
           (output != NULL ? g_bytes_get_size (output) : 0) &&
         dagsched_gtk_output_buffer_get_length (buffer, TRUE) ==
           (error != NULL ? g_bytes_get_size (error) : 0);
}

static void
show_ended (DagschedGtkTestDetails *self, DagschedAttempt *attempt)
{
  GBytes *output = dagsched_attempt_get_standard_output (attempt);
  GBytes *error = dagsched_attempt_get_standard_error (attempt);

  dagsched_gtk_output_view_set_placeholder (self->output, _ ("It wrote nothing."));
  if (!is_followed_to_end (self, output, error))
    dagsched_gtk_output_view_set (self->output, dagsched_test_get_name (self->test), output, error,
                                  dagsched_outcome_is_failure (dagsched_attempt_get_outcome (attempt)));
}

static void
show_nothing (DagschedGtkTestDetails *self)
{
  const char *problem = dagsched_gtk_test_attempts_get_problem (self->attempts);
  gboolean is_ended = dagsched_test_get_state (self->test) == DAGSCHED_STATE_FINISHED;

  dagsched_gtk_output_view_set_placeholder (self->output, problem != NULL ? problem
                                                          : is_ended      ? _ ("It has not run.")
                                                                          : _ ("It has not run yet."));
  dagsched_gtk_output_view_clear (self->output, dagsched_test_get_name (self->test));
}

static void
show_attempt (DagschedGtkTestDetails *self, guint index)
{
  guint n_ended = dagsched_gtk_test_attempts_get_n_ended (self->attempts);
  gboolean is_live = index == n_ended && dagsched_gtk_test_attempts_is_running (self->attempts);

  if (index == self->shown_attempt && is_live == self->is_live)
    return;

  if (is_live)
    show_live (self);
  else if (index < n_ended)
    show_ended (self, dagsched_gtk_test_attempts_get (self->attempts, index));
  else
    show_nothing (self);
  self->shown_attempt = index;
  self->is_live = is_live;
}

void
dagsched_gtk_test_details_attempt_selected (DagschedGtkTestDetails *self)
{
  guint selected = gtk_drop_down_get_selected (self->attempts_list);

  if (self->test != NULL && selected != GTK_INVALID_LIST_POSITION)
    show_attempt (self, selected);
}

static void
fill_attempts_list (DagschedGtkTestDetails *self, guint n, guint selected)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);
  guint n_ended = dagsched_gtk_test_attempts_get_n_ended (self->attempts);

  for (guint i = 0; i < n_ended; i++)
    {
      g_autofree char *text =
        dagsched_gtk_test_texts_attempt (dagsched_gtk_test_attempts_get (self->attempts, i), n);

      gtk_string_list_append (list, text);
    }
  if (n > n_ended)
    {
      g_autofree char *text = g_strdup_printf (_ ("%u of %u: running"), n, n);

      gtk_string_list_append (list, text);
    }
  g_signal_handlers_block_by_func (self->attempts_list, dagsched_gtk_test_details_attempt_selected, self);
  gtk_drop_down_set_model (self->attempts_list, G_LIST_MODEL (list));
  gtk_drop_down_set_selected (self->attempts_list, selected);
  g_signal_handlers_unblock_by_func (self->attempts_list, dagsched_gtk_test_details_attempt_selected, self);
  gtk_widget_set_visible (GTK_WIDGET (self->attempts_list), n > 1);
}

/* The last one, unless somebody looks at another. */
void
dagsched_gtk_test_details_attempts_loaded (DagschedGtkTestDetails *self)
{
  guint n = get_n_attempts (self);
  guint n_before = g_list_model_get_n_items (gtk_drop_down_get_model (self->attempts_list));
  gboolean was_last = self->shown_attempt == DAGSCHED_GTK_NO_ATTEMPT || self->shown_attempt + 1 >= n_before;
  guint selected = was_last ? MAX (n, 1) - 1 : self->shown_attempt;

  fill_attempts_list (self, n, selected);
  if (n == 0)
    show_nothing (self);
  else
    show_attempt (self, selected);
}

void
dagsched_gtk_test_details_output (DagschedGtkTestDetails *self, GBytes *bytes, gboolean is_error)
{
  if (self->is_live)
    dagsched_gtk_output_view_append (self->output, bytes, is_error);
}

void
dagsched_gtk_test_details_written (DagschedGtkTestDetails *self)
{
  if (self->is_live)
    show_live (self);
}

void
dagsched_gtk_test_details_begin_output (DagschedGtkTestDetails *self)
{
  fill_attempts_list (self, 0, GTK_INVALID_LIST_POSITION);
  if (dagsched_gtk_test_attempts_is_running (self->attempts))
    show_attempt (self, get_n_attempts (self) - 1);
  else if (dagsched_test_get_n_attempts (self->test) == 0)
    show_nothing (self);
}
