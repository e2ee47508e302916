/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-test-cell-private.h"

#include <adwaita.h>
#include <math.h>

#define ICON_SIZE 16
#define GAP 6

struct _DagschedGtkTestCell
{
  GtkWidget parent_instance;

  DagschedGtkTestColumn column;
  DagschedGtkRunTable *table; /* (nullable) */
  DagschedGtkTestSlot *slot;  /* (nullable) */
  char *text;                 /* (nullable) what the layout shows */
  PangoLayout *layout;        /* (nullable) */
  int height;                 /* of a line; 0: not known */
};

G_DEFINE_FINAL_TYPE (DagschedGtkTestCell, dagsched_gtk_test_cell, GTK_TYPE_WIDGET)

static gboolean
is_dark (GtkWidget *widget)
{
  return adw_style_manager_get_dark (adw_style_manager_get_for_display (gtk_widget_get_display (widget)));
}

static PangoLayout *
create_layout (DagschedGtkTestCell *self)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);

  pango_layout_set_single_paragraph_mode (layout, TRUE);
  /* Names differ at their end, and begin alike: keep both. */
  pango_layout_set_ellipsize (layout, self->column == DAGSCHED_GTK_TEST_COLUMN_NAME ? PANGO_ELLIPSIZE_MIDDLE
                                                                                    : PANGO_ELLIPSIZE_END);
  if (dagsched_gtk_test_column_is_number (self->column))
    {
      PangoAttrList *attributes = pango_attr_list_new ();

      pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
      pango_layout_set_attributes (layout, attributes);
      pango_attr_list_unref (attributes);
    }

  return layout;
}

static int
get_line_height (DagschedGtkTestCell *self)
{
  if (self->height == 0)
    {
      g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "Éy");

      pango_layout_get_pixel_size (layout, NULL, &self->height);
    }

  return self->height;
}

static void
dagsched_gtk_test_cell_measure (GtkWidget *widget,
                                GtkOrientation orientation,
                                int for_size,
                                int *minimum,
                                int *natural,
                                int *minimum_baseline,
                                int *natural_baseline)
{
  DagschedGtkTestCell *self = DAGSCHED_GTK_TEST_CELL (widget);

  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = MAX (get_line_height (self), ICON_SIZE);
  else
    *minimum = *natural = ICON_SIZE;
}

static void
snapshot_icon (DagschedGtkTestCell *self, GtkSnapshot *snapshot, DagschedGtkLook look)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autoptr (GtkIconPaintable) icon = gtk_icon_theme_lookup_icon (
    gtk_icon_theme_get_for_display (gtk_widget_get_display (widget)), dagsched_gtk_look_get_icon_name (look),
    NULL, ICON_SIZE, gtk_widget_get_scale_factor (widget), gtk_widget_get_direction (widget), 0);
  GdkRGBA colors[4];
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  float x = is_rtl ? gtk_widget_get_width (widget) - ICON_SIZE : 0;

  for (guint i = 0; i < G_N_ELEMENTS (colors); i++)
    colors[i] = *dagsched_gtk_look_get_color (look, is_dark (widget));

  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
    snapshot, &GRAPHENE_POINT_INIT (x, floorf ((gtk_widget_get_height (widget) - ICON_SIZE) / 2.0f)));
  gtk_symbolic_paintable_snapshot_symbolic (GTK_SYMBOLIC_PAINTABLE (icon), snapshot, ICON_SIZE, ICON_SIZE,
                                            colors, G_N_ELEMENTS (colors));
  gtk_snapshot_restore (snapshot);
}

static void
update_layout (DagschedGtkTestCell *self, int width)
{
  g_autofree char *text = dagsched_gtk_test_cell_dup_text (self);

  if (self->layout == NULL)
    self->layout = create_layout (self);
  if (g_strcmp0 (text, self->text) != 0)
    {
      pango_layout_set_text (self->layout, text, -1);
      g_free (self->text);
      self->text = g_steal_pointer (&text);
    }
  pango_layout_set_width (self->layout, width * PANGO_SCALE);
}

static void
snapshot_text (DagschedGtkTestCell *self, GtkSnapshot *snapshot, int x, int width)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  gboolean is_at_end = dagsched_gtk_test_column_is_number (self->column);
  PangoRectangle extents;
  int height;

  update_layout (self, width);
  if (*self->text == '\0')
    return;

  /* A name may be of the other direction: it stands where its column's names do all the same. */
  pango_layout_get_pixel_extents (self->layout, NULL, &extents);
  height = extents.height;
  if (is_at_end != is_rtl)
    x += width - extents.width;
  gtk_snapshot_render_layout (snapshot, gtk_widget_get_style_context (widget), x - extents.x,
                              (gtk_widget_get_height (widget) - height) / 2, self->layout);
}

static void
dagsched_gtk_test_cell_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  DagschedGtkTestCell *self = DAGSCHED_GTK_TEST_CELL (widget);
  guint32 number = dagsched_gtk_test_cell_get_number (self);
  int width = gtk_widget_get_width (widget), x = 0;

  if (number == DAGSCHED_GTK_NO_TEST)
    return;

  if (self->column == DAGSCHED_GTK_TEST_COLUMN_STATE)
    {
      snapshot_icon (self, snapshot, self->table->looks[number]);
      x = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL ? 0 : ICON_SIZE + GAP;
      width -= ICON_SIZE + GAP;
    }
  if (width > 2 * ICON_SIZE)
    snapshot_text (self, snapshot, x, width);
}

static gboolean
dagsched_gtk_test_cell_query_tooltip (GtkWidget *widget,
                                      int x,
                                      int y,
                                      gboolean is_keyboard,
                                      GtkTooltip *tooltip)
{
  DagschedGtkTestCell *self = DAGSCHED_GTK_TEST_CELL (widget);
  gboolean is_cut = self->layout != NULL && self->text != NULL && pango_layout_is_ellipsized (self->layout);
  guint32 number = dagsched_gtk_test_cell_get_number (self);

  if (number == DAGSCHED_GTK_NO_TEST)
    return FALSE;
  if (self->column == DAGSCHED_GTK_TEST_COLUMN_STATE && self->text == NULL)
    gtk_tooltip_set_text (tooltip, dagsched_gtk_look_get_title (self->table->looks[number]));
  else if (is_cut)
    gtk_tooltip_set_text (tooltip, self->text);
  else
    return FALSE;

  return TRUE;
}

/* Fonts and directions: what was laid out may be wrong. */
static void
forget_layout (DagschedGtkTestCell *self)
{
  g_clear_object (&self->layout);
  g_clear_pointer (&self->text, g_free);
  self->height = 0;
}

static void
dagsched_gtk_test_cell_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (dagsched_gtk_test_cell_parent_class)->css_changed (widget, change);

  forget_layout (DAGSCHED_GTK_TEST_CELL (widget));
}

static void
dagsched_gtk_test_cell_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (dagsched_gtk_test_cell_parent_class)->system_setting_changed (widget, setting);

  forget_layout (DAGSCHED_GTK_TEST_CELL (widget));
}

static void
dagsched_gtk_test_cell_dispose (GObject *object)
{
  DagschedGtkTestCell *self = DAGSCHED_GTK_TEST_CELL (object);

  dagsched_gtk_test_cell_bind (self, NULL, NULL);
  forget_layout (self);

  G_OBJECT_CLASS (dagsched_gtk_test_cell_parent_class)->dispose (object);
}

static void
dagsched_gtk_test_cell_class_init (DagschedGtkTestCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dagsched_gtk_test_cell_dispose;
  widget_class->measure = dagsched_gtk_test_cell_measure;
  widget_class->snapshot = dagsched_gtk_test_cell_snapshot;
  widget_class->query_tooltip = dagsched_gtk_test_cell_query_tooltip;
  widget_class->css_changed = dagsched_gtk_test_cell_css_changed;
  widget_class->system_setting_changed = dagsched_gtk_test_cell_system_setting_changed;
  gtk_widget_class_set_css_name (widget_class, "testcell");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LABEL);
}

static void
dagsched_gtk_test_cell_init (DagschedGtkTestCell *self)
{
}

GtkWidget *
dagsched_gtk_test_cell_new (DagschedGtkTestColumn column)
{
  DagschedGtkTestCell *self = g_object_new (DAGSCHED_GTK_TYPE_TEST_CELL, "has-tooltip", TRUE, NULL);

  self->column = column;
  if (column == DAGSCHED_GTK_TEST_COLUMN_SUITES)
    gtk_widget_add_css_class (GTK_WIDGET (self), "dim-label");

  return GTK_WIDGET (self);
}

/* The row's name says all of it; that of a cell, what stands there. */
static void
update_accessible (DagschedGtkTestCell *self)
{
  guint32 number = dagsched_gtk_test_cell_get_number (self);
  GtkWidget *cell = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *name = NULL;

  if (self->column != DAGSCHED_GTK_TEST_COLUMN_NAME || number == DAGSCHED_GTK_NO_TEST || cell == NULL ||
      gtk_widget_get_parent (cell) == NULL)
    return;

  name = dagsched_gtk_test_column_dup_row_name (self->table, number);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (cell)),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
on_slot_changed (DagschedGtkTestCell *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self));
  update_accessible (self);
}

void
dagsched_gtk_test_cell_bind (DagschedGtkTestCell *self, DagschedGtkRunTable *table, DagschedGtkTestSlot *slot)
{
  if (self->slot != NULL)
    g_signal_handlers_disconnect_by_func (self->slot, on_slot_changed, self);
  g_set_object (&self->table, table);
  g_set_object (&self->slot, slot);
  if (slot == NULL)
    return;

  g_signal_connect_object (slot, "changed", G_CALLBACK (on_slot_changed), self, G_CONNECT_SWAPPED);
  on_slot_changed (self);
}

guint32
dagsched_gtk_test_cell_get_number (DagschedGtkTestCell *self)
{
  return self->slot != NULL && self->table != NULL && self->slot->number < self->table->n_tests
           ? self->slot->number
           : DAGSCHED_GTK_NO_TEST;
}

guint32
dagsched_gtk_test_cell_get_position (DagschedGtkTestCell *self)
{
  return self->slot != NULL ? self->slot->position : DAGSCHED_GTK_NO_TEST;
}

char *
dagsched_gtk_test_cell_dup_text (DagschedGtkTestCell *self)
{
  guint32 number = dagsched_gtk_test_cell_get_number (self);

  return number != DAGSCHED_GTK_NO_TEST
           ? dagsched_gtk_test_column_dup_text (self->column, self->table, number)
           : g_strdup ("");
}
