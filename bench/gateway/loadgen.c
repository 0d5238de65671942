/* loadgen: closed-loop HTTP/1.1 load generator with SSE awareness.
 * Keeps CONNS keep-alive connections busy, checks every reply (status 200, the
 * marker text, for streams the number of "data:" events), and prints one JSON line.
 *
 * usage: loadgen PORT PATH CONNS SECONDS MAXREQ MARKER BODYFILE [HEADER...]
 *   SECONDS and MAXREQ both bound the run; targets 127.0.0.1 only.
 *   BODYFILE holds one body a line; requests go through them in turn.
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

enum { MAXC = 1024, KEEP = 1 << 22, TAILSZ = 64 };
enum { HEAD, BODY_LEN, CHUNK_SIZE, CHUNK_DATA, CHUNK_CRLF, TRAILER, TO_CLOSE };

typedef struct {
    int fd, phase, status, first_seen, marker_seen, closing, line_len;
    char head[16384], tail[TAILSZ + 1], line[64];
    size_t head_len, tail_len, sent;
    int which;
    int64_t left, t0, t_first;
    uint64_t events;
} Conn;

static Conn cs[MAXC];
enum { MAXBODIES = 4096 };
static char *reqs[MAXBODIES], *marker, first_bad[256];
static size_t req_lens[MAXBODIES], marker_len;
static int n_bodies;
static int port, epfd, stopping;
static uint32_t *lat, *ttfb;
static size_t n_ok, n_err, started, max_req;
static uint64_t n_events, n_bytes;

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void push(Conn *c) {
    while (c->sent < req_lens[c->which]) {
        ssize_t w = send(c->fd, reqs[c->which] + c->sent, req_lens[c->which] - c->sent, MSG_NOSIGNAL);
        if (w <= 0) return;
        c->sent += (size_t)w;
    }
}

static void begin(Conn *c) {
    c->phase = HEAD;
    c->status = c->first_seen = c->marker_seen = c->closing = c->line_len = 0;
    c->head_len = c->tail_len = c->sent = 0;
    c->events = 0;
    c->t0 = now_ns();
    c->which = (int)(started % (size_t)n_bodies);
    started++;
    push(c);
    struct epoll_event ev = {.events = EPOLLIN | (c->sent < req_lens[c->which] ? EPOLLOUT : 0u), .data.ptr = c};
    epoll_ctl(epfd, EPOLL_CTL_MOD, c->fd, &ev);
}

static void dial(Conn *c) {
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(c->fd, (void *)&a, sizeof a)) { perror("connect"); exit(2); }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(epfd, EPOLL_CTL_ADD, c->fd, &ev);
    begin(c);
}

static void finish(Conn *c, int ok) {
    int64_t t = now_ns();
    if (ok && c->status == 200 && c->marker_seen) {
        if (n_ok < KEEP) {
            lat[n_ok] = (uint32_t)((t - c->t0) / 1000);
            ttfb[n_ok] = (uint32_t)((c->t_first - c->t0) / 1000);
        }
        n_ok++;
    } else {
        if (!n_err) snprintf(first_bad, sizeof first_bad, "status %d, tail %.*s", c->status,
                             (int)c->tail_len, c->tail);
        n_err++;
    }
    n_events += c->events;
    int again = !stopping && started < max_req;
    if (c->closing || !ok) {
        close(c->fd);
        c->fd = -1;
        if (again) dial(c);
    } else if (again) begin(c);
    else { close(c->fd); c->fd = -1; }
}

/* Body text seen across reads: look for the marker and count SSE events. */
static void body(Conn *c, const char *p, size_t n) {
    if (!n) return;
    if (!c->first_seen) { c->first_seen = 1; c->t_first = now_ns(); }
    n_bytes += n;
    static char buf[TAILSZ + 262144];
    size_t keep = c->tail_len;
    memcpy(buf, c->tail, keep);
    memcpy(buf + keep, p, n);
    size_t total = keep + n;
    if (!c->marker_seen && memmem(buf, total, marker, marker_len)) c->marker_seen = 1;
    for (char *s = buf, *e = buf + total; (s = memmem(s, (size_t)(e - s), "data:", 5)); s += 5)
        if ((size_t)(s - buf) + 5 > keep) c->events++;
    c->tail_len = total < 24 ? total : 24;
    memcpy(c->tail, buf + total - c->tail_len, c->tail_len);
}

static void feed(Conn *c, const char *p, size_t n) {
    while (n || c->phase == BODY_LEN) {
        size_t k;
        switch (c->phase) {
        case HEAD: {
            size_t room = sizeof c->head - 1 - c->head_len, take = n < room ? n : room;
            memcpy(c->head + c->head_len, p, take);
            size_t was = c->head_len;
            c->head_len += take;
            c->head[c->head_len] = 0;
            char *end = memmem(c->head, c->head_len, "\r\n\r\n", 4);
            if (!end) { if (take < n) { finish(c, 0); } return; }
            size_t used = (size_t)(end - c->head) + 4 - was;
            *end = 0;
            p += used; n -= used;
            c->status = atoi(c->head + 9);
            char *cl = strcasestr(c->head, "\r\ncontent-length:");
            c->closing = strcasestr(c->head, "\r\nconnection: close") != NULL;
            if (c->status == 100) { c->head_len = 0; continue; }
            if (strcasestr(c->head, "\r\ntransfer-encoding:")) c->phase = CHUNK_SIZE;
            else if (cl) { c->left = atoll(cl + 17); c->phase = BODY_LEN; }
            else { c->phase = TO_CLOSE; c->closing = 1; }
            break;
        }
        case BODY_LEN:
            k = (int64_t)n < c->left ? n : (size_t)c->left;
            body(c, p, k);
            c->left -= (int64_t)k; p += k; n -= k;
            if (c->left == 0) { finish(c, 1); return; }
            if (!n) return;
            break;
        case CHUNK_SIZE: case TRAILER: case CHUNK_CRLF:
            while (n) {
                char ch = *p++; n--;
                if (ch == '\n') {
                    c->line[c->line_len] = 0;
                    int len = c->line_len;
                    c->line_len = 0;
                    if (c->phase == CHUNK_CRLF) { c->phase = CHUNK_SIZE; break; }
                    if (c->phase == TRAILER) { if (len == 0) { finish(c, 1); return; } continue; }
                    c->left = strtoll(c->line, NULL, 16);
                    c->phase = c->left ? CHUNK_DATA : TRAILER;
                    break;
                }
                if (ch != '\r' && c->line_len < (int)sizeof c->line - 1) c->line[c->line_len++] = ch;
            }
            break;
        case CHUNK_DATA:
            k = (int64_t)n < c->left ? n : (size_t)c->left;
            body(c, p, k);
            c->left -= (int64_t)k; p += k; n -= k;
            if (c->left == 0) c->phase = CHUNK_CRLF;
            break;
        case TO_CLOSE:
            body(c, p, n);
            return;
        }
    }
}

static int cmp(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void show(const char *name, uint32_t *v, size_t n) {
    double sum = 0;
    qsort(v, n, sizeof *v, cmp);
    for (size_t i = 0; i < n; i++) sum += v[i];
#define Q(q) (n ? v[(size_t)((double)(n - 1) * q)] : 0)
    printf(",\"%s\":{\"mean\":%.1f,\"p50\":%u,\"p90\":%u,\"p99\":%u,\"p999\":%u,\"max\":%u}",
           name, n ? sum / (double)n : 0.0, Q(.5), Q(.9), Q(.99), Q(.999), n ? v[n - 1] : 0);
}

int main(int argc, char **argv) {
    if (argc < 8) { fprintf(stderr, "see the comment on top\n"); return 2; }
    signal(SIGPIPE, SIG_IGN);
    port = atoi(argv[1]);
    int nc = atoi(argv[3]);
    if (nc > MAXC) nc = MAXC;
    double secs = atof(argv[4]);
    max_req = strtoul(argv[5], NULL, 10);
    marker = argv[6];
    marker_len = strlen(marker);
    FILE *f = fopen(argv[7], "rb");
    if (!f) { perror(argv[7]); return 2; }
    fseek(f, 0, SEEK_END);
    size_t blen = (size_t)ftell(f);
    rewind(f);
    char *payload = malloc(blen + 1);
    if (fread(payload, 1, blen, f) != blen) return 2;
    fclose(f);
    payload[blen] = 0;
    for (char *line = strtok(payload, "\n"); line && n_bodies < MAXBODIES; line = strtok(NULL, "\n")) {
        size_t len = strlen(line);
        char *req = reqs[n_bodies] = malloc(len + 16384);
        int h = sprintf(req, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n"
                        "Accept: */*\r\nContent-Length: %zu\r\n", argv[2], port, len);
        for (int i = 8; i < argc; i++) h += sprintf(req + h, "%s\r\n", argv[i]);
        h += sprintf(req + h, "\r\n");
        memcpy(req + h, line, len);
        req_lens[n_bodies++] = (size_t)h + len;
    }
    if (!n_bodies) { fprintf(stderr, "no body in %s\n", argv[7]); return 2; }
    lat = malloc(KEEP * sizeof *lat);
    ttfb = malloc(KEEP * sizeof *ttfb);
    epfd = epoll_create1(0);
    int64_t begin_ns = now_ns(), stop_ns = begin_ns + (int64_t)(secs * 1e9);
    if ((size_t)nc > max_req) nc = (int)max_req;
    for (int i = 0; i < nc; i++) dial(&cs[i]);
    static char rb[262144];
    struct epoll_event evs[256];
    int64_t last = begin_ns;
    for (;;) {
        int live = 0;
        for (int i = 0; i < nc; i++) live += cs[i].fd >= 0;
        if (!live) break;
        int n = epoll_wait(epfd, evs, 256, 100);
        int64_t now = now_ns();
        if (now > stop_ns) stopping = 1;
        if (now > stop_ns + 15000000000LL) { n_err += (size_t)live; break; }
        for (int i = 0; i < n; i++) {
            Conn *c = evs[i].data.ptr;
            if (c->fd < 0) continue;
            if (evs[i].events & EPOLLOUT && c->sent < req_lens[c->which]) {
                push(c);
                if (c->sent == req_lens[c->which]) {
                    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
                    epoll_ctl(epfd, EPOLL_CTL_MOD, c->fd, &ev);
                }
            }
            if (!(evs[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) continue;
            ssize_t r = recv(c->fd, rb, sizeof rb, 0);
            if (r > 0) feed(c, rb, (size_t)r);
            else if (r == 0 || errno != EAGAIN) { c->closing = 1; finish(c, c->phase == TO_CLOSE); }
        }
        last = now;
    }
    double dur = (double)(last - begin_ns) / 1e9;
    printf("{\"ok\":%zu,\"errors\":%zu,\"seconds\":%.3f,\"rps\":%.1f,\"events\":%llu,\"bytes\":%llu",
           n_ok, n_err, dur, (double)n_ok / dur, (unsigned long long)n_events, (unsigned long long)n_bytes);
    size_t n = n_ok < KEEP ? n_ok : KEEP;
    show("lat_us", lat, n);
    show("ttfb_us", ttfb, n);
    for (char *p = first_bad; *p; p++) if (*p == '"' || *p == '\\' || *p < ' ') *p = '\'';
    printf(",\"first_error\":\"%s\"}\n", first_bad);
    return 0;
}
