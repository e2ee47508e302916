/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "timeline/dagsched-gtk-timeline-lane-private.h"

#include <glib/gi18n-lib.h>

#include "timeline/dagsched-gtk-timeline-header-private.h"

struct _DagschedGtkTimelineLane
{
  GtkWidget parent_instance;

  DagschedGtkTimeWindow *window;
  GtkWidget *header;
  GtkWidget *track;
  guint lane;
  char *current;     /* (nullable) */
  char *description; /* (nullable): as it was told */
};

G_DEFINE_FINAL_TYPE (DagschedGtkTimelineLane, dagsched_gtk_timeline_lane, GTK_TYPE_WIDGET)

static void
dagsched_gtk_timeline_lane_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  DagschedGtkTimelineLane *self = DAGSCHED_GTK_TIMELINE_LANE (widget);
  int header_width = MIN (self->window->header_width, width);

  gtk_widget_size_allocate (self->header, &(GtkAllocation){ 0, 0, header_width, height }, -1);
  gtk_widget_size_allocate (self->track,
                            &(GtkAllocation){ header_width, 0, MAX (width - header_width, 0), height }, -1);
}

static void
dagsched_gtk_timeline_lane_dispose (GObject *object)
{
  DagschedGtkTimelineLane *self = DAGSCHED_GTK_TIMELINE_LANE (object);

  g_clear_pointer (&self->header, gtk_widget_unparent);
  g_clear_pointer (&self->track, gtk_widget_unparent);
  g_clear_object (&self->window);
  g_clear_pointer (&self->current, g_free);
  g_clear_pointer (&self->description, g_free);

  G_OBJECT_CLASS (dagsched_gtk_timeline_lane_parent_class)->dispose (object);
}

static void
dagsched_gtk_timeline_lane_class_init (DagschedGtkTimelineLaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_timeline_lane_dispose;
  widget_class->size_allocate = dagsched_gtk_timeline_lane_size_allocate;

  gtk_widget_class_set_css_name (widget_class, "timelinelane");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
dagsched_gtk_timeline_lane_init (DagschedGtkTimelineLane *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
}

GtkWidget *
dagsched_gtk_timeline_lane_new (DagschedGtkTimeWindow *window, DagschedGtkLayoutCache *layouts)
{
  DagschedGtkTimelineLane *self = g_object_new (DAGSCHED_GTK_TYPE_TIMELINE_LANE, NULL);

  self->window = g_object_ref (window);
  self->header = dagsched_gtk_timeline_header_new (layouts);
  self->track = dagsched_gtk_timeline_track_new (window, layouts);
  gtk_widget_set_parent (self->header, GTK_WIDGET (self));
  gtk_widget_set_parent (self->track, GTK_WIDGET (self));

  return GTK_WIDGET (self);
}

/* Told only when it is another: somebody may be listening. */
static void
describe (DagschedGtkTimelineLane *self)
{
  g_autofree char *worker =
    dagsched_gtk_timeline_header_dup_description (DAGSCHED_GTK_TIMELINE_HEADER (self->header));
  const char *description = self->current != NULL ? self->current : worker;

  if (g_strcmp0 (description, self->description) == 0)
    return;

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, description,
                                  -1);
  g_free (self->description);
  self->description = g_strdup (description);
}

void
dagsched_gtk_timeline_lane_set_lane (DagschedGtkTimelineLane *self,
                                     DagschedGtkTimelineModel *model,
                                     guint lane)
{
  g_autofree char *name = g_strdup_printf (_ ("Worker %u"), lane);

  self->lane = lane;
  g_clear_pointer (&self->current, g_free);
  dagsched_gtk_timeline_header_set_lane (DAGSCHED_GTK_TIMELINE_HEADER (self->header), model, lane);
  dagsched_gtk_timeline_track_set_lane (DAGSCHED_GTK_TIMELINE_TRACK (self->track), model, lane);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  describe (self);
}

guint
dagsched_gtk_timeline_lane_get_lane (DagschedGtkTimelineLane *self)
{
  return self->lane;
}

DagschedGtkTimelineTrack *
dagsched_gtk_timeline_lane_get_track (DagschedGtkTimelineLane *self)
{
  return DAGSCHED_GTK_TIMELINE_TRACK (self->track);
}

void
dagsched_gtk_timeline_lane_update_header (DagschedGtkTimelineLane *self)
{
  dagsched_gtk_timeline_header_update (DAGSCHED_GTK_TIMELINE_HEADER (self->header));
  describe (self);
}

void
dagsched_gtk_timeline_lane_restyle (DagschedGtkTimelineLane *self)
{
  gtk_widget_queue_draw (self->header);
  dagsched_gtk_timeline_track_restyle (DAGSCHED_GTK_TIMELINE_TRACK (self->track));
}

void
dagsched_gtk_timeline_lane_set_current (DagschedGtkTimelineLane *self, const char *text)
{
  g_free (self->current);
  self->current = g_strdup (text);
  describe (self);
}
