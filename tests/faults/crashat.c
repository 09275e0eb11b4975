/* Kill, stop or fail a program at one chosen call that changes the disk.
 *
 * Preloaded by tests/faults/shim.py. Every call below that goes to a file or folder is
 * counted, from 1, before it is made. A trial may have those counted instead that look
 * at what lies below a folder, and have each of them take its time, as on a network.
 * Read from the environment, once:
 *
 *   CRASHAT_CALL   the call that is hit; without it calls are only counted
 *   CRASHAT_ERRNO  fail with this errno instead of SIGKILL, which is the default
 *   CRASHAT_STAYS  if set, every call after it fails as well: the disk stays broken
 *   CRASHAT_LOG    a file that gets a line for each call: its name and its path
 *
 * A program that runs many trials in forks of itself calls crashat_arm in each instead.
 * Programs it starts are left alone: the preloading ends with the first process.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static atomic_long calls;
static long chosen_call = -1;
static int chosen_errno;
static int chosen_signal = SIGKILL;
static int stays;
static int log_file = -1;
static char watched[1024];
static long delay_ms;

static long number(const char *name, long otherwise)
{
    const char *text = getenv(name);
    return text ? atol(text) : otherwise;
}

/* By syscall(2): our own open and write below would be counted. */
static void open_log(const char *path)
{
    log_file = (int)syscall(SYS_openat, AT_FDCWD, path,
                            O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* Before main, and so before the program starts a thread. */
__attribute__((constructor)) static void read_environment(void)
{
    const char *log_path = getenv("CRASHAT_LOG");

    chosen_call = number("CRASHAT_CALL", -1);
    chosen_errno = (int)number("CRASHAT_ERRNO", 0);
    stays = getenv("CRASHAT_STAYS") != NULL;
    if (log_path)
        open_log(log_path);
    unsetenv("LD_PRELOAD");
}

/* Count anew from here. At `call` (0: at none) comes the signal, or errno `error`, which
 * lasts if `lasting`; a program that was only stopped goes on with the call. */
void crashat_arm(long call, int sign, int error, int lasting, const char *log_path)
{
    calls = 0;
    chosen_call = call;
    chosen_signal = sign;
    chosen_errno = error;
    stays = lasting;
    if (log_path)
        open_log(log_path);
}

/* Count calls that read `folder` or below it, and none that writes; each takes
 * `milliseconds` more. To be called before crashat_arm. */
void crashat_watch(const char *folder, long milliseconds)
{
    snprintf(watched, sizeof watched, "%s", folder);
    delay_ms = milliseconds;
}

static void note(const char *name, const char *path)
{
    char line[4200];
    int length = snprintf(line, sizeof line, "%s %s\n", name, path);

    if (length >= (int)sizeof line)
        length = (int)sizeof line - 1;
    syscall(SYS_write, log_file, line, (size_t)length);
}

/* Count a call; say whether it must fail. From SIGKILL there is no way back. */
static int count_call(const char *name, const char *path)
{
    long call = atomic_fetch_add(&calls, 1) + 1;
    int chosen = chosen_call > 0 && (call == chosen_call || (stays && call > chosen_call));

    if (log_file >= 0)
        note(name, path);
    if (!chosen)
        return 0;
    if (!chosen_errno) {
        kill(getpid(), chosen_signal);
        return 0;
    }
    errno = chosen_errno;
    return 1;
}

static int hit(const char *name, const char *path)
{
    return watched[0] ? 0 : count_call(name, path);
}

static int hit_reading(const char *name, const char *path)
{
    struct timespec delay = {delay_ms / 1000, delay_ms % 1000 * 1000000};

    if (!watched[0] || strncmp(path, watched, strlen(watched)))
        return 0;
    if (delay_ms)
        nanosleep(&delay, NULL);
    return count_call(name, path);
}

typedef int (*hit_any)(const char *name, const char *path);

static int hit_open(hit_any at, const char *name, int fd)
{
    char link[64], path[4096];
    ssize_t length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    return at(name, path);
}

/* Pipes, sockets and terminals outlive no crash: writes to them do not count. */
static int is_on_disk(int fd)
{
    struct stat found;

    return fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
}

/* The next definition of a function: libc's. */
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define ON_WRITE(name, parameters, arguments)                       \
    ssize_t name parameters                                         \
    {                                                               \
        if (is_on_disk(fd) && hit_open(hit, #name, fd))                  \
            return -1;                                              \
        return NEXT(name) arguments;                                \
    }

#define ON_OPEN_FILE(name, parameters, arguments)                   \
    int name parameters                                             \
    {                                                               \
        if (hit_open(hit, #name, fd))                                    \
            return -1;                                              \
        return NEXT(name) arguments;                                \
    }

#define ON_PATH(name, parameters, arguments)                        \
    int name parameters                                             \
    {                                                               \
        if (hit(#name, path))                                       \
            return -1;                                              \
        return NEXT(name) arguments;                                \
    }

#define ON_READING(name, parameters, arguments)                     \
    int name parameters                                             \
    {                                                               \
        if (hit_reading(#name, path))                               \
            return -1;                                              \
        return NEXT(name) arguments;                                \
    }

/* An open that neither creates nor empties a file only reads. The mode is there
 * only if the flags say so, but reading an absent one is harmless on this ABI. */
#define ON_OPEN(name, leading, arguments)                           \
    int name leading                                                \
    {                                                               \
        mode_t mode;                                                \
        va_list rest;                                               \
        va_start(rest, flags);                                      \
        mode = (mode_t)va_arg(rest, unsigned int);                  \
        va_end(rest);                                               \
        if ((flags & (O_CREAT | O_TRUNC) ? hit : hit_reading)(#name, path)) \
            return -1;                                              \
        return NEXT(name) arguments;                                \
    }

ON_WRITE(write, (int fd, const void *data, size_t size), (fd, data, size))
ON_WRITE(pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at))
ON_WRITE(pwrite64, (int fd, const void *data, size_t size, off64_t at),
         (fd, data, size, at))

ON_OPEN_FILE(fsync, (int fd), (fd))
ON_OPEN_FILE(fdatasync, (int fd), (fd))
ON_OPEN_FILE(syncfs, (int fd), (fd))
ON_OPEN_FILE(ftruncate, (int fd, off_t size), (fd, size))
ON_OPEN_FILE(ftruncate64, (int fd, off64_t size), (fd, size))

ON_PATH(rename, (const char *path, const char *to), (path, to))
ON_PATH(renameat, (int from, const char *path, int folder, const char *to),
        (from, path, folder, to))
ON_PATH(renameat2,
        (int from, const char *path, int folder, const char *to, unsigned int flags),
        (from, path, folder, to, flags))
ON_PATH(link, (const char *path, const char *to), (path, to))
ON_PATH(linkat, (int from, const char *path, int folder, const char *to, int flags),
        (from, path, folder, to, flags))
ON_PATH(unlink, (const char *path), (path))
ON_PATH(unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
ON_PATH(rmdir, (const char *path), (path))
ON_PATH(mkdir, (const char *path, mode_t mode), (path, mode))
ON_PATH(mkdirat, (int folder, const char *path, mode_t mode), (folder, path, mode))

ON_OPEN(open, (const char *path, int flags, ...), (path, flags, mode))
ON_OPEN(open64, (const char *path, int flags, ...), (path, flags, mode))
ON_OPEN(openat, (int folder, const char *path, int flags, ...),
        (folder, path, flags, mode))
ON_OPEN(openat64, (int folder, const char *path, int flags, ...),
        (folder, path, flags, mode))

ON_READING(stat64, (const char *path, struct stat64 *found), (path, found))
ON_READING(lstat64, (const char *path, struct stat64 *found), (path, found))
ON_READING(fstatat64, (int folder, const char *path, struct stat64 *found, int flags),
           (folder, path, found, flags))

DIR *opendir(const char *path)
{
    return hit_reading("opendir", path) ? NULL : NEXT(opendir)(path);
}

struct dirent64 *readdir64(DIR *folder)
{
    int failed = watched[0] && hit_open(hit_reading, "readdir64", dirfd(folder));

    return failed ? NULL : NEXT(readdir64)(folder);
}

int fstat64(int fd, struct stat64 *found)
{
    int failed = watched[0] && hit_open(hit_reading, "fstat64", fd);

    return failed ? -1 : NEXT(fstat64)(fd, found);
}

ssize_t read(int fd, void *data, size_t size)
{
    int failed = watched[0] && is_on_disk(fd) && hit_open(hit_reading, "read", fd);

    return failed ? -1 : NEXT(read)(fd, data, size);
}
