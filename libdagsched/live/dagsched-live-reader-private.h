/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "live/dagsched-live-decode-private.h"
#include "live/dagsched-live-mailbox-private.h"
#include "live/dagsched-observer.h"

G_BEGIN_DECLS

/* The thread of an observer: reads what the publisher sends, checks it, and makes of it what the model thread has to
 * show. It builds the observer before anybody else sees it. */
typedef struct _DagschedLiveReader DagschedLiveReader;

typedef enum
{
  DAGSCHED_LIVE_NEWS_BUILT,   /* the observer can be shown */
  DAGSCHED_LIVE_NEWS_FAILED,  /* error: it never can */
  DAGSCHED_LIVE_NEWS_INFO,    /* known */
  DAGSCHED_LIVE_NEWS_CHANGES, /* changes, all */
  DAGSCHED_LIVE_NEWS_OUTPUT,  /* bytes, number, is_error, n_written */
  DAGSCHED_LIVE_NEWS_DETAILS, /* settings, attempts, number: the request */
  DAGSCHED_LIVE_NEWS_WRITTEN, /* outputs, number: the request */
  DAGSCHED_LIVE_NEWS_END,     /* end */
  DAGSCHED_LIVE_NEWS_LOST,    /* nothing more comes; error: (nullable) what is wrong with what came */
} DagschedLiveNewsKind;

typedef struct
{
  DagschedLiveNewsKind kind;
  gboolean all;
  gboolean is_error;
  guint32 number;
  guint64 n_written;
  gsize size; /* about, in memory */
  GError *error;
  GBytes *bytes;
  GPtrArray *attempts;
  DagschedOutputs *outputs;
  DagschedTest *settings;      /* (nullable) a test that has them */
  DagschedLiveChanges changes; /* of bytes */
  DagschedLiveKnown known;
  DagschedLiveEnd end;
} DagschedLiveNews;

void dagsched_live_news_free (DagschedLiveNews *news);

/* Takes @fd. @observer is not referenced, and is left alone once it is built. */
DagschedLiveReader *dagsched_live_reader_new (int fd, DagschedObserver *observer, GError **error);
/* Ends the thread. */
void dagsched_live_reader_free (DagschedLiveReader *self);
int dagsched_live_reader_get_fd (DagschedLiveReader *self); /* readable when news may be there */
/* Before news are taken; then NULL if there are none. */
void dagsched_live_reader_clear (DagschedLiveReader *self);
DagschedLiveNews *dagsched_live_reader_take (DagschedLiveReader *self);
/* Model thread: there is more than what time was left for. */
void dagsched_live_reader_wake (DagschedLiveReader *self);
/* Model thread: takes @frame. */
void dagsched_live_reader_send (DagschedLiveReader *self, GBytes *frame);

G_END_DECLS
