/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined(DAGSCHED_INSIDE) && !defined(DAGSCHED_COMPILATION)
#error "Only <dagsched.h> can be included directly."
#endif

#include "model/dagsched-graph.h"

G_BEGIN_DECLS

#define DAGSCHED_TYPE_SOURCE (dagsched_source_get_type ())

/* Where a graph is read from. */
DAGSCHED_AVAILABLE_IN_1_0
G_DECLARE_DERIVABLE_TYPE (DagschedSource, dagsched_source, DAGSCHED, SOURCE, GObject)

/**
 * DagschedSourceClass:
 * @parent_class: the parent class
 * @load: implements dagsched_source_load()
 * @rebuild: implements dagsched_source_rebuild(); not set: nothing is ever built
 *
 * The class of a source.
 *
 * Since: 1.0
 */
struct _DagschedSourceClass
{
  GObjectClass parent_class;

  gboolean (*load) (DagschedSource *self, DagschedGraph *graph, GError **error);
  gboolean (*rebuild) (DagschedSource *self, GListModel *tests, GError **error);

  /*< private >*/
  gpointer padding[8];
};

/* @type: "manifest", "meson", …; NULL: recognised by content. @path NULL: what is found in the current directory. */
DAGSCHED_AVAILABLE_IN_1_0
DagschedSource *dagsched_source_new_for_path (const char *path, const char *type, GError **error);
DAGSCHED_AVAILABLE_IN_1_0
const char *const *dagsched_source_list_types (void);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_source_get_path (DagschedSource *self);
DAGSCHED_AVAILABLE_IN_1_0
const char *dagsched_source_get_type_name (DagschedSource *self);
/* Adds its tests, dependencies and resources to @graph, and names it if it has no name yet. */
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_source_load (DagschedSource *self, DagschedGraph *graph, GError **error);
/* Builds what @tests need (a GListModel of DagschedTest, of any source). */
DAGSCHED_AVAILABLE_IN_1_0
gboolean dagsched_source_rebuild (DagschedSource *self, GListModel *tests, GError **error);

G_END_DECLS
