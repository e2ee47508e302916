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
agent_artifacts_init (AgentArtifacts *self)
{
  *self = (AgentArtifacts){ .fd = -1 };
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
  forget_spare (self);

  /* It is there already where the attempt was carried out before, and lost. */
  if (mkdir (path, 0777) < 0 && errno != EEXIST)
    return false;

  self->fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return self->fd >= 0;
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

static char *
name_spare (const char *path)
{
  const char *slash = strrchr (path, '/');
  char *spare;

  if (asprintf (&spare, "%.*s/" AGENT_ARTIFACTS_SPARE "%d", slash != NULL ? (int) (slash - path) : 1,
                slash != NULL ? path : ".", (int) getpid ()) < 0)
    abort ();

  return spare;
}

/* Whether it is as good as a new one: still at its place, empty, its mode not changed (to fewer rights). */
static bool
is_as_new (AgentArtifacts *self)
{
  struct stat status, named;

  return fstat (self->fd, &status) == 0 && (status.st_mode & S_IRWXU) == S_IRWXU &&
         lstat (self->path, &named) == 0 && named.st_ino == status.st_ino && named.st_dev == status.st_dev &&
         agent_scratch_is_empty (self->fd);
}

bool
agent_artifacts_end (AgentArtifacts *self)
{
  bool kept = false;

  if (self->path == NULL)
    return false;

  self->spare = name_spare (self->path);
  if (!is_as_new (self) || rename (self->path, self->spare) < 0)
    {
      kept = rmdir (self->path) < 0 && (errno == ENOTEMPTY || errno == EEXIST);
      free (self->spare);
      self->spare = NULL;
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
