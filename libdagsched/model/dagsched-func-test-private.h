/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-func-test.h"

G_BEGIN_DECLS

/* What carries the test out: the same as its class's run() would call. NULL: it has none, and that says so. */
DagschedTestFunc dagsched_func_test_peek_function (DagschedFuncTest *self, gpointer *user_data);

G_END_DECLS
