/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "executor/dagsched-agent-link-private.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/dagsched-error.h"
#include "executor/dagsched-message-private.h"

/* How long a program may take to say that it is an agent: then it is none. */
#define HELLO_TIMEOUT_MS 10000

extern char **environ;

char *
dagsched_agent_link_find_program (const char *path)
{
  if (path == NULL || *path == '\0')
    path = g_getenv ("DAGSCHED_AGENT");
  if (path == NULL || *path == '\0')
    path = DAGSCHED_AGENT_PATH;

  return g_strdup (path);
}

static gboolean
fail (GError **error, const char *program, const char *what, int number)
{
  const char *hint = number == ENOENT || number == EACCES
                       ? "; is dagsched installed? $DAGSCHED_AGENT can name another agent"
                       : "";

  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR, "%s: %s: %s%s", program, what,
               g_strerror (number), hint);
  return FALSE;
}

/* Reaped by its pid; it only forks. That somebody else reaped it (the host may wait for any child, or
 * ignore SIGCHLD) is as good: whether there is an agent, its greeting says. What gave none is ended. */
static void
reap (pid_t pid, gboolean greeted)
{
  siginfo_t info = { 0 };

  if (!greeted && TEMP_FAILURE_RETRY (waitid (P_PID, (id_t) pid, &info, WEXITED | WNOHANG | WNOWAIT)) == 0 &&
      info.si_pid == 0)
    kill (pid, SIGKILL);
  (void) TEMP_FAILURE_RETRY (waitpid (pid, NULL, 0));
}

static int
spawn (const char *program, int fd, pid_t *pid)
{
  char *argv[] = { (char *) program, NULL };
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t all, none;
  int error;

  sigfillset (&all);
  sigemptyset (&none);
  posix_spawn_file_actions_init (&actions);
  posix_spawn_file_actions_adddup2 (&actions, fd, STDIN_FILENO);
  posix_spawnattr_init (&attributes);
  posix_spawnattr_setflags (&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
  posix_spawnattr_setsigdefault (&attributes, &all);
  posix_spawnattr_setsigmask (&attributes, &none);

  error = posix_spawn (pid, program, &actions, &attributes, argv, environ);

  posix_spawnattr_destroy (&attributes);
  posix_spawn_file_actions_destroy (&actions);
  return error;
}

static gboolean
say_hello (DagschedAgentLink *self, const char *artifacts, gboolean temporary)
{
  DagschedHelloMessage hello = { .version = DAGSCHED_FRAME_VERSION,
                                 .root = artifacts,
                                 .temporary = temporary != FALSE };
  DagschedBuffer out = { 0 };
  ssize_t n_sent = 0;
  gboolean sent;

  dagsched_hello_message_put (&hello, &out);
  while (n_sent >= 0 && dagsched_buffer_get_length (&out) > 0)
    {
      n_sent = TEMP_FAILURE_RETRY (
        send (self->fd, dagsched_buffer_peek (&out), dagsched_buffer_get_length (&out), MSG_NOSIGNAL));
      if (n_sent > 0)
        dagsched_buffer_consume (&out, (gsize) n_sent);
    }
  sent = n_sent >= 0;
  dagsched_buffer_clear (&out);

  return sent;
}

/* Takes the greeting off the socket, and nothing after it: that is for whoever reads next. */
static gboolean
receive_hello (DagschedAgentLink *self, DagschedBuffer *in, DagschedHelloMessage *hello)
{
  gint64 deadline = g_get_monotonic_time () + HELLO_TIMEOUT_MS * G_TIME_SPAN_MILLISECOND;

  for (;;)
    {
      struct pollfd fd = { .fd = self->fd, .events = POLLIN };
      gint64 left_ms = (deadline - g_get_monotonic_time ()) / G_TIME_SPAN_MILLISECOND;
      DagschedFrameReader payload;
      DagschedFrameType type;
      gsize length;
      ssize_t n_read;

      if (left_ms <= 0 || (poll (&fd, 1, (int) left_ms) <= 0 && errno != EINTR))
        return FALSE;

      n_read = recv (self->fd, dagsched_buffer_reserve (in, 1), 1, MSG_DONTWAIT);
      if (n_read < 0 && (errno == EAGAIN || errno == EINTR))
        continue;
      if (n_read <= 0)
        return FALSE;
      dagsched_buffer_commit (in, 1);

      switch (dagsched_frame_next (in, &type, &payload, &length))
        {
        case DAGSCHED_FRAME_COMPLETE:
          return type == DAGSCHED_FRAME_HELLO && dagsched_hello_message_get (hello, &payload);
        case DAGSCHED_FRAME_PARTIAL:
          break;
        case DAGSCHED_FRAME_BROKEN:
        default:
          return FALSE;
        }
    }
}

static gboolean
greet (DagschedAgentLink *self,
       const char *program,
       const char *artifacts,
       gboolean temporary,
       GError **error)
{
  DagschedHelloMessage hello = { 0 };
  DagschedBuffer in = { 0 };
  gboolean understood = FALSE;

  if (!say_hello (self, artifacts, temporary) || !receive_hello (self, &in, &hello))
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR,
                 "%s: is no agent, or could not start: it did not answer as one "
                 "($DAGSCHED_AGENT should name dagsched-agent)",
                 program);
  else if (hello.version != DAGSCHED_FRAME_VERSION)
    g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR,
                 "%s: speaks version %u of the protocol, this library version %u: "
                 "use the agent that was installed with it",
                 program, hello.version, DAGSCHED_FRAME_VERSION);
  else
    {
      self->pid = hello.pid;
      self->root = g_strdup (hello.root);
      understood = TRUE;
    }

  dagsched_buffer_clear (&in);
  return understood;
}

gboolean
dagsched_agent_link_open (DagschedAgentLink *self,
                          const char *program,
                          const char *artifacts,
                          gboolean temporary,
                          GError **error)
{
  int fds[2], number;
  gboolean greeted;
  pid_t pid;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0)
    return fail (error, program, "can't make a socket for it", errno);

  number = spawn (program, fds[1], &pid);
  close (fds[1]);
  if (number != 0)
    {
      close (fds[0]);
      return fail (error, program, "can't start the agent", number);
    }

  self->fd = fds[0];
  greeted = greet (self, program, artifacts, temporary, error);
  reap (pid, greeted);
  if (greeted)
    return TRUE;

  dagsched_agent_link_clear (self);
  return FALSE;
}

static gboolean
send_slot (int keeper_fd, int slot_fd, DagschedBuffer *frame)
{
  struct iovec part = { (void *) dagsched_buffer_peek (frame), dagsched_buffer_get_length (frame) };
  union
  {
    char bytes[CMSG_SPACE (sizeof (int))];
    struct cmsghdr aligned;
  } control = { 0 };
  struct msghdr message = {
    .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
  };
  struct cmsghdr *header = CMSG_FIRSTHDR (&message);
  ssize_t n_sent;

  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (header), &slot_fd, sizeof (int));

  /* Blocks while the keeper is behind; so short a frame goes as a whole. */
  do
    n_sent = sendmsg (keeper_fd, &message, MSG_NOSIGNAL);
  while (n_sent < 0 && errno == EINTR);

  return n_sent == (ssize_t) part.iov_len;
}

int
dagsched_agent_link_open_slot (DagschedAgentLink *self, guint64 number, GError **error)
{
  DagschedBuffer frame = { 0 };
  int fds[2];
  gboolean sent;

  if (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) < 0)
    {
      g_set_error (
        error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR,
        "can't make a socket for a worker: %s (each worker takes a file descriptor: see ulimit -n)",
        g_strerror (errno));
      return -1;
    }

  dagsched_number_message_put (DAGSCHED_FRAME_OPEN, number, &frame);
  sent = send_slot (self->fd, fds[1], &frame);
  self->ended = !sent && (errno == EPIPE || errno == ECONNRESET);
  dagsched_buffer_clear (&frame);
  close (fds[1]);
  if (sent)
    return fds[0];

  close (fds[0]);
  g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_EXECUTOR, "the agent takes no more requests: %s",
               g_strerror (errno));
  return -1;
}

void
dagsched_agent_link_clear (DagschedAgentLink *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->root, g_free);
  *self = (DagschedAgentLink) DAGSCHED_AGENT_LINK_INIT;
}
