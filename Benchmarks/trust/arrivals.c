/* A target that is its own witness of phones' networks: it notes when connections, requests and
 * their last bytes came, when nothing came for a while amid a body, and when connections ended.
 *
 * POST bodies are read and dropped, then answered; GET /down/BYTES is answered with so many bytes.
 * Times are CLOCK_MONOTONIC in nanoseconds, the clock of every other process of this machine.
 *
 * build: gcc -O2 arrivals.c -o arrivals      run: ./arrivals PORT LOG [GAP_MS]   (127.0.0.1 only)
 * SIGTERM: writes the log and exits. Its lines:
 *   request CONNECTION PATH ACCEPTED FIRST LAST ANSWERED LENGTH GOT
 *   gap CONNECTION PATH FROM TO        nothing came for GAP_MS (150) or longer amid a body
 *   end CONNECTION AT
 * LAST is the last byte of the body so far, 0 without any; ANSWERED is 0 when it never was.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 4096, PATH = 64, EVENTS = 512, PIECE = 262144 };

typedef struct {
    int socket, used;
    long number;
    int64_t accepted, first, last, length, got, sending;
    int inBody;
    char path[PATH], head[HEAD];
} Connection;

static char *text;
static size_t used, room;
static char piece[PIECE];
static int poll_;
static int64_t gap = 150000000;
static const char *path_;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Notes a line in memory; the disk comes at the end. */
#define NOTE(...) do { \
    if (room - used < 512) { room = room * 2 + 65536; text = realloc(text, room); } \
    used += snprintf(text + used, room - used, __VA_ARGS__); \
} while (0)

static void request(Connection *c, int64_t answered) {
    NOTE("request %ld %s %ld %ld %ld %ld %ld %ld\n", c->number, c->path, (long)c->accepted,
         (long)c->first, (long)c->last, (long)answered, (long)c->length, (long)c->got);
}

static void finish(Connection *c) {
    if (c->inBody || c->sending) request(c, 0);
    NOTE("end %ld %ld\n", c->number, (long)now());
    close(c->socket);
    free(c);
}

/* Sends what is left of a long answer; 0 when the peer has gone. */
static int push(Connection *c) {
    while (c->sending > 0) {
        ssize_t sent = send(c->socket, piece, c->sending < PIECE ? c->sending : PIECE, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) break;
        if (sent <= 0) return 0;
        c->sending -= sent;
        if (c->sending == 0) request(c, now());
    }
    struct epoll_event event = {c->sending ? EPOLLIN | EPOLLOUT : EPOLLIN, {.ptr = c}};
    epoll_ctl(poll_, EPOLL_CTL_MOD, c->socket, &event);
    return 1;
}

static int answer(Connection *c) {
    char line[128];
    long bytes = 0;
    int down = sscanf(c->path, "/down/%ld", &bytes) == 1;
    int length = snprintf(line, sizeof line, "HTTP/1.1 %s\r\nContent-Length: %ld\r\n\r\n",
                          down ? "200 OK" : "201 Created", bytes);
    if (send(c->socket, line, length, MSG_NOSIGNAL) != length) return 0;
    c->inBody = 0;
    c->used = 0;
    if (!down) { request(c, now()); return 1; }
    c->sending = bytes;
    return push(c);
}

/* Takes the head of a request once it is whole; 0 when the connection is to end. */
static int head(Connection *c) {
    c->head[c->used] = 0;
    char *end = strstr(c->head, "\r\n\r\n");
    if (!end) return c->used < HEAD - 1;
    c->path[0] = 0;
    sscanf(c->head, "%*s %63s", c->path);
    char *length = strcasestr(c->head, "\r\nContent-Length:");
    c->length = length && length < end ? atol(length + 17) : 0;
    c->got = c->used - (end + 4 - c->head);
    c->last = c->got ? now() : 0;
    c->inBody = 1;
    return c->got >= c->length ? answer(c) : 1;
}

static int receive(Connection *c) {
    while (1) {
        char *into = c->inBody ? piece : c->head + c->used;
        ssize_t got = recv(c->socket, into, c->inBody ? PIECE : HEAD - 1 - c->used, 0);
        if (got < 0 && errno == EAGAIN) return 1;
        if (got <= 0) return 0;
        int64_t at = now();
        if (!c->inBody) {
            if (c->used == 0) c->first = at;
            c->used += got;
            if (!head(c)) return 0;
            continue;
        }
        if (c->last && at - c->last >= gap)
            NOTE("gap %ld %s %ld %ld\n", c->number, c->path, (long)c->last, (long)at);
        c->last = at;
        c->got += got;
        if (c->got >= c->length && !answer(c)) return 0;
        /* More would only block: the next event tells. */
        if (got < PIECE) return 1;
    }
}

static void accept_all(int listener, long *number) {
    while (1) {
        int socket = accept4(listener, 0, 0, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0) return;
        int one = 1, buffer = 16384;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
        Connection *c = calloc(1, sizeof *c);
        c->socket = socket;
        c->number = ++*number;
        c->accepted = now();
        struct epoll_event event = {EPOLLIN, {.ptr = c}};
        epoll_ctl(poll_, EPOLL_CTL_ADD, socket, &event);
    }
}

int main(int count, char **words) {
    if (count < 3) return 64;
    path_ = words[2];
    if (count > 3) gap = atoll(words[3]) * 1000000;
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16384)) return 1;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, 0);
    int ends = signalfd(-1, &signals, SFD_CLOEXEC);
    poll_ = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {EPOLLIN, {.ptr = &listener}};
    epoll_ctl(poll_, EPOLL_CTL_ADD, listener, &event);
    event.data.ptr = &ends;
    epoll_ctl(poll_, EPOLL_CTL_ADD, ends, &event);
    long number = 0;
    while (1) {
        struct epoll_event events[EVENTS];
        int ready = epoll_wait(poll_, events, EVENTS, -1);
        for (int index = 0; index < ready; index++) {
            void *what = events[index].data.ptr;
            if (what == &listener) { accept_all(listener, &number); continue; }
            if (what == &ends) {
                FILE *file = fopen(path_, "w");
                if (file) { fwrite(text, 1, used, file); fclose(file); }
                return 0;
            }
            Connection *c = what;
            int lives = 1;
            if (events[index].events & EPOLLOUT && c->sending) lives = push(c);
            if (lives && events[index].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) lives = receive(c);
            if (!lives) finish(c);
        }
    }
}
