/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Those that leave files behind. */
#include "hostile.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
go_to_tmp (void)
{
  const char *tmp = getenv ("TMPDIR");

  if (tmp == NULL || chdir (tmp) < 0)
    hostile_give_up ("TMPDIR");
}

static void
make_file (const char *path, mode_t mode)
{
  int fd = open (path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);

  if (fd < 0)
    hostile_give_up (path);
  (void) !write (fd, "x", 1);
  close (fd);
}

/* Deep, wide, and locked. */
static int
litter (void)
{
  go_to_tmp ();
  for (int i = 0; i < 200; i++)
    {
      char name[32];

      snprintf (name, sizeof name, "file %d\n", i);
      make_file (name, 0);
    }
  for (int i = 0; i < 300; i++)
    {
      if (mkdir ("deeper", 0700) < 0 || chdir ("deeper") < 0)
        hostile_give_up ("deeper");
      make_file ("file", 0);
    }
  for (int i = 0; i < 300; i++)
    {
      if (chdir ("..") < 0 || chmod ("deeper", i % 2 == 0 ? 0 : 0500) < 0)
        hostile_give_up ("..");
    }
  return hostile_leave ();
}

/* What the argument names is not ours to remove. */
static int
litter_links (void)
{
  const char *tmp = getenv ("TMPDIR");

  go_to_tmp ();
  if (symlink (hostile_argument, "link") < 0 || symlink ("/", "root") < 0)
    hostile_give_up ("symlink");
  if (tmp != NULL && rmdir (tmp) < 0 && rename (tmp, "../moved") == 0)
    (void) !symlink (hostile_argument, tmp);
  return hostile_leave ();
}

static int
remove_tmp (void)
{
  const char *tmp = getenv ("TMPDIR");

  if (tmp == NULL || rmdir (tmp) < 0)
    hostile_give_up ("TMPDIR");
  make_file (tmp, 0600);
  return hostile_leave ();
}

const HostileKind hostile_kinds_that_litter[] = {
  { "litter", litter },
  { "litter-links", litter_links },
  { "remove-tmp", remove_tmp },
  { NULL, NULL },
};
