/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/dagsched-manifest.h"

G_BEGIN_DECLS

/* What a test has that says nothing, in seconds. */
#define DAGSCHED_MANIFEST_DEFAULT_TIMEOUT 300

/* Adds what the manifest @path declares, and the files that it includes, to @graph. */
gboolean dagsched_manifest_read (const char *path, DagschedGraph *graph, GError **error);

typedef enum
{
  DAGSCHED_MANIFEST_KIND_NONE,
  DAGSCHED_MANIFEST_KIND_MANIFEST,
  DAGSCHED_MANIFEST_KIND_OVERRIDES,
} DagschedManifestKind;

/* What the regular file @path looks like, without parsing it: a broken manifest is one, too. */
DagschedManifestKind dagsched_manifest_sniff (const char *path);

/* The manifests in the directory @path: "dagsched.json" alone if it is there, else every *.dagsched.json. */
char **dagsched_manifest_list (const char *path);

G_END_DECLS
