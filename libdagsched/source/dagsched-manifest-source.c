/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-error.h"
#include "source/dagsched-manifest-private.h"
#include "source/dagsched-source-private.h"

struct _DagschedManifestSource
{
  DagschedSource parent_instance;
};

G_DEFINE_FINAL_TYPE (DagschedManifestSource, dagsched_manifest_source, DAGSCHED_TYPE_SOURCE)

/* Its path is a manifest, or a directory that has one. */
static char *
find_file (const char *path, GError **error)
{
  g_auto (GStrv) files = NULL;

  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_strdup (path);

  files = dagsched_manifest_list (path);
  if (g_strv_length (files) == 1)
    return g_strdup (files[0]);

  if (files[0] == NULL)
    {
      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
                   "%s: there is neither dagsched.json nor a file *.dagsched.json in this directory", path);
    }
  else
    {
      g_autofree char *list = g_strjoinv (", ", files);

      g_set_error (error, DAGSCHED_ERROR, DAGSCHED_ERROR_NOT_FOUND,
                   "%s: there are several manifests in this directory: name one of %s", path, list);
    }

  return NULL;
}

static gboolean
dagsched_manifest_source_load (DagschedSource *source, DagschedGraph *graph, GError **error)
{
  g_autofree char *file = find_file (dagsched_source_get_path (source), error);

  return file != NULL && dagsched_manifest_read (file, graph, error);
}

static void
dagsched_manifest_source_class_init (DagschedManifestSourceClass *klass)
{
  DAGSCHED_SOURCE_CLASS (klass)->load = dagsched_manifest_source_load;
}

static void
dagsched_manifest_source_init (DagschedManifestSource *self)
{
}
