/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-enum-types.h"
#include "model/dagsched-test-struct-private.h"

/* Written once, when the class is initialised. */
GParamSpec *dagsched_test_properties[DAGSCHED_TEST_N_PROPS];

static void
get_run_property (DagschedTest *self, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case DAGSCHED_TEST_PROP_STATE:
      g_value_set_enum (value, dagsched_test_get_state (self));
      break;
    case DAGSCHED_TEST_PROP_OUTCOME:
      g_value_set_enum (value, dagsched_test_get_outcome (self));
      break;
    case DAGSCHED_TEST_PROP_FLAGS:
      g_value_set_flags (value, dagsched_test_get_flags (self));
      break;
    case DAGSCHED_TEST_PROP_REASON:
      g_value_set_string (value, dagsched_test_get_reason (self));
      break;
    case DAGSCHED_TEST_PROP_N_ATTEMPTS:
      g_value_set_uint (value, dagsched_test_get_n_attempts (self));
      break;
    case DAGSCHED_TEST_PROP_DURATION:
      g_value_set_double (value, dagsched_test_get_duration (self));
      break;
    case DAGSCHED_TEST_PROP_BLOCKED_BY:
      g_value_set_object (value, dagsched_test_get_blocked_by (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (self, prop_id, pspec);
    }
}

static void
get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedTest *self = DAGSCHED_TEST (object);

  switch (prop_id)
    {
    case DAGSCHED_TEST_PROP_NAME:
      g_value_set_string (value, dagsched_test_get_name (self));
      break;
    case DAGSCHED_TEST_PROP_REPETITION:
      g_value_set_uint (value, dagsched_test_get_repetition (self));
      break;
    case DAGSCHED_TEST_PROP_ORIGIN:
      g_value_set_string (value, dagsched_test_get_origin (self));
      break;
    case DAGSCHED_TEST_PROP_SUITES:
      g_value_set_boxed (value, dagsched_test_get_suites (self));
      break;
    case DAGSCHED_TEST_PROP_LABELS:
      g_value_set_boxed (value, dagsched_test_get_labels (self));
      break;
    case DAGSCHED_TEST_PROP_PRIORITY:
      g_value_set_int (value, dagsched_test_get_priority (self));
      break;
    case DAGSCHED_TEST_PROP_TIMEOUT:
      g_value_set_double (value, dagsched_test_get_timeout (self));
      break;
    case DAGSCHED_TEST_PROP_GRACE:
      g_value_set_double (value, dagsched_test_get_grace (self));
      break;
    case DAGSCHED_TEST_PROP_SLOW_AFTER:
      g_value_set_double (value, dagsched_test_get_slow_after (self));
      break;
    case DAGSCHED_TEST_PROP_RETRIES:
      g_value_set_int (value, dagsched_test_get_retries (self));
      break;
    case DAGSCHED_TEST_PROP_RETRY_DELAY:
      g_value_set_double (value, dagsched_test_get_retry_delay (self));
      break;
    case DAGSCHED_TEST_PROP_SLOTS:
      g_value_set_uint (value, dagsched_test_get_slots (self));
      break;
    case DAGSCHED_TEST_PROP_EXCLUSIVE:
      g_value_set_boolean (value, dagsched_test_get_exclusive (self));
      break;
    case DAGSCHED_TEST_PROP_EXPECTED_FAILURE:
      g_value_set_boolean (value, dagsched_test_get_expected_failure (self));
      break;
    case DAGSCHED_TEST_PROP_DISABLED:
      g_value_set_string (value, dagsched_test_get_disabled (self));
      break;
    case DAGSCHED_TEST_PROP_DEFECT:
      g_value_set_string (value, dagsched_test_get_defect (self));
      break;
    case DAGSCHED_TEST_PROP_WEIGHT:
      g_value_set_double (value, dagsched_test_get_weight (self));
      break;
    case DAGSCHED_TEST_PROP_EXPECTED_DURATION:
      g_value_set_double (value, dagsched_test_get_expected_duration (self));
      break;
    case DAGSCHED_TEST_PROP_FIXTURE:
      g_value_set_boolean (value, dagsched_test_get_fixture (self));
      break;
    case DAGSCHED_TEST_PROP_CLEANUP:
      g_value_set_string (value, dagsched_test_get_cleanup (self));
      break;
    default:
      get_run_property (self, prop_id, value, pspec);
    }
}

static void
set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DagschedTest *self = DAGSCHED_TEST (object);
  DagschedTestPrivate *priv = dagsched_test_get_private (self);

  switch (prop_id)
    {
    case DAGSCHED_TEST_PROP_NAME:
      priv->name = g_strdup (g_value_get_string (value) != NULL ? g_value_get_string (value) : "");
      break;
    case DAGSCHED_TEST_PROP_REPETITION:
      priv->repetition = g_value_get_uint (value);
      break;
    case DAGSCHED_TEST_PROP_ORIGIN:
      dagsched_test_set_origin (self, g_value_get_string (value));
      break;
    case DAGSCHED_TEST_PROP_SUITES:
      dagsched_test_set_suites (self, g_value_get_boxed (value));
      break;
    case DAGSCHED_TEST_PROP_LABELS:
      dagsched_test_set_labels (self, g_value_get_boxed (value));
      break;
    case DAGSCHED_TEST_PROP_PRIORITY:
      dagsched_test_set_priority (self, g_value_get_int (value));
      break;
    case DAGSCHED_TEST_PROP_TIMEOUT:
      dagsched_test_set_timeout (self, g_value_get_double (value));
      break;
    case DAGSCHED_TEST_PROP_GRACE:
      dagsched_test_set_grace (self, g_value_get_double (value));
      break;
    case DAGSCHED_TEST_PROP_SLOW_AFTER:
      dagsched_test_set_slow_after (self, g_value_get_double (value));
      break;
    case DAGSCHED_TEST_PROP_RETRIES:
      dagsched_test_set_retries (self, g_value_get_int (value));
      break;
    case DAGSCHED_TEST_PROP_RETRY_DELAY:
      dagsched_test_set_retry_delay (self, g_value_get_double (value));
      break;
    case DAGSCHED_TEST_PROP_SLOTS:
      dagsched_test_set_slots (self, g_value_get_uint (value));
      break;
    case DAGSCHED_TEST_PROP_EXCLUSIVE:
      dagsched_test_set_exclusive (self, g_value_get_boolean (value));
      break;
    case DAGSCHED_TEST_PROP_EXPECTED_FAILURE:
      dagsched_test_set_expected_failure (self, g_value_get_boolean (value));
      break;
    case DAGSCHED_TEST_PROP_DISABLED:
      dagsched_test_set_disabled (self, g_value_get_string (value));
      break;
    case DAGSCHED_TEST_PROP_DEFECT:
      dagsched_test_set_defect (self, g_value_get_string (value));
      break;
    case DAGSCHED_TEST_PROP_WEIGHT:
      dagsched_test_set_weight (self, g_value_get_double (value));
      break;
    case DAGSCHED_TEST_PROP_EXPECTED_DURATION:
      dagsched_test_set_expected_duration (self, g_value_get_double (value));
      break;
    case DAGSCHED_TEST_PROP_FIXTURE:
      dagsched_test_set_fixture (self, g_value_get_boolean (value));
      break;
    case DAGSCHED_TEST_PROP_CLEANUP:
      dagsched_test_set_cleanup (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_setting_properties (GParamSpec **properties)
{
  const GParamFlags construct = G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * DagschedTest:name:
   *
   * The name of the test, unlike that of any other test of its graph.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "", construct);

  /**
   * DagschedTest:repetition:
   *
   * In a run that repeats its tests: which repetition this is, 1 being the first. Else 0.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_REPETITION] =
    g_param_spec_uint ("repetition", NULL, NULL, 0, G_MAXUINT, 0, construct);

  /**
   * DagschedTest:origin:
   *
   * Where the test was declared, for messages: `suite.json: tests[3]`. %NULL: nowhere that a person could look.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_ORIGIN] = g_param_spec_string ("origin", NULL, NULL, NULL, flags);

  /**
   * DagschedTest:suites:
   *
   * The suites that the test belongs to. Sources that know projects spell them `project:suite`.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_SUITES] = g_param_spec_boxed ("suites", NULL, NULL, G_TYPE_STRV, flags);

  /**
   * DagschedTest:labels:
   *
   * Words that say something of the test. They are shown and reported; nothing else depends on them.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_LABELS] = g_param_spec_boxed ("labels", NULL, NULL, G_TYPE_STRV, flags);

  /**
   * DagschedTest:priority:
   *
   * Of several ready tests, those of the highest priority start first.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_PRIORITY] =
    g_param_spec_int ("priority", NULL, NULL, G_MININT, G_MAXINT, 0, flags);

  /**
   * DagschedTest:timeout:
   *
   * How long one attempt may take, in seconds. 0: as long as it likes.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_TIMEOUT] =
    g_param_spec_double ("timeout", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);

  /**
   * DagschedTest:grace:
   *
   * How long an attempt that overran its time-out has to end by itself, in seconds, before it is ended by force.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_GRACE] = g_param_spec_double ("grace", NULL, NULL, 0, G_MAXDOUBLE, 5, flags);

  /**
   * DagschedTest:slow-after:
   *
   * After how many seconds a running attempt is said to be slow. 0: never.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_SLOW_AFTER] =
    g_param_spec_double ("slow-after", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);

  /**
   * DagschedTest:retries:
   *
   * How often the test is tried again after it failed. -1: as the run says.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_RETRIES] = g_param_spec_int ("retries", NULL, NULL, -1, G_MAXINT, -1, flags);

  /**
   * DagschedTest:retry-delay:
   *
   * How long to wait before the first retry, in seconds. Each further wait is twice as long, up to a minute. The waiting test holds nothing.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_RETRY_DELAY] =
    g_param_spec_double ("retry-delay", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);

  /**
   * DagschedTest:slots:
   *
   * How many of the run's lanes the test takes. %DAGSCHED_ALL, or more than there are: all of them.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_SLOTS] = g_param_spec_uint ("slots", NULL, NULL, 1, G_MAXUINT, 1, flags);

  /**
   * DagschedTest:exclusive:
   *
   * Whether the test runs alone: nothing runs beside it.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_EXCLUSIVE] = g_param_spec_boolean ("exclusive", NULL, NULL, FALSE, flags);

  /**
   * DagschedTest:expected-failure:
   *
   * Whether the test is expected to fail. If it does, that is a success; if it passes, a failure.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_EXPECTED_FAILURE] =
    g_param_spec_boolean ("expected-failure", NULL, NULL, FALSE, flags);

  /**
   * DagschedTest:disabled:
   *
   * Why the test is not to run. It is %DAGSCHED_OUTCOME_SKIPPED with this reason. %NULL: it runs.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_DISABLED] = g_param_spec_string ("disabled", NULL, NULL, NULL, flags);

  /**
   * DagschedTest:defect:
   *
   * Why the test can't run, such as `not built`. It is %DAGSCHED_OUTCOME_ERRORED with this reason. %NULL: it can run.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_DEFECT] = g_param_spec_string ("defect", NULL, NULL, NULL, flags);

  /**
   * DagschedTest:weight:
   *
   * How long the test takes as its source says, in seconds. 0: the source does not say.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_WEIGHT] =
    g_param_spec_double ("weight", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);

  /**
   * DagschedTest:expected-duration:
   *
   * How long the test took in former runs, in seconds. 0: not known.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_EXPECTED_DURATION] =
    g_param_spec_double ("expected-duration", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);

  /**
   * DagschedTest:fixture:
   *
   * Whether the test sets up something that its dependents use. What it leaves running is ended when its cleanup, or without one its last user, has ended.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_FIXTURE] = g_param_spec_boolean ("fixture", NULL, NULL, FALSE, flags);

  /**
   * DagschedTest:cleanup:
   *
   * The name of the test that takes down what this one sets up. It waits for all users of the fixture, whatever becomes of them. %NULL: there is none.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_CLEANUP] = g_param_spec_string ("cleanup", NULL, NULL, NULL, flags);
}

static void
install_run_properties (GParamSpec **properties)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  /**
   * DagschedTest:state:
   *
   * How far the test is.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_STATE] =
    g_param_spec_enum ("state", NULL, NULL, DAGSCHED_TYPE_STATE, DAGSCHED_STATE_PENDING, flags);

  /**
   * DagschedTest:outcome:
   *
   * How the test ended, or %DAGSCHED_OUTCOME_NONE while it has not.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_OUTCOME] =
    g_param_spec_enum ("outcome", NULL, NULL, DAGSCHED_TYPE_OUTCOME, DAGSCHED_OUTCOME_NONE, flags);

  /**
   * DagschedTest:flags:
   *
   * What there is to say beside the outcome.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_FLAGS] =
    g_param_spec_flags ("flags", NULL, NULL, DAGSCHED_TYPE_FLAGS, DAGSCHED_FLAGS_NONE, flags);

  /**
   * DagschedTest:reason:
   *
   * One line that says why the outcome is no plain success, or %NULL.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_REASON] = g_param_spec_string ("reason", NULL, NULL, NULL, flags);

  /**
   * DagschedTest:n-attempts:
   *
   * How many attempts were started.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_N_ATTEMPTS] =
    g_param_spec_uint ("n-attempts", NULL, NULL, 0, G_MAXUINT, 0, flags);

  /**
   * DagschedTest:duration:
   *
   * How long the last attempt took, in seconds.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_DURATION] =
    g_param_spec_double ("duration", NULL, NULL, 0, G_MAXDOUBLE, 0, flags);

  /**
   * DagschedTest:blocked-by:
   *
   * The dependency whose condition did not hold, if that is why the test did not run. Following it leads to the root cause.
   *
   * Since: 1.0
   */
  properties[DAGSCHED_TEST_PROP_BLOCKED_BY] =
    g_param_spec_object ("blocked-by", NULL, NULL, DAGSCHED_TYPE_TEST, flags);
}

void
dagsched_test_install_properties (GObjectClass *object_class)
{
  object_class->get_property = get_property;
  object_class->set_property = set_property;

  install_setting_properties (dagsched_test_properties);
  install_run_properties (dagsched_test_properties);
  g_object_class_install_properties (object_class, DAGSCHED_TEST_N_PROPS, dagsched_test_properties);
}

void
dagsched_test_notify (DagschedTest *self, guint prop_id)
{
  g_object_notify_by_pspec ((GObject *) self, dagsched_test_properties[prop_id]);
}
