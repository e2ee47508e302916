/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-keeper.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent-artifacts.h"
#include "agent-scratch.h"
#include "agent-slot.h"
#include "agent-tree.h"
#include "executor/dagsched-message-private.h"

#define RECEIVE_SIZE 4096
#define SLOT_FDS_MAX 16

typedef struct
{
  pid_t pid; /* -1: it has ended, and what it left has not yet */
  uint64_t number;
} KeptSlot;

typedef struct
{
  int runner_fd;
  int life_fds[2]; /* the slots poll the first: it ends when the second is closed, with the keeper */
  char root[4096];
  char *artifacts; /* (nullable) the runner's directory for artifacts */
  bool artifacts_are_temporary;
  DagschedBuffer in;
  DagschedBuffer out;
  bool blocked;
  bool looks_again;           /* soon: what dead slots left could not be seen */
  int slot_fds[SLOT_FDS_MAX]; /* received, not yet asked for */
  size_t n_slot_fds;
  KeptSlot *slots;
  size_t n_slots;
} AgentKeeper;

static void
make_root (AgentKeeper *self)
{
  const char *tmp = getenv ("TMPDIR");

  if (tmp == NULL || tmp[0] != '/' || strlen (tmp) > 1024)
    tmp = "/tmp";
  snprintf (self->root, sizeof self->root, "%s/dagsched-XXXXXX", tmp);

  /* Where there is none, slots have none, and each attempt says so. */
  if (mkdtemp (self->root) == NULL)
    fprintf (stderr,
             "dagsched-agent: can't make a directory in %s: %s (set TMPDIR to one that is writable)\n", tmp,
             strerror (errno));
}

static void
flush (AgentKeeper *self)
{
  while (dagsched_buffer_get_length (&self->out) > 0)
    {
      ssize_t n_sent = send (self->runner_fd, dagsched_buffer_peek (&self->out),
                             dagsched_buffer_get_length (&self->out), MSG_DONTWAIT | MSG_NOSIGNAL);

      self->blocked = n_sent < 0 && errno == EAGAIN;
      if (n_sent < 0 && errno != EINTR)
        return; /* blocked, or the runner has gone: that is seen on reading */
      if (n_sent > 0)
        dagsched_buffer_consume (&self->out, (size_t) n_sent);
    }
}

static void
say_hello (AgentKeeper *self)
{
  DagschedHelloMessage hello = { .version = DAGSCHED_FRAME_VERSION,
                                 .pid = (uint32_t) getpid (),
                                 .root = self->root };

  dagsched_hello_message_put (&hello, &self->out);
}

static void
run_slot (AgentKeeper *self, int fd, uint64_t number)
{
  prctl (PR_SET_CHILD_SUBREAPER, 1);
  close (self->runner_fd);
  close (self->life_fds[1]);
  for (size_t i = 0; i < self->n_slot_fds; i++)
    close (self->slot_fds[i]);
  agent_slot_main (&(AgentSlotParams){ .runner_fd = fd,
                                       .life_fd = self->life_fds[0],
                                       .root = self->root,
                                       .number = (unsigned long) number,
                                       .artifacts_are_shared = !self->artifacts_are_temporary });
}

static void
open_slot (AgentKeeper *self, uint64_t number)
{
  int fd;
  pid_t pid;

  /* We have no room for its descriptor: its socket has ended, then. */
  if (self->n_slot_fds == 0)
    {
      dagsched_number_message_put (DAGSCHED_FRAME_GONE, number, &self->out);
      return;
    }
  fd = self->slot_fds[0];
  memmove (self->slot_fds, self->slot_fds + 1, --self->n_slot_fds * sizeof *self->slot_fds);

  self->slots = realloc (self->slots, (self->n_slots + 1) * sizeof *self->slots);
  if (self->slots == NULL)
    abort ();

  pid = fork ();
  if (pid == 0)
    run_slot (self, fd, number);

  /* No process to be had: the runner sees the end of the socket and GONE, as of one that died. */
  close (fd);
  self->slots[self->n_slots++] = (KeptSlot){ .pid = pid, .number = number };
}

static bool
handle_frame (AgentKeeper *self, DagschedFrameType type, DagschedFrameReader *payload)
{
  DagschedHelloMessage hello;
  uint64_t number;

  if (type == DAGSCHED_FRAME_HELLO)
    {
      if (!dagsched_hello_message_get (&hello, payload) || hello.version != DAGSCHED_FRAME_VERSION)
        return false;
      free (self->artifacts);
      self->artifacts = hello.root[0] == '/' ? strdup (hello.root) : NULL;
      self->artifacts_are_temporary = hello.temporary;
      return true;
    }
  if (type != DAGSCHED_FRAME_OPEN || !dagsched_number_message_get (&number, payload))
    return false;

  open_slot (self, number);
  return true;
}

static void
take_fds (AgentKeeper *self, struct msghdr *message)
{
  for (struct cmsghdr *control = CMSG_FIRSTHDR (message); control != NULL;
       control = CMSG_NXTHDR (message, control))
    {
      size_t n_fds = (control->cmsg_len - CMSG_LEN (0)) / sizeof (int);
      int fds[SLOT_FDS_MAX];

      if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_RIGHTS)
        continue;
      memcpy (fds, CMSG_DATA (control), n_fds * sizeof (int));
      for (size_t i = 0; i < n_fds; i++)
        {
          if (self->n_slot_fds < SLOT_FDS_MAX)
            self->slot_fds[self->n_slot_fds++] = fds[i];
          else
            close (fds[i]);
        }
    }
}

/* false: the runner has gone, or is none. */
static bool
receive (AgentKeeper *self)
{
  struct iovec room = { dagsched_buffer_reserve (&self->in, RECEIVE_SIZE), RECEIVE_SIZE };
  union
  {
    char bytes[CMSG_SPACE (sizeof (int) * SLOT_FDS_MAX)];
    struct cmsghdr aligned;
  } control;
  struct msghdr message = {
    .msg_iov = &room, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control
  };
  ssize_t n_read = recvmsg (self->runner_fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  DagschedFrameReader payload;
  DagschedFrameType type;
  DagschedFrameStatus status;
  size_t length;

  if (n_read < 0 && (errno == EAGAIN || errno == EINTR))
    return true;
  if (n_read <= 0)
    return false;

  take_fds (self, &message);
  dagsched_buffer_commit (&self->in, (size_t) n_read);
  while ((status = dagsched_frame_next (&self->in, &type, &payload, &length)) == DAGSCHED_FRAME_COMPLETE)
    {
      if (!handle_frame (self, type, &payload))
        return false;
      dagsched_buffer_consume (&self->in, length);
    }

  return status == DAGSCHED_FRAME_PARTIAL;
}

/* A slot that a test stops would neither time nor contain it: it goes on at once. */
static void
reap (AgentKeeper *self)
{
  siginfo_t info = { 0 };

  while (TEMP_FAILURE_RETRY (waitid (P_ALL, 0, &info, WEXITED | WSTOPPED | WNOHANG)) == 0 && info.si_pid != 0)
    {
      for (size_t i = 0; i < self->n_slots; i++)
        {
          if (self->slots[i].pid != info.si_pid)
            continue;
          if (info.si_code == CLD_STOPPED)
            kill (info.si_pid, SIGCONT);
          else
            self->slots[i].pid = -1;
        }
      info.si_pid = 0;
    }
}

/* Kills what dead slots left, and once nothing is left of it says that they are gone. */
static void
bury (AgentKeeper *self)
{
  AgentTreeTally tally;
  pid_t *living;
  size_t n_living = 0, n_left = 0;

  living = calloc (self->n_slots + 1, sizeof *living);
  if (living == NULL)
    abort ();
  for (size_t i = 0; i < self->n_slots; i++)
    {
      if (self->slots[i].pid > 0)
        living[n_living++] = self->slots[i].pid;
    }

  tally = n_living < self->n_slots ? agent_tree_kill (living, n_living) : (AgentTreeTally){ 0 };
  free (living);
  self->looks_again = tally.incomplete;
  if (n_living == self->n_slots || tally.incomplete || tally.n_found > tally.n_denied)
    return;

  for (size_t i = 0; i < self->n_slots; i++)
    {
      KeptSlot *slot = &self->slots[i];
      char path[4200];

      if (slot->pid > 0)
        {
          self->slots[n_left++] = *slot;
          continue;
        }
      snprintf (path, sizeof path, "%s/%lu", self->root, (unsigned long) slot->number);
      agent_scratch_remove (AT_FDCWD, path);
      dagsched_number_message_put (DAGSCHED_FRAME_GONE, slot->number, &self->out);
    }
  self->n_slots = n_left;
}

/* What slots left that were killed: the directories that they had in reserve and, of a temporary one, all
 * that are empty and itself. Artifacts stay. */
static void
clean_artifacts (AgentKeeper *self)
{
  DIR *directory = self->artifacts != NULL ? opendir (self->artifacts) : NULL;
  struct dirent *entry;

  if (directory == NULL)
    return;

  while ((entry = readdir (directory)) != NULL)
    {
      const char *name = entry->d_name;
      bool is_spare = strncmp (name, AGENT_ARTIFACTS_SPARE, strlen (AGENT_ARTIFACTS_SPARE)) == 0;

      if (strcmp (name, ".") != 0 && strcmp (name, "..") != 0 && (is_spare || self->artifacts_are_temporary))
        unlinkat (dirfd (directory), name, AT_REMOVEDIR);
    }
  closedir (directory);
  if (self->artifacts_are_temporary)
    rmdir (self->artifacts);
}

int
agent_keeper_main (int runner_fd)
{
  static AgentKeeper self;
  bool connected = true;

  self.runner_fd = runner_fd;
  if (prctl (PR_SET_CHILD_SUBREAPER, 1) < 0 || pipe2 (self.life_fds, O_CLOEXEC) < 0)
    return 1;
  make_root (&self);
  say_hello (&self);

  while (connected)
    {
      struct pollfd fd = { .fd = runner_fd };
      const struct timespec delay = { 0, AGENT_TREE_AGAIN_NS };
      sigset_t all_but_child;
      bool ready;

      flush (&self);
      fd.events = (short) (POLLIN | (self.blocked ? POLLOUT : 0));
      sigfillset (&all_but_child);
      sigdelset (&all_but_child, SIGCHLD);
      ready = ppoll (&fd, 1, self.looks_again ? &delay : NULL, &all_but_child) > 0;
      if (ready && (fd.revents & ~POLLOUT) != 0)
        connected = receive (&self);
      reap (&self);
      bury (&self);
    }

  agent_tree_kill_all ();
  agent_scratch_remove (AT_FDCWD, self.root);
  clean_artifacts (&self);
  return 0;
}
