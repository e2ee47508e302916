/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The ratios as an SVG: a bar each, a line at 1, and a mark where the bar is that it should clear. */
#include <math.h>

#include "bench-machine.h"
#include "bench-report.h"
#include "bench-text.h"

#define WIDTH 940
#define LEFT 250  /* of the bars; their titles stand before it */
#define SCALE 240 /* a ratio of 1 */
#define MAX_RATIO 2.0
#define ROW_HEIGHT 22
#define BAR_HEIGHT 13
#define TOP 66

/* With a white edge: lines pass behind it. */
#define TEXT_STYLE "fill=\"#222222\" stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\""

#define FONT "font-family=\"sans-serif\" font-size=\"12\""

static double
get_x (double ratio)
{
  return LEFT + MIN (ratio, MAX_RATIO) * SCALE;
}

static const char *
get_colour (const BenchRow *row)
{
  if (isnan (row->bar))
    return row->value <= 1 ? "#8fb8de" : "#d9a441";

  return bench_row_clears_bar (row) ? "#3b7d4f" : "#c0392b";
}

static void
append_text (GString *svg, double x, double y, const char *anchor, const char *text)
{
  char number[2][G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append_printf (svg, "  <text x=\"%s\" y=\"%s\" text-anchor=\"%s\" " TEXT_STYLE ">%s</text>\n",
                          g_ascii_formatd (number[0], sizeof number[0], "%.1f", x),
                          g_ascii_formatd (number[1], sizeof number[1], "%.1f", y), anchor, escaped);
}

static void
append_rectangle (GString *svg, double x, double y, double width, double height, const char *colour)
{
  char number[4][G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (svg, "  <rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" fill=\"%s\"/>\n",
                          g_ascii_formatd (number[0], sizeof number[0], "%.1f", x),
                          g_ascii_formatd (number[1], sizeof number[1], "%.1f", y),
                          g_ascii_formatd (number[2], sizeof number[2], "%.1f", width),
                          g_ascii_formatd (number[3], sizeof number[3], "%.1f", height), colour);
}

/* "0.42 (≤ 0.50: cleared)": what the colours say is also said in words. */
static char *
describe (const BenchRow *row)
{
  g_autofree char *value = bench_text_format_number (row->value);
  g_autofree char *bar = bench_text_format_number (row->bar);

  if (isnan (row->bar))
    return g_steal_pointer (&value);

  return g_strdup_printf ("%s (≤ %s: %s)", value, bar, bench_row_clears_bar (row) ? "cleared" : "missed");
}

static void
append_row (GString *svg, const BenchRow *row, double y)
{
  g_autofree char *title = g_strdup_printf ("%s / %s", row->title, row->rival);
  g_autofree char *value = describe (row);
  double middle = y + BAR_HEIGHT - 2;

  append_text (svg, LEFT - 10, middle, "end", title);
  append_rectangle (svg, LEFT, y, MAX (get_x (row->value) - LEFT, 1), BAR_HEIGHT, get_colour (row));
  if (!isnan (row->bar))
    append_rectangle (svg, get_x (row->bar) - 1, y - 3, 2, BAR_HEIGHT + 6, "#222222");
  append_text (svg, MAX (get_x (row->value), isnan (row->bar) ? 0 : get_x (row->bar)) + 8, middle, "start",
               value);
}

static guint
count_ratios (const BenchSet *set)
{
  guint n_ratios = 0;

  for (guint i = 0; i < set->rows->len; i++)
    n_ratios += g_array_index (set->rows, BenchRow, i).rival != NULL;

  return n_ratios;
}

static void
append_head (GString *svg, guint height)
{
  g_string_append_printf (svg,
                          "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%u\" "
                          "viewBox=\"0 0 %d %u\" " FONT " role=\"img\">\n",
                          WIDTH, height, WIDTH, height);
  g_string_append (svg, "  <title>dagsched ÷ its rivals</title>\n");
  append_rectangle (svg, 0, 0, WIDTH, height, "#ffffff");
  append_text (svg, LEFT, 24, "start", "dagsched ÷ its rivals: shorter is better, below 1 dagsched is ahead");
  append_text (svg, LEFT, 42, "start", "Upright marks: the bar to clear. Ratios above 2 are cut off.");
  append_text (svg, get_x (1), TOP - 6, "middle", "1.0");
}

static void
append_machine (GString *svg, double y)
{
  g_auto (GStrv) pairs = bench_machine_describe ();
  g_autoptr (GString) line = g_string_new (NULL);

  for (guint i = 0; pairs[i] != NULL; i += 2)
    g_string_append_printf (line, "%s%s", i > 0 ? " · " : "", pairs[i + 1]);
  append_text (svg, 12, y, "start", line->str);
}

char *
bench_report_to_svg (const BenchSet *set)
{
  GString *svg = g_string_new (NULL);
  guint n_ratios = count_ratios (set);
  double bottom = TOP + n_ratios * ROW_HEIGHT;
  double y = TOP + (ROW_HEIGHT - BAR_HEIGHT) / 2.0;

  append_head (svg, bottom + 34);
  append_rectangle (svg, get_x (1), TOP, 1, n_ratios * ROW_HEIGHT, "#888888");
  for (guint i = 0; i < set->rows->len; i++)
    {
      const BenchRow *row = &g_array_index (set->rows, BenchRow, i);

      if (row->rival == NULL)
        continue;
      append_row (svg, row, y);
      y += ROW_HEIGHT;
    }
  append_machine (svg, bottom + 22);
  g_string_append (svg, "</svg>\n");

  return g_string_free (svg, FALSE);
}
