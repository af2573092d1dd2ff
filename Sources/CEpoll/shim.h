// epoll, eventfd and timerfd: Linux kernel interfaces that the Glibc module does not export.
#pragma once
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>

// `struct epoll_event` is packed on some machines, and its payload is a union: neither is
// pleasant from Swift, so the descriptor goes in and comes out here.
static inline int spate_epoll_control(int epoll, int operation, int descriptor, unsigned events) {
    struct epoll_event event = {.events = events, .data = {.fd = descriptor}};
    return epoll_ctl(epoll, operation, descriptor, &event);
}
static inline int spate_epoll_descriptor(const struct epoll_event *event) {
    return event->data.fd;
}
static inline unsigned spate_epoll_events(const struct epoll_event *event) {
    return event->events;
}
// Wakes at an absolute instant of the monotonic clock; zero disarms.
static inline int spate_timer_arm(int timer, long long nanoseconds) {
    struct itimerspec when = {.it_value = {nanoseconds / 1000000000, nanoseconds % 1000000000}};
    return timerfd_settime(timer, TFD_TIMER_ABSTIME, &when, 0);
}
// As <unistd.h> declares it; including that here would take its names out of the Glibc module.
extern long syscall(long number, ...);
// Waits at most so many nanoseconds; -2 where only milliseconds are known, -1 with ENOSYS on
// kernels before 5.11.
static inline int spate_epoll_wait(
    int epoll, struct epoll_event *events, int limit, long long nanoseconds) {
#ifdef SYS_epoll_pwait2
    // The kernel's own type: `struct timespec` has 32-bit seconds on some machines.
    struct { long long seconds, nanoseconds; } wait = {
        nanoseconds / 1000000000, nanoseconds % 1000000000};
    return (int)syscall(SYS_epoll_pwait2, epoll, events, limit, &wait, 0, 0);
#else
    return -2;
#endif
}
// The kernel may delay this thread's waits by so many nanoseconds; 50,000 unless told.
static inline void spate_set_timer_slack(unsigned long nanoseconds) {
    prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}
