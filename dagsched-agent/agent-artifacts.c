/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-artifacts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agent-scratch.h"

void
agent_artifacts_init (AgentArtifacts *self, AgentWatch *watch, bool is_shared)
{
  *self = (AgentArtifacts){ .fd = -1, .is_shared = is_shared, .watch = watch };
}

static void
forget_spare (AgentArtifacts *self)
{
  if (self->spare != NULL)
    rmdir (self->spare);
  free (self->spare);
  self->spare = NULL;
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

static bool
make (AgentArtifacts *self, const char *path)
{
  struct stat status;

  forget_spare (self);

  /* It is there already where the attempt was carried out before, and lost. */
  if (mkdir (path, 0777) < 0 && errno != EEXIST)
    return false;

  self->fd = TEMP_FAILURE_RETRY (open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (self->fd < 0 || fstat (self->fd, &status) < 0)
    return false;

  agent_watch_begin (self->watch, AGENT_WATCH_ARTIFACTS, path);
  self->device = status.st_dev;
  self->inode = status.st_ino;
  return true;
}

bool
agent_artifacts_begin (AgentArtifacts *self, const char *path)
{
  bool renamed = self->spare != NULL && rename (self->spare, path) == 0;

  if (!renamed && !make (self, path))
    return false;

  free (self->spare);
  self->spare = NULL;
  self->path = strdup (path);
  if (self->path == NULL)
    abort ();
  return true;
}

/* Puts the directory into reserve. */
static bool
put_by (AgentArtifacts *self)
{
  const char *slash = strrchr (self->path, '/');

  if (!self->is_shared)
    {
      self->spare = self->path;
      self->path = NULL;
      return true;
    }

  if (asprintf (&self->spare, "%.*s/" AGENT_ARTIFACTS_SPARE "%d",
                slash != NULL ? (int) (slash - self->path) : 1, slash != NULL ? self->path : ".",
                (int) getpid ()) < 0)
    abort ();
  if (rename (self->path, self->spare) == 0)
    return true;

  free (self->spare);
  self->spare = NULL;
  return false;
}

static bool
is_empty_now (AgentArtifacts *self)
{
  agent_watch_begin (self->watch, AGENT_WATCH_ARTIFACTS, self->path);
  return agent_scratch_is_empty (self->fd);
}

/* Whether it is as good as a new one: still at its place, empty, its mode not changed (to fewer rights). */
static bool
is_as_new (AgentArtifacts *self)
{
  struct stat status;

  return lstat (self->path, &status) == 0 && status.st_dev == self->device && status.st_ino == self->inode &&
         (status.st_mode & S_IRWXU) == S_IRWXU &&
         (agent_watch_is_untouched (self->watch, AGENT_WATCH_ARTIFACTS) || is_empty_now (self));
}

bool
agent_artifacts_end (AgentArtifacts *self)
{
  bool kept = false;

  if (self->path == NULL)
    return false;

  if (!is_as_new (self) || !put_by (self))
    {
      kept = rmdir (self->path) < 0 && (errno == ENOTEMPTY || errno == EEXIST);
      close (self->fd);
      self->fd = -1;
    }
  free (self->path);
  self->path = NULL;

  return kept;
}

void
agent_artifacts_clear (AgentArtifacts *self)
{
  agent_artifacts_end (self);
  forget_spare (self);
}
