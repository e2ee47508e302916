/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "executor/dagsched-message-private.h"

/* How a process is started. */
typedef struct
{
  const char *workdir; /* "": where we are */
  const char **argv;
  char **environ;
  int out_fd; /* become its standard output and error */
  int err_fd;
  const uint64_t *limits; /* of each DagschedRunLimit; 0: none */
  bool is_traceable;      /* other children of ours may look into it */
} AgentSpawn;

/* Starts a process in a session of its own, with no signal blocked or ignored. Returns its pid, or -1
 * with what could not be done and errno. */
pid_t agent_spawn (const AgentSpawn *self, DagschedFailure *failure, int *error);
