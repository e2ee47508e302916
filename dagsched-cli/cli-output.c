/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cli-output.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "cli-message.h"

gboolean
cli_output_is_open (void)
{
  int flags = fcntl (STDOUT_FILENO, F_GETFL);

  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/* 0 or an errno. Descriptors that the shell handed on may be in non-blocking mode. */
static int
write_all (int fd, const char *text, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, text, length);

      if (written >= 0)
        {
          text += written;
          length -= (gsize) written;
        }
      else if (errno == EAGAIN)
        {
          GPollFD poll_fd = { fd, G_IO_OUT, 0 };

          g_poll (&poll_fd, 1, -1);
        }
      else if (errno != EINTR)
        {
          return errno;
        }
    }

  return 0;
}

static gboolean
fail (GError **error, const char *name, int errsv)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errsv), "%s can't be written: %s", name,
               g_strerror (errsv));
  return FALSE;
}

static gboolean
write_stdout (const char *text, gsize length, GError **error)
{
  int errsv = write_all (STDOUT_FILENO, text, length);

  return errsv == 0 || errsv == EPIPE || fail (error, "standard output", errsv);
}

gboolean
cli_output_print (const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;

  if (write_stdout (text, length, &error))
    return TRUE;

  cli_error ("%s", error->message);
  return FALSE;
}

gboolean
cli_output_write (const char *path, const char *text, gsize length, GError **error)
{
  int fd, errsv;

  if (strcmp (path, "-") == 0)
    return write_stdout (text, length, error);

  fd = TEMP_FAILURE_RETRY (g_open (path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (fd < 0)
    return fail (error, path, errno);

  errsv = write_all (fd, text, length);
  if (close (fd) != 0 && errno != EINTR && errsv == 0)
    errsv = errno;

  return errsv == 0 || fail (error, path, errsv);
}
