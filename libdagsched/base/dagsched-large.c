/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dagsched-large-private.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_PAGE (2 * 1024 * 1024)

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

/* At a huge page: of a mapping that is larger by one what is too much is given back. */
static char *
map (gsize bytes)
{
  gsize whole = bytes + HUGE_PAGE;
  char *mapping = mmap (NULL, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *start;

  if (mapping == MAP_FAILED)
    g_error ("out of memory: can't map %" G_GSIZE_FORMAT " bytes", whole);

  start = (char *) (((guintptr) mapping + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
  if (start > mapping)
    munmap (mapping, (gsize) (start - mapping));
  if (start < mapping + HUGE_PAGE)
    munmap (start + bytes, (gsize) (mapping + HUGE_PAGE - start));
#ifdef MADV_HUGEPAGE
  /* A kernel that has none says so: nothing is lost. */
  madvise (start, bytes, MADV_HUGEPAGE);
#endif

  /* All of it will be touched, and a run has no time to wait for pages. */
  return memset (start, 0, bytes);
}

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

static gsize
round_up (gsize bytes, gsize unit)
{
  return (bytes + unit - 1) / unit * unit;
}

/* A huge page is one only if all of it is mapped: the last one is, if at least half of it is used. */
static gsize
to_whole_pages (gsize bytes)
{
  gsize huge = round_up (bytes, HUGE_PAGE);

  return huge - bytes <= HUGE_PAGE / 2 ? huge : round_up (bytes, (gsize) sysconf (_SC_PAGESIZE));
}

static gpointer
new_mapped (gsize bytes)
{
  gsize offset = DAGSCHED_CACHE_LINE + atomic_fetch_add (&n_mapped, 1) % N_SHIFTS * SHIFT;
  gsize mapped = to_whole_pages (bytes + offset);
  char *start = map (mapped);
  char *array = start + offset;

  *get_header (array) = (Header){ .start = start, .mapped = mapped };
  atomic_fetch_add (&mapped_bytes, mapped);
  return array;
}

gpointer
dagsched_large_new (gsize n_elements, gsize size)
{
  gsize bytes = n_elements * size;

  return bytes < HUGE_PAGE / 2 ? new_of_heap (bytes) : new_mapped (bytes);
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
