/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-command-test-private.h"

#include "base/dagsched-enum-types.h"
#include "model/dagsched-strv-private.h"

#include <signal.h>
#include <string.h>

#define DEFAULT_SKIP_CODE 77

/**
 * DagschedCommandTest:
 *
 * A test that a program carries out.
 *
 * Since: 1.0
 */

enum
{
  PROP_0,
  PROP_ARGV,
  PROP_ENV,
  PROP_UNSET_ENV,
  PROP_WORKDIR,
  PROP_PROTOCOL,
  PROP_SKIP_CODE,
  PROP_STOP_SIGNAL,
  PROP_OUTPUT_LIMIT,
  PROP_LIMITS,
  N_PROPS = PROP_LIMITS + DAGSCHED_N_LIMITS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (DagschedCommandTest, dagsched_command_test, DAGSCHED_TYPE_TEST)

static void
set_strv (DagschedCommandTest *self, char ***field, const char *const *strv, guint prop_id)
{
  char **old = *field;

  if (dagsched_strv_equal ((const char *const *) old, strv))
    return;

  *field = dagsched_strv_intern (strv);
  dagsched_strv_release (old);
  g_object_notify_by_pspec (G_OBJECT (self), properties[prop_id]);
}

static DagschedTest *
dagsched_command_test_copy (DagschedTest *test)
{
  DagschedCommandTest *self = DAGSCHED_COMMAND_TEST (test);
  DagschedCommandTest *copy =
    g_object_new (DAGSCHED_TYPE_COMMAND_TEST, "name", dagsched_test_get_name (test), NULL);

  copy->argv = dagsched_strv_intern ((const char *const *) self->argv);
  copy->env = dagsched_strv_intern ((const char *const *) self->env);
  copy->unset_env = dagsched_strv_intern ((const char *const *) self->unset_env);
  copy->workdir = self->workdir != NULL ? g_ref_string_acquire (self->workdir) : NULL;
  copy->output_limit = self->output_limit;
  memcpy (copy->limits, self->limits, sizeof copy->limits);
  copy->protocol = self->protocol;
  copy->skip_code = self->skip_code;
  copy->stop_signal = self->stop_signal;

  return DAGSCHED_TEST (copy);
}

static void
dagsched_command_test_finalize (GObject *object)
{
  DagschedCommandTest *self = DAGSCHED_COMMAND_TEST (object);

  g_clear_pointer (&self->argv, dagsched_strv_release);
  g_clear_pointer (&self->env, dagsched_strv_release);
  g_clear_pointer (&self->unset_env, dagsched_strv_release);
  g_clear_pointer (&self->workdir, g_ref_string_release);

  G_OBJECT_CLASS (dagsched_command_test_parent_class)->finalize (object);
}

static void
dagsched_command_test_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  DagschedCommandTest *self = DAGSCHED_COMMAND_TEST (object);

  switch (prop_id)
    {
    case PROP_ARGV:
      g_value_set_boxed (value, dagsched_command_test_get_argv (self));
      break;
    case PROP_ENV:
      g_value_set_boxed (value, dagsched_command_test_get_env (self));
      break;
    case PROP_UNSET_ENV:
      g_value_set_boxed (value, dagsched_command_test_get_unset_env (self));
      break;
    case PROP_WORKDIR:
      g_value_set_string (value, dagsched_command_test_get_workdir (self));
      break;
    case PROP_PROTOCOL:
      g_value_set_enum (value, dagsched_command_test_get_protocol (self));
      break;
    case PROP_SKIP_CODE:
      g_value_set_int (value, dagsched_command_test_get_skip_code (self));
      break;
    case PROP_STOP_SIGNAL:
      g_value_set_int (value, dagsched_command_test_get_stop_signal (self));
      break;
    case PROP_OUTPUT_LIMIT:
      g_value_set_uint64 (value, dagsched_command_test_get_output_limit (self));
      break;
    case PROP_LIMITS ... N_PROPS - 1:
      g_value_set_uint64 (value, self->limits[prop_id - PROP_LIMITS]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_command_test_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  DagschedCommandTest *self = DAGSCHED_COMMAND_TEST (object);

  switch (prop_id)
    {
    case PROP_ARGV:
      dagsched_command_test_set_argv (self, g_value_get_boxed (value));
      break;
    case PROP_ENV:
      dagsched_command_test_set_env (self, g_value_get_boxed (value));
      break;
    case PROP_UNSET_ENV:
      dagsched_command_test_set_unset_env (self, g_value_get_boxed (value));
      break;
    case PROP_WORKDIR:
      dagsched_command_test_set_workdir (self, g_value_get_string (value));
      break;
    case PROP_PROTOCOL:
      dagsched_command_test_set_protocol (self, g_value_get_enum (value));
      break;
    case PROP_SKIP_CODE:
      dagsched_command_test_set_skip_code (self, g_value_get_int (value));
      break;
    case PROP_STOP_SIGNAL:
      dagsched_command_test_set_stop_signal (self, g_value_get_int (value));
      break;
    case PROP_OUTPUT_LIMIT:
      dagsched_command_test_set_output_limit (self, g_value_get_uint64 (value));
      break;
    case PROP_LIMITS ... N_PROPS - 1:
      dagsched_command_test_set_limit (self, prop_id - PROP_LIMITS, g_value_get_uint64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
dagsched_command_test_class_init (DagschedCommandTestClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = dagsched_command_test_finalize;
  object_class->get_property = dagsched_command_test_get_property;
  object_class->set_property = dagsched_command_test_set_property;
  DAGSCHED_TEST_CLASS (klass)->copy = dagsched_command_test_copy;

  /**
   * DagschedCommandTest:argv:
   *
   * The program and its arguments. A name without a slash is searched for in `PATH`.
   *
   * Since: 1.0
   */
  properties[PROP_ARGV] = g_param_spec_boxed ("argv", NULL, NULL, G_TYPE_STRV, flags);

  /**
   * DagschedCommandTest:env:
   *
   * Variables `NAME=value` that are added to the environment of the test.
   *
   * Since: 1.0
   */
  properties[PROP_ENV] = g_param_spec_boxed ("env", NULL, NULL, G_TYPE_STRV, flags);

  /**
   * DagschedCommandTest:unset-env:
   *
   * Names of variables that are taken out of the environment of the test.
   *
   * Since: 1.0
   */
  properties[PROP_UNSET_ENV] = g_param_spec_boxed ("unset-env", NULL, NULL, G_TYPE_STRV, flags);

  /**
   * DagschedCommandTest:workdir:
   *
   * The directory in which the program starts. %NULL: that of the run.
   *
   * Since: 1.0
   */
  properties[PROP_WORKDIR] = g_param_spec_string ("workdir", NULL, NULL, NULL, flags);

  /**
   * DagschedCommandTest:protocol:
   *
   * How the program says what became of the test.
   *
   * Since: 1.0
   */
  properties[PROP_PROTOCOL] =
    g_param_spec_enum ("protocol", NULL, NULL, DAGSCHED_TYPE_PROTOCOL, DAGSCHED_PROTOCOL_EXITCODE, flags);

  /**
   * DagschedCommandTest:skip-code:
   *
   * The exit status that means that the test skipped itself. -1: none does.
   *
   * Since: 1.0
   */
  properties[PROP_SKIP_CODE] = g_param_spec_int ("skip-code", NULL, NULL, -1, 255, DEFAULT_SKIP_CODE, flags);

  /**
   * DagschedCommandTest:stop-signal:
   *
   * The number of the signal that asks the test to end, when it overruns its time-out or the run is cancelled.
   *
   * Since: 1.0
   */
  properties[PROP_STOP_SIGNAL] = g_param_spec_int ("stop-signal", NULL, NULL, 1, 64, SIGTERM, flags);

  /**
   * DagschedCommandTest:output-limit:
   *
   * How many bytes of standard output, and of standard error, are kept. 0: as the run says.
   *
   * Since: 1.0
   */
  properties[PROP_OUTPUT_LIMIT] = g_param_spec_uint64 ("output-limit", NULL, NULL, 0, G_MAXUINT64, 0, flags);

  dagsched_command_test_create_limits (&properties[PROP_LIMITS]);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
dagsched_command_test_init (DagschedCommandTest *self)
{
  self->skip_code = DEFAULT_SKIP_CODE;
  self->stop_signal = SIGTERM;
}

/**
 * dagsched_command_test_new:
 * @name: the name of the test
 * @argv: (nullable) (array zero-terminated=1) (element-type filename): the program and its arguments
 *
 * Creates a test that a program carries out. One without a program is %DAGSCHED_OUTCOME_ERRORED when
 * it is run.
 *
 * Returns: (transfer full): the test
 *
 * Since: 1.0
 */
DagschedCommandTest *
dagsched_command_test_new (const char *name, const char *const *argv)
{
  DagschedCommandTest *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (DAGSCHED_TYPE_COMMAND_TEST, "name", name, NULL);
  self->argv = dagsched_strv_intern (argv);

  return self;
}

/**
 * dagsched_command_test_get_argv:
 * @self: a command test
 *
 * Gets [property@Dagsched.CommandTest:argv].
 *
 * Returns: (array zero-terminated=1) (element-type filename) (transfer none): the list, never %NULL
 *
 * Since: 1.0
 */
const char *const *
dagsched_command_test_get_argv (DagschedCommandTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_COMMAND_TEST (self), NULL);

  return dagsched_strv_peek (self->argv);
}

/**
 * dagsched_command_test_set_argv:
 * @self: a command test
 * @argv: (nullable) (array zero-terminated=1) (element-type filename): program and arguments
 *
 * Sets [property@Dagsched.CommandTest:argv]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_command_test_set_argv (DagschedCommandTest *self, const char *const *argv)
{
  g_return_if_fail (DAGSCHED_IS_COMMAND_TEST (self));

  set_strv (self, &self->argv, argv, PROP_ARGV);
}

/**
 * dagsched_command_test_get_env:
 * @self: a command test
 *
 * Gets [property@Dagsched.CommandTest:env].
 *
 * Returns: (array zero-terminated=1) (element-type filename) (transfer none): the list, never %NULL
 *
 * Since: 1.0
 */
const char *const *
dagsched_command_test_get_env (DagschedCommandTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_COMMAND_TEST (self), NULL);

  return dagsched_strv_peek (self->env);
}

/**
 * dagsched_command_test_set_env:
 * @self: a command test
 * @env: (nullable) (array zero-terminated=1) (element-type filename): `NAME=value`; %NULL for none
 *
 * Sets [property@Dagsched.CommandTest:env]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_command_test_set_env (DagschedCommandTest *self, const char *const *env)
{
  g_return_if_fail (DAGSCHED_IS_COMMAND_TEST (self));

  set_strv (self, &self->env, env, PROP_ENV);
}

/**
 * dagsched_command_test_get_unset_env:
 * @self: a command test
 *
 * Gets [property@Dagsched.CommandTest:unset-env].
 *
 * Returns: (array zero-terminated=1) (element-type filename) (transfer none): the list, never %NULL
 *
 * Since: 1.0
 */
const char *const *
dagsched_command_test_get_unset_env (DagschedCommandTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_COMMAND_TEST (self), NULL);

  return dagsched_strv_peek (self->unset_env);
}

/**
 * dagsched_command_test_set_unset_env:
 * @self: a command test
 * @names: (nullable) (array zero-terminated=1) (element-type filename): names; %NULL for none
 *
 * Sets [property@Dagsched.CommandTest:unset-env]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_command_test_set_unset_env (DagschedCommandTest *self, const char *const *names)
{
  g_return_if_fail (DAGSCHED_IS_COMMAND_TEST (self));

  set_strv (self, &self->unset_env, names, PROP_UNSET_ENV);
}

/**
 * dagsched_command_test_get_workdir:
 * @self: a command test
 *
 * Gets [property@Dagsched.CommandTest:workdir].
 *
 * Returns: (nullable) (type filename) (transfer none): the directory
 *
 * Since: 1.0
 */
const char *
dagsched_command_test_get_workdir (DagschedCommandTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_COMMAND_TEST (self), NULL);

  return self->workdir;
}

/**
 * dagsched_command_test_set_workdir:
 * @self: a command test
 * @workdir: (nullable) (type filename): a directory, or %NULL
 *
 * Sets [property@Dagsched.CommandTest:workdir]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_command_test_set_workdir (DagschedCommandTest *self, const char *workdir)
{
  g_return_if_fail (DAGSCHED_IS_COMMAND_TEST (self));

  if (g_strcmp0 (self->workdir, workdir) == 0)
    return;

  g_clear_pointer (&self->workdir, g_ref_string_release);
  self->workdir = workdir != NULL ? g_ref_string_new_intern (workdir) : NULL;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORKDIR]);
}

/**
 * dagsched_command_test_get_protocol:
 * @self: a command test
 *
 * Gets [property@Dagsched.CommandTest:protocol].
 *
 * Returns: the protocol
 *
 * Since: 1.0
 */
DagschedProtocol
dagsched_command_test_get_protocol (DagschedCommandTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_COMMAND_TEST (self), DAGSCHED_PROTOCOL_EXITCODE);

  return self->protocol;
}

/**
 * dagsched_command_test_set_protocol:
 * @self: a command test
 * @protocol: a protocol
 *
 * Sets [property@Dagsched.CommandTest:protocol]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_command_test_set_protocol (DagschedCommandTest *self, DagschedProtocol protocol)
{
  g_return_if_fail (DAGSCHED_IS_COMMAND_TEST (self));

  if (self->protocol == protocol)
    return;

  self->protocol = protocol;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROTOCOL]);
}

/**
 * dagsched_command_test_get_skip_code:
 * @self: a command test
 *
 * Gets [property@Dagsched.CommandTest:skip-code].
 *
 * Returns: the number
 *
 * Since: 1.0
 */
int
dagsched_command_test_get_skip_code (DagschedCommandTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_COMMAND_TEST (self), -1);

  return self->skip_code;
}

/**
 * dagsched_command_test_set_skip_code:
 * @self: a command test
 * @skip_code: 0 to 255, or -1
 *
 * Sets [property@Dagsched.CommandTest:skip-code]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_command_test_set_skip_code (DagschedCommandTest *self, int skip_code)
{
  g_return_if_fail (DAGSCHED_IS_COMMAND_TEST (self));
  g_return_if_fail (skip_code >= -1 && skip_code <= 255);

  if (self->skip_code == skip_code)
    return;

  self->skip_code = skip_code;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SKIP_CODE]);
}

/**
 * dagsched_command_test_get_stop_signal:
 * @self: a command test
 *
 * Gets [property@Dagsched.CommandTest:stop-signal].
 *
 * Returns: the number
 *
 * Since: 1.0
 */
int
dagsched_command_test_get_stop_signal (DagschedCommandTest *self)
{
  g_return_val_if_fail (DAGSCHED_IS_COMMAND_TEST (self), -1);

  return self->stop_signal;
}

/**
 * dagsched_command_test_set_stop_signal:
 * @self: a command test
 * @signum: the number of a signal, 1 to 64
 *
 * Sets [property@Dagsched.CommandTest:stop-signal]. Not while the test takes part in a run.
 *
 * Since: 1.0
 */
void
dagsched_command_test_set_stop_signal (DagschedCommandTest *self, int signum)
{
  g_return_if_fail (DAGSCHED_IS_COMMAND_TEST (self));
  g_return_if_fail (signum >= 1 && signum <= 64);

  if (self->stop_signal == signum)
    return;

  self->stop_signal = signum;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STOP_SIGNAL]);
}
