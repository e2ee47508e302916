/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "executor/dagsched-executor-private.h"

G_BEGIN_DECLS

/* Carries out DagschedCommandTests through dagsched-agent on this machine. */

#define DAGSCHED_TYPE_AGENT_EXECUTOR (dagsched_agent_executor_get_type ())

G_DECLARE_FINAL_TYPE (DagschedAgentExecutor, dagsched_agent_executor, DAGSCHED, AGENT_EXECUTOR, GObject)

typedef struct
{
  const char *agent_path;     /* (nullable) NULL: $DAGSCHED_AGENT, else where it was installed */
  const char *const *wrapper; /* (nullable) put before each command */
  const char *artifacts_root; /* (nullable) directory for DAGSCHED_ARTIFACTS; NULL: a temporary one */
  gboolean stack_traces;      /* of what times out or crashes, to its standard error */
  guint64 output_limit;       /* bytes a stream, for tests that don't say */
  guint64 run_output_limit;   /* bytes of all attempts; 0: none */
  const guint64 *limits;      /* (nullable) of each DagschedLimit, likewise; 0: none */
} DagschedAgentParams;

DagschedExecutor *dagsched_agent_executor_new (const DagschedAgentParams *params);

G_END_DECLS
