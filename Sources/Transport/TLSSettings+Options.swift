import CCurl
import Primitives

extension TLSSettings {
    /// Sets what a new handle needs; it never changes on the handle afterwards.
    func set(on easy: UnsafeMutableRawPointer) {
        if let file = self.caFile { spate_easy_set_string(easy, CURLOPT_CAINFO, file) }
        // A directory would be trusted beside the file, and keeps libcurl from caching the file:
        // 180 ms of reading certificates for each new connection.
        if self.caFile != nil || TransportSetup.hasCertificateBundle {
            spate_easy_set_string(easy, CURLOPT_CAPATH, nil)
        }
        spate_easy_set_long(easy, CURLOPT_SSL_VERIFYPEER, self.insecure ? 0 : 1)
        spate_easy_set_long(easy, CURLOPT_SSL_VERIFYHOST, self.insecure ? 0 : 2)
        if self.minVersion != nil || self.maxVersion != nil {
            spate_easy_set_long(easy, CURLOPT_SSLVERSION, self.versionRange)
        }
        if !self.resume { spate_easy_set_long(easy, CURLOPT_SSL_SESSIONID_CACHE, 0) }
        guard let certificate = self.certificate else { return }
        spate_easy_set_string(easy, CURLOPT_SSLCERT, certificate)
        spate_easy_set_string(easy, CURLOPT_SSLKEY, self.key ?? certificate)
        if let password = self.keyPassword {
            spate_easy_set_string(easy, CURLOPT_KEYPASSWD, password)
        }
    }

    /// The oldest version in the lower half, the newest in the upper.
    private var versionRange: Int {
        let oldest: Int =
            switch self.minVersion {
            case nil: Int(CURL_SSLVERSION_DEFAULT)
            case .tls12?: Int(CURL_SSLVERSION_TLSv1_2)
            case .tls13?: Int(CURL_SSLVERSION_TLSv1_3)
            }
        let newest: Int =
            switch self.maxVersion {
            case nil: Int(CURL_SSLVERSION_MAX_DEFAULT)
            case .tls12?: Int(CURL_SSLVERSION_MAX_TLSv1_2)
            case .tls13?: Int(CURL_SSLVERSION_MAX_TLSv1_3)
            }
        return oldest | newest
    }
}
