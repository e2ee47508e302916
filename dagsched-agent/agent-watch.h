/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>

/* Whether anything was put into the directories that attempts get, without looking into them: the kernel
 * says so (inotify). Most attempts put nothing there. */

typedef enum
{
  AGENT_WATCH_TMP,
  AGENT_WATCH_ARTIFACTS,
  AGENT_N_WATCHES
} AgentWatchedDirectory;

typedef struct
{
  int fd; /* to poll; -1: there is none to be had, and everything counts as touched */
  int watches[AGENT_N_WATCHES];
  bool untouched[AGENT_N_WATCHES];
} AgentWatch;

void agent_watch_init (AgentWatch *self);
/* From now on; what was there before is the caller's. */
void agent_watch_begin (AgentWatch *self, AgentWatchedDirectory which, const char *path);
/* @fd is readable. */
void agent_watch_take (AgentWatch *self);
/* Nothing that this process does not know of was in it since agent_watch_begin(), as far as poll() has said.
 * It may be another directory that has its path by now: that is for stat() to find. */
bool agent_watch_is_untouched (const AgentWatch *self, AgentWatchedDirectory which);
/* It may have been touched since poll() was called. */
void agent_watch_doubt (AgentWatch *self);
