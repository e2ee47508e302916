/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Where the core file of a process that crashed is. */

typedef struct
{
  pid_t pid;
  int signum;
  bool has_dumped;     /* the kernel says so */
  int64_t lifetime_ns; /* since it was started */
  char
    way[640]; /* set by agent_core_find(). Not the last, so that the compiler knows its size and checks it */
  const char *workdir; /* "": ours */
} AgentCrash;

/* A signal by which a program that is broken ends. */
bool agent_core_is_crash (int signum);

/* The path, to be freed, where it is a file that is there. Else NULL, and in its way how to get at it. */
char *agent_core_find (AgentCrash *crash);
