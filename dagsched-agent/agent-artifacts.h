/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "agent-watch.h"

#define AGENT_ARTIFACTS_SPARE ".dagsched-spare-"

/* The directory for artifacts of an attempt. Most stay empty: one that did becomes that of the next
 * attempt, by renaming. (On ext4 that takes 3 µs; making and removing a directory takes 70.) Between attempts
 * it has a name that only this slot uses, in a directory that other runs may use at the same time; in one
 * of this run alone it keeps its last name. */
typedef struct
{
  char *path;  /* of the attempt under way; NULL: none */
  char *spare; /* where the empty one waits; NULL: there is none */
  int fd;      /* the directory itself, whatever its name; -1: none */
  dev_t device;
  ino_t inode;
  bool is_shared;    /* what it lies in */
  AgentWatch *watch; /* not owned */
} AgentArtifacts;

void agent_artifacts_init (AgentArtifacts *self, AgentWatch *watch, bool is_shared);
/* false, with errno: there is none. */
bool agent_artifacts_begin (AgentArtifacts *self, const char *path);
/* Returns whether something is in it: then it stays. */
bool agent_artifacts_end (AgentArtifacts *self);
void agent_artifacts_clear (AgentArtifacts *self);
