/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "agent-attempt.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent-core.h"
#include "agent-environment.h"
#include "agent-spawn.h"

/* What a pipe costs that somebody outside the attempt holds. */
#define DRAIN_NS (100 * 1000000ll)
#define VALUES_MAX (256 * 1024)
/* No limit of the system's own counts the processes of one test; and nobody tells that there are more. */
#define COUNT_NS (20 * 1000000ll)
#define ARTIFACTS_VARIABLE "DAGSCHED_ARTIFACTS="

extern char **environ;

static int64_t
add_time (int64_t time_ns, int64_t duration_ns)
{
  return duration_ns > INT64_MAX - time_ns ? INT64_MAX : time_ns + duration_ns;
}

/* One that was told to end has no limit any more but its grace; and debuggers are none of its processes. */
static bool
is_counting (const AgentAttempt *self)
{
  return self->process_limit > 0 && self->phase == AGENT_PHASE_RUNNING && !self->stopping &&
         !self->trace.is_active;
}

static int64_t
earlier (int64_t a, int64_t b)
{
  return a < b ? a : b;
}

int64_t
agent_attempt_get_deadline (const AgentAttempt *self)
{
  int64_t deadline = earlier (self->deadline_ns, agent_trace_get_deadline (&self->trace));

  return is_counting (self) ? earlier (self->count_ns, deadline) : deadline;
}

static void
close_write_fds (AgentAttempt *self)
{
  for (int i = 0; i < 2; i++)
    {
      if (self->write_fds[i] >= 0)
        close (self->write_fds[i]);
      self->write_fds[i] = -1;
    }
}

static void
fail (AgentAttempt *self, DagschedFailure failure, int error)
{
  self->finished.failure = (uint8_t) failure;
  self->finished.error = (uint32_t) error;
  self->finished.end_ns = agent_monotonic ();
  self->phase = AGENT_PHASE_DONE;
  close_write_fds (self);
  for (int i = 0; i < 2; i++)
    agent_stream_close (&self->streams[i]);
}

/* A runner that is itself a test passes its own variables down: they are not this attempt's. */
static char **
get_inherited (void)
{
  static const char *not_ours[] = { "DAGSCHED_ENV", "DAGSCHED_ARTIFACTS", NULL };
  static char **inherited;

  if (inherited == NULL)
    inherited = agent_environment_build (environ, not_ours, not_ours + 2, not_ours + 2);

  return inherited;
}

static char **
build_environment (AgentAttempt *self, const DagschedRunMessage *run, AgentScratch *scratch)
{
  static char artifacts[sizeof ARTIFACTS_VARIABLE + PATH_MAX];
  const char *own[4] = { scratch->tmp_definition };
  size_t n_own = 1;

  if (run->artifacts[0] != '\0')
    {
      snprintf (artifacts, sizeof artifacts, ARTIFACTS_VARIABLE "%s", run->artifacts);
      own[n_own++] = artifacts;
    }
  if (self->keep)
    own[n_own++] = scratch->env_definition;

  return agent_environment_build (get_inherited (), run->unset, own, run->env);
}

/* The process itself: pipes, environment, start. */
static void
spawn (AgentAttempt *self, const DagschedRunMessage *run, AgentScratch *scratch)
{
  bool whole = (run->flags & DAGSCHED_RUN_STREAM_OUT) != 0;
  int out_fd = agent_stream_open (&self->streams[0], 0, run->output_limit, whole);
  int err_fd = out_fd < 0 ? -1 : agent_stream_open (&self->streams[1], 1, run->output_limit, false);
  DagschedFailure failure = DAGSCHED_FAILURE_SPAWN;
  int error = errno;

  self->pid = -1;
  if (err_fd >= 0)
    {
      char **env = build_environment (self, run, scratch);

      self->pid = agent_spawn (&(AgentSpawn){ .workdir = run->workdir,
                                              .argv = run->argv,
                                              .environ = env,
                                              .out_fd = out_fd,
                                              .err_fd = err_fd,
                                              .limits = run->limits,
                                              .is_traceable = self->explains },
                               &failure, &error);
      free (env);
    }

  self->write_fds[0] = out_fd;
  self->write_fds[1] = err_fd;
  if (self->pid < 0)
    fail (self, failure, error);
}

void
agent_attempt_start (AgentAttempt *self,
                     const DagschedRunMessage *run,
                     AgentScratch *scratch,
                     AgentArtifacts *artifacts,
                     DagschedBuffer *out)
{
  *self = (AgentAttempt){
    .phase = AGENT_PHASE_RUNNING,
    .id = run->id,
    .keep = (run->flags & DAGSCHED_RUN_KEEP) != 0,
    .explains = (run->flags & DAGSCHED_RUN_EXPLAIN) != 0,
    .stop_signal = (int) run->stop_signal,
    .grace_ns = run->grace_ns,
    .cpu_limit = run->limits[DAGSCHED_RUN_LIMIT_CPU],
    .process_limit = run->limits[DAGSCHED_RUN_LIMIT_PROCESSES],
    .streams = { { .fd = -1 }, { .fd = -1 } },
    .write_fds = { -1, -1 },
    .finished = { .id = run->id, .start_ns = agent_monotonic () },
  };
  self->count_ns = agent_now ();
  self->deadline_ns = run->timeout_ns > 0 ? add_time (self->count_ns, run->timeout_ns) : INT64_MAX;
  if (self->explains)
    {
      self->workdir = strdup (run->workdir);
      self->program = strdup (run->argv[0]);
    }

  if (!agent_scratch_prepare (scratch))
    fail (self, DAGSCHED_FAILURE_SCRATCH, errno);
  else if (run->artifacts[0] != '\0' && !agent_artifacts_begin (artifacts, run->artifacts))
    fail (self, DAGSCHED_FAILURE_ARTIFACTS, errno);
  else
    spawn (self, run, scratch);

  if (self->phase == AGENT_PHASE_DONE)
    agent_attempt_finish (self, scratch, artifacts, out);
}

static void
kill_tree (AgentAttempt *self)
{
  AgentTreeTally tally = agent_tree_kill (NULL, 0);

  self->may_not_kill = !tally.incomplete && tally.n_found > 0 && tally.n_denied == tally.n_found;
  self->deadline_ns = tally.incomplete ? add_time (agent_now (), AGENT_TREE_AGAIN_NS) : INT64_MAX;
}

static void
begin_killing (AgentAttempt *self)
{
  self->killing = true;
  kill_tree (self);
}

static void
begin_stopping (AgentAttempt *self)
{
  if (self->stopping)
    return;

  self->stopping = true;
  if (self->grace_ns == 0)
    {
      begin_killing (self);
      return;
    }

  self->deadline_ns = add_time (agent_now (), self->grace_ns);
  agent_tree_tell (self->stop_signal, &self->told);
}

void
agent_attempt_stop (AgentAttempt *self, bool kill)
{
  if (self->phase == AGENT_PHASE_CRASHED)
    agent_trace_end (&self->trace);
  if (self->phase != AGENT_PHASE_RUNNING)
    return;

  /* Whatever comes first says why it ended. */
  if (!self->stopping && !self->trace.is_active)
    self->finished.flags |= DAGSCHED_FINISHED_STOPPED;
  agent_trace_end (&self->trace);
  if (!kill)
    begin_stopping (self);
  else if (!self->killing)
    {
      self->stopping = true;
      begin_killing (self);
    }
}

void
agent_attempt_release (AgentAttempt *self)
{
  if (self->phase != AGENT_PHASE_KEPT)
    return;

  agent_tree_kill_all ();
  for (int i = 0; i < 2; i++)
    agent_stream_close (&self->streams[i]);
  self->phase = AGENT_PHASE_IDLE;
}

/* Told to end by SIGXCPU; or it did not, and was killed for it. */
static bool
is_over_cpu (AgentAttempt *self, const siginfo_t *info, const struct rusage *usage)
{
  return self->cpu_limit > 0 && info->si_code != CLD_EXITED &&
         (info->si_status == SIGXCPU ||
          (info->si_status == SIGKILL && !self->stopping &&
           (uint64_t) (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) >= self->cpu_limit));
}

static void
note_end (AgentAttempt *self, const siginfo_t *info, const struct rusage *usage)
{
  if (is_over_cpu (self, info, usage))
    self->finished.flags |= DAGSCHED_FINISHED_OVER_CPU;
  self->finished.end_ns = agent_monotonic ();
  if (info->si_code == CLD_EXITED)
    self->finished.exit_status = (uint32_t) info->si_status & 0xff;
  else
    {
      self->finished.term_signal = (uint32_t) info->si_status;
      self->finished.flags |= info->si_code == CLD_DUMPED ? DAGSCHED_FINISHED_CORE : 0;
    }
}

/* Reaps whatever has ended. Returns whether something is alive still. */
static bool
reap (AgentAttempt *self)
{
  for (;;)
    {
      siginfo_t info = { 0 };
      struct rusage usage;

      /* The C library's function does not tell the usage. */
      if (syscall (SYS_waitid, P_ALL, 0, &info, WEXITED | WNOHANG, &usage) < 0)
        {
          if (errno == EINTR)
            continue;
          return false;
        }
      if (info.si_pid == 0)
        return true;
      agent_trace_note_end (&self->trace, info.si_pid, info.si_code != CLD_EXITED || info.si_status != 0);
      if (info.si_pid == self->pid && self->phase == AGENT_PHASE_RUNNING)
        {
          note_end (self, &info, &usage);
          close_write_fds (self);
          self->phase = AGENT_PHASE_LEFTOVER;
        }
    }
}

/* The main process has ended, something else has not. If it died of its signal it had no handler that would
 * start anything: what it forked just before that was not told yet. */
static void
handle_leftover (AgentAttempt *self, bool child_ended)
{
  if (self->keep && !self->stopping)
    {
      self->phase = AGENT_PHASE_KEPT;
      self->finished.flags |= DAGSCHED_FINISHED_KEPT;
      self->deadline_ns = INT64_MAX;
    }
  else if (!self->stopping && !self->killing)
    {
      self->finished.flags |= DAGSCHED_FINISHED_LEAKED;
      begin_killing (self);
    }
  /* Told to end, it has the rest of its grace. */
  else if (child_ended && !self->killing && (int) self->finished.term_signal == self->stop_signal)
    agent_tree_tell (self->stop_signal, &self->told);
}

static void
tell_way (AgentAttempt *self, const char *way, DagschedBuffer *out)
{
  char line[768];
  int length = snprintf (line, sizeof line, "--- dagsched: it crashed; %s\n", way);

  if (length >= (int) sizeof line)
    length = (int) sizeof line - 1;
  agent_stream_drain (&self->streams[1], self->id, out);
  agent_stream_add (&self->streams[1], self->id, (const uint8_t *) line, (size_t) length, out);
}

/* Nothing of it is left, and all that it wrote is there. */
static void
end_draining (AgentAttempt *self, DagschedBuffer *out)
{
  int64_t lifetime_ns = self->finished.end_ns - self->finished.start_ns;
  AgentCrash crash = { .pid = self->pid,
                       .signum = (int) self->finished.term_signal,
                       .has_dumped = (self->finished.flags & DAGSCHED_FINISHED_CORE) != 0,
                       .lifetime_ns = lifetime_ns,
                       .workdir = self->workdir };

  self->phase = AGENT_PHASE_DONE;
  if (!self->explains || self->stopping || !agent_core_is_crash (crash.signum))
    return;

  self->core = agent_core_find (&crash);
  if (self->core == NULL)
    {
      tell_way (self, crash.way, out);
      return;
    }

  self->phase = AGENT_PHASE_CRASHED;
  self->deadline_ns = INT64_MAX;
  agent_trace_begin_core (&self->trace, self->pid, self->core, self->program, self->workdir);
}

static void
handle_deadline (AgentAttempt *self, DagschedBuffer *out)
{
  if (self->phase == AGENT_PHASE_DRAINING)
    {
      self->finished.flags |= DAGSCHED_FINISHED_LEAKED;
      end_draining (self, out);
    }
  else if (self->stopping || self->killing)
    begin_killing (self);
  else
    {
      self->finished.flags |= DAGSCHED_FINISHED_TIMED_OUT;
      if (self->explains && self->phase == AGENT_PHASE_RUNNING)
        {
          self->deadline_ns = INT64_MAX;
          agent_trace_begin (&self->trace);
        }
      else
        begin_stopping (self);
    }
}

/* What has timed out is told to end once it was looked at, unless it does by itself. */
static void
advance_trace (AgentAttempt *self, DagschedBuffer *out)
{
  if (self->phase == AGENT_PHASE_RUNNING &&
      agent_trace_advance (&self->trace, &self->streams[1], self->id, out))
    return;

  agent_trace_end (&self->trace);
  begin_stopping (self);
}

static void
advance_crashed (AgentAttempt *self, DagschedBuffer *out)
{
  bool alive = reap (self);

  if (self->trace.is_active && agent_trace_advance (&self->trace, &self->streams[1], self->id, out))
    return;

  agent_trace_end (&self->trace);
  if (alive)
    kill_tree (self);
  if (!alive || self->may_not_kill)
    self->phase = AGENT_PHASE_DONE;
}

static void
count_processes (AgentAttempt *self)
{
  int64_t now = agent_now ();

  if (now < self->count_ns)
    return;

  self->count_ns = add_time (now, COUNT_NS);
  if (agent_tree_count (self->process_limit) <= self->process_limit)
    return;

  self->finished.flags |= DAGSCHED_FINISHED_OVER_PROCESSES;
  self->stopping = true;
  begin_killing (self);
}

static bool
read_streams (AgentAttempt *self, DagschedBuffer *out)
{
  bool ended = true;

  for (int i = 0; i < 2; i++)
    ended &= agent_stream_read (&self->streams[i], self->id, out) == AGENT_STREAM_ENDED;

  return ended;
}

void
agent_attempt_advance (AgentAttempt *self, bool child_ended, DagschedBuffer *out)
{
  bool alive, ended;

  if (self->phase == AGENT_PHASE_IDLE || self->phase == AGENT_PHASE_DONE)
    return;
  if (self->phase == AGENT_PHASE_CRASHED)
    {
      advance_crashed (self, out);
      return;
    }
  if (self->phase == AGENT_PHASE_KEPT)
    {
      reap (self);
      for (int i = 0; i < 2; i++)
        agent_stream_discard (&self->streams[i]);
      return;
    }

  alive = self->phase != AGENT_PHASE_DRAINING && (!child_ended || reap (self));
  ended = read_streams (self, out);

  if (is_counting (self))
    count_processes (self);
  if (self->deadline_ns != INT64_MAX && agent_now () >= self->deadline_ns)
    handle_deadline (self, out);
  if (self->trace.is_active && self->phase != AGENT_PHASE_CRASHED)
    advance_trace (self, out);

  if (self->phase == AGENT_PHASE_LEFTOVER && alive)
    handle_leftover (self, child_ended);
  if (self->killing && child_ended && alive)
    kill_tree (self);
  if (self->may_not_kill && self->phase == AGENT_PHASE_RUNNING)
    {
      self->finished.end_ns = agent_monotonic ();
      self->finished.term_signal = SIGKILL;
      close_write_fds (self);
      self->phase = AGENT_PHASE_LEFTOVER;
    }

  if (self->phase == AGENT_PHASE_LEFTOVER && (!alive || self->may_not_kill))
    {
      self->phase = AGENT_PHASE_DRAINING;
      self->deadline_ns = add_time (agent_now (), DRAIN_NS);
    }
  if (self->phase == AGENT_PHASE_DRAINING && ended)
    end_draining (self, out);
  if (self->phase == AGENT_PHASE_CRASHED)
    advance_crashed (self, out);
}

static void
take_values (AgentAttempt *self, AgentScratch *scratch, char *values, size_t size)
{
  bool cut = false;
  ssize_t length = agent_scratch_take_values (scratch, values, size, &cut);
  bool passed = self->finished.failure == DAGSCHED_FAILURE_NONE && self->finished.term_signal == 0 &&
                self->finished.exit_status == 0;

  if (length < 0 && passed)
    {
      self->finished.failure = DAGSCHED_FAILURE_VALUES;
      self->finished.error = (uint32_t) errno;
    }
  self->finished.values_length = length > 0 ? (size_t) length : 0;
  self->finished.values = (const uint8_t *) values;
  self->finished.flags |= cut ? DAGSCHED_FINISHED_VALUES_CUT : 0;
}

void
agent_attempt_finish (AgentAttempt *self,
                      AgentScratch *scratch,
                      AgentArtifacts *artifacts,
                      DagschedBuffer *out)
{
  static char values[VALUES_MAX];

  for (int i = 0; i < 2; i++)
    {
      agent_stream_drain (&self->streams[i], self->id, out);
      agent_stream_flush (&self->streams[i], self->id, out);
      if (self->phase != AGENT_PHASE_KEPT)
        agent_stream_close (&self->streams[i]);
    }

  if (agent_artifacts_end (artifacts))
    self->finished.flags |= DAGSCHED_FINISHED_ARTIFACTS;

  if (self->keep)
    take_values (self, scratch, values, sizeof values);
  if (self->may_not_kill)
    self->finished.flags |= DAGSCHED_FINISHED_LEAKED;

  dagsched_finished_message_put (&self->finished, out);
  agent_pid_list_clear (&self->told);
  free (self->workdir);
  free (self->program);
  free (self->core);
  self->workdir = self->program = self->core = NULL;
  self->deadline_ns = INT64_MAX;
  if (self->phase == AGENT_PHASE_DONE)
    self->phase = AGENT_PHASE_IDLE;
}
