/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "executor/dagsched-frame-private.h"

/* What the frames say. put() appends a whole frame; get() reads a payload and is false for one that
 * is not such a message. Strings of a message that was read point into the frame. */

typedef struct
{
  uint32_t version;
  uint32_t pid;      /* of the keeper; 0 from the runner */
  const char *root;  /* the keeper's temporary directory; the runner's for artifacts */
  uint8_t temporary; /* the runner's goes once it is empty */
} DagschedHelloMessage;

void dagsched_hello_message_put (const DagschedHelloMessage *self, DagschedBuffer *buffer);
bool dagsched_hello_message_get (DagschedHelloMessage *self, DagschedFrameReader *payload);

typedef enum
{
  DAGSCHED_RUN_KEEP = 1 << 0,       /* a fixture: what it leaves running stays, and it may hand values on */
  DAGSCHED_RUN_STREAM_OUT = 1 << 1, /* standard output is forwarded whole: the runner parses it */
  DAGSCHED_RUN_EXPLAIN = 1 << 2, /* stack traces are added to standard error where it times out or crashes */
} DagschedRunFlags;

/* The values of DagschedLimit. */
typedef enum
{
  DAGSCHED_RUN_LIMIT_CPU,
  DAGSCHED_RUN_LIMIT_MEMORY,
  DAGSCHED_RUN_LIMIT_OPEN_FILES,
  DAGSCHED_RUN_LIMIT_PROCESSES,
  DAGSCHED_RUN_N_LIMITS
} DagschedRunLimit;

typedef struct
{
  uint64_t id; /* names the attempt in what follows */
  uint32_t flags;
  int64_t timeout_ns; /* 0: none */
  int64_t grace_ns;
  uint32_t stop_signal;
  uint64_t output_limit;                  /* bytes a stream */
  uint64_t limits[DAGSCHED_RUN_N_LIMITS]; /* 0: none */
  const char *workdir;                    /* "": the agent's own */
  const char *artifacts;                  /* directory to make for the attempt; "": none */
  const char **argv;                      /* NULL-terminated */
  const char **env;                       /* NULL-terminated, NAME=value; later ones win */
  const char **unset; /* NULL-terminated, names that are taken out of what the agent inherited */
} DagschedRunMessage;

/* false: too large for a frame. */
bool dagsched_run_message_put (const DagschedRunMessage *self, DagschedBuffer *buffer);
bool dagsched_run_message_get (DagschedRunMessage *self, DagschedFrameReader *payload);
/* Frees the arrays of a message that was read, not the strings. */
void dagsched_run_message_clear (DagschedRunMessage *self);

typedef struct
{
  uint64_t id;
  uint8_t kill; /* SIGKILL at once */
} DagschedStopMessage;

void dagsched_stop_message_put (const DagschedStopMessage *self, DagschedBuffer *buffer);
bool dagsched_stop_message_get (DagschedStopMessage *self, DagschedFrameReader *payload);

typedef struct
{
  uint64_t id;
  uint8_t stream;   /* 0: standard output, 1: standard error */
  uint64_t skipped; /* bytes that were cut just before these */
  const uint8_t *data;
  size_t length;
} DagschedOutputMessage;

void dagsched_output_message_put (const DagschedOutputMessage *self, DagschedBuffer *buffer);
bool dagsched_output_message_get (DagschedOutputMessage *self, DagschedFrameReader *payload);

/* What could not be done: but for the last, no process was started. */
typedef enum
{
  DAGSCHED_FAILURE_NONE,
  DAGSCHED_FAILURE_WORKDIR,
  DAGSCHED_FAILURE_EXEC,
  DAGSCHED_FAILURE_SPAWN,     /* no process, pipe or memory for one */
  DAGSCHED_FAILURE_SCRATCH,   /* no temporary directory */
  DAGSCHED_FAILURE_ARTIFACTS, /* no directory for artifacts */
  DAGSCHED_FAILURE_VALUES,    /* the values of a fixture can't be read */
} DagschedFailure;

typedef enum
{
  DAGSCHED_FINISHED_TIMED_OUT = 1 << 0,
  DAGSCHED_FINISHED_STOPPED = 1 << 1,        /* ended by a STOP */
  DAGSCHED_FINISHED_LEAKED = 1 << 2,         /* left processes behind, which were killed */
  DAGSCHED_FINISHED_KEPT = 1 << 3,           /* left processes behind, which live on in this slot */
  DAGSCHED_FINISHED_ARTIFACTS = 1 << 4,      /* left something in its artifacts directory */
  DAGSCHED_FINISHED_CORE = 1 << 5,           /* dumped core */
  DAGSCHED_FINISHED_VALUES_CUT = 1 << 6,     /* wrote more values than can be handed on */
  DAGSCHED_FINISHED_OVER_CPU = 1 << 7,       /* took more processor time than its limit */
  DAGSCHED_FINISHED_OVER_PROCESSES = 1 << 8, /* had more processes than its limit */
} DagschedFinishedFlags;

typedef struct
{
  uint64_t id;
  uint8_t failure; /* DagschedFailure */
  uint32_t error;  /* errno of the failure */
  uint32_t exit_status;
  uint32_t term_signal; /* 0: it exited */
  uint32_t flags;
  int64_t start_ns; /* CLOCK_MONOTONIC of the agent's machine */
  int64_t end_ns;
  const uint8_t *values; /* what a fixture wrote to $DAGSCHED_ENV */
  size_t values_length;
} DagschedFinishedMessage;

void dagsched_finished_message_put (const DagschedFinishedMessage *self, DagschedBuffer *buffer);
bool dagsched_finished_message_get (DagschedFinishedMessage *self, DagschedFrameReader *payload);

/* OPEN, GONE, PAUSE, RESUME, RELEASE and RELEASED: one number, the slot's or (of the latter two) the attempt's. */
void dagsched_number_message_put (DagschedFrameType type, uint64_t number, DagschedBuffer *buffer);
bool dagsched_number_message_get (uint64_t *number, DagschedFrameReader *payload);
