/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The connection to a keeper that was started on this machine. One thread at a time. */
typedef struct
{
  int fd;         /* the keeper's socket; -1: none */
  gboolean ended; /* nobody is at its other end: that will be read as well */
  guint32 pid;
  char *root; /* the keeper's temporary directory */
} DagschedAgentLink;

#define DAGSCHED_AGENT_LINK_INIT                                                                             \
  {                                                                                                          \
    .fd = -1                                                                                                 \
  }

/* Which program: @path, else $DAGSCHED_AGENT, else where it was installed. */
char *dagsched_agent_link_find_program (const char *path);
/* Starts @program and waits for its greeting. Of the caller's process it touches neither the signal
 * dispositions nor other children. @artifacts: where directories for artifacts are made; at its end the
 * agent tidies up there, and removes it if it is @temporary and empty. */
gboolean dagsched_agent_link_open (DagschedAgentLink *self,
                                   const char *program,
                                   const char *artifacts,
                                   gboolean temporary,
                                   GError **error);
/* Asks for a slot process; returns our end of its socket, non-blocking, or -1: see @ended, too. */
int dagsched_agent_link_open_slot (DagschedAgentLink *self, guint64 number, GError **error);
void dagsched_agent_link_clear (DagschedAgentLink *self);

G_END_DECLS
