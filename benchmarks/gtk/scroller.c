/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scroller.h"

/* A frame; some four rows. */
#define STEP 150.0

struct _Scroller
{
  GtkWidget *widget;
  GtkAdjustment *adjustment; /* not owned */
  guint tick;
  double step;
};

static double
get_range (GtkWidget *widget)
{
  GtkAdjustment *adjustment =
    GTK_IS_SCROLLABLE (widget) ? gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (widget)) : NULL;

  return adjustment != NULL
           ? gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment)
           : 0;
}

/* NULL: there is nothing to scroll. */
static GtkWidget *
find_longest (GtkWidget *widget)
{
  GtkWidget *longest = get_range (widget) > 0 ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_longest (child);

      if (found != NULL && (longest == NULL || get_range (found) > get_range (longest)))
        longest = found;
    }

  return longest;
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  Scroller *self = data;
  double before = gtk_adjustment_get_value (self->adjustment);

  gtk_adjustment_set_value (self->adjustment, before + self->step);
  if (gtk_adjustment_get_value (self->adjustment) == before)
    self->step = -self->step;

  return G_SOURCE_CONTINUE;
}

Scroller *
scroller_start (GtkWidget *widget)
{
  GtkWidget *list = find_longest (widget);
  Scroller *self;

  if (list == NULL)
    return NULL;

  self = g_new0 (Scroller, 1);
  self->widget = list;
  self->adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list));
  self->step = STEP;
  self->tick = gtk_widget_add_tick_callback (list, on_tick, self, NULL);

  return self;
}

void
scroller_stop (Scroller *self)
{
  gtk_widget_remove_tick_callback (self->widget, self->tick);
  g_free (self);
}
