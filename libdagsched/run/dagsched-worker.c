/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "run/dagsched-worker-private.h"

#include "base/dagsched-enum-types.h"

/**
 * DagschedWorker:
 *
 * One lane of concurrency: a thread for functions, a slot of an agent for processes.
 *
 * A worker object shows what the lane does; it changes in the model thread of its run only.
 *
 * Since: 1.0
 */
struct _DagschedWorker
{
  GObject parent_instance;

  guint number;
  DagschedWorkerState state;
  DagschedTest *test;
  double since; /* seconds */
  double utilization;
  double recent_utilization;
};

G_DEFINE_FINAL_TYPE (DagschedWorker, dagsched_worker, G_TYPE_OBJECT)

enum
{
  PROP_0,
  PROP_NUMBER,
  PROP_STATE,
  PROP_TEST,
  PROP_SINCE,
  PROP_UTILIZATION,
  PROP_RECENT_UTILIZATION,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

DagschedWorker *
dagsched_worker_new (guint number)
{
  return g_object_new (DAGSCHED_TYPE_WORKER, "number", number, NULL);
}

void
dagsched_worker_set_state (DagschedWorker *self, DagschedWorkerState state, DagschedTest *test, double now)
{
  g_assert (DAGSCHED_IS_WORKER (self));
  g_assert (test == NULL || state == DAGSCHED_WORKER_STATE_RUNNING);

  g_object_freeze_notify (G_OBJECT (self));
  if ((self->state != state || self->test != test) && self->since != now)
    {
      self->since = now;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SINCE]);
    }
  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
    }
  if (g_set_object (&self->test, test))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEST]);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
set_share (DagschedWorker *self, double *share, double value, guint prop_id)
{
  value = CLAMP (value, 0.0, 1.0);
  if (*share == value)
    return;

  *share = value;
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

void
dagsched_worker_set_utilization (DagschedWorker *self, double recent, double whole)
{
  g_assert (DAGSCHED_IS_WORKER (self));

  g_object_freeze_notify (G_OBJECT (self));
  set_share (self, &self->recent_utilization, recent, PROP_RECENT_UTILIZATION);
  set_share (self, &self->utilization, whole, PROP_UTILIZATION);
  g_object_thaw_notify (G_OBJECT (self));
}

void
dagsched_worker_reset (DagschedWorker *self)
{
  g_object_freeze_notify (G_OBJECT (self));
  dagsched_worker_set_state (self, DAGSCHED_WORKER_STATE_PARKED, NULL, 0.0);
  if (self->since != 0.0)
    {
      self->since = 0.0;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SINCE]);
    }
  dagsched_worker_set_utilization (self, 0.0, 0.0);
  g_object_thaw_notify (G_OBJECT (self));
}

static void
dagsched_worker_dispose (GObject *object)
{
  DagschedWorker *self = DAGSCHED_WORKER (object);

  g_clear_object (&self->test);

  G_OBJECT_CLASS (dagsched_worker_parent_class)->dispose (object);
}

static void
dagsched_worker_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedWorker *self = DAGSCHED_WORKER (object);

  switch (prop_id)
    {
    case PROP_NUMBER:
      g_value_set_uint (value, self->number);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_TEST:
      g_value_set_object (value, self->test);
      break;
    case PROP_SINCE:
      g_value_set_double (value, self->since);
      break;
    case PROP_UTILIZATION:
      g_value_set_double (value, self->utilization);
      break;
    case PROP_RECENT_UTILIZATION:
      g_value_set_double (value, self->recent_utilization);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_worker_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DagschedWorker *self = DAGSCHED_WORKER (object);

  switch (prop_id)
    {
    case PROP_NUMBER:
      self->number = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_worker_class_init (DagschedWorkerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = dagsched_worker_dispose;
  object_class->get_property = dagsched_worker_get_property;
  object_class->set_property = dagsched_worker_set_property;

  /**
   * DagschedWorker:number:
   *
   * Which worker it is: 0, 1, … Tests see it as `$DAGSCHED_WORKER`.
   *
   * Since: 1.0
   */
  properties[PROP_NUMBER] =
    g_param_spec_uint ("number", NULL, NULL, 0, G_MAXUINT, 0,
                       G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  /**
   * DagschedWorker:state:
   *
   * What it does.
   *
   * Since: 1.0
   */
  properties[PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, DAGSCHED_TYPE_WORKER_STATE, DAGSCHED_WORKER_STATE_PARKED, flags);
  /**
   * DagschedWorker:test:
   *
   * The test of which it carries out an attempt.
   *
   * Since: 1.0
   */
  properties[PROP_TEST] = g_param_spec_object ("test", NULL, NULL, DAGSCHED_TYPE_TEST, flags);
  /**
   * DagschedWorker:since:
   *
   * Since when it does what it does: seconds since the start of the run, as far as was told.
   *
   * Since: 1.0
   */
  properties[PROP_SINCE] = g_param_spec_double ("since", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);
  /**
   * DagschedWorker:utilization:
   *
   * The share of the run, 0 to 1, in which it was not parked.
   *
   * Since: 1.0
   */
  properties[PROP_UTILIZATION] = g_param_spec_double ("utilization", NULL, NULL, 0, 1, 0, flags);
  /**
   * DagschedWorker:recent-utilization:
   *
   * The share of the last second, 0 to 1, in which it was not parked.
   *
   * Since: 1.0
   */
  properties[PROP_RECENT_UTILIZATION] =
    g_param_spec_double ("recent-utilization", NULL, NULL, 0, 1, 0, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_worker_init (DagschedWorker *self)
{
  self->state = DAGSCHED_WORKER_STATE_PARKED;
}

/**
 * dagsched_worker_get_number:
 * @self: a worker
 *
 * Gets which worker it is.
 *
 * Returns: its number: 0, 1, …
 *
 * Since: 1.0
 */
guint
dagsched_worker_get_number (DagschedWorker *self)
{
  g_return_val_if_fail (DAGSCHED_IS_WORKER (self), 0);

  return self->number;
}

/**
 * dagsched_worker_get_state:
 * @self: a worker
 *
 * Gets what the worker does. Model thread of its run.
 *
 * Returns: its state
 *
 * Since: 1.0
 */
DagschedWorkerState
dagsched_worker_get_state (DagschedWorker *self)
{
  g_return_val_if_fail (DAGSCHED_IS_WORKER (self), DAGSCHED_WORKER_STATE_PARKED);

  return self->state;
}

/**
 * dagsched_worker_get_test:
 * @self: a worker
 *
 * Gets the test of which the worker carries out an attempt. Model thread of its run.
 *
 * Returns: (transfer none) (nullable): the test, or %NULL if it does not run one
 *
 * Since: 1.0
 */
DagschedTest *
dagsched_worker_get_test (DagschedWorker *self)
{
  g_return_val_if_fail (DAGSCHED_IS_WORKER (self), NULL);

  return self->test;
}

/**
 * dagsched_worker_get_since:
 * @self: a worker
 *
 * Gets since when the worker does what it does. Model thread of its run.
 *
 * Returns: seconds since the start of the run
 *
 * Since: 1.0
 */
double
dagsched_worker_get_since (DagschedWorker *self)
{
  g_return_val_if_fail (DAGSCHED_IS_WORKER (self), 0.0);

  return self->since;
}

/**
 * dagsched_worker_get_recent_utilization:
 * @self: a worker
 *
 * Gets how busy the worker was of late. Model thread of its run.
 *
 * Returns: the share of the last second, 0 to 1, in which it was not parked
 *
 * Since: 1.0
 */
double
dagsched_worker_get_recent_utilization (DagschedWorker *self)
{
  g_return_val_if_fail (DAGSCHED_IS_WORKER (self), 0.0);

  return self->recent_utilization;
}

/**
 * dagsched_worker_get_utilization:
 * @self: a worker
 *
 * Gets how busy the worker was. Model thread of its run.
 *
 * Returns: the share of the run, 0 to 1, in which it was not parked
 *
 * Since: 1.0
 */
double
dagsched_worker_get_utilization (DagschedWorker *self)
{
  g_return_val_if_fail (DAGSCHED_IS_WORKER (self), 0.0);

  return self->utilization;
}
