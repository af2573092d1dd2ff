/* A target that is its own witness: it answers each request after a delay that its id decides, and
 * keeps a log of when each request came and when its answer went out.
 *
 * The id is the Idempotency-Key header, 32 hexadecimal digits. With "mixture" its first eight digits
 * choose the delay: of 100, 60 wait 1 ms, 25 wait 10 ms, 10 wait 100 ms, 5 wait 1 s; with a number
 * all wait so many milliseconds. Times are CLOCK_MONOTONIC in nanoseconds, the clock of every other process of
 * this machine: "came" when the first byte was read, "went" right before the answer is written.
 *
 * build: gcc -O2 delay.c -o delay      run: ./delay PORT mixture|MS [LOG]   (127.0.0.1 only)
 * SIGTERM: writes the log, a line "id came went delay_us" for each answer, and exits. Without a
 * log nothing is remembered.
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
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { ID = 32, ROOM = 16384, EVENTS = 256 };
static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";

typedef struct {
    int socket;          /* -1 once closed; freed when nothing waits for it */
    int waiting;         /* answers still to come */
    int used;            /* bytes in `text` */
    int64_t came;        /* when the request's first byte was read; 0 between requests */
    char text[ROOM];
} Connection;

typedef struct {
    int64_t due, came, delay;
    Connection *connection;
    char id[ID + 1];
} Answer;

typedef struct {
    int64_t came, went, delay;
    char id[ID + 1];
} Entry;

static Answer *heap;
static size_t heapUsed, heapRoom;
static Entry *entries;
static size_t entriesUsed, entriesRoom;
static int timer, poll_;
static int64_t fixed = -1; /* everybody's delay, or -1 for the mixture */
static const char *log_path;

static int64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void *grown(void *list, size_t used, size_t *room, size_t size) {
    if (used < *room) return list;
    *room = *room ? *room * 2 : 1024;
    list = realloc(list, *room * size);
    if (!list) exit(3);
    return list;
}

static int64_t delay_of(const char *id) {
    if (fixed >= 0) return fixed;
    char digits[9] = {0};
    memcpy(digits, id, 8);
    unsigned long part = strtoul(digits, NULL, 16) % 100;
    return (part < 60 ? 1 : part < 85 ? 10 : part < 95 ? 100 : 1000) * 1000000LL;
}

static void push(Answer one) {
    heap = grown(heap, heapUsed, &heapRoom, sizeof *heap);
    size_t at = heapUsed++;
    while (at && heap[(at - 1) / 2].due > one.due) {
        heap[at] = heap[(at - 1) / 2];
        at = (at - 1) / 2;
    }
    heap[at] = one;
}

static Answer pop(void) {
    Answer first = heap[0], last = heap[--heapUsed];
    size_t at = 0;
    for (;;) {
        size_t child = 2 * at + 1;
        if (child >= heapUsed) break;
        if (child + 1 < heapUsed && heap[child + 1].due < heap[child].due) child++;
        if (heap[child].due >= last.due) break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = last;
    return first;
}

static void shut(Connection *c) {
    if (c->socket >= 0) close(c->socket);
    c->socket = -1;
    if (c->waiting == 0) free(c);
}

static void give(Answer one) {
    Connection *c = one.connection;
    c->waiting--;
    if (c->socket < 0) {
        shut(c);
        return;
    }
    int64_t went = now();
    if (write(c->socket, answer, sizeof answer - 1) != (ssize_t)sizeof answer - 1) {
        shut(c);
        return;
    }
    if (!log_path) return;
    entries = grown(entries, entriesUsed, &entriesRoom, sizeof *entries);
    Entry *entry = &entries[entriesUsed++];
    entry->came = one.came;
    entry->went = went;
    entry->delay = one.delay;
    memcpy(entry->id, one.id, sizeof entry->id);
}

/* Takes one whole request off the front of the text; 0 when there is none. */
static int take(Connection *c) {
    char *end = memmem(c->text, c->used, "\r\n\r\n", 4);
    if (!end) return 0;
    *end = 0;
    char *length = strcasestr(c->text, "\ncontent-length:");
    char *key = strcasestr(c->text, "\nidempotency-key:");
    long whole = end + 4 - c->text + (length ? atol(length + 16) : 0);
    *end = '\r';
    if (whole > c->used) return 0;
    Answer one = {.came = c->came, .connection = c};
    memset(one.id, '-', ID);
    if (key) {
        key += 17;
        while (*key == ' ') key++;
        for (int i = 0; i < ID && key[i] > ' '; i++) one.id[i] = key[i];
    }
    one.delay = delay_of(one.id);
    one.due = c->came + one.delay;
    memmove(c->text, c->text + whole, c->used - whole);
    c->used -= whole;
    c->came = c->used ? now() : 0;
    c->waiting++;
    if (one.delay) push(one);
    else give(one);
    return 1;
}

static void hear(Connection *c) {
    for (;;) {
        ssize_t count = read(c->socket, c->text + c->used, ROOM - c->used);
        if (count < 0 && errno == EAGAIN) return;
        if (count <= 0) {
            shut(c);
            return;
        }
        if (!c->came) c->came = now();
        c->used += count;
        c->waiting++;                     /* keeps the connection while it is looked at */
        while (c->socket >= 0 && take(c)) {}
        c->waiting--;
        if (c->socket < 0 || c->used == ROOM) {
            shut(c);
            return;
        }
    }
}

static void watch(int descriptor, void *what) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};
    epoll_ctl(poll_, EPOLL_CTL_ADD, descriptor, &event);
}

static void write_log(void) {
    if (!log_path) return;
    FILE *log = fopen(log_path, "w");
    if (!log) exit(3);
    for (size_t i = 0; i < entriesUsed; i++)
        fprintf(log, "%s %lld %lld %lld\n", entries[i].id, (long long)entries[i].came,
                (long long)entries[i].went, (long long)entries[i].delay / 1000);
    fclose(log);
}

int main(int count, char **words) {
    if (count < 3 || count > 4) return 2;
    if (strcmp(words[2], "mixture")) fixed = atoll(words[2]) * 1000000;
    log_path = words[3];
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(words[1])),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(listener, (void *)&address, sizeof address) || listen(listener, 65535)) return 1;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    int ending = signalfd(-1, &set, 0);
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
    poll_ = epoll_create1(0);
    watch(listener, &listener);
    watch(timer, &timer);
    watch(ending, &ending);
    struct epoll_event events[EVENTS];
    int64_t armed = 0;
    for (;;) {
        int ready = epoll_wait(poll_, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            void *what = events[i].data.ptr;
            if (what == &ending) {
                write_log();
                return 0;
            }
            if (what == &timer) {
                uint64_t expirations;
                if (read(timer, &expirations, 8) == 8) armed = 0;
            } else if (what == &listener) {
                int socket;
                while ((socket = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
                    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    Connection *c = calloc(1, sizeof *c);
                    if (!c) exit(3);
                    c->socket = socket;
                    watch(socket, c);
                }
            } else {
                hear(what);
            }
        }
        while (heapUsed && heap[0].due <= now()) give(pop());
        if (heapUsed && (!armed || heap[0].due < armed)) {
            armed = heap[0].due;
            struct itimerspec at = {.it_value = {armed / 1000000000, armed % 1000000000}};
            timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL);
        }
    }
}
