/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-timeline-lanes-private.h"

#include <glib/gi18n-lib.h>

#define MIN_LANE_HEIGHT 20
#define MAX_LANE_HEIGHT 54

struct _DagschedGtkTimelineLanes
{
  GtkWidget parent_instance;

  GPtrArray *lanes; /* of DagschedGtkTimelineLane */
  int lane_height;
};

G_DEFINE_FINAL_TYPE (DagschedGtkTimelineLanes, dagsched_gtk_timeline_lanes, GTK_TYPE_WIDGET)

static void
dagsched_gtk_timeline_lanes_measure (GtkWidget *widget,
                                     GtkOrientation orientation,
                                     int for_size,
                                     int *minimum,
                                     int *natural,
                                     int *minimum_baseline,
                                     int *natural_baseline)
{
  DagschedGtkTimelineLanes *self = DAGSCHED_GTK_TIMELINE_LANES (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    return;

  *minimum = (int) self->lanes->len * MIN_LANE_HEIGHT;
  *natural = (int) self->lanes->len * MAX_LANE_HEIGHT;
}

static void
dagsched_gtk_timeline_lanes_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DagschedGtkTimelineLanes *self = DAGSCHED_GTK_TIMELINE_LANES (widget);

  if (self->lanes->len == 0)
    return;

  self->lane_height = CLAMP (height / (int) self->lanes->len, MIN_LANE_HEIGHT, MAX_LANE_HEIGHT);
  for (guint i = 0; i < self->lanes->len; i++)
    gtk_widget_size_allocate (g_ptr_array_index (self->lanes, i),
                              &(GtkAllocation){ 0, (int) i * self->lane_height, width, self->lane_height },
                              -1);
}

static void
dagsched_gtk_timeline_lanes_dispose (GObject *object)
{
  DagschedGtkTimelineLanes *self = DAGSCHED_GTK_TIMELINE_LANES (object);

  g_ptr_array_set_size (self->lanes, 0);

  G_OBJECT_CLASS (dagsched_gtk_timeline_lanes_parent_class)->dispose (object);
}

static void
dagsched_gtk_timeline_lanes_finalize (GObject *object)
{
  g_ptr_array_unref (DAGSCHED_GTK_TIMELINE_LANES (object)->lanes);

  G_OBJECT_CLASS (dagsched_gtk_timeline_lanes_parent_class)->finalize (object);
}

static void
dagsched_gtk_timeline_lanes_class_init (DagschedGtkTimelineLanesClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_timeline_lanes_dispose;
  G_OBJECT_CLASS (klass)->finalize = dagsched_gtk_timeline_lanes_finalize;
  widget_class->measure = dagsched_gtk_timeline_lanes_measure;
  widget_class->size_allocate = dagsched_gtk_timeline_lanes_size_allocate;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
dagsched_gtk_timeline_lanes_init (DagschedGtkTimelineLanes *self)
{
  self->lanes = g_ptr_array_new_with_free_func ((GDestroyNotify) gtk_widget_unparent);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Workers"), -1);
}

/* Lanes that are there stay, and with them the focus. */
void
dagsched_gtk_timeline_lanes_set_model (DagschedGtkTimelineLanes *self,
                                       DagschedGtkTimelineModel *model,
                                       DagschedGtkTimeWindow *window,
                                       DagschedGtkLayoutCache *layouts)
{
  guint n = model != NULL ? dagsched_gtk_timeline_model_get_n_lanes (model) : 0;

  if (n < self->lanes->len)
    g_ptr_array_set_size (self->lanes, (int) n);
  while (self->lanes->len < n)
    {
      GtkWidget *lane = dagsched_gtk_timeline_lane_new (window, layouts);

      gtk_widget_set_parent (lane, GTK_WIDGET (self));
      g_ptr_array_add (self->lanes, lane);
    }
  for (guint i = 0; i < n; i++)
    dagsched_gtk_timeline_lane_set_lane (g_ptr_array_index (self->lanes, i), model, i);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

guint
dagsched_gtk_timeline_lanes_get_n_lanes (DagschedGtkTimelineLanes *self)
{
  return self->lanes->len;
}

DagschedGtkTimelineLane *
dagsched_gtk_timeline_lanes_get_lane (DagschedGtkTimelineLanes *self, guint lane)
{
  return g_ptr_array_index (self->lanes, lane);
}

void
dagsched_gtk_timeline_lanes_update_tracks (DagschedGtkTimelineLanes *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    dagsched_gtk_timeline_track_update (
      dagsched_gtk_timeline_lane_get_track (g_ptr_array_index (self->lanes, i)));
}

void
dagsched_gtk_timeline_lanes_update_headers (DagschedGtkTimelineLanes *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    dagsched_gtk_timeline_lane_update_header (g_ptr_array_index (self->lanes, i));
}

void
dagsched_gtk_timeline_lanes_redraw_tracks (DagschedGtkTimelineLanes *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    gtk_widget_queue_draw (
      GTK_WIDGET (dagsched_gtk_timeline_lane_get_track (g_ptr_array_index (self->lanes, i))));
}

void
dagsched_gtk_timeline_lanes_restyle (DagschedGtkTimelineLanes *self)
{
  for (guint i = 0; i < self->lanes->len; i++)
    dagsched_gtk_timeline_lane_restyle (g_ptr_array_index (self->lanes, i));
}

DagschedGtkTimelineLane *
dagsched_gtk_timeline_lanes_pick (DagschedGtkTimelineLanes *self, double y)
{
  guint lane;

  if (y < 0 || self->lane_height == 0)
    return NULL;

  lane = (guint) (y / self->lane_height);
  return lane < self->lanes->len ? g_ptr_array_index (self->lanes, lane) : NULL;
}
