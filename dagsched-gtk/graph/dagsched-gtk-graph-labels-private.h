/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/dagsched-gtk-graph-scene-private.h"
#include "graph/dagsched-gtk-graph-style-private.h"

G_BEGIN_DECLS

/* The texts on cards: laid out once, as long as they are in sight. */
typedef struct _DagschedGtkGraphLabels DagschedGtkGraphLabels;

/* More cards in sight have no text: it would cost more than a frame. */
#define DAGSCHED_GTK_MOST_LABELS 420

/* @context: for these texts alone. */
DagschedGtkGraphLabels *dagsched_gtk_graph_labels_new (PangoContext *context);
void dagsched_gtk_graph_labels_free (DagschedGtkGraphLabels *self);
/* All texts must be laid out again: another font, another graph. */
void dagsched_gtk_graph_labels_forget (DagschedGtkGraphLabels *self);

/* Name and caption of a test; @is_near: both fit, else the name alone, larger. (transfer none) */
PangoLayout *dagsched_gtk_graph_labels_get_name (DagschedGtkGraphLabels *self,
                                                 const DagschedGtkGraphScene *scene,
                                                 guint32 test,
                                                 gboolean is_near);
PangoLayout *dagsched_gtk_graph_labels_get_caption (DagschedGtkGraphLabels *self,
                                                    const DagschedGtkGraphScene *scene,
                                                    guint32 test);
/* Where they stand on a card. */
float dagsched_gtk_graph_labels_get_name_top (PangoLayout *name, gboolean is_near);
float dagsched_gtk_graph_labels_get_caption_top (PangoLayout *caption);

/* "Passed · 1.24 s" */
char *dagsched_gtk_graph_labels_describe (const DagschedGtkRunTable *table, guint32 test);

G_END_DECLS
