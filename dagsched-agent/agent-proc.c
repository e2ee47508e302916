/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-proc.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

size_t
agent_proc_read (const char *path, char *text, size_t size)
{
  int fd = TEMP_FAILURE_RETRY (open (path, O_RDONLY | O_CLOEXEC));
  ssize_t n_read = fd >= 0 ? TEMP_FAILURE_RETRY (read (fd, text, size - 1)) : -1;

  if (fd >= 0)
    close (fd);

  n_read = n_read > 0 ? n_read : 0;
  text[n_read] = '\0';
  return (size_t) n_read;
}
