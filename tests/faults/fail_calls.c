// A shared object for LD_PRELOAD that makes one call of the C library fail, the n-th from main()
// on:
//
//   DEMITASSE_FAIL=CALL:N    CALL is one of kCalls; N counts from 1
//   DEMITASSE_FAIL=CALL:N+   that one and all behind it, as on a full disk
//   DEMITASSE_FAILED=FILE    is made when a call has failed
//
// What the C library calls by itself, inside fopen() for instance, does not fail.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum Call { kRead, kPread, kWrite, kPwrite, kFsync, kRename, kOpen, kMmap, kMalloc, kCallCount };

static const struct {
  const char* name;
  int error;
} kCalls[] = {{"read", EIO},      {"pread", EIO},   {"write", ENOSPC},
              {"pwrite", ENOSPC}, {"fsync", EIO},   {"rename", EIO},
              {"open", EMFILE},   {"mmap", ENOMEM}, {"malloc", ENOMEM}};

static int chosen = kCallCount;  // until main() begins
static long wanted;
static int goes_on;
static atomic_long counted;
static const char* mark;

static int Fails(enum Call call) {
  if ((int)call != chosen) return 0;
  const long number = atomic_fetch_add(&counted, 1) + 1;
  if (goes_on ? number < wanted : number != wanted) return 0;
  if (mark != NULL) {
    const long made = syscall(SYS_openat, AT_FDCWD, mark, O_CREAT | O_WRONLY, 0600);
    if (made >= 0) syscall(SYS_close, made);
  }
  errno = kCalls[call].error;
  return 1;
}

static void Choose(void) {
  const char* const text = getenv("DEMITASSE_FAIL");
  const char* const colon = text != NULL ? strchr(text, ':') : NULL;
  if (colon == NULL) return;
  char* end = NULL;
  wanted = strtol(colon + 1, &end, 10);
  goes_on = *end == '+';
  mark = getenv("DEMITASSE_FAILED");
  for (int i = 0; i < kCallCount; ++i) {
    const size_t length = (size_t)(colon - text);
    if (strlen(kCalls[i].name) == length && strncmp(kCalls[i].name, text, length) == 0) chosen = i;
  }
}

static int (*real_main)(int, char**, char**);

static int MainThatFails(int argc, char** argv, char** environment) {
  Choose();
  return real_main(argc, argv, environment);
}

typedef int (*StartMain)(int (*)(int, char**, char**), int, char**, void (*)(void), void (*)(void),
                         void (*)(void), void*);

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void* stack_end) {
  real_main = main;
  const StartMain start = (StartMain)dlsym(RTLD_NEXT, "__libc_start_main");
  return start(MainThatFails, argc, argv, init, fini, rtld_fini, stack_end);
}

// oneDNN 2.6 crashes when it gets no memory. The library asks for some before oneDNN does
// (src/ops/onednn/engine.cpp), and that may fail here.
static int IsOneDnn(const void* caller) {
  Dl_info info;
  return dladdr(caller, &info) != 0 && strstr(info.dli_fname, "libdnnl") != NULL;
}

ssize_t read(int file, void* to, size_t size) {
  return Fails(kRead) ? -1 : syscall(SYS_read, file, to, size);
}
ssize_t write(int file, const void* from, size_t size) {
  // Messages are what a run is judged by.
  return file > 2 && Fails(kWrite) ? -1 : syscall(SYS_write, file, from, size);
}
ssize_t pread(int file, void* to, size_t size, off_t offset) {
  return Fails(kPread) ? -1 : syscall(SYS_pread64, file, to, size, offset);
}
ssize_t pread64(int file, void* to, size_t size, off64_t offset) {
  return Fails(kPread) ? -1 : syscall(SYS_pread64, file, to, size, offset);
}
ssize_t pwrite(int file, const void* from, size_t size, off_t offset) {
  return Fails(kPwrite) ? -1 : syscall(SYS_pwrite64, file, from, size, offset);
}
ssize_t pwrite64(int file, const void* from, size_t size, off64_t offset) {
  return Fails(kPwrite) ? -1 : syscall(SYS_pwrite64, file, from, size, offset);
}
int fsync(int file) { return Fails(kFsync) ? -1 : (int)syscall(SYS_fsync, file); }
int fdatasync(int file) { return Fails(kFsync) ? -1 : (int)syscall(SYS_fdatasync, file); }
int rename(const char* from, const char* to) {
  return Fails(kRename) ? -1 : (int)syscall(SYS_rename, from, to);
}

static int OpenAt(int folder, const char* path, int flags, va_list* rest) {
  const int has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  const unsigned mode = has_mode ? va_arg(*rest, unsigned) : 0;
  return Fails(kOpen) ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define DEFINE_OPEN(name)                                  \
  int name(const char* path, int flags, ...) {             \
    va_list rest;                                          \
    va_start(rest, flags);                                 \
    const int file = OpenAt(AT_FDCWD, path, flags, &rest); \
    va_end(rest);                                          \
    return file;                                           \
  }
DEFINE_OPEN(open)
DEFINE_OPEN(open64)

#define DEFINE_OPENAT(name)                                \
  int name(int folder, const char* path, int flags, ...) { \
    va_list rest;                                          \
    va_start(rest, flags);                                 \
    const int file = OpenAt(folder, path, flags, &rest);   \
    va_end(rest);                                          \
    return file;                                           \
  }
DEFINE_OPENAT(openat)
DEFINE_OPENAT(openat64)

#define DEFINE_MMAP(name)                                                              \
  void* name(void* at, size_t size, int protection, int flags, int file, off_t from) { \
    if (!IsOneDnn(__builtin_return_address(0)) && Fails(kMmap)) return MAP_FAILED;     \
    return (void*)syscall(SYS_mmap, at, size, protection, flags, file, from);          \
  }
DEFINE_MMAP(mmap)
DEFINE_MMAP(mmap64)

// dlsym() allocates, so the C library's own are called by the names it has for them.
extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t count, size_t size);
extern void* __libc_realloc(void* old, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);

// Smaller allocations come from memory that the process has already, and libraries beneath,
// Protocol Buffers and HDF5, do not survive without it.
static int FailsToGive(size_t bytes, const void* caller) {
  return chosen == kMalloc && bytes >= 1024 && !IsOneDnn(caller) && Fails(kMalloc);
}
#define FAILS_TO_GIVE(bytes) FailsToGive(bytes, __builtin_return_address(0))

void* malloc(size_t size) { return FAILS_TO_GIVE(size) ? NULL : __libc_malloc(size); }
void* calloc(size_t count, size_t size) {
  return FAILS_TO_GIVE(count * size) ? NULL : __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
  return FAILS_TO_GIVE(size) ? NULL : __libc_realloc(old, size);
}
void* aligned_alloc(size_t alignment, size_t size) {
  return FAILS_TO_GIVE(size) ? NULL : __libc_memalign(alignment, size);
}
void* memalign(size_t alignment, size_t size) { return aligned_alloc(alignment, size); }
int posix_memalign(void** to, size_t alignment, size_t size) {
  if (FAILS_TO_GIVE(size)) return ENOMEM;
  *to = __libc_memalign(alignment, size);
  return *to != NULL ? 0 : ENOMEM;
}
