/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-test-struct-private.h"

#include <math.h>

static void
set_seconds (DagschedTest *self, gsize offset, double seconds, guint prop_id)
{
  const double *current = G_STRUCT_MEMBER_P (dagsched_test_peek_extra (self), offset);

  g_return_if_fail (seconds >= 0 && isfinite (seconds));

  if (*current == seconds)
    return;

  *(double *) G_STRUCT_MEMBER_P (dagsched_test_ensure_extra (self), offset) = seconds;
  dagsched_test_notify (self, prop_id);
}

/**
 * dagsched_test_get_timeout:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:timeout].
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_test_get_timeout (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_peek_extra (self)->timeout;
}

/**
 * dagsched_test_set_timeout:
 * @self: a test
 * @seconds: seconds, finite, at least 0
 *
 * Sets [property@Dagsched.Test:timeout]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_timeout (DagschedTest *self, double seconds)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  set_seconds (self, G_STRUCT_OFFSET (DagschedTestExtra, timeout), seconds, DAGSCHED_TEST_PROP_TIMEOUT);
}

/**
 * dagsched_test_get_grace:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:grace].
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_test_get_grace (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_peek_extra (self)->grace;
}

/**
 * dagsched_test_set_grace:
 * @self: a test
 * @seconds: seconds, finite, at least 0
 *
 * Sets [property@Dagsched.Test:grace]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_grace (DagschedTest *self, double seconds)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  set_seconds (self, G_STRUCT_OFFSET (DagschedTestExtra, grace), seconds, DAGSCHED_TEST_PROP_GRACE);
}

/**
 * dagsched_test_get_slow_after:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:slow-after].
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_test_get_slow_after (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_peek_extra (self)->slow_after;
}

/**
 * dagsched_test_set_slow_after:
 * @self: a test
 * @seconds: seconds, finite, at least 0
 *
 * Sets [property@Dagsched.Test:slow-after]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_slow_after (DagschedTest *self, double seconds)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  set_seconds (self, G_STRUCT_OFFSET (DagschedTestExtra, slow_after), seconds, DAGSCHED_TEST_PROP_SLOW_AFTER);
}

/**
 * dagsched_test_get_retries:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:retries].
 *
 * Returns: the value
 *
 * Since: 1.0
 */
int
dagsched_test_get_retries (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_peek_extra (self)->retries;
}

/**
 * dagsched_test_set_retries:
 * @self: a test
 * @retries: how often, or -1
 *
 * Sets [property@Dagsched.Test:retries]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_retries (DagschedTest *self, int retries)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));
  g_return_if_fail (retries >= -1);

  if (dagsched_test_peek_extra (self)->retries == retries)
    return;

  dagsched_test_ensure_extra (self)->retries = retries;
  dagsched_test_notify (self, DAGSCHED_TEST_PROP_RETRIES);
}

/**
 * dagsched_test_get_retry_delay:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:retry-delay].
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_test_get_retry_delay (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_peek_extra (self)->retry_delay;
}

/**
 * dagsched_test_set_retry_delay:
 * @self: a test
 * @seconds: seconds, finite, at least 0
 *
 * Sets [property@Dagsched.Test:retry-delay]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_retry_delay (DagschedTest *self, double seconds)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  set_seconds (self, G_STRUCT_OFFSET (DagschedTestExtra, retry_delay), seconds,
               DAGSCHED_TEST_PROP_RETRY_DELAY);
}

/**
 * dagsched_test_get_weight:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:weight].
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_test_get_weight (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_peek_extra (self)->weight;
}

/**
 * dagsched_test_set_weight:
 * @self: a test
 * @seconds: seconds, finite, at least 0
 *
 * Sets [property@Dagsched.Test:weight]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_weight (DagschedTest *self, double seconds)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  set_seconds (self, G_STRUCT_OFFSET (DagschedTestExtra, weight), seconds, DAGSCHED_TEST_PROP_WEIGHT);
}

/**
 * dagsched_test_get_expected_duration:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:expected-duration].
 *
 * Returns: seconds
 *
 * Since: 1.0
 */
double
dagsched_test_get_expected_duration (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), 0);

  return dagsched_test_get_private (self)->expected_duration;
}

/**
 * dagsched_test_set_expected_duration:
 * @self: a test
 * @seconds: seconds, finite, at least 0
 *
 * Sets [property@Dagsched.Test:expected-duration]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_expected_duration (DagschedTest *self, double seconds)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);

  g_return_if_fail (DAGSCHED_IS_TEST (self));
  g_return_if_fail (seconds >= 0 && isfinite (seconds));

  if (priv->expected_duration == seconds)
    return;

  priv->expected_duration = seconds;
  dagsched_test_notify (self, DAGSCHED_TEST_PROP_EXPECTED_DURATION);
}
