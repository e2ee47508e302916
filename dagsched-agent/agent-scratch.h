/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "agent-watch.h"

/* A slot's directory below the keeper's: "tmp", the private TMPDIR, and "env", the file for values. */
typedef struct
{
  char path[4096];
  char tmp_definition[4096 + 16]; /* "TMPDIR=", and the path of "tmp" */
  char env_definition[4096 + 24]; /* "DAGSCHED_ENV=", and the path of "env" */
  const char *tmp;                /* its path */
  int dir_fd;
  int tmp_fd;
  dev_t tmp_device;
  ino_t tmp_inode;
  AgentWatch *watch; /* not owned */
  unsigned n_stale;
} AgentScratch;

void agent_scratch_init (AgentScratch *self, AgentWatch *watch, const char *root, unsigned long number);
/* Makes sure that the directory is there, and "tmp" in it, private and empty. false, with errno: it can't be made. No process of an earlier attempt is left. */
bool agent_scratch_prepare (AgentScratch *self);
/* What a fixture wrote to "env", then removes that file. @cut: there was more than @size bytes. -1, with errno: it can't
 * be read. */
ssize_t agent_scratch_take_values (AgentScratch *self, char *values, size_t size, bool *cut);
/* Whether the directory that @fd was opened on has no entry. */
bool agent_scratch_is_empty (int fd);
/* Removes everything. */
void agent_scratch_clear (AgentScratch *self);

/* Removes a directory and what is in it, whatever its modes and depth; follows no links. false:
 * something stayed. Nobody else may work in it. */
bool agent_scratch_remove (int parent_fd, const char *name);
