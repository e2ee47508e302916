/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "store/dagsched-log-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dagsched-error.h"
#include "store/dagsched-log-format-private.h"

#define MAX_SUITE_IN_NAME 60

struct _DagschedLogFile
{
  /* read-only after begin */
  char *path;
  char *directory; /* (nullable) of a file that is yet to get its name */
  char *stamp;     /* (nullable) the time in that name */
  int fd;
  DagschedLogFile *replaced; /* (nullable) that it is beside, and whose place it takes */
  gboolean is_regular;

  gboolean is_created; /* by us, and empty so far */
  gboolean is_torn;    /* half a line is at its end */
  gint64 end;          /* where the next line goes */
};

static gboolean
fail (GError **error, const char *path, const char *what)
{
  int saved_errno = errno;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG, "%s: %s: %s", path, what, g_strerror (saved_errno));

  return FALSE;
}

static DagschedLogFile *
new_for_fd (int fd, const char *path)
{
  DagschedLogFile *self = g_new0 (DagschedLogFile, 1);

  self->fd = fd;
  self->path = g_strdup (path);

  return self;
}

/* A device (/dev/full, /dev/null, a terminal) is written as it is. */
static gboolean
check_kind (DagschedLogFile *self, GError **error)
{
  struct stat info;

  if (fstat (self->fd, &info) != 0)
    return fail (error, self->path, "can't read the kind of this file");

  self->is_regular = S_ISREG (info.st_mode);
  if (self->is_regular || S_ISCHR (info.st_mode))
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG,
               "%s: a run log can only be written to a file; for a pipe, use standard output", self->path);
  return FALSE;
}

/* Another run's prune() may have taken it for idle before it was locked. */
static gboolean
is_still_there (DagschedLogFile *self)
{
  struct stat info;

  return fstat (self->fd, &info) == 0 && info.st_nlink > 0;
}

/* File systems without locks (some network ones) are written without one. */
static gboolean
lock (DagschedLogFile *self, GError **error)
{
  if (!self->is_regular || TEMP_FAILURE_RETRY (flock (self->fd, LOCK_EX | LOCK_NB)) == 0 ||
      errno != EWOULDBLOCK)
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG,
               "%s: another run is writing this log; give this run a log of its own", self->path);
  return FALSE;
}

static gboolean
check_content (DagschedLogFile *self, GError **error)
{
  char head[64];
  ssize_t length = self->is_regular ? TEMP_FAILURE_RETRY (pread (self->fd, head, sizeof head, 0)) : 0;

  if (length < 0)
    return fail (error, self->path, "can't read what is there");

  if (length == 0 || dagsched_log_is_header (head, length))
    return TRUE;

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG,
               "%s: exists and is not a run log, so it is not replaced; remove it or choose another name",
               self->path);
  return FALSE;
}

static int
open_file (const char *path, int flags, int mode)
{
  int fd =
    TEMP_FAILURE_RETRY (open (path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags, mode));

  if (fd >= 0) /* it was for the opening only: a FIFO must not block it */
    fcntl (fd, F_SETFL, O_APPEND);
  return fd;
}

DagschedLogFile *
dagsched_log_file_open (const char *path, GError **error)
{
  g_autoptr (DagschedLogFile) self = NULL;
  gboolean is_created;
  int fd = open_file (path, O_CREAT | O_EXCL, 0666);

  is_created = fd >= 0;
  if (fd < 0 && errno == EEXIST)
    fd = open_file (path, O_CREAT, 0666);
  if (fd < 0)
    {
      fail (error, path, "can't write the run log");
      return NULL;
    }

  self = new_for_fd (fd, path);
  self->is_created = is_created;
  if (!check_kind (self, error) || !lock (self, error) || !check_content (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* One that a run left which was killed before it got its place is as good as none; it is made anew, so that it is nobody
 * else's. */
static int
create_beside (const char *path)
{
  (void) unlink (path);
  return open_file (path, O_CREAT | O_EXCL, 0600);
}

static char *
dup_target (const char *path)
{
  char *resolved = realpath (path, NULL);
  char *target = g_strdup (resolved != NULL ? resolved : path);

  free (resolved);
  return target;
}

/* A link's target is replaced, not the link. */
DagschedLogFile *
dagsched_log_file_open_beside (const char *path, GError **error)
{
  g_autofree char *target = dup_target (path);
  g_autofree char *beside = g_strconcat (target, ".resumed", NULL);
  g_autoptr (DagschedLogFile) self = NULL;
  g_autoptr (DagschedLogFile) replaced = NULL;
  int fd = open_file (target, 0, 0);

  if (fd < 0)
    {
      fail (error, path, "can't write the run log; with --log another one is written");
      return NULL;
    }
  replaced = new_for_fd (fd, target);
  if (!check_kind (replaced, error) || !lock (replaced, error) || !check_content (replaced, error))
    return NULL;
  if (!replaced->is_regular)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_LOG,
                   "%s: no regular file, so it can't be replaced; use --log", path);
      return NULL;
    }

  fd = create_beside (beside);
  if (fd < 0)
    {
      fail (error, beside, "can't write the run log");
      return NULL;
    }
  self = new_for_fd (fd, beside);
  self->is_created = TRUE;
  if (!check_kind (self, error) || !lock (self, error))
    return NULL;

  self->replaced = g_steal_pointer (&replaced);
  return g_steal_pointer (&self);
}

gboolean
dagsched_log_file_put_in_place (DagschedLogFile *self, GError **error)
{
  struct stat info;

  if (self->replaced == NULL)
    return TRUE;

  if (fstat (self->replaced->fd, &info) == 0)
    (void) fchmod (self->fd, info.st_mode & 0777);
  if (rename (self->path, self->replaced->path) != 0)
    return fail (error, self->replaced->path, "can't replace the run log");

  self->is_created = FALSE;
  g_free (self->path);
  self->path = g_steal_pointer (&self->replaced->path);
  g_clear_pointer (&self->replaced, dagsched_log_file_free);
  return TRUE;
}

static char *
dup_stamp (void)
{
  gint64 now = g_get_real_time ();
  g_autoptr (GDateTime) second = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (second, "%Y%m%dT%H%M%S");

  return g_strdup_printf ("%s.%06dZ", text, (int) (now % G_USEC_PER_SEC));
}

/* A name that readers and prune() pass over, until the suite's name is known. */
static DagschedLogFile *
create_in (const char *directory, GError **error)
{
  for (;;)
    {
      g_autofree char *stamp = dup_stamp ();
      g_autofree char *name = g_strdup_printf (".%s-%d.jsonl", stamp, (int) getpid ());
      g_autofree char *path = g_build_filename (directory, name, NULL);
      int fd = open_file (path, O_CREAT | O_EXCL, 0600);

      if (fd >= 0)
        {
          DagschedLogFile *self = new_for_fd (fd, path);

          self->stamp = g_steal_pointer (&stamp);
          self->directory = g_strdup (directory);
          self->is_created = self->is_regular = TRUE;
          return self;
        }
      if (errno != EEXIST)
        {
          fail (error, path, "can't write the run log");
          return NULL;
        }
    }
}

DagschedLogFile *
dagsched_log_file_open_in (const char *directory, guint n_kept, GError **error)
{
  if (g_mkdir_with_parents (directory, 0700) != 0)
    {
      fail (error, directory, "can't create the directory for run logs");
      return NULL;
    }

  for (;;)
    {
      g_autoptr (DagschedLogFile) self = create_in (directory, error);

      if (self == NULL)
        return NULL;
      if (lock (self, NULL) && is_still_there (self))
        {
          dagsched_log_directory_prune (directory, n_kept > 0 ? n_kept - 1 : 0);
          return g_steal_pointer (&self);
        }
    }
}

static char *
dup_name (DagschedLogFile *self, const char *suite)
{
  g_autofree char *safe = g_strndup (suite != NULL ? suite : "", MAX_SUITE_IN_NAME);

  for (char *c = safe; *c != '\0'; c++)
    {
      if (!g_ascii_isalnum (*c) && strchr ("._+", *c) == NULL)
        *c = '-';
    }

  return g_strdup_printf ("%s-%s-%d.jsonl", self->stamp, *safe != '\0' ? safe : "run", (int) getpid ());
}

static gboolean
give_name (DagschedLogFile *self, const char *suite, GError **error)
{
  g_autofree char *name = dup_name (self, suite);
  g_autofree char *path = g_build_filename (self->directory, name, NULL);

  if (rename (self->path, path) != 0)
    return fail (error, path, "can't name the run log");

  g_free (self->path);
  self->path = g_steal_pointer (&path);
  g_clear_pointer (&self->directory, g_free);

  return TRUE;
}

gboolean
dagsched_log_file_begin (DagschedLogFile *self, const char *suite, GError **error)
{
  if (self->is_regular && TEMP_FAILURE_RETRY (ftruncate (self->fd, 0)) != 0)
    return fail (error, self->path, "can't empty the run log");

  if (self->directory != NULL && !give_name (self, suite, error))
    return FALSE;

  self->is_created = self->replaced != NULL;
  self->end = 0;
  return TRUE;
}

/* Goes on after a short write: only the next one says why it was short. */
static gboolean
write_all (DagschedLogFile *self, const char *data, gsize length)
{
  while (length > 0)
    {
      ssize_t n = write (self->fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        {
          errno = n == 0 ? EIO : errno;
          return FALSE;
        }
      self->end += n;
      self->is_torn = TRUE;
      data += n;
      length -= n;
    }

  self->is_torn = FALSE;
  return TRUE;
}

gboolean
dagsched_log_file_append (DagschedLogFile *self,
                          const char *lines,
                          gsize length,
                          gint64 *offset,
                          GError **error)
{
  if (self->is_torn && !write_all (self, "\n", 1))
    return fail (error, self->path, "can't write the run log");

  if (offset != NULL)
    *offset = self->end;
  if (!write_all (self, lines, length))
    return fail (error, self->path, "can't write the run log");

  return TRUE;
}

GBytes *
dagsched_log_file_read_line (DagschedLogFile *self, gint64 offset)
{
  g_autoptr (GByteArray) line = g_byte_array_new ();

  for (;;)
    {
      gsize length = line->len;
      gsize chunk = MAX (length, 64 * 1024);
      const guint8 *newline;
      ssize_t n;

      g_byte_array_set_size (line, length + chunk);
      n = pread (self->fd, line->data + length, chunk, offset + (gint64) length);
      if (n < 0 && errno == EINTR)
        n = 0;
      else if (n <= 0)
        return NULL;

      newline = n > 0 ? memchr (line->data + length, '\n', n) : NULL;
      g_byte_array_set_size (line, newline != NULL ? (gsize) (newline - line->data) : length + (gsize) n);
      if (newline != NULL)
        return g_byte_array_free_to_bytes (g_steal_pointer (&line));
    }
}

gboolean
dagsched_log_file_is_regular (DagschedLogFile *self)
{
  return self->is_regular;
}

const char *
dagsched_log_file_get_path (DagschedLogFile *self)
{
  return self->replaced != NULL ? self->replaced->path : self->path;
}

void
dagsched_log_file_unlock (DagschedLogFile *self)
{
  if (self->is_regular)
    flock (self->fd, LOCK_UN);
}

void
dagsched_log_file_free (DagschedLogFile *self)
{
  if (self->is_created)
    unlink (self->path);
  if (self->replaced != NULL)
    dagsched_log_file_free (self->replaced);
  close (self->fd);
  g_free (self->path);
  g_free (self->directory);
  g_free (self->stamp);
  g_free (self);
}
