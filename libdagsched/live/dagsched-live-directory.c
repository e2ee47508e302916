/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-directory-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/dagsched-error.h"

#define DIRECTORY "dagsched"
#define OTHERS (S_IRWXG | S_IRWXO)

/* As many observers may ask at once; the others try again or wait. */
#define BACKLOG 64

static gboolean
is_own_directory (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 && S_ISDIR (status.st_mode) && status.st_uid == geteuid ();
}

static char *
dup_parent (void)
{
  const char *given = g_getenv ("XDG_RUNTIME_DIR");
  g_autofree char *usual = g_strdup_printf ("/run/user/%u", (guint) geteuid ());

  if (given != NULL && g_path_is_absolute (given))
    return g_strdup (given);
  if (is_own_directory (usual))
    return g_steal_pointer (&usual);

  return g_strdup (g_get_user_cache_dir ());
}

char *
dagsched_live_directory_dup_path (void)
{
  g_autofree char *parent = dup_parent ();

  return g_build_filename (parent, DIRECTORY, NULL);
}

static gboolean
fail (const char *path, const char *what, GError **error)
{
  int code = errno;

  g_set_error (error, DAGSCHED_ERROR,
               code == ENOENT || code == ECONNREFUSED ? DAGSCHED_ERROR_NOT_FOUND : DAGSCHED_ERROR_FAILED,
               "%s: %s: %s", path, what, g_strerror (code));
  return FALSE;
}

/* Whoever else could write here could put a socket of his own in the place of a run's. */
static gboolean
check (int fd, const char *path, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) < 0)
    return fail (path, "can't be looked at", error);
  if (status.st_uid != geteuid ())
    {
      g_set_error (
        error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED,
        "%s belongs to user %u, not to this one (%u): set XDG_RUNTIME_DIR to a directory of your own", path,
        (guint) status.st_uid, (guint) geteuid ());
      return FALSE;
    }
  if ((status.st_mode & OTHERS) != 0)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_FAILED,
                   "%s is open to other users (mode %03o): close it with \"chmod 700\"", path,
                   (guint) (status.st_mode & 0777));
      return FALSE;
    }

  return TRUE;
}

int
dagsched_live_directory_open (gboolean create, GError **error)
{
  g_autofree char *path = dagsched_live_directory_dup_path ();
  int fd;

  if (create && g_mkdir_with_parents (path, 0700) < 0)
    {
      fail (path, "can't be made", error);
      return -1;
    }

  fd = TEMP_FAILURE_RETRY (open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd < 0)
    {
      fail (path, "can't be opened", error);
      return -1;
    }
  if (!check (fd, path, error))
    {
      close (fd);
      return -1;
    }

  return fd;
}

/* By the directory's descriptor, as the name of a socket has no room for long paths. */
static gboolean
set_name (struct sockaddr_un *name, int directory, const char *base)
{
  gsize room = sizeof name->sun_path;

  *name = (struct sockaddr_un){ .sun_family = AF_UNIX };
  if ((gsize) g_snprintf (name->sun_path, room, "/proc/self/fd/%d/%s", directory, base) < room)
    return TRUE;

  errno = ENAMETOOLONG;
  return FALSE;
}

/* It gets its name once it listens: who comes before that would take it for one that was left behind. */
int
dagsched_live_socket_listen (int directory, const char *name, GError **error)
{
  g_autofree char *hidden = g_strconcat (".", name, NULL);
  struct sockaddr_un address;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  if (fd >= 0 && set_name (&address, directory, hidden) &&
      bind (fd, (struct sockaddr *) &address, sizeof address) == 0 && listen (fd, BACKLOG) == 0 &&
      renameat (directory, hidden, directory, name) == 0)
    return fd;

  fail (name, "no socket can be made", error);
  if (fd >= 0)
    {
      unlinkat (directory, hidden, 0);
      close (fd);
    }
  return -1;
}

void
dagsched_live_socket_remove (int directory, const char *name)
{
  unlinkat (directory, name, 0);
}

static char *
find_by_pid (const char *pid, GError **error)
{
  g_autofree char *path = dagsched_live_directory_dup_path ();
  g_autofree char *prefix = g_strconcat (pid, "-", NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      if (g_str_has_prefix (name, prefix) && g_str_has_suffix (name, DAGSCHED_LIVE_SUFFIX))
        return g_build_filename (path, name, NULL);
    }

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
               "no run of process %s can be watched: it has ended, is another user's, or was started with "
               "--no-publish",
               pid);
  return NULL;
}

char *
dagsched_live_socket_find (const char *address, GError **error)
{
  if (*address != '\0' && address[strspn (address, "0123456789")] == '\0')
    return find_by_pid (address, error);

  return g_canonicalize_filename (address, NULL);
}

static int
connect_in (int directory, const char *base)
{
  struct sockaddr_un address;
  int fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  int code;

  if (fd < 0)
    return -1;
  if (set_name (&address, directory, base) &&
      TEMP_FAILURE_RETRY (connect (fd, (struct sockaddr *) &address, sizeof address)) == 0)
    return fd;

  code = errno;
  close (fd);
  errno = code;
  return -1;
}

int
dagsched_live_socket_connect (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);
  g_autofree char *base = g_path_get_basename (path);
  int directory = TEMP_FAILURE_RETRY (open (parent, O_PATH | O_DIRECTORY | O_CLOEXEC));
  int fd = -1;

  if (directory >= 0)
    fd = connect_in (directory, base);
  if (fd < 0)
    fail (path, errno == ECONNREFUSED ? "the run has ended" : "can't be connected to", error);
  if (directory >= 0)
    close (directory);

  return fd;
}

gboolean
dagsched_live_socket_is_own (int fd)
{
  struct ucred peer;
  socklen_t length = sizeof peer;

  return getsockopt (fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && peer.uid == geteuid ();
}
