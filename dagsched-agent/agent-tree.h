/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The processes below this one, which is a subreaper: whoever of them loses its parent becomes a child of
 * ours. That is why killing ends: a process that has a SIGKILL pending forks no more, so what a pass over
 * the tree missed was forked by a process that this pass killed, and its death, or that of one
 * above it, is a SIGCHLD to us, after which the next pass finds the missed one. */

typedef struct
{
  size_t n_found;  /* descendants, dying ones included */
  size_t n_denied; /* those that we may not signal (they changed their user) */
  bool incomplete; /* no descriptor or memory to look with: there may be more */
} AgentTreeTally;

typedef struct
{
  pid_t *pids;
  size_t length;
  size_t capacity;
  bool incomplete; /* there may be more */
} AgentPidList;

/* After so long it is looked again where looking failed: nobody tells when that may succeed. */
#define AGENT_TREE_AGAIN_NS (20 * 1000000ll)

void agent_pid_list_clear (AgentPidList *self);

/* All descendants, parents before children. */
void agent_tree_list (AgentPidList *list);

/* How many there are, but it stops counting above @enough. */
size_t agent_tree_count (size_t enough);

/* Kills each descendant, but for the children listed in @spared and what is below those. */
AgentTreeTally agent_tree_kill (const pid_t *spared, size_t n_spared);

/* Sends @signum to each descendant, but for those in @told and what is below those, and adds it there. */
void agent_tree_tell (int signum, AgentPidList *told);

/* Stops each descendant, those that are forked meanwhile too: one that has a SIGSTOP pending forks no more, so it ends as
 * killing does. Those that were stopped before are added to @asleep. */
void agent_tree_pause (AgentPidList *asleep);

/* Has all go on, but for those in @asleep, which is empty afterwards. */
void agent_tree_resume (AgentPidList *asleep);

/* Kills all descendants and waits for them. Gives up on those that it may not signal. */
void agent_tree_kill_all (void);
