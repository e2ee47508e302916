/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a window's frames cost, from start to stop. One at a time, as it looks into the main loop. */
typedef struct _Frames Frames;

Frames *frames_start (GtkWidget *window);

typedef struct
{
  guint n_frames;
  double seconds;
  double median_fps;  /* of the time from frame to frame; 0: fewer than two */
  double worst_ms;    /* the longest time from frame to frame */
  double paint_ms;    /* median: laying out and painting a frame */
  double apply_ms;    /* median: all that the main loop did between two frames but painting */
  double apply_share; /* of the time: the sum of that */
  double cpu_share;   /* of one processor: the main thread */
  double process_cpu; /* of one processor: all threads */
} FramesResult;

/* Frees it. */
FramesResult frames_stop (Frames *self);

G_END_DECLS
