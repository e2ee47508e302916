/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "list/dagsched-gtk-look-chips-private.h"

#include <glib/gi18n-lib.h>

#include "base/dagsched-gtk-text-private.h"
#include "base/dagsched-gtk-wrap-layout-private.h"

/* The chip for all failures comes first, then one for each look. */
#define FAILURES DAGSCHED_GTK_N_LOOKS
#define N_CHIPS (DAGSCHED_GTK_N_LOOKS + 1)

typedef struct
{
  GtkToggleButton *button;
  GtkWidget *title;
  GtkLabel *count;
  guint shown;
} Chip;

struct _DagschedGtkLookChips
{
  GtkWidget parent_instance;

  Chip chips[N_CHIPS];
  guint looks;
};

enum
{
  PROP_LOOKS = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DagschedGtkLookChips, dagsched_gtk_look_chips, GTK_TYPE_WIDGET)

static guint
get_bits (guint chip)
{
  guint bits = 0;

  if (chip != FAILURES)
    return 1u << chip;
  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    bits |= dagsched_gtk_look_is_failure (look) ? 1u << look : 0;

  return bits;
}

static void
on_toggled (DagschedGtkLookChips *self)
{
  guint looks = 0;

  for (guint i = 0; i < N_CHIPS; i++)
    looks |= gtk_toggle_button_get_active (self->chips[i].button) ? get_bits (i) : 0;
  if (looks == self->looks)
    return;

  self->looks = looks;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOOKS]);
}

static GtkWidget *
create_icon (guint chip)
{
  DagschedGtkLook look = chip == FAILURES ? DAGSCHED_GTK_LOOK_FAILED : chip;
  g_autofree char *class_name = g_strconcat ("look-", dagsched_gtk_look_get_word (look), NULL);
  GtkWidget *icon = gtk_image_new_from_icon_name (chip == FAILURES ? "dialog-error-symbolic"
                                                                   : dagsched_gtk_look_get_icon_name (look));

  gtk_widget_add_css_class (icon, class_name);
  gtk_accessible_update_state (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_STATE_HIDDEN, TRUE, -1);

  return icon;
}

static void
add_chip (DagschedGtkLookChips *self, guint chip)
{
  const char *title = chip == FAILURES ? _ ("Failures") : dagsched_gtk_look_get_title (chip);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_toggle_button_new ();
  GtkWidget *label = gtk_label_new (title);
  GtkWidget *count = gtk_label_new (NULL);

  gtk_box_append (GTK_BOX (box), create_icon (chip));
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), count);
  gtk_widget_add_css_class (count, "dim-label");
  gtk_widget_add_css_class (count, "numeric");
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_add_css_class (button, "chip");
  gtk_widget_set_visible (button, FALSE);
  gtk_widget_set_parent (button, GTK_WIDGET (self));
  g_signal_connect_object (button, "toggled", G_CALLBACK (on_toggled), self, G_CONNECT_SWAPPED);
  self->chips[chip] = (Chip){
    .button = GTK_TOGGLE_BUTTON (button), .title = label, .count = GTK_LABEL (count), .shown = G_MAXUINT
  };
}

static void
dagsched_gtk_look_chips_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (dagsched_gtk_look_chips_parent_class)->dispose (object);
}

static void
dagsched_gtk_look_chips_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DagschedGtkLookChips *self = DAGSCHED_GTK_LOOK_CHIPS (object);

  if (id == PROP_LOOKS)
    g_value_set_uint (value, self->looks);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
dagsched_gtk_look_chips_class_init (DagschedGtkLookChipsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dagsched_gtk_look_chips_dispose;
  object_class->get_property = dagsched_gtk_look_chips_get_property;
  properties[PROP_LOOKS] =
    g_param_spec_uint ("looks", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), DAGSCHED_GTK_TYPE_WRAP_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "lookchips");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
dagsched_gtk_look_chips_init (DagschedGtkLookChips *self)
{
  add_chip (self, FAILURES);
  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    add_chip (self, look);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Show only"), -1);
}

static guint
count (DagschedGtkRunTable *table, guint chip)
{
  guint n = 0;

  for (DagschedGtkLook look = 0; table != NULL && look < DAGSCHED_GTK_N_LOOKS; look++)
    n += get_bits (chip) & 1u << look ? table->n_with_look[look] : 0;

  return n;
}

/* One kind of failure needs no chip for all kinds. */
static gboolean
is_needed (DagschedGtkLookChips *self, DagschedGtkRunTable *table, guint chip, guint n)
{
  guint n_kinds = 0;

  if (gtk_toggle_button_get_active (self->chips[chip].button))
    return table != NULL;
  if (chip != FAILURES)
    return n > 0;

  for (DagschedGtkLook look = 0; table != NULL && look < DAGSCHED_GTK_N_LOOKS; look++)
    n_kinds += dagsched_gtk_look_is_failure (look) && table->n_with_look[look] > 0;

  return n_kinds > 1;
}

static void
name_chip (Chip *chip, const char *count_text)
{
  /* Translators: an outcome and how many tests have it */
  g_autofree char *name =
    g_strdup_printf (_ ("%s: %s"), gtk_label_get_text (GTK_LABEL (chip->title)), count_text);

  gtk_accessible_update_property (GTK_ACCESSIBLE (chip->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
dagsched_gtk_look_chips_update (DagschedGtkLookChips *self, DagschedGtkRunTable *table)
{
  for (guint i = 0; i < N_CHIPS; i++)
    {
      Chip *chip = &self->chips[i];
      guint n = count (table, i);

      gtk_widget_set_visible (GTK_WIDGET (chip->button), is_needed (self, table, i, n));
      if (chip->shown != n)
        {
          g_autofree char *text = dagsched_gtk_text_count (n);

          gtk_label_set_text (chip->count, text);
          name_chip (chip, text);
          chip->shown = n;
        }
    }
}

guint
dagsched_gtk_look_chips_get_looks (DagschedGtkLookChips *self)
{
  return self->looks;
}

void
dagsched_gtk_look_chips_set_compact (DagschedGtkLookChips *self, gboolean is_compact)
{
  for (guint i = 0; i < N_CHIPS; i++)
    {
      const char *title = gtk_label_get_text (GTK_LABEL (self->chips[i].title));

      if (gtk_widget_get_visible (self->chips[i].title) == !is_compact)
        continue;
      gtk_widget_set_visible (self->chips[i].title, !is_compact);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->chips[i].button), is_compact ? title : NULL);
    }
}

void
dagsched_gtk_look_chips_clear (DagschedGtkLookChips *self)
{
  for (guint i = 0; i < N_CHIPS; i++)
    gtk_toggle_button_set_active (self->chips[i].button, FALSE);
}
