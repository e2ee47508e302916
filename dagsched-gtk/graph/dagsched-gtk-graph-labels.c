/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-labels-private.h"

#include "base/dagsched-gtk-text-private.h"

#include <glib/gi18n-lib.h>

#define TEXT_WIDTH (DAGSCHED_GTK_NODE_WIDTH - DAGSCHED_GTK_CARD_TEXT_LEFT - 12)
#define NAME_SIZE 13.0  /* units: pixels at 100 % */
#define LARGE_SIZE 20.0 /* far away the name is larger, to be read all the same */
#define CAPTION_SIZE 11.0
#define MIDDLE (DAGSCHED_GTK_NODE_HEIGHT / 2)
#define MOST_KEPT 2000

typedef struct
{
  PangoLayout *name, *large_name, *caption;
  DagschedGtkLook look; /* that the caption says */
} Label;

struct _DagschedGtkGraphLabels
{
  PangoContext *context;
  GHashTable *labels; /* number + 1 → Label */
};

static void
label_free (gpointer data)
{
  Label *label = data;

  g_clear_object (&label->name);
  g_clear_object (&label->large_name);
  g_clear_object (&label->caption);
  g_free (label);
}

DagschedGtkGraphLabels *
dagsched_gtk_graph_labels_new (PangoContext *context)
{
  DagschedGtkGraphLabels *self = g_new0 (DagschedGtkGraphLabels, 1);

  self->context = g_object_ref (context);
  /* Texts are scaled: whole pixels of before are none after that. */
  pango_context_set_round_glyph_positions (context, FALSE);
  self->labels = g_hash_table_new_full (NULL, NULL, NULL, label_free);

  return self;
}

void
dagsched_gtk_graph_labels_free (DagschedGtkGraphLabels *self)
{
  g_object_unref (self->context);
  g_hash_table_unref (self->labels);
  g_free (self);
}

void
dagsched_gtk_graph_labels_forget (DagschedGtkGraphLabels *self)
{
  g_hash_table_remove_all (self->labels);
}

static Label *
get_label (DagschedGtkGraphLabels *self, guint32 test)
{
  Label *label = g_hash_table_lookup (self->labels, GUINT_TO_POINTER (test + 1));

  if (label != NULL)
    return label;

  if (g_hash_table_size (self->labels) >= MOST_KEPT)
    g_hash_table_remove_all (self->labels);
  label = g_new0 (Label, 1);
  g_hash_table_insert (self->labels, GUINT_TO_POINTER (test + 1), label);

  return label;
}

/* The end of a name says more than its middle. */
static PangoLayout *
create_layout (DagschedGtkGraphLabels *self, const char *text, double size, PangoWeight weight)
{
  PangoLayout *layout = pango_layout_new (self->context);
  PangoFontDescription *font =
    pango_font_description_copy (pango_context_get_font_description (self->context));

  pango_font_description_set_absolute_size (font, size * PANGO_SCALE);
  pango_font_description_set_weight (font, weight);
  pango_layout_set_font_description (layout, font);
  pango_font_description_free (font);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_MIDDLE);
  pango_layout_set_width (layout, (int) (TEXT_WIDTH * PANGO_SCALE));
  pango_layout_set_text (layout, text, -1);

  return layout;
}

PangoLayout *
dagsched_gtk_graph_labels_get_name (DagschedGtkGraphLabels *self,
                                    const DagschedGtkGraphScene *scene,
                                    guint32 test,
                                    gboolean is_near)
{
  Label *label = get_label (self, test);
  PangoLayout **layout = is_near ? &label->name : &label->large_name;

  if (*layout == NULL)
    *layout = create_layout (self, dagsched_test_get_name (scene->table->tests[test]),
                             is_near ? NAME_SIZE : LARGE_SIZE, PANGO_WEIGHT_MEDIUM);

  return *layout;
}

char *
dagsched_gtk_graph_labels_describe (const DagschedGtkRunTable *table, guint32 test)
{
  DagschedGtkLook look = table->looks[test];
  const char *title = dagsched_gtk_look_get_title (look);
  g_autofree char *duration = NULL;
  DagschedSpan span;
  double sum = 0;
  guint n = 0;

  if (look < DAGSCHED_GTK_LOOK_PASSED)
    return g_strdup (title);

  for (; dagsched_run_get_span (table->run, test, n, &span); n++)
    sum += span.duration;
  if (n == 0)
    return g_strdup (title);

  duration = dagsched_gtk_text_duration (sum);

  /* Translators: what became of a test, and how long it took */
  return g_strdup_printf (_ ("%s · %s"), title, duration);
}

PangoLayout *
dagsched_gtk_graph_labels_get_caption (DagschedGtkGraphLabels *self,
                                       const DagschedGtkGraphScene *scene,
                                       guint32 test)
{
  Label *label = get_label (self, test);
  g_autofree char *text = NULL;

  if (label->caption != NULL && label->look == scene->table->looks[test])
    return label->caption;

  text = dagsched_gtk_graph_labels_describe (scene->table, test);
  label->look = scene->table->looks[test];
  if (label->caption == NULL)
    label->caption = create_layout (self, text, CAPTION_SIZE, PANGO_WEIGHT_NORMAL);
  else
    pango_layout_set_text (label->caption, text, -1);

  return label->caption;
}

float
dagsched_gtk_graph_labels_get_name_top (PangoLayout *name, gboolean is_near)
{
  int height;

  pango_layout_get_pixel_size (name, NULL, &height);

  return is_near ? MIDDLE - height : MIDDLE - height / 2.0f;
}

float
dagsched_gtk_graph_labels_get_caption_top (PangoLayout *caption)
{
  return MIDDLE + 1;
}
