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
};

G_DEFINE_FINAL_TYPE (DagschedStats, dagsched_stats, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_WAKEUPS_INJECTED,
  PROP_WAKEUPS_STOLEN,
  PROP_WAKEUPS_ASSIGNED,
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
    case PROP_WAKEUPS_ASSIGNED:
      g_value_set_uint64 (value, counters->n_wakeups_assigned);
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

  object_class->get_property = dagsched_stats_get_property;

  /**
   * DagschedStats:wakeups-injected:
   *
   * How often a worker that was woken found a test in the injection queue.
   *
   * Since: 1.0
   */
  install (object_class, PROP_WAKEUPS_INJECTED, "wakeups-injected");
  /**
   * DagschedStats:wakeups-stolen:
   *
   * How often a worker that was woken stole a test.
   *
   * Since: 1.0
   */
  install (object_class, PROP_WAKEUPS_STOLEN, "wakeups-stolen");
  /**
   * DagschedStats:wakeups-assigned:
   *
   * How often a worker was woken for a test out of the ordered queue.
   *
   * Since: 1.0
   */
  install (object_class, PROP_WAKEUPS_ASSIGNED, "wakeups-assigned");
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
}

DagschedStats *
dagsched_stats_new (const DagschedCounters *counters)
{
  DagschedStats *self = g_object_new (DAGSCHED_TYPE_STATS, NULL);

  self->counters = *counters;
  return self;
}
