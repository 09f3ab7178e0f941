/* Makes writes below one folder fail, as a full or a broken disk does: loaded with LD_PRELOAD, and armed by the process itself.

   Counted are the calls that write, make, resize, sync or rename a file below the folder. From the `after`th on, `length` of them
   fail with `number` (ENOSPC, EIO). A write may also stop half way first, which is what a disk does that has just become full. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static char folder[PATH_MAX];
static atomic_long count, failed;
static long from = -1, until = -1;
static int error_number;

void write_errors_arm(const char *path, long after, long length, int number)
{
    snprintf(folder, sizeof folder, "%s", path);
    error_number = number;
    atomic_store(&count, 0);
    atomic_store(&failed, 0);
    from = after;
    until = after + length;
}

long write_errors_failed(void) { return atomic_load(&failed); }

static int below(const char *path) { return strncmp(path, folder, strlen(folder)) == 0; }

static int due(void)
{
    long now = atomic_fetch_add(&count, 1);
    if (now < from || now >= until)
        return 0;
    atomic_fetch_add(&failed, 1);
    errno = error_number;
    return 1;
}

static int path_fails(const char *path) { return from >= 0 && path && below(path) && due(); }

static int file_fails(int file)
{
    char link[64], path[PATH_MAX];
    if (from < 0)
        return 0;
    int kept = errno;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t size = readlink(link, path, sizeof path - 1);
    errno = kept;
    if (size <= 0)
        return 0;
    path[size] = 0;
    return below(path) && due();
}

#define REAL(name) ((typeof(&name))dlsym(RTLD_NEXT, #name))

/* The first of a run of failures writes half of what it was given. */
#define HALF(size) (atomic_load(&failed) == 1 && (size) > 1 ? (size) / 2 : 0)

ssize_t write(int file, const void *data, size_t size)
{
    if (file_fails(file))
        return HALF(size) ? REAL(write)(file, data, HALF(size)) : -1;
    return REAL(write)(file, data, size);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at)
{
    if (file_fails(file))
        return HALF(size) ? REAL(pwrite)(file, data, HALF(size), at) : -1;
    return REAL(pwrite)(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at)
{
    if (file_fails(file))
        return HALF(size) ? REAL(pwrite64)(file, data, HALF(size), at) : -1;
    return REAL(pwrite64)(file, data, size, at);
}

ssize_t writev(int file, const struct iovec *parts, int n) { return file_fails(file) ? -1 : REAL(writev)(file, parts, n); }
int ftruncate(int file, off_t size) { return file_fails(file) ? -1 : REAL(ftruncate)(file, size); }
int ftruncate64(int file, off64_t size) { return file_fails(file) ? -1 : REAL(ftruncate64)(file, size); }
int fsync(int file) { return file_fails(file) ? -1 : REAL(fsync)(file); }
int fdatasync(int file) { return file_fails(file) ? -1 : REAL(fdatasync)(file); }
int mkdir(const char *path, mode_t mode) { return path_fails(path) ? -1 : REAL(mkdir)(path, mode); }
int rename(const char *old, const char *new) { return path_fails(new) ? -1 : REAL(rename)(old, new); }

#define OPENS(name)                                                                                                            \
    int name(const char *path, int flags, ...)                                                                                 \
    {                                                                                                                          \
        mode_t mode = 0;                                                                                                       \
        if (flags & (O_CREAT | __O_TMPFILE)) {                                                                                 \
            va_list rest;                                                                                                      \
            va_start(rest, flags);                                                                                             \
            mode = va_arg(rest, mode_t);                                                                                       \
            va_end(rest);                                                                                                      \
            /* A file that is there can be opened on a full disk. */                                                           \
            if (access(path, F_OK) && path_fails(path))                                                                        \
                return -1;                                                                                                     \
        }                                                                                                                      \
        return REAL(name)(path, flags, mode);                                                                                  \
    }
OPENS(open)
OPENS(open64)
