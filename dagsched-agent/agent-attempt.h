/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "agent-artifacts.h"
#include "agent-clock.h"
#include "agent-scratch.h"
#include "agent-stream.h"
#include "agent-trace.h"
#include "agent-tree.h"

typedef enum
{
  AGENT_PHASE_IDLE,
  AGENT_PHASE_RUNNING,  /* its main process lives */
  AGENT_PHASE_LEFTOVER, /* that has ended, something that it left has not */
  AGENT_PHASE_DRAINING, /* no process is left, but somebody outside holds a pipe */
  AGENT_PHASE_CRASHED,  /* neither, and its core file is being looked at */
  AGENT_PHASE_DONE,     /* nothing more to wait for */
  AGENT_PHASE_KEPT,     /* finished; what it left lives on until it is released */
} AgentPhase;

/* The attempt that a slot carries out. */
typedef struct
{
  AgentPhase phase;
  uint64_t id;
  pid_t pid;
  bool keep;
  bool stopping; /* was told to end */
  bool killing;  /* and now must */
  bool may_not_kill;
  int stop_signal;
  AgentPidList told; /* who got that */
  int64_t grace_ns;
  uint64_t cpu_limit;     /* seconds; 0: none */
  uint64_t process_limit; /* 0: none */
  int64_t count_ns;       /* when its processes are counted next, while they are */
  int64_t deadline_ns;    /* of the phase, agent_now(); INT64_MAX: none */
  bool explains;          /* where it was when it timed out or crashed */
  AgentTrace trace;
  char *workdir; /* for that */
  char *program;
  char *core;
  AgentStream streams[2];
  /* The other ends, held open as long as the main process lives: that it closes its own is no event. */
  int write_fds[2];
  DagschedFinishedMessage finished;
} AgentAttempt;

/* When something is to be done though nothing happens; INT64_MAX: never. */
int64_t agent_attempt_get_deadline (const AgentAttempt *self);

/* Starts the process. What goes out is appended to @out: a FINISHED at once where that can't be done. */
void agent_attempt_start (AgentAttempt *self,
                          const DagschedRunMessage *run,
                          AgentScratch *scratch,
                          AgentArtifacts *artifacts,
                          DagschedBuffer *out);
/* Ends it early, by its signal or, with @kill, at once. */
void agent_attempt_stop (AgentAttempt *self, bool kill);
/* Ends what was kept. */
void agent_attempt_release (AgentAttempt *self);
/* Something has happened or a deadline has passed: takes in what there is, and moves on. @child_ended: there
 * was a SIGCHLD. */
void agent_attempt_advance (AgentAttempt *self, bool child_ended, DagschedBuffer *out);
/* The attempt is DONE or KEPT now: appends the rest of its output and FINISHED. */
void agent_attempt_finish (AgentAttempt *self,
                           AgentScratch *scratch,
                           AgentArtifacts *artifacts,
                           DagschedBuffer *out);
