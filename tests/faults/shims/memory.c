/* Preloaded into the program by the tests: the K-th allocation after the start of main() fails, of the program itself and of
 * every library it uses.
 *   TL_FAIL_AT  K, counted from 1; "K+" = that one and all after it
 *   TL_COUNT    a file to which each process adds a line with the number of allocations, those before its fork included */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);
extern void* __libc_memalign(size_t, size_t);

static long count, first;
static int ever_after, counting;

static int hit(void) {
  if (!counting) return 0;
  const long now = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
  const int fails = first > 0 && (now == first || (now > first && ever_after));
  if (fails) errno = ENOMEM;
  return fails;
}

void* malloc(size_t size) { return hit() ? NULL : __libc_malloc(size); }
void* calloc(size_t items, size_t size) { return hit() ? NULL : __libc_calloc(items, size); }
void* realloc(void* old, size_t size) { return hit() ? NULL : __libc_realloc(old, size); }
void* memalign(size_t alignment, size_t size) { return hit() ? NULL : __libc_memalign(alignment, size); }
void* aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void** into, size_t alignment, size_t size) {
  void* got = memalign(alignment, size);
  if (got == NULL) return ENOMEM;
  *into = got;
  return 0;
}

static int (*real_main)(int, char**, char**);

static int counted_main(int words, char** list, char** environment) {
  const char* at = getenv("TL_FAIL_AT");
  char* rest = NULL;
  if (at != NULL) first = strtol(at, &rest, 10);
  ever_after = rest != NULL && *rest == '+';
  counting = 1;
  const int code = real_main(words, list, environment);
  counting = 0;
  const char* path = getenv("TL_COUNT");
  const int file = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
  char text[24];
  size_t at_digit = sizeof text - 1;
  text[at_digit] = '\n';
  for (long left = count; at_digit > 0 && (left > 0 || at_digit == sizeof text - 1); left /= 10)
    text[--at_digit] = (char)('0' + left % 10);
  if (file >= 0 && write(file, text + at_digit, sizeof text - at_digit) > 0) close(file);
  return code;
}

int __libc_start_main(int (*main)(int, char**, char**), int words, char** list, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void* stack_end) {
  int (*real)(int (*)(int, char**, char**), int, char**, void (*)(void), void (*)(void), void (*)(void), void*);
  *(void**)&real = dlsym(RTLD_NEXT, "__libc_start_main");
  real_main = main;
  return real(counted_main, words, list, init, fini, rtld_fini, stack_end);
}
