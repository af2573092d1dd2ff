// libcurl, and one inline wrapper per variadic argument type: Swift cannot call C variadics.
#pragma once
#include <curl/curl.h>
