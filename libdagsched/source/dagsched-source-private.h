/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/dagsched-source.h"

G_BEGIN_DECLS

/* The types of source that the library has. */

#define DAGSCHED_TYPE_MANIFEST_SOURCE (dagsched_manifest_source_get_type ())
G_DECLARE_FINAL_TYPE (DagschedManifestSource,
                      dagsched_manifest_source,
                      DAGSCHED,
                      MANIFEST_SOURCE,
                      DagschedSource)

#define DAGSCHED_TYPE_MESON_SOURCE (dagsched_meson_source_get_type ())
G_DECLARE_FINAL_TYPE (DagschedMesonSource, dagsched_meson_source, DAGSCHED, MESON_SOURCE, DagschedSource)

/* Whether @path is a build directory that meson has set up. */
gboolean dagsched_meson_is_build_directory (const char *path);

/* What the current directory holds that tests can be read from: its manifests and itself, if it is a
 * build directory; where there is neither, build directories right below it. */
char **dagsched_source_list_candidates (const char *directory);

G_END_DECLS
