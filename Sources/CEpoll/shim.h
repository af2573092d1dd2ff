// epoll and timerfd: Linux kernel interfaces that the Glibc module does not export.
#pragma once
#include <sys/epoll.h>
#include <sys/timerfd.h>
