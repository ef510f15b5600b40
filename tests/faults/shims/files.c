/* Preloaded into the program by the tests: the K-th call of one function fails, or a write takes only part of its bytes, or
 * the clock runs backwards. Told by the environment:
 *   TL_FAIL_CALL  write, fsync, rename, open, mkdir, close
 *   TL_FAIL_AT    K, counted from 1; "K+" = that one and all after it
 *   TL_FAIL_ERRNO the reason as a number; 0 with write = the call takes half of the bytes, at least one
 *   TL_CLOCK_BACK every look at the civil clock shows an hour before the last
 *   TL_COUNT      a file to which each process adds a line with the number of calls it made */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long count;

/* 1 when this call is to fail. */
static int hit(const char* call) {
  const char* wanted = getenv("TL_FAIL_CALL");
  const char* at = getenv("TL_FAIL_AT");
  if (wanted == NULL || at == NULL || strcmp(wanted, call) != 0) return 0;
  char* rest = NULL;
  const long first = strtol(at, &rest, 10);
  const long now = __atomic_add_fetch(&count, 1, __ATOMIC_RELAXED);
  return now == first || (now > first && *rest == '+');
}
static int reason(void) {
  const char* number = getenv("TL_FAIL_ERRNO");
  return number == NULL ? EIO : atoi(number);
}
static int failed(void) {
  errno = reason();
  return -1;
}

__attribute__((destructor)) static void tell_count(void) {
  const char* path = getenv("TL_COUNT");
  FILE* file = path == NULL ? NULL : fopen(path, "a");
  if (file == NULL) return;
  fprintf(file, "%ld\n", count);
  fclose(file);
}

ssize_t write(int file, const void* bytes, size_t size) {
  ssize_t (*real)(int, const void*, size_t);
  *(void**)&real = dlsym(RTLD_NEXT, "write");
  if (file > STDERR_FILENO && hit("write")) {
    if (reason() != 0) return failed();
    size = size > 1 ? size / 2 : size;
  }
  return real(file, bytes, size);
}
int fsync(int file) {
  int (*real)(int);
  *(void**)&real = dlsym(RTLD_NEXT, "fsync");
  return hit("fsync") ? failed() : real(file);
}
int rename(const char* from, const char* to) {
  int (*real)(const char*, const char*);
  *(void**)&real = dlsym(RTLD_NEXT, "rename");
  return hit("rename") ? failed() : real(from, to);
}
int mkdir(const char* path, mode_t mode) {
  int (*real)(const char*, mode_t);
  *(void**)&real = dlsym(RTLD_NEXT, "mkdir");
  return hit("mkdir") ? failed() : real(path, mode);
}
/* The descriptor is gone all the same, as Linux does it. */
int close(int file) {
  int (*real)(int);
  *(void**)&real = dlsym(RTLD_NEXT, "close");
  const int result = real(file);
  return hit("close") ? failed() : result;
}
int open(const char* path, int flags, ...) {
  int (*real)(const char*, int, ...);
  *(void**)&real = dlsym(RTLD_NEXT, "open");
  mode_t mode = 0;
  if (flags & O_CREAT) {
    va_list more;
    va_start(more, flags);
    mode = va_arg(more, mode_t);
    va_end(more);
  }
  return hit("open") ? failed() : real(path, flags, mode);
}

/* Seconds to take off: an hour more each time, none unless asked for. */
static long back(void) {
  static long looks;
  return getenv("TL_CLOCK_BACK") == NULL ? 0 : 3600 * __atomic_add_fetch(&looks, 1, __ATOMIC_RELAXED);
}
int clock_gettime(clockid_t clock, struct timespec* now) {
  int (*real)(clockid_t, struct timespec*);
  *(void**)&real = dlsym(RTLD_NEXT, "clock_gettime");
  const int result = real(clock, now);
  if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec -= back();
  return result;
}
int gettimeofday(struct timeval* restrict now, void* restrict zone) {
  (void)zone;
  struct timespec fine;
  if (clock_gettime(CLOCK_REALTIME, &fine) != 0) return -1;
  now->tv_sec = fine.tv_sec;
  now->tv_usec = fine.tv_nsec / 1000;
  return 0;
}
time_t time(time_t* into) {
  struct timespec fine;
  clock_gettime(CLOCK_REALTIME, &fine);
  if (into != NULL) *into = fine.tv_sec;
  return fine.tv_sec;
}
