/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>

#include "base/dagsched-gtk-run-table-private.h"

G_BEGIN_DECLS

/* Tests to go to, under a title: each with its look, its name, and a note. Long lists show their beginning, and
 * more when asked. Hidden while there are none.
 *
 * Signal: "activated" (guint: number). */

#define DAGSCHED_GTK_TYPE_TEST_LINKS (dagsched_gtk_test_links_get_type ())
G_DECLARE_FINAL_TYPE (DagschedGtkTestLinks, dagsched_gtk_test_links, DAGSCHED_GTK, TEST_LINKS, GtkWidget)

typedef struct
{
  guint32 number;
  const char *note; /* (nullable) static, or of the test */
} DagschedGtkTestLink;

#define DAGSCHED_GTK_TEST_LINKS_SHOWN 20
#define DAGSCHED_GTK_TEST_LINKS_STEP 500

/* @links: of DagschedGtkTestLink; takes it. */
void dagsched_gtk_test_links_set (DagschedGtkTestLinks *self,
                                  DagschedGtkRunTable *table,
                                  const char *title,
                                  GArray *links);
/* Their looks may have changed. */
void dagsched_gtk_test_links_update (DagschedGtkTestLinks *self);

G_END_DECLS
