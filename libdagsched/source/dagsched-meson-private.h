/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/dagsched-problems-private.h"

G_BEGIN_DECLS

/* What `meson test` adds to the environment of a test. */
typedef struct _DagschedMesonEnvironment DagschedMesonEnvironment;

/* @caller is the environment to add to (transfer full). @seed is that of the random values. */
DagschedMesonEnvironment *dagsched_meson_environment_new (char **caller, guint32 seed);
void dagsched_meson_environment_free (DagschedMesonEnvironment *self);
/* @env (transfer full) is what the test's declaration says; the result is what is to be set. */
char **dagsched_meson_environment_complete (DagschedMesonEnvironment *self, char **env);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DagschedMesonEnvironment, dagsched_meson_environment_free)

/* Builds the targets with these ids, once. */
gboolean dagsched_meson_build (const char *directory, GHashTable *ids, GError **error);

G_END_DECLS
