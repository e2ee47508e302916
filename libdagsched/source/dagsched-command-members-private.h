/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/dagsched-members-private.h"

G_BEGIN_DECLS

/* The members that only tests have which a command carries out. */

#define DECLARE(member)                                                                                      \
  void dagsched_command_members_apply_##member (const DagschedMembersContext *context, JsonNode *node,       \
                                                const DagschedPlace *place, DagschedTest *test)

DECLARE (command);
DECLARE (env);
DECLARE (unset_env);
DECLARE (workdir);
DECLARE (protocol);
DECLARE (stop_signal);
DECLARE (output_limit);
DECLARE (cpu_limit);
DECLARE (memory_limit);
DECLARE (open_files_limit);
DECLARE (process_limit);
DECLARE (skip_code);

#undef DECLARE

G_END_DECLS
