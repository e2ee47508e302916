/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "model/dagsched-test.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_FUNC_TEST (dagsched_func_test_get_type ())

DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_FINAL_TYPE (DagschedFuncTest, dagsched_func_test, DAGSCHED, FUNC_TEST, DagschedTest)

/**
 * DagschedTestFunc:
 * @test: the test
 * @cancellable: fires when the attempt overruns its time-out or the run is cancelled
 * @user_data: data given with the function
 * @error: return location for why the test failed, errored or was skipped
 *
 * Carries out one attempt of a test. Called on a thread of a worker.
 *
 * Returns: %DAGSCHED_OUTCOME_PASSED, %DAGSCHED_OUTCOME_FAILED, %DAGSCHED_OUTCOME_ERRORED or %DAGSCHED_OUTCOME_SKIPPED
 *
 * Since: 1.0
 */
typedef DagschedOutcome (*DagschedTestFunc) (DagschedFuncTest *test,
                                             GCancellable *cancellable,
                                             gpointer user_data,
                                             GError **error);

DAGSCHED_AVAILABLE_IN_1_0
DagschedFuncTest *
dagsched_func_test_new (const char *name, DagschedTestFunc func, gpointer user_data, GDestroyNotify notify);

G_END_DECLS
