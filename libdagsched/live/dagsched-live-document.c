/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "live/dagsched-live-document-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "live/dagsched-live-format-private.h"

struct _DagschedLiveDocument
{
  int n_refs; /* (atomic) */
  int fd;     /* read-only */
};

#define SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL)

static gboolean
write_all (int fd, GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  while (length > 0)
    {
      ssize_t written = write (fd, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written <= 0)
        return FALSE;
      data += written;
      length -= (gsize) written;
    }

  return TRUE;
}

DagschedLiveDocument *
dagsched_live_document_new (GPtrArray *parts)
{
  int fd = memfd_create ("dagsched-live", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  DagschedLiveDocument *self;
  gboolean written = fd >= 0;

  for (guint i = 0; written && i < parts->len; i++)
    written = write_all (fd, g_ptr_array_index (parts, i));
  if (!written || fcntl (fd, F_ADD_SEALS, SEALS) < 0)
    {
      if (fd >= 0)
        close (fd);
      return NULL;
    }

  self = g_new (DagschedLiveDocument, 1);
  self->n_refs = 1;
  self->fd = fd;
  return self;
}

DagschedLiveDocument *
dagsched_live_document_ref (DagschedLiveDocument *self)
{
  g_atomic_int_inc (&self->n_refs);
  return self;
}

void
dagsched_live_document_unref (DagschedLiveDocument *self)
{
  if (!g_atomic_int_dec_and_test (&self->n_refs))
    return;

  close (self->fd);
  g_free (self);
}

int
dagsched_live_document_get_fd (DagschedLiveDocument *self)
{
  return self->fd;
}

/* The offset is shared by all who have the file: it is not used. */
static gboolean
read_all (int fd, char *data, gsize length)
{
  gsize done = 0;

  while (done < length)
    {
      ssize_t n_read = pread (fd, data + done, length - done, (off_t) done);

      if (n_read < 0 && errno == EINTR)
        continue;
      if (n_read <= 0)
        return FALSE;
      done += (gsize) n_read;
    }

  return TRUE;
}

GBytes *
dagsched_live_document_read (int fd)
{
  struct stat status;
  g_autofree char *data = NULL;
  gsize length;

  if (fstat (fd, &status) < 0 || !S_ISREG (status.st_mode) || status.st_size < 0 ||
      status.st_size > (off_t) DAGSCHED_LIVE_MAX_DOCUMENT)
    return NULL;

  length = (gsize) status.st_size;
  data = g_try_malloc (MAX (length, 1));
  if (data == NULL || !read_all (fd, data, length))
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&data), length);
}
