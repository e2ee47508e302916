/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/dagsched-command-test.h"
#include "model/dagsched-test-private.h"

static void
adopt_timing (DagschedTest *self, DagschedTest *from)
{
  dagsched_test_set_timeout (self, dagsched_test_get_timeout (from));
  dagsched_test_set_grace (self, dagsched_test_get_grace (from));
  dagsched_test_set_slow_after (self, dagsched_test_get_slow_after (from));
  dagsched_test_set_retries (self, dagsched_test_get_retries (from));
  dagsched_test_set_retry_delay (self, dagsched_test_get_retry_delay (from));
  dagsched_test_set_weight (self, dagsched_test_get_weight (from));
  dagsched_test_set_expected_duration (self, dagsched_test_get_expected_duration (from));
}

static void
adopt_admission (DagschedTest *self, DagschedTest *from)
{
  guint n_requirements, n_groups;
  const DagschedRequirement *requirements = dagsched_test_peek_requirements (from, &n_requirements);
  const DagschedGroup *groups = dagsched_test_peek_groups (from, &n_groups);

  dagsched_test_set_slots (self, dagsched_test_get_slots (from));
  dagsched_test_set_exclusive (self, dagsched_test_get_exclusive (from));
  for (guint i = 0; i < n_requirements; i++)
    dagsched_test_set_requirement (self, requirements[i].name, requirements[i].amount);
  for (guint i = 0; i < n_groups; i++)
    dagsched_test_set_group (self, groups[i].name_space, groups[i].group);
}

static void
adopt_command (DagschedCommandTest *self, DagschedCommandTest *from)
{
  dagsched_command_test_set_argv (self, dagsched_command_test_get_argv (from));
  dagsched_command_test_set_env (self, dagsched_command_test_get_env (from));
  dagsched_command_test_set_unset_env (self, dagsched_command_test_get_unset_env (from));
  dagsched_command_test_set_workdir (self, dagsched_command_test_get_workdir (from));
  dagsched_command_test_set_protocol (self, dagsched_command_test_get_protocol (from));
  dagsched_command_test_set_skip_code (self, dagsched_command_test_get_skip_code (from));
  dagsched_command_test_set_stop_signal (self, dagsched_command_test_get_stop_signal (from));
  dagsched_command_test_set_output_limit (self, dagsched_command_test_get_output_limit (from));
  for (guint i = 0; i < DAGSCHED_N_LIMITS; i++)
    dagsched_command_test_set_limit (self, i, dagsched_command_test_get_limit (from, i));
}

void
dagsched_test_adopt_settings (DagschedTest *self, DagschedTest *from)
{
  dagsched_test_set_origin (self, dagsched_test_get_origin (from));
  dagsched_test_set_suites (self, dagsched_test_get_suites (from));
  dagsched_test_set_labels (self, dagsched_test_get_labels (from));
  dagsched_test_set_priority (self, dagsched_test_get_priority (from));
  dagsched_test_set_expected_failure (self, dagsched_test_get_expected_failure (from));
  dagsched_test_set_disabled (self, dagsched_test_get_disabled (from));
  dagsched_test_set_defect (self, dagsched_test_get_defect (from));
  dagsched_test_set_fixture (self, dagsched_test_get_fixture (from));
  dagsched_test_set_cleanup (self, dagsched_test_get_cleanup (from));
  adopt_timing (self, from);
  adopt_admission (self, from);
  if (DAGSCHED_IS_COMMAND_TEST (self) && DAGSCHED_IS_COMMAND_TEST (from))
    adopt_command (DAGSCHED_COMMAND_TEST (self), DAGSCHED_COMMAND_TEST (from));
}
