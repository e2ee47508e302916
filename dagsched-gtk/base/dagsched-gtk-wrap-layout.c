/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-wrap-layout-private.h"

#define SPACING 6

struct _DagschedGtkWrapLayout
{
  GtkLayoutManager parent_instance;
};

G_DEFINE_FINAL_TYPE (DagschedGtkWrapLayout, dagsched_gtk_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
dagsched_gtk_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* The size of @child where no line is wider than @width. */
static GtkRequisition
get_size (GtkWidget *child, int width)
{
  GtkRequisition minimum, natural;

  gtk_widget_get_preferred_size (child, &minimum, &natural);
  if (natural.width > width)
    {
      natural.width = MAX (minimum.width, width);
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, natural.width, NULL, &natural.height, NULL, NULL);
    }

  return natural;
}

static void
place (GtkWidget *widget, GtkWidget *child, int width, int x, int y, const GtkRequisition *size)
{
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;

  gtk_widget_size_allocate (
    child, &(GtkAllocation){ is_rtl ? width - x - size->width : x, y, size->width, size->height }, -1);
}

/* The height of all lines. */
static int
lay_out (GtkWidget *widget, int width, gboolean is_real)
{
  int x = 0, y = 0, line_height = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkRequisition size;

      if (!gtk_widget_should_layout (child))
        continue;
      size = get_size (child, width);
      if (x > 0 && x + size.width > width)
        {
          x = 0;
          y += line_height + SPACING;
          line_height = 0;
        }
      if (is_real)
        place (widget, child, width, x, y, &size);
      x += size.width + SPACING;
      line_height = MAX (line_height, size.height);
    }

  return y + line_height;
}

static void
measure_width (GtkWidget *widget, int *minimum, int *natural)
{
  *minimum = *natural = 0;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum, child_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (*natural > 0 ? SPACING : 0);
    }
}

static void
dagsched_gtk_wrap_layout_measure (GtkLayoutManager *manager,
                                  GtkWidget *widget,
                                  GtkOrientation orientation,
                                  int for_size,
                                  int *minimum,
                                  int *natural,
                                  int *minimum_baseline,
                                  int *natural_baseline)
{
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    measure_width (widget, minimum, natural);
  else
    *minimum = *natural = lay_out (widget, for_size < 0 ? G_MAXINT / 2 : for_size, FALSE);
}

static void
dagsched_gtk_wrap_layout_allocate (GtkLayoutManager *manager,
                                   GtkWidget *widget,
                                   int width,
                                   int height,
                                   int baseline)
{
  lay_out (widget, width, TRUE);
}

static void
dagsched_gtk_wrap_layout_class_init (DagschedGtkWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  manager_class->get_request_mode = dagsched_gtk_wrap_layout_get_request_mode;
  manager_class->measure = dagsched_gtk_wrap_layout_measure;
  manager_class->allocate = dagsched_gtk_wrap_layout_allocate;
}

static void
dagsched_gtk_wrap_layout_init (DagschedGtkWrapLayout *self)
{
}
