/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-strv-private.h"
#include "model/dagsched-test-struct-private.h"

static void
set_string (DagschedTest *self, gsize offset, const char *string, guint prop_id)
{
  char *const *current = G_STRUCT_MEMBER_P (dagsched_test_peek_extra (self), offset);
  char **field;

  if (g_strcmp0 (*current, string) == 0)
    return;

  field = G_STRUCT_MEMBER_P (dagsched_test_ensure_extra (self), offset);
  g_free (*field);
  *field = g_strdup (string);
  dagsched_test_notify (self, prop_id);
}

static void
set_strv (DagschedTest *self, gsize offset, const char *const *strv, guint prop_id)
{
  char **const *current = G_STRUCT_MEMBER_P (dagsched_test_peek_extra (self), offset);
  char ***field, **old;

  if (dagsched_strv_equal ((const char *const *) *current, strv))
    return;

  field = G_STRUCT_MEMBER_P (dagsched_test_ensure_extra (self), offset);
  old = *field;
  *field = dagsched_strv_intern (strv);
  dagsched_strv_release (old);
  dagsched_test_notify (self, prop_id);
}

/**
 * dagsched_test_get_origin:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:origin].
 *
 * Returns: (nullable) (transfer none): the text
 *
 * Since: 1.0
 */
const char *
dagsched_test_get_origin (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  return dagsched_test_peek_extra (self)->origin;
}

/**
 * dagsched_test_set_origin:
 * @self: a test
 * @origin: (nullable): the text, or %NULL
 *
 * Sets [property@Dagsched.Test:origin]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_origin (DagschedTest *self, const char *origin)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  if (g_strcmp0 (dagsched_test_peek_extra (self)->origin, origin) == 0)
    return;

  g_clear_pointer (&dagsched_test_ensure_extra (self)->origin, g_ref_string_release);
  if (origin != NULL)
    dagsched_test_ensure_extra (self)->origin = g_ref_string_new (origin);
  dagsched_test_notify (self, DAGSCHED_TEST_PROP_ORIGIN);
}

/**
 * dagsched_test_get_suites:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:suites].
 *
 * Returns: (array zero-terminated=1) (transfer none): the names, never %NULL
 *
 * Since: 1.0
 */
const char *const *
dagsched_test_get_suites (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  return dagsched_strv_peek (dagsched_test_peek_extra (self)->suites);
}

/**
 * dagsched_test_set_suites:
 * @self: a test
 * @suites: (nullable) (array zero-terminated=1): the names; %NULL for none
 *
 * Sets [property@Dagsched.Test:suites]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_suites (DagschedTest *self, const char *const *suites)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  set_strv (self, G_STRUCT_OFFSET (DagschedTestExtra, suites), suites, DAGSCHED_TEST_PROP_SUITES);
}

/**
 * dagsched_test_get_labels:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:labels].
 *
 * Returns: (array zero-terminated=1) (transfer none): the names, never %NULL
 *
 * Since: 1.0
 */
const char *const *
dagsched_test_get_labels (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  return dagsched_strv_peek (dagsched_test_peek_extra (self)->labels);
}

/**
 * dagsched_test_set_labels:
 * @self: a test
 * @labels: (nullable) (array zero-terminated=1): the names; %NULL for none
 *
 * Sets [property@Dagsched.Test:labels]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_labels (DagschedTest *self, const char *const *labels)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  set_strv (self, G_STRUCT_OFFSET (DagschedTestExtra, labels), labels, DAGSCHED_TEST_PROP_LABELS);
}

/**
 * dagsched_test_get_expected_failure:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:expected-failure].
 *
 * Returns: whether it is so
 *
 * Since: 1.0
 */
gboolean
dagsched_test_get_expected_failure (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), FALSE);

  return dagsched_test_get_private (self)->expected_failure;
}

/**
 * dagsched_test_set_expected_failure:
 * @self: a test
 * @expected_failure: whether it is so
 *
 * Sets [property@Dagsched.Test:expected-failure]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_expected_failure (DagschedTest *self, gboolean expected_failure)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);

  g_return_if_fail (DAGSCHED_IS_TEST (self));

  expected_failure = !!expected_failure;
  if (priv->expected_failure == expected_failure)
    return;

  priv->expected_failure = expected_failure;
  dagsched_test_notify (self, DAGSCHED_TEST_PROP_EXPECTED_FAILURE);
}

/**
 * dagsched_test_get_disabled:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:disabled].
 *
 * Returns: (nullable) (transfer none): the text
 *
 * Since: 1.0
 */
const char *
dagsched_test_get_disabled (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  return dagsched_test_peek_extra (self)->disabled;
}

/**
 * dagsched_test_set_disabled:
 * @self: a test
 * @reason: (nullable): the text, or %NULL
 *
 * Sets [property@Dagsched.Test:disabled]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_disabled (DagschedTest *self, const char *reason)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  set_string (self, G_STRUCT_OFFSET (DagschedTestExtra, disabled), reason, DAGSCHED_TEST_PROP_DISABLED);
}

/**
 * dagsched_test_get_defect:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:defect].
 *
 * Returns: (nullable) (transfer none): the text
 *
 * Since: 1.0
 */
const char *
dagsched_test_get_defect (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  return dagsched_test_peek_extra (self)->defect;
}

/**
 * dagsched_test_set_defect:
 * @self: a test
 * @reason: (nullable): the text, or %NULL
 *
 * Sets [property@Dagsched.Test:defect]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_defect (DagschedTest *self, const char *reason)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  set_string (self, G_STRUCT_OFFSET (DagschedTestExtra, defect), reason, DAGSCHED_TEST_PROP_DEFECT);
}

/**
 * dagsched_test_get_fixture:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:fixture].
 *
 * Returns: whether it is so
 *
 * Since: 1.0
 */
gboolean
dagsched_test_get_fixture (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), FALSE);

  return dagsched_test_get_private (self)->fixture;
}

/**
 * dagsched_test_set_fixture:
 * @self: a test
 * @fixture: whether it is so
 *
 * Sets [property@Dagsched.Test:fixture]. Setting it to %FALSE also takes the test's cleanup away. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_fixture (DagschedTest *self, gboolean fixture)
{
  DagschedTestPrivate *priv = dagsched_test_get_private (self);

  g_return_if_fail (DAGSCHED_IS_TEST (self));

  fixture = !!fixture;
  if (priv->fixture == fixture)
    return;

  priv->fixture = fixture;
  dagsched_test_notify (self, DAGSCHED_TEST_PROP_FIXTURE);
  if (!fixture)
    dagsched_test_set_cleanup (self, NULL);
}

/**
 * dagsched_test_get_cleanup:
 * @self: a test
 *
 * Gets [property@Dagsched.Test:cleanup].
 *
 * Returns: (nullable) (transfer none): the text
 *
 * Since: 1.0
 */
const char *
dagsched_test_get_cleanup (DagschedTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_TEST (self), NULL);

  return dagsched_test_peek_extra (self)->cleanup;
}

/**
 * dagsched_test_set_cleanup:
 * @self: a test
 * @cleanup: (nullable): the name of a test, or %NULL
 *
 * Sets [property@Dagsched.Test:cleanup]. A test that has a cleanup is a fixture. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_test_set_cleanup (DagschedTest *self, const char *cleanup)
{
  g_return_if_fail (DAGSCHED_IS_TEST (self));

  set_string (self, G_STRUCT_OFFSET (DagschedTestExtra, cleanup), cleanup, DAGSCHED_TEST_PROP_CLEANUP);
  if (cleanup != NULL)
    dagsched_test_set_fixture (self, TRUE);
}
