/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-run-private.h"

/**
 * DagschedLiveRun:
 *
 * A run that can be observed, as [class@LiveRuns] lists it.
 *
 * Since: 1.0
 */
struct _DagschedLiveRun
{
  GObject parent_instance;

  char *name; /* (nullable) */
  char *path;
  int pid;
  gint64 started_at;
  guint n_tests;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_PATH,
  PROP_PID,
  PROP_STARTED_AT,
  PROP_N_TESTS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DagschedLiveRun, dagsched_live_run, G_TYPE_OBJECT)

DagschedLiveRun *
dagsched_live_run_new (const char *path, const DagschedLiveKnown *known)
{
  DagschedLiveRun *self = g_object_new (DAGSCHED_TYPE_LIVE_RUN, NULL);

  self->name = g_strdup (known->name);
  self->path = g_strdup (path);
  self->pid = known->pid;
  self->started_at = known->started_at;
  self->n_tests = known->n_tests;
  return self;
}

void
dagsched_live_run_set_started_at (DagschedLiveRun *self, gint64 started_at)
{
  if (self->started_at == started_at)
    return;

  self->started_at = started_at;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STARTED_AT]);
}

static void
dagsched_live_run_finalize (GObject *object)
{
  DagschedLiveRun *self = DAGSCHED_LIVE_RUN (object);

  g_free (self->name);
  g_free (self->path);

  G_OBJECT_CLASS (dagsched_live_run_parent_class)->finalize (object);
}

static void
dagsched_live_run_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedLiveRun *self = DAGSCHED_LIVE_RUN (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_PID:
      g_value_set_int (value, self->pid);
      break;
    case PROP_STARTED_AT:
      g_value_set_int64 (value, self->started_at);
      break;
    case PROP_N_TESTS:
      g_value_set_uint (value, self->n_tests);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_live_run_class_init (DagschedLiveRunClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = dagsched_live_run_finalize;
  object_class->get_property = dagsched_live_run_get_property;

  /**
   * DagschedLiveRun:name:
   *
   * The name of the suite.
   *
   * Since: 1.0
   */
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  /**
   * DagschedLiveRun:path:
   *
   * Where it is published: an address for [func@Observer.connect_async].
   *
   * Since: 1.0
   */
  properties[PROP_PATH] = g_param_spec_string ("path", NULL, NULL, NULL, flags);
  /**
   * DagschedLiveRun:pid:
   *
   * The process that carries it out.
   *
   * Since: 1.0
   */
  properties[PROP_PID] = g_param_spec_int ("pid", NULL, NULL, 0, G_MAXINT, 0, flags);
  /**
   * DagschedLiveRun:started-at:
   *
   * When it started: microseconds since 1970, UTC. 0: it has not.
   *
   * Since: 1.0
   */
  properties[PROP_STARTED_AT] = g_param_spec_int64 ("started-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  /**
   * DagschedLiveRun:n-tests:
   *
   * How many tests it has.
   *
   * Since: 1.0
   */
  properties[PROP_N_TESTS] = g_param_spec_uint ("n-tests", NULL, NULL, 0, G_MAXUINT, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_live_run_init (DagschedLiveRun *self)
{
}

/**
 * dagsched_live_run_get_name:
 * @self: a live run
 *
 * Gets the name of the suite.
 *
 * Returns: (transfer none) (nullable): the name, or %NULL if it has none
 *
 * Since: 1.0
 */
const char *
dagsched_live_run_get_name (DagschedLiveRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_LIVE_RUN (self), NULL);

  return self->name;
}

/**
 * dagsched_live_run_get_path:
 * @self: a live run
 *
 * Gets where it is published: an address for [func@Observer.connect_async].
 *
 * Returns: (transfer none) (type filename): the path of its socket
 *
 * Since: 1.0
 */
const char *
dagsched_live_run_get_path (DagschedLiveRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_LIVE_RUN (self), NULL);

  return self->path;
}

/**
 * dagsched_live_run_get_pid:
 * @self: a live run
 *
 * Gets which process carries it out.
 *
 * Returns: its process id
 *
 * Since: 1.0
 */
int
dagsched_live_run_get_pid (DagschedLiveRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_LIVE_RUN (self), 0);

  return self->pid;
}

/**
 * dagsched_live_run_get_started_at:
 * @self: a live run
 *
 * Gets when it started.
 *
 * Returns: microseconds since 1970, UTC; 0 if it has not started
 *
 * Since: 1.0
 */
gint64
dagsched_live_run_get_started_at (DagschedLiveRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_LIVE_RUN (self), 0);

  return self->started_at;
}

/**
 * dagsched_live_run_get_n_tests:
 * @self: a live run
 *
 * Counts its tests.
 *
 * Returns: how many it has
 *
 * Since: 1.0
 */
guint
dagsched_live_run_get_n_tests (DagschedLiveRun *self)
{
  g_return_val_if_fail (DAGSCHED_IS_LIVE_RUN (self), 0);

  return self->n_tests;
}
