/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-large-private.h"

#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#define LARGE_BYTES (2 * 1024 * 1024)

/* Before the array, on a cache line of its own. */
typedef struct
{
  char *start;  /* of all that was allocated for it */
  gsize mapped; /* bytes; 0: it is of the heap */
} Header;

G_STATIC_ASSERT (sizeof (Header) <= DAGSCHED_CACHE_LINE);

/* Elements of the same number are touched together. Did all arrays begin in the same place of a page, they
 * would contend for the same few lines of the caches: each begins a little further on than the one before. */
#define SHIFT (4096 + 4 * DAGSCHED_CACHE_LINE)
#define N_SHIFTS 16

static _Atomic gsize mapped_bytes;
static _Atomic guint n_mapped;

static Header *
get_header (gpointer array)
{
  return (Header *) (gpointer) ((char *) array - DAGSCHED_CACHE_LINE);
}

static gpointer
new_of_heap (gsize bytes)
{
  char *start = g_aligned_alloc0 (1, bytes + DAGSCHED_CACHE_LINE, DAGSCHED_CACHE_LINE);
  char *array = start + DAGSCHED_CACHE_LINE;

  *get_header (array) = (Header){ .start = start };
  return array;
}

static gpointer
new_mapped (gsize bytes)
{
  gsize page = (gsize) sysconf (_SC_PAGESIZE);
  gsize offset = DAGSCHED_CACHE_LINE + atomic_fetch_add (&n_mapped, 1) % N_SHIFTS * SHIFT;
  gsize mapped = (bytes + offset + page - 1) / page * page;
  /* All of it will be touched: that the pages are there now is cheaper than to ask for one after the other, and a
   * run has no time for it. */
  char *start =
    mmap (NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  char *array = start + offset;

  if (start == MAP_FAILED)
    g_error ("out of memory: can't map %" G_GSIZE_FORMAT " bytes", mapped);

  *get_header (array) = (Header){ .start = start, .mapped = mapped };
  atomic_fetch_add (&mapped_bytes, mapped);
  return array;
}

gpointer
dagsched_large_new (gsize n_elements, gsize size)
{
  gsize bytes = n_elements * size;

  return bytes < LARGE_BYTES ? new_of_heap (bytes) : new_mapped (bytes);
}

void
dagsched_large_free (gpointer array)
{
  Header header;

  if (array == NULL)
    return;

  header = *get_header (array);
  if (header.mapped == 0)
    {
      g_aligned_free (header.start);
      return;
    }

  atomic_fetch_sub (&mapped_bytes, header.mapped);
  munmap (header.start, header.mapped);
}

gsize
dagsched_large_get_mapped_bytes (void)
{
  return atomic_load (&mapped_bytes);
}
