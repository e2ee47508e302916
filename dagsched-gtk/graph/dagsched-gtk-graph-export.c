/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/dagsched-gtk-graph-view-private.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <pango/pangocairo.h>

/* The whole graph on paper: all details, light colours, a legend. */

#define MARGIN 48.0
#define LEGEND_ROW 30.0
#define LEGEND_STEP 192.0
#define MOST_PIXELS 32767.0 /* of an image: cairo's limit, a side */
#define MOST_AREA 200e6     /* pixels of an image: 800 MB */
#define MOST_POINTS 14400.0 /* of a page of a PDF: what readers show, a side */
#define MOST_VECTOR_TESTS 20000

typedef struct
{
  DagschedGtkGraphScene *scene;
  DagschedGtkGraphStyle style;
  DagschedGtkGraphLabels *labels;
  GOutputStream *stream;
  GError *error; /* of the stream */
  double width, height;
} Export;

typedef enum
{
  FORMAT_PNG,
  FORMAT_SVG,
  FORMAT_PDF,
  FORMAT_NONE
} Format;

static Format
format_of (GFile *file)
{
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *folded = name != NULL ? g_ascii_strdown (name, -1) : g_strdup ("");

  return g_str_has_suffix (folded, ".png")   ? FORMAT_PNG
         : g_str_has_suffix (folded, ".svg") ? FORMAT_SVG
         : g_str_has_suffix (folded, ".pdf") ? FORMAT_PDF
                                             : FORMAT_NONE;
}

static void
set_dash (cairo_t *cr, guint8 condition)
{
  if (condition == DAGSCHED_CONDITION_ALWAYS)
    cairo_set_dash (cr, (double[]){ 6, 3.6 }, 2, 0);
  else if (condition == DAGSCHED_CONDITION_FAILURE)
    cairo_set_dash (cr, (double[]){ 2.4, 2.4 }, 2, 0);
  else
    cairo_set_dash (cr, NULL, 0, 0);
}

static double
toward (double from, double to, double most)
{
  return from + CLAMP (to - from, -most, most);
}

static void
trace (cairo_t *cr, const graphene_point_t *points, guint n)
{
  cairo_move_to (cr, points[0].x, points[0].y);
  for (guint i = 1; i + 1 < n; i++)
    {
      const graphene_point_t *before = &points[i - 1], *at = &points[i], *after = &points[i + 1];
      double length = fabs (at->x - before->x) + fabs (at->y - before->y);
      double next = fabs (after->x - at->x) + fabs (after->y - at->y);
      double radius = MIN (8, MIN (length, next) / 2);
      double in_x = toward (at->x, before->x, radius), in_y = toward (at->y, before->y, radius);
      double out_x = toward (at->x, after->x, radius), out_y = toward (at->y, after->y, radius);

      cairo_line_to (cr, in_x, in_y);
      cairo_curve_to (cr, (in_x + 2 * at->x) / 3, (in_y + 2 * at->y) / 3, (out_x + 2 * at->x) / 3,
                      (out_y + 2 * at->y) / 3, out_x, out_y);
    }
  cairo_line_to (cr, points[n - 1].x, points[n - 1].y);
  cairo_stroke (cr);
}

static void
draw_segment (Export *self, cairo_t *cr, guint32 from, guint32 to, guint8 condition)
{
  graphene_point_t points[DAGSCHED_GTK_ROUTE_MAX];
  guint n = dagsched_gtk_graph_scene_route (self->scene, from, to, points);

  set_dash (cr, condition);
  trace (cr, points, n);
}

static void
draw_edges (Export *self, cairo_t *cr)
{
  const DagschedGtkLayout *layout = self->scene->layout;

  gdk_cairo_set_source_rgba (cr, &self->style.edge);
  cairo_set_line_width (cr, 1.2);
  for (guint32 item = 0; item < layout->n_items; item++)
    for (guint32 i = layout->first_in[item]; i < layout->first_in[item + 1]; i++)
      draw_segment (self, cr, layout->ins[i], item, layout->in_conditions[i]);

  gdk_cairo_set_source_rgba (cr, &self->style.text);
  cairo_set_line_width (cr, 3);
  for (guint i = 0; i < self->scene->critical->len; i++)
    {
      const DagschedGtkSegment *segment = &g_array_index (self->scene->critical, DagschedGtkSegment, i);

      draw_segment (self, cr, segment->from, segment->to, DAGSCHED_CONDITION_SUCCESS);
    }
  cairo_set_dash (cr, NULL, 0, 0);
}

static void
draw_text (cairo_t *cr, PangoLayout *layout, double x, double y, const GdkRGBA *color)
{
  gdk_cairo_set_source_rgba (cr, color);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

static void
draw_test (Export *self, cairo_t *cr, guint32 test)
{
  PangoLayout *name = dagsched_gtk_graph_labels_get_name (self->labels, self->scene, test, TRUE);
  PangoLayout *caption = dagsched_gtk_graph_labels_get_caption (self->labels, self->scene, test);

  cairo_save (cr);
  cairo_translate (cr, self->scene->layout->x[test], self->scene->layout->y[test]);
  dagsched_gtk_graph_style_draw_card (&self->style, cr, self->scene->table->looks[test], 0,
                                      DAGSCHED_GTK_CARD_FULL);
  if (self->scene->marks[test] & DAGSCHED_GTK_MARK_CRITICAL)
    {
      dagsched_gtk_graph_style_trace_card (cr, 0.5);
      gdk_cairo_set_source_rgba (cr, &self->style.text);
      cairo_set_line_width (cr, 3);
      cairo_stroke (cr);
    }
  draw_text (cr, name, DAGSCHED_GTK_CARD_TEXT_LEFT, dagsched_gtk_graph_labels_get_name_top (name, TRUE),
             &self->style.text);
  draw_text (cr, caption, DAGSCHED_GTK_CARD_TEXT_LEFT, dagsched_gtk_graph_labels_get_caption_top (caption),
             &self->style.dim_text);
  cairo_restore (cr);
}

static guint
count_legend (Export *self)
{
  guint n = DAGSCHED_GTK_N_CONDITIONS;

  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    n += self->scene->table->n_with_look[look] > 0;

  return n;
}

static guint
legend_columns (Export *self)
{
  return MAX ((guint) ((self->width - 2 * MARGIN) / LEGEND_STEP), 1);
}

static void
place_in_legend (Export *self, guint n, double *x, double *y)
{
  guint n_columns = legend_columns (self);

  *x = MARGIN + n % n_columns * LEGEND_STEP;
  *y = self->scene->layout->height + 2 * MARGIN + n / n_columns * LEGEND_ROW;
}

/* How edges look. */
static void
draw_conditions (Export *self, cairo_t *cr, PangoLayout *layout, guint n)
{
  const char *titles[] = { N_ ("Needs success"), N_ ("Order only"), N_ ("Needs failure") };

  for (guint condition = 0; condition < G_N_ELEMENTS (titles); condition++)
    {
      double x, y;

      place_in_legend (self, n + condition, &x, &y);
      gdk_cairo_set_source_rgba (cr, &self->style.text);
      cairo_set_line_width (cr, 1.2);
      set_dash (cr, condition);
      cairo_move_to (cr, x - 8, y + 8);
      cairo_line_to (cr, x + 18, y + 8);
      cairo_stroke (cr);
      pango_layout_set_text (layout, _ (titles[condition]), -1);
      draw_text (cr, layout, x + 24, y - 1, &self->style.text);
    }
  cairo_set_dash (cr, NULL, 0, 0);
}

/* Of the looks that are there: icon, word, number. */
static void
draw_legend (Export *self, cairo_t *cr, PangoContext *context)
{
  g_autoptr (PangoLayout) layout = pango_layout_new (context);
  guint n = 0;

  for (DagschedGtkLook look = 0; look < DAGSCHED_GTK_N_LOOKS; look++)
    {
      guint n_tests = self->scene->table->n_with_look[look];
      g_autofree char *text = NULL;
      double x, y;

      if (n_tests == 0)
        continue;
      text = g_strdup_printf ("%s (%u)", dagsched_gtk_look_get_title (look), n_tests);
      pango_layout_set_text (layout, text, -1);
      place_in_legend (self, n++, &x, &y);
      dagsched_gtk_graph_style_draw_icon (&self->style, cr, look, x, y, 16, &self->style.looks[look]);
      draw_text (cr, layout, x + 24, y - 1, &self->style.text);
    }
  draw_conditions (self, cr, layout, n);
}

static void
measure (Export *self)
{
  guint n = count_legend (self);

  self->width = MAX (self->scene->layout->width, MIN (n, 4) * LEGEND_STEP) + 2 * MARGIN;
  self->height = self->scene->layout->height + 3 * MARGIN +
                 (n + legend_columns (self) - 1) / legend_columns (self) * LEGEND_ROW;
}

static void
draw (Export *self, cairo_surface_t *surface, PangoContext *context)
{
  cairo_t *cr = cairo_create (surface);

  gdk_cairo_set_source_rgba (cr, &self->style.background);
  cairo_paint (cr);
  cairo_save (cr);
  cairo_translate (cr, MARGIN, MARGIN);
  draw_edges (self, cr);
  for (guint32 test = 0; test < self->scene->layout->n_tests; test++)
    draw_test (self, cr, test);
  cairo_restore (cr);
  draw_legend (self, cr, context);
  cairo_destroy (cr);
}

static cairo_status_t
write_bytes (void *closure, const unsigned char *bytes, unsigned int n_bytes)
{
  Export *self = closure;

  if (self->error != NULL ||
      !g_output_stream_write_all (self->stream, bytes, n_bytes, NULL, NULL, &self->error))
    return CAIRO_STATUS_WRITE_ERROR;

  return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *
create_surface (Export *self, Format format)
{
  double scale;

  switch (format)
    {
    case FORMAT_SVG:
      return cairo_svg_surface_create_for_stream (write_bytes, self, self->width, self->height);
    case FORMAT_PDF:
      scale = MIN (MOST_POINTS / MAX (self->width, self->height), 1);
      return cairo_pdf_surface_create_for_stream (write_bytes, self, self->width * scale,
                                                  self->height * scale);
    case FORMAT_PNG:
    case FORMAT_NONE:
    default:
      return cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (self->width),
                                         (int) ceil (self->height));
    }
}

static gboolean
check_size (Export *self, Format format, GError **error)
{
  if (format == FORMAT_PNG &&
      (self->width > MOST_PIXELS || self->height > MOST_PIXELS || self->width * self->height > MOST_AREA))
    {
      g_set_error (
        error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
        _ ("The graph is too large for an image: it would have %.0f × %.0f pixels. Export it as SVG or PDF"),
        self->width, self->height);
      return FALSE;
    }
  if (format != FORMAT_PNG && self->scene->layout->n_tests > MOST_VECTOR_TESTS)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE,
                   _ ("The graph is too large to be exported: it has %u tests, and %u are the most"),
                   self->scene->layout->n_tests, MOST_VECTOR_TESTS);
      return FALSE;
    }

  return TRUE;
}

static gboolean
finish (Export *self, cairo_surface_t *surface, Format format, GError **error)
{
  cairo_status_t status = cairo_surface_status (surface);

  if (status == CAIRO_STATUS_SUCCESS && format == FORMAT_PNG)
    status = cairo_surface_write_to_png_stream (surface, write_bytes, self);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS && format != FORMAT_PNG)
    status = cairo_surface_status (surface);

  if (self->error != NULL)
    g_propagate_error (error, g_steal_pointer (&self->error));
  else if (status != CAIRO_STATUS_SUCCESS)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, _ ("The graph could not be drawn: %s"),
                 cairo_status_to_string (status));
  else
    return g_output_stream_close (self->stream, NULL, error);

  return FALSE;
}

static gboolean
write_file (Export *self, PangoContext *context, Format format, GFile *file, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GFileOutputStream) stream =
    g_file_replace (file, NULL, FALSE, G_FILE_CREATE_REPLACE_DESTINATION, NULL, error);
  cairo_surface_t *surface;
  gboolean is_written;

  if (stream == NULL)
    return FALSE;

  self->stream = G_OUTPUT_STREAM (stream);
  surface = create_surface (self, format);
  if (format == FORMAT_PDF)
    cairo_surface_set_device_scale (surface, MIN (MOST_POINTS / MAX (self->width, self->height), 1),
                                    MIN (MOST_POINTS / MAX (self->width, self->height), 1));
  draw (self, surface, context);
  is_written = finish (self, surface, format, error);
  cairo_surface_destroy (surface);

  /* What was there before stays there when this fails. */
  if (!is_written)
    {
      g_cancellable_cancel (cancellable);
      g_output_stream_close (self->stream, cancellable, NULL);
    }

  return is_written;
}

static PangoContext *
create_context (PangoContext *like)
{
  PangoContext *context = pango_font_map_create_context (pango_cairo_font_map_get_default ());

  pango_context_set_font_description (context, pango_context_get_font_description (like));
  pango_context_set_language (context, pango_context_get_language (like));
  pango_cairo_context_set_resolution (context, 96);

  return context;
}

static gboolean
export_scene (DagschedGtkGraphScene *scene, PangoContext *context, GFile *file, GError **error)
{
  Export self = { .scene = scene };
  PangoContext *paper;
  Format format = format_of (file);
  gboolean is_written;

  if (format == FORMAT_NONE)
    {
      g_autofree char *name = g_file_get_parse_name (file);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                   _ ("%s: the name of the file should end in .png, .svg or .pdf"), name);
      return FALSE;
    }

  measure (&self);
  if (!check_size (&self, format, error))
    return FALSE;

  paper = create_context (context);
  dagsched_gtk_graph_style_init_light (&self.style);
  self.labels = dagsched_gtk_graph_labels_new (paper);
  is_written = write_file (&self, paper, format, file, error);
  dagsched_gtk_graph_labels_free (self.labels);
  dagsched_gtk_graph_style_clear (&self.style);
  g_object_unref (paper);

  return is_written;
}

/**
 * dagsched_gtk_graph_view_export:
 * @self: a `DagschedGtkGraphView`
 * @file: where to; its name ends in `.png`, `.svg` or `.pdf`
 * @error: return location for an error
 *
 * Writes the whole graph to a file, at 100 %, with a legend, in colours for paper. A file that is there
 * is replaced.
 *
 * Fails with %G_IO_ERROR_NOT_SUPPORTED when the name ends otherwise, with %G_IO_ERROR_NOT_FOUND when no graph is
 * shown, with %G_IO_ERROR_NO_SPACE when the graph is too large for the format, and else with what writing
 * files fails with.
 *
 * Returns: whether it was written
 *
 * Since: 1.0
 */
gboolean
dagsched_gtk_graph_view_export (DagschedGtkGraphView *self, GFile *file, GError **error)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_GRAPH_VIEW (self), FALSE);
  g_return_val_if_fail (G_IS_FILE (file), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (self->scene == NULL || self->scene->layout->n_tests == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                           _ ("There is no graph to export: open a run first, or wait until it is laid out"));
      return FALSE;
    }

  return export_scene (self->scene, gtk_widget_get_pango_context (GTK_WIDGET (self)), file, error);
}
