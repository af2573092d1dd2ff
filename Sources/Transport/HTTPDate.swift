import CCurl

/// The seconds since 1970-01-01T00:00:00Z that a `Date` header names; nil for any other text.
///
/// Read by libcurl, which knows the three forms of RFC 9110, section 5.6.7.
package func httpDate(_ text: String) -> Int64? {
    let seconds = curl_getdate(text, nil)
    return seconds >= 0 ? Int64(seconds) : nil
}
