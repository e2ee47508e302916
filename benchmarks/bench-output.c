/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bench-output.h"

#include <math.h>

#include "bench-text.h"

/* Says what the measurement was told, and what it found out on the way. */
static void
build_parameters (JsonBuilder *builder,
                  const BenchMeasurement *measurement,
                  const BenchParams *params,
                  const BenchResult *result)
{
  json_builder_begin_object (builder);
  if (measurement->takes & BENCH_PARAM_SHAPE)
    {
      json_builder_set_member_name (builder, "shape");
      json_builder_add_string_value (builder, bench_shape_kind_to_string (params->shape));
    }
  if (measurement->takes & BENCH_PARAM_TESTS)
    {
      json_builder_set_member_name (builder, "tests");
      json_builder_add_int_value (builder, params->tests);
    }
  if (measurement->takes & BENCH_PARAM_WORKERS && params->workers > 0)
    {
      json_builder_set_member_name (builder, "workers");
      json_builder_add_int_value (builder, params->workers);
    }
  if (measurement->takes & BENCH_PARAM_ROUNDS)
    {
      json_builder_set_member_name (builder, "rounds");
      json_builder_add_int_value (builder, params->rounds);
    }
  if (measurement->takes & BENCH_PARAM_SECONDS)
    {
      json_builder_set_member_name (builder, "seconds");
      json_builder_add_double_value (builder, params->seconds);
    }
  if (measurement->takes & BENCH_PARAM_TIMESTAMPS)
    {
      json_builder_set_member_name (builder, "timestamps");
      json_builder_add_boolean_value (builder, params->timestamps);
    }
  if (measurement->takes & BENCH_PARAM_SEED)
    {
      json_builder_set_member_name (builder, "seed");
      json_builder_add_int_value (builder, params->seed);
    }
  for (guint i = 0; i < result->parameters->len; i++)
    {
      const BenchParameter *parameter = &g_array_index (result->parameters, BenchParameter, i);

      json_builder_set_member_name (builder, parameter->name);
      json_builder_add_int_value (builder, parameter->value);
    }
  json_builder_end_object (builder);
}

static void
build_number (JsonBuilder *builder, const char *name, double value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_double_value (builder, value);
}

static void
build_figures (JsonBuilder *builder, const BenchResult *result)
{
  json_builder_begin_object (builder);
  for (guint i = 0; i < result->figures->len; i++)
    {
      const BenchFigure *figure = g_ptr_array_index (result->figures, i);

      json_builder_set_member_name (builder, figure->name);
      json_builder_begin_object (builder);
      build_number (builder, "median", bench_figure_get_median (figure));
      build_number (builder, "min", bench_figure_get_min (figure));
      build_number (builder, "max", bench_figure_get_max (figure));
      json_builder_set_member_name (builder, "unit");
      json_builder_add_string_value (builder, figure->unit);
      json_builder_end_object (builder);
    }
  json_builder_end_object (builder);
}

static void
build_ratios (JsonBuilder *builder, const BenchResult *result)
{
  json_builder_begin_object (builder);
  for (guint i = 0; i < result->comparisons->len; i++)
    {
      const BenchComparison *comparison = &g_array_index (result->comparisons, BenchComparison, i);
      double ratio = bench_result_get_ratio (result, comparison);

      if (!isnan (ratio))
        build_number (builder, comparison->rival, ratio);
    }
  json_builder_end_object (builder);
}

JsonNode *
bench_output_to_json (const BenchMeasurement *measurement,
                      const BenchParams *params,
                      const BenchResult *result)
{
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "benchmark");
  json_builder_add_string_value (builder, result->benchmark);
  json_builder_set_member_name (builder, "parameters");
  build_parameters (builder, measurement, params, result);
  json_builder_set_member_name (builder, "figures");
  build_figures (builder, result);
  json_builder_set_member_name (builder, "ratios");
  build_ratios (builder, result);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

static void
append_figures (const BenchResult *result, BenchText *text)
{
  bench_text_begin_table (text, "figure", "median", "min", "max", "unit", NULL);
  for (guint i = 0; i < result->figures->len; i++)
    {
      const BenchFigure *figure = g_ptr_array_index (result->figures, i);

      bench_text_add_word (text, figure->name);
      bench_text_add_number (text, bench_figure_get_median (figure));
      bench_text_add_number (text, bench_figure_get_min (figure));
      bench_text_add_number (text, bench_figure_get_max (figure));
      bench_text_add_word (text, figure->unit);
    }
  bench_text_end_table (text);
}

static void
append_ratios (const BenchResult *result, BenchText *text)
{
  bench_text_begin_table (text, "rival", "ratio", "of minima", "of", "to", NULL);
  for (guint i = 0; i < result->comparisons->len; i++)
    {
      const BenchComparison *comparison = &g_array_index (result->comparisons, BenchComparison, i);
      double ratio = bench_result_get_ratio (result, comparison);

      if (isnan (ratio))
        continue;
      bench_text_add_word (text, comparison->rival);
      bench_text_add_number (text, ratio);
      bench_text_add_number (text, bench_result_get_least_ratio (result, comparison));
      bench_text_add_word (text, comparison->ours);
      bench_text_add_word (text, comparison->theirs);
    }
  bench_text_end_table (text);
}

/* "throughput (shape layered, tests 1000000, …)": out of the JSON, so that there is one list of them. */
static char *
describe (JsonObject *object)
{
  JsonObject *parameters = json_object_get_object_member (object, "parameters");
  g_autoptr (GList) names = json_object_get_members (parameters);
  g_autoptr (GString) text = g_string_new (json_object_get_string_member (object, "benchmark"));
  const char *separator = " (";

  for (GList *name = names; name != NULL; name = name->next)
    {
      g_autofree char *value = json_to_string (json_object_get_member (parameters, name->data), FALSE);
      g_auto (GStrv) unquoted = g_strsplit (value, "\"", -1);
      g_autofree char *shown = g_strjoinv ("", unquoted);

      g_string_append_printf (text, "%s%s %s", separator, (char *) name->data, shown);
      separator = ", ";
    }
  if (names != NULL)
    g_string_append_c (text, ')');

  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
bench_output_format (BenchFormat format,
                     const BenchMeasurement *measurement,
                     const BenchParams *params,
                     const BenchResult *result)
{
  g_autoptr (JsonNode) json = bench_output_to_json (measurement, params, result);
  g_autoptr (BenchText) text = NULL;
  g_autofree char *title = NULL;

  if (format == BENCH_FORMAT_JSON)
    return json_to_string (json, TRUE);

  text = bench_text_new (format == BENCH_FORMAT_MARKDOWN);
  title = describe (json_node_get_object (json));
  bench_text_add_title (text, title);
  append_figures (result, text);
  append_ratios (result, text);

  return bench_text_end (g_steal_pointer (&text));
}
