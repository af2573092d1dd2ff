// A plugin for qemu-user (7.2 and later) that counts the instructions a program executes, per virtual CPU (thread).
// build: gcc -O2 -shared -fPIC count_instructions.c -o count_instructions.so
// run:   qemu-x86_64 -plugin ./count_instructions.so PROGRAM ARGUMENTS     (the sum goes to stderr at the end)
//
// Why not valgrind: 3.19 refuses the debug information of a Swift binary and, stripped, dies itself when Dispatch
// starts a thread. Debian does not ship qemu-plugin.h, so the five functions needed are declared here.
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_info_t;
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(
    struct qemu_plugin_tb *, void (*)(unsigned, void *), int flags, void *);
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

// A line of cache per thread: threads must not wait for one another here.
static struct { uint64_t count; char padding[56]; } threads[1024];

static void executed(unsigned cpu, void *instructions) {
    __atomic_fetch_add(&threads[cpu & 1023].count, (uint64_t)instructions, __ATOMIC_RELAXED);
}

static void translated(plugin_id id, struct qemu_plugin_tb *block) {
    (void)id;
    qemu_plugin_register_vcpu_tb_exec_cb(block, executed, 0, (void *)(uintptr_t)qemu_plugin_tb_n_insns(block));
}

static void ended(plugin_id id, void *unused) {
    (void)id;
    (void)unused;
    uint64_t sum = 0;
    for (int i = 0; i < 1024; i++) sum += threads[i].count;
    fprintf(stderr, "\ninstructions %llu\n", (unsigned long long)sum);
}

__attribute__((visibility("default"))) int qemu_plugin_install(
    plugin_id id, const struct qemu_info_t *info, int count, char **arguments) {
    (void)info;
    (void)count;
    (void)arguments;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
