/* mock_upstream: a single-threaded epoll HTTP/1.1 server that plays an
 * OpenAI-compatible provider. It must never be the bottleneck, so it does no
 * JSON parsing: the model name found in the body picks the behaviour.
 *
 *   mock-fast   answer at once; a stream goes out in one write (64 events)
 *   mock-slow   answer after SLOW_MS (stream: same delay, then one write)
 *   mock-paced  stream only: one event (one write) every PACE_MS
 *
 * usage: mock_upstream PORT            (binds 127.0.0.1 only)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { EVENTS = 64, PACE_MS = 5, SLOW_MS = 100, MAXFD = 8192 };
enum { IDLE, DELAYED, PACED };

typedef struct {
    char *in;
    size_t in_len, in_cap;
    char *out;
    size_t out_len, out_off, out_cap;
    int state, next_event, stream, live;
    int64_t due_ns;
} Conn;

static Conn conns[MAXFD];
static int epfd;
static int waiting[MAXFD], n_waiting; /* fds whose state is not IDLE */

static char *full_reply, *stream_all;
static size_t full_len, stream_all_len;
static char *event_buf[EVENTS + 3];
static size_t event_len[EVENTS + 3];
static int n_events;
static const char STREAM_HEAD[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
    "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";
static const char TAIL[] = "0\r\n\r\n";

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void add_event(const char *json) {
    char body[1024];
    int n = snprintf(body, sizeof body, "data: %s\n\n", json);
    char *frame = NULL;
    int m = asprintf(&frame, "%x\r\n%s\r\n", n, body);
    event_buf[n_events] = frame;
    event_len[n_events++] = (size_t)m;
}

static void build_replies(void) {
    const char *text =
        "Hybrid placement keeps the personal tier first: the device answers what it can, "
        "the private cloud takes what needs more context, and the public tier sees only "
        "masked text. [HKID_1] [PHONE_1] [EMAIL_1] MOCK-OK";
    char body[2048];
    int n = snprintf(body, sizeof body,
        "{\"id\":\"chatcmpl-mock0001\",\"object\":\"chat.completion\",\"created\":1700000000,"
        "\"model\":\"mock\",\"system_fingerprint\":\"fp_mock\",\"choices\":[{\"index\":0,"
        "\"message\":{\"role\":\"assistant\",\"content\":\"%s\",\"refusal\":null},"
        "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":180,"
        "\"completion_tokens\":64,\"total_tokens\":244}}", text);
    full_len = (size_t)asprintf(&full_reply,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        "x-request-id: req_mock\r\nContent-Length: %d\r\n\r\n%s", n, body);

    const char *head = "{\"id\":\"chatcmpl-mock0001\",\"object\":\"chat.completion.chunk\","
        "\"created\":1700000000,\"model\":\"mock\",\"system_fingerprint\":\"fp_mock\",\"choices\":";
    char buf[1024];
    for (int i = 0; i < EVENTS; i++) {
        /* stand-ins split over two events, as real models send them */
        const char *piece = i == 10 ? "[HKID" : i == 11 ? "_1] " : i == 30 ? "[PHONE_" : i == 31 ? "1] " : "token ";
        snprintf(buf, sizeof buf, "%s[{\"index\":0,\"delta\":{%s\"content\":\"%s\"},"
            "\"logprobs\":null,\"finish_reason\":%s}]}", head,
            i == 0 ? "\"role\":\"assistant\"," : "", piece, i == EVENTS - 1 ? "\"stop\"" : "null");
        add_event(buf);
    }
    snprintf(buf, sizeof buf, "%s[],\"usage\":{\"prompt_tokens\":180,"
        "\"completion_tokens\":64,\"total_tokens\":244}}", head);
    add_event(buf);
    add_event("[DONE]");
    size_t total = sizeof STREAM_HEAD - 1 + sizeof TAIL - 1;
    for (int i = 0; i < n_events; i++) total += event_len[i];
    char *p = stream_all = malloc(total);
    p = mempcpy(p, STREAM_HEAD, sizeof STREAM_HEAD - 1);
    for (int i = 0; i < n_events; i++) p = mempcpy(p, event_buf[i], event_len[i]);
    p = mempcpy(p, TAIL, sizeof TAIL - 1);
    stream_all_len = (size_t)(p - stream_all);
}

static void drop(int fd) {
    epoll_ctl(epfd, EPOLL_CTL_DEL, fd, NULL);
    close(fd);
    Conn *c = &conns[fd];
    c->live = 0;
    c->state = IDLE;
    c->in_len = c->out_len = c->out_off = 0;
}

static void want_out(int fd, int yes) {
    struct epoll_event ev = {.events = EPOLLIN | (yes ? EPOLLOUT : 0u), .data.fd = fd};
    epoll_ctl(epfd, EPOLL_CTL_MOD, fd, &ev);
}

static int flush_out(int fd) {
    Conn *c = &conns[fd];
    while (c->out_off < c->out_len) {
        ssize_t w = send(fd, c->out + c->out_off, c->out_len - c->out_off, MSG_NOSIGNAL);
        if (w < 0) {
            if (errno == EAGAIN) { want_out(fd, 1); return 1; }
            drop(fd);
            return 0;
        }
        c->out_off += (size_t)w;
    }
    c->out_off = c->out_len = 0;
    return 1;
}

static int send_bytes(int fd, const char *data, size_t n) {
    Conn *c = &conns[fd];
    if (c->out_len == 0) {
        ssize_t w = send(fd, data, n, MSG_NOSIGNAL);
        if (w < 0 && errno != EAGAIN) { drop(fd); return 0; }
        if (w == (ssize_t)n) return 1;
        if (w > 0) { data += w; n -= (size_t)w; }
    }
    if (c->out_len + n > c->out_cap) {
        c->out_cap = (c->out_len + n) * 2;
        c->out = realloc(c->out, c->out_cap);
    }
    memcpy(c->out + c->out_len, data, n);
    c->out_len += n;
    want_out(fd, 1);
    return 1;
}

static void park(int fd, int state, int64_t due) {
    Conn *c = &conns[fd];
    c->state = state;
    c->due_ns = due;
    waiting[n_waiting++] = fd;
}

static void answer(int fd, const char *body, size_t n, const char *path) {
    Conn *c = &conns[fd];
    if (strncmp(path, "/v1/models", 10) == 0 || strncmp(path, "/health", 7) == 0) {
        static const char ok[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
            "Content-Length: 80\r\n\r\n{\"object\":\"list\",\"data\":[{\"id\":\"mock-fast\","
            "\"object\":\"model\",\"owned_by\":\"mock\"}]}   ";
        send_bytes(fd, ok, sizeof ok - 1);
        return;
    }
    int stream = memmem(body, n, "\"stream\":true", 13) || memmem(body, n, "\"stream\": true", 14);
    int slow = memmem(body, n, "mock-slow", 9) != NULL;
    int paced = memmem(body, n, "mock-paced", 10) != NULL;
    c->stream = stream;
    if (slow) { park(fd, DELAYED, now_ns() + SLOW_MS * 1000000LL); return; }
    if (stream && paced) {
        if (!send_bytes(fd, STREAM_HEAD, sizeof STREAM_HEAD - 1)) return;
        if (!send_bytes(fd, event_buf[0], event_len[0])) return;
        c->next_event = 1;
        park(fd, PACED, now_ns() + PACE_MS * 1000000LL);
        return;
    }
    if (stream) send_bytes(fd, stream_all, stream_all_len);
    else send_bytes(fd, full_reply, full_len);
}

/* Returns 1 when one complete request was consumed. */
static int try_request(int fd) {
    Conn *c = &conns[fd];
    if (c->state != IDLE) return 0;
    char *end = memmem(c->in, c->in_len, "\r\n\r\n", 4);
    if (!end) return 0;
    size_t head = (size_t)(end - c->in) + 4, body_len = 0, used;
    char saved = *end;
    *end = 0;
    char *cl = strcasestr(c->in, "\r\ncontent-length:");
    char *te = strcasestr(c->in, "\r\ntransfer-encoding:");
    char *ex = strcasestr(c->in, "\r\nexpect: 100");
    char path[64] = "";
    sscanf(c->in, "%*s %63s", path);
    if (cl) body_len = strtoul(cl + 17, NULL, 10);
    *end = saved;
    if (te && !cl) {
        char *z = memmem(c->in + head, c->in_len - head, "0\r\n\r\n", 5);
        if (!z) return 0;
        body_len = (size_t)(z - (c->in + head)) + 5;
    }
    used = head + body_len;
    if (c->in_len < used) {
        if (ex && c->in_len == head) send_bytes(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25);
        return 0;
    }
    answer(fd, c->in + head, body_len, path);
    if (!c->live) return 0;
    memmove(c->in, c->in + used, c->in_len - used);
    c->in_len -= used;
    return 1;
}

static void on_readable(int fd) {
    Conn *c = &conns[fd];
    for (;;) {
        if (c->in_cap - c->in_len < 16384) {
            c->in_cap = c->in_cap ? c->in_cap * 2 : 65536;
            c->in = realloc(c->in, c->in_cap);
        }
        ssize_t r = recv(fd, c->in + c->in_len, c->in_cap - c->in_len, 0);
        if (r == 0) { drop(fd); return; }
        if (r < 0) { if (errno != EAGAIN) drop(fd); break; }
        c->in_len += (size_t)r;
        if ((size_t)r < 16384) break;
    }
    while (c->live && try_request(fd)) {}
}

static void run_timers(void) {
    int64_t now = now_ns();
    int n = n_waiting;
    n_waiting = 0;
    static int todo[MAXFD];
    memcpy(todo, waiting, sizeof(int) * (size_t)n);
    for (int i = 0; i < n; i++) {
        int fd = todo[i];
        Conn *c = &conns[fd];
        if (!c->live || c->state == IDLE) continue;
        if (c->due_ns > now) { waiting[n_waiting++] = fd; continue; }
        if (c->state == DELAYED) {
            c->state = IDLE;
            if (c->stream) send_bytes(fd, stream_all, stream_all_len);
            else send_bytes(fd, full_reply, full_len);
        } else {
            int k = c->next_event++;
            if (!send_bytes(fd, event_buf[k], event_len[k])) continue;
            if (c->next_event == n_events) {
                send_bytes(fd, TAIL, sizeof TAIL - 1);
                c->state = IDLE;
            } else {
                c->due_ns += PACE_MS * 1000000LL;
                waiting[n_waiting++] = fd;
            }
        }
        while (c->live && try_request(fd)) {}
    }
}

int main(int argc, char **argv) {
    int port = argc > 1 ? atoi(argv[1]) : 9100, one = 1;
    signal(SIGPIPE, SIG_IGN);
    build_replies();
    int ls = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(ls, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(ls, (void *)&a, sizeof a) || listen(ls, 1024)) { perror("bind"); return 1; }
    epfd = epoll_create1(0);
    struct epoll_event ev = {.events = EPOLLIN, .data.fd = ls}, evs[256];
    epoll_ctl(epfd, EPOLL_CTL_ADD, ls, &ev);
    for (;;) {
        int n = epoll_wait(epfd, evs, 256, n_waiting ? 1 : -1);
        for (int i = 0; i < n; i++) {
            int fd = evs[i].data.fd;
            if (fd == ls) {
                int s;
                while ((s = accept4(ls, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    if (s >= MAXFD) { close(s); continue; }
                    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    conns[s].live = 1;
                    struct epoll_event e = {.events = EPOLLIN, .data.fd = s};
                    epoll_ctl(epfd, EPOLL_CTL_ADD, s, &e);
                }
                continue;
            }
            if (!conns[fd].live) continue;
            if (evs[i].events & EPOLLOUT) {
                if (!flush_out(fd)) continue;
                if (conns[fd].out_len == 0) want_out(fd, 0);
            }
            if (evs[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) on_readable(fd);
        }
        if (n_waiting) run_timers();
    }
}
