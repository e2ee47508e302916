/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "run/dagsched-run.h"

G_BEGIN_DECLS

/* What goes over a live socket. Both ends are on one machine, so numbers are as this machine has them; a peer
 * of another kind fails at the magic number.
 *
 * A frame is a header, and a payload of at most DAGSCHED_LIVE_MAX_PAYLOAD bytes. What may be larger is a
 * *document*: a sealed memory file whose descriptor comes along with the frame. So a snapshot of any size takes a few
 * bytes of a socket's buffer, goes to several observers at once, and stays there for one that reads it after
 * the run has ended. */

#define DAGSCHED_LIVE_MAGIC 0x5647534cu
#define DAGSCHED_LIVE_VERSION 2u
#define DAGSCHED_LIVE_MAX_PAYLOAD (64u * 1024)
#define DAGSCHED_LIVE_MAX_DOCUMENT (512u * 1024 * 1024)
#define DAGSCHED_LIVE_MAX_TEXT (16u * 1024) /* of one reason, name or path in a frame */
#define DAGSCHED_LIVE_MAX_TESTS (1u << 22)
#define DAGSCHED_LIVE_MAX_WORKERS (1u << 16)

typedef enum
{
  /* From the publisher. */
  DAGSCHED_LIVE_INFO = 1, /* first of all; again when it changes */
  DAGSCHED_LIVE_PLAN,     /* document, once */
  DAGSCHED_LIVE_STATE,    /* document: DagschedLiveChanges of all tests */
  DAGSCHED_LIVE_CHANGES,  /* DagschedLiveChanges */
  DAGSCHED_LIVE_OUTPUT,   /* DagschedLiveOutput, bytes */
  DAGSCHED_LIVE_DETAILS,  /* document; DagschedLiveAnswer */
  DAGSCHED_LIVE_WRITTEN,  /* document; DagschedLiveAnswer */
  DAGSCHED_LIVE_END,

  /* From an observer. */
  DAGSCHED_LIVE_OBSERVE = 64, /* DagschedLiveObserve: whoever does not send it gets INFO and nothing else */
  DAGSCHED_LIVE_CANCEL,       /* DagschedLiveCancel */
  DAGSCHED_LIVE_LOAD,         /* DagschedLiveLoad: DETAILS */
  DAGSCHED_LIVE_LOAD_WRITTEN, /* DagschedLiveLoad: WRITTEN */
  DAGSCHED_LIVE_FOLLOW,       /* DagschedLiveFollow */
} DagschedLiveFrameType;

typedef struct
{
  guint32 length; /* of the payload */
  guint16 type;
  guint16 unused;
} DagschedLiveHeader;

/* INFO: then the name and the path of the log, neither with a NUL. */
typedef struct
{
  guint32 magic;
  guint32 version;
  gint64 started_at; /* µs since 1970; 0: not yet */
  gint32 pid;
  guint32 n_tests;
  guint32 name_length;
  guint32 log_length;
} DagschedLiveInfoRecord;

typedef struct
{
  guint32 magic;
  guint32 version;
} DagschedLiveObserve;

typedef struct
{
  guint32 kill;
} DagschedLiveCancel;

typedef struct
{
  guint32 request; /* of the observer's own choice */
  guint32 number;
} DagschedLiveLoad;

typedef struct
{
  guint32 number;
  guint32 follow;
} DagschedLiveFollow;

typedef struct
{
  guint32 request;
} DagschedLiveAnswer;

typedef struct
{
  guint32 number;
  guint32 is_error;
  guint64 n_written; /* bytes of the stream by the end of this */
} DagschedLiveOutput;

/* END: then the problem and the stall, neither with a NUL. */
typedef struct
{
  double elapsed;
  guint32 verdict;
  guint32 problem_length; /* 0: none */
  guint32 stall_length;   /* 0: none */
  guint32 unused;
} DagschedLiveEndRecord;

/* PLAN: the header, the tests, the dependencies, the texts: of each test its name, its suites and its labels, each
 * with a NUL. */
typedef struct
{
  guint32 n_tests;
  guint32 n_workers;
  guint32 n_dependencies;
  guint32 unused;
  guint64 text_size;
} DagschedLivePlanHeader;

typedef struct
{
  double expected_duration;
  double weight;
  guint32 n_dependencies;
  guint32 n_suites;
  guint32 n_labels;
  guint32 repetition;
} DagschedLivePlanTest;

/* A dependency is a number and a condition: see these. */
#define DAGSCHED_LIVE_PACK(number, condition) (((number) << 2) | (guint32) (condition))
#define DAGSCHED_LIVE_NUMBER(packed) ((packed) >> 2)
#define DAGSCHED_LIVE_CONDITION(packed) ((DagschedCondition) ((packed) &3))

/* STATE and CHANGES: the header, the spans, the workers, the tests, the reasons. */
typedef struct
{
  gint64 started_us; /* g_get_monotonic_time() at the start of the run; 0: not started */
  gint64 started_at; /* µs since 1970; 0: not started */
  guint32 n_spans;
  guint32 n_workers;
  guint32 n_tests;
  guint32 text_size;
} DagschedLiveChangesHeader;

typedef struct
{
  double start;
  double duration;
  guint32 attempt;
  guint32 worker;
  guint8 outcome;
  guint8 will_retry;
  guint16 unused;
  guint32 unused_too;
} DagschedLiveSpan;

typedef struct
{
  double since;
  float utilization;
  float recent;
  guint32 number;
  guint32 test; /* DAGSCHED_RUN_NO_TEST: none */
  guint32 state;
  guint32 unused;
} DagschedLiveWorker;

/* Its spans and its reason are the next ones of theirs. Of STATE all of its spans, else those that are new. */
typedef struct
{
  guint32 number;
  guint32 n_attempts;
  guint32 blocked_by; /* DAGSCHED_RUN_NO_TEST: none */
  guint32 n_spans;
  guint32 reason_length;
  guint8 state;
  guint8 outcome;
  guint8 flags;
  guint8 unused;
} DagschedLiveTest;

/* DETAILS: the header, the settings as a line of a run log, then for each attempt this and its bytes: reason,
 * artifacts, output, errors. */
typedef struct
{
  double start;
  double duration;
  guint64 output_length;
  guint64 error_length;
  guint32 reason_length;
  guint32 artifacts_length;
  guint32 number;
  guint32 worker;
  gint32 exit_status;
  gint32 term_signal;
  guint8 outcome;
  guint8 flags;
  guint8 will_retry;
  guint8 has; /* DAGSCHED_LIVE_HAS_… */
  guint32 unused;
} DagschedLiveAttempt;

#define DAGSCHED_LIVE_HAS_REASON 1u
#define DAGSCHED_LIVE_HAS_ARTIFACTS 2u
#define DAGSCHED_LIVE_HAS_OUTPUT 4u
#define DAGSCHED_LIVE_HAS_ERROR 8u

typedef struct
{
  guint32 n_attempts;
  guint32 settings_length;
} DagschedLiveDetailsHeader;

/* WRITTEN: the header, standard output, standard error. Of an attempt that is running; else all is nothing. */
typedef struct
{
  guint64 n_written[2]; /* bytes, with those that were cut */
  guint64 lengths[2];
} DagschedLiveWrittenHeader;

G_STATIC_ASSERT (sizeof (DagschedLiveHeader) == 8);
G_STATIC_ASSERT (sizeof (DagschedLiveInfoRecord) == 32);
G_STATIC_ASSERT (sizeof (DagschedLivePlanHeader) == 24);
G_STATIC_ASSERT (sizeof (DagschedLivePlanTest) == 32);
G_STATIC_ASSERT (sizeof (DagschedLiveChangesHeader) == 32);
G_STATIC_ASSERT (sizeof (DagschedLiveSpan) == 32);
G_STATIC_ASSERT (sizeof (DagschedLiveWorker) == 32);
G_STATIC_ASSERT (sizeof (DagschedLiveTest) == 24);
G_STATIC_ASSERT (sizeof (DagschedLiveAttempt) == 64);
G_STATIC_ASSERT (sizeof (DagschedLiveOutput) == 16);
G_STATIC_ASSERT (sizeof (DagschedLiveDetailsHeader) == 8);
G_STATIC_ASSERT (sizeof (DagschedLiveWrittenHeader) == 32);
G_STATIC_ASSERT (sizeof (DagschedLiveEndRecord) == 24);

G_END_DECLS
