/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-command-test.h"
#include "model/dagsched-isolation.h"

G_BEGIN_DECLS

/* What carries a test out as a process: itself, if it is a command, or the command that its program offers for its
 * function. NULL: nothing does. Any thread, once the plan is compiled. */
DagschedCommandTest *dagsched_test_peek_command (DagschedTest *self);

G_END_DECLS
