/*
 * A disk that forgets, for tests: preloaded into a process (LD_PRELOAD), it
 * writes down each change of a file below POWER_ROOT, with its bytes, in the
 * order of the changes, to the file POWER_LOG; and each sync, with the place in
 * the log from which on changes are not covered by it. What a loss of power
 * leaves of the files is worked out from the log by the test.
 *
 * The files themselves change as ever, so the process sees nothing of it. A
 * sync does not reach the real disk; it takes as long as one does.
 *
 * Files are known by their absolute paths. The memory that SQLite maps (-shm)
 * is not a file here: power that is lost takes it along.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { CREATE = 1, WRITE, TRUNCATE, SYNC, UNLINK, RENAME, MKDIR, RMDIR };

/* The head of a record; the path and the bytes follow. */
struct head {
    uint64_t at_ns;  /* when it was done, unix time */
    uint64_t offset; /* of a write; the size of a truncate */
    uint64_t upto;   /* of a sync: what the log held before it began */
    uint32_t data;   /* how many bytes were written; of a rename: the new path */
    uint16_t path;
    uint16_t kind;
};

#define FDS 65536
#define SYNC_NS 1500000

static char *names[FDS];
static const char *root;
static size_t root_length;
static int log_fd = -1;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

#define FUNCTIONS(F) \
    F(int, open, (const char *, int, ...)) \
    F(int, open64, (const char *, int, ...)) \
    F(int, openat, (int, const char *, int, ...)) \
    F(int, openat64, (int, const char *, int, ...)) \
    F(int, close, (int)) \
    F(ssize_t, write, (int, const void *, size_t)) \
    F(ssize_t, writev, (int, const struct iovec *, int)) \
    F(ssize_t, pwrite, (int, const void *, size_t, off_t)) \
    F(ssize_t, pwrite64, (int, const void *, size_t, off64_t)) \
    F(int, ftruncate, (int, off_t)) \
    F(int, ftruncate64, (int, off64_t)) \
    F(int, fallocate, (int, int, off_t, off_t)) \
    F(int, fallocate64, (int, int, off64_t, off64_t)) \
    F(int, posix_fallocate, (int, off_t, off_t)) \
    F(int, posix_fallocate64, (int, off64_t, off64_t)) \
    F(int, fsync, (int)) \
    F(int, fdatasync, (int)) \
    F(int, unlink, (const char *)) \
    F(int, rename, (const char *, const char *)) \
    F(int, mkdir, (const char *, mode_t)) \
    F(int, rmdir, (const char *))

#define DECLARE(type, name, args) static type(*real_##name) args;
FUNCTIONS(DECLARE)

static void start(void) {
#define FIND(type, name, args) real_##name = (type(*) args)dlsym(RTLD_NEXT, #name);
    FUNCTIONS(FIND)
    const char *file = getenv("POWER_LOG");
    root = getenv("POWER_ROOT");
    if (root == NULL || file == NULL)
        return;
    root_length = strlen(root);
    log_fd = real_open64(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_fd < 0)
        abort();
}

static void ready(void) {
    pthread_once(&once, start);
}

static int watched(const char *path) {
    if (log_fd < 0 || strncmp(path, root, root_length) != 0)
        return 0;
    if (path[root_length] != '/' && path[root_length] != '\0')
        return 0;
    size_t length = strlen(path);
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static const char *name_of(int fd) {
    return log_fd >= 0 && fd >= 0 && fd < FDS ? names[fd] : NULL;
}

static uint64_t logged(void) {
    struct stat facts;
    return fstat(log_fd, &facts) == 0 ? (uint64_t)facts.st_size : 0;
}

/* Call with `order` held. */
static void note(enum kind kind, const char *path, uint64_t offset, uint64_t upto,
                 const void *data, size_t length) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct head head = {
        .at_ns = (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec,
        .offset = offset,
        .upto = upto,
        .data = (uint32_t)length,
        .path = (uint16_t)strlen(path),
        .kind = (uint16_t)kind,
    };
    struct iovec parts[3] = {
        {&head, sizeof head}, {(void *)path, head.path}, {(void *)data, length}};
    ssize_t whole = (ssize_t)(sizeof head + head.path + length);
    if (real_writev(log_fd, parts, 3) != whole)
        abort(); /* the log is all that is known of the disk */
}

static int keep_error(int result, int error) {
    errno = error;
    return result;
}

static void hold(void) {
    pthread_mutex_lock(&order);
}

static void let_go(void) {
    int error = errno;
    pthread_mutex_unlock(&order);
    errno = error;
}

static int opened(int fd, const char *path, int flags, int existed) {
    if (fd < 0 || fd >= FDS)
        return fd;
    int error = errno;
    free(names[fd]);
    names[fd] = strdup(path);
    if (!existed)
        note(CREATE, path, 0, 0, NULL, 0);
    else if (flags & O_TRUNC)
        note(TRUNCATE, path, 0, 0, NULL, 0);
    return keep_error(fd, error);
}

#define OPEN_BODY(call, path) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    } \
    ready(); \
    if (path[0] != '/' || !watched(path)) \
        return call; \
    hold(); \
    int existed = access(path, F_OK) == 0; \
    int fd = opened(call, path, flags, existed); \
    let_go(); \
    return fd;

int open(const char *path, int flags, ...) { OPEN_BODY(real_open(path, flags, mode), path) }
int open64(const char *path, int flags, ...) { OPEN_BODY(real_open64(path, flags, mode), path) }
int openat(int dir, const char *path, int flags, ...) {
    OPEN_BODY(real_openat(dir, path, flags, mode), path)
}
int openat64(int dir, const char *path, int flags, ...) {
    OPEN_BODY(real_openat64(dir, path, flags, mode), path)
}

int close(int fd) {
    ready();
    if (name_of(fd) == NULL)
        return real_close(fd);
    hold();
    free(names[fd]);
    names[fd] = NULL;
    int done = real_close(fd);
    let_go();
    return done;
}

#define PWRITE_BODY(call) \
    ready(); \
    const char *name = name_of(fd); \
    if (name == NULL) \
        return call; \
    hold(); \
    ssize_t done = call; \
    int error = errno; \
    if (done > 0) \
        note(WRITE, name, (uint64_t)at, 0, bytes, (size_t)done); \
    errno = error; \
    let_go(); \
    return done;

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    PWRITE_BODY(real_pwrite(fd, bytes, length, at))
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) {
    PWRITE_BODY(real_pwrite64(fd, bytes, length, at))
}
ssize_t write(int fd, const void *bytes, size_t length) {
    ready();
    if (name_of(fd) == NULL)
        return real_write(fd, bytes, length);
    off_t at = lseek(fd, 0, SEEK_CUR);
    PWRITE_BODY(real_write(fd, bytes, length))
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
    ready();
    if (name_of(fd) != NULL)
        abort(); /* nobody writes the files of a database like this */
    return real_writev(fd, parts, count);
}

#define TRUNCATE_BODY(call) \
    ready(); \
    const char *name = name_of(fd); \
    if (name == NULL) \
        return call; \
    hold(); \
    int done = call; \
    int error = errno; \
    if (done == 0) \
        note(TRUNCATE, name, (uint64_t)size, 0, NULL, 0); \
    errno = error; \
    let_go(); \
    return done;

int ftruncate(int fd, off_t size) { TRUNCATE_BODY(real_ftruncate(fd, size)) }
int ftruncate64(int fd, off64_t size) { TRUNCATE_BODY(real_ftruncate64(fd, size)) }

/* SQLite asks for room ahead only where it is told to. */
#define FALLOCATE_BODY(call) \
    ready(); \
    if (name_of(fd) != NULL) \
        abort(); \
    return call;

int fallocate(int fd, int mode, off_t at, off_t size) {
    FALLOCATE_BODY(real_fallocate(fd, mode, at, size))
}
int fallocate64(int fd, int mode, off64_t at, off64_t size) {
    FALLOCATE_BODY(real_fallocate64(fd, mode, at, size))
}
int posix_fallocate(int fd, off_t at, off_t size) {
    FALLOCATE_BODY(real_posix_fallocate(fd, at, size))
}
int posix_fallocate64(int fd, off64_t at, off64_t size) {
    FALLOCATE_BODY(real_posix_fallocate64(fd, at, size))
}

/* What is written while it goes on is not covered. */
static int synced(const char *name) {
    struct timespec length = {0, SYNC_NS};
    hold();
    uint64_t upto = logged();
    let_go();
    nanosleep(&length, NULL);
    hold();
    note(SYNC, name, 0, upto, NULL, 0);
    let_go();
    return 0;
}

int fsync(int fd) {
    ready();
    const char *name = name_of(fd);
    return name == NULL ? real_fsync(fd) : synced(name);
}
int fdatasync(int fd) {
    ready();
    const char *name = name_of(fd);
    return name == NULL ? real_fdatasync(fd) : synced(name);
}

#define ENTRY_BODY(call, kind, path, to) \
    ready(); \
    if (!watched(path)) \
        return call; \
    hold(); \
    int done = call; \
    int error = errno; \
    if (done == 0) \
        note(kind, path, 0, 0, to, strlen(to)); \
    errno = error; \
    let_go(); \
    return done;

int unlink(const char *path) { ENTRY_BODY(real_unlink(path), UNLINK, path, "") }
int rename(const char *path, const char *to) { ENTRY_BODY(real_rename(path, to), RENAME, path, to) }
int mkdir(const char *path, mode_t mode) { ENTRY_BODY(real_mkdir(path, mode), MKDIR, path, "") }
int rmdir(const char *path) { ENTRY_BODY(real_rmdir(path), RMDIR, path, "") }
