/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-report.h"

#include <math.h>

#include "bench-machine.h"
#include "bench-text.h"

static void
add_bar (BenchText *text, const BenchRow *row)
{
  g_autofree char *bar = NULL;
  g_autofree char *shown = NULL;

  if (isnan (row->bar))
    {
      bench_text_add_word (text, "");
      bench_text_add_word (text, "");
      return;
    }

  bar = bench_text_format_number (row->bar);
  shown = g_strdup_printf ("%s %s", row->bar_is_least ? "≥" : "≤", bar);
  bench_text_add_word (text, shown);
  bench_text_add_word (text, bench_row_clears_bar (row) ? "cleared" : "missed");
}

static void
add_ratios (const BenchSet *set, BenchText *text)
{
  bench_text_begin_table (text, "measurement", "rival", "ratio", "bar", "", NULL);
  for (guint i = 0; i < set->rows->len; i++)
    {
      const BenchRow *row = &g_array_index (set->rows, BenchRow, i);

      if (row->rival == NULL)
        continue;
      bench_text_add_word (text, row->title);
      bench_text_add_word (text, row->rival);
      bench_text_add_number (text, row->value);
      add_bar (text, row);
    }
  bench_text_end_table (text);
}

static void
add_figures (const BenchSet *set, BenchText *text)
{
  bench_text_begin_table (text, "measurement", "figure", "median", "unit", "bar", "", NULL);
  for (guint i = 0; i < set->rows->len; i++)
    {
      const BenchRow *row = &g_array_index (set->rows, BenchRow, i);

      if (row->rival != NULL)
        continue;
      bench_text_add_word (text, row->title);
      bench_text_add_word (text, row->figure);
      bench_text_add_number (text, row->value);
      bench_text_add_word (text, row->unit);
      add_bar (text, row);
    }
  bench_text_end_table (text);
}

static void
add_machine (BenchText *text)
{
  g_auto (GStrv) pairs = bench_machine_describe ();

  bench_text_begin_table (text, "machine", "", NULL);
  for (guint i = 0; pairs[i] != NULL; i++)
    bench_text_add_word (text, pairs[i]);
  bench_text_end_table (text);
}

char *
bench_report_to_text (const BenchSet *set, gboolean markdown)
{
  BenchText *text = bench_text_new (markdown);

  bench_text_add_title (text, "dagsched ÷ its rivals: below 1, dagsched is ahead");
  add_ratios (set, text);
  add_figures (set, text);
  add_machine (text);
  bench_text_begin_table (text, "not measured", NULL);
  for (guint i = 0; i < set->failures->len; i++)
    bench_text_add_word (text, g_ptr_array_index (set->failures, i));
  bench_text_end_table (text);

  return bench_text_end (text);
}

char *
bench_report_to_json (const BenchSet *set)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_auto (GStrv) pairs = bench_machine_describe ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "benchmark");
  json_builder_add_string_value (builder, "set");
  json_builder_set_member_name (builder, "machine");
  json_builder_begin_object (builder);
  for (guint i = 0; pairs[i] != NULL; i += 2)
    {
      json_builder_set_member_name (builder, pairs[i]);
      json_builder_add_string_value (builder, pairs[i + 1]);
    }
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "results");
  json_builder_begin_array (builder);
  for (guint i = 0; i < set->objects->len; i++)
    json_builder_add_value (builder, json_node_copy (g_ptr_array_index (set->objects, i)));
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, TRUE);
}
