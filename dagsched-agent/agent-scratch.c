/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OPEN_DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

static bool
is_dots (const char *name)
{
  return strcmp (name, ".") == 0 || strcmp (name, "..") == 0;
}

/* A stream over a directory that we may write to, whatever mode its owner gave it. */
static DIR *
open_directory (int parent_fd, const char *name)
{
  struct stat status;
  DIR *directory;
  int fd;

  if (fstatat (parent_fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISDIR (status.st_mode))
    return NULL;
  if ((status.st_mode & S_IRWXU) != S_IRWXU)
    (void) !fchmodat (parent_fd, name, S_IRWXU, 0);

  fd = TEMP_FAILURE_RETRY (openat (parent_fd, name, OPEN_DIRECTORY));
  if (fd < 0)
    return NULL;
  directory = fdopendir (fd);
  if (directory == NULL)
    close (fd);

  return directory;
}

/* Empties the directory @name of @top but for its directories that are not empty: those move up to
 * @top, so that no depth of nesting takes more than this one step down. */
static bool
flatten (int top_fd, const char *name, unsigned *n_moved)
{
  DIR *directory = open_directory (top_fd, name);
  struct dirent *entry;
  bool done = true;

  if (directory == NULL)
    return false;

  while ((entry = readdir (directory)) != NULL)
    {
      int fd = dirfd (directory);
      char moved[32];

      if (is_dots (entry->d_name) || unlinkat (fd, entry->d_name, 0) == 0 ||
          unlinkat (fd, entry->d_name, AT_REMOVEDIR) == 0)
        continue;

      /* A directory that moves gets a new "..": its own mode has to allow that. */
      (void) !fchmodat (fd, entry->d_name, S_IRWXU, 0);
      do
        snprintf (moved, sizeof moved, ".dagsched-%u", (*n_moved)++);
      while (faccessat (top_fd, moved, F_OK, AT_SYMLINK_NOFOLLOW) == 0);
      if (renameat (fd, entry->d_name, top_fd, moved) < 0)
        done = false;
    }
  closedir (directory);

  return unlinkat (top_fd, name, AT_REMOVEDIR) == 0 && done;
}

/* One pass over @directory. Sets *@again when something was moved up, or removed, for another pass. */
static bool
empty_once (DIR *directory, unsigned *n_moved, bool *again)
{
  int fd = dirfd (directory);
  struct dirent *entry;
  bool done = true;

  rewinddir (directory);
  while ((entry = readdir (directory)) != NULL)
    {
      unsigned before = *n_moved;

      if (is_dots (entry->d_name) || unlinkat (fd, entry->d_name, 0) == 0)
        continue;
      if (flatten (fd, entry->d_name, n_moved))
        *again |= *n_moved != before;
      else
        done = false;
    }

  return done;
}

static bool
empty_directory (DIR *directory)
{
  unsigned n_moved = 0;
  bool done, again;

  do
    {
      again = false;
      done = empty_once (directory, &n_moved, &again);
    }
  while (again);

  return done;
}

bool
agent_scratch_remove (int parent_fd, const char *name)
{
  DIR *directory = open_directory (parent_fd, name);

  if (directory != NULL)
    {
      empty_directory (directory);
      closedir (directory);
    }

  return unlinkat (parent_fd, name, AT_REMOVEDIR) == 0 || errno == ENOENT;
}

static bool
open_tmp (AgentScratch *self)
{
  struct stat status;

  if (mkdirat (self->dir_fd, "tmp", S_IRWXU) < 0)
    return false;
  agent_watch_begin (self->watch, AGENT_WATCH_TMP, self->tmp);
  self->tmp_fd = TEMP_FAILURE_RETRY (openat (self->dir_fd, "tmp", OPEN_DIRECTORY));
  if (self->tmp_fd < 0 || fstat (self->tmp_fd, &status) < 0)
    return false;

  self->tmp_device = status.st_dev;
  self->tmp_inode = status.st_ino;
  return true;
}

static bool
open_root (AgentScratch *self)
{
  if (self->path[0] == '\0')
    {
      errno = ENAMETOOLONG;
      return false;
    }
  if (mkdir (self->path, S_IRWXU) < 0 && errno != EEXIST)
    return false;

  self->dir_fd = TEMP_FAILURE_RETRY (open (self->path, OPEN_DIRECTORY));
  return self->dir_fd >= 0;
}

void
agent_scratch_init (AgentScratch *self, AgentWatch *watch, const char *root, unsigned long number)
{
  *self = (AgentScratch){ .dir_fd = -1, .tmp_fd = -1, .watch = watch };
  if ((size_t) snprintf (self->path, sizeof self->path, "%s/%lu", root, number) >= sizeof self->path)
    self->path[0] = '\0';
  snprintf (self->tmp_definition, sizeof self->tmp_definition, "TMPDIR=%s/tmp", self->path);
  snprintf (self->env_definition, sizeof self->env_definition, "DAGSCHED_ENV=%s/env", self->path);
  self->tmp = strchr (self->tmp_definition, '=') + 1;

  /* What fails here is tried again for each attempt, which says what is wrong. */
  if (open_root (self))
    (void) open_tmp (self);
}

/* Whether "tmp" is still the directory that we made, with the mode that we gave it. */
static bool
is_ours (AgentScratch *self)
{
  struct stat status;

  return self->tmp_fd >= 0 && fstatat (self->dir_fd, "tmp", &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         status.st_dev == self->tmp_device && status.st_ino == self->tmp_inode &&
         (status.st_mode & 07777) == S_IRWXU;
}

bool
agent_scratch_is_empty (int fd)
{
  char entries[4096];
  long n_read;

  if (lseek (fd, 0, SEEK_SET) < 0)
    return false;
  n_read = syscall (SYS_getdents64, fd, entries, sizeof entries);

  /* "." and "..", 24 bytes each */
  return n_read >= 0 && n_read <= 48;
}

static bool
is_empty_now (AgentScratch *self)
{
  agent_watch_begin (self->watch, AGENT_WATCH_TMP, self->tmp);
  return agent_scratch_is_empty (self->tmp_fd);
}

bool
agent_scratch_prepare (AgentScratch *self)
{
  char stale[32];

  if (self->dir_fd < 0 && !open_root (self))
    return false;

  /* One system call: this is done once an attempt. */
  if (is_ours (self) && (agent_watch_is_untouched (self->watch, AGENT_WATCH_TMP) || is_empty_now (self)))
    return true;

  if (self->tmp_fd >= 0)
    close (self->tmp_fd);
  self->tmp_fd = -1;

  if (unlinkat (self->dir_fd, "tmp", 0) < 0 && !agent_scratch_remove (self->dir_fd, "tmp"))
    {
      /* Something in it can't be removed (a mount, say): it is out of the way, at least. */
      snprintf (stale, sizeof stale, "stale-%u", self->n_stale++);
      if (renameat (self->dir_fd, "tmp", self->dir_fd, stale) < 0)
        return false;
    }

  return open_tmp (self);
}

ssize_t
agent_scratch_take_values (AgentScratch *self, char *values, size_t size, bool *cut)
{
  int fd = TEMP_FAILURE_RETRY (openat (self->dir_fd, "env", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  size_t length = 0;
  ssize_t n_read = 0;
  struct stat status;
  int error;
  char more;

  *cut = false;
  if (fd < 0)
    return errno == ENOENT || errno == ELOOP ? 0 : -1;

  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode))
    {
      while (length < size && (n_read = TEMP_FAILURE_RETRY (read (fd, values + length, size - length))) > 0)
        length += (size_t) n_read;
      *cut = length == size && TEMP_FAILURE_RETRY (read (fd, &more, 1)) == 1;
    }
  error = errno;
  close (fd);
  unlinkat (self->dir_fd, "env", 0);

  errno = error;
  return n_read < 0 ? -1 : (ssize_t) length;
}

void
agent_scratch_clear (AgentScratch *self)
{
  if (self->tmp_fd >= 0)
    close (self->tmp_fd);
  if (self->dir_fd >= 0)
    close (self->dir_fd);
  if (self->path[0] != '\0')
    agent_scratch_remove (AT_FDCWD, self->path);
  *self = (AgentScratch){ .dir_fd = -1, .tmp_fd = -1 };
}
