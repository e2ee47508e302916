/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "model/dagsched-test.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_COMMAND_TEST (dagsched_command_test_get_type ())

DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedCommandTest, dagsched_command_test, DAGSCHED, COMMAND_TEST, DagschedTest)

DAGSCHED_AVAILABLE_IN_1_0
DagschedCommandTest *dagsched_command_test_new (const char *name, const char *const *argv);

DAGSCHED_AVAILABLE_IN_1_0
const char *const *dagsched_command_test_get_argv (DagschedCommandTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_command_test_set_argv (DagschedCommandTest *self, const char *const *argv);
DAGSCHED_AVAILABLE_IN_1_0
const char *const *dagsched_command_test_get_env (DagschedCommandTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_command_test_set_env (DagschedCommandTest *self, const char *const *env);
DAGSCHED_AVAILABLE_IN_1_0
const char *const *dagsched_command_test_get_unset_env (DagschedCommandTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_command_test_set_unset_env (DagschedCommandTest *self, const char *const *names);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_command_test_get_workdir (DagschedCommandTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_command_test_set_workdir (DagschedCommandTest *self, const char *workdir);
DAGSCHED_AVAILABLE_IN_1_0
DagschedProtocol dagsched_command_test_get_protocol (DagschedCommandTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_command_test_set_protocol (DagschedCommandTest *self, DagschedProtocol protocol);
DAGSCHED_AVAILABLE_IN_1_0
int dagsched_command_test_get_skip_code (DagschedCommandTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_command_test_set_skip_code (DagschedCommandTest *self, int skip_code);
DAGSCHED_AVAILABLE_IN_1_0
int dagsched_command_test_get_stop_signal (DagschedCommandTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_command_test_set_stop_signal (DagschedCommandTest *self, int signum);
DAGSCHED_AVAILABLE_IN_1_0
guint64 dagsched_command_test_get_output_limit (DagschedCommandTest *self);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_command_test_set_output_limit (DagschedCommandTest *self, guint64 n_bytes);
DAGSCHED_AVAILABLE_IN_1_0
guint64 dagsched_command_test_get_limit (DagschedCommandTest *self, DagschedLimit limit);
DAGSCHED_AVAILABLE_IN_1_0
void dagsched_command_test_set_limit (DagschedCommandTest *self, DagschedLimit limit, guint64 value);

G_END_DECLS
