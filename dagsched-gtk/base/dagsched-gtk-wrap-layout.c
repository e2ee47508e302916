/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-gtk-wrap-layout-private.h"

struct _DagschedGtkWrapLayout
{
  GtkLayoutManager parent_instance;

  int column_spacing, row_spacing; /* pixels */
};

enum
{
  PROP_0,
  PROP_COLUMN_SPACING,
  PROP_ROW_SPACING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DagschedGtkWrapLayout, dagsched_gtk_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

/* A line of children. */
typedef struct
{
  GtkWidget *first, *end; /* @end: the first of the next line */
  int height;
} Line;

static int
get_natural_width (GtkWidget *child, int width)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);

  return MAX (MIN (natural, width), minimum);
}

static int
get_height (GtkWidget *child, int width)
{
  int natural;

  gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);

  return natural;
}

static Line
take_line (DagschedGtkWrapLayout *self, GtkWidget *first, int width)
{
  Line line = { first, first, 0 };
  int x = 0;

  for (; line.end != NULL; line.end = gtk_widget_get_next_sibling (line.end))
    {
      int child_width;

      if (!gtk_widget_should_layout (line.end))
        continue;
      child_width = get_natural_width (line.end, width);
      if (x > 0 && x + child_width > width)
        break;
      x += child_width + self->column_spacing;
      line.height = MAX (line.height, get_height (line.end, child_width));
    }

  return line;
}

static int
measure_height (DagschedGtkWrapLayout *self, GtkWidget *widget, int width)
{
  GtkWidget *first = gtk_widget_get_first_child (widget);
  int height = 0;

  while (first != NULL)
    {
      Line line = take_line (self, first, width);

      height += line.height + (height > 0 && line.height > 0 ? self->row_spacing : 0);
      first = line.end;
    }

  return height;
}

static void
measure_width (DagschedGtkWrapLayout *self, GtkWidget *widget, int *minimum, int *natural)
{
  int n = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum, child_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (n++ > 0 ? self->column_spacing : 0);
    }
}

static GtkSizeRequestMode
dagsched_gtk_wrap_layout_get_request_mode (GtkLayoutManager *manager, GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
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
  DagschedGtkWrapLayout *self = DAGSCHED_GTK_WRAP_LAYOUT (manager);

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      measure_width (self, widget, minimum, natural);
      return;
    }

  if (for_size < 0)
    measure_width (self, widget, &(int){ 0 }, &for_size);
  *minimum = *natural = measure_height (self, widget, for_size);
}

static void
allocate_line (DagschedGtkWrapLayout *self, const Line *line, int y, int width, gboolean reversed)
{
  int x = 0;

  for (GtkWidget *child = line->first; child != line->end; child = gtk_widget_get_next_sibling (child))
    {
      int child_width;

      if (!gtk_widget_should_layout (child))
        continue;
      child_width = get_natural_width (child, width);
      gtk_widget_size_allocate (
        child, &(GtkAllocation){ reversed ? width - x - child_width : x, y, child_width, line->height }, -1);
      x += child_width + self->column_spacing;
    }
}

static void
dagsched_gtk_wrap_layout_allocate (GtkLayoutManager *manager,
                                   GtkWidget *widget,
                                   int width,
                                   int height,
                                   int baseline)
{
  DagschedGtkWrapLayout *self = DAGSCHED_GTK_WRAP_LAYOUT (manager);
  GtkWidget *first = gtk_widget_get_first_child (widget);
  int y = 0;

  while (first != NULL)
    {
      Line line = take_line (self, first, width);

      allocate_line (self, &line, y, width, gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL);
      y += line.height + self->row_spacing;
      first = line.end;
    }
}

static void
dagsched_gtk_wrap_layout_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DagschedGtkWrapLayout *self = DAGSCHED_GTK_WRAP_LAYOUT (object);

  switch (prop_id)
    {
    case PROP_COLUMN_SPACING:
      self->column_spacing = g_value_get_int (value);
      break;
    case PROP_ROW_SPACING:
      self->row_spacing = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_gtk_wrap_layout_class_init (DagschedGtkWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *manager_class = GTK_LAYOUT_MANAGER_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  G_OBJECT_CLASS (klass)->set_property = dagsched_gtk_wrap_layout_set_property;
  manager_class->get_request_mode = dagsched_gtk_wrap_layout_get_request_mode;
  manager_class->measure = dagsched_gtk_wrap_layout_measure;
  manager_class->allocate = dagsched_gtk_wrap_layout_allocate;

  properties[PROP_COLUMN_SPACING] = g_param_spec_int ("column-spacing", NULL, NULL, 0, G_MAXINT, 6, flags);
  properties[PROP_ROW_SPACING] = g_param_spec_int ("row-spacing", NULL, NULL, 0, G_MAXINT, 6, flags);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPS, properties);
}

static void
dagsched_gtk_wrap_layout_init (DagschedGtkWrapLayout *self)
{
}
