/* Loaded before the C library (LD_PRELOAD), it counts what a process does to the files under
 * FAULT_FOLDER: writes, syncs, truncations, renames, deletions. At call number FAULT_AT it does
 * what FAULT_KIND says:
 *   kill    half of a write's bytes go out, then SIGKILL
 *   enospc  "no space left on device", now and for every later write
 *   eio     "input/output error", this once
 * and writes the file's path to FAULT_LOG first.
 * With FAULT_ONLY, only files whose path holds that are counted. Without FAULT_AT it only counts; the number is written to FAULT_COUNT when the process ends.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long calls;
static long at;
static const char *folder, *kind, *only;

__attribute__((constructor)) static void begin(void) {
  folder = getenv("FAULT_FOLDER");
  kind = getenv("FAULT_KIND");
  only = getenv("FAULT_ONLY");
  at = getenv("FAULT_AT") ? atol(getenv("FAULT_AT")) : 0;
}

__attribute__((destructor)) static void end(void) {
  const char *file = getenv("FAULT_COUNT");
  FILE *out = file && folder ? fopen(file, "w") : NULL;
  if (out) {
    fprintf(out, "%ld\n", (long)calls);
    fclose(out);
  }
}

static _Thread_local char path[PATH_MAX];

static int is_ours(const char *name) {
  if (name != path)
    snprintf(path, sizeof path, "%s", name);
  return folder && strncmp(path, folder, strlen(folder)) == 0 && (!only || strstr(path, only));
}

static int is_ours_fd(int fd) {
  char link[64];
  if (!folder)
    return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0)
    return 0;
  path[length] = 0;
  return is_ours(path);
}

static void tell(void) {
  const char *log = getenv("FAULT_LOG");
  int fd = log ? (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;
  if (fd >= 0) {
    syscall(SYS_write, fd, path, strlen(path));
    close(fd);
  }
}

/* Whether this call is to fail; `half` does half of a write before a kill. */
static int fails(int is_write, void (*half)(void *), void *with) {
  long number = ++calls;
  if (!at || !kind || number < at)
    return 0;
  if (number == at)
    tell();
  if (strcmp(kind, "kill") == 0) {
    if (half)
      half(with);
    raise(SIGKILL);
  }
  if (strcmp(kind, "enospc") == 0 && is_write) {
    errno = ENOSPC;
    return 1;
  }
  if (strcmp(kind, "eio") == 0 && number == at) {
    errno = EIO;
    return 1;
  }
  return 0;
}

struct write { int fd; const void *data; size_t size; off64_t offset; };

#define REAL(type, name, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static void half_write(void *with) {
  struct write *w = with;
  REAL(ssize_t, "write", int, const void *, size_t);
  real(w->fd, w->data, w->size / 2);
}

static void half_pwrite(void *with) {
  struct write *w = with;
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  real(w->fd, w->data, w->size / 2, w->offset);
}

ssize_t write(int fd, const void *data, size_t size) {
  REAL(ssize_t, "write", int, const void *, size_t);
  struct write w = {fd, data, size, 0};
  if (is_ours_fd(fd) && fails(1, half_write, &w))
    return -1;
  return real(fd, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
  REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
  struct write w = {fd, data, size, offset};
  if (is_ours_fd(fd) && fails(1, half_pwrite, &w))
    return -1;
  return real(fd, data, size, offset);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
  return pwrite64(fd, data, size, offset);
}

int ftruncate64(int fd, off64_t size) {
  REAL(int, "ftruncate64", int, off64_t);
  return is_ours_fd(fd) && fails(1, NULL, NULL) ? -1 : real(fd, size);
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd) {
  REAL(int, "fsync", int);
  return is_ours_fd(fd) && fails(0, NULL, NULL) ? -1 : real(fd);
}

int fdatasync(int fd) {
  REAL(int, "fdatasync", int);
  return is_ours_fd(fd) && fails(0, NULL, NULL) ? -1 : real(fd);
}

int rename(const char *from, const char *to) {
  REAL(int, "rename", const char *, const char *);
  return is_ours(to) && fails(0, NULL, NULL) ? -1 : real(from, to);
}

int unlink(const char *path) {
  REAL(int, "unlink", const char *);
  return is_ours(path) && fails(0, NULL, NULL) ? -1 : real(path);
}
