/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/dagsched-stats-private.h"

/**
 * DagschedStats:
 *
 * The engine's counters at one moment of a run. Immutable; may be used from any thread.
 *
 * Since: 1.0
 */

struct _DagschedStats
{
  GObject parent_instance;

  DagschedCounters counters;
  GArray *times; /* of DagschedWorkerTimes, one a worker */
};

G_DEFINE_FINAL_TYPE (DagschedStats, dagsched_stats, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WAKEUPS_INJECTED,
  PROP_WAKEUPS_STOLEN,
  PROP_WAKEUPS_READY,
  PROP_WAKEUPS_RELEASED,
  PROP_WAKEUPS_SPURIOUS,
  PROP_PARKS,
  PROP_STEALS_TRIED,
  PROP_STEALS_WON,
  PROP_TESTS_STOLEN,
  PROP_TESTS_INJECTED,
  PROP_LAPSES,
  N_PROPS,
};

static void
dagsched_stats_finalize (GObject *object)
{
  g_clear_pointer (&DAGSCHED_STATS (object)->times, g_array_unref);

  G_OBJECT_CLASS (dagsched_stats_parent_class)->finalize (object);
}

static void
dagsched_stats_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  const DagschedCounters *counters = &DAGSCHED_STATS (object)->counters;

  switch (prop_id)
    {
    case PROP_WAKEUPS_INJECTED:
      g_value_set_uint64 (value, counters->n_wakeups_injected);
      break;
    case PROP_WAKEUPS_STOLEN:
      g_value_set_uint64 (value, counters->n_wakeups_stolen);
      break;
    case PROP_WAKEUPS_READY:
      g_value_set_uint64 (value, counters->n_wakeups_ready);
      break;
    case PROP_WAKEUPS_RELEASED:
      g_value_set_uint64 (value, counters->n_wakeups_released);
      break;
    case PROP_WAKEUPS_SPURIOUS:
      g_value_set_uint64 (value, counters->n_wakeups_spurious);
      break;
    case PROP_PARKS:
      g_value_set_uint64 (value, counters->n_parks);
      break;
    case PROP_STEALS_TRIED:
      g_value_set_uint64 (value, counters->n_steals_tried);
      break;
    case PROP_STEALS_WON:
      g_value_set_uint64 (value, counters->n_steals_won);
      break;
    case PROP_TESTS_STOLEN:
      g_value_set_uint64 (value, counters->n_tests_stolen);
      break;
    case PROP_TESTS_INJECTED:
      g_value_set_uint64 (value, counters->n_injected);
      break;
    case PROP_LAPSES:
      g_value_set_uint64 (value, counters->n_lapses);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install (GObjectClass *object_class, guint prop_id, const char *name)
{
  g_object_class_install_property (
    object_class, prop_id,
    g_param_spec_uint64 (name, NULL, NULL, 0, G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS));
}

static void
dagsched_stats_class_init (DagschedStatsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_stats_finalize;
  object_class->get_property = dagsched_stats_get_property;

  /**
   * DagschedStats:wakeups-injected:
   *
   * How often a worker that was woken found a test in the injection queue, or one that was ready from the
   * start.
   *
   * Since: 1.0
   */
  install (object_class, PROP_WAKEUPS_INJECTED, "wakeups-injected");
  /**
   * DagschedStats:wakeups-stolen:
   *
   * How often a worker that was woken stole a test: one that another worker had made ready, mostly.
   *
   * Since: 1.0
   */
  install (object_class, PROP_WAKEUPS_STOLEN, "wakeups-stolen");
  /**
   * DagschedStats:wakeups-ready:
   *
   * How often a worker was woken for a test out of the ordered queue that was newly ready: it had waited for
   * a worker at most.
   *
   * Since: 1.0
   */
  install (object_class, PROP_WAKEUPS_READY, "wakeups-ready");
  /**
   * DagschedStats:wakeups-released:
   *
   * How often a worker was woken for a test out of the ordered queue that had been ready before, and could start
   * once a resource was released, or whatever else it requires: a group's turn, several slots.
   *
   * Since: 1.0
   */
  install (object_class, PROP_WAKEUPS_RELEASED, "wakeups-released");
  /**
   * DagschedStats:wakeups-spurious:
   *
   * How often a worker that was woken found nothing.
   *
   * Since: 1.0
   */
  install (object_class, PROP_WAKEUPS_SPURIOUS, "wakeups-spurious");
  /**
   * DagschedStats:parks:
   *
   * How often a worker went to sleep.
   *
   * Since: 1.0
   */
  install (object_class, PROP_PARKS, "parks");
  /**
   * DagschedStats:steals-tried:
   *
   * How often a thief reached into a deque that was not empty.
   *
   * Since: 1.0
   */
  install (object_class, PROP_STEALS_TRIED, "steals-tried");
  /**
   * DagschedStats:steals-won:
   *
   * How often it got something.
   *
   * Since: 1.0
   */
  install (object_class, PROP_STEALS_WON, "steals-won");
  /**
   * DagschedStats:tests-stolen:
   *
   * How many tests thieves moved.
   *
   * Since: 1.0
   */
  install (object_class, PROP_TESTS_STOLEN, "tests-stolen");
  /**
   * DagschedStats:tests-injected:
   *
   * How many tests went through the injection queue.
   *
   * Since: 1.0
   */
  install (object_class, PROP_TESTS_INJECTED, "tests-injected");
  /**
   * DagschedStats:lapses:
   *
   * How many events were lost to observers that were too slow.
   *
   * Since: 1.0
   */
  install (object_class, PROP_LAPSES, "lapses");
}

static void
dagsched_stats_init (DagschedStats *self)
{
  self->times = g_array_new (FALSE, FALSE, sizeof (DagschedWorkerTimes));
}

DagschedStats *
dagsched_stats_new (const DagschedCounters *counters)
{
  DagschedStats *self = g_object_new (DAGSCHED_TYPE_STATS, NULL);

  self->counters = *counters;
  return self;
}

void
dagsched_stats_add_worker (DagschedStats *self, const DagschedWorkerTimes *times)
{
  g_array_append_val (self->times, *times);
}

#define NS_PER_SECOND 1e9

/**
 * dagsched_stats_get_start_latency:
 * @self: stats
 * @percent: 0 to 100
 *
 * Gets how long tests were ready before they ran: the time that @percent of them did not exceed. That
 * includes waiting for a free worker, or for resources.
 *
 * Measured of each attempt with [property@Options:timestamps], else of one test in 64. The result is at
 * most 1/16 too high, and never too low.
 *
 * Returns: seconds; 0 if nothing was measured
 *
 * Since: 1.0
 */
double
dagsched_stats_get_start_latency (DagschedStats *self, double percent)
{
  g_return_val_if_fail (DAGSCHED_IS_STATS (self), 0);
  g_return_val_if_fail (percent >= 0 && percent <= 100, 0);

  return dagsched_histogram_view_get_percentile (&self->counters.start_latency, percent) / NS_PER_SECOND;
}

/**
 * dagsched_stats_get_wake_latency:
 * @self: stats
 * @percent: 0 to 100
 *
 * Gets how long it took workers to be awake once they were woken: the time that @percent of all wake-ups did
 * not exceed. The result is at most 1/16 too high, and never too low.
 *
 * Returns: seconds; 0 if no worker was woken
 *
 * Since: 1.0
 */
double
dagsched_stats_get_wake_latency (DagschedStats *self, double percent)
{
  g_return_val_if_fail (DAGSCHED_IS_STATS (self), 0);
  g_return_val_if_fail (percent >= 0 && percent <= 100, 0);

  return dagsched_histogram_view_get_percentile (&self->counters.wake_latency, percent) / NS_PER_SECOND;
}

static const DagschedWorkerTimes *
peek_times (DagschedStats *self, guint worker)
{
  return &g_array_index (self->times, DagschedWorkerTimes, worker);
}

/**
 * dagsched_stats_get_busy_time:
 * @self: stats
 * @worker: the number of a worker: less than the run has
 *
 * Gets how long a worker was not parked: it ran tests, or looked for some.
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_stats_get_busy_time (DagschedStats *self, guint worker)
{
  g_return_val_if_fail (DAGSCHED_IS_STATS (self), 0);
  g_return_val_if_fail (worker < self->times->len, 0);

  return peek_times (self, worker)->busy_ns / NS_PER_SECOND;
}

/**
 * dagsched_stats_get_parked_time:
 * @self: stats
 * @worker: the number of a worker: less than the run has
 *
 * Gets how long a worker was parked.
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_stats_get_parked_time (DagschedStats *self, guint worker)
{
  g_return_val_if_fail (DAGSCHED_IS_STATS (self), 0);
  g_return_val_if_fail (worker < self->times->len, 0);

  return peek_times (self, worker)->parked_ns / NS_PER_SECOND;
}
