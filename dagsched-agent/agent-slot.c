/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-slot.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "agent-attempt.h"
#include "agent-tree.h"

/* Output waits this long for more, or for the end of its attempt: one send instead of several. */
#define LINGER_NS (10 * 1000000ll)
#define LINGER_BYTES (64 * 1024)
/* With so much under way nothing more is read, until the runner has caught up. */
#define PENDING_MAX (1024 * 1024)
#define RECEIVE_SIZE (64 * 1024)
#define N_FDS 7
#define N_FDS_PAUSED 2 /* of them: the runner and the keeper */

typedef struct
{
  int runner_fd;
  int life_fd;
  int child_fd; /* of signals: all are blocked, as in the keeper */
  const char *root;
  DagschedBuffer in;
  DagschedBuffer out;
  bool blocked;     /* the socket took no more */
  int64_t flush_ns; /* when what is in @out goes out at the latest; INT64_MAX: nothing is */
  bool paused;      /* nothing is looked at but what the runner says */
  bool stop_waits;  /* for the end of that */
  DagschedStopMessage waiting_stop;
  AgentPidList asleep; /* those that had stopped before they were paused */
  AgentAttempt attempt;
  AgentWatch watch;
  AgentScratch scratch;
  AgentArtifacts artifacts;
} AgentSlot;

static _Noreturn void
die (AgentSlot *self, int status)
{
  agent_tree_kill_all ();
  agent_scratch_clear (&self->scratch);
  agent_artifacts_clear (&self->artifacts);
  /* A test may have stopped the keeper: it took it for its parent, whose end it survived. */
  kill (getppid (), SIGCONT);
  _exit (status);
}

/* Nobody is left to remove the directory of all slots but they: the last one can. */
static _Noreturn void
die_with_keeper (AgentSlot *self)
{
  agent_tree_kill_all ();
  agent_scratch_clear (&self->scratch);
  agent_artifacts_clear (&self->artifacts);
  rmdir (self->root);
  _exit (0);
}

static bool
may_read (AgentSlot *self)
{
  return dagsched_buffer_get_length (&self->out) < PENDING_MAX;
}

static int64_t
next_deadline (AgentSlot *self)
{
  int64_t deadline = self->paused ? INT64_MAX : agent_attempt_get_deadline (&self->attempt);

  if (!self->blocked && self->flush_ns < deadline)
    deadline = self->flush_ns;

  return deadline;
}

typedef enum
{
  EVENT_LIFE = 1 << 0,   /* the keeper has ended */
  EVENT_RUNNER = 1 << 1, /* something from the runner */
  EVENT_CHILD = 1 << 2,  /* a process has ended, or several have */
} Event;

static void
take_signal (AgentSlot *self)
{
  struct signalfd_siginfo info;

  /* It says that something has ended, not what. */
  (void) !read (self->child_fd, &info, sizeof info);
}

static unsigned
take_events (AgentSlot *self, const struct pollfd *fds)
{
  unsigned events = 0;

  events |= (fds[0].revents & ~POLLOUT) != 0 ? EVENT_RUNNER : 0;
  events |= fds[1].revents != 0 ? EVENT_LIFE : 0;
  events |= fds[2].revents != 0 ? EVENT_CHILD : 0;
  if (fds[0].revents & POLLOUT)
    self->blocked = false;
  if (events & EVENT_CHILD)
    take_signal (self);
  for (int i = 0; i < 2; i++)
    self->attempt.streams[i].events = fds[3 + i].revents;
  if (fds[5].revents != 0)
    agent_watch_take (&self->watch);

  return events;
}

/* Only what matters now, as each costs. The directories are looked at once nothing of the attempt runs any more:
 * then all is known of them. */
static void
choose_events (AgentSlot *self, struct pollfd *fds)
{
  bool runs = self->attempt.phase != AGENT_PHASE_IDLE && self->attempt.phase != AGENT_PHASE_DRAINING;

  fds[0] =
    (struct pollfd){ .fd = self->runner_fd, .events = (short) (POLLIN | (self->blocked ? POLLOUT : 0)) };
  fds[1] = (struct pollfd){ .fd = self->life_fd, .events = POLLIN };
  fds[2] = (struct pollfd){ .fd = runs ? self->child_fd : -1, .events = POLLIN };
  for (int i = 0; i < 2; i++)
    fds[3 + i] =
      (struct pollfd){ .fd = may_read (self) ? self->attempt.streams[i].fd : -1, .events = POLLIN };
  fds[5] = (struct pollfd){ .fd = self->attempt.phase == AGENT_PHASE_DRAINING ? self->watch.fd : -1,
                            .events = POLLIN };
  /* Of a debugger that writes there is nothing to note: what it wrote is read whenever we look. */
  fds[6] =
    (struct pollfd){ .fd = self->attempt.trace.is_active ? self->attempt.trace.fd : -1, .events = POLLIN };
}

/* Sleeps until something happens. */
static unsigned
wait_for_events (AgentSlot *self)
{
  int64_t deadline = next_deadline (self);
  struct timespec left = { 0 };
  struct pollfd fds[N_FDS];

  if (deadline != INT64_MAX)
    {
      int64_t left_ns = deadline - agent_now ();

      left_ns = left_ns > 0 ? left_ns : 0;
      left.tv_sec = left_ns / 1000000000;
      left.tv_nsec = left_ns % 1000000000;
    }

  /* Interrupted or not, what was not there reads as nothing. */
  choose_events (self, fds);
  (void) !ppoll (fds, self->paused ? N_FDS_PAUSED : N_FDS, deadline != INT64_MAX ? &left : NULL, NULL);
  return take_events (self, fds);
}

static void
handle_run (AgentSlot *self, DagschedFrameReader *payload)
{
  DagschedRunMessage run;

  if (self->attempt.phase != AGENT_PHASE_IDLE || self->paused || !dagsched_run_message_get (&run, payload))
    die (self, 3);

  agent_attempt_start (&self->attempt, &run, &self->scratch, &self->artifacts, &self->out);
  dagsched_run_message_clear (&run);
}

/* Who is to end has to run for it. */
static void
handle_stop (AgentSlot *self, const DagschedStopMessage *stop)
{
  if (stop->id != self->attempt.id)
    return;

  if (!self->paused)
    {
      agent_attempt_stop (&self->attempt, stop->kill);
      return;
    }
  self->waiting_stop.id = stop->id;
  self->waiting_stop.kill |= stop->kill;
  self->stop_waits = true;
}

static void
pause_slot (AgentSlot *self)
{
  if (self->paused)
    return;

  self->paused = true;
  agent_clock_stop ();
  agent_tree_pause (&self->asleep);
}

/* Whatever ended meanwhile is seen now: its signals and its pipes are still there. */
static void
resume_slot (AgentSlot *self)
{
  DagschedStopMessage stop = self->waiting_stop;

  if (!self->paused)
    return;

  self->paused = false;
  agent_clock_go ();
  agent_tree_resume (&self->asleep);
  if (self->stop_waits)
    handle_stop (self, &stop);
  self->stop_waits = false;
  self->waiting_stop = (DagschedStopMessage){ 0 };
}

static void
handle_frame (AgentSlot *self, DagschedFrameType type, DagschedFrameReader *payload)
{
  DagschedStopMessage stop;
  uint64_t id;

  if (type == DAGSCHED_FRAME_RUN)
    handle_run (self, payload);
  else if (type == DAGSCHED_FRAME_STOP && dagsched_stop_message_get (&stop, payload))
    handle_stop (self, &stop);
  else if (type == DAGSCHED_FRAME_PAUSE && dagsched_number_message_get (&id, payload))
    pause_slot (self);
  else if (type == DAGSCHED_FRAME_RESUME && dagsched_number_message_get (&id, payload))
    resume_slot (self);
  else if (type == DAGSCHED_FRAME_RELEASE && dagsched_number_message_get (&id, payload))
    {
      agent_attempt_release (&self->attempt);
      agent_watch_doubt (&self->watch);
      dagsched_number_message_put (DAGSCHED_FRAME_RELEASED, id, &self->out);
      self->flush_ns = 0;
    }
  else
    die (self, 3); /* no runner of ours */
}

static void
receive (AgentSlot *self)
{
  DagschedFrameReader payload;
  DagschedFrameType type;
  DagschedFrameStatus status;
  size_t length;
  ssize_t n_read;

  n_read =
    recv (self->runner_fd, dagsched_buffer_reserve (&self->in, RECEIVE_SIZE), RECEIVE_SIZE, MSG_DONTWAIT);
  if (n_read < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (n_read <= 0)
    die (self, 0);

  dagsched_buffer_commit (&self->in, (size_t) n_read);
  while ((status = dagsched_frame_next (&self->in, &type, &payload, &length)) == DAGSCHED_FRAME_COMPLETE)
    {
      handle_frame (self, type, &payload);
      dagsched_buffer_consume (&self->in, length);
    }
  if (status == DAGSCHED_FRAME_BROKEN)
    die (self, 3);
}

static void
flush (AgentSlot *self)
{
  while (dagsched_buffer_get_length (&self->out) > 0 && !self->blocked)
    {
      ssize_t n_sent = send (self->runner_fd, dagsched_buffer_peek (&self->out),
                             dagsched_buffer_get_length (&self->out), MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n_sent >= 0)
        dagsched_buffer_consume (&self->out, (size_t) n_sent);
      else if (errno == EAGAIN)
        self->blocked = true;
      else if (errno != EINTR)
        die (self, 0);
    }

  if (dagsched_buffer_get_length (&self->out) == 0)
    self->flush_ns = INT64_MAX;
}

/* Sends what can't wait. @idle: nothing more will come soon. */
static void
flush_when_due (AgentSlot *self, bool idle)
{
  size_t length = dagsched_buffer_get_length (&self->out);

  if (length == 0)
    return;

  if (self->flush_ns == INT64_MAX)
    self->flush_ns = agent_now () + LINGER_NS;
  if (idle || length >= LINGER_BYTES || agent_now () >= self->flush_ns)
    flush (self);
}

static void
advance (AgentSlot *self, bool child_ended)
{
  bool was_kept = self->attempt.phase == AGENT_PHASE_KEPT;

  agent_attempt_advance (&self->attempt, child_ended, &self->out);
  if (self->attempt.phase == AGENT_PHASE_KEPT && !was_kept)
    agent_watch_doubt (&self->watch);
  if (self->attempt.phase == AGENT_PHASE_DONE || (self->attempt.phase == AGENT_PHASE_KEPT && !was_kept))
    agent_attempt_finish (&self->attempt, &self->scratch, &self->artifacts, &self->out);
}

/* What it could not kill would count as left behind by the next attempt: the keeper gets it. */
static bool
is_spent (AgentSlot *self)
{
  return self->attempt.may_not_kill && self->attempt.phase == AGENT_PHASE_IDLE &&
         dagsched_buffer_get_length (&self->out) == 0;
}

static int
open_signals (void)
{
  sigset_t child;

  sigemptyset (&child);
  sigaddset (&child, SIGCHLD);
  return signalfd (-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

void
agent_slot_main (const AgentSlotParams *params)
{
  static AgentSlot self;

  self.runner_fd = params->runner_fd;
  self.life_fd = params->life_fd;
  self.child_fd = open_signals ();
  self.root = params->root;
  self.flush_ns = INT64_MAX;
  self.attempt.deadline_ns = INT64_MAX;
  self.attempt.streams[0].fd = self.attempt.streams[1].fd = -1;
  agent_watch_init (&self.watch);
  agent_artifacts_init (&self.artifacts, &self.watch, params->artifacts_are_shared);
  agent_scratch_init (&self.scratch, &self.watch, params->root, params->number);
  if (self.child_fd < 0)
    die (&self, 2);

  while (!is_spent (&self))
    {
      unsigned events = wait_for_events (&self);
      bool is_busy = self.attempt.phase != AGENT_PHASE_IDLE;

      if (events & EVENT_LIFE)
        die_with_keeper (&self);
      if (events & EVENT_RUNNER)
        receive (&self);
      /* One that has just been started has nothing to tell yet. */
      if (is_busy && !self.paused)
        advance (&self, (events & EVENT_CHILD) != 0);
      flush_when_due (&self, self.paused || self.attempt.phase == AGENT_PHASE_IDLE ||
                               self.attempt.phase == AGENT_PHASE_KEPT);
    }

  die (&self, 0);
}
