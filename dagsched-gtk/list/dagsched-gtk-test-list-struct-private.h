/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <adwaita.h>

#include "list/dagsched-gtk-look-chips-private.h"
#include "list/dagsched-gtk-test-list-private.h"
#include "list/dagsched-gtk-test-selection-private.h"

G_BEGIN_DECLS

/* For the files dagsched-gtk-test-list*.c. */
struct _DagschedGtkTestList
{
  GtkWidget parent_instance;

  GtkWidget *content;
  GtkSearchEntry *entry;
  GtkLabel *count;
  GtkLabel *problem;
  DagschedGtkLookChips *chips;
  GtkStack *stack;
  AdwStatusPage *no_matches;
  GtkWidget *header;
  GtkWidget *separator;
  GtkScrolledWindow *scrolled;
  GtkColumnView *view;

  DagschedRun *run;           /* (nullable) */
  DagschedGtkRunTable *table; /* (nullable) */
  DagschedGtkTestModel *model;
  DagschedGtkTestSelection *selection;
  DagschedGtkTestColumns *columns;
  DagschedTest *selected; /* (nullable) */
  GArray *matches;        /* (nullable) of guint32 */
  gboolean is_selecting;
  gboolean can_run_again;

  guint tick_id;     /* rows are to be drawn anew with the next frame; 0: none */
  guint update_id;   /* not before then is anything sorted, filtered or counted again; 0: at once */
  gboolean is_stale; /* something is to be */
  guint clock_id;
  guint fit_id;
  int fitted_width; /* for which columns were chosen */
  double restored;  /* where to scroll to once the list knows how long it is; -1: nowhere */
};

DagschedTest *dagsched_gtk_test_list_peek_test (DagschedGtkTestList *self, guint32 number); /* (nullable) */

void dagsched_gtk_test_list_focus_row (DagschedGtkTestList *self); /* the selected one, if it is there */
void dagsched_gtk_test_list_scroll_to (DagschedGtkTestList *self, guint32 number);

/* Sorts and filters anew; @is_asked: somebody asked for that just now. */
void dagsched_gtk_test_list_refresh (DagschedGtkTestList *self, gboolean is_asked);
void dagsched_gtk_test_list_adjustment_changed (DagschedGtkTestList *self);

/* Says what there is to say of what is shown now. */
void dagsched_gtk_test_list_update_page (DagschedGtkTestList *self);
void dagsched_gtk_test_list_sort_changed (gpointer user_data);
void dagsched_gtk_test_list_entry_changed (DagschedGtkTestList *self);
void dagsched_gtk_test_list_looks_changed (DagschedGtkTestList *self);

void dagsched_gtk_test_list_fill (DagschedGtkTestList *self);
void dagsched_gtk_test_list_table_changed (DagschedGtkTestList *self, GArray *numbers);
void dagsched_gtk_test_list_table_reset (DagschedGtkTestList *self);
void dagsched_gtk_test_list_queue_update (DagschedGtkTestList *self);
void dagsched_gtk_test_list_start_clock (DagschedGtkTestList *self);

G_END_DECLS
