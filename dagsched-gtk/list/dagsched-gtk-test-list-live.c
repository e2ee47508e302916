/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-list-struct-private.h"

/* A run that goes on. */

#define UPDATE_INTERVAL 500 /* ms between two looks at what is sorted, filtered and counted */
#define CLOCK_INTERVAL 1    /* seconds: how long running tests have been */

/* What depends on more than single rows. */
static void
update_all (DagschedGtkTestList *self)
{
  self->is_stale = FALSE;
  dagsched_gtk_look_chips_update (self->chips, self->table);
  if (dagsched_gtk_test_model_is_live (self->model))
    dagsched_gtk_test_list_refresh (self, FALSE);
}

static gboolean
on_update_due (gpointer user_data)
{
  DagschedGtkTestList *self = user_data;

  if (!self->is_stale)
    {
      self->update_id = 0;
      return G_SOURCE_REMOVE;
    }

  update_all (self);
  return G_SOURCE_CONTINUE;
}

void
dagsched_gtk_test_list_queue_update (DagschedGtkTestList *self)
{
  self->is_stale = TRUE;
  if (self->update_id != 0 || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  update_all (self);
  self->update_id = g_timeout_add (UPDATE_INTERVAL, on_update_due, self);
}

static gboolean
on_clock (gpointer user_data)
{
  DagschedGtkTestList *self = user_data;

  if (self->table == NULL || self->table->n_with_look[DAGSCHED_GTK_LOOK_RUNNING] == 0)
    {
      self->clock_id = 0;
      return G_SOURCE_REMOVE;
    }

  dagsched_gtk_test_model_note_look (self->model, DAGSCHED_GTK_LOOK_RUNNING);
  dagsched_gtk_test_model_flush (self->model);
  return G_SOURCE_CONTINUE;
}

void
dagsched_gtk_test_list_start_clock (DagschedGtkTestList *self)
{
  if (self->clock_id == 0 && self->table != NULL && self->table->n_with_look[DAGSCHED_GTK_LOOK_RUNNING] > 0 &&
      gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->clock_id = g_timeout_add_seconds (CLOCK_INTERVAL, on_clock, self);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  DagschedGtkTestList *self = DAGSCHED_GTK_TEST_LIST (widget);

  self->tick_id = 0;
  dagsched_gtk_test_model_flush (self->model);
  return G_SOURCE_REMOVE;
}

void
dagsched_gtk_test_list_table_changed (DagschedGtkTestList *self, GArray *numbers)
{
  gboolean is_shown = dagsched_gtk_test_model_note_changes (self->model, numbers);

  if (is_shown && self->tick_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, NULL, NULL);
  dagsched_gtk_test_list_queue_update (self);
  dagsched_gtk_test_list_start_clock (self);
}

void
dagsched_gtk_test_list_fill (DagschedGtkTestList *self)
{
  dagsched_gtk_test_selection_reset (self->selection, self->table != NULL ? self->table->n_tests : 0);
  dagsched_gtk_test_model_set_table (self->model, self->table);
  dagsched_gtk_test_model_refresh (self->model);
  dagsched_gtk_look_chips_update (self->chips, self->table);
  dagsched_gtk_test_list_update_page (self);
  dagsched_gtk_test_list_start_clock (self);
}

/* Where the same tests are there again, they are selected again. */
void
dagsched_gtk_test_list_table_reset (DagschedGtkTestList *self)
{
  g_autoptr (DagschedTest) selected = self->selected != NULL ? g_object_ref (self->selected) : NULL;

  dagsched_gtk_test_list_fill (self);
  dagsched_gtk_test_list_set_selected (self, selected);
}
