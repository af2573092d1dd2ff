// epoll and timerfd: Linux kernel interfaces that the Glibc module does not export.
#pragma once
#include <sys/epoll.h>
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
