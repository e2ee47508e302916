/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "summary/dagsched-gtk-run-summary.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/dagsched-gtk-run-clock-private.h"
#include "base/dagsched-gtk-span-feed-private.h"
#include "base/dagsched-gtk-text-private.h"
#include "base/dagsched-gtk-throttle-private.h"
#include "summary/dagsched-gtk-look-icon-private.h"
#include "summary/dagsched-gtk-run-figures-private.h"
#include "summary/dagsched-gtk-running-now-private.h"
#include "summary/dagsched-gtk-segment-bar-private.h"
#include "summary/dagsched-gtk-summary-words-private.h"
#include "base/dagsched-gtk-wrap-layout-private.h"

/**
 * DagschedGtkRunSummary:
 *
 * Says how far a run is and how it goes: what became of its tests, how long it will still take, what runs,
 * how well the workers are used; and, when it has ended, what it came to. GTK's thread.
 *
 * Since: 1.0
 */
struct _DagschedGtkRunSummary
{
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkWidget *verdict_box;
  GtkWidget *verdict_icon;
  GtkLabel *verdict;
  GtkLabel *problem;
  DagschedGtkSegmentBar *bar;
  GtkWidget *details;
  GtkWidget *chips;
  GtkWidget *chip_of_look[DAGSCHED_GTK_N_LOOKS];
  GtkLabel *count_of_look[DAGSCHED_GTK_N_LOOKS];
  GtkWidget *stats;
  GtkLabel *elapsed, *left, *throughput, *efficiency, *bound;
  DagschedGtkRunningNow *running;

  DagschedRun *run;           /* (nullable) */
  DagschedGtkRunTable *table; /* (nullable): of the run */
  DagschedGtkRunFigures *figures;
  DagschedGtkSpanFeed feed;
  DagschedGtkRunClock *clock;
  DagschedGtkThrottle *throttle;
  double bound_at; /* the run's time when the bound was worked out */
  double bound_is;
};

#define INTERVAL_MS 100
#define CLOCK_SECONDS 1.0
#define BOUND_SECONDS 1.0 /* all of the graph is looked at for it */
#define VERDICT_ICON_SIZE 24
#define CHIP_ICON_SIZE 14

enum
{
  PROP_0,
  PROP_RUN,
  PROP_COMPACT,
  PROP_SHOW_COUNTS,
  N_PROPS
};

enum
{
  LOOK_ACTIVATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DagschedGtkRunSummary, dagsched_gtk_run_summary, GTK_TYPE_WIDGET)

static void
set_text (GtkLabel *label, const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

/* @text: (nullable): nothing is known; @label stands in a box with its title. */
static void
set_figure (GtkLabel *label, const char *text)
{
  if (text != NULL)
    set_text (label, text);
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (label)), text != NULL);
}

static gboolean
is_over (DagschedGtkRunSummary *self)
{
  return dagsched_run_get_verdict (self->run) != DAGSCHED_VERDICT_NONE;
}

static GArray *
list_running (DagschedGtkRunSummary *self)
{
  GListModel *workers = dagsched_run_get_workers (self->run);
  GArray *running = g_array_new (FALSE, FALSE, sizeof (DagschedGtkRunningTest));

  for (guint i = 0; i < g_list_model_get_n_items (workers); i++)
    {
      g_autoptr (DagschedWorker) worker = g_list_model_get_item (workers, i);
      DagschedTest *test = dagsched_worker_get_test (worker);
      DagschedGtkRunningTest item = { .since = dagsched_worker_get_since (worker) };

      if (test == NULL)
        continue;
      item.test = dagsched_run_find_test (self->run, test);
      if (item.test < self->table->n_tests)
        g_array_append_val (running, item);
    }

  return running;
}

static void
update_verdict (DagschedGtkRunSummary *self)
{
  DagschedVerdict verdict = dagsched_run_get_verdict (self->run);
  const char *problem = dagsched_run_get_problem (self->run);
  g_autofree char *text =
    dagsched_gtk_summary_describe_verdict (verdict, self->table->n_with_look, self->table->n_tests);

  set_text (self->verdict, text);
  set_text (self->problem, problem != NULL ? problem : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->problem), problem);
  gtk_widget_set_visible (GTK_WIDGET (self->problem), problem != NULL);
  dagsched_gtk_look_icon_set_look (DAGSCHED_GTK_LOOK_ICON (self->verdict_icon),
                                   dagsched_gtk_summary_get_verdict_look (verdict));
  gtk_widget_set_visible (self->verdict_box, verdict != DAGSCHED_VERDICT_NONE);
}

static void
update_counts (DagschedGtkRunSummary *self)
{
  dagsched_gtk_segment_bar_set_counts (self->bar, self->table->n_with_look);
  for (guint i = 0; i < DAGSCHED_GTK_N_LOOKS; i++)
    {
      g_autofree char *count = dagsched_gtk_text_count (self->table->n_with_look[i]);

      set_text (self->count_of_look[i], count);
      gtk_widget_set_visible (self->chip_of_look[i], self->table->n_with_look[i] > 0);
    }
}

static void
update_times (DagschedGtkRunSummary *self, double elapsed, guint n_workers, GArray *running)
{
  double left = dagsched_gtk_run_figures_get_left (self->figures, elapsed, n_workers,
                                                   (const DagschedGtkRunningTest *) (gpointer) running->data,
                                                   running->len);
  g_autofree char *elapsed_text = NULL;
  g_autofree char *left_text = NULL;

  if (elapsed > 0)
    elapsed_text =
      is_over (self) ? dagsched_gtk_text_duration (elapsed) : dagsched_gtk_summary_describe_clock (elapsed);
  left = dagsched_gtk_run_figures_smooth_left (self->figures, left, elapsed);
  if (!is_over (self) && elapsed > 0 && !isnan (left))
    left_text = dagsched_gtk_summary_describe_clock (ceil (left));
  set_figure (self->elapsed, elapsed_text);
  set_figure (self->left, left_text);
}

static double
get_throughput (DagschedGtkRunSummary *self, double elapsed)
{
  double throughput = dagsched_gtk_run_figures_get_throughput (self->figures, elapsed);
  guint n_finished = dagsched_run_get_n_in_state (self->run, DAGSCHED_STATE_FINISHED);

  if (is_over (self))
    throughput = elapsed > 0 ? n_finished / elapsed : NAN;

  return throughput;
}

static void
update_bound (DagschedGtkRunSummary *self, double elapsed, guint n_workers)
{
  g_autofree char *text = NULL;

  if (is_over (self) || isnan (self->bound_is) || fabs (elapsed - self->bound_at) >= BOUND_SECONDS)
    {
      self->bound_is = dagsched_gtk_run_figures_get_bound (self->figures, n_workers);
      self->bound_at = elapsed;
    }
  if (self->bound_is > 0)
    text = dagsched_gtk_text_duration (self->bound_is);
  set_figure (self->bound, text);
}

static void
update_performance (DagschedGtkRunSummary *self, double elapsed, guint n_workers, GArray *running)
{
  double throughput = get_throughput (self, elapsed);
  double efficiency = dagsched_gtk_run_figures_get_efficiency (
    self->figures, elapsed, n_workers, (const DagschedGtkRunningTest *) (gpointer) running->data,
    running->len);
  g_autofree char *throughput_text =
    isnan (throughput) ? NULL : dagsched_gtk_summary_describe_throughput (throughput);
  g_autofree char *efficiency_text = isnan (efficiency) ? NULL : dagsched_gtk_text_share (efficiency);

  set_figure (self->throughput, throughput_text);
  set_figure (self->efficiency, efficiency_text);
  update_bound (self, elapsed, n_workers);
}

static gboolean
update (gpointer data)
{
  DagschedGtkRunSummary *self = data;
  double elapsed;
  guint n_workers;
  g_autoptr (GArray) running = NULL;

  if (self->table == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return G_SOURCE_REMOVE;

  elapsed = dagsched_run_get_elapsed (self->run);
  n_workers = g_list_model_get_n_items (dagsched_run_get_workers (self->run));
  running = list_running (self);
  update_verdict (self);
  update_counts (self);
  update_times (self, elapsed, n_workers, running);
  update_performance (self, elapsed, n_workers, running);
  gtk_widget_set_visible (self->stats, elapsed > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->running), elapsed > 0 && !is_over (self));
  dagsched_gtk_running_now_set (self->running, self->table, elapsed,
                                (DagschedGtkRunningTest *) (gpointer) running->data, running->len);

  return G_SOURCE_REMOVE;
}

static void
add_attempt (guint number, const DagschedSpan *span, gpointer data)
{
  dagsched_gtk_run_figures_add_attempt (data, number, span->duration);
}

static void
note (DagschedGtkRunSummary *self, guint number)
{
  if (number >= self->table->n_tests)
    return;

  dagsched_gtk_span_feed_read (&self->feed, self->table, number, add_attempt, self->figures);
  if (self->table->looks[number] >= DAGSCHED_GTK_LOOK_PASSED)
    dagsched_gtk_run_figures_finish (self->figures, number);
}

static void
on_changed (DagschedGtkRunSummary *self, GArray *numbers)
{
  for (guint i = 0; i < numbers->len; i++)
    note (self, g_array_index (numbers, guint32, i));
  dagsched_gtk_throttle_poke (self->throttle);
}

static double
get_expected (DagschedGtkRunTable *table, guint number)
{
  double expected = dagsched_test_get_expected_duration (table->tests[number]);

  return expected > 0 ? expected : dagsched_test_get_weight (table->tests[number]);
}

static void
clear_figures (DagschedGtkRunSummary *self)
{
  g_clear_pointer (&self->figures, dagsched_gtk_run_figures_free);
  dagsched_gtk_span_feed_clear (&self->feed);
  self->bound_is = NAN;
}

static void
fill_figures (DagschedGtkRunSummary *self)
{
  DagschedGtkRunTable *table = self->table;
  g_autofree double *expected = g_new (double, table->n_tests);

  clear_figures (self);
  for (guint i = 0; i < table->n_tests; i++)
    expected[i] = get_expected (table, i);
  self->figures = dagsched_gtk_run_figures_new (&(DagschedGtkRunGraph){
    .n_tests = table->n_tests,
    .first_dependency = table->first_dependency,
    .first_dependent = table->first_dependent,
    .dependents = table->dependents,
    .expected = expected,
  });
  dagsched_gtk_span_feed_reset (&self->feed, table);
  for (guint i = 0; i < table->n_tests; i++)
    note (self, i);
}

static void
on_reset (DagschedGtkRunSummary *self)
{
  fill_figures (self);
  dagsched_gtk_throttle_poke (self->throttle);
}

static gboolean
on_clock (gpointer data)
{
  dagsched_gtk_throttle_poke (DAGSCHED_GTK_RUN_SUMMARY (data)->throttle);

  return G_SOURCE_REMOVE;
}

static void
on_run_changed (DagschedGtkRunSummary *self)
{
  dagsched_gtk_throttle_poke (self->throttle);
}

static void
on_chip_clicked (GtkButton *button, DagschedGtkRunSummary *self)
{
  for (guint i = 0; i < DAGSCHED_GTK_N_LOOKS; i++)
    {
      if (self->chip_of_look[i] == GTK_WIDGET (button))
        g_signal_emit (self, signals[LOOK_ACTIVATED], 0, dagsched_gtk_look_get_word (i));
    }
}

static void
add_chip (DagschedGtkRunSummary *self, DagschedGtkLook look)
{
  GtkWidget *button = gtk_button_new (), *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *count = gtk_label_new (NULL), *title = gtk_label_new (dagsched_gtk_look_get_title (look));

  gtk_widget_add_css_class (button, "dagsched-chip");
  gtk_widget_add_css_class (count, "numeric");
  gtk_widget_add_css_class (count, "dagsched-chip-count");
  gtk_box_append (GTK_BOX (box), dagsched_gtk_look_icon_new (look, CHIP_ICON_SIZE));
  gtk_box_append (GTK_BOX (box), count);
  gtk_box_append (GTK_BOX (box), title);
  gtk_button_set_child (GTK_BUTTON (button), box);
  gtk_widget_set_visible (button, FALSE);
  gtk_widget_set_name (button, dagsched_gtk_look_get_word (look));
  g_signal_connect (button, "clicked", G_CALLBACK (on_chip_clicked), self);
  gtk_box_append (GTK_BOX (self->chips), button);
  self->chip_of_look[look] = button;
  self->count_of_look[look] = GTK_LABEL (count);
}

static void
set_table (DagschedGtkRunSummary *self, DagschedGtkRunTable *table)
{
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  if (self->run != NULL)
    g_signal_handlers_disconnect_by_func (self->run, on_run_changed, self);
  clear_figures (self);
  g_clear_object (&self->table);
  self->table = table;
  if (table == NULL)
    return;

  g_signal_connect_object (table, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (table, "reset", G_CALLBACK (on_reset), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (table->run, "notify::verdict", G_CALLBACK (on_run_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (table->run, "notify::problem", G_CALLBACK (on_run_changed), self,
                           G_CONNECT_SWAPPED);
  fill_figures (self);
}

static void
dagsched_gtk_run_summary_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (dagsched_gtk_run_summary_parent_class)->map (widget);
  dagsched_gtk_throttle_flush (DAGSCHED_GTK_RUN_SUMMARY (widget)->throttle);
}

static void
dagsched_gtk_run_summary_dispose (GObject *object)
{
  DagschedGtkRunSummary *self = DAGSCHED_GTK_RUN_SUMMARY (object);

  set_table (self, NULL);
  g_clear_pointer (&self->clock, dagsched_gtk_run_clock_free);
  g_clear_pointer (&self->throttle, dagsched_gtk_throttle_free);
  g_clear_pointer (&self->content, gtk_widget_unparent);
  g_clear_object (&self->run);

  G_OBJECT_CLASS (dagsched_gtk_run_summary_parent_class)->dispose (object);
}

static void
dagsched_gtk_run_summary_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedGtkRunSummary *self = DAGSCHED_GTK_RUN_SUMMARY (object);

  switch (prop_id)
    {
    case PROP_RUN:
      g_value_set_object (value, self->run);
      break;
    case PROP_COMPACT:
      g_value_set_boolean (value, !gtk_widget_get_visible (self->details));
      break;
    case PROP_SHOW_COUNTS:
      g_value_set_boolean (value, gtk_widget_get_visible (self->chips));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_gtk_run_summary_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DagschedGtkRunSummary *self = DAGSCHED_GTK_RUN_SUMMARY (object);

  switch (prop_id)
    {
    case PROP_RUN:
      dagsched_gtk_run_summary_set_run (self, g_value_get_object (value));
      break;
    case PROP_COMPACT:
      gtk_widget_set_visible (self->details, !g_value_get_boolean (value));
      break;
    case PROP_SHOW_COUNTS:
      gtk_widget_set_visible (self->chips, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (DAGSCHED_GTK_TYPE_SEGMENT_BAR);
  g_type_ensure (DAGSCHED_GTK_TYPE_WRAP_LAYOUT);
  g_type_ensure (DAGSCHED_GTK_TYPE_RUNNING_NOW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/dagsched/gtk/summary/dagsched-gtk-run-summary.ui");
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, content);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, verdict_box);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, verdict);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, problem);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, bar);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, details);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, chips);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, stats);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, elapsed);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, left);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, throughput);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, efficiency);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, bound);
  gtk_widget_class_bind_template_child (widget_class, DagschedGtkRunSummary, running);
}

static void
dagsched_gtk_run_summary_class_init (DagschedGtkRunSummaryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = dagsched_gtk_run_summary_dispose;
  object_class->get_property = dagsched_gtk_run_summary_get_property;
  object_class->set_property = dagsched_gtk_run_summary_set_property;
  GTK_WIDGET_CLASS (klass)->map = dagsched_gtk_run_summary_map;

  /**
   * DagschedGtkRunSummary:run:
   *
   * The run that is summed up.
   *
   * Since: 1.0
   */
  properties[PROP_RUN] =
    g_param_spec_object ("run", NULL, NULL, DAGSCHED_TYPE_RUN,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  /**
   * DagschedGtkRunSummary:compact:
   *
   * Whether only the verdict, the progress and what runs now are shown: for narrow windows.
   *
   * Since: 1.0
   */
  properties[PROP_COMPACT] =
    g_param_spec_boolean ("compact", NULL, NULL, FALSE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  /**
   * DagschedGtkRunSummary:show-counts:
   *
   * Whether the counts of each state and outcome are shown: beside a list that shows them they are one too many.
   *
   * Since: 1.0
   */
  properties[PROP_SHOW_COUNTS] =
    g_param_spec_boolean ("show-counts", NULL, NULL, TRUE, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * DagschedGtkRunSummary::look-activated:
   * @self: the summary
   * @word: a state or an outcome, as in filters: `running`, `failed`, `timed-out`
   *
   * The count of a state or an outcome was clicked: whoever has a list of tests may show those.
   *
   * Since: 1.0
   */
  signals[LOOK_ACTIVATED] = g_signal_new ("look-activated", DAGSCHED_GTK_TYPE_RUN_SUMMARY, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  bind_template (GTK_WIDGET_CLASS (klass));
}

static void
dagsched_gtk_run_summary_init (DagschedGtkRunSummary *self)
{
  self->throttle = dagsched_gtk_throttle_new (INTERVAL_MS, update, self);
  self->bound_is = NAN;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->clock = dagsched_gtk_run_clock_new (GTK_WIDGET (self), on_clock);
  dagsched_gtk_run_clock_set_interval (self->clock, CLOCK_SECONDS);
  self->verdict_icon = dagsched_gtk_look_icon_new (DAGSCHED_GTK_LOOK_PASSED, VERDICT_ICON_SIZE);
  gtk_box_prepend (GTK_BOX (self->verdict_box), self->verdict_icon);
  for (guint i = 0; i < DAGSCHED_GTK_N_LOOKS; i++)
    add_chip (self, dagsched_gtk_look_order[i]);
}

/**
 * dagsched_gtk_run_summary_new:
 *
 * Creates a summary without a run.
 *
 * Returns: the summary
 *
 * Since: 1.0
 */
GtkWidget *
dagsched_gtk_run_summary_new (void)
{
  return g_object_new (DAGSCHED_GTK_TYPE_RUN_SUMMARY, NULL);
}

/**
 * dagsched_gtk_run_summary_get_run:
 * @self: a summary
 *
 * Gets the run that is summed up.
 *
 * Returns: (transfer none) (nullable): the run
 *
 * Since: 1.0
 */
DagschedRun *
dagsched_gtk_run_summary_get_run (DagschedGtkRunSummary *self)
{
  g_return_val_if_fail (DAGSCHED_GTK_IS_RUN_SUMMARY (self), NULL);

  return self->run;
}

/**
 * dagsched_gtk_run_summary_set_run:
 * @self: a summary
 * @run: (nullable): a run of GTK's thread
 *
 * Sets the run to sum up; without one nothing is shown.
 *
 * Since: 1.0
 */
void
dagsched_gtk_run_summary_set_run (DagschedGtkRunSummary *self, DagschedRun *run)
{
  g_return_if_fail (DAGSCHED_GTK_IS_RUN_SUMMARY (self));
  g_return_if_fail (run == NULL || DAGSCHED_IS_RUN (run));

  if (self->run == run)
    return;

  set_table (self, run != NULL ? dagsched_gtk_run_table_get (run) : NULL);
  g_set_object (&self->run, run);
  dagsched_gtk_run_clock_set_run (self->clock, run);
  gtk_widget_set_visible (self->content, run != NULL);
  dagsched_gtk_throttle_flush (self->throttle);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUN]);
}
