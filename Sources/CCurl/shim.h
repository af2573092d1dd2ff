// libcurl, and one inline wrapper per variadic argument type: Swift cannot call C variadics.
#pragma once
#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

static inline CURLcode spate_easy_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode spate_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
// Strings (copied by libcurl) are `char *`, everything else a plain pointer (kept by libcurl).
static inline CURLcode spate_easy_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode spate_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode spate_easy_set_list(
    CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
// One signature serves CURLOPT_WRITEFUNCTION, CURLOPT_HEADERFUNCTION and CURLOPT_READFUNCTION.
typedef size_t (*spate_bytes_callback)(char *bytes, size_t size, size_t count, void *data);
static inline CURLcode spate_easy_set_bytes(
    CURL *easy, CURLoption option, spate_bytes_callback value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode spate_easy_set_seek(CURL *easy, curl_seek_callback value) {
    return curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, value);
}
static inline CURLcode spate_easy_set_open_socket(CURL *easy, curl_opensocket_callback value) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, value);
}
static inline CURLcode spate_easy_set_close_socket(CURL *easy, curl_closesocket_callback value) {
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, value);
}
// Lets go of a thread that looks a name up instead of waiting for it; since 7.87.
static inline CURLcode spate_easy_set_quick_exit(CURL *easy) {
#if LIBCURL_VERSION_NUM >= 0x075700
    return curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#else
    (void)easy;
    return CURLE_OK;
#endif
}
// Ends a handshake before its first byte, when certificate and key have been loaded.
static inline CURLcode spate_stop_handshake(CURL *easy, void *context, void *data) {
    (void)easy, (void)context, (void)data;
    return CURLE_ABORTED_BY_CALLBACK;
}
static inline CURLcode spate_easy_stop_handshakes(CURL *easy) {
    return curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, spate_stop_handshake);
}
static inline CURLcode spate_easy_set_before_request(CURL *easy, curl_prereq_callback value) {
    return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, value);
}

static inline CURLcode spate_easy_get_long(CURL *easy, CURLINFO info, long *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline CURLcode spate_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}
static inline curl_socket_t spate_easy_get_socket(CURL *easy) {
    curl_socket_t value = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &value);
    return value;
}
static inline void *spate_easy_get_private(CURL *easy) {
    char *value = 0;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value);
    return value;
}

static inline CURLMcode spate_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode spate_multi_set_pointer(CURLM *multi, CURLMoption option, void *value) {
    return curl_multi_setopt(multi, option, value);
}
static inline CURLMcode spate_multi_set_socket(CURLM *multi, curl_socket_callback value) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, value);
}
static inline CURLMcode spate_multi_set_timer(CURLM *multi, curl_multi_timer_callback value) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, value);
}

static inline CURLSHcode spate_share_set(CURLSH *share, curl_lock_data what) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, (int)what);
}

// One heap for all threads, which keeps up to 16 MB of free memory and fetches 1 MB at a time.
static inline void spate_keep_memory(void) {
#ifdef __GLIBC__
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TRIM_THRESHOLD, 16 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
    // Setting any of these ends the library's own choice of when to map instead: 128 KB.
    mallopt(M_MMAP_THRESHOLD, 4 << 20);
#endif
}

// CURL_GLOBAL_DEFAULT is an expression macro with a cast in some versions; a function always imports.
static inline CURLcode spate_global_init(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
