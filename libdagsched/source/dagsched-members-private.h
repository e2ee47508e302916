/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/dagsched-graph.h"
#include "source/dagsched-json-private.h"

G_BEGIN_DECLS

/* The members that a test has in a manifest, in its defaults and in an overrides file: one table,
 * so that they can't drift apart. */

typedef enum
{
  DAGSCHED_MEMBERS_TEST = 1 << 0,
  DAGSCHED_MEMBERS_DEFAULTS = 1 << 1,
  DAGSCHED_MEMBERS_OVERRIDE = 1 << 2,
} DagschedMembersUse;

/* A dependency that was read. Its test may be declared later, in another file. */
typedef struct
{
  DagschedTest *dependent;
  const char *name;
  const char *place; /* of its "depends"; NULL: the dependent's origin says it */
  guint32 index;     /* in "depends" */
  guint8 condition;
  gboolean of_pattern; /* laid over whatever a pattern matches: not over the dependency itself */
} DagschedPending;

typedef struct
{
  const char *directory; /* what paths are relative to; absolute */
  DagschedMembersUse use;
  gboolean of_pattern;
  const char *depends_place; /* (nullable) for pending dependencies */
  GArray *pending;           /* of DagschedPending */
  GStringChunk *names;       /* of pending dependencies */
} DagschedMembersContext;

/* Lays the members of @object over @test. Where @object says what is wrong, @test is left as it was. */
void dagsched_members_apply (const DagschedMembersContext *context,
                             JsonObject *object,
                             const DagschedPlace *place,
                             DagschedTest *test);
/* Lays the defaults over @test that @object does not replace. They were found good before. */
void dagsched_members_apply_defaults (const DagschedMembersContext *context,
                                      JsonObject *defaults,
                                      const DagschedPlace *place,
                                      JsonObject *object,
                                      DagschedTest *test);
/* The program and its arguments: (transfer full), or NULL with a problem. */
char **dagsched_members_read_command (const char *directory, JsonNode *node, const DagschedPlace *place);
/* A name that every report can carry, or NULL with a problem. */
const char *dagsched_members_read_name (JsonNode *node, const DagschedPlace *place);
gboolean dagsched_members_is_name (const char *name);
/* Adds problems for members of @object that are not among @known. */
void
dagsched_members_check_unknown (JsonObject *object, const DagschedPlace *place, const char *const *known);

/* "TERM" for SIGTERM; NULL: none. */
const char *dagsched_members_signal_name (int signum);

/* Adds the resources that @node declares to @graph. */
void dagsched_members_add_resources (JsonNode *node, const DagschedPlace *place, DagschedGraph *graph);
/* Adds pending dependencies to @graph. Those on tests that are not there stay its to report. */
gboolean dagsched_members_add_pending (GArray *pending, DagschedGraph *graph, GError **error);

G_END_DECLS
